"""Which starts fit the hours of those who would do them: asked by a wave, and by all that is said of one before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.playbooks.capacity import LATER, Ahead, Hours, Opening, ahead, fits, hours_of
from domain.playbooks.playbooks import Playbook
from domain.playbooks.workdays import Workdays
from handlers.ask import Ask
from handlers.playbooks.audience import Guest
from handlers.playbooks.play_plan import Terms, outlined
from handlers.playbooks.play_room import Placed, placed
from storage.database import Transaction
from storage.playbooks import tasks

YEAR = timedelta(365)


@dataclass(frozen=True)
class Fitted:
    """A start with its days, and whether there are hours for it now."""

    start: Placed
    opening: Opening

    @property
    def hours(self) -> Hours:
        return hours_of(self.start.plan.start.tasks)


def hours_ahead(tx: Transaction, ask: Ask) -> Ahead:
    """Of the whole house, as far as a start of today is looked at or could be put off; with what is a year late."""
    policy = ask.policy.playbooks
    until = ask.today + timedelta(weeks=policy.fit_weeks + LATER + 1)
    taken, staff = tasks.taken(tx, since=ask.today - YEAR, until=until), tasks.staff(tx)
    workdays = Workdays(ask.policy.country)
    return ahead(taken, staff, default=policy.weekly_hours, today=ask.today, workdays=workdays)


def fitting(ask: Ask, known: Ahead, starts: Iterable[Placed]) -> list[Fitted]:
    """Of one playbook, who comes first first; one whose day stands too near another's starts in no wave."""
    free = [each for each in starts if not each.room.clashes]
    openings = fits([hours_of(each.plan.start.tasks) for each in free], known, ask.policy.playbooks.fit_weeks)
    return [Fitted(each, opening) for each, opening in zip(free, openings, strict=True)]


def begun_today(tx: Transaction, ask: Ask, wanted: Sequence[tuple[Playbook, Guest]]) -> list[Placed]:
    """With the days that a wave would give them."""
    casts = tasks.casts(tx, sorted({guest.account.number for _book, guest in wanted}), ask.scope)
    terms = Terms(ask.token, "capacity")
    plans = [(guest, outlined(ask, book, guest, casts[guest.account.number], terms)) for book, guest in wanted]
    return placed(tx, ask, plans)
