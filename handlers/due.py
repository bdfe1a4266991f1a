"""Who is to be told of what: each person's share of the open alerts, the most urgent money first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.accounts import Person
from domain.risks import Weighs
from handlers.ask import Desk
from storage.alerts import Listed


@dataclass(frozen=True)
class Item:
    """placed_by: what put it there. goes_on: the day on which it goes to `goes_to`, an e-mail, if nobody answers.

    instead_of: the owner who is away; None: it is the person's own. escalated: nobody has answered it.
    """

    listed: Listed
    placed_by: Weighs
    goes_on: date | None = None
    goes_to: str | None = None
    instead_of: str | None = None
    escalated: bool = False


@dataclass(frozen=True)
class Due:
    """Of one person on one day. need: at most the policy's cap; waiting: how many more there are. good: good news."""

    person: Person
    day: date
    need: tuple[Item, ...]
    waiting: int
    good: tuple[Listed, ...]
    unowned: tuple[Listed, ...] = ()


def due(desk: Desk, day: date) -> Iterator[Due]:  # noqa: ARG001
    """Everybody who has something; one person at a time. An absent person has nothing: their deputy has it."""
    yield from ()


def due_of(desk: Desk, person: Person, day: date) -> Due:  # noqa: ARG001
    """One person's, whether there is something or not; `day`: theirs, in their time zone."""
    return Due(person, day, (), 0, ())
