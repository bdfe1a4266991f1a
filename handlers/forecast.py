"""`forecast`: how long customers stay, by renewals, and what those who are here are still worth."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from domain.accounts import Account
from domain.decisions import decisions
from domain.forecast import Life, LifetimeValue, NoHistory, Retention, Share, lifetime_value, retention
from domain.lifetimes import Lifetime, lifetimes
from domain.money import Money
from domain.periods import Period
from domain.renewals import renewals
from domain.scopes import NotAScope, take
from domain.subscriptions import Version
from handlers import backtest
from handlers.arguments import selected, selection, the_account
from handlers.ask import Ask, Reply
from handlers.blocks import Block, code, context, named, section
from handlers.outlook import total
from storage import scores, subscriptions
from storage.database import Transaction
from storage.scope import Scope
from storage.scores import Score
from words import Words

ENOUGH_LIVES = 30
PERIODS = 8
SEGMENTS = 12
TENURES = 5
SAMPLE = Decimal(1000)

Here = tuple[int, int, str]


@dataclass
class Held:
    """Of one segment: lives by length of term; annual amounts in force by term, renewals so far and currency."""

    lives: dict[int, Counter[Life]] = field(default_factory=lambda: defaultdict(Counter))
    here: dict[Here, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, each: Lifetime) -> None:
        self.lives[each.term_months][each.life] += 1
        if each.annual:
            self.here[each.term_months, each.life.periods, each.annual.currency] += each.annual.amount


@dataclass(frozen=True)
class Known:
    """The segments, and the retention of all by length of term, where there is one."""

    segments: Mapping[str, Held]
    retentions: Mapping[int, Retention]
    own: Mapping[tuple[str, int], Retention]

    def of(self, segment: str, term: int) -> Retention | None:
        """The segment's own where it has lives enough, else that of all; None where nobody was lost yet."""
        found = self.own.get((segment, term)) or self.retentions.get(term)
        return found if found and found.lost else None


def answer(ask: Ask) -> Reply:
    """A scope, or else an account by name."""
    try:
        rest = take(ask.text.split())[1]
    except NotAScope:
        rest = []
    if rest:
        return _of_account(ask, the_account(ask, ask.text))
    chosen = selection(ask, periods=False)
    with ask.database.transaction() as tx:
        known = _known(tx, ask, chosen.scope)
    heading = section(f"*{ask.words._('Who stays, and what they are still worth')}*", selected(ask.words, chosen))
    if not known.retentions:
        said = ask.words._("No contract has come up for renewal yet: there is nothing to forecast from.")
        return Reply(said, (heading, section(said)))
    return Reply(
        ask.words._("Who stays, and what they are still worth"),
        (heading, *_curves(ask.words, known), *_worth(ask, known), context(_method(ask))),
    )


def _known(tx: Transaction, ask: Ask, scope: Scope) -> Known:
    segments: dict[str, Held] = defaultdict(Held)
    after = 0
    while page := subscriptions.ending(tx, scope=scope, after=after):
        for account, versions in page:
            for each in _lifetimes(ask, versions):
                segments[account.segment or ""].add(each)
        after = page[-1][0].number
    everyone: dict[int, Counter[Life]] = defaultdict(Counter)
    own: dict[tuple[str, int], Retention] = {}
    for segment, held in segments.items():
        for term, counted in held.lives.items():
            everyone[term].update(counted)
            if counted.total() >= ENOUGH_LIVES and (found := _retention(counted)) and found.lost:
                own[segment, term] = found
    retentions = {term: found for term, counted in everyone.items() if (found := _retention(counted))}
    return Known(segments, retentions, own)


def _lifetimes(ask: Ask, versions: Sequence[Version]) -> list[Lifetime]:
    grace = ask.policy.grace_days
    always = Period(date.min, ask.today - timedelta(1))
    made = decisions(versions, always, today=ask.today, grace_days=grace)
    return lifetimes(made, renewals(versions, today=ask.today, grace_days=grace))


def _retention(counted: Mapping[Life, int]) -> Retention | None:
    try:
        return retention(counted)
    except NoHistory:
        return None


def _curves(words: Words, known: Known) -> Iterator[Block]:
    """One for each length of term, the commonest first."""
    for term, found in sorted(known.retentions.items(), key=lambda item: -item[1].lives)[:3]:
        head = f"*{_terms(words, term)}* · {_made(words, found)}"
        if not found.lost:
            yield section(head, words._("Nobody was lost yet: what they are worth cannot be told."))
            continue
        yield section(head, code(_row(words, share) for share in found.curve[1 : PERIODS + 1]))


def _terms(words: Words, months: int) -> str:
    return words.ngettext("Terms of {n} month", "Terms of {n} months", months)


def _made(words: Words, found: Retention) -> str:
    counted = words.ngettext("{n} contract, {lost} lost", "{n} contracts, {lost} lost", found.lives,
                             lost=words.number(found.lost))  # fmt: skip
    if found.alpha is None or found.beta is None:
        return f"Kaplan-Meier · {counted}"
    figures = {"alpha": words.number(found.alpha, decimals=3), "beta": words.number(found.beta, decimals=3)}
    return f"{words._('sBG (α {alpha}, β {beta})', **figures)} · {counted}"


