"""A lead's Monday: growth, what renews, what nobody owns, whose hours are full, what went up unready, what was lost.

Never a ranking of people by health or by alerts: it teaches them to hide accounts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.accounts import Person
from domain.kpis.kpis import METRICS
from domain.kpis.kpis_values import Kpi
from domain.periods import Period, parse
from domain.playbooks.capacity import Load, loads
from domain.playbooks.plays import LIVE, OVER
from domain.renewals.tracks import Weights, forecast
from domain.scopes import Filter
from handlers.alerts.due import due_of
from handlers.arguments import Selection
from handlers.ask import Ask, Desk, Reply
from handlers.blocks import Block, actions, button, named, section
from handlers.playbooks.playbook_effect import brief
from handlers.renewals import outlook, renewals
from storage import people
from storage.alerts.alerts import Listed
from storage.database import Transaction
from storage.kpis import kpis, kpis_breakdown
from storage.playbooks import plays, tasks
from storage.scope import Scope
from words import Words

NAMED, REASONS = 3, 3
WEEK, AHEAD = timedelta(7), timedelta(90)
DAY = timedelta(1)


def render(desk: Desk, content: dict[str, Any] | Any, _person: Person | None, words: Words) -> Reply:
    """Of the channel of a team: what its lead sees, without buttons that are theirs alone."""
    with desk.database.transaction() as tx:
        lead = people.by_email(tx, content["lead"])
    if lead is None:
        raise LookupError("the lead of this team is not known any more")
    ask = Ask(desk, lead, words, capability="digest")
    said = words._("The team's week")
    return Reply(said, tuple(team(ask, date.fromisoformat(content["told_on"]), shared=True)))


def team(ask: Ask, day: date, *, shared: bool = False, playbooks: bool = True) -> list[Block]:
    """playbooks: what the one that was started most has done, which takes a look at all its plays."""
    words = ask.words
    heading = words._("📈 Team · week of {day}", day=words.spoken_day(day))
    with ask.database.transaction() as tx:
        lines = list(_lines(tx, ask, day, playbooks=playbooks))
    blocks = [section(f"*{heading}*", *lines)]
    blocks += nobodys(words, due_of(ask.desk, ask.caller, day).unowned, shared=shared)
    if not shared:
        see = button(words._("What renews"), "ask", "renewals team")
        blocks.append(actions(see, button(words._("Scorecard"), "ask", "kpi team")))
    return blocks


def nobodys(words: Words, unowned: Sequence[Listed], *, shared: bool = False) -> Iterator[Block]:
    if unowned:
        names = words.listed([named(each.name or "", 40) for each in unowned[:NAMED]])
        said = words.ngettext("Nobody's: {names}", "Nobody's: {names}", len(unowned), names=names)
        assign = None if shared else button(words._("Assign…"), "ask", "alerts unowned")
        yield section(said, accessory=assign)


def _lines(tx: Transaction, ask: Ask, day: date, *, playbooks: bool) -> Iterator[str]:
    scope = ask.scope.narrowed(Filter("team"))
    started = plays.counted(tx, scope)
    yield from _growth(tx, ask, scope)
    yield from _renewing(tx, ask, scope, day)
    yield from _load(tx, ask, day, waiting=sum(n for (_book, status), n in started.items() if status == "waiting"))
    yield from _unready(tx, ask, scope, day)
    yield from _effect(tx, ask, scope, started) if playbooks else ()
    yield from _lost(tx, ask, scope, day)


def metric(tx: Transaction, ask: Ask, scope: Scope, name: str, period: Period) -> Kpi:
    counted = kpis.count(kpis.Question(tx, period, scope, ask.policy, ask.today), METRICS[name].families)
    return METRICS[name].of(counted)


def to_date(ask: Ask, said: str) -> Period:
    """A period as people name it, as far as it has come."""
    whole = parse(said, today=ask.today, fiscal_year_start=ask.policy.fiscal_year_start, forward=False)
    return Period(whole.first, min(whole.last, ask.today))


def signed(words: Words, ratio: Decimal | None) -> str:
    if ratio is None:
        return ""
    return ("+" if ratio > 0 else "") + words.percent(ratio, decimals=1)


def _growth(tx: Transaction, ask: Ask, scope: Scope) -> Iterator[str]:
    words = ask.words
    growth = metric(tx, ask, scope, "net-growth", to_date(ask, "this quarter")).value
    year = to_date(ask, "12 months")
    nrr, grr = (metric(tx, ask, scope, name, year).value for name in ("nrr", "grr"))
    parts = []
    if growth is not None:
        parts.append(words._("net growth of the quarter to date {growth}", growth=signed(words, growth)))
    if nrr is not None and grr is not None:
        parts.append(words._("NRR of 12 months {nrr}, GRR {grr}", nrr=words.percent(nrr), grr=words.percent(grr)))
    if parts:
        yield " · ".join(parts)


def _renewing(tx: Transaction, ask: Ask, scope: Scope, day: date) -> Iterator[str]:
    words, share = ask.words, ask.policy.renewals
    chosen = Selection(scope, (Filter("team"),), Period(day, day + AHEAD))
    ends = [ending.line for ending in renewals.endings(tx, ask, chosen)]
    if not ends:
        return
    expected = forecast(iter(ends), Weights(share.reduce, share.at_risk, share.lose))
    parts = [words.ngettext("{n} renewal in 90 days", "{n} renewals in 90 days", len(ends))]
    parts += [
        words._(outlook.FORECASTS[voice], amount=outlook.total(ask, expected.sums[voice].called))
        for voice in ("csm", "rule")
        if expected.sums[voice].called
    ]
    if expected.disagree:
        parts.append(words._("calls disagree: {n}", n=words.number(expected.disagree)))
    yield " · ".join(parts)


def _load(tx: Transaction, ask: Ask, day: date, *, waiting: int) -> Iterator[str]:
    """Whose hours of this week are more than full, and what waits for it; the others together."""
    words, mine = ask.words, {email.lower() for email in ask.caller.team}
    staff = [person for person in tasks.staff(tx) if person.email in mine]
    found = loads(tasks.taken(tx, since=day, until=day + WEEK), staff, default=ask.policy.playbooks.weekly_hours)
    over = [load for load in found if load.whose in mine and load.over > 0]
    wait = (
        [words.ngettext("{n} start waits for free hours", "{n} starts wait for free hours", waiting)] if waiting else []
    )
    if not over:
        yield from wait
        return
    ours = people.directory(tx)
    said = [_full(words, load, ours[load.whose].name) for load in over[:NAMED]]
    yield " · ".join([words._("Hours: {people} · the others have room", people=words.listed(said)), *wait])


def _full(words: Words, load: Load, name: str) -> str:
    share = words.percent(load.hours / load.capacity) if load.capacity else f"{words.number(round(load.hours, 1))} h"
    return words._("{name} at {share}", name=named(name, 40), share=share)


def _unready(tx: Transaction, ask: Ask, scope: Scope, day: date) -> Iterator[str]:
    ready = metric(tx, ask, scope, "readiness", Period(day - WEEK, day - DAY))
    if ready.numerator is None or not ready.denominator:
        return
    unready = int(ready.denominator - ready.numerator)
    yield ask.words._("Went up unready: {n} of {all}", n=ask.words.number(unready), all=ask.words.number(
        int(ready.denominator)))  # fmt: skip


def _effect(tx: Transaction, ask: Ask, scope: Scope, counted: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """Of the playbook that was started most."""
    started: Counter[str] = Counter()
    for (name, status), n in counted.items():
        started[name] += n if status in (*LIVE, *OVER) and name in ask.desk.playbooks.playbooks else 0
    for name, n in started.most_common(1):
        if n:
            yield brief(tx, ask, ask.desk.playbooks.playbooks[name], scope)


def _lost(tx: Transaction, ask: Ask, scope: Scope, day: date) -> Iterator[str]:
    words = ask.words

    def losses(period: Period) -> list[kpis_breakdown.Loss]:
        return list(kpis_breakdown.losses(kpis.Question(tx, period, scope, ask.policy, ask.today)))

    gone = sum(loss.gone for loss in losses(Period(day - WEEK, day - DAY)))
    last = words.ngettext("Lost last week: {n} account", "Lost last week: {n} accounts", gone)
    said = last if gone else words._("Lost last week: none")
    quarter = [loss for loss in losses(to_date(ask, "this quarter")) if loss.gone][:REASONS]
    if quarter:
        why = [f"{named(loss.reason, 40) or words._('no reason given')} {loss.gone}" for loss in quarter]
        said = f"{said} · {words._('reasons of the quarter: {why}', why=', '.join(why))}"
    yield said
