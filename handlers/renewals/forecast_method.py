"""How a forecast was made, in words: method, margin, discount, timing, and of which day."""

from domain.renewals.forecast import Retention
from domain.renewals.worth import Assumed, Curves
from handlers.ask import Ask
from words import Words


def terms(words: Words, months: int) -> str:
    return words.ngettext("Terms of {n} month", "Terms of {n} months", months)


def made(words: Words, found: Retention) -> str:
    """The method, its parameters, and how many contracts it is known from."""
    counted = words.ngettext("{n} contract, {lost} lost", "{n} contracts, {lost} lost", found.lives,
                             lost=words.number(found.lost))  # fmt: skip
    if found.alpha is None or found.beta is None:
        return f"Kaplan-Meier · {counted}"
    figures = {"alpha": words.number(found.alpha, decimals=3), "beta": words.number(found.beta, decimals=3)}
    return f"{words._('sBG (α {alpha}, β {beta})', **figures)} · {counted}"


def assumed(ask: Ask) -> Assumed:
    return Assumed(ask.policy.forecast.margin, ask.policy.forecast.discount)


def method(ask: Ask, by: Curves) -> str:
    """Method, margin, discount and timing, and the day of which the survival is."""
    words, given = ask.words, ask.policy.forecast
    margin = words._("revenue, for the policy names no margin")
    if given.margin is not None:
        margin = words._("margin {margin}", margin=words.percent(given.margin))
    said = words._(
        "Worth: what is expected from the next renewal on ({margin}), each term at its start, discounted by "
        "{discount} a year back to that renewal. sBG from {n} renewals on, else Kaplan-Meier.",
        margin=margin, discount=words.percent(given.discount), n=words.number(5),
    )  # fmt: skip
    return f"{said} {words._('Survival as of {day}.', day=words.day(by.day))}" if by.day else said
