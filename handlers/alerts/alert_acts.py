"""What a person does with an alert: take it, give it back, call it wrong, put it off. Two at once give one result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from handlers.alerts.alert_card import day_of, told
from handlers.alerts.due import find
from handlers.ask import SEEN, Ask, Form, Invalid, Refused, Reply, refusal
from handlers.blocks import Block, actions, choice, context, day, field, line, modal, named, section
from handlers.gestures import as_one, check_may_write
from handlers.undo import undo_button
from storage import people
from storage.alerts import alerts
from storage.alerts.alerts import Listed
from storage.database import Transaction
from words import Words

REASON, NAMED, ALL = 300, 3, "all"
LONGEST = timedelta(366)


@dataclass(frozen=True)
class Snoozed:
    """others: what else is open of the account is put off too."""

    until: date
    why: str
    others: bool = False


def take(ask: Ask) -> Reply:
    """It, and what else is open of its account: who calls there asks about all of it."""
    number, back = _meant(ask)
    with ask.database.changing() as tx:
        found = _found(tx, ask, number)
        if found.alert.wrong_by:
            return _after(ask, back, _too_late(ask, found), found)
        by = as_one(ask)
        made = [alerts.claim(tx, each.alert.id, **by) for each in (found, *_beside(tx, ask, found))]
        now = _found(tx, ask, number)
        holder = people.by_email(tx, now.alert.claimed_by) if now.alert.claimed_by else None
    if made[0] is not None:
        return _after(ask, back, ask.words._("{name} is yours.", name=_of(ask, found)), found, made[0])
    if now.alert.claimed_by == ask.caller.email.lower():
        return _after(ask, back, ask.words._("{name} is yours already.", name=_of(ask, found)), found)
    if now.alert.status == "closed":
        return _after(ask, back, _too_late(ask, now), found)
    who = named(holder.name if holder else now.alert.claimed_by or "", 60)
    return _after(ask, back, ask.words._("{who} was quicker and has {name}.", who=who, name=_of(ask, found)), found)


def release(ask: Ask) -> Reply:
    number, back = _meant(ask)
    with ask.database.changing() as tx:
        found = _found(tx, ask, number)
        by = as_one(ask)
        made = [alerts.release(tx, each.alert.id, **by) for each in (found, *_beside(tx, ask, found))]
    if made[0] is None:
        return _after(ask, back, ask.words._("{name} is not yours.", name=_of(ask, found)), found)
    return _after(ask, back, ask.words._("{name} is free again.", name=_of(ask, found)), found, made[0])


def wrong(ask: Ask) -> Reply:
    """It counts against its rule, and stays away until what it was about has been over once."""
    number, back = _meant(ask)
    with ask.database.changing() as tx:
        found = _found(tx, ask, number)
        made = alerts.wrong(tx, number, **as_one(ask))
    if made is None:
        return _after(ask, back, _too_late(ask, found), found)
    said = ask.words._("Noted as wrong: {name}, {what}. It counts against its rule.", name=_of(ask, found),
                       what=told(ask, found.alert))  # fmt: skip
    return _after(ask, back, said, found, made)


def _too_late(ask: Ask, found: Listed) -> str:
    if found.alert.status == "closed":
        return ask.words._("That is over: {name}.", name=_of(ask, found))
    if found.alert.wrong_by:
        return ask.words._("It was called wrong already: {name}.", name=_of(ask, found))
    return ask.words._("Somebody else has answered it: {name}.", name=_of(ask, found))


def again(ask: Ask) -> Reply:
    """A form cannot open from a sentence."""
    said = ask.words._("Press the button beside the alert: /alerts shows them.")
    raise refusal(said, offered=("alerts",))


def view_snooze(ask: Ask) -> Block:
    words = ask.words
    with ask.database.transaction() as tx:
        found = _found(tx, ask, _meant(ask)[0])
        others = _beside(tx, ask, found)
    hint = words._("It is back on that day, in your time zone; if it is over by then, it does not come.")
    blocks = [
        section(f"*{_of(ask, found)}*: {told(ask, found.alert)}"),
        field(words._("Until"), "until", day(day_of(ask) + timedelta(7)), hint=hint),
        field(words._("Why"), "why", line(REASON)),
    ]
    if others:
        blocks.append(_also(ask, others))
    title, cancel = words._("Snooze"), words._("Cancel")
    return modal("alert-snooze", title, title, cancel, blocks, memory=day_of(ask).isoformat())


def _also(ask: Ask, others: Sequence[Listed]) -> Block:
    """Of an account with several one may be put off, or all of them."""
    words = ask.words
    what = "; ".join([*(told(ask, each.alert) for each in others[:NAMED]), *words.and_more(len(others) - NAMED)])
    label = words.ngettext(
        "The other alert of this account too", "The other {n} alerts of this account too", len(others)
    )
    return field(
        words._("And the others"), "others", choice([(ALL, label)], kind="checkboxes"), hint=what, optional=True
    )


def read_snooze(words: Words, today: date, entered: Mapping[str, Any]) -> Snoozed:
    """By the reader's day, which the form remembers."""
    until, why = date.fromisoformat(entered["until"]), (entered["why"] or "").strip()
    check_until(words, date.fromisoformat(entered[SEEN]) if entered.get(SEEN) else today, until)
    if not why:
        raise Invalid({"why": words._("Write why it can wait.")})
    return Snoozed(until, why, others=ALL in (entered.get("others") or ()))


