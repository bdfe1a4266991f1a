"""The card of one account: the first line is the answer, the second the reason, the third what to do."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from domain.facts import Outcome, RenewalCall
from domain.health.scores import Factor, Missing, Step
from domain.health.signals import deciding
from domain.reasons import Reason
from handlers.accounts.card_stage import EMPTY, Scene
from handlers.accounts.portrait import Portrait
from handlers.blocks import Block, actions, button, context, menu, named, section
from handlers.renewals.renewal_call import give
from words import Words
from words.phrases import clause, sentence
from words.readings import call, lack, lacking_feeds, reading, short, step
from words.terms import GROUPS, SENTIMENTS, SIGNS, STATES, term

FOLDED = 3
OUTCOMES = 2
COLOURS = ("red", "yellow", "green")


def card(shown: Portrait, words: Words, *, whole: bool = False, scene: Scene = EMPTY) -> tuple[Block, ...]:
    """The blocks of the card; `whole` lists every factor instead of the three that matter most."""
    if shown.health.state in COLOURS:
        return tuple(_coloured(shown, words, scene, whole=whole))
    return tuple(_uncoloured(shown, words, scene))


def notification(shown: Portrait, words: Words) -> str:
    """What a lock screen may show: no money, and nobody's name but the account's."""
    state, name = term(words, STATES, shown.health.state), named(shown.account.name)
    if not shown.change:
        return f"{name}: {state}"
    moved = (
        words._("fell by {points}", points=words.number(-shown.change))
        if shown.change < 0
        else words._("rose by {points}", points=words.number(shown.change))
    )
    return f"{name}: {state}, {moved}"


def _coloured(shown: Portrait, words: Words, scene: Scene, *, whole: bool) -> Iterator[Block]:
    yield section(_title(shown, words), *_because(shown, words), *_commercial(shown, words))
    yield section(*(_every_factor(shown, words) if whole else _telling_factors(shown, words)))
    if not whole:
        label = words.ngettext("See the {n} factor", "See all {n} factors", len(shown.health.factors))
        yield actions(button(label, "ask", f"health {shown.account.account_id} factors"))
    yield context(_data(shown, words))
    yield from _sections(_towards_green(shown, words), scene.lines, _around(shown, words), _next_words(shown, words))
    yield _buttons(shown, words, scene)


def _uncoloured(shown: Portrait, words: Words, scene: Scene) -> Iterator[Block]:
    yield section(_title(shown, words), *UNCOLOURED[shown.health.state](shown, words))
    yield from _sections(scene.lines, _around(shown, words))
    yield _buttons(shown, words, scene)


def _sections(*parts: Iterable[str]) -> Iterator[Block]:
    """A section of each part that says something."""
    yield from (section(*lines) for part in parts if (lines := list(part)))


def _around(shown: Portrait, words: Words) -> Iterator[str]:
    """What the customer wants, what the CSM feels, how the accounts below are."""
    yield from (*_wanted(shown, words), *_felt(shown, words), *_family(shown, words))


def _title(shown: Portrait, words: Words) -> str:
    health = shown.health
    parts = [f"{SIGNS[health.state]} *{named(shown.account.name)}*", *_standing(shown, words)]
    if health.cap:
        held = words._("held at {state}: {why}", state=term(words, STATES, health.cap.at_most),
                       why=clause(words, health.cap.code, health.cap.parts))  # fmt: skip
        return f"{' · '.join(parts)}, {held}"
    return " · ".join(parts)


def _standing(shown: Portrait, words: Words) -> list[str]:
    health = shown.health
    if health.state == "unknown":
        return [words._("not enough data ({coverage})", coverage=words.percent(health.coverage / 100))]
    if health.state == "onboarding":
        return _onboarding(shown, words)
    if health.state == "leaving":
        return _leaving(shown, words)
    if health.score is None:
        return [term(words, STATES, health.state)]
    return [words._("*{score} of 100*", score=words.number(health.score)), *_movement(shown, words)]


def _movement(shown: Portrait, words: Words) -> list[str]:
    if shown.changes is None or shown.changes.score is None:
        return []
    if not shown.changes.score:
        return [words._("as 30 days ago")]
    values = {"points": words.number(abs(shown.changes.score)), "was": words.number(shown.changes.was or 0)}
    if shown.changes.score < 0:
        return [words._("down {points} in 30 days (was {was})", **values)]
    return [words._("up {points} in 30 days (was {was})", **values)]


def _onboarding(shown: Portrait, words: Words) -> list[str]:
    health = shown.health
    reached = {milestone.milestone for milestone in shown.facts.milestones}
    return [
        words._(
            "onboarding, day {day} of {days}",
            day=words.number(health.day_of_onboarding or 0),
            days=words.number(health.onboarding_days),
        ),
        words._("first value: reached") if "first_value" in reached else words._("first value: open"),
        words.ngettext("{n} milestone reached", "{n} milestones reached", len(reached)),
    ]


def _because(shown: Portrait, words: Words) -> list[str]:
    return [sentence(words, [clauses(words, reason) for reason in shown.reasons])] if shown.reasons else []


def clauses(words: Words, reason: Reason) -> str:
    return clause(words, reason.code, reason.params)


def _commercial(shown: Portrait, words: Words) -> Iterator[str]:
    line = " · ".join([*_renewal(shown, words), *_worth(shown, words), *_notice(shown, words)])
    if line:
        yield line
    if shown.case.rule and shown.renewal and not shown.renewal.leaving:
        yield from _calls(shown, shown.case.rule[0], words)


def _renewal(shown: Portrait, words: Words) -> list[str]:
    renewal = shown.renewal
    if renewal is None:
        return [words._("No end of contract ahead")] if shown.annual else []
    if renewal.pending:
        return [words._("Ended {day} and not renewed yet", day=words.day(renewal.ends_on))]
    said = words._("Ends {day}") if renewal.leaving else words._("Renews {day}")
    return [f"{said.format(day=words.day(renewal.ends_on))} ({words.until(renewal.days_left)})"]


def _worth(shown: Portrait, words: Words) -> list[str]:
    amounts = [words.money(amount, currency) for currency, amount in sorted(shown.annual.items())]
    return [words._("ARR {amount}", amount=" + ".join(amounts))] if amounts else []


def _notice(shown: Portrait, words: Words) -> list[str]:
    renewal = shown.renewal
    if renewal is None or renewal.leaving or not renewal.automatic:
        return []
    by_itself = words._("renews by itself")
    if renewal.notice_on is None:
        return [by_itself]
    if renewal.days_to_decide < 0:
        return [words._("notice was due by {day}", day=words.short_day(renewal.notice_on)), by_itself]
    return [words._("notice by {day}", day=words.short_day(renewal.notice_on)), by_itself]


def _calls(shown: Portrait, expected: str, words: Words) -> Iterator[str]:
    """What a person says against the rule; near the decision also that nobody says anything that counts."""
    rule, given = call(words, expected), shown.said
    if deciding(shown.renewal) and (given is None or given.call == "monitor"):
        yield words._("Renewal call: missing; the rule says “{rule}”", rule=rule)
    elif given is not None:
        said = _voice(shown, given, words).format(said=call(words, given.call), rule=rule)
        yield said if given.call == expected else f"{said} → {words._('they disagree')}"


def _voice(shown: Portrait, given: RenewalCall, words: Words) -> str:
    if given.by == "final":
        return words._("Renewal call: the final one is “{said}”, the rule says “{rule}”")
    if shown.mine:
        return words._("Renewal call: you say “{said}”, the rule says “{rule}”")
    return words._("Renewal call: the CSM says “{said}”, the rule says “{rule}”")


def _telling_factors(shown: Portrait, words: Words) -> list[str]:
    return [f"*{words._('Why')}*", *(_factor(shown, factor, words) for factor in _most_telling(shown))]


def _most_telling(shown: Portrait) -> list[Factor]:
    """Those that fell most in 30 days, then those furthest below their weight."""
    moved = shown.changes.measures if shown.changes else {}

    def rank(factor: Factor) -> tuple[int, int]:
        return (min(moved.get(factor.measure, 0), 0), factor.points - factor.weight)

    return sorted(shown.health.factors, key=rank)[:FOLDED]


def _factor(shown: Portrait, factor: Factor, words: Words) -> str:
    said = reading(words, factor.measure, factor.reading.value, factor.reading.parts)
    parts = [said, f"*{factor.points}*/{factor.weight}"]
    if shown.changes:
        parts.append(words.signed(shown.changes.measures.get(factor.measure, 0)))
    if factor.reading.fact_on:
        parts.append(words.short_day(factor.reading.fact_on))
    return "• " + " · ".join(parts)


def _every_factor(shown: Portrait, words: Words) -> list[str]:
    lines = [f"*{words._('Why')}* · {words._('points · in 30 days · fact of')}"]
    for group in shown.health.groups:
        moved = f" · {words.signed(shown.changes.groups.get(group.name, 0))}" if shown.changes else ""
        points = words._("{points} of {weight}", points=words.number(group.points), weight=words.number(group.weight))
        lines.append(f"*{term(words, GROUPS, group.name)}* · {points}{moved}")
        lines += [_factor(shown, factor, words) for factor in shown.health.factors if factor.group == group.name]
    return lines


def _data(shown: Portrait, words: Words) -> str:
    health = shown.health
    parts = [words._("Data available: {coverage}", coverage=words.percent(health.coverage / 100))]
    parts += [_moved_weight(missing, words) for missing in health.missing]
    return " · ".join(parts)


def _moved_weight(missing: Missing, words: Words) -> str:
    said = words._("missing: {lack}", lack=lack(words, short(words, missing.measure), missing.fact_on))
    if not missing.given_to:
        return said
    names = words.listed(short(words, measure) for measure in missing.given_to)
    return words._("{lack}, its weight went to {names}", lack=said, names=names)


def _towards_green(shown: Portrait, words: Words) -> Iterator[str]:
    if shown.steps is None or not shown.steps or shown.health.score is None:
        return
    needed = words.ngettext(
        "*To turn green ({line}) it needs {n} point*",
        "*To turn green ({line}) it needs {n} points*",
        shown.green_line - shown.health.score,
        line=words.number(shown.green_line),
    )
    yield f"{needed}: " + " · ".join(_step(item, words) for item in shown.steps)


def _step(item: Step, words: Words) -> str:
    return f"{step(words, item.measure, item.from_, item.to, item.parts)} (+{words.number(item.points)})"


def _wanted(shown: Portrait, words: Words) -> Iterator[str]:
    wanted = shown.open_outcomes[:OUTCOMES]
    if wanted:
        yield f"*{words._('They want')}*"
    yield from (f"• {_outcome(shown, outcome, words)}" for outcome in wanted)


def _outcome(shown: Portrait, outcome: Outcome, words: Words) -> str:
    parts = [named(outcome.statement, 160)]
    if outcome.current is not None and outcome.target is not None:
        parts.append(
            words._("{current} today, target {target}", current=_figure(words, outcome.current),
                    target=_figure(words, outcome.target))
        )  # fmt: skip
    if outcome.due_on:
        parts.append(words._("by {day}", day=words.day(outcome.due_on)))
    stakeholder = next((c for c in shown.facts.contacts if c.contact_id == outcome.contact_id), None)
    if stakeholder:
        parts.append(words._("expected by {name}", name=named(stakeholder.name)))
    return " · ".join(parts)


def _figure(words: Words, value: Decimal) -> str:
    return words.number(value)


def _felt(shown: Portrait, words: Words) -> Iterator[str]:
    felt = shown.facts.sentiment
    if felt is None:
        return
    said = term(words, SENTIMENTS, felt.value)
    yours = words._("Your sentiment: “{said}”, of {day}", said=said, day=words.short_day(felt.given_on))
    if not shown.mine:
        yours = words._("The CSM's sentiment: “{said}”, of {day}", said=said, day=words.short_day(felt.given_on))
    if shown.change is not None and shown.change < 0 and (shown.facts.day - felt.given_on).days > 30:
        yours = words._("{sentiment}, older than the fall. Still so?", sentiment=yours)
    yield yours


def _family(shown: Portrait, words: Words) -> Iterator[str]:
    reddest = next(iter(shown.children), None)
    if reddest is None or reddest.state not in {"red", "yellow"}:
        return
    yield words._(
        "Below it: {sign} {name}, {score} of 100",
        sign=SIGNS[reddest.state],
        name=named(reddest.account.name),
        score=words.number(reddest.score or 0),
    )


def _next_words(shown: Portrait, words: Words) -> list[str]:
    if not shown.hints:
        return [words._("*Before you call*: nothing is waiting.")]
    said = words.listed([clauses(words, hint) for hint in shown.hints])
    return [words._("*Before you call*: {hints}.", hints=said)]


def _unknown(shown: Portrait, words: Words) -> list[str]:
    missing = lacking_feeds(words, [(item.measure, item.fact_on) for item in shown.health.missing])
    renewal = [said[:1].lower() + said[1:] for said in _renewal(shown, words)]
    known = [*renewal, *_worth(shown, words), *_notice(shown, words)]
    known += [reading(words, f.measure, f.reading.value, f.reading.parts) for f in shown.health.factors][:3]
    lines = [words._("Neither a good nor a bad sign: we do not know.")]
    if missing:
        lines.append(words._("*Missing*: {what}", what=" · ".join(missing)))
    if known:
        lines.append(words._("*What we do know*: {what}", what=" · ".join(known)))
    return [*lines, words._("*What helps now*: log your last conversation")]


def _leaving(shown: Portrait, words: Words) -> list[str]:
    renewal = shown.renewal
    if renewal is None:
        return [term(words, STATES, shown.health.state)]
    parts = []
    version = renewal.version
    if version.notice_given_on:
        parts.append(words._("gave notice on {day}", day=words.day(version.notice_given_on)))
    parts.append(words._("ends {day}", day=words.day(renewal.ends_on)))
    if version.cancel_reason:
        parts.append(words._("reason: {reason}", reason=named(version.cancel_reason)))
    if version.competitor:
        parts.append(words._("goes to {competitor}", competitor=named(version.competitor)))
    return parts


def _former(shown: Portrait, words: Words) -> list[str]:
    if shown.ended_on is None:
        return []
    return [words._("Their last contract ended on {day}.", day=words.day(shown.ended_on))]


UNCOLOURED: dict[str, Callable[[Portrait, Words], list[str]]] = {
    "unknown": _unknown,
    "onboarding": lambda shown, words: [*_commercial(shown, words)],
    "leaving": _worth,
    "former": _former,
    "prospect": lambda _shown, words: [words._("No paid contract has started yet.")],
}


def _buttons(shown: Portrait, words: Words, scene: Scene) -> Block:
    account_id, url = shown.account.account_id, shown.account.crm_url or ""
    return actions(
        scene.start,
        button(words._("Log a touch"), "form", f"touch {account_id}", style="primary"),
        button(words._("Account plan"), "ask", f"export plan {account_id}"),
        button(words._("History"), "ask", f"health {account_id} history"),
        button(words._("Give my sentiment"), "form", f"sentiment {account_id}"),
        give(words, shown.account) if shown.renewal and not shown.renewal.leaving else None,
        button(words._("Who they are"), "ask", f"account {account_id}"),
        _more(account_id, words),
        button(words._("Open in the CRM"), "link", url=url) if url.startswith(("https://", "http://")) else None,
    )


def _more(account_id: str, words: Words) -> Block | None:
    """What else there is to see."""
    options = [
        (f"outcomes {account_id}", words._("See the outcomes")),
        (f"stage {account_id}", words._("Two stages")),
        (f"account {account_id} features", words._("Who uses what")),
        (f"journey {account_id}", words._("Journey")),
    ]
    return menu("ask", options)
