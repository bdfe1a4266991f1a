"""What runs: how far each goal is, when it is to be looked at, and what the follow-up then says."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import event, select

import bot
from domain.policies.policy import Policy
from handlers.accounts.cases import cases
from handlers.accounts.situations import of_range
from handlers.ask import Ask
from handlers.outcomes import goal_progress
from handlers.playbooks import play_decision, play_start
from storage import policies
from storage.database import Database
from storage.facts import facts
from storage.scope import operator
from storage.tables import goals, history, plays, subscriptions, tasks
from tests.stage import TODAY, Counter, read, settings
from words import Words

ANA, NEW = "ana@example.com", "constructora-penalba"


@contextmanager
def on(database: Database, days: int = 0) -> Iterator[Counter]:
    desk = bot.desk(settings(database), TODAY + timedelta(days))
    yield Counter(desk)
    desk.exports.shutdown()
    desk.database.close()


def start(counter: Counter, account: str, book: str = "low-adoption", due_on: date | None = None) -> None:
    asked = Ask(counter.desk, counter.person(ANA), Words("en"), f"{book} {account}", token=f"V-{account}-{book}")
    play_start.save(asked, play_start.Entered("They asked", Decimal(90), due_on, None))


def said(counter: Counter, text: str = "playbook plays", **more: str) -> str:
    return "\n".join(read(counter.asked(text, by=ANA, **more)))


def test_nothing_runs_before_anything_is_started(sample_database: Database) -> None:
    with on(sample_database) as counter:
        assert "No play is running" in said(counter)


def test_a_play_says_where_its_goal_is_and_when_it_is_looked_at(sample_database: Database) -> None:
    with on(sample_database) as counter:
        start(counter, "globex")
        told = said(counter)
    assert "Globex · Low adoption" in told
    assert "→ 90" in told
    assert "Next look: " in told
    assert "to be looked at" not in told
    assert "adjust" not in told, "before its first day a rule would speak of what is not to be expected yet"
    for label in ("[Stop…]", "[Pause…]", "[Hand over…]"):
        assert label in told


def test_on_its_day_it_is_to_be_looked_at_and_told_what_to_do(sample_database: Database) -> None:
    with on(sample_database) as counter:
        start(counter, "globex")
        start(counter, "acme")
    with on(sample_database, 21) as counter:
        told = said(counter)
        shown = said(counter, "playbook show low-adoption")
        listed = said(counter, "playbook list")
        spoken = said(counter, "playbook plays low-adoption mias", lang="es")
    assert "2 plays · 2 to be looked at" in told
    assert "adjust: Flat." in told
    assert "2 plays are running" in shown
    assert "2 to be looked at" in shown
    assert "2 running · 🔎 2 to be looked at" in listed
    assert "por revisar" in spoken
    with on(sample_database, 30) as counter:
        assert "to be looked at" not in said(counter), "a week later the day has passed"


def test_alerts_and_the_list_look_on_the_same_working_day(sample_database: Database) -> None:
    """D+5 of a Monday is a Saturday: both look on the Monday after, for a week."""
    with on(sample_database) as counter:
        books = counter.desk.playbooks.playbooks
        saturday = books["low-adoption"].follow_up.model_copy(update={"days": ("D+5",)})
        books["low-adoption"] = books["low-adoption"].model_copy(update={"follow_up": saturday})
        start(counter, "globex")
    for days, looked in ((5, False), (7, True), (13, True), (14, False)):
        with on(sample_database, days) as counter:
            assert ("to be looked at" in said(counter)) is looked, days
            with sample_database.transaction() as tx:
                seen = of_range(tx, counter.desk.policy, operator(), counter.desk.today, first=1, last=99)
            due = next(s.weekly[0]["follow_up_days"] for s in seen if s.facts.account.account_id == "globex")
            assert (due is not None and float(str(due)) <= 6) is looked, days


def test_it_names_the_playbook_to_go_on_with(sample_database: Database) -> None:
    with on(sample_database) as counter:
        start(counter, NEW, "onboarding")
    with on(sample_database, 76) as counter:
        told = said(counter, "playbook plays onboarding")
    assert "stop: 75 days without first value" in told
    assert "[Go on with “At-risk rescue”…]" in told


def test_what_others_run_is_theirs(sample_database: Database) -> None:
    with on(sample_database) as counter:
        start(counter, "globex")
        assert "No play is running" in "\n".join(read(counter.asked("playbook plays", by="luis@example.com")))
        assert "Globex" in "\n".join(read(counter.asked("playbook plays all", by="luis@example.com")))
        refused = counter.asked("playbook plays low-adopton", by=ANA)
    assert refused.offered[0] == "playbook plays low-adoption"


def test_a_page_costs_the_same_whatever_it_holds(sample_database: Database) -> None:
    asked: list[str] = []

    def cost(counter: Counter) -> int:
        asked.clear()
        said(counter)
        return len(asked)

    with on(sample_database) as counter:
        event.listen(counter.desk.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        start(counter, "globex")
        one = cost(counter)
        start(counter, "acme")
        start(counter, "acme", "quarterly-review")
        assert cost(counter) == one


def refresh(counter: Counter, policy: Policy, day: date) -> int:
    database = counter.desk.database
    with database.changing() as tx:
        in_use, version = facts.in_use(tx, policy=policy), policies.current(tx, policy)
        found = cases(tx, policy, first=1, last=99, day=day, in_use=in_use, version=version, scope=operator())
        return goal_progress.refresh(tx, policy, found, day)


def test_goals_follow_their_measure_with_its_days_and_nobody_edits_them(sample_database: Database) -> None:
    with on(sample_database) as counter:
        start(counter, "globex")
        start(counter, "acme", "quarterly-review")
        policy = counter.desk.policy
        assert refresh(counter, policy, TODAY) == 0, "it is where it was when it was set"
        with sample_database.changing() as tx:
            tx.execute(goals.update().values(current=Decimal(1)).where(goals.c.playbook == "low-adoption"))
            tx.execute(history.update().values(value="1").where(history.c.entity == "goals"))
        assert refresh(counter, policy, TODAY) == 1, "a result is what a person says"
        with sample_database.transaction() as tx:
            play = tx.execute(select(plays.c.goal_id).where(plays.c.playbook == "low-adoption")).scalar_one()
            goal = tx.execute(select(goals).where(goals.c.goal_id == play)).mappings().one()
            kept = tx.execute(
                select(history.c.value).where(history.c.entity == "goals", history.c.entity_key.contains(play))
            ).scalars()
            assert goal["current"] == goal["baseline"]
            assert [Decimal(value) for value in kept] == [goal["current"]]


def test_a_moved_decision_is_told_moves_its_dates_and_is_taken_back(sample_database: Database) -> None:
    with on(sample_database) as counter:
        start(counter, "globex", "renewal-120")
        before = counted(sample_database)
        assert "the account's next one" not in said(counter)
        with sample_database.changing() as tx:
            number = tx.execute(select(plays.c.account)).scalar_one()
            theirs = subscriptions.c.account == number
            for row in tx.execute(select(subscriptions.c.subscription_id, subscriptions.c.ends_on).where(theirs)).all():
                mine = subscriptions.c.subscription_id == row.subscription_id
                if row.ends_on:
                    tx.execute(subscriptions.update().where(mine).values(ends_on=row.ends_on + timedelta(30)))
        told = said(counter)
        assert "It counts from a decision on 20 Jan 2027; the account's next one is on 19 Feb 2027." in told
        assert "[Move its dates…]" in told
        with sample_database.transaction() as tx:
            play = tx.execute(select(plays.c.play_id)).scalar_one()
        asked = Ask(counter.desk, counter.person(ANA), Words("en"), play, token="V-decision")
        assert "Executive call" in str(play_decision.view(asked))
        made = play_decision.save(asked, None)
        assert {day - was for (_, was), (_, day) in zip(before, counted(sample_database), strict=True)} >= {
            timedelta(30)
        }
        assert "the account's next one" not in said(counter)
        undo = re.search(r"undo \d+", str(made.blocks))
        assert undo
        assert "Taken back" in said(counter, undo[0])
        assert counted(sample_database) == before


def counted(database: Database) -> list[tuple[str, date]]:
    """Open tasks and the goal, each with its day."""
    with database.transaction() as tx:
        mine = select(tasks.c.task_id, tasks.c.due_on).where(tasks.c.status == "open").order_by(tasks.c.task_id)
        aim = select(goals.c.goal_id, goals.c.due_on).where(goals.c.playbook == "renewal-120")
        return [tuple(row) for row in (*tx.execute(mine), *tx.execute(aim))]
