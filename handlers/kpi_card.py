"""How a metric is shown: a line of the scorecard, or the number with all that it is made of."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from domain.accounts import Account
from domain.kpis import METRICS, Counted, Kpi, Metric
from domain.kpis_values import Part, Shown, mrr
from domain.waterfall import LINES, Move
from handlers.arguments import selected
from handlers.ask import Ask
from handlers.blocks import Block, actions, button, code, context, named, section
from handlers.kpi_question import Asked
from words import MINUS, N_, Words
from words.metrics import AMOUNTS, COHORTS, PARTS, PERCENTS, PERIODS, UNDEFINED
from words.metrics import LINES as SAID_LINES
from words.metrics import METRICS as EXPLAINED

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Growth"), ("net-growth", "nrr", "grr", "mrr", "arr", "quick-ratio")),
    (
        N_("Retention"),
        ("renewal-rate", "retention", "churn", "revenue-churn", "net-revenue-churn", "clv", "retention-cost",
         "cost-ratio", "repeat-purchase"),
    ),
    (N_("Customers’ voice"), ("nps", "csat", "ces")),
    (N_("Adoption and outcomes"),
     ("licences", "core-features", "core-depth", "time-to-value", "outcomes", "readiness")),
    (N_("Funnel"), ("activation", "conversion", "retained", "referral")),
)  # fmt: skip
MONETARY = frozenset(
    {"nrr", "grr", "renewal-rate", "revenue-churn", "net-revenue-churn", "net-growth", "quick-ratio", "cost-ratio"}
)
HALF_MONETARY = frozenset({"retention-cost", "clv"})
FEW = 5
OPENED = ("nrr", "net-growth", "churn", "nps", "licences")


def scorecard(ask: Ask, question: Asked, now: Mapping[str, Kpi], before: Mapping[str, Kpi]) -> tuple[str, list[Block]]:
    """Every metric by group: value, change against the period before, of how many."""
    words = ask.words
    title = words._("Scorecard")
    blocks = [section(f"*{title}*", _days_and_scope(ask, question))]
    for group, names in GROUPS:
        lines = [_line(ask, METRICS[name], now[name], before[name]) for name in names]
        blocks.append(section(f"*{words._(group)}*", *lines))
    blocks.append(context(_against(words, question), *_notes(ask, question)))
    blocks.append(actions(*(button(words._(EXPLAINED[name].label), "ask", _same(ask, name)) for name in OPENED)))
    growth = now["net-growth"]
    return f"{title}: {_headline(ask, METRICS['net-growth'], growth)}", blocks


def _same(ask: Ask, name: str) -> str:
    return " ".join(f"{ask.capability} {name} {ask.text}".split())


def _headline(ask: Ask, metric: Metric, kpi: Kpi) -> str:
    return f"{ask.words._(EXPLAINED[metric.name].label)} {value(ask, metric, kpi)}"


def _line(ask: Ask, metric: Metric, kpi: Kpi, before: Kpi) -> str:
    words = ask.words
    label = words._(EXPLAINED[metric.name].label)
    if kpi.value is None:
        return f"{label}: {value(ask, metric, kpi)}"
    change = _change(ask, metric, kpi, before)
    told = kpi.denominator is not None and metric.name not in MONETARY
    counted = f" · {_of(words, kpi)}" if told else ""
    return f"{label}: *{value(ask, metric, kpi)}*{change}{counted}"


def _of(words: Words, kpi: Kpi) -> str:
    return f"n = {words.number(_plain(kpi.denominator or Decimal(0)))}"


def one_metric(
    ask: Ask,
    question: Asked,
    metric: Metric,
    kpi: Kpi,
    before: Kpi,
    counted: Counted,
    moves: Sequence[tuple[Account, Move]],
) -> tuple[str, list[Block]]:
    words = ask.words
    said = _headline(ask, metric, kpi)
    first = f"*{words._(EXPLAINED[metric.name].label)}: {value(ask, metric, kpi)}*{_change(ask, metric, kpi, before)}"
    blocks = [section(first, _days_and_scope(ask, question)), section(*_explained(ask, metric, kpi))]
    if "revenue" in metric.families and metric.movers and counted.revenue.accounts and "opening" in kpi.parts:
        blocks.append(section(f"*{words._('What MRR did')}*", code(_waterfall(ask, kpi.parts))))
    if moves:
        lines = [_move(ask, account, move) for account, move in moves]
        blocks.append(section(f"*{words._('What moved it most')}*", *lines))
    blocks.append(context(_against(words, question), *_notes(ask, question)))
    return said, blocks


def _days_and_scope(ask: Ask, question: Asked) -> str:
    shown = selected(ask.words, question.selection)
    if not question.to_date:
        return shown
    return f"{shown} · {ask.words._('to date: {day}', day=ask.words.day(question.counted.last))}"


def _against(words: Words, question: Asked) -> str:
    return words._(
        "Changes are against {first} to {last}.",
        first=words.day(question.before.first),
        last=words.day(question.before.last),
    )


def _notes(ask: Ask, question: Asked) -> Iterator[str]:
    """What was chosen, where it makes a difference."""
    words, policy = ask.words, ask.policy
    if any(one.kind in {"own", "team", "csm", "segment", "tier"} for one in question.filters):
        if policy.credit == "start":
            yield words._("An account counts for whoever held it at the period's start.")
        else:
            yield words._("An account counts for whoever holds it today.")
    if policy.logo_level == "parent":
        yield words._("Accounts of one parent count as one customer.")
    if policy.rates.worth:
        on = policy.rates.on
        table = words._("Constant currency: {currency}", currency=policy.currency)
        yield f"{table}, {words._('rates of {day}', day=words.day(on))}" if on else table


def value(ask: Ask, metric: Metric, kpi: Kpi) -> str:
    """The value as it is said, or that there is none and why."""
    words = ask.words
    if kpi.value is None:
        why = words._(UNDEFINED[kpi.undefined_because or ""])
        of = kpi.parts.get("of")
        return words._("not defined: {why}", why=f"{why} ({of})" if of else why)
    return shown(words, metric.shown, kpi.value, ask.policy.currency)


def shown(words: Words, how: Shown, amount: Decimal, currency: str) -> str:
    if how == "percent":
        return words.percent(amount, decimals=1)
    if how == "money":
        return words.money(amount, currency)
    if how == "days":
        whole = amount == amount.to_integral_value()
        said = words.ngettext("{n} day", "{n} days", int(amount))
        return said if whole else words._("{n} days", n=words.number(amount, decimals=1))
    if how == "signed":
        return f"{_sign(amount) if amount else ''}{words.number(_plain(round(abs(amount), 1)))}"
    return words.number(_plain(amount), decimals=2)


def _change(ask: Ask, metric: Metric, kpi: Kpi, before: Kpi) -> str:
    """In points for a percentage and a score; as a share for money."""
    words = ask.words
    if kpi.value is None or before.value is None:
        return ""
    delta = kpi.value - before.value
    if metric.shown == "money":
        if not before.value:
            return ""
        return f" ({_sign(delta)}{words.percent(abs(delta / before.value), decimals=1)})"
    if metric.shown == "percent":
        return f" ({_sign(delta)}{words._('{n} pp', n=words.number(abs(delta) * 100, decimals=1))})"
    return f" ({_sign(delta)}{words.number(_plain(round(abs(delta), 2 if metric.shown == 'times' else 1)))})"


def _sign(delta: Decimal) -> str:
    return "+" if delta > 0 else MINUS if delta < 0 else "±"


def _explained(ask: Ask, metric: Metric, kpi: Kpi) -> Iterator[str]:
    words, texts = ask.words, EXPLAINED[metric.name]
    yield words._(texts.formula)
    if kpi.value is not None and kpi.numerator is not None and kpi.denominator is not None:
        filled = f"{_amount(ask, metric, kpi.numerator)} ÷ {_count(ask, metric, kpi.denominator)}"
        hundred = " × 100" if metric.shown == "signed" else ""
        yield f"= {filled}{hundred} = {value(ask, metric, kpi)}"
    if texts.numerator and kpi.numerator is not None:
        yield words._("Numerator: {what}: {amount}", what=words._(texts.numerator),
                      amount=_amount(ask, metric, kpi.numerator))  # fmt: skip
    if texts.denominator and kpi.denominator is not None:
        yield words._("Denominator: {what}: {amount}", what=words._(texts.denominator),
                      amount=_count(ask, metric, kpi.denominator))  # fmt: skip
    yield words._("Cohort: {who}", who=words._(COHORTS[metric.cohort]))
    yield words._("Period: {when}", when=words._(PERIODS[metric.period]))
    parts = [_part(ask, name, part) for name, part in kpi.parts.items() if name in PARTS and _tells(name, part, kpi)]
    if parts:
        yield " · ".join(parts)
    if metric.families == ("surveys",) and kpi.denominator is not None and 0 < kpi.denominator < FEW:
        yield words._("Few answers: read it with care.")
    if kpi.parts.get("shared_costs") == "left_out":
        yield words._("Costs of the whole base are left out: they belong to no part of it.")


def _tells(name: str, part: Part, kpi: Kpi) -> bool:
    return part is not None and not (name == "new" and "opening" in kpi.parts)


def _part(ask: Ask, name: str, part: Part) -> str:
    words, label = ask.words, ask.words._(PARTS[name])
    if not isinstance(part, Decimal):
        return f"{label}: {words.number(part) if isinstance(part, int) else part}"
    if name in PERCENTS:
        return f"{label}: {words.percent(part, decimals=1)}"
    said = words.money(part, ask.policy.currency) if name in AMOUNTS else words.number(_plain(part))
    return f"{label}: {said}"


def _amount(ask: Ask, metric: Metric, amount: Decimal) -> str:
    if metric.name in MONETARY | HALF_MONETARY:
        return _money(ask, amount)
    return ask.words.number(_plain(amount))


def _count(ask: Ask, metric: Metric, amount: Decimal) -> str:
    if metric.name in MONETARY:
        return _money(ask, amount)
    return ask.words.number(_plain(amount))


def _money(ask: Ask, amount: Decimal) -> str:
    return f"{MINUS if amount < 0 else ''}{ask.words.money(abs(amount), ask.policy.currency)}"


def _waterfall(ask: Ask, parts: Mapping[str, Part]) -> Iterator[str]:
    """Opening to closing, one line each; lines of nothing are left out, but for the ends."""
    words = ask.words
    for name in (*LINES, "closing"):
        part = parts[name]
        if not isinstance(part, Decimal) or (not part and name not in {"opening", "closing"}):
            continue
        sign = {"opening": " ", "closing": "="}.get(name) or _way(name, part)
        label = words._(SAID_LINES[name])
        yield f"{sign} {label:<14}{words.money(abs(part), ask.policy.currency):>18}"


def _way(name: str, part: Decimal) -> str:
    down = (name in {"contraction", "churn"}) != (part < 0)
    return MINUS if down else "+"


def _move(ask: Ask, account: Account, move: Move) -> str:
    words, currency = ask.words, ask.policy.currency
    opening, closing = (words.money(mrr(amount), currency) for amount in (move.opening, move.closing))
    change = mrr(move.change)
    signed = f"{_sign(change)}{words.money(abs(change), currency)}"
    return f"*{named(account.name, 60)}* · {signed} ({opening} → {closing})"


def _plain(amount: Decimal) -> Decimal:
    """Without zeros that say nothing."""
    return amount.to_integral_value() if amount == amount.to_integral_value() else amount.normalize()


def figure(part: Part) -> str | int | None:
    """As a script reads it: a decimal as a string without an exponent, a count as it is."""
    return format(_plain(part), "f") if isinstance(part, Decimal) else part
