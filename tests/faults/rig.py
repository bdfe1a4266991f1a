"""A post office with clocks that a test moves: real databases behind, the fake workspace in front."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import update

from domain.policies.policy import Policy
from handlers.ask import Desk, Reply
from handlers.blocks import section
from handlers.delivery import undelivered
from handlers.delivery.delivery import EVENT, LEASE, claim, deliver, run
from handlers.delivery.office import Office
from handlers.slack.doors import Doors
from playground import Channel, Person, Playground
from storage.database import Database
from storage.delivery import outbox
from storage.delivery.outbox import Message
from storage.tables import people
from tests.storage.rows import TODAY, put

PEOPLE = {"ana": "es-ES", "ben": "en-GB", "cleo": "en-US", "dora": "es-MX", "tom": "en-US"}
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def worded(_desk, content, person, words) -> Reply:
    text = words._("today") + f" {content['n']}" + (" late" if content["late"] else "")
    return Reply(f"{person.name if person else 'team'}: {text}", (section(text),))


RENDER = {"note": worded, "digest": worded, undelivered.KIND: undelivered.worded}


@dataclass
class Clock:
    """`tick`: how far it goes by itself each time it is read."""

    now: datetime
    tick: timedelta = timedelta(0)
    lock: Any = field(default_factory=threading.Lock)

    def __call__(self, _tx: object = None) -> datetime:
        with self.lock:
            self.now += self.tick
            return self.now

    def move(self, by: timedelta) -> None:
        with self.lock:
            self.now += by


@dataclass
class Rig:
    slack: Playground
    database: Database
    business: Clock = field(default_factory=lambda: Clock(NINE))
    real: Clock = field(default_factory=lambda: Clock(datetime.now(UTC)))
    doors: Doors = field(default_factory=Doors)
    policy: Policy = field(default_factory=Policy)

    @cached_property
    def office(self) -> Office:
        return self.replica(self.database)

    def replica(self, database: Database) -> Office:
        desk = Desk(database, self.policy, self.business, ThreadPoolExecutor(1), {})
        client = WebClient(token=self.slack.bot_token, base_url=self.slack.api_url, timeout=30, retry_handlers=[])
        return Office(desk, self.doors, client, RENDER, self.real)

    def queue(self, *messages: Message) -> int:
        with self.database.changing() as tx:
            return outbox.queue(tx, messages)

    def run(self) -> Counter[str]:
        return run(self.office)

    def run_on(self, *, most: int = 200, by: timedelta = LEASE * 11) -> Counter[str]:
        """Run, and let time go by until nothing waits."""
        ended: Counter[str] = Counter()
        for _ in range(most):
            ended += self.run()
            if not self.waiting():
                return ended
            self.real.move(by)
        raise AssertionError(f"still waiting after {most} runs: {self.waiting()}, {ended}")

    def waiting(self) -> list[str]:
        with self.database.transaction() as tx:
            return [message.key for message in outbox.waiting(tx)]

    def counts(self) -> dict[str, int]:
        with self.database.transaction() as tx:
            return outbox.counts(tx)

    def parked(self) -> dict[str, str]:
        with self.database.transaction() as tx:
            return {each.key: each.error for each in outbox.parked(tx)}

    def told(self) -> Counter[str]:
        """How often each key stands in the workspace."""
        messages = (
            message for channel in list(self.slack.workspace.channels) for message in self.slack.messages(channel)
        )
        known = (message.metadata or {} for message in messages)
        return Counter(m["event_payload"]["key"] for m in known if m.get("event_type") == EVENT)

    def each_once(self, *keys: str) -> int:
        """Every one of them stands there, once; and the database knows where."""
        assert self.told() == Counter(keys)
        with self.database.transaction() as tx:
            assert set(outbox.where(tx, keys)) == set(keys)
        return len(keys)

    def stop_after(self, steps: tuple[Any, ...]) -> bool:
        """One message, up to the death of the process."""
        office = self.office
        held = claim(office)
        if held is None:
            return False
        try:
            deliver(office, held, steps)
        except Killed:
            return True
        return False


class Killed(BaseException):
    """The process ends here."""


def dies(_office: object, _letter: object) -> Any:
    raise Killed


def note(key: str, *, person: str | None = None, channel: str | None = None, due_at: datetime = NINE,
         told_on: date = TODAY) -> Message:  # fmt: skip
    email = f"{person}@x.com" if person else None
    return Message(key, "note", told_on, {"n": key}, due_at, person=email, channel=channel)


def digest_of(person: str, *, day: date = TODAY) -> Message:
    return Message(f"digest {person} {day}", "digest", day, {"n": "digest"}, NINE, person=f"{person}@x.com")


def choose(database: Database, person: str, channel: str | None) -> None:
    """The channel in which they want their digest."""
    with database.changing() as tx:
        tx.execute(update(people).where(people.c.email == f"{person}@x.com").values(digest_channel=channel))


def scene() -> Playground:
    return Playground(
        people=[Person(f"U{name.upper()}", name.title(), f"{name}@x.com", locale=locale)
                for name, locale in PEOPLE.items()],
        channels=[Channel(f"C{name}", name, members=["UANA", "UBEN"]) for name in ("TEAM", "LEADS", "OTHER")],
    )  # fmt: skip


def settle(database: Database, *, linked: bool = True) -> None:
    with database.changing() as tx:
        for name in PEOPLE:
            slack_id = f"U{name.upper()}" if linked else None
            role = "admin" if name == "tom" else "csm"
            put(tx, "people", {"email": f"{name}@x.com", "name": name.title(), "role": role, "slack_id": slack_id})


def change(rig: Rig, channel: str, **what: Any) -> None:
    rig.slack.workspace.change_channel(channel, **what)


def alter(rig: Rig, person: str, **what: Any) -> None:
    """Something about a person, as the bot hears of it too."""
    rig.slack.workspace.change_person(person, **what)
    rig.doors.forget(person)
