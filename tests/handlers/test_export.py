"""The account plan goes to whoever asked for it, and to nobody else."""

from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import event, insert, select

from playground import Fault
from storage.tables import accounts, tasks
from tests.stage import Counter, Stage

XLSX = "Acme Corp · account plan · 2026-11-23.xlsx"


def plan_of(stage: Stage, person: str):
    stage.slack.wait(lambda: stage.slack.files(person))
    (file,) = stage.slack.files(person)
    return file


def test_the_button_in_a_channel_brings_the_plan_to_the_direct_messages(stage: Stage) -> None:
    card = stage.answer("ben@example.com", "/health", "acme", channel="C0SUCCESS")
    said = stage.after("ben@example.com", lambda h: h.click(card, text="Account plan"), channel="C0SUCCESS")
    assert said.ephemeral_to == "U0BEN"
    assert said.text == "The account plan of Acme Corp is on its way to your direct messages."
    file = plan_of(stage, "U0BEN")
    assert file.channels == (stage.slack.direct("U0BEN"),)
    assert file.name == XLSX
    for other in ("U0ANA", "U0SOFIA", "U0TOM", "U0GUEST"):
        assert not stage.slack.files(other)
    book = load_workbook(BytesIO(file.content))
    assert len(book.sheetnames) >= 3
    shown = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None}
    assert any("Acme Corp" in text for text in shown)


def test_the_customers_copy_is_another_book(counter: Counter) -> None:
    ours, theirs = counter.asked("export plan acme"), counter.asked("export plan acme customer-safe")
    assert ours.files[0].name == XLSX
    assert "customer copy" in theirs.files[0].name
    inside, outside = (load_workbook(BytesIO(reply.files[0].build())) for reply in (ours, theirs))
    assert set(outside.sheetnames) < set(inside.sheetnames)


def test_in_spanish_the_book_is_spanish(counter: Counter) -> None:
    reply = counter.asked("export plan acme", lang="es")
    assert reply.files[0].name == "Acme Corp · plan de cuenta · 2026-11-23.xlsx"
    english = load_workbook(BytesIO(counter.asked("export plan acme").files[0].build())).sheetnames
    assert load_workbook(BytesIO(reply.files[0].build())).sheetnames != english


def test_the_plan_names_the_stage_as_the_account_does(counter: Counter) -> None:
    page = load_workbook(BytesIO(counter.asked("export plan initech").files[0].build())).worksheets[0]
    rows = [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]
    assert next(row[row.index("Stage") + 1] for row in rows if "Stage" in row) == "Expand"


def test_people_are_named_where_no_playbook_runs_too(counter: Counter) -> None:
    book = load_workbook(BytesIO(counter.asked("export plan farmacias luz").files[0].build()))
    lists, touches = ({cell for row in book[name].iter_rows(values_only=True) for cell in row} for name in
                      ("Lists", "Touches"))  # fmt: skip
    assert {"Ana Ruiz", "Marta Gil"} <= lists
    assert "Marta Gil" in touches
    assert not [said for said in touches if "@example.com" in str(said)]


def test_a_plan_with_more_messages_asks_no_more(prompter: Counter) -> None:
    asked: list[str] = []
    event.listen(prompter.desk.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    few = _letters(prompter, asked)
    here = select(accounts.c.number).where(accounts.c.account_id == "globex").scalar_subquery()
    sent = select(tasks).where(tasks.c.account == here, tasks.c.activity == "F3", tasks.c.status == "open").limit(1)
    with prompter.desk.database.changing() as tx:
        row = tx.execute(sent).mappings().one()
        tx.execute(insert(tasks), [{**row, "task_id": f"more-{n}", "turn": 20 + n} for n in range(8)])
    many = _letters(prompter, asked)
    assert many[0] == few[0] + 8
    assert many[1] == few[1]


def _letters(prompter: Counter, asked: list[str]) -> tuple[int, int]:
    """Rows of the sheet of communications, and how many queries the plan took."""
    asked.clear()
    content = prompter.asked("export plan globex").files[0].build()
    sheet = load_workbook(BytesIO(content))["Communications"]
    return sum(bool(row[1].value) for row in sheet.iter_rows()), len(asked)


def test_what_cannot_be_exported_is_said(counter: Counter) -> None:
    for typed in ("export", "export everything", "export plan zzzzqqq"):
        reply = counter.asked(typed)
        assert not reply.answered
        assert not reply.files


def test_an_upload_that_fails_is_said_with_a_number(stage: Stage, caplog) -> None:
    stage.failing.add("files.getUploadURLExternal")
    stage.slack.fail_next("files.getUploadURLExternal", Fault(error="team_access_not_granted"))
    stage.answer("ben@example.com", "/export", "plan acme", channel="C0SUCCESS")
    stage.slack.wait(lambda: "Something went wrong" in stage.slack.last(seen_by="U0BEN").text)
    number = stage.slack.last(seen_by="U0BEN").text.rsplit(" ", 1)[-1]
    assert f"upload failed {number}" in caplog.text
    assert "team_access_not_granted" in caplog.text


def test_the_history_is_a_picture_and_words(stage: Stage) -> None:
    card = stage.answer("ben@example.com", "/health", "acme")
    said = stage.after("ben@example.com", lambda h: h.click(card, text="History"))
    assert "the last 12 months" in said.plain
    assert plan_of(stage, "U0BEN").content.startswith(b"\x89PNG")
