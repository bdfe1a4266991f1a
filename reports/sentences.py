"""What the workbook says in sentences."""

from collections.abc import Iterator, Mapping, Sequence

from domain.facts import Outcome
from domain.health.scores import Cap, Step
from domain.money import Money
from domain.reasons import Reason
from reports.values import Plan
from words import Words, readings
from words.phrases import clause, sentence
from words.terms import STATES, term

SIGN = "●"


def verdict(words: Words, plan: Plan) -> str:
    """The state in its colour and the score; the coloured signs of a chat have no glyph in print."""
    health = plan.health
    state = term(words, STATES, health.state)
    if health.score is not None:
        return f"{SIGN}  {words._('{score} of 100', score=words.number(health.score))} · {state}"
    if health.state == "unknown":
        return f"{SIGN}  {words._('not enough data ({coverage})', coverage=words.percent(health.coverage / 100))}"
    if health.state == "onboarding" and health.day_of_onboarding:
        day, days = words.number(health.day_of_onboarding), words.number(health.onboarding_days)
        return f"{SIGN}  {words._('onboarding, day {day} of {days}', day=day, days=days)}"
    return f"{SIGN}  {state}"


def beside(words: Words, plan: Plan) -> Iterator[str]:
    """What belongs to the verdict: how it moved, what holds it, what it is made of."""
    health, changes = plan.health, plan.changes
    parts = [_moved(words, changes.score, changes.was or 0)] if changes and changes.score is not None else []
    if health.cap:
        parts.append(held(words, health.cap))
    if health.score is not None:
        parts.append(words._("Data available: {coverage}", coverage=words.percent(health.coverage / 100)))
    if parts:
        yield " · ".join(parts)
    if health.state == "unknown":
        yield words._("Neither a good nor a bad sign: we do not know.")


def missing(words: Words, plan: Plan) -> Iterator[str]:
    """What the score had to do without, and where the weight went."""
    for item in plan.health.missing:
        lack = readings.lack(words, readings.short(words, item.measure), item.fact_on)
        names = words.listed(readings.short(words, measure) for measure in item.given_to)
        yield words._("{lack}, its weight went to {names}", lack=lack, names=names) if names else lack


def said(words: Words, reason: Reason) -> str:
    """One reason as a sentence."""
    return sentence(words, [clause(words, reason.code, reason.params)])


def held(words: Words, cap: Cap) -> str:
    """The rule that holds the colour down."""
    why = clause(words, cap.code, cap.parts)
    return words._("held at {state}: {why}", state=term(words, STATES, cap.at_most), why=why)


def step(words: Words, item: Step) -> str:
    change = readings.step(words, item.measure, item.from_, item.to, item.parts)
    return f"{change} (+{words.number(item.points)})"


def aim(words: Words, outcome: Outcome) -> str:
    """An outcome in one line."""
    parts = [outcome.statement]
    if outcome.current is not None and outcome.target is not None:
        current, target = words.number(outcome.current), words.number(outcome.target)
        parts.append(words._("{current} today, target {target}", current=current, target=target))
    if outcome.achieved_on:
        parts.append(words._("reached on {day}", day=words.day(outcome.achieved_on)))
    elif outcome.due_on:
        parts.append(words._("by {day}", day=words.day(outcome.due_on)))
    return " · ".join(parts)


def amounts(words: Words, sums: Sequence[Money]) -> str:
    return " + ".join(words.money(money.amount, money.currency) for money in sums)


def shares(points: str, weight: str) -> Mapping[str, str]:
    """Conditions on points of weight: what is far from full calls for the eye."""
    return {
        "unknown": f'OR({points}="",{weight}=0)',
        "red": f"{points}/{weight}<0.5",
        "yellow": f"{points}/{weight}<0.75",
        "green": f"{points}/{weight}>=0.75",
    }


def _moved(words: Words, change: int, was: int) -> str:
    if not change:
        return words._("as 30 days ago")
    points = words.number(abs(change))
    if change < 0:
        return words._("down {points} in 30 days (was {was})", points=points, was=words.number(was))
    return words._("up {points} in 30 days (was {was})", points=points, was=words.number(was))
