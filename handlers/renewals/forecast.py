"""/forecast: what renewals will bring, how long customers stay, and what those who are here are still worth."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from domain.money import Money
from domain.renewals.forecast import Retention, Share
from domain.renewals.tracks import Forecast, Line, Weights, forecast
from domain.renewals.worth import Curves, Here, Standing, each_worth
from handlers.arguments import Selection, selected
from handlers.ask import Ask, Reply
from handlers.blocks import Block, code, context, named, section
from handlers.renewals import forecast_account, outlook, renewals
from handlers.renewals.forecast_method import assumed, made, method, terms
from handlers.renewals.forecast_question import asked
from storage.database import Transaction
from storage.renewals import lifetimes
from words import Words

PERIODS, CURVES, SEGMENTS, TENURES = 8, 3, 12, 8

Sums = Mapping[str, Decimal]
Group = TypeVar("Group", str, int)


@dataclass(frozen=True)
class Ahead:
    """What ends in the period: by whose call how much is expected; due: a year's amounts by currency."""

    calls: Forecast
    count: int
    due: Sums


@dataclass(frozen=True)
class Found:
    """here: the contracts of the scope; by: the survival of their like."""

    here: Mapping[Here, Standing]
    by: Curves
    ahead: Ahead


def answer(ask: Ask) -> Reply:
    """Of an account by name, else of a scope and a period; the word `clv` asks for the worth alone."""
    question = asked(ask)
    chosen = question.selection
    if question.account is not None:
        return forecast_account.answer(ask, question.account, _ahead_of_account(ask, chosen))
    with ask.database.transaction() as tx:
        found = _found(tx, ask, chosen)
    blocks = _blocks(ask, chosen, found, only_worth=question.only_worth)
    return Reply(ask.words._("Who stays, and what they are still worth"), tuple(blocks))


def _found(tx: Transaction, ask: Ask, chosen: Selection) -> Found:
    today, grace = ask.today, ask.policy.grace_days
    held = lifetimes.holdings(tx, chosen.scope.where(), today, today=today, grace_days=grace)
    by = lifetimes.survival(tx, ask.scope, today=today, grace_days=grace)
    return Found(held.here, by, _ahead(tx, ask, chosen))


def _ahead(tx: Transaction, ask: Ask, chosen: Selection) -> Ahead:
    due: dict[str, Decimal] = defaultdict(Decimal)
    counts: list[str] = []
    expected = forecast(_counted(renewals.endings(tx, ask, chosen), due, counts), _weights(ask))
    return Ahead(expected, len(counts), due)


def _ahead_of_account(ask: Ask, chosen: Selection) -> tuple[Block, ...]:
    """Of the period that was named; without one, of none."""
    if chosen.period is None:
        return ()
    with ask.database.transaction() as tx:
        ahead = _ahead(tx, ask, chosen)
    return (context(selected(ask.words, chosen)), *_renewals(ask, ahead))


def _counted(endings: Iterable[renewals.Ending], due: dict[str, Decimal], counts: list[str]) -> Iterator[Line]:
    for ending in endings:
        money = ending.renewal.version.annual
        due[money.currency] += money.amount
        counts.append(money.currency)
        yield ending.line


def _weights(ask: Ask) -> Weights:
    share = ask.policy.renewals
    return Weights(share.reduce, share.at_risk, share.lose)


def _blocks(ask: Ask, chosen: Selection, found: Found, *, only_worth: bool) -> Iterator[Block]:
    words = ask.words
    yield section(f"*{words._('Who stays, and what they are still worth')}*", selected(words, chosen))
    if not only_worth:
        yield from _renewals(ask, found.ahead)
    curves = _curves(found, chosen)
    if not curves:
        yield section(words._("No contract has come up for renewal yet: there is nothing to forecast from."))
        return
    yield from (_curve(words, *each) for each in curves)
    yield from _worth(ask, found)
    yield context(method(ask, found.by))


