"""What the effect of a playbook is told from: its plays, and what came of each account by the day of its look.

One query for each kind of KPI, whatever the number of accounts; nothing that became known after that day enters.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from statistics import fmean
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_, case, func, or_, select

from domain.effects.eligible import ENDINGS, OF_REVENUE, PERCENT, Eligible, Look
from domain.kpis.kpis_values import Answers
from domain.money import Money, NoRate, Rates
from storage.database import Transaction
from storage.facts.asof import AsOf
from storage.importing import standing
from storage.later import later
from storage.playbooks import playbooks
from storage.playbooks import plays as storage_plays
from storage.scope import Scope
from storage.tables import (
    accounts,
    factors,
    milestones,
    orders,
    outcomes,
    plays,
    referrals,
    revenue_changes,
    subscriptions,
    surveys,
    tasks,
)

Condition = ColumnElement[bool]
NEWEST = timedelta(35)
"""Factors are kept of 35 days and of month ends: one of these is there in any 35 days."""


def eligible(tx: Transaction, name: str, scope: Scope) -> list[Eligible]:
    """Every play of the playbook in the scope, and every account that waits for it or is held out."""
    parents = accounts.alias("parents")
    group = (accounts.c.number, accounts.c.tier, accounts.c.parent_id, parents.c.number.label("parent"))
    query = (
        select(*storage_plays.COLUMNS, *group)
        .join_from(plays, accounts, plays.c.account == accounts.c.number)
        .outerjoin(parents, and_(parents.c.account_id == accounts.c.parent_id, accounts.c.parent_id != ""))
        .where(plays.c.playbook == name, scope.where())
        .order_by(plays.c.play_id)
    )
    rows = tx.execute(query).mappings().all()
    books = playbooks.of_versions(tx, {row["version"] for row in rows})
    done = _done(tx, [row["play_id"] for row in rows])
    notice = _notice(tx, [(row["play_id"], row["account"], row["eligible_on"]) for row in rows])
    unknown: dict[str, int] = {}
    return [
        Eligible(
            play := storage_plays.read(row),
            books[play.version],
            customer=row["parent"] or _unknown_parent(row, unknown),
            tier=row["tier"],
            notice_days=notice.get(play.play_id, 0),
            done=tuple(done.get(play.play_id, ())),
        )
        for row in rows
    ]


def _unknown_parent(row: Mapping[str, Any] | Any, seen: dict[str, int]) -> int:
    """Accounts of one parent that is no account itself share a number that no account has."""
    parent = row["parent_id"]
    return int(row["number"]) if not parent else seen.setdefault(parent, -1 - len(seen))


def _done(tx: Transaction, ids: Sequence[str]) -> dict[str, list[tuple[str, date]]]:
    query = select(tasks.c.play_id, tasks.c.activity, func.min(tasks.c.done_on))
    query = query.where(tasks.c.status == "done", tasks.c.activity.is_not(None), tasks.c.done_on.is_not(None))
    found: dict[str, list[tuple[str, date]]] = defaultdict(list)
    asked = standing.matching(tx, query, tasks.c.play_id, ids)
    for play_id, activity, day in tx.execute(asked.group_by(tasks.c.play_id, tasks.c.activity)):
        found[play_id].append((activity, day))
    return found


def _notice(tx: Transaction, starts: Sequence[tuple[str, int, date]]) -> dict[str, int]:
    """By play, of what was signed when it was eligible: where it renews by itself the decision is so much earlier."""
    names = {"play_id": plays.c.play_id, "account": plays.c.account, "since": plays.c.eligible_on}
    rows = standing.given(tx, starts, names)
    signed = and_(subscriptions.c.account == rows.c.account, subscriptions.c.known_on <= rows.c.since)
    query = select(rows.c.play_id, func.max(subscriptions.c.notice_days)).join_from(rows, subscriptions, signed)
    query = query.where(subscriptions.c.auto_renew, subscriptions.c.notice_days.is_not(None))
    return dict(tx.execute(query.group_by(rows.c.play_id)).all())


@dataclass(frozen=True)
class _Asked:
    """`rows`: the looks as a table of the database."""

    tx: Transaction
    looks: Mapping[str, Look]
    rows: FromClause
    rates: Rates
    time_zone: str

    def known(self, table: Table) -> Condition:
        """Rows of the account that were known on the day of the look."""
        return and_(table.c.account == self.rows.c.account, table.c.known_on <= self.rows.c.until)


def told(tx: Transaction, kpi: str, looks: Sequence[Look], *, rates: Rates, time_zone: str) -> dict[str, float]:
    """By play, in the unit of the KPI (ratios in %, a yes or no as 1 or 0); without those of whom it is not known."""
    if not looks:
        return {}
    columns = {
        "play_id": plays.c.play_id,
        "account": plays.c.account,
        "since": plays.c.eligible_on,
        "until": plays.c.ended_on,
    }
    rows = standing.given(tx, map(astuple, looks), columns)
    return READERS[kpi](_Asked(tx, {each.play_id: each for each in looks}, rows, rates, time_zone))


def _of_factors(measure: str, asked: _Asked) -> dict[str, float]:
    """The newest reading that is later than the day on which it was eligible, and no older than it can be."""
    rows = asked.rows
    mine = and_(
        factors.c.account == rows.c.account,
        factors.c.day > rows.c.since,
        factors.c.day <= rows.c.until,
        factors.c.day > later(rows.c.until, -NEWEST.days),
    )
    newest = (
        select(rows.c.play_id, rows.c.account, func.max(factors.c.day).label("day"))
        .join_from(rows, factors, mine)
        .where(factors.c.measure == measure)
        .group_by(rows.c.play_id, rows.c.account)
        .subquery()
    )
    same = and_(factors.c.account == newest.c.account, factors.c.day == newest.c.day)
    query = select(newest.c.play_id, factors.c.value).join_from(newest, factors, same)
    query = query.where(factors.c.measure == measure, factors.c.value.is_not(None))
    return {play_id: float(value) for play_id, value in asked.tx.execute(query)}


def _amounts(asked: _Asked) -> dict[str, tuple[float, float]]:
    """The annual amount when it was eligible and at the look, both as known at the look."""
    change, rows = revenue_changes, asked.rows
    sums = (
        func.sum(case((change.c.day <= rows.c.since, change.c.delta), else_=0), type_=change.c.delta.type),
        func.sum(change.c.delta, type_=change.c.delta.type),
    )
    query = select(rows.c.play_id, change.c.currency, *sums)
    query = query.join_from(rows, change, and_(asked.known(change), change.c.day <= rows.c.until))
    found: dict[str, tuple[float, float]] = dict.fromkeys(asked.looks, (0.0, 0.0))
    lacking = set()
    for play_id, currency, opening, closing in asked.tx.execute(query.group_by(rows.c.play_id, change.c.currency)):
        try:
            parts = [_converted(asked.rates, amount, currency) for amount in (opening, closing)]
        except NoRate:
            lacking.add(play_id)
        else:
            found[play_id] = found[play_id][0] + parts[0], found[play_id][1] + parts[1]
    return {play_id: amounts for play_id, amounts in found.items() if play_id not in lacking}


def _converted(rates: Rates, amount: Decimal, currency: str) -> float:
    return float(rates.convert(Money(amount, currency)).amount) if amount else 0.0


def _of_revenue(kpi: str, asked: _Asked) -> dict[str, float]:
    of = OF_REVENUE[kpi]
    return {play_id: of(*amounts) for play_id, amounts in _amounts(asked).items() if amounts[0] > 0}


def _of_ending(kpi: str, asked: _Asked) -> dict[str, float]:
    return {play_id: ENDINGS[kpi](closing) for play_id, (_opening, closing) in _amounts(asked).items()}


def _of_answers(kind: str, asked: _Asked) -> dict[str, float]:
    """Each contact's newest answer that came between both days."""
    rows, who = asked.rows, func.coalesce(func.nullif(surveys.c.contact_id, ""), "response " + surveys.c.response_id)
    query = select(rows.c.play_id, who, surveys.c.score, surveys.c.answered_at).join_from(
        rows, surveys, asked.known(surveys)
    )
    query = query.where(surveys.c.kind == kind, surveys.c.score.is_not(None), surveys.c.answered_at.is_not(None))
    last = max(each.until for each in asked.looks.values())
    seen, newest = AsOf(last, last, asked.time_zone), defaultdict[str, dict[str, int]](dict)
    for play_id, name, score, at in asked.tx.execute(query.order_by(surveys.c.answered_at, surveys.c.response_id)):
        if asked.looks[play_id].since < seen.on(at) <= asked.looks[play_id].until:
            newest[play_id][name] = score
    return {play_id: ANSWERED[kind](list(given.values())) for play_id, given in newest.items()}


