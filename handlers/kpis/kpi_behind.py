"""What stands behind one metric: who moved it most, retention by seller and by fit, why revenue was lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.accounts import Account
from domain.kpis.kpis import Counted, Metric
from domain.kpis.kpis_values import RATIO, mrr
from domain.waterfall import Move
from handlers.ask import Ask
from handlers.blocks import Block, named, section
from handlers.kpis.kpi_figures import FEW, sign
from storage import accounts
from storage.kpis import kpis_behind, kpis_breakdown
from storage.kpis.kpis import Question
from storage.kpis.kpis_breakdown import Group, Loss
from storage.scope import Scope
from words import MINUS, N_, Words

FITS: Mapping[str, str] = {"good": N_("good fit"), "partial": N_("partial fit"), "poor": N_("poor fit")}
CHANGES: Mapping[str, str] = {
    "seats": N_("fewer seats"),
    "product": N_("another product"),
    "price": N_("lower price"),
    "discount": N_("discount"),
}


@dataclass(frozen=True)
class Behind:
    """`moves` of revenue, `rows` of other metrics; the rest for metrics of retention."""

    moves: tuple[tuple[Account, Move], ...] = ()
    rows: tuple[tuple[Account, kpis_behind.Behind], ...] = ()
    sellers: tuple[Group, ...] = ()
    fits: tuple[Group, ...] = ()
    losses: tuple[Loss, ...] = ()


NOTHING = Behind()


def load_behind(question: Question, metric: Metric, counted: Counted, scope: Scope) -> Behind:
    """Nothing where an amount has no exchange rate."""
    if any(family in counted.problems for family in metric.families):
        return NOTHING
    ranked: tuple[Move, ...] = getattr(counted.revenue, metric.movers) if metric.movers else ()
    rows = kpis_behind.most(question, metric.name, metric.of(counted))
    held = accounts.some(question.tx, [*(move.number for move in ranked), *(row.number for row in rows)], scope)
    shown = Behind(
        tuple((held[move.number], move) for move in ranked if move.number in held),
        tuple((held[row.number], row) for row in rows if row.number in held),
    )
    if metric.name not in SHARES or not counted.revenue.logos.at_start:
        return shown
    return Behind(
        shown.moves,
        shown.rows,
        kpis_breakdown.by_seller(question),
        kpis_breakdown.by_fit(question),
        kpis_breakdown.losses(question),
    )


def behind(ask: Ask, metric: Metric, found: Behind) -> list[Block]:
    """Its blocks, none where nothing is known."""
    words = ask.words
    told = (
        (words._("What moved it most"), [_move(ask, account, move) for account, move in found.moves]),
        (_title(words, metric), [_row(ask, metric, account, row) for account, row in found.rows]),
        (words._("By who sold it"), [_group(ask, metric, group, group.name) for group in found.sellers]),
        (words._("By fit to the ideal customer profile"), [_group(ask, metric, g, _fit(words, g)) for g in found.fits]),
        (words._("Why MRR was lost, of those who paid at the start"), [_loss(ask, loss) for loss in found.losses]),
    )
    return [section(f"*{title}*", *lines) for title, lines in told if lines]


def _move(ask: Ask, account: Account, move: Move) -> str:
    opening, closing, change = mrr(move.opening), mrr(move.closing), mrr(move.change)
    signed = f"{sign(change)}{_money(ask, abs(change))}"
    return f"*{named(account.name, 60)}* · {signed} ({_money(ask, opening)} → {_money(ask, closing)})"


def _title(words: Words, metric: Metric) -> str:
    return words._(TITLES.get(metric.name, ""))


TITLES: Mapping[str, str] = {
    "licences": N_("Most idle seats"),
    "nps": N_("What pulled it down most"),
    "csat": N_("What pulled it down most"),
    "ces": N_("What pulled it down most"),
    "outcomes": N_("Most outcomes still open"),
    "time-to-value": N_("Waiting longest for the first value"),
    "activation": N_("Waiting longest to be activated"),
    "conversion": N_("Waiting longest to convert"),
    "renewal-rate": N_("Lost, reduced or undecided, the largest"),
}


def _row(ask: Ask, metric: Metric, account: Account, row: kpis_behind.Behind) -> str:
    return f"*{named(account.name, 60)}* · {' · '.join(_told(ask, metric, row))}"


def _told(ask: Ask, metric: Metric, row: kpis_behind.Behind) -> Iterator[str]:
    words = ask.words
    many = {"n": words.number(row.count), "of": words.number(row.of)}
    if metric.name == "licences":
        yield words._("idle: {n} of {of} seats", **many)
    elif metric.name == "nps":
        yield words._("detractors: {n} of {of} who answered", **many)
    elif metric.name == "csat":
        yield words._("not satisfied: {n} of {of} who answered", **many)
    elif metric.name == "ces":
        mean = words.number(row.mean or Decimal(0), decimals=1)
        yield words.ngettext("mean {mean} of {n} answer", "mean {mean} of {n} answers", row.of, mean=mean)
    elif metric.name == "outcomes":
        yield words._("open: {n} of {of} due", **many)
    elif metric.name == "renewal-rate":
        due, renewed = mrr(row.due), mrr(row.renewed)
        yield f"{MINUS}{_money(ask, due - renewed)} ({_money(ask, due)} → {_money(ask, renewed)})"
        if row.pending:
            yield words._("undecided, within the grace")
    if row.since:
        yield words._("since {day}", day=words.day(row.since))
        yield words.ngettext("{n} day", "{n} days", (ask.today - row.since).days)


def _group(ask: Ask, metric: Metric, group: Group, name: str) -> str:
    """The metric of the group, and of how many accounts; a small group says so."""
    words = ask.words
    part, whole = SHARES[metric.name](group)
    said = words.percent((Decimal(part) / whole).quantize(RATIO), decimals=1) if whole else words._("nothing was due")
    counted = words.ngettext("{gone} of {n} account lost", "{gone} of {n} accounts lost", group.accounts,
                             gone=words.number(group.accounts - group.stayed))  # fmt: skip
    few = (words._("too few to say much"),) if group.accounts < FEW else ()
    money = words._("MRR {opening} → {closing}", opening=_money(ask, mrr(group.opening)),
                    closing=_money(ask, mrr(group.closing)))  # fmt: skip
    return " · ".join((f"{named(name, 60) if name else words._('not told')}: *{said}*", counted, money, *few))


def _fit(words: Words, group: Group) -> str:
    return words._(FITS[group.name]) if group.name in FITS else group.name


def _loss(ask: Ask, loss: Loss) -> str:
    words = ask.words
    reason = words._(CHANGES[loss.reason]) if loss.kind == "change" and loss.reason in CHANGES else loss.reason
    name = named(reason, 80) if reason else words._("no reason told")
    rival = f" ({words._('to {competitor}', competitor=named(loss.competitor, 40))})" if loss.competitor else ""
    counted = _counted(words, loss)
    return f"{name}{rival} · {_money(ask, mrr(loss.amount))} · {', '.join(counted)}"


def _counted(words: Words, loss: Loss) -> Sequence[str]:
    gone = words.ngettext("{n} account lost", "{n} accounts lost", loss.gone) if loss.gone else ""
    less = words.ngettext("{n} account reduced", "{n} accounts reduced", loss.reduced) if loss.reduced else ""
    return [told for told in (gone, less) if told]


def _money(ask: Ask, amount: Decimal) -> str:
    return ask.words.money(amount, ask.policy.currency)


# of a group: numerator and denominator of the metric
SHARES = {
    "churn": lambda group: (group.accounts - group.stayed, group.accounts),
    "retention": lambda group: (group.stayed, group.accounts),
    "nrr": lambda group: (group.closing, group.opening),
    "grr": lambda group: (group.kept, group.opening),
}