def _row(words: Words, share: Share) -> str:
    said = words.ngettext("after {n} renewal: {share}", "after {n} renewals: {share}", share.period,
                          share=words.percent(share.share, decimals=1))  # fmt: skip
    if share.interval is None:
        return f"{said}  ({words._('no interval: too little was lost')})"
    low, high = (words.percent(edge, decimals=1) for edge in share.interval)
    return f"{said}  ({words._('95 %: {low} to {high}', low=low, high=high)})"


def _worth(ask: Ask, known: Known) -> Iterator[Block]:
    words = ask.words
    lines = [line for segment, held in sorted(known.segments.items()) if (line := _segment(ask, known, segment, held))]
    if lines:
        yield section(f"*{words._('What they are still worth, by segment')}*", *lines[:SEGMENTS])
    term, found = max(known.retentions.items(), key=lambda item: item[1].lives)
    if not found.lost:
        return
    each = [
        words.ngettext(
            "after {n} renewal {amount}", "after {n} renewals {amount}", n, amount=_money(words, value.money)
        )
        for n in range(TENURES)
        for value in [_value(ask, Money(SAMPLE, ask.policy.currency), found, n, term)]
    ]
    yield section(
        words._("*By tenure*, of {amount} a year ({terms}): {worth}", terms=_terms(words, term), worth=" · ".join(each),
                amount=_money(words, Money(SAMPLE, ask.policy.currency)))
    )  # fmt: skip


def _segment(ask: Ask, known: Known, segment: str, held: Held) -> str:
    words, worth, annual = ask.words, defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for (term, renewed, currency), amount in held.here.items():
        found = known.of(segment, term)
        if found:
            worth[currency] += _value(ask, Money(amount, currency), found, renewed, term).money.amount
            annual[currency] += amount
    if not worth:
        return ""
    terms = {term for term, _, _ in held.here}
    borrowed = "" if any((segment, term) in known.own for term in terms) else f" · {words._('by the retention of all')}"
    name = named(segment, 40) if segment else words._("without a segment")
    said = words._("{name}: {worth}, of {annual} a year", name=name, worth=total(ask, worth), annual=total(ask, annual))
    return f"{said}{borrowed}"


def _value(ask: Ask, annual: Money, found: Retention, renewed: int, term: int) -> LifetimeValue:
    given = ask.policy.forecast
    margin = Decimal(1) if given.margin is None else given.margin
    return lifetime_value(annual, found, renewals=renewed, term_months=term, margin=margin, discount=given.discount)


def _money(words: Words, money: Money) -> str:
    return words.money(money.amount.quantize(Decimal(1)), money.currency)


def _method(ask: Ask) -> str:
    words, given = ask.words, ask.policy.forecast
    margin = words._("revenue, for the policy names no margin")
    if given.margin is not None:
        margin = words._("margin {margin}", margin=words.percent(given.margin))
    return words._(
        "Worth: what is expected from the next renewal on ({margin}), each term at its start, discounted by "
        "{discount} a year back to that renewal. sBG from {n} renewals on, else Kaplan-Meier.",
        margin=margin, discount=words.percent(given.discount), n=words.number(5),
    )  # fmt: skip


def _of_account(ask: Ask, account: Account) -> Reply:
    words = ask.words
    with ask.database.transaction() as tx:
        known = _known(tx, ask, ask.scope)
        mine = _lifetimes(ask, subscriptions.of_account(tx, account.number, ask.scope))
        score = scores.latest(tx, [account.number], ask.scope).get(account.number)
    lines, worth = [], defaultdict[str, Decimal](Decimal)
    for each in mine:
        found = known.of(account.segment or "", each.term_months)
        if each.annual and found:
            value = _value(ask, each.annual, found, each.life.periods, each.term_months)
            worth[value.money.currency] += value.money.amount
            lines.append(
                words.ngettext("{amount} a year, renewed {n} time: {worth} · {made}",
                               "{amount} a year, renewed {n} times: {worth} · {made}", each.life.periods,
                               amount=_money(words, each.annual), worth=_money(words, value.money),
                               made=_made(words, found))
            )  # fmt: skip
    if not lines:
        said = words._("{name} has no contract that comes up for renewal: there is nothing to forecast from.",
                       name=named(account.name))  # fmt: skip
        return Reply(said, (section(said),))
    said = words._("{name} is still worth {amount}", name=named(account.name), amount=total(ask, worth))
    return Reply(words._("What {name} is still worth", name=named(account.name)),
                 (section(f"*{said}*", *lines), *_probability(ask, score), context(_method(ask))))  # fmt: skip


def _probability(ask: Ask, score: Score | None) -> Iterator[Block]:
    """The rule's score calibrated on the renewals that the caller may see; with what it rests on."""
    found = backtest.run(ask.desk, ask.scope)
    words = ask.words
    if score is None or score.score is None or found.calibration is None:
        yield section(words._("*Probability of renewal*: cannot be told, for there is no score or no past renewal."))
        return
    chance = words.percent(found.calibration.renewed(score.score))
    said = words._("*Probability of renewal*: {chance} at a score of {score}; {base} of all renewed", chance=chance,
                   score=words.number(score.score), base=words.percent(1 - (found.base or 0)))  # fmt: skip
    yield section(said, backtest.evidence(found, words))
