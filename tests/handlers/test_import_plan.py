"""An account plan goes out, is edited in a spreadsheet, and comes back."""

from datetime import date
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from domain.accounts import Person
from handlers.ask import Ask, Refused
from handlers.workbooks import import_plan
from storage import changes
from tests.handlers.plan_sheets import ANA, SOFIA, Sheet, asked, exported, found_in, open_task, tasks_of
from tests.stage import Counter, read
from words import Words

VIEWER = "vera@example.com"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_plan_that_nobody_edited_changes_nothing(prompter: Counter, lang: str) -> None:
    found = found_in(prompter, exported(prompter, lang=lang), lang=lang)
    assert not any(found[name] for name in ("changed", "added", "conflicts", "refused", "unknown_rows"))
    assert found["rows_not_in_the_file"] == 0
    assert found["unchanged"] > 20
    several = found_in(prompter, exported(prompter, "grupo-mirador", lang=lang), lang=lang)
    assert not several["refused"], "of several contracts that end together the first bears the call"
    reply = import_plan.offer(asked(prompter), exported(prompter, lang=lang))
    assert reply.text == "The plan of Acme Corp changes nothing."
    assert not reply.pending


def test_edits_of_every_kind_are_told_confirmed_applied_and_taken_back(prompter: Counter) -> None:
    content = exported(prompter)
    tasks = Sheet(content, "Tasks")
    task = open_task(prompter)
    tasks.cell(task, "Note").value = "with her own data"
    tasks.cell(task, "Hours").value = "1,5"
    tasks.cell(task, "Owner").value = "Sofía Castro" if "Sofía Castro" in str(tasks.book["Lists"]) else SOFIA
    tasks.new(Day="31 dic 2026", Task="Write the year's summary", Hours=2)
    goals = Sheet(tasks.saved(), "Goals")
    goal = goals.ids[0]
    goals.cell(goal, "Due on").value = "15/01/2027"
    people = Sheet(goals.saved(), "Contacts")
    person = people.ids[0]
    people.cell(person, "Role").value = "patrocinador"
    people.cell(person, "Department").value = "Finance and control"
    ask = asked(prompter)
    reply = import_plan.offer(ask, people.saved())
    assert reply.pending, reply.text
    said = "\n".join(read(reply))
    assert "with her own data" in said
    assert "15 Jan 2027" in said
    assert "Write the year's summary" in said
    before = tasks_of(prompter)
    (value,) = [
        e["value"] for b in reply.blocks if b["type"] == "actions" for e in b["elements"] if "import" in e["value"]
    ]
    assert prompter.asked(value, by=SOFIA).text.startswith("There is no edited plan of yours")
    done = prompter.asked(value)
    assert done.text.startswith("Applied to Acme Corp"), done.text
    after = tasks_of(prompter)
    assert (after[task]["note"], after[task]["hours"], after[task]["owner"]) == ("with her own data", 1.5, SOFIA)
    (new,) = after.keys() - before.keys()
    assert (after[new]["title"], after[new]["due_on"], after[new]["owner"]) == (
        "Write the year's summary", date(2026, 12, 31), ANA,
    )  # fmt: skip
    assert prompter.asked(value).text == "The plan of Acme Corp changes nothing."
    assert found_in(prompter, people.saved())["changed"] == []
    (undo,) = [e["value"] for b in done.blocks if b["type"] == "actions" for e in b["elements"] if "undo" in e["value"]]
    assert prompter.asked(undo).text == "Taken back: Acme Corp is as it was before."
    assert tasks_of(prompter) == before
    with prompter.desk.database.transaction() as tx:
        assert changes.verify(tx) is None


def test_a_role_that_nobody_knows_is_refused_and_the_plan_still_comes(prompter: Counter) -> None:
    people = Sheet(exported(prompter), "Contacts")
    people.cell(people.ids[0], "Role").value = "grand vizier"
    ask = asked(prompter)
    sent, found = import_plan.check(ask, people.saved())
    assert [one.given for one in found.refused] == ["grand vizier"]
    assert "champion" in found.refused[0].why
    import_plan.apply(ask, sent)
    assert exported(prompter)


