"""The LAER stage of an account: land, adopt, expand, renew; re-entered, not a line. The rules are the policy's."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low
from typing import Literal, get_args

from domain.cases import Case
from domain.days import AVERAGE_MONTH
from domain.facts import Facts
from domain.health.evidence import started_on
from domain.playbooks.stage_checks import Situation, all_hold, checks, ending, value_of, wanting
from domain.policies.policy import Policy
from domain.policies.policy_journey import JourneyPolicy, Stage, StageRule, When
from domain.reasons import Reason

STAGES: tuple[Stage, ...] = get_args(Stage)
LOOKED_AT: tuple[Literal["renew", "land", "expand"], ...] = ("renew", "land", "expand")
WORKED_TOWARDS: tuple[Literal["expand", "renew"], ...] = ("expand", "renew")
UNMEASURED: Situation = dict.fromkeys(("licences", "core_features", "use", "outcomes", "csat_ces", "nps"))
NOT_OURS = {"former", "prospect"}

Rows = Sequence[tuple[date, Stage | None]]
Given = Sequence[tuple[date, Stage | None, bool]]
Segmented = tuple[str, Stage]


@dataclass(frozen=True, slots=True)
class Stay:
    """first ≤ day < until; None: still there. `whole`: the first day was seen, so that its length is known.

    by: whether it began by the rules, or because a person said so.
    """

    stage: Stage
    first: date
    until: date | None
    whole: bool = True
    by: Literal["rule", "person"] = "rule"


@dataclass(frozen=True, slots=True)
class Usual:
    """Median days of `n` completed stays; n is 0 where the policy says it for want of stays."""

    days: int
    n: int = 0


@dataclass(frozen=True, slots=True)
class Onward:
    """What would have to come for the stage to be another; any one of it where `any_of`."""

    to: Stage
    wants: tuple[Reason, ...]
    any_of: bool = False


@dataclass(frozen=True, slots=True)
class Journey:
    """`stage`: as a person gave it, else `ruled`; None where the account is not, or no longer, a customer's.

    onward: nothing by rule moves one that a person gave. since: first day of the stay, None where it is not dated;
    at_least: it may have begun before. stuck: longer there than `slow` times the usual time.
    """

    stage: Stage | None
    ruled: Stage | None
    by: Literal["rule", "person"]
    why: tuple[Reason, ...] = ()
    since: date | None = None
    at_least: bool = False
    days: int | None = None
    usual: Usual | None = None
    stuck: bool = False
    onward: tuple[Onward, ...] = ()
    stays: tuple[Stay, ...] = ()


def situation(facts: Facts, found: Case, policy: Policy) -> Situation:
    """What the rules may ask, by name; None where it is not known."""
    landed, again = _landed(facts)
    reached = [m.reached_on for m in facts.milestones if m.milestone == "first_value"]
    if again and landed:
        reached = [day for day in reached if day >= landed]
    days = (facts.day - landed).days if landed else None
    health = found.health
    known: dict[str, object] = {
        **UNMEASURED,
        "onboarding": days is not None and days < policy.onboarding_days,
        "first_value": bool(reached),
        "leaving": health.state == "leaving",
        "days_to_decide": _days_to_decide(found),
        "product_days": days,
        "colour": health.state,
        "score": health.score,
    }
    for factor in health.factors:
        known[factor.measure] = factor.reading.value
    return known


def stage_on(facts: Facts, found: Case, policy: Policy, past: Rows) -> Stage | None:
    """The stage by rule on `facts.day`; `past`: the recorded stages of the days before, oldest first."""
    if found.health.state in NOT_OURS:
        return None
    return _stage(situation(facts, found, policy), policy.journey, past)


def reasons(facts: Facts, found: Case, policy: Policy, past: Rows) -> tuple[Reason, ...]:
    """Why it stands in its stage by rule."""
    if found.health.state in NOT_OURS:
        return ()
    known = situation(facts, found, policy)
    stage = _stage(known, policy.journey, past)
    if stage == "adopt":
        return (Reason("stage_rest"),)
    rule: StageRule = getattr(policy.journey, stage)
    ways = _ways(rule, stage, past)
    looked_at = next((way for way in ways if all_hold(way, known)), None)
    held = checks(looked_at, known) if looked_at else [c for when in rule.leave for c in checks(when, known)]
    return tuple(value_of(check) for check in held)


def journey(
    facts: Facts, found: Case, policy: Policy, rows: Rows, usual: Mapping[Segmented, Usual], told: Given = ()
) -> Journey:
    """Where an account stands today and how it came there; `usual`: by segment.

    rows: recorded stages by day; told: those that a person gave or took back (None), and whether the day is assumed.
    """
    past = [row for row in rows if row[0] < facts.day]
    ruled = stage_on(facts, found, policy, past)
    given = _given(facts.account.laer_stage)
    stays = stays_of([*past, (facts.day, ruled)], [each for each in told if each[0] <= facts.day])
    stage = given or ruled
    if stage is None:
        return Journey(None, None, "rule", stays=stays)
    onward = () if given else _onward(stage, situation(facts, found, policy), policy.journey, past)
    now = stays[-1] if stays and stays[-1].stage == stage and stays[-1].until is None else None
    days = (facts.day - now.first).days if now else None
    normal = usual_of(usual, facts.account.segment, stage, policy.journey)
    return Journey(
        stage=stage,
        ruled=ruled,
        by="person" if given else "rule",
        why=(Reason("stage_given"),) if given else reasons(facts, found, policy, past),
        since=now.first if now else None,
        at_least=now is not None and not now.whole,
        days=days,
        usual=normal,
        stuck=days is not None and days > normal.days * policy.journey.slow,
        onward=onward,
        stays=stays,
    )


def stays_of(rows: Rows, told: Given = ()) -> tuple[Stay, ...]:
    """Recorded changes as stays; what a person said stands before the rules until it is taken back.

    The first one by rule may have begun before it was seen, but for land, where all begin; and one that a person gave,
    where its day is assumed.
    """
    begun = _begun(rows, told)
    changed = [each for i, each in enumerate(begun) if not i or each[1] != begun[i - 1][1]]
    until = [*(each[0] for each in changed[1:]), None]
    return tuple(
        Stay(stage, first, end, whole=sure if said else bool(i) or stage == "land", by="person" if said else "rule")
        for i, ((first, stage, said, sure), end) in enumerate(zip(changed, until, strict=True))
        if stage
    )


def _begun(rows: Rows, told: Given) -> list[tuple[date, Stage | None, bool, bool]]:
    """By day: the stage, whether a person gave it, and whether on that day."""
    ruled, given = dict(rows), {day: (stage, not assumed) for day, stage, assumed in told}
    by_rule: Stage | None = None
    by_person: tuple[Stage | None, bool] = (None, True)
    found: list[tuple[date, Stage | None, bool, bool]] = []
    for day in sorted({*ruled, *given}):
        by_rule, by_person = ruled.get(day, by_rule), given.get(day, by_person)
        stage, sure = by_person
        found.append((day, stage or by_rule, stage is not None, sure))
    return found


def usual_times(completed: Iterable[tuple[str | None, Stage, int]], policy: JourneyPolicy) -> dict[Segmented, Usual]:
    """The median of completed stays in days, by segment and stage, where enough have ended."""
    counted: dict[Segmented, Counter[int]] = defaultdict(Counter)
    for segment, stage, days in completed:
        counted[(segment or "").casefold(), stage][days] += 1
    return {
        key: Usual(median_low(days.elements()), days.total())
        for key, days in counted.items()
        if days.total() >= policy.least_stays
    }


def usual_of(usual: Mapping[Segmented, Usual], segment: str | None, stage: Stage, policy: JourneyPolicy) -> Usual:
    """That of the segment, else what the policy says."""
    return usual.get(((segment or "").casefold(), stage)) or Usual(policy.usual_days(stage))


def _given(stage: str | None) -> Stage | None:
    return next((known for known in STAGES if stage and known == stage.lower()), None)


def _been(past: Rows, stage: Stage) -> bool:
    return any(row[1] == stage for row in past)


def _stage(known: Situation, policy: JourneyPolicy, past: Rows) -> Stage:
    for stage in LOOKED_AT:
        if _is_in(stage, getattr(policy, stage), known, past):
            return stage
    return "adopt"


def _is_in(stage: Stage, rule: StageRule, known: Situation, past: Rows) -> bool:
    """One that has conditions for leaving it stays until one of them holds."""
    if rule.leave and _was_in(stage, past):
        return not any(all_hold(way, known) for way in rule.leave)
    return any(all_hold(way, known) for way in _ways(rule, stage, past))


def _was_in(stage: Stage, past: Rows) -> bool:
    return bool(past) and past[-1][1] == stage


def _ways(rule: StageRule, stage: Stage, past: Rows) -> tuple[When, ...]:
    """Of which one is enough to be in a stage; none where it is in it already, and left by other conditions."""
    if _was_in(stage, past):
        return () if rule.leave else (*rule.enter, *rule.again)
    return rule.again if rule.again and _been(past, stage) else rule.enter


def _onward(stage: Stage, known: Situation, policy: JourneyPolicy, past: Rows) -> tuple[Onward, ...]:
    """The nearest way into each other stage that one can work towards, and what would end this one."""
    ways: list[Onward] = []
    for other in WORKED_TOWARDS:
        rule: StageRule = getattr(policy, other)
        alternatives = rule.again if rule.again and _been(past, other) else rule.enter
        lacking = [tuple(c for c in checks(when, known) if not c.holds) for when in alternatives]
        if other != stage and (near := min(lacking, key=len, default=())):
            ways.append(Onward(other, tuple(wanting(c) for c in near)))
    if stage != "adopt":
        mine: StageRule = getattr(policy, stage)
        asked = [c for when in (mine.leave or mine.enter) for c in checks(when, known) if mine.leave or c.holds]
        ends = tuple(wanting(c) if mine.leave else ending(c) for c in asked)
        ways.append(Onward("adopt", ends, any_of=True))
    return tuple(ways)


def _landed(facts: Facts) -> tuple[date | None, bool]:
    """When it began, or its newest product did, and whether it was the latter."""
    began: dict[str, date] = {}
    for version in facts.versions:
        if version.paying and not version.renews and version.starts_on <= facts.day:
            began[version.product] = min(version.starts_on, began.get(version.product, version.starts_on))
    newest = max(began.values()) if len(began) > 1 else None
    if newest is None or newest == min(began.values()):
        return started_on(facts), False
    return newest, True


def _days_to_decide(found: Case) -> int | None:
    """Only in the second half of a term, so that a short contract is not always about to be renewed; None once decided.

    One that renews by itself is decided when the day for notice has passed without one.
    """
    renewal = found.renewal
    if renewal is None or renewal.kind == "month_to_month" or (renewal.automatic and renewal.days_to_decide < 0):
        return None
    return renewal.days_to_decide if renewal.days_left <= renewal.term_months * AVERAGE_MONTH / 2 else None
