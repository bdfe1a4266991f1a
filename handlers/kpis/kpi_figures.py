"""A metric's figures as they are said: value, change, target, trend."""

from collections.abc import Sequence
from decimal import Decimal

from domain.kpis.kpis import Kpi, Metric
from domain.kpis.kpis_values import Part, Shown
from domain.policies.policy_kpis import compares, target
from handlers.ask import Ask
from handlers.kpis.kpi_question import Asked
from words import MINUS, NO_BREAK, Words
from words.metrics import UNDEFINED

MONETARY = frozenset(
    {"nrr", "grr", "renewal-rate", "revenue-churn", "net-revenue-churn", "net-growth", "quick-ratio", "cost-ratio"}
)
HALF_MONETARY = frozenset({"retention-cost", "clv"})
# those between them stand lower or higher than their neighbours in some fonts
LEVELS, LEVEL, GAP = "▁▂▃▅▇", "▃", "·"
FEWEST_MONTHS = 3
THOUSAND, THOUSANDTH = Decimal(1000), Decimal("0.001")
FEW = 5


def value(ask: Ask, metric: Metric, kpi: Kpi) -> str:
    """The value as it is said, or that there is none and why."""
    if kpi.value is None:
        return ask.words._("not defined: {why}", why=why(ask.words, kpi))
    return shown(ask.words, metric.shown, kpi.value, ask.policy.currency)


def why(words: Words, kpi: Kpi) -> str:
    """Why there is no value."""
    because = words._(UNDEFINED[kpi.undefined_because or ""])
    of = kpi.parts.get("of")
    return f"{because} ({of})" if of else because


def shown(words: Words, how: Shown, amount: Decimal, currency: str, *, short: bool = False) -> str:
    """`short`: without decimals that say nothing, as a target is written."""
    if how == "percent":
        amount = round(amount, 3) + 0 if abs(amount) < THOUSANDTH else amount
        return words.percent(amount, decimals=0 if short and amount * 100 == int(amount * 100) else 1)
    if how == "money":
        return words.money(amount.to_integral_value() if short and abs(amount) >= THOUSAND else amount, currency)
    if how == "days":
        whole = amount == amount.to_integral_value()
        said = words.ngettext("{n} day", "{n} days", int(amount))
        return said if whole else words._("{n} days", n=words.number(amount, decimals=1))
    if how == "signed":
        return f"{sign(amount) if amount else ''}{words.number(plain(round(abs(amount), 1)))}"
    return words.number(plain(amount), decimals=None if short else 2)


def change(ask: Ask, metric: Metric, kpi: Kpi, before: Kpi) -> str:
    """In points for a percentage and a score; as a share for money."""
    words = ask.words
    if kpi.value is None or before.value is None:
        return ""
    delta = kpi.value - before.value
    if metric.shown == "money":
        if not before.value:
            return ""
        return f" ({sign(delta)}{words.percent(abs(delta / before.value), decimals=1)})"
    if metric.shown == "percent":
        return f" ({sign(delta)}{words._('{n} pp', n=words.number(abs(delta) * 100, decimals=1))})"
    return f" ({sign(delta)}{words.number(plain(round(abs(delta), 2 if metric.shown == 'times' else 1)))})"


def aimed(ask: Ask, question: Asked, metric: Metric, kpi: Kpi) -> str:
    """The target of the policy, and how far the value is from it; '' where none is set for these accounts."""
    given = _target(ask, question, metric)
    if given is None:
        return ""
    words = ask.words
    goal = shown(words, metric.shown, given, ask.policy.currency, short=True)
    if not compares(metric.name, question.counted):
        return words._("target {target} a year", target=goal)
    if kpi.value is None:
        return words._("target {target}", target=goal)
    gap = given - kpi.value if metric.better == "up" else kpi.value - given
    if gap <= 0:
        return words._("target {target}, reached", target=goal)
    off = _gap(ask, metric, gap)
    if metric.better == "up":
        return words._("target {target}, {gap} short", target=goal, gap=off)
    return words._("target {target}, {gap} over it", target=goal, gap=off)