def test_a_day_that_nobody_plans_for_is_refused(prompter: Counter) -> None:
    goals = Sheet(exported(prompter), "Goals")
    goals.cell(goals.ids[0], "Due on").value = date(9999, 12, 31)
    tasks = Sheet(goals.saved(), "Tasks")
    tasks.cell(open_task(prompter), "Day").value = date(9999, 12, 31)
    tasks.new(Day=date(9999, 12, 31), Task="Write")
    found = found_in(prompter, tasks.saved())
    assert [one["why"].split(": ")[-1] for one in found["refused"]] == ["this day is more than ten years ahead"] * 3
    assert not found["changed"]
    assert not found["added"]


def test_changed_on_both_sides_is_a_conflict_and_the_edit_here_stands(prompter: Counter) -> None:
    content = exported(prompter)
    task = open_task(prompter)
    for note, expected in (("of theirs", "conflicts"), ("of ours", "nothing")):
        sheet = Sheet(content, "Tasks")
        with prompter.desk.database.changing() as tx:
            changes.edit(tx, "tasks", {"task_id": task}, {"note": "of ours"}, who=SOFIA,
                         at=prompter.desk.clock(), origin="modal", on=prompter.desk.today)  # fmt: skip
        sheet.cell(task, "Note").value = note
        found = found_in(prompter, sheet.saved())
        assert not found["changed"]
        assert [c["ours"] for c in found["conflicts"]] == (["of ours"] if expected == "conflicts" else [])
    assert tasks_of(prompter)[task]["note"] == "of ours"


def test_what_cannot_be_taken_is_said_with_sheet_and_cell_in_the_readers_language(prompter: Counter) -> None:
    sheet = Sheet(exported(prompter, lang="es"), "Tareas")
    task = open_task(prompter)
    sheet.cell(task, "Horas").value = "muchas"
    sheet.cell(task, "Responsable").value = "Nadie Conocido"
    sheet.cell(task, "Estado").value = "omitida"
    sheet.cell(task, "Día").value = "31/11/2026"
    found = found_in(prompter, sheet.saved(), lang="es")
    where = sheet.row(task)
    said = {one["cell"]: one["why"] for one in found["refused"]}
    assert said[f"H{where}"] == "no es un número"
    assert "Nadie Conocido" in said[f"G{where}"]
    assert said[f"I{where}"] == "lo que se omite necesita su porqué en la nota"
    assert said[f"B{where}"] == "ese día no existe"
    assert {one["sheet"] for one in found["refused"]} == {"Tareas"}
    assert not found["changed"]


def test_a_day_that_moves_takes_with_it_what_depends_on_it(prompter: Counter) -> None:
    sheet = Sheet(exported(prompter), "Tasks")
    tasks = tasks_of(prompter)
    book = {task["activity"]: task for task in tasks.values() if task["play_id"]}
    assert book
    task = min((t for t in tasks.values() if t["status"] == "open" and t["side"] == "back" and t["play_id"]),
               key=lambda t: t["due_on"])  # fmt: skip
    sheet.cell(task["task_id"], "Day").value = date(2027, 3, 1)
    sheet.cell(task["task_id"], "Day").number_format = "d mmm yyyy"
    found = found_in(prompter, sheet.saved())
    assert [(c["field"], c["after"]) for c in found["changed"]] == [("due_on", "2027-03-01")]
    assert found["moved_with_them"], "what needs it goes after it"
    assert all(each["after"] >= "2027-03-01" for each in found["moved_with_them"])
    assert tasks_of(prompter) == tasks, "nothing was written"


def test_rows_and_sheets_that_are_gone_delete_nothing_and_it_is_said(prompter: Counter) -> None:
    sheet = Sheet(exported(prompter), "Tasks")
    task = open_task(prompter)
    sheet.sheet.delete_rows(sheet.row(task))
    del sheet.book["Goals"], sheet.book["Summary"]
    found = found_in(prompter, sheet.saved())
    assert found["sheets_not_in_the_file"] == ["Goals"]
    assert found["rows_not_in_the_file"] >= 2
    assert not found["changed"]
    assert "Not in the file, and so not touched: Goals." in "\n".join(
        read(import_plan.offer(asked(prompter), sheet.saved()))
    )


