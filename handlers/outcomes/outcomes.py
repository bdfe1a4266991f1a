"""/outcomes: what each stakeholder wants and how far it is, how the customer lives us, and what follows from both."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from domain.accounts import Contact
from domain.experience import Experienced, Lived, Verdict, judge, verdict
from domain.facts import Outcome
from domain.fit import fit
from domain.outcomes import Judged, Wanted, by_stakeholder, judged
from domain.reasons import Reason
from handlers.accounts.portrait import Portrait, portrait
from handlers.arguments import the_account
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, menu, named, section
from handlers.outcomes.experience import checklist, items, label, lived, tick_button
from handlers.outcomes.outcome_forms import CONFIRM, EDIT, PROGRESS, add_button
from words import N_, Words
from words.phrases import clause, sentence
from words.terms import ROLES, term

PAGE = 8
ANSWERS: Mapping[str, str] = {
    "reached_right": N_("reached, the right way"),
    "reached_wrong": N_("reached, but the wrong way"),
    "reached_unknown": N_("reached; whether the right way is not known"),
    "open_right": N_("not reached yet, on the right way"),
    "open_wrong": N_("not reached yet, and on the wrong way"),
    "open_unknown": N_("not reached yet; whether on the right way is not known"),
    "no_outcomes": N_("nobody has written down what they want to achieve"),
}
STATES: Mapping[str, str] = {
    "confirmed": N_("reached and confirmed"),
    "reached": N_("reached, not confirmed"),
    "on_track": N_("on track"),
    "behind": N_("behind"),
    "overdue": N_("overdue"),
    "unmeasured": N_("not measured"),
}
SIGNS: Mapping[str, str] = {
    "confirmed": "✅", "reached": "☑️", "on_track": "🟢", "behind": "🟡", "overdue": "🔴", "unmeasured": "⚪",
}  # fmt: skip
FITS: Mapping[str, str] = {
    "good": N_("Good fit to the ideal customer profile"),
    "partial": N_("Partial fit to the ideal customer profile"),
    "poor": N_("Poor fit to the ideal customer profile"),
}


def answer(ask: Ask) -> Reply:
    typed, page = ask.paged()
    account = the_account(ask, typed.text)
    shown, experience = portrait(ask, account), lived(ask, account)
    policy = ask.policy.experience
    wanted = judged(shown.facts.outcomes, account, ask.today)
    found = judge(items(ask, shown.facts, shown.contracts), experience, policy, ask.today)
    said = verdict(wanted, found, policy)
    head = (_head(ask.words, shown, said, found), *_fit(ask, shown))
    following = typed.page_after(page) if len(wanted) > (page + 1) * PAGE else None
    blocks = (*head, *_outcomes(ask.words, shown, wanted, page), *_rest(ask, shown, found, experience, following))
    return Reply(f"{named(account.name)}: {ask.words._(ANSWERS[said.answer])}", blocks)


def _rest(
    ask: Ask, shown: Portrait, found: Sequence[Experienced], experience: Lived, following: str | None
) -> Iterator[Block]:
    words, account = ask.words, shown.account
    yield from checklist(words, found, experience.days)
    yield actions(
        button(words._("Next page"), "turn", following) if following else None,
        add_button(words, account),
        tick_button(words, account) if any(each.item.measure == "tick" for each in found) else None,
        button(words._("How they are"), "ask", f"health {account.account_id}"),
        button(words._("Who uses what"), "ask", f"account {account.account_id} features"),
    )


def _head(words: Words, shown: Portrait, said: Verdict, found: Sequence[Experienced]) -> Block:
    """The answer, the reason, what to do."""
    steps = " ".join(sentence(words, [_clause(words, reason, found)]) for reason in said.next)
    lines = [f"*{named(shown.account.name)}*: {words._(ANSWERS[said.answer])}", " · ".join(_because(words, said))]
    return section(*lines, *([f"→ {steps}"] if steps else []))


def _clause(words: Words, reason: Reason, found: Sequence[Experienced]) -> str:
    params = dict(reason.params)
    if "item" in params:
        params["item"] = next(label(words, each.item) for each in found if each.item.id == params["item"])
    if "statement" in params:
        params["statement"] = named(str(params["statement"]), 160)
    return clause(words, reason.code, params)


def _because(words: Words, said: Verdict) -> Iterator[str]:
    if said.wanted:
        yield words.ngettext(
            "{reached} of {n} required outcome reached, {confirmed} confirmed by them",
            "{reached} of {n} required outcomes reached, {confirmed} confirmed by them",
            said.wanted, reached=words.number(said.reached), confirmed=words.number(said.confirmed),
        )  # fmt: skip
    yield words.ngettext(
        "experience: {met} of {n} known item as it should be",
        "experience: {met} of {n} known items as they should be",
        said.known, met=words.number(said.met),
    )  # fmt: skip
    if said.items > said.known:
        yield words.ngettext("{n} not known", "{n} not known", said.items - said.known)


def _fit(ask: Ask, shown: Portrait) -> Iterator[Block]:
    found = fit(shown.account, ask.policy.fit)
    if found and found.value in FITS:
        yield context(ask.words._(FITS[found.value]))
    elif found:
        yield context(ask.words._("Fit to the ideal customer profile: {fit}", fit=named(found.value, 60)))


def _outcomes(words: Words, shown: Portrait, wanted: Sequence[Judged], page: int) -> Iterator[Block]:
    """A page of them, each stakeholder's under their name."""
    ordered = [(group, each) for group in by_stakeholder(wanted, shown.facts.contacts) for each in group.outcomes]
    here = list(enumerate(ordered))[page * PAGE : (page + 1) * PAGE]
    for group, mine in groupby(here, key=lambda numbered: numbered[1][0]):
        yield context(_stakeholder(words, group, shown.facts.day))
        yield from (_outcome(words, shown, each, number) for number, (_group, each) in mine)


