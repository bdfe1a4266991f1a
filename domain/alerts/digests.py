"""When a person's digest is due: once on each of their working days, at their hour, where they are."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.accounts import Person
from domain.hours import at_hour
from domain.playbooks.workdays import Workdays
from domain.policies.policy import Policy

MONDAY = 0
DAY = timedelta(1)
IN_TIME = timedelta(hours=1)
"""What goes later than that minds whether its reader may be disturbed."""


def zone(person: Person, policy: Policy) -> str:
    return person.time_zone or policy.time_zone


def today(person: Person, policy: Policy, now: datetime) -> date:
    """The day it is where they are."""
    return now.astimezone(ZoneInfo(zone(person, policy))).date()


def due_at(person: Person, policy: Policy, day: date) -> datetime | None:
    """The moment (UTC) of their digest of a day; None on a day off, and while they are away."""
    if person.away(day) or workdays(person, policy).off(day):
        return None
    hour = policy.digests.hour if person.digest_hour is None else person.digest_hour
    return at_hour(day, hour, zone(person, policy))


def since(person: Person, policy: Policy, day: date) -> date:
    """The working day before: what "since" means in a digest."""
    return workdays(person, policy).back(day, 1)


def begins_week(person: Person, policy: Policy, day: date) -> bool:
    """The first working day of its week: a lead's Monday, or the Tuesday after a holiday."""
    days = workdays(person, policy)
    monday = day - DAY * day.weekday()
    return days.next(monday) == day


def may_disturb(person: Person, policy: Policy, now: datetime) -> datetime:
    """The first moment from `now` on that is not in their quiet hours, nor on a day off or of absence."""
    local = now.astimezone(ZoneInfo(zone(person, policy)))
    quiet_from, quiet_until = policy.digests.quiet_from, policy.digests.quiet_until
    day = local.date()
    off = workdays(person, policy).off(day) or person.away(day)
    if not off and not _quiet(local.hour, quiet_from, quiet_until):
        return now
    if off or local.hour >= quiet_until:
        day += DAY
    for _ in range(LONGEST_ABSENCE):
        if not workdays(person, policy).off(day) and not person.away(day):
            break
        day += DAY
    return at_hour(day, quiet_until, zone(person, policy))


def _quiet(hour: int, quiet_from: int, quiet_until: int) -> bool:
    if quiet_from == quiet_until:
        return False
    if quiet_from < quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until


def workdays(person: Person, policy: Policy) -> Workdays:
    return Workdays(person.country or policy.country)


LONGEST_ABSENCE = 400
