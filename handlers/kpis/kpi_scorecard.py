"""The scorecard: every metric in a line, grouped by what a lead asks; what has no data in one line at the end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from domain.kpis.kpis import METRICS, Kpi
from handlers.ask import Ask
from handlers.blocks import Block, actions, button, context, section
from handlers.kpis.kpi_figures import aimed, change, of_how_many, trend, value, why
from handlers.kpis.kpi_heading import against, days_and_accounts, notes
from handlers.kpis.kpi_question import Asked
from words import N_, NO_BREAK
from words.metrics import METRICS as EXPLAINED

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Growth"), ("net-growth", "mrr", "arr", "quick-ratio")),
    (
        N_("Retention"),
        ("nrr", "grr", "renewal-rate", "retention", "churn", "revenue-churn", "net-revenue-churn", "repeat-purchase"),
    ),
    (N_("Customers’ voice"), ("nps", "csat", "ces")),
    (N_("Adoption"), ("licences", "core-features", "core-depth", "time-to-value")),
    (N_("Funnel"), ("activation", "conversion", "retained", "referral")),
    (N_("Outcomes"), ("outcomes", "readiness")),
    (N_("Cost and value"), ("retention-cost", "cost-ratio", "clv")),
)
# reasons that tell something of the period, and not that a metric has no data at all
TELLING = frozenset({"no_rate", "no_losses", "most_still_open"})
OPENED = ("nrr", "net-growth", "churn", "nps", "licences")

Kpis = Mapping[str, Kpi]


def scorecard(ask: Ask, question: Asked, now: Kpis, before: Kpis, months: Sequence[Kpis]) -> tuple[str, list[Block]]:
    """Each metric: value, change against the period before, target, of how many, trend."""
    words = ask.words
    title = words._("Scorecard")
    blocks = [section(f"*{title}*", days_and_accounts(ask, question))]
    unused = {name for name in now if _unused(name, (now, before, *months))}
    for group, names in GROUPS:
        lines = list(_lines(ask, question, [name for name in names if name not in unused], now, before, months))
        blocks += [section(f"*{words._(group)}*", *lines)] if lines else []
    blocks.append(context(*_small(ask, question, now, unused, months)))
    blocks.append(actions(*(button(_label(ask, name), "ask", _same(ask, name)) for name in OPENED)))
    return f"{title}: {_label(ask, 'net-growth')} {value(ask, METRICS['net-growth'], now['net-growth'])}", blocks


def _unused(name: str, everywhen: Iterable[Kpis]) -> bool:
    held = [kpis[name] for kpis in everywhen]
    return all(kpi.value is None and kpi.undefined_because not in TELLING for kpi in held)


def _lines(
    ask: Ask, question: Asked, names: Sequence[str], now: Kpis, before: Kpis, months: Sequence[Kpis]
) -> Iterator[str]:
    for name in names:
        if now[name].value is not None:
            yield _line(ask, question, name, now[name], before[name], [month[name] for month in months])
    for reason, those in _by_reason(ask, names, now).items():
        yield f"• {', '.join(those)}: {ask.words._('not defined: {why}', why=reason)}"


def _line(ask: Ask, question: Asked, name: str, kpi: Kpi, before: Kpi, months: Sequence[Kpi]) -> str:
    metric = METRICS[name]
    first = f"{_label(ask, name)}: *{value(ask, metric, kpi)}*{change(ask, metric, kpi, before)}"
    more = (
        aimed(ask, question, metric, kpi),
        of_how_many(ask.words, question, metric, kpi),
        trend(ask, metric, months),
    )
    # the dot ends a line rather than begin one, where a phone breaks it
    return f"{NO_BREAK}· ".join((f"• {first}", *filter(None, more)))


def _by_reason(ask: Ask, names: Iterable[str], now: Kpis) -> dict[str, list[str]]:
    """Those without a value, by why."""
    found: dict[str, list[str]] = {}
    for name in names:
        if now[name].value is None:
            found.setdefault(why(ask.words, now[name]), []).append(_label(ask, name))
    return found


def _small(ask: Ask, question: Asked, now: Kpis, unused: set[str], months: Sequence[Kpis]) -> Iterator[str]:
    words = ask.words
    if unused:
        ordered = [name for _, names in GROUPS for name in names if name in unused]
        told = (f"{', '.join(those)} ({reason})" for reason, those in _by_reason(ask, ordered, now).items())
        yield words._("Without a value: {metrics}", metrics=" · ".join(told))
    yield against(words, question)
    if months:
        yield words._(
            "The signs: a month each, {first} to {last}, with the first and the last value; · is a month without one.",
            first=words.day(question.months[0].first),
            last=words.day(min(question.months[-1].last, ask.today)),
        )
    yield from notes(ask, question)


def _label(ask: Ask, name: str) -> str:
    return ask.words._(EXPLAINED[name].label)


def _same(ask: Ask, name: str) -> str:
    return " ".join(f"{ask.capability} {name} {ask.text}".split())