def test_moved_columns_inserted_rows_a_copied_sheet_and_merged_cells(prompter: Counter) -> None:
    sheet = Sheet(exported(prompter), "Tasks")
    task, other = open_task(prompter), open_task(prompter, "front")
    sheet.cell(task, "Note").value = "kept"
    row = sheet.row(other) + 3
    sheet.sheet.insert_cols(2)
    sheet.sheet.insert_rows(sheet.head + 2, 3)
    sheet.sheet.merge_cells(start_row=row, end_row=row, start_column=8, end_column=10)
    sheet.sheet.title = "My tasks"
    sheet.sheet.row_dimensions[sheet.head + 5].hidden = True
    sheet.sheet.column_dimensions["M"].hidden = True
    copy = sheet.book.copy_worksheet(sheet.sheet)
    copy.title = "Tasks (2)"
    found = found_in(prompter, sheet.saved())
    assert [(c["id"], c["field"], c["after"]) for c in found["changed"]] == [(task, "note", "kept")]
    assert {one["why"] for one in found["refused"]} == {
        "the cell is merged with another: split them and write both values"
    }


def test_a_row_added_to_another_sheet_is_refused_with_its_cell(prompter: Counter) -> None:
    sheet = Sheet(exported(prompter), "Outcomes")
    row = max(map(sheet.row, sheet.ids)) + 1
    sheet.sheet.cell(row, sheet.columns["Outcome"]).value = "Ship on Fridays"
    sheet.sheet.cell(row, sheet.columns["Target"]).value = 3
    found = found_in(prompter, sheet.saved())
    assert [(one["sheet"], one["cell"], one["why"]) for one in found["refused"]] == [
        ("Outcomes", f"B{row}", "new rows are taken on the sheet of tasks only")
    ]


def test_an_unsaved_formula_is_refused_and_a_percent_is_read_as_one(prompter: Counter) -> None:
    sheet = Sheet(exported(prompter), "Goals")
    goal = sheet.ids[0]
    sheet.cell(goal, "Target").value = "=1+1"
    found = found_in(prompter, sheet.saved())
    assert "formula" in found["refused"][0]["why"]
    sheet.cell(goal, "Target").value = 0.85
    sheet.cell(goal, "Target").number_format = "0%"
    assert [c["after"] for c in found_in(prompter, sheet.saved())["changed"]] == ["85"]


def test_who_may_and_what_is_no_plan_of_ours(prompter: Counter) -> None:
    content = exported(prompter)
    viewer = Person(email=VIEWER, name="Vera", role="viewer")
    with pytest.raises(Refused, match="read and not write"):
        import_plan.check(Ask(prompter.desk, viewer, Words("en"), capability="import-plan"), content)
    with pytest.raises(Refused, match="no account plan with this export id"):
        import_plan.check(asked(prompter), renamed(content))
    with pytest.raises(Refused, match="customer's copy"):
        import_plan.check(asked(prompter), exported(prompter, safe=True))
    with pytest.raises(Refused, match="not an Excel workbook"):
        import_plan.check(asked(prompter), b"a,b\n1,2\n")
    with pytest.raises(Refused, match="macros"):
        import_plan.check(asked(prompter), with_part(content, "xl/vbaProject.bin", b"x"))
    with pytest.raises(Refused, match="other files"):
        import_plan.check(asked(prompter), with_part(content, "xl/externalLinks/externalLink1.xml", b"<x/>"))
    with pytest.raises(Refused, match="at most 10 MB"):
        import_plan.check(asked(prompter), with_part(content, "xl/media/zeros.xml", bytes(70 << 20)))
    with pytest.raises(Refused, match="damaged"):
        import_plan.check(asked(prompter), with_part(content, "xl/evil.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"))


def renamed(content: bytes) -> bytes:
    """Of another organisation: an export id that nobody here gave out."""
    book = load_workbook(BytesIO(content))
    for sheet in book:
        for row in sheet.iter_rows():
            for before, cell in pairwise(row):
                if before.value == "Export":
                    cell.value = "0123456789abcdef"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    written = BytesIO(content)
    with ZipFile(written, "a", compression=8) as archive:
        archive.writestr(name, part)
    return written.getvalue()
