"""What runs on an account becomes a playbook file that the folder takes."""

import yaml

from domain.playbooks.playbook_files import load
from storage import changes
from tests.stage import Counter
from words.templates import fields_of


def saved(counter: Counter, typed: str):
    reply = counter.asked(f"playbook save {typed}")
    (file,) = reply.files
    return file.name, file.build().decode()


def test_the_file_is_valid_and_says_what_the_account_lives(prompter: Counter) -> None:
    name, text = saved(prompter, "acme our-review")
    assert name == "our-review.yaml"
    book = load(text, file=name, fields_of=fields_of)
    assert book.title.es == "Our review"
    assert all(moment.startswith("D") for activity in book.plan for moment in activity.day)
    assert any(activity.message for activity in book.plan)
    assert any(activity.needs for activity in book.plan)


def test_what_was_left_out_stays_out_and_own_tasks_come_in(prompter: Counter) -> None:
    before = load(saved(prompter, "acme before")[1], file="before.yaml", fields_of=fields_of)
    needed = next(need for activity in before.plan for need in activity.needs)
    by = {"who": "ana@example.com", "at": prompter.desk.clock(), "origin": "modal", "on": prompter.desk.today}
    with prompter.desk.database.changing() as tx:
        from sqlalchemy import select

        from storage.tables import accounts, tasks

        number = tx.execute(select(accounts.c.number).where(accounts.c.account_id == "acme")).scalar_one()
        rows = tx.execute(select(tasks).where(tasks.c.account == number, tasks.c.activity == needed)).mappings().all()
        for row in rows:
            changes.edit(tx, "tasks", {"task_id": row["task_id"]}, {"status": "skipped"}, **by)
        own = {"account": number, "side": "front", "due_on": prompter.desk.today, "title": "Coffee {{ with }} them",
               "channel": "visit", "hours": 1.0, "turn": 1, "status": "open"}  # fmt: skip
        changes.edit(tx, "tasks", {"task_id": "own-1"}, own, **by)
    text = saved(prompter, "acme after")[1]
    book = load(text, file="after.yaml", fields_of=fields_of)
    assert not [activity for activity in book.plan if needed in activity.needs]
    (coffee,) = [activity for activity in book.plan if "Coffee" in activity.title.en]
    assert (coffee.side, coffee.channel, coffee.owner, coffee.hours) == ("front", "visit", "csm", 1.0)
    assert yaml.safe_load(text)["name"] == "after"


def test_without_a_name_with_a_taken_one_and_where_nothing_runs(prompter: Counter) -> None:
    for typed, said in (
        ("acme", "Write the account and a name for the file"),
        ("acme low-adoption", "There is a playbook “low-adoption” already"),
        ("hooli mine", "nothing to save"),
    ):
        reply = prompter.asked(f"playbook save {typed}")
        assert said in reply.text or "I know no account" in reply.text, reply.text
        assert not reply.files
