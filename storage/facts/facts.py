"""What is known of a page of accounts on a day: a constant number of queries, whatever the page's length."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from typing import Any

from sqlalchemy import Select, exists, or_, select

from domain.accounts import Account
from domain.facts import Facts, Usage
from domain.policies.policy import Policy
from storage import accounts
from storage.database import Transaction
from storage.facts import (
    activity,
    contacts,
    features,
    history,
    invoices,
    milestones,
    outcomes,
    renewal_calls,
    sentiments,
    subscriptions,
    supplies,
    surveys,
    tickets,
)
from storage.facts.activity import Activity
from storage.facts.asof import DAY, AsOf
from storage.facts.history import History
from storage.scope import Scope
from storage.tables import accounts as account_rows
from storage.tables import subscriptions as version_rows
from storage.within import Condition, numbered

DATED = (*(("accounts", field) for field in ("csm", "segment", "tier")), *outcomes.DATED)

_NEWEST = select(*tickets.NEWEST, *invoices.NEWEST)


def load(
    tx: Transaction, *, first: int, last: int, day: date, policy: Policy, scope: Scope, today: date | None = None
) -> list[Facts]:
    """The facts of the accounts numbered first…last that existed on `day`; `today` says that `day` is past."""
    seen = AsOf(day, today or day, policy.time_zone)
    within = numbered(first, last, scope)
    dated = history.read(tx, DATED, within, seen)
    held, invoiced = _existing(within.ask(tx, _rows, **seen.values).all(), dated)
    if not held:
        return []
    core = features.core(tx, policy.core_features)
    core_of = cache(partial(_core_of, core))
    used = activity.load(tx, within, day=day, core=core.keys())
    touches = contacts.spoken(tx, within, seen)
    opened, closed, issued, paid = tx.execute(_NEWEST, seen.values).one()
    tickets_on, invoices_on = tickets.latest(seen, opened, closed), max(filter(None, (issued, paid)), default=None)
    versions = subscriptions.versions(tx, within, seen)
    months = subscriptions.months(tx, within, seen, policy.currency)
    people = contacts.present(tx, within, seen, touches)
    recent = tickets.recent(tx, within, seen)
    answers = surveys.latest(tx, within, seen)
    goals = outcomes.known(tx, within, seen, dated)
    unpaid = invoices.unpaid(tx, within, seen)
    calls = renewal_calls.latest(tx, within, seen)
    steps = milestones.reached(tx, within, seen)
    felt = sentiments.of_present_csm(tx, within, seen, dated.replaced("csm"))
    return [
        Facts(
            account,
            day,
            versions=(mine := tuple(versions.get(number, ()))),
            months=tuple(months.get(number, ())),
            contacts=tuple(people.get(number, ())),
            usage=_usage(used[number], core_of(frozenset(v.product for v in mine))) if number in used else None,
            tickets=tuple(recent.get(number, ())),
            tickets_on=tickets_on,
            answers=tuple(answers.get(number, ())),
            outcomes=tuple(goals.get(number, ())),
            touched_on=touches.of_account.get(number),
            invoices=tuple(unpaid.get(number, ())),
            invoices_on=invoices_on if number in invoiced else None,
            calls=tuple(calls.get(number, ())),
            sentiment=felt.get(number),
            milestones=tuple(steps.get(number, ())),
        )
        for number, account in held.items()
    ]


def in_use(tx: Transaction, *, policy: Policy) -> frozenset[str]:
    """The measures for which the organisation supplies anything at all; the others leave the scale once for all."""
    return supplies.in_use(tx, policy.core_features)


def _existing(rows: Sequence[Any], dated: History) -> tuple[dict[int, Account], set[int]]:
    """By number, with the CSM, segment and tier of the day; and the numbers of those that have any invoices."""
    found: dict[int, Account] = {}
    invoiced = set()
    for *columns, has_invoices in rows:
        account = accounts.of_columns(columns)
        found[account.number] = account
        if has_invoices:
            invoiced.add(account.number)
    for (number, _key, field), (value, _day) in dated.values("accounts").items():
        if number in found:
            then: dict[str, Any] = {field: value}
            found[number] = replace(found[number], **then)
    return found, invoiced


def _rows(where: Condition) -> Select[Any]:
    """Of the accounts that existed by the day."""
    started = exists().where(version_rows.c.account == account_rows.c.number, version_rows.c.starts_on <= DAY)
    existed = or_(account_rows.c.known_on <= DAY, account_rows.c.customer_since <= DAY, started)
    invoiced = invoices.INVOICED.label("invoiced")
    return select(*accounts.COLUMNS, invoiced).where(where, existed).order_by(account_rows.c.number)


def _core_of(core: Mapping[str, str], products: Collection[str]) -> frozenset[str]:
    """The core features of an account's products; all of them where no product of it is told."""
    named = {product for product in products if product}
    return frozenset(feature for feature, product in core.items() if not named or not product or product in named)


def _usage(used: Activity, core: Collection[str]) -> Usage:
    recent, earlier = used.means
    counts = (len(used.features.intersection(core)), len(core)) if used.feature_on and core else (None, None)
    return Usage(
        newest_on=used.newest_on,
        active=used.active,
        basis=used.basis,
        recent=recent[0] if recent else None,
        recent_days=recent[1] if recent else 0,
        earlier=earlier[0] if earlier else None,
        earlier_days=earlier[1] if earlier else 0,
        core_used=counts[0],
        core_total=counts[1],
        core_on=used.feature_on,
    )
