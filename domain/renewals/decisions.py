"""What was decided at the ends of terms gone by: renewed, reduced, lost, or still waiting; and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from domain.money import Money
from domain.renewals.renewals import Days
from domain.subscriptions import Span, Term, Version, spans, term_of

Result = Literal["renewed", "reduced", "lost", "waiting"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One end of one contract. decision_on: the notice date where it renewed by itself, else the end.

    after: what goes on a year, zero where lost; the amount before, where it is still waiting within the grace.
    settled_on: the day from which the result was known; None while waiting. gone_on: the day on which notice or a
    cancellation became known. reason, competitor: as the contract says, None where it says nothing.
    """

    version: Version
    ends_on: date
    decision_on: date
    result: Result
    before: Money
    after: Money
    term_months: int
    by_itself: bool = False
    settled_on: date | None = None
    gone_on: date | None = None
    reason: str | None = None
    competitor: str | None = None


def decisions(versions: Iterable[Version], period: Days, *, today: date, grace_days: int) -> tuple[Decision, ...]:
    """Every end of a paying term within the period and before today, by day; changes within a term are none.

    A successor that starts at the end (within the grace after it), or before it with a later end, renews; at a lower
    price it reduces. An auto-renewing contract renews by itself at each end that it lives through. A cancellation
    within a term is a loss on its day.
    """
    chain = tuple(versions)
    held = spans(chain, today=today, grace_days=grace_days)
    found = (made for span in held if span.version.paying for made in _of_span(span, held, today))
    within = (made for made in found if period.first <= made.ends_on <= period.last and made.ends_on < today)
    return tuple(sorted(within, key=lambda d: (d.ends_on, -d.before.amount, d.version.subscription_id)))


def _of_span(span: Span, held: Sequence[Span], today: date) -> Iterator[Decision]:
    version = span.version
    term = _term(version, held)
    if version.auto_renew and version.ends_on:
        yield from _by_itself(span, term, version.ends_on, today)
    if span.ended == "replaced" and span.successor:
        ends_on = _end_at(version, term, span.successor.starts_on)
        if ends_on and _renews(span.successor, ends_on):
            yield _followed(span, span.successor, min(ends_on, span.successor.starts_on), term)
    elif span.ended and span.until:
        yield _lost(span, span.until, term)
    elif not version.auto_renew and version.ends_on and version.ends_on <= today:
        yield _made(version, version.ends_on, term, "waiting", version.annual)


def _by_itself(span: Span, term: Term, first_end: date, today: date) -> Iterator[Decision]:
    ends_on = first_end
    times = 0
    while ends_on < (span.until or today):
        yield _made(span.version, ends_on, term, "renewed", span.version.annual, by_itself=True, settled_on=ends_on)
        times += 1
        ends_on = term.end(first_end, times)


def _end_at(version: Version, term: Term, day: date) -> date | None:
    """The end of the term that was running until the day."""
    if version.ends_on is None or not version.auto_renew:
        return version.ends_on
    return term.first_end(version.ends_on, after=day - timedelta(1))


def _renews(after: Version, ends_on: date) -> bool:
    return after.starts_on >= ends_on or after.ends_on is None or after.ends_on > ends_on


def _followed(span: Span, after: Version, ends_on: date, term: Term) -> Decision:
    before = span.version.annual
    settled = max(after.arrived_on, ends_on)
    if not after.paying:
        return _made(span.version, ends_on, term, "lost", before * 0, settled_on=settled, reason=after.change_reason)
    less = after.annual.currency == before.currency and after.annual.amount < before.amount
    result: Result = "reduced" if less else "renewed"
    return _made(span.version, ends_on, term, result, after.annual, settled_on=settled, reason=after.change_reason)


def _lost(span: Span, until: date, term: Term) -> Decision:
    version = span.version
    gone = version.notice_given_on or (version.cancelled_on if span.ended == "cancelled" else None)
    settled = max(span.known_on or until, until)
    reason, competitor = version.cancel_reason, version.competitor
    return _made(version, until, term, "lost", version.annual * 0, settled_on=settled, gone_on=gone, reason=reason,
                 competitor=competitor)  # fmt: skip


def _made(version: Version, ends_on: date, term: Term, result: Result, after: Money, *, by_itself: bool = False,
          settled_on: date | None = None, gone_on: date | None = None, reason: str | None = None,
          competitor: str | None = None) -> Decision:  # fmt: skip
    notice = timedelta(version.notice_days) if version.auto_renew and version.notice_days is not None else timedelta(0)
    return Decision(
        version=version, ends_on=ends_on, decision_on=ends_on - notice, result=result, before=version.annual,
        after=after, term_months=term.in_months, by_itself=by_itself, settled_on=settled_on, gone_on=gone_on,
        reason=reason, competitor=competitor,
    )  # fmt: skip


def _term(version: Version, held: Sequence[Span]) -> Term:
    earlier = (s.version for s in held if s.version.subscription_id == version.subscription_id)
    return term_of(version, [v for v in earlier if v.starts_on < version.starts_on])
