"""/journey of one account: its stage, since when, why, what would move it on, and the way so far."""

from collections.abc import Iterator, Mapping

from domain.accounts import Account
from domain.facts import Facts
from domain.journey import Journey, Onward, Segmented, Stay, Usual, journey, usual_times
from domain.reasons import Reason
from domain.scopes import Filter
from handlers.accounts.portrait import Portrait, portrait
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, named, section
from handlers.journey.relationships import relationship
from storage import journey as storage_journey
from words import N_, Words
from words.phrases import clause, sentence
from words.terms import LAER_STAGES, term

STAYS = 8
MILESTONES: Mapping[str, str] = {
    "acquired": N_("acquired"),
    "activated": N_("activated"),
    "converted": N_("converted"),
    "trained": N_("trained"),
    "onboarded": N_("onboarded"),
    "first_value": N_("first value"),
}


def answer(ask: Ask, account: Account) -> Reply:
    shown = portrait(ask, account)
    found = travelled(ask, shown)
    name = named(account.name)
    parts = (_head(ask, shown, found), *_usual(ask, account, found), *_onward(ask.words, found), *_way(ask, found))
    way = _milestones(ask.words, shown.facts)
    kept = relationship(ask, account)
    return Reply(
        f"{name}: {said_stage(ask.words, found)}", (*parts, *filter(None, (way, kept)), _buttons(ask.words, account))
    )


def travelled(ask: Ask, shown: Portrait, usual: Mapping[Segmented, Usual] | None = None) -> Journey:
    """The account's journey today; without `usual`, the usual times of its segment are looked up."""
    number = shown.account.number
    with ask.database.transaction() as tx:
        rows = storage_journey.rows(tx, [number], ask.scope).get(number, [])
        told = storage_journey.told(tx, number, ask.scope)
        if usual is None:
            alike = ask.scope.narrowed(Filter("segment", shown.account.segment or ""))
            usual = usual_times(storage_journey.completed(tx, alike), ask.policy.journey)
    return journey(shown.facts, shown.case, ask.policy, rows, usual, told)


def said_stage(words: Words, found: Journey) -> str:
    """The stage and since when."""
    if found.stage is None:
        return words._("in no stage: not a customer now")
    stage = term(words, LAER_STAGES, found.stage)
    if found.since is None or found.days is None:
        return stage
    day, days = words.day(found.since), words.ngettext("{n} day", "{n} days", found.days)
    if found.at_least:
        return words._("{stage} at least since {day} ({days})", stage=stage, day=day, days=days)
    return words._("{stage} since {day} ({days})", stage=stage, day=day, days=days)


def _head(ask: Ask, shown: Portrait, found: Journey) -> Block:
    words = ask.words
    lines = [f"*{named(shown.account.name)}* · {said_stage(words, found)}"]
    if found.why:
        lines.append(sentence(words, [_said(words, reason) for reason in found.why]))
    if found.by == "person":
        lines.append(words._("It stays so until a person says otherwise."))
    if found.by == "person" and found.ruled and found.ruled != found.stage:
        lines.append(words._("By the rules it would be: {stage}.", stage=term(words, LAER_STAGES, found.ruled)))
    return section(*lines)


def _said(words: Words, reason: Reason) -> str:
    return clause(words, reason.code, reason.params)


def _usual(ask: Ask, account: Account, found: Journey) -> Iterator[Block]:
    if found.stage is None or found.usual is None:
        return
    words, usual = ask.words, found.usual
    days = words.ngettext("{n} day", "{n} days", usual.days)
    if usual.n:
        segment = named(account.segment or words._("no segment"), 60)
        line = words.ngettext(
            "Usual in {segment}: {days} (median of {n} stay)",
            "Usual in {segment}: {days} (median of {n} stays)",
            usual.n,
            segment=segment,
            days=days,
        )
    else:
        line = words._("Usual: {days} (of the policy; too few stays have ended)", days=days)
    stuck = [words._("⚠️ Stuck: {factor} times the usual time is over.", factor=words.number(ask.policy.journey.slow))]
    yield section(line, *(stuck if found.stuck else []))


def _onward(words: Words, found: Journey) -> Iterator[Block]:
    if found.onward:
        yield section(f"*{words._('What would move it on')}*", *(f"• {_step(words, way)}" for way in found.onward))


def _step(words: Words, way: Onward) -> str:
    wants = [_said(words, reason) for reason in way.wants]
    together = words.either(wants) if way.any_of else words.listed(wants)
    return words._("{stage}: {wants}", stage=term(words, LAER_STAGES, way.to), wants=together)


def _way(ask: Ask, found: Journey) -> Iterator[Block]:
    stays = [_stay(ask, stay) for stay in reversed(found.stays)]
    if len(stays) > 1:
        more = ask.words.and_more(len(stays) - STAYS)
        yield section(f"*{ask.words._('The way so far')}*", *(f"• {s}" for s in stays[:STAYS]), *more)


def _stay(ask: Ask, stay: Stay) -> str:
    words, until = ask.words, stay.until or ask.today
    days = words.ngettext("{n} day", "{n} days", (until - stay.first).days)
    first = words.day(stay.first) if stay.whole else f"≤ {words.day(stay.first)}"
    dated = f"{term(words, LAER_STAGES, stay.stage)} · {first} – {words.day(until) if stay.until else ''} · {days}"
    return f"{dated} · {words._('a person said so')}" if stay.by == "person" else dated


def _milestones(words: Words, facts: Facts) -> Block | None:
    reached = [
        f"{named(term(words, MILESTONES, each.milestone), 40)} {words.day(each.reached_on)}"
        for each in facts.milestones[:10]
    ]
    return context(words._("Milestones: {reached}", reached=" → ".join(reached))) if reached else None


def _buttons(words: Words, account: Account) -> Block:
    return actions(
        button(words._("How they are"), "ask", f"health {account.account_id}"),
        button(words._("Who they are"), "ask", f"account {account.account_id}"),
        button(words._("See the outcomes"), "ask", f"outcomes {account.account_id}"),
        button(words._("Who uses what"), "ask", f"account {account.account_id} features"),
    )
