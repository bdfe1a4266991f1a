"""What cannot be delivered is set aside, an admin told once; mended, it goes, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from handlers.delivery.delivery import TOKEN_WAIT
from handlers.delivery.undelivered import mend
from playground import Fault
from storage import tables
from tests.faults.rig import Rig, alter, change, note

ADMIN = "UTOM"
SECOND = timedelta(seconds=1)


def notices(rig: Rig) -> list[str]:
    return [message.plain for message in rig.slack.messages(seen_by=ADMIN)]


def vanish(rig: Rig) -> None:
    rig.slack.workspace.channels["CGONE"] = rig.slack.workspace.channels.pop("CTEAM")
    rig.doors.forget("CTEAM")


def back(rig: Rig) -> None:
    rig.slack.workspace.channels["CTEAM"] = rig.slack.workspace.channels.pop("CGONE")


BOT = "U0APUNTADOR"
BROKEN = {
    "vanished": (vanish, back, "channel_not_found"),
    "the bot removed": (
        lambda rig: change(rig, "CTEAM", members=("UANA",)),
        lambda rig: change(rig, "CTEAM", members=("UANA", BOT)),
        "not_in_channel",
    ),
    "archived": (
        lambda rig: change(rig, "CTEAM", is_archived=True),
        lambda rig: change(rig, "CTEAM", is_archived=False),
        "is_archived",
    ),
    "shared": (
        lambda rig: change(rig, "CTEAM", is_ext_shared=True),
        lambda rig: change(rig, "CTEAM", is_ext_shared=False),
        "outsiders",
    ),
    "a guest in it": (
        lambda rig: alter(rig, "UBEN", is_restricted=True),
        lambda rig: alter(rig, "UBEN", is_restricted=False),
        "outsiders",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_channel_that_cannot_be_written_to(rig: Rig, how: str, count) -> None:
    breaking, mending, error = BROKEN[how]
    breaking(rig)
    rig.queue(note("one", channel="CTEAM"), note("two", channel="CTEAM"), note("ana", person="ana"))
    rig.run_on()
    assert rig.parked() == {"one": error, "two": error}
    assert len(notices(rig)) == 1, "an admin is told once"
    assert mend(rig.office) == 0
    assert rig.parked(), "nothing is mended yet"
    mending(rig)
    assert mend(rig.office) == 2
    rig.run_on()
    told = rig.told()
    assert {key: told[key] for key in ("one", "two", "ana")} == {"one": 1, "two": 1, "ana": 1}
    assert len(notices(rig)) == 1
    count(f"2 messages parked ({error}), 1 notice, 2 delivered after repair")


def test_the_bot_is_let_out_after_it_posted(rig: Rig) -> None:
    """Posted without an answer, then removed: nobody can look; once back, it is found."""
    rig.queue(note("one", channel="CTEAM"))
    rig.slack.fail_next("chat.postMessage", Fault(cut=True, accepted=True))
    rig.run()
    change(rig, "CTEAM", members=("UANA",))
    rig.run_on()
    assert rig.parked() == {"one": "not_in_channel"}
    change(rig, "CTEAM", members=("UANA", BOT))
    mend(rig.office)
    assert rig.run_on()["found"] == 1
    assert rig.told()["one"] == 1


TOKENS = ("token_revoked", "account_inactive", "invalid_auth")


@pytest.mark.parametrize("error", TOKENS)
def test_a_token_that_is_taken_away(rig: Rig, error: str, count) -> None:
    """Slack is asked once a minute, not once a message; once it knows us again all goes, and an admin hears why."""
    keys = [f"k{n}" for n in range(6)]
    rig.queue(*(note(key, channel=f"C{name}") for key, name in zip(keys, ["TEAM", "LEADS", "OTHER"] * 2, strict=True)))
    assert rig.office.home.team_id, "known from better days"
    rig.slack.fail_next("chat.postMessage", error)
    rig.slack.fail_next("auth.test", error, times=3)
    assert rig.run() == {"parked": 1}
    for _ in range(59):
        rig.real.move(SECOND)
        assert rig.run() == {}
    assert sum(request.error == error for request in rig.slack.requests) <= 2
    ended = rig.run_on(by=TOKEN_WAIT)
    told = rig.told()
    assert {key: told[key] for key in keys} == dict.fromkeys(keys, 1)
    assert [text for text in notices(rig) if "token" in text], "once it can be said"
    assert len(notices(rig)) == 1
    count(f"{len(keys)} messages waited for a token, each once; {dict(ended)}")


def test_someone_who_left(rig: Rig, caplog) -> None:
    alter(rig, "UANA", deleted=True)
    rig.queue(note("ana", person="ana"), note("ben", person="ben"))
    rig.run_on()
    assert rig.parked() == {"ana": "outsiders"}
    assert len(notices(rig)) == 1
    assert "is parked: outsiders" in caplog.text
    assert "@" not in caplog.text, "nobody's address stands in the log"
    alter(rig, "UANA", deleted=False)
    assert mend(rig.office) == 1
    rig.run_on()
    assert rig.told()["ana"] == rig.told()["ben"] == 1


def test_who_is_known_by_e_mail_only_is_found_once(rig: Rig) -> None:
    with rig.database.changing() as tx:
        tx.execute(update(tables.people).values(slack_id=None))
    rig.queue(note("one", person="ana"), note("two", person="ana"))
    rig.run_on()
    rig.each_once("one", "two")
    assert [request.method for request in rig.slack.requests].count("users.lookupByEmail") == 1


def test_what_cannot_be_worded_stops_nothing_else(rig: Rig, caplog) -> None:
    rig.queue(replace(note("bad", person="ana"), content={}), note("good", person="ben"))
    rig.run_on()
    assert rig.parked() == {"bad": "not_worded"}
    assert rig.told()["good"] == 1


def test_an_admin_is_told_in_their_language(rig: Rig) -> None:
    rig.slack.workspace.change_person(ADMIN, locale="es-ES")
    change(rig, "CTEAM", is_archived=True)
    rig.queue(note("one", channel="CTEAM"))
    rig.run_on()
    assert "No pude entregar un mensaje en un canal" in notices(rig)[0]
