"""A ready message opens filled in and is logged by who sent it; a merge list for many; nothing goes out by itself."""

import csv
import io

from sqlalchemy import select, update

from reports.merge_list import merge_csv
from storage import audit, exports
from storage.tables import contacts, plays, touches
from storage.tables import tasks as rows_of
from tests.handlers.test_tasks import ANA, after_turn, number, pressable, row
from tests.stage import TODAY, Counter, Stage, read

THANKS = ("F1", "clinica-alameda")


def logged(at: Stage | Counter) -> list[dict]:
    with at.desk.database.transaction() as tx:
        query = select(touches).where(touches.c.known_on == TODAY, touches.c.csm == ANA, touches.c.import_id.is_(None))
        return [dict(found) for found in tx.execute(query).mappings()]


def opened(stage: Stage, value: str):
    """The modal that a button with this value opens, wherever it stands."""
    hands = stage.slack.as_user(ANA)
    said = stage.answer(ANA, "/tasks", "week")
    while not any(b["value"] == value for b in pressable(said)):
        said = after_turn(stage, said, "Next page")
    place = next(b for b in pressable(said) if b["value"] == value)
    block = next(b for b in said.blocks if place in b.get("elements", ()))
    hands.click(said, place["action_id"], block_id=block["block_id"])
    return hands


def inputs(modal) -> dict[str, str]:
    return {b["block_id"]: b["element"].get("initial_value", "") for b in modal.body["blocks"] if b["type"] == "input"}


def test_it_opens_in_the_customer_s_language_and_is_logged_with_its_touch_as_one(on_stage: Stage) -> None:
    task = row(on_stage, *THANKS)
    hands = opened(on_stage, f"task-message {task['task_id']}")
    on_stage.slack.wait(lambda: hands.modal)
    text = inputs(hands.modal)["text"]
    assert text.startswith("Hola, Julián:"), "the customer's language, not Ana's"
    assert text.endswith("Ana")
    assert "{{" not in text
    answer = on_stage.after(ANA, lambda hands: hands.submit({"text": text + " P. S."}))
    assert answer.text == "Logged as sent: Personal thanks within one working day, no defence · Clínica Alameda"
    (touch,) = logged(on_stage)
    assert (touch["channel"], touch["direction"], touch["side"], touch["contacts"], touch["note"]) == (
        "email", "out", "front", "clinica-alameda-c1", text + " P. S.",
    )  # fmt: skip
    assert row(on_stage, *THANKS)["status"] == "done"
    hands.click(answer, text="Undo")
    on_stage.slack.wait(lambda: not logged(on_stage))
    assert row(on_stage, *THANKS) == task


def test_one_that_only_invites_leaves_the_task_open(on_stage: Stage) -> None:
    task = row(on_stage, *THANKS)
    opened(on_stage, f"task-message {task['task_id']}")
    on_stage.slack.wait(lambda: on_stage.slack.as_user(ANA).modal)
    answer = on_stage.after(ANA, lambda hands: hands.submit({"ends": "open"}))
    assert "The task stays open" in answer.plain
    assert row(on_stage, *THANKS)["status"] == "open"
    assert len(logged(on_stage)) == 1


def test_a_reminder_of_their_own_task_leaves_it_open(on_stage: Stage) -> None:
    hands = opened(on_stage, f"task-message {row(on_stage, 'C1', 'globex')['task_id']}")
    on_stage.slack.wait(lambda: hands.modal)
    on_stage.after(ANA, lambda hands: hands.submit({}))
    assert row(on_stage, "C1", "globex")["status"] == "open"
    assert len(logged(on_stage)) == 1


def test_whoever_is_second_is_told_and_nothing_is_logged(on_stage: Stage) -> None:
    task = row(on_stage, *THANKS)
    opened(on_stage, f"task-message {task['task_id']}")
    on_stage.slack.wait(lambda: on_stage.slack.as_user(ANA).modal)
    on_stage.answer("sofia@example.com", "/tasks", f"done {task['task_id']}")
    answer = on_stage.after(ANA, lambda hands: hands.submit({}))
    assert "is done already: Sofía Vega" in answer.text
    assert logged(on_stage) == []


def test_what_is_missing_is_said_before_it_opens_with_what_to_do(on_stage: Stage) -> None:
    task = row(on_stage, *THANKS)
    with on_stage.desk.database.changing() as tx:
        tx.execute(update(rows_of).where(rows_of.c.task_id == task["task_id"]).values(contact_id=None))
    hands = on_stage.slack.as_user(ANA)
    opened_at = f"task-message {task['task_id']}"
    said = on_stage.after(ANA, lambda _: opened(on_stage, opened_at))
    on_stage.slack.wait(lambda: "Something is missing" in on_stage.slack.last(seen_by=hands.person.id).plain)
    said = on_stage.slack.last(seen_by=hands.person.id)
    assert "contact.first_name: give the account a contact with that role" in said.plain
    assert hands.modal is None
    hands.click(said, text="Open it with gaps…")
    on_stage.slack.wait(lambda: hands.modal)
    assert "Hola, …:" in inputs(hands.modal)["text"]
    assert "⚠ nobody" in hands.modal.plain


