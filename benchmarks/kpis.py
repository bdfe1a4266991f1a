"""How long a scorecard takes, beside the bare SQL sums that its metrics need, in the same run.

python -m benchmarks kpis [ACCOUNTS]        default: 100000 accounts with 240000 versions of contracts, a minute or two
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import text

from benchmarks.kpis_bare import BARE
from benchmarks.score import TODAY, put, timed
from domain.accounts import Person
from domain.kpis.kpis import METRICS
from domain.kpis.kpis_values import Counted
from domain.periods import Period
from domain.policies.policy import Policy
from domain.scopes import Filter
from handlers.renewals.fitting import fit
from storage import tables
from storage.database import Database
from storage.facts.facts import AsOf
from storage.kpis import kpis
from storage.renewals import revenue
from storage.schema import migrate
from storage.scope import Scope

MOST = 100_000
EACH = 60
NOW = Period(date(2025, 11, 23), date(2026, 11, 22))
BEFORE = Period(date(2024, 11, 23), date(2025, 11, 22))
MONTHS = tuple(
    Period(date(2025 + n // 12, n % 12 + 1, 1), date(2025 + (n + 1) // 12, (n + 1) % 12 + 1, 1) - timedelta(1))
    for n in range(11, 23)
)
POLICY = Policy.model_validate({"rates": {"worth": {"EUR": "1.08"}}, "hourly_rate": "60"})
FAMILIES = tuple({family: None for metric in METRICS.values() for family in metric.families})
KNOWN = {"known_on": date(2022, 1, 1)}
CSM = "csm1@example.com"


def main(arguments: Sequence[str] = ()) -> None:
    many = min(int(arguments[0]) if arguments else MOST, MOST)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        migrate(database)
        built = timed(lambda: build(database, many))
        print(f"{many:,} accounts, {many * 12 // 5:,} versions of contracts, built in {built:.1f} s")
        measure(database)
        database.close()


def measure(database: Database) -> None:
    with database.transaction() as tx:
        bare = {name: timed(lambda said=said: _bare(tx, said)) for name, said in BARE.items()}
        print("bare SQL sums of both periods, each with what it is for")
        for name, seconds in bare.items():
            print(f"  {name:46} {seconds:8.3f} s")
        whole = sum(bare.values())
        everyone = Person("", "", "operator")
        both = timed(lambda: scorecard(tx, everyone, Filter("all")))
        print(f"bare sums together               {whole:8.2f} s")
        print(f"scorecard of all                 {both:8.2f} s   {both / whole:6.1f} × bare")
        trend = timed(lambda: months(tx, everyone, Filter("all")))
        print(f"its trend over 12 months         {trend:8.2f} s   {trend / both:6.1f} × scorecard")
        for credit in ("start", "today"):
            few = timed(lambda credit=credit: scorecard(tx, Person(CSM, "", "csm"), Filter("own"), credit))
            print(f"one CSM's {EACH}, credit: {credit:12} {few * 1e3:8.0f} ms")
        few = timed(lambda: months(tx, Person(CSM, "", "csm"), Filter("own")))
        print(f"its trend over 12 months         {few * 1e3:8.0f} ms")


def scorecard(tx: Any, viewer: Person, wanted: Filter, credit: str = "start") -> Sequence[Counted]:
    policy = POLICY.model_copy(update={"credit": credit})
    scope = Scope(viewer, "all", (wanted,))
    asked = [kpis.Question(tx, period, scope, policy, TODAY, ranked=()) for period in (BEFORE, NOW)]
    return kpis.count_each(asked, FAMILIES)


def months(tx: Any, viewer: Person, wanted: Filter) -> Sequence[Counted]:
    return kpis.by_month(kpis.Question(tx, NOW, Scope(viewer, "all", (wanted,)), POLICY, TODAY), FAMILIES, MONTHS)


def _bare(tx: Any, said: str) -> None:
    for period in (BEFORE, NOW):
        days = {
            "today": TODAY,
            "first": period.first,
            "last": period.last,
            "recent": period.last - timedelta(28),
            "year_ago": period.first - timedelta(365),
            "year_before": period.last - timedelta(365),
        }
        tx.execute(text(said), {name: day.isoformat() for name, day in days.items() if f":{name}" in said}).all()


def build(database: Database, many: int) -> None:
    every = range(1, many + 1)
    put(database, tables.accounts, (an_account(n, many) for n in every))
    put(database, tables.history, (a_holder(n, many) for n in every if n % 4 == 0))
    put(database, tables.subscriptions, (version for n in every for version in versions(n)))
    put(database, tables.features, iter([{**KNOWN, "feature": "board", "product": "", "core": True}]))
    put(database, tables.surveys, (answer for n in every for answer in answers(n)))
    put(database, tables.touches, (touch for n in every for touch in touches(n)))
    put(database, tables.milestones, (step for n in every for step in milestones(n)))
    put(database, tables.costs, costs())
    put(database, tables.orders, (an_order(n) for n in every if n % 3 == 0))
    put(database, tables.outcomes, (an_outcome(n) for n in every if n % 3 == 0))
    put(database, tables.referrals, (a_referral(n) for n in every if n % 10 == 0))
    put(database, tables.usage, (use for n in every if n % 2 for use in uses(n)))
    with database.changing() as tx:
        revenue.rebuild(tx, 1, many, grace_days=POLICY.grace_days, currency=POLICY.currency, every=True)
    fit(database, POLICY, day=TODAY)


def an_account(number: int, many: int) -> dict[str, Any]:
    identity = {"number": number, "account_id": f"id{number}", "name": f"Account {number}", "folded": f"{number}"}
    held = {"segment": ("smb", "mid", "enterprise")[number % 3], "csm": _csm(number, many)}
    return {**KNOWN, **identity, **held, "customer_since": _since(number)}


def _csm(number: int, many: int) -> str:
    return f"csm{number % max(many // EACH, 2)}@example.com"


def _since(number: int) -> date:
    return date(2023, 1, 1) + timedelta(number * 7919 % 1300)


def a_holder(number: int, many: int) -> dict[str, Any]:
    day = date(2025, 1, 1) + timedelta(number % 500)
    mine = {"entity": "accounts", "entity_key": f'"id{number}"', "field": "csm", "account": number}
    return {**mine, "day": day, "known_on": day, "value": _csm(number, many), "assumed": False}


def versions(number: int) -> Iterator[dict[str, Any]]:
    """Two or three each, 2.4 in the mean: yearly, most renewed, some at another price, in another money, with a gap."""
    count = 3 if number % 5 in {1, 3} else 2
    currency = "EUR" if number % 10 == 0 else "USD"
    for turn in range(count):
        first = _since(number) + timedelta(365 * turn + (10 if number % 23 == 0 and turn else 0))
        last = first + timedelta(365) if number % 23 else first + timedelta(355)
        annual = Decimal(1200 + number % 50 * 120) * (10 + turn * (number % 4)) / 10
        mixed = "EUR" if number % 97 == 0 and turn == 1 else currency
        yield {
            **KNOWN, "subscription_id": f"s{number}", "account": number, "starts_on": first, "ends_on": last,
            "annual": annual, "currency": mixed, "seats": 10 + number % 40, "product": "", "status": "active",
            "auto_renew": number % 20 == 7, "change_reason": "indexation" if number % 11 == 0 and turn else None,
        }  # fmt: skip


def _at(number: int, spread: int) -> date:
    return TODAY - timedelta(1 + number * spread % 720)


def answers(number: int) -> Iterator[dict[str, Any]]:
    for kind, best in (("nps", 11), ("csat", 6)):
        at = AsOf(TODAY, TODAY).start(_at(number, len(kind) * 17))
        mine = {"response_id": f"{kind}{number}", "account": number, "contact_id": f"c{number}", "kind": kind}
        yield {**KNOWN, **mine, "score": number % best, "sent_at": at, "answered_at": at}


def touches(number: int) -> Iterator[dict[str, Any]]:
    for turn in range(4):
        at = AsOf(TODAY, TODAY).start(_at(number, 31 * (turn + 1)))
        yield {**KNOWN, "touch_id": f"t{number}-{turn}", "account": number, "at": at, "minutes": 15 + turn * 15}


def milestones(number: int) -> Iterator[dict[str, Any]]:
    for turn, name in enumerate(("acquired", "first_value", "activated", "converted")):
        if number % (turn + 2) or not turn:
            reached = _since(number) + timedelta(turn * 20 + number % 15)
            yield {**KNOWN, "account": number, "milestone": name, "contact_id": "", "reached_on": reached}


def costs() -> Iterator[dict[str, Any]]:
    for months in range(36):
        month = date(2024 + months // 12, months % 12 + 1, 1)
        for purpose in ("retention", "acquisition"):
            spent = {"kind": "salaries", "purpose": purpose, "currency": "USD", "amount": Decimal(9000)}
            yield {**KNOWN, "account": 0, "month": month, **spent}


def an_order(number: int) -> dict[str, Any]:
    bought = {"ordered_on": _at(number, 13), "amount": Decimal(90), "currency": "USD"}
    return {**KNOWN, "order_id": f"o{number}", "account": number, **bought}


def an_outcome(number: int) -> dict[str, Any]:
    reached = _at(number, 11) if number % 2 else None
    days = {"due_on": _at(number, 19), "achieved_on": reached, "confirmed_on": reached if number % 5 else None}
    return {**KNOWN, "outcome_id": f"w{number}", "account": number, "statement": "x", **days}


def a_referral(number: int) -> dict[str, Any]:
    kind = "external" if number % 20 else "internal"
    return {**KNOWN, "referral_id": f"r{number}", "account": number, "kind": kind, "introduced_on": _at(number, 23)}


def uses(number: int) -> Iterator[dict[str, Any]]:
    """Two days of a core feature in the last four weeks of each period."""
    for period in (BEFORE, NOW):
        for back in (3, 9):
            day = period.last - timedelta(back)
            used = {"active_users": 1 + (number + back) % 30, "events": number % 400, "feature": "board"}
            yield {"account": number, "day": day, "known_on": day, "product": "", **used}


if __name__ == "__main__":
    main(sys.argv[1:])
