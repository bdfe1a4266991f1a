from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.playbooks.plays import Play
from domain.playbooks.starts import Candidate, Ruling, may_start, subject_of
from tests.domain.plays import MONDAY, book, play

PER_CONTACT = {"again": {"after_days": 30, "per": "contact"}}
ENDED = MONDAY - timedelta(20)


def asked(candidate: Candidate, *, today: date = MONDAY, books: dict | None = None, **more) -> Ruling:
    return may_start(book(**more), candidate, books or {}, today)


def told(ruling: Ruling) -> list[tuple[str, bool]]:
    return [(refusal.reason.code, refusal.waivable) for refusal in ruling.refused]


def over(**more) -> Play:
    return play(status="ended", ended_on=ENDED, result="reached", note="x", **more)


def test_nothing_speaks_against_the_first() -> None:
    assert asked(Candidate()).allowed
    assert asked(Candidate(plays=(play(playbook="other"),))).allowed
    assert asked(Candidate(plays=(play(status="waiting"),))).allowed


@pytest.mark.parametrize("status", ["running", "paused"])
def test_not_twice_at_the_same_time(status: str) -> None:
    found = asked(Candidate(plays=(play(status=status),)))
    assert told(found) == [("play_running", False)]
    assert found.refused[0].reason.params == {"since": MONDAY}


@pytest.mark.parametrize(
    ("again", "code"),
    [
        ({"after_days": 60}, "play_cooling"),
        ({"after_days": 20}, None),
        ({"after_days": None}, "play_once"),
    ],
)
def test_it_cools_down(again: dict, code: str | None) -> None:
    found = asked(Candidate(plays=(over(),)), again=again)
    assert [refusal.reason.code for refusal in found.refused] == ([code] if code else [])
    waited = replace(over(), status="stopped", started_on=None)
    assert asked(Candidate(plays=(waited,)), again=again).allowed
    stopped = asked(Candidate(plays=(replace(over(), status="stopped"),)), again=again)
    assert told(stopped) == told(found)


def test_how_long_it_still_cools_down() -> None:
    (refusal,) = asked(Candidate(plays=(over(),)), again={"after_days": 60}).refused
    assert refusal.reason.params == {"days": 40, "until": ENDED + timedelta(60)}
    assert refusal.waivable


def test_onboarding_comes_again_only_for_one_that_returned() -> None:
    again = {"after_days": None, "unless_new": True}
    returned = Candidate(plays=(over(),), began_on=MONDAY - timedelta(3))
    assert asked(returned, again=again).allowed
    assert told(asked(replace(returned, began_on=date(2025, 1, 1)), again=again)) == [("play_once", False)]


def test_another_person_is_another_matter() -> None:
    mine = Candidate(plays=(over(subject="c1"),), contact_id="c1")
    assert told(asked(mine, **PER_CONTACT)) == [("play_cooling", True)]
    assert asked(replace(mine, contact_id="c2"), **PER_CONTACT).allowed
    running = replace(mine, plays=(play(subject="c1"),))
    assert told(asked(running, **PER_CONTACT)) == [("play_running", False)]
    assert asked(replace(running, contact_id="c2"), **PER_CONTACT).allowed


@pytest.mark.parametrize(
    ("per", "same", "other"),
    [("term", "2027-03-01", "2026-03-01"), ("quarter", "2026-Q4", "2026-Q3")],
)
def test_once_a_term_or_a_quarter(per: str, same: str, other: str) -> None:
    candidate = Candidate(decision_on=date(2027, 3, 1))
    again = {"again": {"after_days": None, "per": per}}
    assert subject_of(book(**again), candidate, MONDAY) == same
    assert told(asked(replace(candidate, plays=(over(subject=same),)), **again)) == [("play_this_time", True)]
    assert asked(replace(candidate, plays=(over(subject=other),)), **again).allowed


def test_who_gave_notice_is_left_alone_but_for_plays_of_leavers() -> None:
    leaving = Candidate(leaving=True)
    assert told(asked(leaving)) == [("play_leaving", False)]
    clients = {"any": [{"when": {"leaving": True}}], "leavers": True}
    assert asked(leaving, clients=clients).allowed


def test_who_is_held_out_may_still_be_chosen() -> None:
    assert told(asked(Candidate(plays=(play(status="held_out", started_on=None),)))) == [("play_held_out", True)]


def test_plays_that_wait_for_another() -> None:
    expansion = play(play_id="P2", playbook="expansion", version=2)
    rescue = asked(Candidate(plays=(expansion,)), pauses=["expansion"])
    assert (rescue.allowed, rescue.pauses) == (True, (expansion,))
    books = {1: book(pauses=["expansion"])}
    late = may_start(book(name="expansion"), Candidate(plays=(play(),)), books, MONDAY)
    assert told(late) == [("play_paused_by", True)]
    assert asked(Candidate(plays=(replace(expansion, status="paused"),)), pauses=["expansion"]).pauses == ()
