"""How a segment is looked after, and what the data say so far of what was expected of it."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from domain.accounts import Account
from domain.days import add_months
from domain.kpis.kpis import METRICS, Metric
from domain.periods import Period
from domain.policies.policy_journey import RelationshipPolicy
from domain.scopes import Filter
from handlers.ask import Ask
from handlers.blocks import Block, context, named, section
from handlers.kpis.kpi_figures import shown, value
from storage import accounts
from storage.database import Transaction
from storage.kpis import kpis
from storage.scope import Scope
from words.metrics import METRICS as EXPLAINED
from words.terms import RELATIONSHIPS, term

MOST = 8


def hypotheses(tx: Transaction, ask: Ask, scope: Scope) -> tuple[Block, ...]:
    """Each of the policy whose segment has accounts in the scope."""
    lines = [line for each in ask.policy.relationships[:MOST] if (line := _line(tx, ask, each, scope))]
    if not lines:
        return ()
    return (section(f"*{ask.words._('Relationships and what is expected of them')}*", *lines),)


def relationship(ask: Ask, account: Account) -> Block | None:
    """Of one account: its own, else that of its segment."""
    words = ask.words
    of_segment = [each for each in ask.policy.relationships if _same(each.segment, account.segment)]
    if account.relationship:
        said = term(words, RELATIONSHIPS, account.relationship)
        return context(words._("Relationship: {type} (of this account)", type=named(said, 60)))
    if of_segment:
        said = term(words, RELATIONSHIPS, of_segment[0].type)
        return context(words._("Relationship: {type} (of the segment)", type=said))
    return None


def _same(segment: str, other: str | None) -> bool:
    return segment.casefold() == (other or "").casefold()


def _line(tx: Transaction, ask: Ask, each: RelationshipPolicy, scope: Scope) -> str | None:
    words, mine = ask.words, scope.narrowed(Filter("segment", each.segment))
    count = accounts.count(tx, mine)
    if not count:
        return None
    counted = words.ngettext("{n} account", "{n} accounts", count)
    first = f"*{named(each.segment, 60)}* · {term(words, RELATIONSHIPS, each.type)} · {counted}"
    statement = [words._("“{text}”", text=named(each.statement, 200))] if each.statement else []
    tested = [" · ".join(_tested(tx, ask, each, METRICS[each.kpi], mine))] if each.kpi else []
    return "\n".join([f"• {first}", *statement, *tested])


def _tested(tx: Transaction, ask: Ask, each: RelationshipPolicy, metric: Metric, mine: Scope) -> Iterator[str]:
    words, label = ask.words, ask.words._(EXPLAINED[metric.name].label)
    period = _tried(ask, each)
    kpi = metric.of(kpis.count(kpis.Question(tx, period, mine, ask.policy, ask.today), metric.families))
    so_far = words._("no data yet") if kpi.value is None else value(ask, metric, kpi)
    yield words._("{kpi}: {value}", kpi=label, value=so_far)
    if each.threshold is not None:
        threshold = shown(words, metric.shown, _threshold(each, metric), ask.policy.currency)
        yield (
            words._("expected: at least {threshold}", threshold=threshold)
            if metric.better == "up"
            else words._("expected: at most {threshold}", threshold=threshold)
        )
        if kpi.value is not None:
            yield words._("✓ holds so far") if _holds(each, metric, kpi.value) else words._("✗ does not hold so far")
    yield words._("{first} to {last}", first=words.day(period.first), last=words.day(period.last))


def _tried(ask: Ask, each: RelationshipPolicy) -> Period:
    """Since it is tried, up to yesterday; at most the last 12 months."""
    last = ask.today - timedelta(1)
    year = add_months(ask.today, -12)
    return Period(min(max(each.since, year), last) if each.since else year, last)


def _threshold(each: RelationshipPolicy, metric: Metric) -> Decimal:
    """As the metric is kept: a ratio that is shown in % is written in %."""
    given = Decimal(str(each.threshold))
    return given / 100 if metric.shown == "percent" else given


def _holds(each: RelationshipPolicy, metric: Metric, value: Decimal) -> bool:
    bound = _threshold(each, metric)
    return value >= bound if metric.better == "up" else value <= bound
