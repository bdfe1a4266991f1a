"""Plays that end by themselves, each night: with what came of the goal and of the KPI, as a change of the rule's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.accounts import Person
from domain.cases import Case
from domain.facts import Facts
from domain.playbooks import endings
from domain.playbooks.endings import Why
from domain.playbooks.goals import RESULT, Goal
from domain.playbooks.moving import close
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Play, Task
from domain.playbooks.workdays import Workdays
from domain.policies.policy import Policy
from domain.seen import Seen
from domain.situations import Asked
from handlers.blocks import named
from handlers.outcomes import measuring
from handlers.outcomes.measuring import amount
from handlers.playbooks.play_steer import RESULTS
from handlers.tasks.task_naming import task_title
from storage import people
from storage.database import Transaction
from storage.facts.asof import AsOf
from storage.playbooks import follow_up, goals, playbooks, plays, tasks
from storage.scope import operator
from words import Words
from words.metrics import METRICS

BY_RULE = "rule"
NAMED = 5


@dataclass(frozen=True)
class _Ended:
    """A play on the night on which it ends; open: what its time did not suffice for."""

    play: Play
    book: Playbook
    why: Why
    open: Sequence[Task]
    goal: Goal | None
    kpi: Decimal | None


def end(tx: Transaction, policy: Policy, found: Sequence[tuple[Facts, Case]], today: date) -> int:
    """How many of these accounts' plays ended. One that a person has gone on with afterwards is theirs to close."""
    known = {facts.account.number: (facts, case) for facts, case in found}
    live = follow_up.live(tx, operator(), numbers=known) if known else []
    books = playbooks.of_versions(tx, {play.version for play, _country in live})
    days = {play.play_id: Workdays(country) for play, country in live}
    may = [p for p, _ in live if endings.may_end(p, books[p.version], days[p.play_id], today)]
    if not may:
        return 0
    ids = [play.play_id for play in may]
    work, theirs = tasks.of_plays(tx, ids, operator()), plays.reopened(tx, ids, f"{BY_RULE}/")
    aims = _goals(tx, policy, may, today)
    ours = {person.email.lower(): person for person in people.every(tx)}
    done = 0
    for play in may:
        book, mine = books[play.version], work.get(play.play_id, [])
        why = endings.ending(play, book, mine, days[play.play_id], today)
        if why is None or play.play_id in theirs:
            continue
        facts, case = known[play.account]
        kpi = measuring.value(
            tx, measuring.Night(today, policy), book.kpi.name, facts, Asked(Seen(facts, case, policy))
        )
        still = [task for task in mine if task.status == "open"]
        _write(tx, policy, _Ended(play, book, why, still, aims.get(play.goal_id or ""), kpi), mine, ours, today)
        done += 1
    return done


def _goals(tx: Transaction, policy: Policy, those: Sequence[Play], today: date) -> dict[str, Goal]:
    numbers = sorted({play.account for play in those})
    seen = AsOf(today, today, policy.time_zone)
    return {goal.goal_id: goal for mine in goals.of_accounts(tx, numbers, seen, operator()).values() for goal in mine}


def _write(
    tx: Transaction, policy: Policy, ended: _Ended, mine: Sequence[Task], ours: Mapping[str, Person], today: date
) -> None:
    """In the language of whoever answers for it; one gesture, so that it can be taken back whole."""
    play, owner = ended.play, ours.get((ended.play.owner or "").lower())
    words = Words((owner.language if owner else None) or policy.language, owner.country if owner else None)
    note = " ".join(_note(words, ended))
    after, moved = close(play, mine, "ended", result=endings.result(ended.goal), note=note, today=today)
    at = datetime.combine(today, time(), ZoneInfo(policy.time_zone))
    token = f"{play.play_id}-{today.isoformat()}"
    plays.write(tx, after, moved, was=play, token=token, who=BY_RULE, at=at, origin=BY_RULE, on=today)


def _note(words: Words, ended: _Ended) -> Iterator[str]:
    """What is known on the last day; what of it is the playbook's only its effect can tell."""
    if ended.why == "finished":
        yield words._("All is done and the last look is over.")
    else:
        yield words.ngettext("Its {n} day is over.", "Its {n} days are over.", ended.book.lasts)
    goal, kpi = ended.goal, ended.book.kpi.name
    code = endings.result(goal)
    yield words._("The goal: {result}.", result=words._(RESULTS[code]) if code else words._("nobody can tell"))
    if goal and goal.kpi != RESULT and goal.baseline is not None and goal.current is not None:
        way = [amount(words, goal.kpi, value) or "?" for value in (goal.baseline, goal.current, goal.target)]
        yield words._("It went from {baseline} to {current}; the target was {target}.",
                      baseline=way[0], current=way[1], target=way[2])  # fmt: skip
    if ended.play.kpi_before is not None and (goal is None or goal.kpi != kpi):
        ends = [amount(words, kpi, value) or "?" for value in (ended.play.kpi_before, ended.kpi)]
        yield f"{words._(METRICS[kpi].label)}: {ends[0]} → {ends[1]}."
    if ended.open:
        titles = [named(task_title(words, task, ended.book), 80) for task in ended.open[:NAMED]]
        rest = len(ended.open) - NAMED
        more = [words.ngettext("{n} more", "{n} more", rest)] if rest > 0 else []
        yield words._("Left open: {tasks}.", tasks="; ".join([*titles, *more]))
