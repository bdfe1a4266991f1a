"""What the measures and the signals ask of an account's facts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from domain.accounts import Contact, ContactRole
from domain.facts import Answer, Facts, Outcome, RenewalCall, Ticket
from domain.health.rules import Burden
from domain.money import Money, NoRate, Rates
from domain.subscriptions import Span

TREND = timedelta(90)
REACHED = timedelta(180)
YEAR = timedelta(365)
NOTHING = Decimal(0)
SIDES: Mapping[str, tuple[ContactRole, ...]] = {"sponsor": ("sponsor", "decision_maker"), "champion": ("champion",)}


def started_on(facts: Facts) -> date | None:
    """When the account became a customer: as told, else its first paying contract or figure."""
    if facts.account.customer_since:
        return facts.account.customer_since
    paid = [version.starts_on for version in facts.versions if version.paying]
    return min([*paid, *(m.month for m in facts.months if m.annual.amount > 0)], default=None)


def annual(facts: Facts, contracts: Iterable[Span], day: date) -> dict[str, Decimal]:
    """The paying annual amount in force on a day, by currency."""
    amounts = [span.version.annual for span in contracts if span.covers(day) and span.version.paying]
    if figure := monthly_figure(facts, day):
        amounts.append(figure)
    total: dict[str, Decimal] = {}
    for money in amounts:
        total[money.currency] = total.get(money.currency, NOTHING) + money.amount
    return total


def monthly_figure(facts: Facts, day: date) -> Money | None:
    """What the monthly figures say of the day; None where they say that nothing is paid."""
    if not facts.months:
        return None
    month = max((m for m in facts.months if m.month <= day), key=lambda m: m.month, default=None)
    return month.annual if month and month.annual.amount > 0 else None


def mrr_trend(facts: Facts, contracts: Sequence[Span], rates: Rates) -> float | None:
    """Change of the MRR in % over 90 days; 0 for one who paid nothing then, None without a rate between currencies."""
    then = annual(facts, contracts, facts.day - TREND)
    if not then:
        return 0.0
    now = annual(facts, contracts, facts.day)
    if len(then) == 1 and now.keys() <= then.keys():
        return change(sum(then.values()), sum(now.values()))
    try:
        before, after = (rates.total(Money(a, currency) for currency, a in side.items()) for side in (then, now))
    except NoRate:
        return None
    return change(before.amount, after.amount)


def change(before: Decimal | float, after: Decimal | float) -> float:
    """In %; from nothing to something +100, from nothing to nothing −100 (nobody is there)."""
    if not before:
        return 100.0 if after else -100.0
    return float(after) * 100 / float(before) - 100


def fresh_answers(facts: Facts, kinds: tuple[str, ...], max_age: int) -> tuple[tuple[Answer, ...], date | None]:
    """The answers of these kinds not older than the age, and the day of the newest of any age."""
    mine = [answer for answer in facts.answers if answer.kind in kinds]
    fresh = tuple(answer for answer in mine if (facts.day - answer.answered_on).days <= max_age)
    return fresh, max((answer.answered_on for answer in mine), default=None)


def is_open(ticket: Ticket, day: date) -> bool:
    """Opened by the day and not closed on it."""
    return ticket.opened_on <= day and (ticket.closed_on is None or ticket.closed_on > day)


def is_serious(ticket: Ticket) -> bool:
    """Critical or escalated: closing these is what a CSM can press for."""
    return ticket.severity == "critical" or ticket.escalated


def oldest_days(tickets: Iterable[Ticket], day: date) -> int | None:
    """Days that the oldest has been open."""
    return max(((day - ticket.opened_on).days for ticket in tickets), default=None)


def burden(tickets: Sequence[Ticket], day: date, price: Burden) -> float:
    """The sum of the policy's penalties: every open ticket, the age of the oldest, every reopened one."""
    still = [ticket for ticket in tickets if is_open(ticket, day)]
    normal = price.severities.get("normal", 0.0)
    total = sum(price.severities.get(t.severity, normal) + price.escalated * t.escalated for t in still)
    late = max((oldest_days(still, day) or 0) - price.patience, 0)
    return total + price.reopened * sum(t.reopened for t in tickets) + min(price.day * late, price.day_at_most)


def on_track(outcome: Outcome, facts: Facts) -> bool | None:
    """Reached, or not behind a straight line from baseline to target; None where it says nothing or is long over."""
    reached = outcome.achieved_on
    if reached and reached <= facts.day:
        return True if facts.day - reached <= REACHED else None
    if outcome.due_on and outcome.due_on < facts.day:
        return False
    progress = _progress(outcome)
    if progress is None:
        return None
    if outcome.due_on is None:
        return progress > 0
    start = outcome.recorded_on or facts.account.customer_since or outcome.due_on - YEAR
    length = (outcome.due_on - start).days
    return progress >= ((facts.day - start).days / length if length > 0 else 1)


def outcome_day(outcome: Outcome) -> date | None:
    """Its newest fact."""
    days = (outcome.current_on, outcome.achieved_on, outcome.confirmed_on, outcome.recorded_on)
    return max((day for day in days if day), default=None)


def _progress(outcome: Outcome) -> float | None:
    baseline, target, current = outcome.baseline, outcome.target, outcome.current
    if baseline is None or target is None or current is None:
        return None
    if baseline == target:
        return 1.0 if current == target else 0.0
    return float((current - baseline) / (target - baseline))


def present(contact: Contact, day: date) -> bool:
    """Has not left by the day."""
    return contact.left_on is None or contact.left_on > day


def sides(facts: Facts) -> dict[str, list[Contact]] | None:
    """Who is there as sponsor (or decision maker) and as champion; None where no such role was ever recorded."""
    roles = {role for names in SIDES.values() for role in names}
    if not any(contact.role in roles for contact in facts.contacts):
        return None
    here = [contact for contact in facts.contacts if present(contact, facts.day)]
    return {side: [c for c in here if c.role in names] for side, names in SIDES.items()}


def last_spoken(people: Iterable[Contact]) -> date | None:
    """The last touch that names one of them."""
    return max((person.last_touch_on for person in people if person.last_touch_on), default=None)


def departed(facts: Facts, roles: Iterable[ContactRole], within: int) -> Contact | None:
    """The last to leave, within so many days, a role that nobody fills since."""
    for role in roles:
        mine = [contact for contact in facts.contacts if contact.role == role]
        gone = [c for c in mine if c.left_on and 0 <= (facts.day - c.left_on).days <= within]
        if gone and not any(present(contact, facts.day) for contact in mine):
            return max(gone, key=lambda contact: contact.left_on or facts.day)
    return None


def latest_call(facts: Facts, by: tuple[str, ...], *, before: date | None = None) -> RenewalCall | None:
    """The latest renewal call of these for a renewal still to come, given before a day where one is named."""
    mine = [c for c in facts.calls if c.by in by and c.renewal_on >= facts.day and (not before or c.given_on < before)]
    return max(mine, key=lambda call: call.given_on) if mine else None
