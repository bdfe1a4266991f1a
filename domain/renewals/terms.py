"""The ends of terms that came in a period, and what became of each: renewed, reduced, lost, or still open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.money import Money
from domain.periods import Period
from domain.subscriptions import Span, Term, Version, spans, term_of


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of one term: annual amounts due and renewed. pending: past its end, within the grace, undecided."""

    version: Version
    on: date
    due: Money
    renewed: Money
    pending: bool = False


def terms(versions: Iterable[Version], period: Period, *, today: date, grace_days: int) -> tuple[Ended, ...]:
    """The terms of one account that ended in the period, as known today; by day.

    An auto-renewing contract ends a term whenever it moves on. Month to month never comes up for renewal; a contract
    that is cancelled before its end is due, and lost, on the day it ends.
    """
    chain = sorted(versions, key=lambda v: (v.starts_on, v.subscription_id))
    held = spans(chain, today=today, grace_days=grace_days)
    near = [span for span in held if span.version.paying and _touches(span, period)]
    found = [one for span in near for one in _of_span(span, chain, today)]
    return tuple(sorted((one for one in found if one.on in period), key=lambda one: one.on))


def _touches(span: Span, period: Period) -> bool:
    """Its end may lie in the period; one that waits for its renewal ends before it is replaced."""
    ends_on, auto = span.version.ends_on, span.version.auto_renew
    began = span.first <= period.last and ends_on is not None
    return began and (span.until is None or span.until >= period.first) and (auto or _ends(span, period))


def _ends(span: Span, period: Period) -> bool:
    days = (span.version.ends_on, span.until)
    return any(day is not None and day in period for day in days)


def _of_span(span: Span, chain: list[Version], today: date) -> Iterator[Ended]:
    version = span.version
    if version.ends_on is None:
        return
    earlier = [v for v in chain if v.subscription_id == version.subscription_id and v.starts_on < version.starts_on]
    term = term_of(version, earlier)
    if term.in_months <= 1:
        return
    last = version.ends_on
    if version.auto_renew:
        for on in _moved(version.ends_on, term, span.until, today):
            yield Ended(version, on, version.annual, version.annual)
        last = span.until or today
    yield from _last(span, last, today)


def _moved(ends_on: date, term: Term, until: date | None, today: date) -> Iterator[date]:
    """The ends at which it went on by itself."""
    times = 0
    while (on := term.end(ends_on, times)) <= today and (until is None or on < until):
        yield on
        times += 1


def _last(span: Span, end: date, today: date) -> Iterator[Ended]:
    """What became of the span itself, where it ended at, before or after its term."""
    version = span.version
    nothing = Money(Decimal(0), version.annual.currency)
    if span.until is None:
        if not version.auto_renew and end <= today:
            yield Ended(version, end, version.annual, nothing, pending=True)
        return
    if span.until > today and span.ended != "replaced":
        return
    if span.ended != "replaced":
        yield Ended(version, span.until, version.annual, nothing)
    elif span.until >= end and not version.auto_renew and end <= today:
        yield Ended(version, end, version.annual, _followed(span, nothing))
    elif version.auto_renew and _at_an_end(span) and span.until <= today:
        yield Ended(version, span.until, version.annual, _followed(span, nothing))


def _at_an_end(span: Span) -> bool:
    """Another version took over on the very day on which a term ended, not in the midst of one."""
    version, until = span.version, span.until
    return version.ends_on is not None and until is not None and term_of(version).last_end(
        version.ends_on, by=until
    ) == until  # fmt: skip


def _followed(span: Span, nothing: Money) -> Money:
    after = span.successor
    return after.annual if after and after.paying else nothing
