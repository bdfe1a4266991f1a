"""A digest in the channel that its reader chose: only where none but ours read, once, and never lost."""

from datetime import timedelta

import pytest

from handlers.delivery.delivery import STEPS, post
from tests.faults.rig import Rig, choose, dies, digest_of, note
from tests.faults.test_parked import BROKEN

ANAS = digest_of("ana")


def in_team(rig: Rig) -> list[str]:
    return [message.text for message in rig.slack.messages("CTEAM", seen_by="UBEN")]


@pytest.fixture
def chosen(rig: Rig) -> Rig:
    choose(rig.database, "ana", "CTEAM")
    rig.queue(ANAS)
    return rig


def test_it_goes_where_it_was_wanted_and_only_the_digest(chosen: Rig) -> None:
    chosen.queue(note("a note", person="ana"))
    assert chosen.run_on()["posted"] == 2
    assert in_team(chosen) == ["Ana: hoy digest"]
    chosen.each_once(ANAS.key, "a note")


@pytest.mark.parametrize("how", BROKEN)
def test_where_it_may_not_go_it_is_a_direct_message(chosen: Rig, how: str, count) -> None:
    breaking, _, _ = BROKEN[how]
    breaking(chosen)
    chosen.doors.forget("UBEN")
    assert chosen.run_on() == {"posted": 1}
    assert not chosen.parked()
    assert how == "vanished" or not in_team(chosen)
    count(f"{how}: {chosen.each_once(ANAS.key)} digest, as a direct message")


def test_one_that_may_stand_there_is_looked_for_there_whatever_was_chosen_since(chosen: Rig) -> None:
    after = STEPS[: STEPS.index(post) + 1]
    assert chosen.stop_after((*after, dies))
    choose(chosen.database, "ana", None)
    chosen.real.move(timedelta(minutes=5))
    assert chosen.run_on() == {"found": 1}
    chosen.each_once(ANAS.key)
    assert in_team(chosen) == ["Ana: hoy digest"]


def test_a_channel_of_several_digests_keeps_slack_s_pace(chosen: Rig) -> None:
    choose(chosen.database, "ben", "CTEAM")
    chosen.queue(digest_of("ben"))
    assert chosen.run() == {"posted": 1, "paced": 1}
    chosen.real.move(timedelta(seconds=2))
    assert chosen.run() == {"posted": 1}
    assert len(in_team(chosen)) == 2
