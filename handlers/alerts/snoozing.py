"""Putting an alert off by a sentence: what would be put off is shown, and done by one click."""

from datetime import date, timedelta

from domain.folding import fold
from domain.period_words import UNTIL
from domain.periods import take as take_period
from handlers.alerts.alert_acts import Snoozed, check_until, save_snooze
from handlers.alerts.alert_card import day_of, told
from handlers.arguments import the_account
from handlers.ask import Ask, Invalid, Refused, Reply, refusal
from handlers.blocks import button, named, section
from handlers.gestures import check_may_write
from storage.alerts import alerts

WEEK = timedelta(7)
MOST = 3


def answer(ask: Ask) -> Reply:
    """ACCOUNT [PERIOD]: until its day, or until it begins; a span from today, until it ends. Without one, a week."""
    check_may_write(ask.caller, ask.words)
    words = ask.words
    start = ask.policy.fiscal_year_start
    period, rest = take_period(ask.text.split(), today=ask.today, fiscal_year_start=start, forward=True)
    rest = [word for word in rest if fold(word) not in UNTIL] if period else rest
    until = ask.today + WEEK if period is None else period.first if period.first > ask.today else period.last
    account = the_account(ask, " ".join(rest), then=f"{until}" if period else "")
    with ask.database.transaction() as tx:
        held = alerts.of_account(tx, account.number, ask.scope, day=day_of(ask))
    found = [each for each in held if each.alert.severity != "good"][:MOST]
    name = named(account.name, 60)
    if not found or until <= ask.today:
        said = words._("Nothing of {name} could be put off until {day}.", name=name, day=words.full_day(until))
        raise refusal(said, button("/alerts", "ask", "alerts"))
    said = words._("Put off until {day}?", day=words.full_day(until))
    label = words._("Until {day}", day=words.full_day(until))
    lines = (
        section(
            f"*{name}*: {told(ask, each.alert)}", accessory=button(label, "ask", f"snooze-now {each.alert.id} {until}")
        )
        for each in found
    )
    return Reply(f"{name}: {said}", (section(f"*{said}*"), *lines), pending=True)


def save_now(ask: Ask) -> Reply:
    """The click."""
    number, _, until = ask.text.partition(" ")
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise Refused(Reply("", (section(ask.words._("There is no such alert for you.")),), answered=False)) from None
    try:
        check_until(ask.words, day_of(ask), day)
    except Invalid as invalid:
        raise refusal(str(invalid.errors["until"])) from None
    return save_snooze(ask.about(number), Snoozed(day, ask.words._("put off in a conversation")))
