"""One's own settings: the hour of the digest, the language, absence and who stands in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts import Person
from handlers.ask import Ask, Form, Invalid, Reply, refusal
from handlers.blocks import Block, actions, button, choice, day, field, modal, named, section
from storage import people
from words import LANGUAGES, Words

HOURS = range(5, 21)
PEOPLE = 99
NATIVE = {"en": "English", "es": "Español"}


@dataclass(frozen=True)
class Entered:
    hour: int
    language: str
    away_from: date | None
    away_until: date | None
    deputy: str | None


def answer(ask: Ask) -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    said = ask.words._("Your hour, language and absence:")
    return Reply(said, (section(said), actions(button(ask.words._("Settings…"), "form", "digest-settings"))))


def view(ask: Ask) -> Block:
    words, me = ask.words, ask.caller
    if not me.email:
        said = words._("At the terminal there is nobody whose settings these would be.")
        raise refusal(said)
    with ask.database.transaction() as tx:
        others = [person for person in people.every(tx) if person.email != me.email and person.role != "viewer"]
    hours = [(str(hour), f"{hour}:00") for hour in HOURS]
    hour = ask.policy.digests.hour if me.digest_hour is None else me.digest_hour
    deputies = [(person.email, named(person.name, 70)) for person in others if len(person.email) <= 150][:PEOPLE]
    in_time = words._("In your time zone, {zone}.", zone=me.time_zone or ask.policy.time_zone)
    urgent = words._("They get what is urgent meanwhile; without one, your manager does.")
    languages = [(code, NATIVE[code]) for code in LANGUAGES]
    blocks = [
        field(words._("Hour of the digest"), "hour", choice(hours, chosen=str(hour)), hint=in_time),
        field(words._("Language"), "language", choice(languages, chosen=words.language)),
        field(words._("Away from"), "away_from", day(me.away_from), optional=True),
        field(words._("Away until (included)"), "away_until", day(me.away_until), optional=True),
    ]
    if deputies:
        chosen = choice(deputies, chosen=me.deputy or "")
        blocks.append(field(words._("Who stands in"), "deputy", chosen, hint=urgent, optional=True))
    return modal("digest-settings", words._("My settings"), words._("Save"), words._("Cancel"), blocks)


def read(words: Words, today: date, entered: Mapping[str, Any]) -> Entered:
    away_from, away_until = (_day(entered.get(name)) for name in ("away_from", "away_until"))
    if away_until and (away_from or today) > away_until:
        raise Invalid({"away_until": words._("The end lies before the beginning.")})
    if away_until and away_until < today:
        raise Invalid({"away_until": words._("This day has passed.")})
    deputy = entered.get("deputy") or None
    return Entered(int(entered["hour"]), entered["language"], away_from or (today if away_until else None), away_until,
                   deputy)  # fmt: skip


def _day(typed: str | None) -> date | None:
    return date.fromisoformat(typed) if typed else None


def save(ask: Ask, entered: Entered) -> Reply:
    values = {
        "digest_hour": entered.hour, "away_from": entered.away_from, "away_until": entered.away_until,
        "deputy": entered.deputy, **_language(ask.caller, entered.language),
    }  # fmt: skip
    with ask.database.changing() as tx:
        people.settle(tx, ask.caller.email, values, at=ask.now, on=ask.today)
    words = Words(entered.language, ask.caller.country)
    said = words._("Saved: your digest comes at {hour}:00.", hour=words.number(entered.hour))
    away = []
    if entered.away_until:
        away = [words._("You are away until {day}.", day=words.day(entered.away_until))]
    return Reply(said, (section(f"✓ {said}", *away),))


def _language(me: Person, language: str) -> dict[str, str]:
    """A region that was told (es-MX) stays while the language does."""
    return {} if (me.language or "")[:2] == language else {"language": language}


FORM = Form(view, read, save)
