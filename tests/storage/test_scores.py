from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from domain.accounts import Account
from domain.health.scores import Cap, Factor, Health, Reading
from domain.policies.policy import Policy
from storage import policies, scores
from storage.database import Database
from storage.scope import operator
from storage.tables import factors
from tests.storage.rows import TODAY, put_accounts


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def reading_of(number: int, day: date, score: int | None, points: int = 7, state: str = "yellow") -> Health:
    reading = Reading("licences", Decimal("51.0"), day, 0.5, {}, "fresh", 14)
    factor = Factor("licences", "adoption", reading, 15, points, 15.0, 15.0)
    cap = Cap("champion_left", "yellow", {}) if state == "yellow" else None
    return Health(Account(number, f"a{number}", "x"), day, state, score, 90, factors=(factor,), cap=cap)


def test_a_day_saved_twice_is_saved_once(database: Database) -> None:
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme")
        version = policies.version(tx, Policy(), day=TODAY)
        for points in (7, 9):
            scores.save(tx, TODAY, [reading_of(acme, TODAY, 58, points)], policy_version=version)
        newest = scores.latest(tx, [acme], operator())[acme]
        kept = tx.execute(select(factors.c.points, factors.c.value, factors.c.weight)).all()
    assert (newest.score, newest.state, newest.cap, newest.coverage, newest.day) == (
        58,
        "yellow",
        "champion_left",
        90,
        TODAY,
    )
    assert [tuple(row) for row in kept] == [(9, 51.0, 15)]


def test_a_policy_has_one_version_by_its_digest(database: Database) -> None:
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme")
        assert policies.current(tx, Policy()) is None
        first = policies.version(tx, Policy(), day=ago(3))
        assert policies.version(tx, Policy(visibility="own"), day=TODAY) == first
        scores.save(tx, ago(1), [reading_of(acme, ago(1), 58)], policy_version=first)
        assert not policies.needs_rescoring(tx, Policy())
        assert policies.needs_rescoring(tx, Policy(grace_days=5))
        assert policies.version(tx, Policy(grace_days=5), day=TODAY) != first
        assert policies.last_used(tx) == (first, 30)


def test_changes_compare_within_one_version_and_35_days(database: Database) -> None:
    with database.changing() as tx:
        one, two = put_accounts(tx, "One", "Two")
        first = policies.version(tx, Policy(), day=ago(99))
        other = policies.version(tx, Policy(grace_days=5), day=ago(99))
        for back, version, points in ((36, first, 1), (33, first, 3), (31, first, 5), (30, other, 6), (29, first, 8)):
            scores.save(tx, ago(back), [reading_of(one, ago(back), 50 + points, points)], policy_version=version)
        then = scores.factors_on(tx, [one, two], ago(30), policy_version=first, scope=operator())
        assert {n: (t.score, t.points, t.day) for n, t in then.items()} == {one: (55, {"licences": 5}, ago(31))}
        assert scores.factors_on(tx, [one], ago(70), policy_version=first, scope=operator()) == {}
        line = scores.series(tx, one, policy_version=first, first=ago(33), last=TODAY, scope=operator())
    assert [(s.day, s.score) for s in line] == [(ago(33), 53), (ago(31), 55), (ago(29), 58)]


def test_factors_are_kept_for_35_days_and_month_ends(database: Database) -> None:
    days = [TODAY, ago(35), ago(36), date(2026, 9, 30), date(2024, 2, 29), date(2026, 9, 29)]
    with database.changing() as tx:
        (acme,) = put_accounts(tx, "Acme")
        version = policies.version(tx, Policy(), day=TODAY)
        for day in days:
            scores.save(tx, day, [reading_of(acme, day, 58)], policy_version=version)
        scores.purge(tx, TODAY)
        left = set(tx.execute(select(factors.c.day)).scalars())
        assert len(scores.series(tx, acme, first=date(2024, 1, 1), last=TODAY, scope=operator())) == len(days)
    assert left == {TODAY, ago(35), date(2026, 9, 30), date(2024, 2, 29)}


def test_states_are_counted_on_the_last_day(database: Database) -> None:
    with database.changing() as tx:
        one, two, three = put_accounts(tx, "One", "Two", "Three")
        version = policies.version(tx, Policy(), day=TODAY)
        assert scores.counts(tx, operator()) == {None: 3}
        scores.save(tx, ago(1), [reading_of(n, ago(1), 20, state="red") for n in (one, two)], policy_version=version)
        readings = [
            reading_of(n, TODAY, s, state=st)
            for n, s, st in ((one, 60, "yellow"), (two, 61, "yellow"), (three, None, "unknown"))
        ]
        scores.save(tx, TODAY, readings, policy_version=version)
        assert scores.counts(tx, operator()) == {"yellow": 2, "unknown": 1}
        assert scores.scored(tx, ago(3), TODAY) == [ago(1), TODAY]


def test_the_highest_value_that_loses_points_on_the_last_day(database: Database) -> None:
    with database.changing() as tx:
        acme, globex, initech = put_accounts(tx, "Acme", "Globex", "Initech")
        version = policies.version(tx, Policy(), day=TODAY)
        scores.save(tx, ago(1), [silent(initech, ago(1), 130, 2)], policy_version=version)
        of_today = (silent(acme, TODAY, 74, 3), silent(globex, TODAY, 96, 1), silent(initech, TODAY, 400, 7))
        scores.save(tx, TODAY, of_today, policy_version=version)
        assert scores.highest(tx, operator(), "sponsor") == "id-Globex"
        assert scores.highest(tx, operator(), "licences") is None


def silent(number: int, day: date, days: int, points: int) -> Health:
    reading = Reading("sponsor", Decimal(days), day, points / 7, {}, "fresh", 400)
    factor = Factor("sponsor", "relationship", reading, 7, points, 7.0, 7.0)
    return Health(Account(number, f"a{number}", "x"), day, "yellow", 58, 90, factors=(factor,))
