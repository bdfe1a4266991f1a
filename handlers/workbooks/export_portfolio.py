"""/export portfolio: every account of a scope in a line, the worst first, as `/health` lists them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from domain.cases import worth
from domain.facts import Facts
from domain.policies.policy import Policy
from domain.portfolio import Entry, against
from domain.renewals.renewals import renewals_in, soonest
from domain.renewals.tracks import tracks
from domain.subscriptions import seats_in, spans
from handlers.arguments import Selection, selected, selection
from handlers.ask import Ask, Refused, Reply
from handlers.blocks import section
from handlers.workbooks.exported import handed, kept
from storage import accounts, people, portfolio
from storage.accounts import Standing
from storage.database import Transaction
from storage.portfolio import Known

if TYPE_CHECKING:
    from reports.listing import About

PAGE = 1000
MOST = 1_000_000


def answer(ask: Ask) -> Reply:
    chosen = selection(ask, periods=False, whole=True)
    with ask.database.transaction() as tx:
        count = accounts.count(tx, chosen.scope)
    if not 0 < count <= MOST:
        raise Refused(_refused(ask, count))
    title = ask.words._("Portfolio")
    held = {**kept(chosen.filters), "accounts": count}
    return handed(ask, "portfolio", title, selected(ask.words, chosen), held, lambda about: _drawn(ask, chosen, about))


def _refused(ask: Ask, count: int) -> Reply:
    said = ask.words._("There is no account to show.")
    if count:
        said = ask.words._("A sheet holds {most} rows at most: name a smaller scope.", most=ask.words.number(MOST))
    return Reply(said, (section(said),), answered=False)


def _drawn(ask: Ask, chosen: Selection, about: "About") -> bytes:
    from reports.portfolio import workbook  # noqa: PLC0415  half a second that only a workbook is worth

    with ask.database.transaction() as tx:
        own = portfolio.own_columns(tx, scope=chosen.scope)
        named = {email: person.name for email, person in people.directory(tx).items()}
        scored = accounts.newest_day(tx)
        note = ask.words._("There are no scores yet.")
        if scored:
            note = ask.words._("Scores are those of the night of {day}.", day=ask.words.day(scored))
        about = replace(about, notes=(note,))
        return workbook(about, entries(tx, ask, chosen), ask.words, people=named, own=own)


def entries(tx: Transaction, ask: Ask, chosen: Selection) -> Iterator[Entry]:
    """A page of accounts at a time."""
    day, after = ask.today, None
    while page := accounts.page(tx, chosen.scope, after=after, limit=PAGE):
        numbers, scored = [standing.account.number for standing in page], page[0].day
        found = portfolio.known(tx, numbers, day=day, scored=scored, policy=ask.policy, scope=chosen.scope)
        yield from (_entry(ask.policy, day, standing, found) for standing in page)
        if len(page) < PAGE:
            return
        after = page[-1].cursor


def _entry(policy: Policy, day: date, standing: Standing, found: Known) -> Entry:
    account, score = standing.account, standing.score
    number = account.number
    then, earned = found.before.get(number), found.earned.get(number, ())
    facts = Facts(account, day, months=tuple(found.months.get(number, ())))
    contracts = spans(found.versions.get(number, ()), today=day, grace_days=policy.grace_days)
    renewal = soonest(renewals_in(contracts, today=day))
    return Entry(
        account=account,
        state=standing.state,
        score=score,
        cap=standing.cap,
        coverage=standing.coverage,
        change=score - then.score if score is not None and then and then.score is not None else None,
        against=against(score, earned, then.points if then else None),
        values={each.measure: each.value for each in earned if each.value is not None},
        stage=found.stages.get(number),
        annual=worth(facts, contracts, policy.exchange),
        renewal=renewal,
        calls=tracks(found.calls.get(number, ()), renewal, day).calls if renewal else {},
        seats=seats_in(contracts, day),
        touched_on=found.touched.get(number),
        sentiment=found.felt.get(number),
    )
