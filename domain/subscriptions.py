"""Subscriptions as versions: a row with the same id and a later start replaces the earlier one from that day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from domain.days import AVERAGE_MONTH, add_months, whole_months
from domain.money import Money

Status = Literal["active", "trialing", "paused"]
Ended = Literal["replaced", "cancelled", "notice", "expired"] | None


@dataclass(frozen=True, slots=True)
class Version:
    """`annual` is exact: month x12, quarter x4, year x1. `ends_on` is the first day not covered; None is evergreen."""

    subscription_id: str
    starts_on: date
    annual: Money
    product: str = ""
    ends_on: date | None = None
    seats: int | None = None
    term_months: int | None = None
    auto_renew: bool = False
    notice_days: int | None = None
    status: Status = "active"
    cancelled_on: date | None = None
    notice_given_on: date | None = None
    cancel_reason: str | None = None
    competitor: str | None = None
    renews: str | None = None
    change_reason: str | None = None
    known_on: date | None = None

    @property
    def paying(self) -> bool:
        """Active at a price; trialing, paused and free are not paying."""
        return self.status == "active" and self.annual.amount > 0

    @property
    def arrived_on(self) -> date:
        """The day from which it is known; its own start where none was recorded."""
        return self.known_on or self.starts_on


@dataclass(frozen=True, slots=True)
class Month:
    """A monthly figure, for those who have only these: holds from the 1st until the next row; `annual` = 12 x mrr."""

    month: date
    annual: Money
    known_on: date | None = None

    @property
    def mrr(self) -> Decimal:
        return self.annual.amount / 12

    @property
    def arrived_on(self) -> date:
        """The day from which it is known; its own month where none was recorded."""
        return self.known_on or self.month


class Span(NamedTuple):
    """When a version is in force: first ≤ day < until; `until` None is open as far as is known.

    known_on: the day from which that end is known, None while open. successor: the version that follows it, signed
    or in force, also where a gap lies between.
    """

    version: Version
    first: date
    until: date | None
    known_on: date | None
    ended: Ended
    successor: Version | None = None

    def covers(self, day: date) -> bool:
        """In force on the day."""
        return self.first <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Term:
    """The length by which an auto-renewing version moves on: whole months, or days where months do not fit."""

    months: int
    days: int = 0

    def end(self, ends_on: date, times: int) -> date:
        """`ends_on` moved on so many terms; counted from `ends_on` itself, so that a 31st does not drift."""
        if not times:
            return ends_on
        return ends_on + timedelta(self.days * times) if self.days else add_months(ends_on, self.months * times)

    def first_end(self, ends_on: date, *, after: date) -> date:
        """The first end later than `after`."""
        return self.end(ends_on, self.passed(ends_on, after))

    def last_end(self, ends_on: date, *, by: date) -> date:
        """The last end on or before `by`; `ends_on` itself where it is later."""
        return self.end(ends_on, max(self.passed(ends_on, by) - 1, 0))

    def passed(self, ends_on: date, by: date) -> int:
        """How many ends came by the day."""
        if ends_on > by:
            return 0
        length = self.days or self.months * AVERAGE_MONTH
        times = max(int((by - ends_on).days / length) - 1, 0)
        while self.end(ends_on, times) <= by:
            times += 1
        return times

    @property
    def in_months(self) -> int:
        """Rounded where it is counted in days, at least 1."""
        return self.months or max(round(self.days / AVERAGE_MONTH), 1)


def term_of(version: Version, earlier: Iterable[Version] = ()) -> Term:
    """`term_months`, else the length of the last term: from the first of its versions with the same end."""
    if version.term_months:
        return Term(version.term_months)
    if version.ends_on is None:
        return Term(12)
    first = min([version.starts_on, *(v.starts_on for v in earlier if v.ends_on == version.ends_on)])
    return term_between(first, version.ends_on)


@lru_cache(10_000)
def term_between(first: date, ends_on: date) -> Term:
    """Whole months where they fit, else days."""
    months = whole_months(first, ends_on)
    return Term(months) if months else Term(0, max((ends_on - first).days, 1))


def spans(versions: Iterable[Version], *, today: date, grace_days: int) -> tuple[Span, ...]:
    """When each version of one account is in force, as known on `today`; sorted by start and id.

    starts_on ≤ d < min(ends_on, cancelled_on, start of the successor). Past ends_on without a successor: notice given
    ends there, auto-renewing goes on, else pending through the grace (open) and from then on expired at ends_on, at
    once where a successor after the grace is signed. A successor is the next version of the same id, a subscription
    whose `renews` names it, or one of the same product that starts within the grace of the former end.
    """
    chain = sorted(versions, key=_order)
    after = _successors(chain, grace_days) if len(chain) > 1 else {}
    found = (_span(version, after.get(id(version)), chain, today, grace_days) for version in chain)
    return tuple(span for span in found if span.until is None or span.first < span.until)


def in_force(
    versions: Iterable[Version], day: date, *, grace_days: int, today: date | None = None
) -> tuple[Version, ...]:
    """The versions in force on `day`, as known on `today` (default: the day itself)."""
    return tuple(s.version for s in spans(versions, today=today or day, grace_days=grace_days) if s.covers(day))


def seats(versions: Iterable[Version], day: date, *, grace_days: int) -> int | None:
    """Seats in force on `day`, paused ones left out; None where no version counts seats."""
    return seats_in(spans(versions, today=day, grace_days=grace_days), day)


def seats_in(held: Iterable[Span], day: date) -> int | None:
    """As `seats`, of spans already at hand."""
    counted = [s.version.seats for s in held if s.version.status != "paused" and s.covers(day)]
    known = [count for count in counted if count is not None]
    return sum(known) if known else None


def paying(versions: Iterable[Version], day: date, *, grace_days: int) -> tuple[Version, ...]:
    """The versions in force that are active at a price."""
    return tuple(version for version in in_force(versions, day, grace_days=grace_days) if version.paying)


def leaves_on(version: Version, term: Term, today: date) -> date | None:
    """Where notice or cancellation ends it, if either is known: the end of the term that notice was given in."""
    if not (version.cancelled_on or version.notice_given_on):
        return None
    ends = []
    if version.cancelled_on:
        ends.append(version.cancelled_on)
    if version.ends_on and version.notice_given_on and version.notice_given_on <= today:
        before = version.notice_given_on - timedelta(1)
        ends.append(term.first_end(version.ends_on, after=before) if version.auto_renew else version.ends_on)
    if ends and version.ends_on and not version.auto_renew:
        ends.append(version.ends_on)
    return min(ends, default=None)


def _order(version: Version) -> tuple[date, str]:
    return version.starts_on, version.subscription_id


def _span(v: Version, after: Version | None, chain: Sequence[Version], today: date, grace_days: int) -> Span:
    grace = timedelta(grace_days)
    leaves = None
    if v.notice_given_on or v.cancelled_on:
        leaves = leaves_on(v, term_of(v, _earlier(v, chain)), today)
    if leaves and leaves == v.cancelled_on and (after is None or leaves < after.starts_on):
        return Span(v, v.starts_on, leaves, v.known_on or leaves, "cancelled", after)
    ends = leaves or (None if v.auto_renew else v.ends_on)
    if after and (ends is None or after.starts_on <= ends + grace):
        return Span(v, v.starts_on, after.starts_on, max(v.arrived_on, after.arrived_on), "replaced", after)
    if leaves:
        given = v.notice_given_on if v.notice_given_on and v.notice_given_on <= today else None
        return Span(v, v.starts_on, leaves, max(v.arrived_on, given or v.arrived_on), _left(given), after)
    if ends and (after or ends + grace <= today):
        certain_on = min(ends + grace, after.arrived_on) if after else ends + grace
        return Span(v, v.starts_on, ends, max(v.arrived_on, certain_on), "expired", after)
    return Span(v, v.starts_on, None, None, None, after)


def _left(notice: date | None) -> Ended:
    return "notice" if notice else "cancelled"


def _earlier(version: Version, chain: Iterable[Version]) -> list[Version]:
    return [v for v in chain if v.subscription_id == version.subscription_id and v.starts_on < version.starts_on]


def _successors(chain: Sequence[Version], grace_days: int) -> dict[int, Version]:
    """By identity of the version: the next of its id or what renews it, whichever starts first; else by product."""
    after: dict[int, Version] = {}
    for version in chain:
        named = [
            v
            for v in chain
            if version.subscription_id in {v.subscription_id, v.renews}
            and _order(v) > _order(version)
            and v is not version
        ]
        if named:
            after[id(version)] = named[0]
    _pair_by_product(chain, after, grace_days)
    return after


def _pair_by_product(chain: Sequence[Version], after: dict[int, Version], grace_days: int) -> None:
    """Each version without a named successor takes at most one first version of another id, and each is taken once."""
    firsts = {v.subscription_id: v for v in reversed(chain)}
    waiting = [v for v in chain if id(v) not in after and v.ends_on and not v.cancelled_on]
    for new in sorted((v for v in firsts.values() if not v.renews), key=_order):
        fits = [
            (gap, abs(old.annual.amount - new.annual.amount), _order(old), old)
            for old in waiting
            if old.subscription_id != new.subscription_id
            and old.product == new.product
            and old.starts_on < new.starts_on
            and (gap := _gap(old, new, chain, grace_days)) is not None
        ]
        if fits:
            old = min(fits, key=lambda fit: fit[:3])[3]
            after[id(old)] = new
            waiting.remove(old)


def _gap(old: Version, new: Version, chain: Sequence[Version], grace_days: int) -> int | None:
    """Days from the former end to the start of a possible renewal; None where it is none.

    An auto-renewing month-to-month version has an end every month: there only a start on the very day counts.
    """
    ends_on = old.ends_on
    if ends_on is None or new.starts_on < ends_on:
        return None
    within = grace_days
    if old.auto_renew:
        term = term_of(old, _earlier(old, chain))
        within = grace_days if term.in_months > 1 else 0
        ends_on = term.last_end(ends_on, by=new.starts_on)
    days = (new.starts_on - ends_on).days
    return days if days <= within else None
