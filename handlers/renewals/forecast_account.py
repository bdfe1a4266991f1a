"""/forecast ACCOUNT: what one account is still worth, and how likely its next renewal is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.accounts import Account
from domain.money import Money
from domain.renewals.learned import Known
from domain.renewals.lifetimes import Lifetime, lifetimes_on
from domain.renewals.pasts import Question, Reading, figures, terms_known
from domain.renewals.renewals import renewals, soonest
from domain.renewals.worth import Curves, worth
from domain.subscriptions import Version
from handlers.ask import Ask, Reply
from handlers.blocks import Block, context, named, section
from handlers.renewals import backtest, outlook
from handlers.renewals.forecast_method import assumed, made, method
from storage.database import Transaction
from storage.facts import subscriptions
from storage.renewals import backtest as stored
from storage.renewals import fits, lifetimes
from storage.renewals.fits import Tested


def answer(ask: Ask, account: Account, ahead: tuple[Block, ...] = ()) -> Reply:
    """`ahead`: what the calls say of its renewals in a period that was named."""
    words, grace = ask.words, ask.policy.grace_days
    with ask.database.transaction() as tx:
        by = lifetimes.survival(tx, ask.scope, today=ask.today, grace_days=grace)
        versions = subscriptions.of_account(tx, account.number, ask.scope)
        reading, tested = _reading(tx, ask, account), fits.tested(tx)
    mine = lifetimes_on(versions, ask.today, today=ask.today, grace_days=grace)
    total, lines = defaultdict[str, Decimal](Decimal), []
    for value, said in _lines(ask, account, mine, by):
        total[value.currency] += value.amount
        lines.append(said)
    if not lines:
        said = words._("{name} has no contract whose renewal can be expected: there is nothing to forecast from.",
                       name=named(account.name))  # fmt: skip
        return Reply(said, (section(said),))
    title = words._("{name} is still worth {amount}", name=named(account.name), amount=outlook.total(ask, total))
    likely = _probability(ask, reading, _terms(ask, versions), tested)
    return Reply(words._("What {name} is still worth", name=named(account.name)),
                 (section(f"*{title}*", *lines), *likely, *ahead, context(method(ask, by))))  # fmt: skip


def _lines(ask: Ask, account: Account, mine: Sequence[Lifetime], by: Curves) -> Iterator[tuple[Money, str]]:
    """Of each contract that comes up for renewal; one of whose kind nobody was lost yet has no worth to tell."""
    words = ask.words
    for each in mine:
        found = by.of(account.segment or "", each.term_months)
        if each.annual is None or found is None:
            continue
        value = worth(each.annual, found, each.life.periods, each.term_months, assumed(ask))
        annual, valued = (words.money(m.amount.quantize(Decimal(1)), m.currency) for m in (each.annual, value))
        yield value, words.ngettext("{amount} a year, renewed {n} time: {worth} · {made}",
                                    "{amount} a year, renewed {n} times: {worth} · {made}", each.life.periods,
                                    amount=annual, worth=valued, made=made(words, found))  # fmt: skip


def _reading(tx: Transaction, ask: Ask, account: Account) -> Reading | None:
    """Today's, as the backtest reads those of former days."""
    question = Question(account.number, ask.today, ask.today, ask.today, lost=False)
    return stored.readings(tx, [question], scope=ask.scope).get((account.number, ask.today))


def _terms(ask: Ask, versions: Sequence[Version]) -> Known:
    coming = soonest(renewals(versions, today=ask.today, grace_days=ask.policy.grace_days))
    if coming is None:
        return {}
    since = min(version.starts_on for version in versions)
    return terms_known(ask.today, since=since, term_months=coming.term_months, by_itself=coming.version.auto_renew)


def _probability(ask: Ask, reading: Reading | None, terms: Known, tested: Tested | None) -> Iterator[Block]:
    """As the last night has fitted it; with what it rests on, and never without."""
    words = ask.words
    if reading is None or reading.score is None or tested is None or tested.backtest.calibration is None:
        yield section(words._("*Probability of renewal*: cannot be told, for there is no score or no past renewal."))
        return
    found, model = tested.backtest, tested.backtest.trial.model
    lost = model.lost(figures(reading, terms)) if model else tested.backtest.calibration.lost(reading.score)
    said = words._("*Probability of renewal*: {chance} at a score of {score}; {base} of all renewed",
                   chance=words.percent(1 - lost), score=words.number(reading.score),
                   base=words.percent(1 - (found.base or 0)))  # fmt: skip
    yield section(said, backtest.evidence(found, words, tested.day))
