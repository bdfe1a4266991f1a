"""What was decided in a period gone by: renewed, reduced or lost, with reason and competitor."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.accounts import Account
from domain.facts import RenewalCall
from domain.renewals.decisions import Decision, Result, decisions
from domain.renewals.tracks import VOICES
from handlers.arguments import Selection, selected
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, named, section
from handlers.renewals import outlook
from storage.database import Transaction
from storage.facts import renewal_calls, subscriptions
from words import N_, Words
from words.terms import CALLS, term

PAGE = 10
MOST = 400
RESULTS: Mapping[Result, str] = {
    "lost": N_("{n} lost"),
    "reduced": N_("{n} reduced"),
    "renewed": N_("{n} renewed"),
    "waiting": N_("{n} waiting"),
}
ORDER: tuple[Result, ...] = ("lost", "reduced", "waiting", "renewed")
SIGNS: Mapping[Result, str] = {"lost": "✖", "reduced": "▼", "renewed": "✓", "waiting": "…"}


@dataclass(frozen=True)
class Settled:
    account: Account
    decision: Decision
    calls: tuple[RenewalCall, ...]


@dataclass(frozen=True)
class Summary:
    """Losses first; all are counted and summed, the first MOST kept. before, after: annual amounts by currency."""

    settled: tuple[Settled, ...]
    counts: Mapping[Result, int]
    before: Mapping[str, Decimal]
    after: Mapping[str, Decimal]


def answer(ask: Ask, chosen: Selection, page: int) -> Reply:
    with ask.database.transaction() as tx:
        found = _summary(tx, ask, chosen)
    words, count = ask.words, sum(found.counts.values())
    if not count:
        said = words._("No contract ended in this period.")
        return Reply(said, (section(f"*{said}*", selected(words, chosen)),))
    said = words.ngettext("{n} renewal was decided", "{n} renewals were decided", count)
    shown = found.settled[page * PAGE : (page + 1) * PAGE]
    lines = [_line(ask, item) for item in shown]
    return Reply(said, (_heading(ask, chosen, found, said), *lines, *_note(ask, found, count, page)))


def _heading(ask: Ask, chosen: Selection, found: Summary, said: str) -> Block:
    words = ask.words
    results = [
        words._(RESULTS[result], n=words.number(found.counts[result])) for result in ORDER if found.counts.get(result)
    ]
    money = words._("{before} a year was due, {after} goes on", before=outlook.total(ask, found.before),
                    after=outlook.total(ask, found.after))  # fmt: skip
    return section(f"*{said}* · {' · '.join(results)}", money, selected(words, chosen))


def _note(ask: Ask, found: Summary, count: int, page: int) -> Iterator[Block]:
    yield context(ask.words._("Contracts that go on from month to month by themselves are not counted."))
    if count > MOST:
        yield context(ask.words._("Only the first {most} are listed: name a shorter period.", most=MOST))
    if len(found.settled) > (page + 1) * PAGE:
        yield actions(button(ask.words._("Next page"), "turn", ask.page_after(page)))


def _summary(tx: Transaction, ask: Ask, chosen: Selection) -> Summary:
    kept: list[Settled] = []
    counts: dict[Result, int] = defaultdict(int)
    before: dict[str, Decimal] = defaultdict(Decimal)
    after: dict[str, Decimal] = defaultdict(Decimal)
    for item in settled(tx, ask, chosen):
        decision = item.decision
        counts[decision.result] += 1
        before[decision.before.currency] += decision.before.amount
        after[decision.after.currency] += decision.after.amount
        kept.append(item)
        if len(kept) > 2 * MOST:
            kept = sorted(kept, key=worst)[:MOST]
    return Summary(tuple(sorted(kept, key=worst)[:MOST]), counts, before, after)


def settled(tx: Transaction, ask: Ask, chosen: Selection) -> Iterator[Settled]:
    """A page of accounts at a time."""
    period, last = chosen.period, 0
    while period and (page := subscriptions.ending(tx, scope=chosen.scope, after=last)):
        found = [
            (account, made)
            for account, versions in page
            if (made := _of_terms(decisions(versions, period, today=ask.today, grace_days=ask.policy.grace_days)))
        ]
        numbers = [account.number for account, _ in found]
        calls = renewal_calls.of_accounts(tx, numbers, scope=chosen.scope, since=period.first, day=ask.today)
        for account, made in found:
            yield from (Settled(account, each, _of(calls.get(account.number, ()), each)) for each in made)
        last = page[-1][0].number


def _of_terms(made: Sequence[Decision]) -> list[Decision]:
    """Without the months that went on by themselves: nobody decided anything."""
    return [each for each in made if not (each.by_itself and each.term_months <= 1)]


def _of(calls: Sequence[RenewalCall], decision: Decision) -> tuple[RenewalCall, ...]:
    """The newest call of each voice on this end, the final one last."""
    mine = {call.by: call for call in calls if call.renewal_on == decision.ends_on}
    return tuple(mine[voice] for voice in VOICES if voice in mine)


def worst(item: Settled) -> tuple[object, ...]:
    decision = item.decision
    return (ORDER.index(decision.result), -decision.before.amount, decision.ends_on, item.account.number)


def _line(ask: Ask, item: Settled) -> Block:
    words, made = ask.words, item.decision
    first = [f"{SIGNS[made.result]} *{named(item.account.name, 60)}*", _result(words, made)]
    if made.version.product:
        first.append(named(made.version.product, 40))
    see = button(words._("See why"), "ask", f"health {item.account.account_id}")
    return section(" · ".join(first), *_why(words, item), accessory=see)


def _result(words: Words, made: Decision) -> str:
    day, before = words.day(made.ends_on), words.money(made.before.amount, made.before.currency)
    after = words.money(made.after.amount, made.after.currency)
    if made.result == "lost":
        return words._("lost {before}, {day}", before=before, day=day)
    if made.result == "waiting":
        return words._("{before} ended {day}, not renewed yet", before=before, day=day)
    if made.result == "reduced":
        return words._("reduced from {before} to {after}, {day}", before=before, after=after, day=day)
    if made.by_itself:
        return words._("renewed by itself at {after}, {day}", after=after, day=day)
    if made.after == made.before:
        return words._("renewed at {after}, {day}", after=after, day=day)
    return words._("renewed from {before} to {after}, {day}", before=before, after=after, day=day)


def _why(words: Words, item: Settled) -> Iterator[str]:
    made, given = item.decision, [call for call in item.calls if call.by != "rule"]
    reason = made.reason or next((call.reason for call in reversed(given) if call.reason), None)
    competitor = made.competitor or next((call.competitor for call in reversed(given) if call.competitor), None)
    said = []
    if reason:
        said.append(words._("reason: {reason}", reason=named(reason, 160)))
    elif made.result in {"lost", "reduced"}:
        said.append(words._("no reason was recorded"))
    if competitor and made.result == "lost":
        said.append(words._("goes to {competitor}", competitor=named(competitor)))
    if said:
        yield " · ".join(said)
    calls = [words._(outlook.SAID[call.by], call=term(words, CALLS, call.call)) for call in item.calls]
    if calls:
        yield words._("Calls: {calls}", calls=" · ".join(calls))
