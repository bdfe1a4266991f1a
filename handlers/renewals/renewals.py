"""/renewals: who renews in a period, until when one can decide, what each track expects, and what it is worth."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from domain.accounts import Account
from domain.facts import RenewalCall
from domain.periods import Period, take
from domain.renewals.renewals import Renewal, due, renewals
from domain.renewals.tracks import Forecast, Line, Weights, forecast, tracks
from handlers.arguments import Selection, selected, selection
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, named, section
from handlers.renewals import decided, outlook, renewal_call
from storage import scores
from storage.database import Transaction
from storage.facts import renewal_calls, subscriptions
from storage.scores import Score
from words import Words
from words.terms import SIGNS, UNSCORED

AHEAD = timedelta(90)
PAGE = 10
MOST = 400
CALL = ("call", "pronóstico", "pronostico")


@dataclass(frozen=True)
class Ending:
    account: Account
    line: Line

    @property
    def renewal(self) -> Renewal:
        return self.line.renewal

    def soonest(self) -> tuple[object, ...]:
        """The order of the list."""
        return (self.renewal.ends_on, -self.renewal.version.annual.amount, self.account.number)


@dataclass(frozen=True)
class Found:
    """What ends in the period: all of it counted, the first `MOST` by date kept."""

    endings: tuple[Ending, ...]
    count: int
    annual: dict[str, Decimal]
    forecast: Forecast
    scores: dict[int, Score]


def answer(ask: Ask) -> Reply:
    """`call ACCOUNT` asks for one's call on a renewal; a period gone by for what was decided in it."""
    first, _, rest = ask.text.partition(" ")
    if first.lower() in CALL and rest.strip():
        return renewal_call.answer(ask.about(rest.strip()))
    typed, page = ask.paged()
    chosen = selection(typed, default=Period(ask.today, ask.today + AHEAD))
    if chosen.period and chosen.period.last < ask.today:
        return decided.answer(typed, chosen, page)
    with ask.database.transaction() as tx:
        found = _found(tx, ask, chosen, page)
    return _reply(typed, chosen, found, page)


def _reply(ask: Ask, chosen: Selection, found: Found, page: int) -> Reply:
    heading = section(f"*{_counted(ask, found)}*", selected(ask.words, chosen))
    if not found.count:
        return Reply(_counted(ask, found), (heading, *_earlier(ask, chosen)))
    lines = [block for ending in found.endings for block in _line(ask, ending, found.scores)]
    following = ask.page_after(page) if min(found.count, MOST) > (page + 1) * PAGE else None
    said = ask.words.ngettext("{n} renewal", "{n} renewals", found.count)
    notes = (*_note(ask, found, following), *_earlier(ask, chosen))
    return Reply(said, (heading, *outlook.blocks(ask, found.forecast), *lines, *notes))


def _earlier(ask: Ask, chosen: Selection) -> Iterator[Block]:
    """Of a period that has begun, what ended so far is an answer of its own."""
    if chosen.period is None or chosen.period.first >= ask.today:
        return
    words = ask.text.split()
    scope = take(words, today=ask.today, fiscal_year_start=ask.policy.fiscal_year_start, forward=True)[1]
    gone = f"{chosen.period.first}..{ask.today - timedelta(1)}"
    command = " ".join([ask.capability, gone, *scope])
    yield actions(button(ask.words._("What was decided until yesterday"), "ask", command))


def _note(ask: Ask, found: Found, following: str | None) -> Iterator[Block]:
    yield context(ask.words._("The decision date is the notice date where a contract renews by itself, else its end."))
    if found.count > MOST:
        yield context(ask.words._("Only the first {most} are listed: name a shorter period.", most=MOST))
    if following:
        yield actions(button(ask.words._("Next page"), "turn", following))


def _found(tx: Transaction, ask: Ask, chosen: Selection, page: int) -> Found:
    kept: list[Ending] = []
    counts: dict[str, int] = {}
    annual: dict[str, Decimal] = {}
    share = ask.policy.renewals
    expected = forecast(
        _counting(endings(tx, ask, chosen), kept, counts, annual),
        Weights(share.reduce, share.at_risk, share.lose),
    )
    shown = tuple(sorted(kept, key=Ending.soonest)[:MOST][page * PAGE : (page + 1) * PAGE])
    readings = scores.latest(tx, [ending.account.number for ending in shown], chosen.scope)
    return Found(shown, sum(counts.values()), annual, expected, readings)


def _counting(
    endings: Iterable[Ending], kept: list[Ending], counts: dict[str, int], annual: dict[str, Decimal]
) -> Iterator[Line]:
    """Each passes through once: counted, summed, and kept while it is among the soonest."""
    for ending in endings:
        money = ending.renewal.version.annual
        counts[money.currency] = counts.get(money.currency, 0) + 1
        annual[money.currency] = annual.get(money.currency, Decimal(0)) + money.amount
        kept.append(ending)
        if len(kept) > 2 * MOST:
            kept[:] = sorted(kept, key=Ending.soonest)[:MOST]
        yield ending.line


def endings(tx: Transaction, ask: Ask, chosen: Selection) -> Iterator[Ending]:
    """A page of accounts at a time, so that memory does not grow with the portfolio."""
    period = chosen.period or Period(ask.today, ask.today + AHEAD)
    after, since = 0, min(ask.today, period.first)
    while page := subscriptions.ending(tx, scope=chosen.scope, after=after):
        found = [
            (account, coming)
            for account, versions in page
            if (coming := due(renewals(versions, today=ask.today, grace_days=ask.policy.grace_days), period))
        ]
        numbers = [account.number for account, _ in found]
        calls = renewal_calls.of_accounts(tx, numbers, scope=chosen.scope, since=since, day=ask.today)
        for account, coming in found:
            yield from _of_account(ask, account, coming, calls.get(account.number, ()))
        after = page[-1][0].number


def _of_account(
    ask: Ask, account: Account, coming: Sequence[Renewal], calls: Sequence[RenewalCall]
) -> Iterator[Ending]:
    for renewal in coming:
        same = (
            other.version.annual.amount
            for other in coming
            if other.ends_on == renewal.ends_on
            and other.version.annual.currency == renewal.version.annual.currency
            and not other.leaving
        )
        line = Line(renewal, tracks(calls, renewal, ask.today), sum(same, Decimal(0)))
        yield Ending(account, line)


def _counted(ask: Ask, found: Found) -> str:
    if not found.count:
        return ask.words._("No contract ends in this period.")
    return ask.words.ngettext(
        "{n} renewal, {amount} a year",
        "{n} renewals, {amount} a year",
        found.count,
        amount=outlook.total(ask, found.annual),
    )


def _line(ask: Ask, ending: Ending, readings: dict[int, Score]) -> Iterator[Block]:
    words, renewal = ask.words, ending.renewal
    score = readings.get(ending.account.number)
    money = renewal.version.annual
    first = [f"{SIGNS[score.state] if score else UNSCORED} *{named(ending.account.name, 60)}*"]
    first.append(words.money(money.amount, money.currency))
    if renewal.version.product:
        first.append(named(renewal.version.product, 40))
    yield section(" · ".join(first), " · ".join(_dates(words, renewal)), *outlook.lines(ask, ending.line))
    see = button(words._("See why"), "ask", f"health {ending.account.account_id}")
    yield actions(see, None if renewal.leaving else renewal_call.give(words, ending.account, renewal.ends_on))


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
