"""Goals of running plays follow their measures by themselves, each night."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.cases import Case
from domain.facts import Facts
from domain.playbooks.goals import Goal, reached
from domain.policies.policy import Policy
from domain.seen import Seen
from domain.situations import Asked
from domain.workbooks.edited_plans import Value, Values
from handlers.outcomes import measuring
from storage.database import Transaction
from storage.facts.asof import AsOf
from storage.playbooks import goals


def refresh(tx: Transaction, policy: Policy, found: Sequence[tuple[Facts, Case]], today: date) -> int:
    """How many moved; what only a person can say stays as they said it."""
    night = measuring.Night(today, policy)
    numbers = [facts.account.number for facts, _case in found]
    known = goals.of_live_plays(tx, numbers, AsOf(today, today, policy.time_zone)) if numbers else {}
    measured = []
    for facts, case in found if known else ():
        for goal in known.get(facts.account.number, ()):
            value = measuring.now(tx, night, goal, facts, Asked(Seen(facts, case, policy)))
            if value is not None:
                measured.append((goal, value))
    return goals.keep(tx, measured, on=today)


def goal_values(stood: Goal, values: Values, on: date) -> dict[str, Value]:
    said = dict(values)
    after = replace(stood, **said)  # type: ignore[arg-type]
    if {"current", "target"} & said.keys():
        said["achieved_on"] = (stood.achieved_on or on) if reached(after) else None
    return said
