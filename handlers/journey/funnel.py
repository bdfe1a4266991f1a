"""The funnel of /journey: acquired → activated → converted → retained → referred, by cohort of entry."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.days import add_months
from domain.funnel import By, Cohort, cohort_of, funnel, quarter_of
from handlers.arguments import Selection, selected
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, button, context, section
from storage.database import Transaction
from storage.facts import milestones
from storage.scope import Scope
from words import Words

WORDS = ("funnel", "embudo")
BY_MONTH = ("month", "months", "monthly", "mes", "meses", "mensual")
BY_QUARTER = ("quarter", "quarters", "quarterly", "trimestre", "trimestres", "trimestral")
SHOWN: dict[By, int] = {"month": 24, "quarter": 12}
BRIEF = 4


def cohort_words(typed: Sequence[str]) -> tuple[By, list[str]]:
    """Month or quarter out of the words, and the others."""
    by: By = "month" if any(word.lower() in BY_MONTH for word in typed) else "quarter"
    return by, [word for word in typed if word.lower() not in {*BY_MONTH, *BY_QUARTER, "by", "por"}]


def answer(ask: Ask, chosen: Selection, by: By) -> Reply:
    """Two years of months, or three of quarters."""
    with ask.database.transaction() as tx:
        whole, cohorts = counted(tx, ask, chosen.scope, by)
    words = ask.words
    said = words._("Funnel by month of entry") if by == "month" else words._("Funnel by quarter of entry")
    if not whole.acquired:
        return Reply(said, (section(f"*{said}*", selected(words, chosen)), section(_nobody(words))))
    lines = [_line(ask, cohort, by) for cohort in cohorts]
    groups = [section(*lines[start : start + 6]) for start in range(0, len(lines), 6)]
    heading = section(f"*{said}*", selected(words, chosen))
    return Reply(said, (heading, section(_steps(words, whole)), *groups, _how(words)))


def counted(tx: Transaction, ask: Ask, scope: Scope, by: By) -> tuple[Cohort, tuple[Cohort, ...]]:
    """The cohorts shown, and all of them together."""
    start = ask.policy.fiscal_year_start
    months = SHOWN[by] * (1 if by == "month" else 3)
    since = add_months(cohort_of(ask.today, by, start), 1 - months if by == "month" else 3 - months)
    return funnel(milestones.entries(tx, scope, ask.today, since=since), by=by, fiscal_year_start=start)


def blocks(ask: Ask, whole: Cohort, cohorts: Sequence[Cohort]) -> Iterator[Block]:
    """The newest cohorts by quarter, within a larger answer."""
    words = ask.words
    if not whole.acquired:
        yield section(f"*{words._('Funnel')}*", _nobody(words))
        return
    lines = [_line(ask, cohort, "quarter") for cohort in cohorts[:BRIEF]]
    yield section(f"*{words._('Funnel')}* · {words._('who entered in the last 3 years')}", _steps(words, whole), *lines)
    yield _how(words)
    yield actions(
        button(words._("By month"), "ask", " ".join(f"{ask.capability} funnel month {ask.text}".split())),
        button(words._("By quarter"), "ask", " ".join(f"{ask.capability} funnel quarter {ask.text}".split())),
    )


def _nobody(words: Words) -> str:
    return words._("Nobody entered in this time, or no milestone says when.")


def _how(words: Words) -> Block:
    return context(
        words._(
            "Activated ÷ acquired; of those activated, converted; retained: still paying in month 12, of those whose "
            "month 12 has come; referred: introduced someone, of those who pay."
        )
    )


def _line(ask: Ask, cohort: Cohort, by: By) -> str:
    return f"*{_name(ask, cohort, by)}* · {_steps(ask.words, cohort)}"


def _name(ask: Ask, cohort: Cohort, by: By) -> str:
    if cohort.first is None:
        return ""
    if by == "month":
        return f"{cohort.first:%Y-%m}"
    year, number = quarter_of(cohort.first, ask.policy.fiscal_year_start)
    return f"{year}-{ask.words._('Q{number}', number=number)}"


def _steps(words: Words, cohort: Cohort) -> str:
    return " → ".join(_step(words, cohort))


def _step(words: Words, cohort: Cohort) -> Iterator[str]:
    number = words.number
    yield words._("acquired: {n}", n=number(cohort.acquired))
    yield words._("activated: {n} ({share})", n=number(cohort.activated), share=_share(words, cohort.activation))
    yield words._("converted: {n} ({share})", n=number(cohort.converted), share=_share(words, cohort.conversion))
    yield (
        words._(
            "retained: {n} of {due} ({share})",
            n=number(cohort.retained),
            due=number(cohort.due),
            share=_share(words, cohort.retention),
        )
        if cohort.due
        else words._("retained: nobody due yet")
    )
    yield words._(
        "referred {share}: {external} external, {internal} internal",
        share=_share(words, cohort.referral),
        external=number(cohort.external),
        internal=number(cohort.internal),
    )


def _share(words: Words, ratio: Decimal | None) -> str:
    return "–" if ratio is None else words.percent(ratio)
