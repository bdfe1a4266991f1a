"""What stands around the figures of /kpi: days and accounts above, and below what was chosen."""

from collections.abc import Iterator

from handlers.arguments import Selection, selected
from handlers.ask import Ask
from handlers.blocks import named
from handlers.kpis.kpi_question import Asked
from words import Words

CREDITED = frozenset({"own", "team", "csm", "segment", "tier"})


def days_and_accounts(ask: Ask, question: Asked) -> str:
    """The period and the scope in full; of one account its name."""
    words = ask.words
    filters = tuple(wanted for wanted in question.filters if wanted.kind != "account")
    shown = selected(words, Selection(question.scope, filters, question.period)).removesuffix(" · ")
    if question.account:
        shown = f"{shown} · *{named(question.account.name, 60)}*"
    return f"{shown} · {words._('to date: {day}', day=words.day(question.counted.last))}" if question.to_date else shown


def against(words: Words, question: Asked) -> str:
    return words._(
        "Changes are against {first} to {last}.",
        first=words.day(question.before.first),
        last=words.day(question.before.last),
    )


def notes(ask: Ask, question: Asked) -> Iterator[str]:
    """What was chosen, where it makes a difference."""
    words, policy = ask.words, ask.policy
    if any(one.kind in CREDITED for one in question.filters):
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