def _nps(given: list[int]) -> float:
    scores = Answers({score: given.count(score) for score in given})
    return (scores.between(9, 10) - scores.between(0, 6)) / scores.n * PERCENT


ANSWERED: Mapping[str, Callable[[list[int]], float]] = {
    "nps": _nps,
    "csat": lambda given: fmean(score >= 4 for score in given) * PERCENT,
    "ces": fmean,
}


def _first_days(asked: _Asked, table: Table, day: ColumnElement[Any], *where: Condition) -> dict[str, date]:
    """The first day of something that had come and was known by the look."""
    rows = asked.rows
    query = select(rows.c.play_id, func.min(day)).join_from(rows, table, asked.known(table))
    query = query.where(day <= rows.c.until, *where).group_by(rows.c.play_id)
    return dict(asked.tx.execute(query).all())


def _of_milestone(name: str, asked: _Asked) -> dict[str, float]:
    """Whether it got there; of those who were there before nothing can be told."""
    found = _first_days(asked, milestones, milestones.c.reached_on, milestones.c.milestone == name)
    ahead = {play_id: each for play_id, each in asked.looks.items() if found.get(play_id, each.until) > each.since}
    return {play_id: float(play_id in found) for play_id in ahead}


def _days_to_value(asked: _Asked) -> dict[str, float]:
    """Who is not there at the look counts with all the days up to it, and is not dropped."""
    reached = milestones.c.reached_on
    found = _first_days(asked, milestones, reached, milestones.c.milestone == "first_value")
    days = {play_id: (found.get(play_id, each.until) - each.since).days for play_id, each in asked.looks.items()}
    return {play_id: float(count) for play_id, count in days.items() if count > 0}