def test_a_stage_that_is_not_set_and_a_contact_who_hears_too_much_are_warned_of(on_stage: Stage) -> None:
    script = row(on_stage, "F2", "clinica-alameda")["task_id"]
    hands = opened(on_stage, f"task-script {script}")
    on_stage.slack.wait(lambda: hands.modal)
    assert "⚠ Needs still open: Personal thanks within one working day, no defence · Ana" in hands.modal.plain
    answer = on_stage.after(ANA, lambda hands: hands.submit({"text": "Nobody answers after four"}))
    assert answer.text.startswith("Done and logged: Call")
    (touch,) = logged(on_stage)
    assert (touch["channel"], touch["direction"], touch["note"]) == ("call", "both", "Nobody answers after four")


def test_another_play_that_speaks_to_the_same_person_is_warned_of(on_stage: Stage) -> None:
    task, other = row(on_stage, *THANKS), row(on_stage, "F1", "globex")
    with on_stage.desk.database.changing() as tx:
        moved = {"account": number(on_stage, "clinica-alameda"), "contact_id": task["contact_id"], "done_on": TODAY}
        tx.execute(update(rows_of).where(rows_of.c.task_id == other["task_id"]).values(moved))
        tx.execute(update(plays).where(plays.c.play_id == other["play_id"]).values(account=moved["account"]))
    hands = opened(on_stage, f"task-message {task['task_id']}")
    on_stage.slack.wait(lambda: hands.modal)
    assert "⚠ Another play speaks to the same person: Ana Ruiz on Mon 23. Free again from Mon 30." in hands.modal.plain


def listed(reply) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reply.files[0].build().decode("utf-8-sig"))))


def test_a_merge_list_has_recipients_and_texts_and_says_who_is_left_out(prompter: Counter) -> None:
    reply = prompter.asked("tasks merge low-adoption F3")
    header, *rows = listed(reply)
    assert header == ["account", "name", "e-mail", "subject", "text", "still missing"]
    assert {r[0] for r in rows} == {"Alimentos Doña Elvira", "Transportes Quetzal", "Hotelera Bahía Clara"}
    assert all("@" in r[2] and r[4].startswith("Hola") for r in rows)
    assert "• Constructora Peñalba: no contact with that role" in read(reply)
    assert logged(prompter) == []
    assert "destinatarios" in prompter.asked("tasks merge low-adoption F3", lang="es").text
    assert "Name a playbook" in prompter.asked("tasks merge nothing").text
    assert "No open task" in prompter.asked("tasks merge win-back F1").text


def test_names_and_addresses_that_leave_are_recorded_as_an_export(prompter: Counter) -> None:
    listed(prompter.asked("tasks merge low-adoption F3"))
    with prompter.desk.database.transaction() as tx:
        made = audit.entries(tx, limit=1)[0]
        kept = exports.get(tx, made.entity_key)
    assert (made.who, made.entity, made.after["kind"]) == (ANA, "exports", "merge")
    assert len(kept.content["accounts"]) == 3


def test_no_cell_of_it_becomes_a_formula(prompter: Counter) -> None:
    with prompter.desk.database.changing() as tx:
        tx.execute(update(contacts).where(contacts.c.name == "Inés Calvo").values(name='=HYPERLINK("http://x")'))
    cells = [cell for cells in listed(prompter.asked("tasks merge low-adoption F3")) for cell in cells]
    assert '\'=HYPERLINK("http://x")' in cells
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
    assert merge_csv(["a"], [["@x"], ["-1"], ["a\x00b"]]).decode("utf-8-sig").split() == ["a", "'@x", "'-1", "ab"]
    split_at_semicolons = merge_csv(["a"], [["Sol; =1+1"], ["Luna;@x, y"]]).decode("utf-8-sig").splitlines()
    assert split_at_semicolons == ["a", "Sol;' =1+1", '"Luna;\'@x, y"'], "as where a comma is the decimal sign"


def test_sent_to_all_is_one_gesture_and_only_of_the_list_that_was_seen(on_stage: Stage) -> None:
    hands = on_stage.slack.as_user(ANA)
    said = on_stage.answer(ANA, "/tasks", "merge low-adoption F3")
    hands.click(said, text="Sent to all…")
    on_stage.slack.wait(lambda: hands.modal)
    answer = on_stage.after(ANA, lambda hands: hands.submit({}))
    assert answer.text == "3 messages logged as sent"
    assert len(logged(on_stage)) == 3
    done = [row(on_stage, "F3", name, 2)["status"] for name in ("transportes-quetzal", "constructora-penalba")]
    assert done == ["done", "open"]
    hands.click(answer, text="Undo")
    on_stage.slack.wait(lambda: not logged(on_stage))
    assert row(on_stage, "F3", "transportes-quetzal", 2)["status"] == "open"
    task = row(on_stage, "F3", "transportes-quetzal", 2)["task_id"]
    on_stage.answer(ANA, "/tasks", f"done {task}")
    hands.click(said, text="Sent to all…")
    changed = lambda: "The list has changed" in on_stage.slack.last(seen_by=hands.person.id).plain  # noqa: E731
    on_stage.slack.wait(changed)
    assert logged(on_stage) == []
