"""/renewals: who renews in a period, until when one can decide, and what it is worth."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from domain.accounts import Account
from domain.money import Money, NoRate
from domain.periods import Period
from domain.renewals import Renewal, due, renewals
from handlers.arguments import Selection, selected, selection
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, named, section
from storage import scores, subscriptions
from storage.database import Transaction
from storage.scores import Score
from words import Words
from words.terms import SIGNS, UNSCORED

AHEAD = timedelta(90)
PAGE = 10
MOST = 400


@dataclass(frozen=True)
class Ending:
    account: Account
    renewal: Renewal


@dataclass(frozen=True)
class Found:
    """What ends in the period: all of it counted, the first `MOST` by date kept."""

    endings: tuple[Ending, ...]
    count: int
    annual: dict[str, Decimal]
    scores: dict[int, Score]


def answer(ask: Ask) -> Reply:
    typed, page = ask.paged()
    chosen = selection(typed, default=Period(ask.today, ask.today + AHEAD))
    with ask.database.transaction() as tx:
        found = _found(tx, ask, chosen, page)
    heading = section(f"*{_counted(ask, found)}*", selected(ask.words, chosen))
    if not found.count:
        return Reply(_counted(ask, found), (heading,))
    lines = [_line(ask, ending, found.scores.get(ending.account.number)) for ending in found.endings]
    following = typed.page_after(page) if min(found.count, MOST) > (page + 1) * PAGE else None
    said = ask.words.ngettext("{n} renewal", "{n} renewals", found.count)
    return Reply(said, (heading, *lines, *_note(ask, found, following)))


def _note(ask: Ask, found: Found, following: str | None) -> Iterator[Block]:
    yield context(ask.words._("The decision date is the notice date where a contract renews by itself, else its end."))
    if found.count > MOST:
        yield context(ask.words._("Only the first {most} are listed: name a shorter period.", most=MOST))
    if following:
        yield actions(button(ask.words._("Next page"), "turn", following))


def _found(tx: Transaction, ask: Ask, chosen: Selection, page: int) -> Found:
    period = chosen.period or Period(ask.today, ask.today + AHEAD)
    kept: list[Ending] = []
    count, annual = 0, dict[str, Decimal]()
    for ending in _endings(tx, ask, chosen, period):
        money = ending.renewal.version.annual
        count += 1
        annual[money.currency] = annual.get(money.currency, Decimal(0)) + money.amount
        kept.append(ending)
        if len(kept) > 2 * MOST:
            kept = sorted(kept, key=_soonest)[:MOST]
    shown = tuple(sorted(kept, key=_soonest)[:MOST][page * PAGE : (page + 1) * PAGE])
    readings = scores.latest(tx, [ending.account.number for ending in shown], chosen.scope)
    return Found(shown, count, annual, readings)


def _endings(tx: Transaction, ask: Ask, chosen: Selection, period: Period) -> Iterator[Ending]:
    """A page of accounts at a time, so that memory does not grow with the portfolio."""
    after, grace = 0, ask.policy.grace_days
    while page := subscriptions.ending(tx, scope=chosen.scope, after=after):
        for account, versions in page:
            coming = due(renewals(versions, today=ask.today, grace_days=grace), period)
            yield from (Ending(account, renewal) for renewal in coming)
        after = page[-1][0].number


def _soonest(ending: Ending) -> tuple[object, ...]:
    return (ending.renewal.ends_on, -ending.renewal.version.annual.amount, ending.account.number)


def _counted(ask: Ask, found: Found) -> str:
    if not found.count:
        return ask.words._("No contract ends in this period.")
    return ask.words.ngettext(
        "{n} renewal, {amount} a year", "{n} renewals, {amount} a year", found.count, amount=_total(ask, found.annual)
    )


def _total(ask: Ask, annual: dict[str, Decimal]) -> str:
    """In the organisation's currency; where a rate is lacking, each currency by itself."""
    try:
        total = ask.policy.exchange.total(Money(amount, currency) for currency, amount in annual.items())
    except NoRate:
        return " + ".join(ask.words.money(amount, currency) for currency, amount in sorted(annual.items()))
    return ask.words.money(total.amount.quantize(Decimal(1)), total.currency)


def _line(ask: Ask, ending: Ending, score: Score | None) -> Block:
    words, renewal = ask.words, ending.renewal
    sign = SIGNS[score.state] if score else UNSCORED
    money = renewal.version.annual
    first = [f"{sign} *{named(ending.account.name, 60)}*", words.money(money.amount, money.currency)]
    if renewal.version.product:
        first.append(named(renewal.version.product, 40))
    see = button(words._("See why"), "ask", f"health {ending.account.account_id}")
    return section(" · ".join(first), " · ".join(_dates(words, renewal)), accessory=see)


def _dates(words: Words, renewal: Renewal) -> Iterator[str]:
    if renewal.leaving:
        yield words._("leaves on {day}", day=words.day(renewal.ends_on))
        return
    if renewal.pending:
        yield words._("ended {day}, not renewed yet", day=words.day(renewal.ends_on))
        return
    yield words._("ends {day} ({until})", day=words.day(renewal.ends_on), until=words.until(renewal.days_left))
    if renewal.kind == "month_to_month":
        yield words._("month to month")
    if renewal.automatic:
        yield words._("renews by itself")
    if renewal.notice_on and renewal.days_to_decide >= 0:
        yield words._("decide by {day}", day=words.day(renewal.notice_on))
    elif renewal.notice_on:
        yield words._("notice was due by {day}", day=words.day(renewal.notice_on))
