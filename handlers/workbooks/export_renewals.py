"""/export renewals: what ends in a period, as `/renewals` lists it; of a period gone by, what was decided in it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from domain.periods import Period
from domain.renewals.tracks import VOICES, Weights, counted
from handlers.arguments import Selection, selected, selection
from handlers.ask import Ask, Reply
from handlers.renewals import decided, outlook
from handlers.renewals.renewals import AHEAD, Ending, endings
from handlers.workbooks.exported import handed, kept
from storage import people, scores
from storage.database import Transaction
from storage.importing import runs

if TYPE_CHECKING:
    from reports.listing import About
    from reports.renewals import Done, Due

PAGE = 1000


def answer(ask: Ask) -> Reply:
    chosen = selection(ask, default=Period(ask.today, ask.today + AHEAD))
    gone = chosen.period is not None and chosen.period.last < ask.today
    draw = _drawn_decided if gone else _drawn
    title = ask.words._("Renewals decided") if gone else ask.words._("Renewals")
    held = kept(chosen.filters, chosen.period)
    return handed(ask, "renewals", title, selected(ask.words, chosen), held, lambda about: draw(ask, chosen, about))


def _drawn(ask: Ask, chosen: Selection, about: "About") -> bytes:
    from reports.renewals import workbook  # noqa: PLC0415  half a second that only a workbook is worth

    with ask.database.transaction() as tx:
        return workbook(about, due(tx, ask, chosen), ask.words)


def _drawn_decided(ask: Ask, chosen: Selection, about: "About") -> bytes:
    from reports.renewals import workbook_of_decided  # noqa: PLC0415

    note = ask.words._("Contracts that go on from month to month by themselves are not counted.")
    with ask.database.transaction() as tx:
        return workbook_of_decided(replace(about, notes=(note,)), done(tx, ask, chosen), ask.words)


def due(tx: Transaction, ask: Ask, chosen: Selection) -> Iterator["Due"]:
    """By date, as `/renewals` has them; a page at a time."""
    from reports.renewals import Due  # noqa: PLC0415

    named, share = _names(tx), ask.policy.renewals
    weights = Weights(share.reduce, share.at_risk, share.lose)
    found = runs.in_order(endings(tx, ask, chosen), Ending.soonest)
    while page := list(islice(found, PAGE)):
        readings = scores.latest(tx, [ending.account.number for ending in page], chosen.scope)
        for account, line in ((ending.account, ending.line) for ending in page):
            score = readings.get(account.number)
            amounts = {voice: counted(line, voice, weights) for voice in VOICES}
            yield Due(
                account=account,
                line=line,
                csm=named.get(account.csm or "", account.csm),
                state=score.state if score else None,
                score=score.score if score else None,
                counts={voice: money.amount if money else None for voice, money in amounts.items()},
                step=None if line.renewal.leaving else next(outlook.next_step(ask, line), None),
            )


def done(tx: Transaction, ask: Ask, chosen: Selection) -> Iterator["Done"]:
    """Losses first, as `/renewals` has them."""
    from reports.renewals import Done  # noqa: PLC0415

    named = _names(tx)
    for item in runs.in_order(decided.settled(tx, ask, chosen), decided.worst):
        account = item.account
        calls = {call.by: call for call in item.calls}
        yield Done(account, item.decision, calls, named.get(account.csm or "", account.csm))


def _names(tx: Transaction) -> Mapping[str, str]:
    return {email: person.name for email, person in people.directory(tx).items()}
