import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, func, select

from domain.accounts import Person
from domain.periods import Period
from domain.playbooks import moving
from domain.playbooks.goals import Goal
from domain.playbooks.plays import Play, Task
from domain.policies.policy import Policy
from domain.scopes import Filter
from storage import changes, tables
from storage.database import Database, Transaction
from storage.facts.asof import AsOf
from storage.kpis import kpis
from storage.playbooks import follow_up, goals, playbooks, plays, tasks
from storage.playbooks.plays import Start
from storage.scope import Scope, operator
from tests.domain.plays import MONDAY, activity, book, planned, play
from tests.storage.rows import TODAY, put, put_accounts, put_people

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BY_ANA: dict[str, Any] = {"token": "V1", "who": "ana@x.com", "at": NOW, "origin": "modal", "on": TODAY}
EVERYTHING = operator()
SEEN = AsOf(TODAY, TODAY)


@pytest.fixture
def accounts(database: Database) -> list[int]:
    with database.changing() as tx:
        put_people(tx)
        mine = put_accounts(tx, "Acme", "Bolt", csm="ana@x.com", tier="1", country="US")
        return [*mine, *put_accounts(tx, "Core", csm="ben@x.com")]


def begin(number: int, name: str = "Acme", **more: Any) -> Start:
    """A start as a form would make it."""
    playbook = book()
    made = play(play_id=plays.play_id("V1", f"id-{name}", "rescue"), account=number, version=0, **more)
    goal = Goal(
        f"{made.play_id}-goal", number, "licences", Decimal(70), MONDAY + timedelta(90), Decimal(51), Decimal(51)
    )
    return Start(replace(made, goal_id=goal.goal_id), playbook, planned(playbook, made).tasks, goal)


def began(tx: Transaction, number: int, name: str = "Acme", **more: Any) -> Play:
    start = begin(number, name, **more)
    assert plays.start(tx, [start], **BY_ANA)
    found = plays.get(tx, start.play.play_id, EVERYTHING)
    assert found
    return found


def test_a_start_is_written_whole_and_once(database: Database, accounts: list[int]) -> None:
    starts = [begin(accounts[0]), begin(accounts[1], "Bolt")]
    with database.changing() as tx:
        made = plays.start(tx, starts, **BY_ANA)
        assert len(made) == 2 + 2 + 10
        assert plays.start(tx, starts, **BY_ANA) == []
        assert changes.verify(tx) is None
        (kept,) = plays.of_account(tx, accounts[0], EVERYTHING)
        assert kept == replace(starts[0].play, version=kept.version)
        assert tuple(tasks.of_account(tx, accounts[0], EVERYTHING)) == starts[0].tasks
        assert goals.of_account(tx, accounts[0], SEEN, EVERYTHING) == [replace(starts[0].goal, current_on=TODAY)]
        assert playbooks.of_versions(tx, [kept.version]) == {kept.version: starts[0].playbook}


def test_a_form_sent_twice_at_once_starts_once(database: Database, accounts: list[int]) -> None:
    made: list[int] = []
    together = threading.Barrier(4)

    def send() -> None:
        together.wait()
        with database.changing() as tx:
            made.append(len(plays.start(tx, [begin(accounts[0])], **BY_ANA)))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 0, 0, 7]


def test_buttons_have_no_token_and_are_gestures_of_their_own(database: Database, accounts: list[int]) -> None:
    by = BY_ANA | {"token": ""}
    with database.changing() as tx:
        began(tx, accounts[0])
        first, second, *_ = tasks.of_account(tx, accounts[0], EVERYTHING)
        tasks.finish(tx, first, "done", **by)
        change = tasks.finish(tx, second, "done", **by)
        changes.undo(tx, change, who="ana@x.com", at=NOW, on=TODAY)
        now = tasks.of_account(tx, accounts[0], EVERYTHING)
    assert [task.status for task in now[:2]] == ["done", "open"]
    assert plays.play_id("", "a", "b") != plays.play_id("", "a", "b")


