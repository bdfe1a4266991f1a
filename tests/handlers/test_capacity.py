"""A lead sees the hours of the coming weeks, needed against free; who is over, and which starts wait until when."""

import re
from datetime import UTC, datetime

from sqlalchemy import update

from domain.playbooks.plays import Play
from storage import search
from storage.playbooks import plays
from storage.playbooks.plays import Start
from storage.scope import operator
from storage.tables import people
from tests.stage import TODAY, Counter, read

ANA, SOFIA, OWEN = "ana@example.com", "sofia@example.com", "owen@example.com"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def short_of_hours(at: Counter, email: str, hours: float) -> None:
    with at.desk.database.changing() as tx:
        tx.execute(update(people).where(people.c.email == email).values(capacity_hours=hours))


def left_waiting(at: Counter, *accounts: str) -> None:
    """As a wave leaves those for whom there were no hours; the first has the most potential."""
    book = at.desk.playbooks.playbooks["low-adoption"]
    with at.desk.database.changing() as tx:
        starts = []
        for place, name in enumerate(accounts):
            account = search.find(tx, name, scope=operator(), limit=1).found
            assert account
            wait = Play(f"W{place}", account.number, book.name, 0, "waiting", "capacity", TODAY, potential=9.0 - place)
            starts.append(Start(wait, book))
        plays.start(tx, starts, token="w", who=SOFIA, at=NOW, origin="modal", on=TODAY)


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
    short_of_hours(prompter, ANA, 8)
    left_waiting(prompter, "initech", "grupo-mirador")
    said = read(prompter.asked("tasks all", by=SOFIA))
    waiting = said.index("2 starts wait for free hours")
    assert said[waiting + 1 : waiting + 3] == [
        "• Initech · Low adoption: until the week of 30 Nov · Ana lacks 0,1 h in the week of 23 Nov",
        "• Grupo Mirador · Low adoption: there are hours for it now",
    ]
    assert "2 starts wait for free hours" in "\n".join(read(prompter.asked("digest", by=SOFIA)))


def test_the_fourth_step_of_a_playbook_says_what_its_next_wave_asks(prompter: Counter) -> None:
    short_of_hours(prompter, ANA, 9)
    said = read(prompter.asked("playbook show renewal-120", by=ANA))
    hours = next(place for place, line in enumerate(said) if line.startswith("Hours of the next 6 weeks"))
    assert "CSM 12.3 of 1,002 h · Finance 0 of 120 h" in said[hours]
    assert said.index("4 · Priority") < hours < said.index("5 · Plan")
    assert re.match(r"\d starts? waits? for free hours", said[hours + 1])
    assert re.match(r"• .+: until the week of 30 Nov · Ana lacks [\d.]+ h in the week of 23 Nov", said[hours + 2])
