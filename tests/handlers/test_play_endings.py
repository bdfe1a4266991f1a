"""Plays that end by themselves: measured, told of, and gone on with where they were not over."""

from datetime import date, timedelta

from sqlalchemy import select

from handlers.accounts.cases import cases
from handlers.ask import Ask
from handlers.playbooks import play_endings, play_reopen
from storage import changes, policies
from storage.database import Database
from storage.facts import facts
from storage.scope import operator
from storage.tables import plays, tasks
from tests.handlers.test_plays import ANA, on, said, start
from tests.stage import TODAY, Counter, read
from words import Words


def night(counter: Counter) -> int:
    policy, day = counter.desk.policy, counter.desk.today
    with counter.desk.database.changing() as tx:
        in_use, version = facts.in_use(tx, policy=policy), policies.current(tx, policy)
        found = cases(tx, policy, first=1, last=99, day=day, in_use=in_use, version=version, scope=operator())
        return play_endings.end(tx, policy, found, day)


def done(database: Database, *, but: int = 0) -> None:
    with database.changing() as tx:
        ids = list(tx.execute(select(tasks.c.task_id).order_by(tasks.c.due_on)).scalars())
        those = tasks.c.task_id.in_(ids[: len(ids) - but])
        tx.execute(tasks.update().values(status="done", done_on=TODAY).where(those))


def row(database: Database) -> dict:
    with database.transaction() as tx:
        return dict(tx.execute(select(plays)).mappings().one())


def digest(counter: Counter) -> str:
    return said(counter, "digest")


def test_all_done_it_ends_after_the_last_look_with_what_was_measured(sample_database: Database) -> None:
    with on(sample_database) as counter:
        start(counter, "globex")
    done(sample_database)
    with on(sample_database, 97) as counter:
        assert night(counter) == 0, "its last look is due"
    with on(sample_database, 98) as counter:
        assert (night(counter), night(counter)) == (1, 0)
        play = row(sample_database)
        assert (play["status"], play["ended_on"], play["result"]) == ("ended", TODAY + timedelta(98), "missed")
        assert play["note"].startswith(
            "Todo está hecho y la última revisión terminó. La meta: no se alcanzó. Pasó de 42"
        )
        assert "■ Globex · Low adoption ended by itself on 1 Mar 2027" in said(counter)
        assert "■ Ended by themselves: Globex, Low adoption (not reached)" in digest(counter)
        assert "no se alcanzó" in said(counter, "digest", lang="es")
        with sample_database.transaction() as tx:
            made = changes.latest(tx, "plays", {"play_id": play["play_id"]})
        assert made is not None
        assert (made.who, made.form) == ("rule", "rule")


def test_with_work_open_it_is_asked_about_before_it_ends_and_can_go_on(sample_database: Database) -> None:
    with on(sample_database) as counter:
        start(counter, "globex")
    done(sample_database, but=2)
    with on(sample_database, 98) as counter:
        assert night(counter) == 0
        assert "⏳ Its 95 days are over. 2 tasks are open" in said(counter)
        assert "Globex, Low adoption (2 tasks open)" in digest(counter)
    with on(sample_database, 103) as counter:
        assert night(counter) == 1
        play = row(sample_database)
        assert "Quedó abierto: " in play["note"]
        asked = Ask(counter.desk, counter.person(ANA), Words("en"), play["play_id"], token="V9")
        assert "From now on you close it" in str(play_reopen.view(asked))
        assert "goes on for Globex" in "\n".join(read(play_reopen.save(asked, None)))
        assert row(sample_database)["status"] == "running"
        assert open_tasks(sample_database) == 2
        assert night(counter) == 0, "whoever went on closes it"


def open_tasks(database: Database) -> int:
    with database.transaction() as tx:
        return len(tx.execute(select(tasks.c.task_id).where(tasks.c.status == "open")).all())


def test_what_was_put_off_on_purpose_is_waited_for(sample_database: Database) -> None:
    with on(sample_database) as counter:
        start(counter, "globex")
    with sample_database.changing() as tx:
        tx.execute(tasks.update().values(due_on=date(2027, 6, 1)))
    with on(sample_database, 120) as counter:
        assert night(counter) == 0
