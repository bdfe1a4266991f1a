"""What was missed, while nothing ran or Slack did not let us in, wakes nobody when it goes at last.

And nobody gets two digests at once: an old one waits until today's, which is made meanwhile, may have taken its place.
"""

from datetime import datetime, timedelta

from domain.accounts import Person
from domain.alerts.digests import IN_TIME, may_disturb, today
from domain.policies.policy import Policy
from storage.delivery.outbox import Held

CAUGHT_UP = timedelta(minutes=30)
MINDFUL = {"digest", "urgent"}


class Untimely(Exception):
    """It goes at `until`, the business clock's, at the earliest."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def wake_nobody(held: Held, person: Person, policy: Policy, now: datetime) -> None:
    """Raises Untimely. At its own hour it goes, whichever that is; what Slack may have is looked for at once."""
    message = held.message
    if message.kind not in MINDFUL or held.tried_at is not None or now - message.due_at <= IN_TIME:
        return
    until = may_disturb(person, policy, now)
    if until <= now and message.kind == "digest" and message.told_on < today(person, policy, now):
        until = now + CAUGHT_UP
    if until > now:
        raise Untimely(until)
