"""The coming ends of contracts: when they end, until when one can still decide, who is leaving."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from domain.subscriptions import Span, Term, Version, leaves_on, spans, term_of

Kind = Literal["term", "month_to_month"]


class Days(Protocol):
    """A run of days, both ends included."""

    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Renewal:
    """decision_on: the notice date where it renews by itself, else the end. Days count from today; negative = past.

    leaving: notice or a cancellation is known; pending: past its end, within the grace, amount kept.
    """

    version: Version
    ends_on: date
    decision_on: date
    notice_on: date | None
    automatic: bool
    term_months: int
    kind: Kind
    leaving: bool
    pending: bool
    days_left: int
    days_to_decide: int


def renewals(versions: Iterable[Version], *, today: date, grace_days: int) -> tuple[Renewal, ...]:
    """The coming end of each in-force paying version without a signed successor; soonest first, then by amount.

    An auto-renewing version has its next end; an evergreen one has none until it is cancelled. Where a change within
    the term is already signed (more seats from next month), the end is that of the changed version.
    """
    chain = tuple(versions)
    return renewals_in(spans(chain, today=today, grace_days=grace_days), today=today)


def renewals_in(held: Iterable[Span], *, today: date) -> tuple[Renewal, ...]:
    """As `renewals`, of spans already at hand."""
    by_version = {id(span.version): span for span in held}
    coming = {
        id(last): last
        for span in by_version.values()
        if span.version.paying and span.covers(today) and (last := _last_signed(span, by_version, today))
    }
    found = [item for span in coming.values() if (item := _renewal(span, by_version, today))]
    return tuple(sorted(found, key=_soonest)) if len(found) > 1 else tuple(found)


def soonest(items: Sequence[Renewal]) -> Renewal | None:
    """The one to speak of first: of those that may still renew; a leaving one only where all leave."""
    if len(items) <= 1:
        return items[0] if items else None
    return min(items, key=lambda item: (item.leaving, *_soonest(item)))


def due(items: Iterable[Renewal], period: Days) -> tuple[Renewal, ...]:
    """Those whose term ends within the period, soonest first."""
    return tuple(sorted((i for i in items if period.first <= i.ends_on <= period.last), key=_soonest))


def _soonest(item: Renewal) -> tuple[date, object, str]:
    return item.ends_on, -item.version.annual.amount, item.version.subscription_id


def _term(span: Span, by_version: Mapping[int, Span]) -> Term:
    version = span.version
    if version.term_months:
        return Term(version.term_months)
    known = [s.version for s in by_version.values()]
    mine = [v for v in known if v.subscription_id == version.subscription_id and v.starts_on < version.starts_on]
    return term_of(version, mine)


def _end(version: Version, term: Term, today: date) -> date | None:
    if version.auto_renew and version.ends_on:
        return term.first_end(version.ends_on, after=today)
    return version.ends_on


def _last_signed(span: Span, by_version: Mapping[int, Span], today: date) -> Span | None:
    """Whose end is the coming one: its own, or that of a change signed within its term; None once renewed."""
    while span.ended == "replaced":
        after = by_version.get(id(span.successor))
        ends_on = _end(span.version, _term(span, by_version), today)
        if after is None or not after.version.paying or (ends_on and after.first >= ends_on):
            return None
        span = after
    return span


def _renewal(span: Span, by_version: Mapping[int, Span], today: date) -> Renewal | None:
    version = span.version
    term = _term(span, by_version)
    leaves = leaves_on(version, term, today)
    ends_on = leaves or _end(version, term, today)
    if ends_on is None:
        return None
    automatic = version.auto_renew and leaves is None
    notice_on = ends_on - timedelta(version.notice_days) if automatic and version.notice_days is not None else None
    decision_on, months = notice_on or ends_on, term.in_months
    return Renewal(
        version=version,
        ends_on=ends_on,
        decision_on=decision_on,
        notice_on=notice_on,
        automatic=automatic,
        term_months=months,
        kind="month_to_month" if months <= 1 else "term",
        leaving=leaves is not None,
        pending=leaves is None and ends_on <= today,
        days_left=(ends_on - today).days,
        days_to_decide=(decision_on - today).days,
    )