def _target(ask: Ask, question: Asked, metric: Metric) -> Decimal | None:
    """As the metric is kept: a ratio that is shown in % is written in %."""
    kinds = {wanted.kind for wanted in question.filters}
    segments = [wanted.value for wanted in question.filters if wanted.kind == "segment"]
    if question.account:
        segments = [question.account.segment or ""]
    only = segments[0] if len(segments) == 1 else None
    narrowed = bool(kinds - {"all", "segment"}) or len(segments) > 1
    given = target(ask.policy.targets, metric.name, segment=only, narrowed=narrowed)
    return given / 100 if given is not None and metric.shown == "percent" else given


def _gap(ask: Ask, metric: Metric, gap: Decimal) -> str:
    words = ask.words
    if metric.shown not in {"percent", "signed"}:
        return shown(words, metric.shown, gap, ask.policy.currency, short=True)
    points = plain(round(gap * 100 if metric.shown == "percent" else gap, 1))
    return words.ngettext("{points} point", "{points} points", 1 if points == 1 else 2, points=words.number(points))


def trend(ask: Ask, metric: Metric, months: Sequence[Kpi]) -> str:
    """A sign for each month, a gap where there was no value; the first and the last in figures. '' for too few."""
    known = [kpi.value for kpi in months if kpi.value is not None]
    if len(known) < FEWEST_MONTHS:
        return ""
    whole = metric.shown == "money"
    ends = (shown(ask.words, metric.shown, end, ask.policy.currency, short=whole) for end in (known[0], known[-1]))
    first, last = map(together, ends)
    # two amounts are too long for a line of a phone: it may be broken between them
    between = " " if whole else NO_BREAK
    return f"{sparkline([kpi.value for kpi in months])}{NO_BREAK}{first}{between}→{NO_BREAK}{last}"


def together(said: str) -> str:
    """Never broken in two at the end of a line."""
    return said.replace(" ", NO_BREAK)


def sparkline(values: Sequence[Decimal | None]) -> str:
    """From the lowest sign to the highest; flat where nothing changed."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=Decimal(0)), max(known, default=Decimal(0))
    return "".join(GAP if value is None else _level(value, low, high) for value in values)


def _level(value: Decimal, low: Decimal, high: Decimal) -> str:
    return LEVELS[int((value - low) / (high - low) * (len(LEVELS) - 1) + Decimal("0.5"))] if high > low else LEVEL


def counts(kpi: Kpi, metric: Metric) -> Decimal | None:
    """How many the value is made of; None where it is made of money, or of nothing."""
    return None if metric.name in MONETARY | HALF_MONETARY else kpi.denominator


def few(words: Words, question: Asked, metric: Metric, kpi: Kpi) -> str:
    """That so few answers, contracts or accounts say little; '' where they are enough, or one account is asked for."""
    count = None if question.account and metric.cohort != "contacts" else counts(kpi, metric)
    if metric.name == "renewal-rate":
        held = kpi.parts.get("contracts")
        count = Decimal(held) if isinstance(held, int) else None
    if kpi.value is None or count is None or not 0 < count < FEW:
        return ""
    return words._("too few to say much")


def of_how_many(words: Words, question: Asked, metric: Metric, kpi: Kpi) -> str:
    """n, with a warning where it is small; '' where it is not a count."""
    count, warning = counts(kpi, metric), few(words, question, metric, kpi)
    told = together(f"n = {words.number(plain(count))}") if count is not None else ""
    return ", ".join(filter(None, (told, warning)))


def sign(delta: Decimal) -> str:
    return "+" if delta > 0 else MINUS if delta < 0 else "±"


def plain(amount: Decimal) -> Decimal:
    """Without zeros that say nothing."""
    return amount.to_integral_value() if amount == amount.to_integral_value() else amount.normalize()


def figure(part: Part) -> str | int | None:
    """As a script reads it: a decimal as a string without an exponent, a count as it is."""
    return format(plain(part), "f") if isinstance(part, Decimal) else part
