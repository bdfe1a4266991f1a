"""Arithmetic of days and months."""

from calendar import monthrange
from datetime import date, timedelta

AVERAGE_MONTH = 365.25 / 12
FURTHEST = timedelta(3653)


def is_too_far(day: date, today: date) -> bool:
    """More than ten years ahead: no plan, but a slip of the hand."""
    return day - today > FURTHEST


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on; the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(first: date, until: date) -> int | None:
    """How many months lead exactly from `first` to `until`; None where no whole number does."""
    months = (until.year - first.year) * 12 + until.month - first.month
    return months if months > 0 and add_months(first, months) == until else None


def age_in_months(first: date, day: date) -> float:
    """Months of 30.4375 days."""
    return (day - first).days / AVERAGE_MONTH