def test_a_start_is_taken_back_whole_unless_work_was_done(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        (first, *_) = plays.start(tx, [begin(accounts[0]), begin(accounts[1], "Bolt")], **BY_ANA)
        changes.undo(tx, first, who="ana@x.com", at=NOW, on=TODAY)
        assert plays.running(tx, EVERYTHING) == []
        assert tasks.of_accounts(tx, accounts, EVERYTHING) == {}
    with database.changing() as tx:
        (first, *_) = plays.start(tx, [begin(accounts[0])], **BY_ANA | {"token": "V2"})
        tasks.finish(tx, tasks.of_account(tx, accounts[0], EVERYTHING)[0], "done", **BY_ANA | {"token": "V3"})
    with pytest.raises(changes.Overtaken), database.changing() as tx:
        changes.undo(tx, first, who="ana@x.com", at=NOW, on=TODAY)
    with database.transaction() as tx:
        assert len(plays.running(tx, EVERYTHING)) == 1


def test_who_waited_waits_no_more_once_it_starts(database: Database, accounts: list[int]) -> None:
    """And may be compared with until then; taking the start back lets it wait again."""
    waiting = play(play_id="W1", account=accounts[0], status="waiting", assigned="capacity", started_on=None)
    other = replace(waiting, play_id="W2", account=accounts[1])
    with database.changing() as tx:
        plays.start(tx, [Start(waiting, book()), Start(other, book())], **BY_ANA)
        made = plays.start(tx, [begin(accounts[0])], **BY_ANA | {"token": "V2"})
        now = {
            p.play_id: (p.status, p.ended_on) for p in plays.running(tx, EVERYTHING, statuses=("waiting", "stopped"))
        }
        assert now == {"W1": ("stopped", TODAY), "W2": ("waiting", None)}
        changes.undo(tx, made[0], who="ana@x.com", at=NOW, on=TODAY)
        assert len(plays.running(tx, EVERYTHING, statuses=("waiting",))) == 2


def test_waves_are_numbered_by_version_and_told_of_by_scope(database: Database, accounts: list[int]) -> None:
    acme, bolt, core = accounts
    with database.changing() as tx:
        assert plays.waves_begun(tx, book().digest) == 0
        waiting = play(play_id="W1", account=core, status="waiting", started_on=None, wave=1)
        plays.start(tx, [begin(acme, wave=1), begin(core, "Core", wave=1), Start(waiting, book())], **BY_ANA)
        plays.start(tx, [begin(bolt, "Bolt", wave=2, started_on=MONDAY + timedelta(7))], **BY_ANA | {"token": "V2"})
        plays.start(
            tx, [Start(replace(waiting, play_id="W9", account=acme, wave=9), book())], **BY_ANA | {"token": "V3"}
        )
        assert plays.waves_begun(tx, book().digest) == 2, "a wave in which nobody started has no number"
        assert plays.waves_begun(tx, book(activity("F1", "D+5")).digest) == 0
        version = playbooks.current(tx, book())
        second, first = plays.waves(tx, EVERYTHING, "rescue")
        assert (second.version, second.number, second.began_on) == (version, 2, MONDAY + timedelta(7))
        assert (first.number, first.began_on, first.started, first.waiting) == (1, MONDAY, 2, 0)
        mine = Scope(Person("ben@x.com", "Ben", role="csm"), "own")
        assert [(wave.number, wave.started) for wave in plays.waves(tx, mine, "rescue")] == [(1, 1)]


def test_what_ended_by_itself_is_told_and_known_when_a_person_goes_on(database: Database, accounts: list[int]) -> None:
    by_rule = BY_ANA | {"token": "P-2026", "who": "rule", "origin": "rule"}
    with database.changing() as tx:
        mine = began(tx, accounts[0])
        assert plays.reopened(tx, [mine.play_id], "rule/") == set()
        after, moved = moving.close(
            mine, tasks.of_account(tx, accounts[0], EVERYTHING), "ended", result=None, note="x", today=TODAY
        )
        made = plays.write(tx, after, moved, was=mine, **by_rule)
        assert plays.ended(tx, EVERYTHING, after=TODAY - timedelta(1), until=TODAY) == [after]
        assert plays.ended(tx, EVERYTHING, after=TODAY, until=TODAY + timedelta(9)) == []
        assert plays.ended(tx, Scope(None), after=TODAY - timedelta(1), until=TODAY) == []
        changes.undo(tx, made or 0, who="ana@x.com", at=NOW, on=TODAY)
        assert plays.get(tx, mine.play_id, EVERYTHING) == mine
        assert plays.reopened(tx, [mine.play_id, "P0"], "rule/") == {mine.play_id}


def test_a_changed_playbook_is_a_new_version_and_plays_keep_theirs(database: Database, accounts: list[int]) -> None:
    other = book(activity("F1", "D+5", contact="champion"))
    with database.changing() as tx:
        kept = began(tx, accounts[0])
        assert playbooks.version(tx, book(), day=TODAY) == kept.version == playbooks.current(tx, book())
        assert playbooks.current(tx, other) is None
        newer = playbooks.version(tx, other, day=TODAY)
        books = playbooks.of_versions(tx, [kept.version, newer])
    assert (books[kept.version], books[newer]) == (book(), other)


def test_what_moved_is_written_as_one_gesture(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        running = began(tx, accounts[0])
        before = tasks.of_account(tx, accounts[0], EVERYTHING)
        days = tasks.casts(tx, accounts, EVERYTHING)[accounts[0]].workdays
        after, moved = moving.reschedule(running, before[0].task_id, date(2026, 12, 1), before, book(), days, TODAY)
        made = plays.write(tx, after, moved, **BY_ANA | {"token": "V2"})
        assert made
        assert plays.write(tx, after, moved, **BY_ANA | {"token": "V2"}) is None
        now = tasks.of_account(tx, accounts[0], EVERYTHING)
        assert {task.due_on for task in now if task.activity in {"B1", "B2", "F1"}} == {date(2026, 12, 1)}
        assert changes.accounts_of(tx, made) == {accounts[0]}
        changes.undo(tx, made, who="ana@x.com", at=NOW, on=TODAY)
        assert tasks.of_account(tx, accounts[0], EVERYTHING) == before


def test_a_task_that_another_changed_is_not_overwritten(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        running = began(tx, accounts[0])
        before = tasks.of_account(tx, accounts[0], EVERYTHING)
        after, _moved = moving.hand_over(running, before, owner="ben@x.com")
        tasks.finish(tx, before[0], "done", **BY_ANA | {"token": "V2"})
        closed, skipped = moving.close(running, before, "ended", result="missed", note="Why", today=TODAY)
    with pytest.raises(changes.Overtaken), database.changing() as tx:
        plays.write(tx, closed, skipped, **BY_ANA | {"token": "V3"})
    with database.changing() as tx:
        assert plays.write(tx, after, was=running, **BY_ANA | {"token": "V3"})
        with pytest.raises(changes.Overtaken):
            plays.write(tx, replace(running, owner="cleo@x.com"), was=running, **BY_ANA | {"token": "V4"})


def test_what_was_only_for_an_open_task_goes_with_it(database: Database, accounts: list[int]) -> None:
    playbook = book(activity("C1", "D+5"), activity("F3", "D+9", only_if_open="C1"))
    made = play(account=accounts[0])
    with database.changing() as tx:
        plays.start(tx, [Start(made, playbook, planned(playbook, made).tasks)], **BY_ANA)
        asked = tasks.get(tx, "P1-C1-1", EVERYTHING)
        change = tasks.finish(tx, asked, "done", playbook=playbook, **BY_ANA | {"token": "V2"})
        now = {t.activity: t.status for t in tasks.of_account(tx, accounts[0], EVERYTHING)}
        assert now == {"C1": "done", "F3": "skipped"}
        changes.undo(tx, change, who="ana@x.com", at=NOW, on=TODAY)
        assert {t.status for t in tasks.of_account(tx, accounts[0], EVERYTHING)} == {"open"}


def own(number: int, name: str, due_on: date, **more: Any) -> Task:
    return Task(name, number, "back", due_on, title="Call them", owner="ana@x.com", hours=1, **more)


def test_tasks_due_come_by_page_and_only_of_plays_that_run(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        began(tx, accounts[0])
        stopped = began(tx, accounts[1], "Bolt")
        plays.write(tx, replace(stopped, status="paused", paused_on=TODAY), **BY_ANA | {"token": "V2"})
        for name, day in (("t1", 1), ("t2", 2)):
            by = {name: value for name, value in BY_ANA.items() if name != "token"}
            tasks.add(tx, own(accounts[2], name, MONDAY + timedelta(day)), **by)
        until = MONDAY + timedelta(5)
        found = tasks.due(tx, EVERYTHING, until=until)
        first = tasks.due(tx, EVERYTHING, until=until, limit=2)
        rest = tasks.due(tx, EVERYTHING, until=until, after=first[-1].cursor)
        mine = tasks.due(tx, EVERYTHING, until=until, owners=["Ana@x.com"], sides=["front"])
    assert [d.task.activity or d.task.task_id for d in found] == ["B1", "t1", "B2", "t2", "F1"]
    assert first + rest == found
    assert [d.task.activity for d in mine] == ["F1"]
    assert (found[0].account_name, found[0].version, found[1].version) == ("Acme", 1, None)


def test_nobody_sees_the_plays_of_accounts_out_of_sight(database: Database, accounts: list[int]) -> None:
    ben = Scope(Person("ben@x.com", "Ben"), "own")
    with database.changing() as tx:
        running = began(tx, accounts[0])
        for found in (
            plays.running(tx, ben), plays.of_account(tx, accounts[0], ben), plays.of_page(tx, 1, 99, ben),
            plays.get(tx, running.play_id, ben), plays.counted(tx, ben), tasks.due(tx, ben, until=date.max),
            tasks.of_plays(tx, [running.play_id], ben), tasks.of_accounts(tx, accounts, ben),
            tasks.get(tx, f"{running.play_id}-B1-1", ben), goals.of_page(tx, 1, 99, SEEN, ben),
            goals.get(tx, running.goal_id, SEEN, ben),
        ):  # fmt: skip
            assert not found
        assert list(tasks.casts(tx, accounts, ben)) == [accounts[2]]
        assert plays.counted(tx, EVERYTHING) == {("rescue", "running"): 1}


def test_pages_cost_the_same_whatever_their_length(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        plays.start(tx, [begin(accounts[0]), begin(accounts[1], "Bolt")], **BY_ANA)
        asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        plays.of_page(tx, 1, 99, EVERYTHING)
        tasks.due(tx, EVERYTHING, until=date.max)
        tasks.of_accounts(tx, accounts, EVERYTHING)
        tasks.casts(tx, accounts, EVERYTHING)
        goals.of_page(tx, 1, 99, SEEN, EVERYTHING)
    assert len(asked) == 1 + 1 + 1 + 3 + 2


def test_starting_many_costs_few_statements(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        many = put_accounts(tx, *(f"A{n}" for n in range(20)))
        asked: list[str] = []
        starts = [begin(number, f"A{n}") for n, number in enumerate(many)]
        event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        assert len(plays.start(tx, starts, **BY_ANA)) == 20 * 7
        assert len(asked) < 60
        assert changes.verify(tx) is None


def test_hours_taken_are_of_the_whole_house(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        began(tx, accounts[0])
        put(tx, "people", {"email": "sid@x.com", "name": "Sid", "role": "csm", "function": "support",
                           "capacity_hours": 6.0})  # fmt: skip
        found = tasks.taken(tx, since=MONDAY, until=MONDAY + timedelta(20))
        (sid,) = [person for person in tasks.staff(tx) if person.email == "sid@x.com"]
        assert tasks.away(tx, ["ana@x.com", "gone@x.com"]) == {"gone@x.com"}
    week, next_week = MONDAY, MONDAY + timedelta(7)
    assert found == {
        ("ana@x.com", week): pytest.approx(1.5), ("sid@x.com", week): pytest.approx(0.25),
        ("ana@x.com", next_week): pytest.approx(1),
    }  # fmt: skip
    assert (sid.function, sid.hours) == ("support", 6)


def test_who_plays_on_an_account(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        put(tx, "account_team", {"account": accounts[0], "function": "Support", "email": "Sid@x.com"})
        put(tx, "contacts", {"contact_id": "c1", "account": accounts[0], "name": "Eva", "role": "champion"})
        cast = tasks.casts(tx, accounts, EVERYTHING)[accounts[0]]
    assert (cast.csm, cast.lead, cast.team, cast.country) == (
        "ana@x.com", "sofia@x.com", {"support": "sid@x.com"}, "US",
    )  # fmt: skip
    assert cast.contact("champion", TODAY) == "c1"


def test_readiness_is_counted_of_the_period_and_the_scope(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        began(tx, accounts[0])
        began(tx, accounts[1], "Bolt")
        by_hand = BY_ANA | {"token": "", "on": MONDAY + timedelta(3)}
        for number, names in ((accounts[0], ("B1", "B2", "F1")), (accounts[1], ("F1",))):
            mine = {task.activity: task for task in tasks.of_account(tx, number, EVERYTHING)}
            for name in names:
                tasks.finish(tx, mine[name], "done", **by_hand)
        found = {
            (days, name): kpis.count(
                kpis.Question(tx, Period(MONDAY, MONDAY + timedelta(days)), scope, Policy(), TODAY), ("plays",)
            ).readiness
            for days in (1, 6)
            for name, scope in (("all", EVERYTHING), ("ben", Scope(Person("ben@x.com", "Ben"), "own")))
        }
    assert found == {(1, "all"): (0, 0), (1, "ben"): (0, 0), (6, "all"): (1, 2), (6, "ben"): (0, 0)}


def test_progress_is_kept_with_its_days(database: Database, accounts: list[int]) -> None:
    by = {name: value for name, value in BY_ANA.items() if name not in {"token", "on"}}
    with database.changing() as tx:
        running = began(tx, accounts[0])
        for days, current in ((10, 60), (20, 72)):
            seen = AsOf(TODAY + timedelta(days), TODAY + timedelta(days))
            goal = goals.get(tx, running.goal_id, seen, EVERYTHING)
            goals.measure(tx, goal, Decimal(current), on=seen.day, **by)
        last = TODAY + timedelta(20)
        now = goals.get(tx, running.goal_id, AsOf(last, last), EVERYTHING)
        then = goals.get(tx, running.goal_id, AsOf(TODAY + timedelta(12), last), EVERYTHING)
    assert (now.current, now.current_on, now.achieved_on) == (72, last, last)
    assert (then.current, then.achieved_on) == (60, None)


def test_what_measures_say_of_goals_is_dated_and_nobodys_edit(database: Database, accounts: list[int]) -> None:
    days = [TODAY + timedelta(n) for n in (10, 20, 30)]
    with database.changing() as tx:
        running, other = began(tx, accounts[0]), began(tx, accounts[1], "Bolt")
        plays.write(tx, replace(other, status="stopped", ended_on=TODAY), **BY_ANA | {"token": "V2"})
        recorded = tx.execute(select(func.count()).select_from(tables.changes)).scalar_one()
        for day, value in zip(days, (60, 72, 65), strict=True):
            seen = AsOf(day, day)
            live = goals.of_live_plays(tx, accounts, seen)
            assert {number for number, those in live.items() if those} == {accounts[0]}
            measured = [(live[accounts[0]][0], Decimal(value))]
            assert goals.keep(tx, measured, on=day) == 1
            again = goals.of_live_plays(tx, accounts, seen)[accounts[0]]
            assert goals.keep(tx, [(again[0], Decimal(value))], on=day) == 0
        found = [goals.get(tx, running.goal_id, AsOf(day, days[-1]), EVERYTHING) for day in days]
        assert tx.execute(select(func.count()).select_from(tables.changes)).scalar_one() == recorded
        assert changes.verify(tx) is None
    assert [(goal.current, goal.achieved_on) for goal in found] == [(60, None), (72, days[1]), (65, days[1])]


def test_what_health_was_made_of_when_a_play_began(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        first, second = began(tx, accounts[0]), began(tx, accounts[1], "Bolt")
        for number, day in ((accounts[0], date(2026, 10, 31)), (accounts[0], date(2026, 12, 1)),
                            (accounts[1], date(2026, 9, 30))):  # fmt: skip
            put_factor(tx, number, day, 40.0)
        found = follow_up.began(tx, [first, second], EVERYTHING)
        assert found == {first.play_id: {"licences": 1}}
        assert follow_up.began(tx, [first, second], Scope(Person("ben@x.com", "Ben"), "own")) == {}
        live = follow_up.live(tx, EVERYTHING, "rescue")
        assert {play.play_id: country for play, country in live} == {first.play_id: "US", second.play_id: "US"}
        both = EVERYTHING.narrowed(Filter("numbers", f"{accounts[0]} {accounts[2]}"))
        assert sorted(plays.of_page(tx, 1, 99, both)) == [accounts[0]]


def test_what_similar_accounts_gained(database: Database, accounts: list[int]) -> None:
    with database.changing() as tx:
        same = put_accounts(tx, "S1", "S2", "S3", segment="SMB")
        for number, was, now in ((same[0], 40.0, 60.0), (same[1], 45.0, 40.0), (same[2], 90.0, 91.0)):
            for day, value in ((date(2026, 8, 31), was), (TODAY, now)):
                put_factor(tx, number, day, value)
        everyone = goals.gains(tx, "licences", EVERYTHING, today=TODAY, days=90, segment=None)
        near = goals.gains(tx, "licences", EVERYTHING, today=TODAY, days=90, segment="smb", near=45)
        others = goals.gains(tx, "licences", EVERYTHING, today=TODAY, days=90, segment="enterprise")
    assert everyone.gains == (-5, 1, 20)
    assert (near.gains, near.days) == ((-5, 20), 84)
    assert others.gains == ()


def put_factor(tx: Transaction, number: int, day: date, value: float) -> None:
    from sqlalchemy import insert

    from storage.tables import factors

    row = {"account": number, "day": day, "measure": "licences", "points": 1, "weight": 15, "value": value}
    tx.execute(insert(factors).values(row))
