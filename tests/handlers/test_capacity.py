"""A lead sees the hours of the coming weeks, needed against free; who is over, and which starts wait until when."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

import bot
from domain.playbooks.plays import Play, Task
from handlers.ask import Ask
from handlers.playbooks import capacity, play_wave
from storage import search
from storage.playbooks import plays, tasks
from storage.playbooks.plays import Start
from storage.scope import operator
from storage.tables import people
from tests.stage import TODAY, Counter, read
from words import Words

ANA, SOFIA, OWEN = "ana@example.com", "sofia@example.com", "owen@example.com"
LUIS, BEN, MARTA = "luis@example.com", "ben@example.com", "marta@example.com"
BOOK, WEDNESDAY = "low-adoption", TODAY + timedelta(2)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def short_of_hours(at: Counter, email: str, hours: float) -> None:
    with at.desk.database.changing() as tx:
        tx.execute(update(people).where(people.c.email == email).values(capacity_hours=hours))


def late_by(at: Counter, email: str, hours: float) -> None:
    with at.desk.database.changing() as tx:
        acme = search.find(tx, "acme", scope=operator(), limit=1).found
        assert acme
        late = Task("late", acme.number, "back", TODAY - timedelta(3), title="Late", owner=email, hours=hours)
        tasks.add(tx, late, who=email, at=NOW, origin="modal", on=TODAY)


def left_waiting(at: Counter, *accounts: str) -> None:
    """As a wave leaves those for whom there were no hours."""
    book = at.desk.playbooks.playbooks[BOOK]
    with at.desk.database.changing() as tx:
        starts = []
        for place, name in enumerate(accounts):
            account = search.find(tx, name, scope=operator(), limit=1).found
            assert account
            wait = Play(f"W{place}", account.number, book.name, 0, "waiting", "capacity", TODAY, potential=9.0 - place)
            starts.append(Start(wait, book))
        plays.start(tx, starts, token="w", who=SOFIA, at=NOW, origin="modal", on=TODAY)


def wave_of(at: Counter) -> tuple[list[str], list[str]]:
    """Who would start now, and who would wait."""
    ask = Ask(at.desk, at.person(SOFIA), Words("en"), f"{BOOK} all", token="V1")
    with at.desk.database.transaction() as tx:
        found = play_wave.wave(tx, ask, at.desk.playbooks.playbooks[BOOK], "all")
    return [each.guest.account.name for each in found.now], [guest.account.name for guest in found.wait]


def test_hours_by_week_of_functions_and_people_and_who_is_over(prompter: Counter) -> None:
    short_of_hours(prompter, ANA, 5)
    said = read(prompter.asked("tasks team", by=SOFIA))
    weeks = said.index("Hours by week, needed of those free · 23 Nov · 30 Nov · 7 Dec · 14 Dec")
    rows = {line.partition(":")[0]: line.partition(": ")[2] for line in said[weeks + 1 : weeks + 12]}
    assert rows["⚠ Ana Ruiz"] == "7,6 of 5 h · 1,6 of 5 h · 1,4 of 5 h · 0,6 of 5 h"
    assert rows["Owen Hart"].startswith("1,5 of 20 h"), "he only takes part"
    assert rows["CSM"].startswith("7,6 of 163 h"), "five CSMs and their lead, those without anything to do too"
    assert "Hours by week" not in "\n".join(read(prompter.asked("tasks team", by=ANA))), "who cannot share out"
    assert "Hours by week" not in "\n".join(read(prompter.asked("tasks mine", by=SOFIA)))


def test_which_starts_wait_and_until_when(prompter: Counter) -> None:
    short_of_hours(prompter, LUIS, 5)
    late_by(prompter, LUIS, 4.5)
    left_waiting(prompter, "dunmore", "aguas de montealto", "initech")
    said = read(prompter.asked("tasks all", by=SOFIA))
    waiting = said.index("3 starts wait for free hours")
    assert said[waiting + 1 : waiting + 4] == [
        "• Aguas de Montealto · Low adoption: until the week of 30 Nov · Luis lacks 0,5 h in the week of 23 Nov",
        "• Dunmore Elevators · Low adoption: there are hours for it now",
        "1 would not start today: it does not fit any more, or something speaks against it",
    ]
    assert "3 starts wait for free hours" in "\n".join(read(prompter.asked("digest", by=SOFIA)))


@pytest.mark.parametrize("day", [TODAY, WEDNESDAY])
def test_a_wave_starts_those_of_whom_it_is_said_that_there_are_hours_for_them(
    prompter: Counter, monkeypatch: pytest.MonkeyPatch, day: date
) -> None:
    """On the first day of a week, and in the middle of one; somebody is late with what takes most of a week."""
    at = Counter(replace(prompter.desk, clock=bot.clock(day, prompter.desk.policy.time_zone)))
    monkeypatch.setattr(capacity, "SHOWN", 50)
    for email in (LUIS, BEN, MARTA):
        short_of_hours(at, email, 5)
    late_by(at, LUIS, 4)
    now, wait = wave_of(at)
    assert now
    assert wait
    asked = read(at.asked(f"playbook show {BOOK} all", by=SOFIA))
    assert [said[1] for line in asked if (said := re.match("• (.+): (until the week of|no room)", line))] == wait
    left_waiting(at, *now, *wait)
    listed = [line for line in read(at.asked("tasks all", by=SOFIA)) if "· Low adoption: " in line]
    free = {line[2:].partition(" · ")[0]: line.endswith("there are hours for it now") for line in listed}
    assert [name for name, fits in free.items() if fits] == now
    assert [name for name, fits in free.items() if not fits] == wait


def test_the_fourth_step_of_a_playbook_says_what_its_next_wave_asks(prompter: Counter) -> None:
    short_of_hours(prompter, ANA, 9)
    said = read(prompter.asked("playbook show renewal-120", by=ANA))
    hours = next(place for place, line in enumerate(said) if line.startswith("Hours of the next 6 weeks"))
    assert "CSM 12.3 of 1,002 h · Sales 1.8 of 240 h" in said[hours]
    assert said.index("4 · Priority") < hours < said.index("5 · Plan")
    assert re.match(r"\d starts? waits? for free hours", said[hours + 1])
    assert re.match(r"• .+: until the week of 30 Nov · Ana lacks [\d.]+ h in the week of 23 Nov", said[hours + 2])