def check_until(words: Words, today: date, until: date) -> None:
    if until <= today:
        raise Invalid({"until": words._("Choose a day that is still to come.")})
    if until - today > LONGEST:
        raise Invalid({"until": words._("Choose a day within a year.")})


def save_snooze(ask: Ask, entered: Snoozed) -> Reply:
    number = _meant(ask)[0]
    with ask.database.changing() as tx:
        found = _found(tx, ask, number)
        by = as_one(ask)
        made = None if found.alert.wrong_by else alerts.snooze(tx, number, entered.until, entered.why, **by)
        for each in _beside(tx, ask, found) if made and entered.others else ():
            alerts.snooze(tx, each.alert.id, entered.until, entered.why, **by)
    if made is None:
        return _after(ask, "", _too_late(ask, found), found)
    said = ask.words._("{name} is back on {day}.", name=_of(ask, found), day=ask.words.full_day(entered.until))
    return _after(ask, "", said, found, made)


SNOOZE = Form(view_snooze, read_snooze, save_snooze)


def _meant(ask: Ask) -> tuple[int, str]:
    """The alert's number, and the command to show after."""
    number, _, back = ask.text.partition(" ")
    if not number.isdecimal() or len(number) > 15:
        raise _nothing(ask)
    return int(number), back.strip()


def _found(tx: Transaction, ask: Ask, number: int) -> Listed:
    check_may_write(ask.caller, ask.words)
    found = find(tx, ask.desk, ask.caller, number, day_of(ask)) if ask.caller.email else None
    if found is None:
        raise _nothing(ask)
    return found


def _nothing(ask: Ask) -> Refused:
    said = ask.words._("There is no such alert for you.")
    return refusal(said, offered=("alerts",))


def _beside(tx: Transaction, ask: Ask, found: Listed) -> list[Listed]:
    if found.account_id is None:
        return []
    others = alerts.of_account(tx, found.alert.account, ask.scope, day=day_of(ask))
    return [each for each in others if each.alert.id != found.alert.id and each.alert.severity != "good"]


def _of(ask: Ask, found: Listed) -> str:
    return named(found.name, 60) if found.name else told(ask, found.alert)


def _after(ask: Ask, back: str, said: str, found: Listed, change: int | None = None) -> Reply:
    """What was done, and under it the message as it is now."""
    undo = undo_button(ask.words, change) if found.account_id else None
    done = [context(f"✓ {said}" if change else said), *([actions(undo)] if undo else [])]
    word, _, rest = back.partition(" ")
    capability = ask.desk.capabilities.get(word)
    if capability is None:
        return Reply(said, tuple(done))
    shown = capability.answer(Ask(ask.desk, ask.caller, ask.words, text=rest, capability=word))
    return Reply(said, (*done, *shown.blocks))