def _renewals(ask: Ask, ahead: Ahead) -> Iterator[Block]:
    words = ask.words
    if not ahead.count:
        yield section(words._("No contract ends in this period."))
        return
    yield section(words.ngettext("{n} renewal, {amount} a year", "{n} renewals, {amount} a year", ahead.count,
                                 amount=outlook.total(ask, ahead.due)))  # fmt: skip
    yield from outlook.blocks(ask, ahead.calls)


def _curves(found: Found, chosen: Selection) -> list[tuple[str, int, Retention]]:
    """By segment and length of term, the commonest first: the segment's own where one is asked for and has it."""
    wanted = [one.value.lower() for one in chosen.filters if one.kind == "segment"]
    own = [(c.segment, c.term_months, curve) for c, curve in found.by.own.items() if c.segment.lower() in wanted]
    of_all = [("", term, curve) for term, curve in found.by.of_all.items()]
    return sorted(own or of_all, key=lambda each: -each[2].lives)[:CURVES]


def _curve(words: Words, segment: str, term: int, found: Retention) -> Block:
    whose = named(segment, 40) if segment else words._("all accounts")
    head = f"*{terms(words, term)}* · {whose} · {made(words, found)}"
    if not found.lost:
        return section(head, words._("Nobody was lost yet: what they are worth cannot be told."))
    return section(head, code(_row(words, share) for share in found.curve[1 : PERIODS + 1]))


def _row(words: Words, share: Share) -> str:
    said = words.ngettext("after {n} renewal: {share}", "after {n} renewals: {share}", share.period,
                          share=words.percent(share.share, decimals=1))  # fmt: skip
    if share.interval is None:
        return f"{said}  ({words._('no interval: too little was lost')})"
    low, high = (words.percent(edge, decimals=1) for edge in share.interval)
    return f"{said}  ({words._('95 %: {low} to {high}', low=low, high=high)})"


def _worth(ask: Ask, found: Found) -> Iterator[Block]:
    """By segment and by tenure: contracts, what they pay a year, what is expected of them."""
    words = ask.words
    worths = each_worth(found.here, found.by, assumed(ask))
    if not worths:
        yield section(words._("No contract that comes up for renewal can be valued here."))
        return
    by_segment = _grouped(ask, found, worths, lambda kind: kind.segment)
    by_tenure = _grouped(ask, found, worths, lambda kind: min(kind.renewals, TENURES))
    segments = [f"{named(segment, 40) if segment else words._('without a segment')}: {said}"
                for segment, said in by_segment]  # fmt: skip
    yield section(f"*{words._('What they are still worth, by segment')}*", *segments[:SEGMENTS])
    yield section(f"*{words._('By tenure')}*", *(f"{_tenure(words, n)}: {said}" for n, said in by_tenure))
    left = sum(standing.contracts for kind, standing in found.here.items() if kind not in worths)
    if left:
        said = words.ngettext("{n} contract is left out: nobody of its kind was lost yet.",
                              "{n} contracts are left out: nobody of their kind was lost yet.", left)  # fmt: skip
        yield context(said)


def _grouped(
    ask: Ask, found: Found, worths: Mapping[Here, Money], of: Callable[[Here], Group]
) -> list[tuple[Group, str]]:
    words, groups = ask.words, defaultdict[Group, list[Here]](list)
    for kind in worths:
        groups[of(kind)].append(kind)
    lines = []
    for group, kinds in sorted(groups.items()):
        annual, worth, contracts = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal), 0
        for kind in kinds:
            annual[kind.currency] += found.here[kind].annual
            worth[kind.currency] += worths[kind].amount
            contracts += found.here[kind].contracts
        said = words.ngettext("{worth} of {n} contract that pays {annual} a year",
                              "{worth} of {n} contracts that pay {annual} a year", contracts,
                              worth=outlook.total(ask, worth), annual=outlook.total(ask, annual))  # fmt: skip
        lines.append((group, said))
    return lines


def _tenure(words: Words, renewals_so_far: int) -> str:
    if renewals_so_far == TENURES:
        return words.ngettext("renewed {n} time or more", "renewed {n} times or more", TENURES)
    if not renewals_so_far:
        return words._("not renewed yet")
    return words.ngettext("renewed {n} time", "renewed {n} times", renewals_so_far)
