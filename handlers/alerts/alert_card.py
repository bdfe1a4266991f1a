"""An alert as a person reads it: what is so, at which money and date, who has it; and what a click can do."""

from collections.abc import Iterator
from datetime import date

from domain.alerts.alerts import Alert
from domain.alerts.digests import today
from domain.fact_kinds import KINDS
from handlers.accounts.risks import PLACED_BY
from handlers.alerts.due import Item
from handlers.ask import Ask
from handlers.blocks import Block, actions, button, context, menu, named, section
from storage.alerts.alerts import Listed
from words.alerts import clause
from words.terms import SIGNS

ALSO = 2
HOUSE = "⚙️"
CALLS = {"call_missing", "calls_disagree", "decision_near"}


def told(ask: Ask, alert: Alert) -> str:
    """What it says, as a clause."""
    own = ask.policy.watched.get(alert.kind)
    label = own.label.of(ask.words.language) if own and own.label else None
    return clause(ask.words, alert.kind, alert.params, KINDS, label)


def item(ask: Ask, each: Item, place: int | None = None, *, back: str = "digest") -> Iterator[Block]:
    """back: the command whose answer takes the place of the message after a click."""
    listed = each.listed
    number = f"*{ask.words.number(place)}*  " if place else ""
    yield section(f"{number}{_headline(ask, listed)}", " · ".join(_second(ask, each)))
    yield actions(*_buttons(ask, each, back))


def good_news(ask: Ask, listed: Listed) -> str:
    """One line."""
    return f"*{named(listed.name or '', 60)}*: {told(ask, listed.alert)}"


def _headline(ask: Ask, listed: Listed) -> str:
    words, standing = ask.words, listed.alert.standing
    said = told(ask, listed.alert)
    if listed.name is None:
        return f"{HOUSE} {said}"
    parts = [f"{SIGNS[standing.colour or 'unknown']} *{named(listed.name, 60)}*", said]
    if standing.ends_on and standing.colour != "leaving" and standing.ends_on >= ask.today:
        parts.append(words._("renews {until}", until=words.until((standing.ends_on - ask.today).days)))
    if standing.annual:
        parts.append(words.money(standing.annual.amount, standing.annual.currency))
    return " · ".join(parts)


def _second(ask: Ask, each: Item) -> Iterator[str]:
    words, alert, day = ask.words, each.listed.alert, day_of(ask)
    if each.taken_by:
        yield words._("{name} has it", name=named(each.taken_by, 60))
    elif each.listed.name is not None and alert.owner is None:
        yield words._("nobody's")
    for taker in each.beside[:ALSO]:
        since = words.short_day(taker.since)
        yield words._("{name} took the account's other alerts on {day}", name=named(taker.who, 60), day=since)
    yield from _since(ask, alert, day)
    if each.also:
        yield words._("also: {what}", what="; ".join(told(ask, other.alert) for other in each.also[:ALSO]))
    yield from words.and_more(len(each.also) - ALSO)
    if each.instead_of_name:
        yield words._("instead of {name}", name=named(each.instead_of_name, 60))
    if each.escalated:
        yield words._("nobody has answered it")
    if each.told_too:
        yield words._("{name} has been told too", name=named(each.told_too, 60))
    if each.goes_on and each.goes_to_name:
        yield words._("goes to {name} on {day}", name=named(each.goes_to_name, 60), day=words.weekday(each.goes_on))
    if each.placed_by and each.listed.name is not None:
        yield f"_{words._(PLACED_BY[each.placed_by])}_"


def _since(ask: Ask, alert: Alert, day: date) -> Iterator[str]:
    """It grows instead of repeating."""
    words, weeks, days = ask.words, alert.weeks(day), alert.days(day)
    if weeks > 1:
        yield words._("week {n}", n=words.number(weeks))
    elif days > 1 and not alert.claimed_by:
        yield words._("day {n} without an answer", n=words.number(days))


def _buttons(ask: Ask, each: Item, back: str) -> Iterator[Block | None]:
    words, listed, alert = ask.words, each.listed, each.listed.alert
    after = f"{alert.id} {back}".strip()
    mine = alert.claimed_by is not None and alert.claimed_by == ask.caller.email.lower()
    if mine:
        yield button(words._("Give it back"), "turn", f"alert-release {after}")
    elif not alert.claimed_by:
        yield button(words._("I'll take it"), "turn", f"alert-take {after}", style="primary")
    if alert.kind in CALLS and listed.account_id:
        yield button(words._("Give my call"), "form", f"renewal-call {listed.account_id}")
    book = ask.desk.playbooks.playbooks.get(alert.playbook or "")
    if book and listed.account_id and not listed.answered:
        label = words._("Start “{title}”", title=book.title.of(words.language))
        yield button(label, "form", f"play-start {book.name} {listed.account_id}")
    if listed.account_id:
        yield button(words._("See why"), "ask", f"health {listed.account_id}")
    if not alert.claimed_by or mine:
        yield button(words._("Wrong alert"), "turn", f"alert-wrong {after}")
        yield _more(ask, listed)


def _more(ask: Ask, listed: Listed) -> Block | None:
    words, snooze = ask.words, (f"alert-snooze {listed.alert.id}", ask.words._("Snooze…"))
    if listed.account_id is None:
        return button(snooze[1], "form", snooze[0])
    touch = (f"touch {listed.account_id}", words._("Log a touch"))
    return menu("form", [snooze, touch]) or button(snooze[1], "form", snooze[0])


def day_of(ask: Ask) -> date:
    """The reader's day, in their time zone: until then a snooze lasts."""
    return today(ask.caller, ask.policy, ask.now)


def heading(said: str, *under: str) -> Iterator[Block]:
    yield section(f"*{said}*")
    if shown := [line for line in under if line]:
        yield context(" · ".join(shown))
