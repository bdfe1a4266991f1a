"""What a customer reached on the way: activated, converted, onboarded, first value."""

from collections import defaultdict

from sqlalchemy import ColumnElement, func, select

from domain.facts import Milestone
from storage.asof import AsOf
from storage.database import Transaction
from storage.tables import accounts, milestones


def reached(tx: Transaction, within: ColumnElement[bool], seen: AsOf) -> dict[int, list[Milestone]]:
    """By account: the first time that each was reached, in order."""
    first = func.min(milestones.c.reached_on)
    query = (
        select(milestones.c.account, milestones.c.milestone, first)
        .join_from(milestones, accounts, milestones.c.account == accounts.c.number)
        .where(within, milestones.c.reached_on <= seen.day, seen.known(milestones))
        .group_by(milestones.c.account, milestones.c.milestone)
        .order_by(first, milestones.c.milestone)
    )
    found: dict[int, list[Milestone]] = defaultdict(list)
    for number, milestone, day in tx.execute(query):
        found[number].append(Milestone(milestone, day))
    return found
