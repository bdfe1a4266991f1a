"""Marquesina, the fictional company of the sample: its people, its products, its calendar."""

from datetime import date, timedelta
from random import Random
from typing import TypeAlias

from sample.shift import ANCHOR

Row: TypeAlias = dict[str, object]

SEED = 1123
FIRST = ANCHOR - timedelta(days=730)

# e-mail name, name, aliases, role, function, time zone, country, language, hours a week, manager
PEOPLE = (
    ("ana", "Ana Ruiz", "Ana", "csm", "csm", "America/Mexico_City", "MX", "es", 34, "sofia"),
    ("luis", "Luis Ortega", "Luis", "csm", "csm", "Europe/Madrid", "ES", "es", 36, "sofia"),
    ("marta", "Marta Gil", "Marta", "csm", "csm", "America/Bogota", "CO", "es", 36, "sofia"),
    ("ben", "Ben Carter", "Ben", "csm", "csm", "America/New_York", "US", "en", 36, "sofia"),
    ("chloe", "Chloe Evans", "Chloe", "csm", "csm", "Europe/London", "GB", "en", 30, "sofia"),
    ("sofia", "Sofía Vega", "Sofía", "lead", "csm", "Europe/Madrid", "ES", "es", 20, ""),
    ("tom", "Tom Hale", "Tom", "admin", "operations", "Europe/London", "GB", "en", "", ""),
    ("vic", "Vic Moss", "Vic", "viewer", "finance", "America/New_York", "US", "en", "", ""),
    ("nadia", "Nadia Flores", "Nadia", "viewer", "sales", "America/Mexico_City", "MX", "es", "", ""),
    ("owen", "Owen Hart", "Owen", "viewer", "sales", "America/New_York", "US", "en", "", ""),
    ("ivan", "Iván Soto", "Iván", "viewer", "support", "America/Bogota", "CO", "es", 30, ""),
    ("priya", "Priya Nair", "Priya", "viewer", "support", "Europe/London", "GB", "en", 30, ""),
    ("elena", "Elena Prat", "Elena", "viewer", "onboarding", "Europe/Madrid", "ES", "es", 32, ""),
    ("marcus", "Marcus Bell", "Marcus", "viewer", "product", "Europe/London", "GB", "en", 10, ""),
    ("irene", "Irene Campos", "Irene", "viewer", "sponsor", "Europe/Madrid", "ES", "es", 6, ""),
)

# feature, product, core
FEATURES = (
    ("Work orders", "Core", True),
    ("Scheduling", "Core", True),
    ("Mobile app", "Core", True),
    ("Checklists", "Core", True),
    ("Job costing", "Core", True),
    ("Month close", "Core", True),
    ("Customer portal", "Core", False),
    ("Spare parts", "Core", False),
    ("Vehicle tracking", "Fleet", True),
    ("Route planning", "Fleet", True),
    ("Vehicle upkeep", "Fleet", True),
    ("Fuel cards", "Fleet", False),
    ("Dashboards", "Insights", True),
    ("Scheduled reports", "Insights", True),
    ("Demand outlook", "Insights", False),
)

# region, hours from UTC (winter)
COUNTRIES = {
    "MX": ("latam", "-06:00"),
    "GT": ("latam", "-06:00"),
    "CO": ("latam", "-05:00"),
    "PE": ("latam", "-05:00"),
    "CL": ("latam", "-03:00"),
    "AR": ("latam", "-03:00"),
    "PY": ("latam", "-03:00"),
    "US": ("na", "-05:00"),
    "CA": ("na", "-05:00"),
    "ES": ("emea", "+01:00"),
    "GB": ("emea", "+00:00"),
    "IE": ("emea", "+00:00"),
}


def draw(*topic: str) -> Random:
    """Luck of its own for each topic, so that a change in one story leaves the others as they were."""
    return Random(":".join((str(SEED), *topic)))


def ago(days: int) -> date:
    return ANCHOR - timedelta(days=days)


def email(person: str) -> str:
    return f"{person}@example.com" if person else ""


def moment(day: date, country: str, luck: Random) -> str:
    """A time in office hours, with the country's offset."""
    return f"{day}T{luck.randint(9, 17):02}:{luck.randrange(0, 60, 5):02}:00{COUNTRIES[country][1]}"


def workday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
