"""The plays of the sample, started and worked on through the functions that people's clicks end in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from domain.accounts import Account, Person
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Moved, Task
from handlers.ask import Ask, Desk
from handlers.playbooks.audience import invited
from handlers.playbooks.play_plan import Terms, planned
from storage import changes, people, search
from storage.database import Transaction
from storage.playbooks import plays, tasks
from words import Words

FILE = Path(__file__).parent / "plays.yaml"
ORIGIN = "sample"

Entry = Mapping[str, Any]


def put_on(desk: Desk, language: str = "en") -> int:
    """Start what plays.yaml tells, relative to the business day; how many plays run then."""
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))["plays"]
    with desk.database.changing() as tx:
        return sum(_start(tx, desk, entry, name, language) for entry in entries for name in entry["accounts"])


def _start(tx: Transaction, desk: Desk, entry: Entry, name: str, language: str) -> int:
    operator = Ask(desk, Person("", "", role="operator"), Words(language))
    account = search.find(tx, name, scope=operator.scope, limit=1).found
    book = desk.playbooks.playbooks.get(entry["playbook"])
    if account is None or book is None:
        return 0
    day = desk.today + timedelta(entry["started"])
    caller = people.by_email(tx, account.csm or "") or operator.caller
    then = replace(desk, clock=_nine(day, desk.policy.time_zone))
    ask = Ask(then, caller, Words(language, caller.country), token=f"{ORIGIN}-{book.name}-{name}")
    made = _begun(tx, ask, _worded(book, entry.get("words", {})), account, entry)
    for task, when in _done(made, entry, desk.today):
        tasks.finish(
            tx, task, "done", token=f"{ORIGIN}-{task.task_id}", who=task.owner or caller.email, at=then.clock(),
            origin=ORIGIN, on=when,
        )  # fmt: skip
    _agree_hours(tx, ask, made, entry.get("hours", {}))
    return 1


def _begun(tx: Transaction, ask: Ask, book: Playbook, account: Account, entry: Entry) -> list[Task]:
    guest, _fits = invited(tx, account, book, ask.policy, ask.scope, ask.today)
    if "contact" in entry:
        guest = replace(guest, fitting=replace(guest.fitting, subject=entry["contact"]),
                        candidate=replace(guest.candidate, contact_id=entry["contact"]))  # fmt: skip
    event_on = ask.today + timedelta(entry["event"] - entry["started"]) if "event" in entry else None
    terms = Terms(ask.token, "chosen", reason=entry["reason"], event_on=event_on)
    cast = tasks.casts(tx, [account.number], ask.scope)[account.number]
    start = planned(tx, ask, book, guest, cast, terms).start
    plays.start(tx, [start], token=ask.token, who=ask.caller.email, at=ask.now, origin=ORIGIN, on=ask.today)
    return list(start.tasks)


def _worded(book: Playbook, said: Mapping[str, Mapping[str, str]]) -> Playbook:
    """As it was called before: a version of its own."""
    if not said:
        return book
    content = book.model_dump(mode="json", exclude_unset=True)
    for activity in content["plan"]:
        activity["title"] = said.get(activity["id"], activity["title"])
    return Playbook.model_validate(content)


def _done(made: list[Task], entry: Entry, today: date) -> Iterator[tuple[Task, date]]:
    for name, days in entry.get("done", {}).items():
        activity, _, turn = name.partition("-")
        for task in made:
            if task.activity == activity and task.turn == int(turn or 1):
                yield task, today + timedelta(days)


def _agree_hours(tx: Transaction, ask: Ask, made: list[Task], hours: Mapping[str, str]) -> None:
    zone = ZoneInfo(ask.caller.time_zone or ask.policy.time_zone)
    agreed = [
        Moved(task, replace(task, at=datetime.combine(task.due_on, time.fromisoformat(said), zone)))
        for task in made
        if (said := hours.get(task.activity or ""))
    ]
    origin = changes.gesture(ORIGIN, ask.token)
    plays.write_tasks(tx, agreed, {"who": ask.caller.email, "at": ask.now, "origin": origin, "on": ask.today})


def _nine(day: date, time_zone: str) -> Any:
    return lambda: datetime.combine(day, time(9), ZoneInfo(time_zone))
