"""`bot.py alerts`: what is due, to whom; posted here where nobody serves."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from handlers import cli
from handlers.delivery import outgoing
from handlers.delivery.delivery import LEASE, PACE
from handlers.residence import Residence
from playground import Fault
from tests.faults.rig import NINE, Rig, change, digest_of, note


def alerts(rig: Rig, *typed: str, token: bool = True, **more) -> Result:
    verbs = cli.verbs(open_desk=lambda _day: rig.replica(rig.database).desk, serve=lambda: None)
    verbs.add_command(outgoing.verb(open_office=lambda _: rig.office if token else None, **more))
    return CliRunner().invoke(verbs, ["alerts", *typed])


@pytest.fixture
def due(rig: Rig) -> Rig:
    rig.queue(note("ana", person="ana"), note("later", person="ben", due_at=NINE + timedelta(hours=1)))
    return rig


def test_a_dry_run_only_says_it(due: Rig) -> None:
    foreseen = note("new", channel="CTEAM")
    done = alerts(due, "--dry-run", "--json", foresee=lambda _: [foreseen], evaluate=lambda _: pytest.fail("written"))
    said = json.loads(done.stdout)
    assert [(each["key"], each["person"], each["channel"]) for each in said["due"]] == [
        ("ana", "ana@x.com", None), ("new", None, "CTEAM"),
    ]  # fmt: skip
    assert said["ended"] == {}
    assert due.waiting() == ["ana", "later"]
    assert not due.told()


def test_a_dry_run_does_not_say_what_will_be_merged(rig: Rig) -> None:
    old, new = digest_of("ana", day=NINE.date() - timedelta(1)), digest_of("ana", day=NINE.date())
    rig.queue(old, digest_of("ben", day=NINE.date() - timedelta(1)))
    done = alerts(rig, "--dry-run", "--json", foresee=lambda _: [new])
    assert {each["key"] for each in json.loads(done.stdout)["due"]} == {new.key, old.key.replace("ana", "ben")}


def test_where_nobody_serves_it_is_posted(due: Rig) -> None:
    done = alerts(due, evaluate=lambda _: due.queue(note("new", channel="CTEAM")))
    assert done.exit_code == 0, done.output
    assert "ana@x.com" in done.stdout
    assert due.each_once("ana", "new")
    assert due.waiting() == ["later"]


def test_where_somebody_serves_it_is_left_to_them(due: Rig) -> None:
    Residence(due.database).hold()
    assert alerts(due).exit_code == 0
    assert not due.told()


def test_without_a_token_it_is_queued(due: Rig) -> None:
    done = alerts(due, "--json", token=False)
    assert json.loads(done.stdout)["ended"] == {}
    assert not due.told()


def test_where_slack_is_out_of_reach_the_surroundings_are_wrong(due: Rig) -> None:
    due.slack.fail_next("chat.postMessage", Fault(status=500))
    done = alerts(due)
    assert (done.exit_code, "to be tried again: 1" in done.stderr) == (3, True)
    due.real.move(LEASE)
    due.slack.revoke()
    done = alerts(due, "--json")
    assert (done.exit_code, "does not take my token" in done.stderr) == (3, True)
    assert json.loads(done.stdout)["ended"] == {"parked": 1}
    due.slack.revoke(revoked=False)
    due.real.move(LEASE * 2)
    assert alerts(due).exit_code == 0
    assert due.told()["ana"] == 1


def test_what_was_parked_is_tried_again(due: Rig) -> None:
    change(due, "CTEAM", is_archived=True)
    due.queue(note("team", channel="CTEAM"))
    due.run()
    change(due, "CTEAM", is_archived=False)
    due.real.move(PACE)
    assert json.loads(alerts(due, "--json").stdout)["ended"] == {"posted": 1}
    assert due.told()["team"] == 1
