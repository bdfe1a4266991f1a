"""The verb `score`: load, decide, save; a page of accounts at a time, each day once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.cases import Case
from domain.facts import Facts, RenewalCall
from domain.journey import stage_on
from domain.policies.policy import Policy
from domain.risks import why
from handlers.accounts.cases import cases
from handlers.alerts import evaluation
from handlers.alerts.evaluation import Sitting
from handlers.outcomes import goal_progress
from handlers.playbooks import play_endings
from handlers.renewals.fitting import fit
from storage import accounts, journey, policies, scores
from storage.database import Database, Transaction
from storage.facts import renewal_calls, supplies, usage
from storage.importing.garbage import few_collections
from storage.renewals import revenue
from storage.scope import operator

PAGE = 4000
CATCH_UP = timedelta(35)
HISTORY = timedelta(364)
WEEK = timedelta(7)
READINGS_OF_HISTORY = 100_000


@dataclass(frozen=True)
class ScoreRun:
    """accounts: scored for the day asked; days: all that were scored, oldest first; states: of the day asked."""

    accounts: int
    days: tuple[date, ...]
    states: dict[str, int]


@dataclass(frozen=True)
class Plan:
    """The days to score, under one version of the policy; `in_use`: the measures that have any facts."""

    days: tuple[date, ...]
    version: int
    in_use: frozenset[str]


@few_collections()
def score(database: Database, policy: Policy, *, day: date, noticing: bool = False) -> ScoreRun:
    """Score every account on `day`, and the days since the last run; twice on a day gives the same.

    noticing: what the signals notice on `day` is evaluated in the same pass, as evaluation.evaluate would after it.
    """
    with database.transaction() as tx:
        ranges = list(accounts.number_ranges(tx, operator(), PAGE))
        used = policies.last_used(tx)
    regraced = used is not None and used[1] != policy.grace_days
    for first, last in ranges:
        with database.changing() as tx:
            revenue.rebuild(tx, first, last, grace_days=policy.grace_days, currency=policy.currency, every=regraced)
            usage.derive(tx, first, last, day=day)
    plan = _planned(database, policy, day)
    states: Counter[str] = Counter()
    sitting = None
    for on in plan.days:
        if noticing and on == day:
            with database.transaction() as tx:
                sitting = evaluation.sit(tx, policy, day, scored=day)
        states = _score_day(database, policy, plan, ranges=ranges, on=on, today=day, sitting=sitting)
    if sitting is not None:
        evaluation.close(database, sitting)
    with database.changing() as tx:
        scores.purge(tx, day)
    fit(database, policy, day=day)
    return ScoreRun(states.total(), plan.days, dict(states))


def _planned(database: Database, policy: Policy, day: date) -> Plan:
    with database.changing() as tx:
        changed = policies.needs_rescoring(tx, policy)
        version = policies.version(tx, policy, day=day)
        have = set(scores.scored(tx, day - CATCH_UP, day - timedelta(1)))
        cut_short = have and not scores.is_whole(tx, max(have))
        in_use = supplies.in_use(tx, policy.core_features)
        total = accounts.count(tx, operator())
    if not have:
        return Plan((*sorted(_history(day, total)), day), version, in_use)
    missed = {max(have) + timedelta(n) for n in range(0 if cut_short else 1, (day - max(have)).days)}
    return Plan((*sorted(missed | (have if changed else set())), day), version, in_use)


def _history(day: date, total: int) -> set[date]:
    """Of a first run: every day of the last 35 and each week of a year, or fewer where the accounts are many."""
    daily = [day - timedelta(back) for back in range(1, CATCH_UP.days + 1)]
    weekly = [day - WEEK * back for back in range(1, HISTORY // WEEK + 1)]
    recent = [on for on in weekly if on >= day - CATCH_UP]
    for choice in ({*daily, *weekly}, {*daily}, {*recent}):
        if len(choice) * total <= READINGS_OF_HISTORY:
            return choice
    return set()


def _score_day(
    database: Database,
    policy: Policy,
    plan: Plan,
    *,
    ranges: Sequence[tuple[int, int]],
    on: date,
    today: date,
    sitting: Sitting | None,
) -> Counter[str]:
    states: Counter[str] = Counter()
    for first, last in ranges:
        with database.transaction() as tx:
            found = cases(
                tx,
                policy,
                first=first,
                last=last,
                day=on,
                in_use=plan.in_use,
                version=plan.version,
                scope=operator(),
                today=today,
            )
        states.update(each.health.state for _, each in found)
        with database.changing() as tx:
            _keep(tx, policy, plan, found, on=on, today=today)
            if sitting is not None:
                evaluation.write(tx, sitting, evaluation.page(tx, sitting, found, first=first, last=last))
    return states


def _keep(
    tx: Transaction, policy: Policy, plan: Plan, found: Sequence[tuple[Facts, Case]], *, on: date, today: date
) -> None:
    scores.save(
        tx,
        on,
        [each.health for _, each in found],
        policy_version=plan.version,
        at_risk={each.account.number for _, each in found if why(each, policy)},
        with_factors=on >= today - CATCH_UP,
    )
    past = journey.rows(tx, [known.account.number for known, _ in found], operator(), before=on)
    staged = ((k.account, stage_on(k, each, policy, past.get(k.account.number, ()))) for k, each in found)
    journey.keep(tx, on, staged, past)
    if on == today:
        goal_progress.refresh(tx, policy, found, today)
        play_endings.end(tx, policy, found, today)
    renewal_calls.keep_rule(tx, [new for known, each in found if (new := _new_call(known, each))], on)


def _new_call(known: Facts, found: Case) -> tuple[int, RenewalCall] | None:
    """The rule's call where it is another than before."""
    if found.rule is None or found.renewal is None:
        return None
    call, reason = found.rule
    renewal_on = found.renewal.ends_on
    mine = [c for c in known.calls if c.by == "rule" and c.renewal_on == renewal_on]
    if mine and mine[-1].call == call:
        return None
    return known.account.number, RenewalCall("rule", call, known.day, renewal_on, reason.code)