def _stakeholder(words: Words, wanted: Wanted, day: date) -> str:
    who = wanted.who
    if who is None:
        return words._("*Nobody is named who expects it*")
    parts = [f"*{named(who.name, 60)}*", *([term(words, ROLES, who.role)] if who.role and who.role != "other" else [])]
    if who.left_on and who.left_on <= day:
        parts.append(words._("left on {day}", day=words.day(who.left_on)))
    return " · ".join(parts)


def _outcome(words: Words, shown: Portrait, each: Judged, number: int) -> Block:
    outcome = each.outcome
    first = f"{SIGNS[each.state]} {named(outcome.statement, 200)} · *{words._(STATES[each.state])}*"
    second = " · ".join(_details(words, outcome, shown.facts.contacts))
    todo = [
        (f"{PROGRESS} {outcome.outcome_id}", words._("Record progress")),
        (f"{CONFIRM} {outcome.outcome_id}", words._("Confirmed by them")),
        (f"{EDIT} {outcome.outcome_id}", words._("Edit")),
    ]
    more = menu(f"form.outcome-{number}", todo)
    return section(first, *([second] if second else []), accessory=more)


def _details(words: Words, outcome: Outcome, contacts: Sequence[Contact]) -> Iterator[str]:
    figures = _figures(words, outcome)
    if figures:
        yield f"{named(outcome.measure, 100)}: {figures}" if outcome.measure else figures
    if outcome.due_on:
        yield words._("by {day}", day=words.day(outcome.due_on))
    if outcome.achieved_on:
        yield words._("reached on {day}", day=words.day(outcome.achieved_on))
    if outcome.confirmed_on:
        who = next((c.name for c in contacts if outcome.confirmed_by in (c.contact_id, c.email)), outcome.confirmed_by)
        day = words.day(outcome.confirmed_on)
        yield words._("confirmed by {name} on {day}", name=named(who or "?", 60), day=day)


def _figures(words: Words, outcome: Outcome) -> str:
    """baseline → current → target, as far as they are known."""
    figures = (outcome.baseline, outcome.current, outcome.target)
    if all(figure is None for figure in figures):
        return ""
    return " → ".join(_figure(words, figure) for figure in figures)


def _figure(words: Words, value: Decimal | None) -> str:
    return "?" if value is None else words.number(value)
