"""On SQLite one `serve` at a time; a crashed one is forgotten; on PostgreSQL several."""

import socket
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from click.testing import CliRunner

import bot
from handlers import cli, residence
from handlers.delivery import clockwork
from handlers.delivery.clockwork import Clockwork
from handlers.delivery.jobs import timetable
from handlers.residence import Occupied, Residence, somebody_serves
from storage.database import Database, Unreachable
from storage.delivery import outbox
from tests.faults.rig import Rig, note
from tests.stage import settings

ELSEWHERE = "another-machine 1 0a0b0c0d"


def test_a_second_serve_is_refused_on_sqlite(sqlite_database: Database) -> None:
    assert not somebody_serves(sqlite_database)
    first = Residence(sqlite_database, ELSEWHERE)
    first.hold()
    assert somebody_serves(sqlite_database)
    with pytest.raises(Occupied):
        Residence(sqlite_database).hold()
    first.hold()
    first.leave()
    Residence(sqlite_database).hold()


def test_it_ends_with_code_3_and_says_why(sqlite_database: Database) -> None:
    Residence(sqlite_database, ELSEWHERE).hold()
    chosen = settings(sqlite_database, slack_bot_token="xoxb", slack_signing_secret="s")
    verbs = cli.verbs(open_desk=lambda day: bot.desk(chosen, day), serve=lambda: bot.serve(chosen))
    done = CliRunner().invoke(verbs, ["serve"])
    assert done.exit_code == 3
    assert "another-machine" in done.output
    assert "DATABASE_URL" in done.output
    assert "SQLite" in CliRunner().invoke(verbs, ["serve", "--help"]).output


def test_one_that_crashed_is_forgotten(sqlite_database: Database, monkeypatch) -> None:
    """At once where it ran here and runs no more; else when its lease is over."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    Residence(sqlite_database, f"{socket.gethostname()} {process.pid} 0a0b0c0d").hold()
    assert not somebody_serves(sqlite_database)
    mine = Residence(sqlite_database, ELSEWHERE)
    mine.hold()
    with pytest.raises(Occupied):
        Residence(sqlite_database).hold()
    monkeypatch.setattr(residence, "LEASE", timedelta(seconds=-1))
    mine.hold()
    Residence(sqlite_database, "third 1 0a0b0c0d").hold()


def test_one_that_is_alive_here_is_not_forgotten(sqlite_database: Database) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        Residence(sqlite_database, f"{socket.gethostname()} {process.pid} 0a0b0c0d").hold()
        with pytest.raises(Occupied):
            Residence(sqlite_database).hold()
        process.communicate(b"\n")


def test_a_lease_is_left_behind_where_the_database_is_away() -> None:
    Residence(Database("postgresql://nobody@127.0.0.1:1/none")).leave()


def test_several_serve_on_postgres(postgres_database: Database) -> None:
    for holder in (ELSEWHERE, "third 1 0a0b0c0d"):
        Residence(postgres_database, holder).hold()
    assert somebody_serves(postgres_database)


def test_it_ticks_by_itself_until_it_is_stopped(rig: Rig) -> None:
    """By real clocks: what is queued goes, what is queued after the end stays, and the lease is given back."""
    rig.real.tick = timedelta(seconds=1)
    place = Residence(rig.database)
    place.hold()
    running = Clockwork(rig.office, timetable(), place, lambda: None)
    running.start()
    rig.queue(note("ana", person="ana"), note("team", channel="CTEAM"))
    rig.slack.wait(lambda: len(rig.told()) == 2)
    running.stop()
    rig.queue(note("later", person="ben"))
    rig.each_once("ana", "team")
    assert rig.waiting() == ["later"]
    assert not somebody_serves(rig.database)
    assert not [thread for thread in threading.enumerate() if "APScheduler" in thread.name]


def test_a_database_that_is_away_is_told_once(rig: Rig, monkeypatch, caplog) -> None:
    """Each tick fails until it is back; the log does not fill up, and the message goes then."""
    monkeypatch.setattr(clockwork, "DELIVERY_S", 0.05)
    rig.queue(note("ana", person="ana"))
    back, tries = threading.Event(), []

    def claim(*given, **more):
        if not back.is_set():
            tries.append(1)
            raise Unreachable("somewhere", "gone")
        return original(*given, **more)

    original = outbox.claim
    monkeypatch.setattr(outbox, "claim", claim)
    place = Residence(rig.database)
    place.hold()
    running = Clockwork(rig.office, timetable(), place, lambda: None)
    running.start()
    rig.slack.wait(lambda: len(tries) > 5)
    assert not rig.told()
    back.set()
    rig.slack.wait(rig.told)
    running.stop()
    rig.each_once("ana")
    said = [record.getMessage() for record in caplog.records if record.name == "apuntador.clockwork"]
    assert said == ["deliver fails; it is tried again and again", "deliver works again"]