def _of_event(table: Table, days: Sequence[ColumnElement[Any]], asked: _Asked) -> dict[str, float]:
    """Whether it came between both days."""
    rows = asked.rows
    between = or_(*(and_(day > rows.c.since, day <= rows.c.until) for day in days))
    query = select(rows.c.play_id).distinct().join_from(rows, table, asked.known(table)).where(between)
    came = set(asked.tx.execute(query).scalars())
    return {play_id: float(play_id in came) for play_id in asked.looks}


READERS: Mapping[str, Callable[[_Asked], dict[str, float]]] = {
    "licences": partial(_of_factors, "licences"),
    "core-features": partial(_of_factors, "core_features"),
    **{kpi: partial(_of_revenue, kpi) for kpi in OF_REVENUE},
    **{kpi: partial(_of_ending, kpi) for kpi in ENDINGS},
    **{kind: partial(_of_answers, kind) for kind in ANSWERED},
    "activation": partial(_of_milestone, "activated"),
    "conversion": partial(_of_milestone, "converted"),
    "time-to-value": _days_to_value,
    "outcomes": partial(_of_event, outcomes, (outcomes.c.confirmed_on,)),
    "referral": partial(_of_event, referrals, (referrals.c.introduced_on, referrals.c.converted_on)),
    "repeat-purchase": partial(_of_event, orders, (orders.c.ordered_on,)),
}
"""KPIs that can be told of one account; of the others the effect is not told."""
