"""One's own settings: the digest's hour and place, language, country, absence and who stands in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.accounts import Person
from handlers.alerts.due import READERS
from handlers.ask import OBSTACLE, SEEN, Ask, Form, Invalid, Reply, refusal
from handlers.blocks import (
    PLACE,
    Block,
    actions,
    button,
    choice,
    context,
    day,
    field,
    in_channel,
    line,
    modal,
    named,
    room,
    section,
)
from handlers.digests import hours
from handlers.entries import day_of
from handlers.undo import undo_button
from storage import people
from words import LANGUAGES, N_, Words, countries, spoken

HOURS = range(5, 21)
PEOPLE = 99
NATIVE = {"en": "English", "es": "Español"}
HERE, THERE = "here", "there"
LONGEST_COUNTRY = 80
NO_ROOM = {
    "channel_not_found": N_("I cannot see this channel. Invite me there first."),
    "is_archived": N_("This channel is archived."),
    "not_in_channel": N_("I am not in this channel. Invite me there first."),
    "outsiders": N_("People outside the organisation, or guests, read there. I say nothing about accounts to them."),
    "untold": N_("Slack did not tell me who reads there. Try again in a moment."),
}


@dataclass(frozen=True)
class Entered:
    """hour: None of who gets no digest."""

    hour: int | None
    channel: str | None
    language: str
    country: str | None
    away_from: date | None
    away_until: date | None
    deputy: str | None


def answer(ask: Ask) -> Reply:
    """A form cannot open from a sentence: the button that opens it is offered."""
    said = ask.words._("Your settings:")
    return Reply(
        said, (section(said), *standing(ask), actions(button(ask.words._("Settings…"), "form", "digest-settings")))
    )


def view(ask: Ask) -> Block:
    words, me = ask.words, ask.caller
    if not me.email:
        said = words._("At the terminal there is nobody whose settings these would be.")
        raise refusal(said)
    with ask.database.transaction() as tx:
        others = [person for person in people.every(tx) if person.email != me.email and person.role != "viewer"]
    deputies = [(person.email, named(person.name, 70)) for person in others if len(person.email) <= 150][:PEOPLE]
    urgent = words._("They get what is urgent meanwhile; without one, your manager does.")
    languages = [(code, NATIVE[code]) for code in LANGUAGES]
    blocks = [
        *_when(ask),
        *_where(words, me),
        field(words._("Language"), "language", choice(languages, chosen=words.language)),
        field(
            words._("Country"),
            "country",
            line(LONGEST_COUNTRY, initial=_country(words, me)),
            optional=True,
            hint=_hint(ask),
        ),
        field(words._("Away from"), "away_from", day(me.away_from), optional=True),
        field(words._("Away until (included)"), "away_until", day(me.away_until), optional=True),
    ]
    if deputies:
        chosen = choice(deputies, chosen=me.deputy or "")
        blocks.append(field(words._("Who stands in"), "deputy", chosen, hint=urgent, optional=True))
    title, shown = words._("My settings"), [*standing(ask), *blocks]
    kept = me.digest_channel or ""
    return modal("digest-settings", title, words._("Save"), words._("Cancel"), shown, memory=kept)


def _when(ask: Ask) -> list[Block]:
    words, me = ask.words, ask.caller
    if me.role not in READERS:
        return []
    clock = choice([(str(hour), f"{hour}:00") for hour in HOURS], chosen=str(_hour(ask)))
    hint = words._("In your time zone, {zone}.", zone=me.time_zone or ask.policy.time_zone)
    return [field(words._("Hour of the digest"), "hour", clock, hint=hint)]


def _hour(ask: Ask) -> int:
    return ask.policy.digests.hour if ask.caller.digest_hour is None else ask.caller.digest_hour


def _where(words: Words, me: Person) -> list[Block]:
    """The channel that is chosen is said above: as a first choice Slack would refuse the form once it has vanished."""
    if me.role not in READERS:
        return []
    places = [(HERE, words._("In my direct messages")), (THERE, words._("In a channel"))]
    chosen = choice(places, kind="radio_buttons", chosen=THERE if me.digest_channel else HERE)
    hint = words._("Everybody there reads it: nobody from outside, no guests, and I have to be in it.")
    label = words._("Another channel") if me.digest_channel else words._("Channel")
    which = field(label, "channel", room(), hint=hint, optional=True)
    return [field(words._("Where the digest comes"), "place", chosen), which]


def _country(words: Words, me: Person) -> str:
    return countries.called(words, me.country) if me.country else ""


def _hint(ask: Ask) -> str:
    words, company = ask.words, ask.policy.country
    said = words._(
        "Its name or two letters. It decides your working days and holidays, and how dates and numbers look."
    )
    if not company:
        return said
    empty = words._("Empty: the company's, {country}.", country=countries.called(words, company))
    return f"{said} {empty}"


def read(words: Words, today: date, entered: Mapping[str, Any]) -> Entered:
    away_from, away_until = (day_of(entered.get(name)) for name in ("away_from", "away_until"))
    if away_until and (away_from or today) > away_until:
        raise Invalid({"away_until": words._("The end lies before the beginning.")})
    if away_until and away_until < today:
        raise Invalid({"away_until": words._("This day has passed.")})
    return Entered(
        hour=int(entered["hour"]) if entered.get("hour") else None,
        channel=_room(words, entered),
        language=entered["language"],
        country=_code(words, (entered.get("country") or "").strip()),
        away_from=away_from or (today if away_until else None),
        away_until=away_until,
        deputy=entered.get("deputy") or None,
    )


def _room(words: Words, entered: Mapping[str, Any]) -> str | None:
    if entered.get("place") != THERE:
        return None
    if obstacle := entered.get(OBSTACLE):
        raise Invalid({"channel": words._(NO_ROOM[obstacle])})
    chosen = entered.get("channel") or entered.get(SEEN)
    if not chosen:
        raise Invalid({"channel": words._("Choose the channel.")})
    return str(chosen)


def _code(words: Words, typed: str) -> str | None:
    code = countries.code_of(typed)
    if code or not typed:
        return code
    near = countries.nearest(words, typed)
    said = words._("I know no country of this name.")
    raise Invalid({"country": f"{said} {words._('Perhaps {names}?', names=words.either(near))}" if near else said})


def save(ask: Ask, entered: Entered) -> Reply:
    digest = {"digest_hour": entered.hour, "digest_channel": entered.channel} if entered.hour is not None else {}
    values = {
        **digest, "country": entered.country, "away_from": entered.away_from, "away_until": entered.away_until,
        "deputy": entered.deputy, **_language(ask, entered.language),
    }  # fmt: skip
    with ask.database.changing() as tx:
        made = people.settle(tx, ask.caller.email, values, at=ask.now, on=ask.today)
        me = people.by_email(tx, ask.caller.email) or ask.caller
        hours.move(tx, ask.policy, me, ask.now)
    words = spoken(entered.language, country=me.country or ask.policy.country)
    said = words._("Your settings are saved.")
    if entered.hour is not None:
        said = words._("Saved: your digest comes at {hour}:00.", hour=words.number(entered.hour))
    undo = undo_button(words, made)
    blocks = (section(f"✓ {said}"), *standing(replace(ask, caller=me, words=words)), *([actions(undo)] if undo else []))
    return Reply(said, blocks)


def standing(ask: Ask) -> Iterator[Block]:
    """What is set, in small print: hour, place, country, absence."""
    words, me = ask.words, ask.caller
    told = me.role in READERS
    where = PLACE if me.digest_channel else words._("your direct messages")
    parts = [words._("Digest at {hour}:00 in {place}", hour=words.number(_hour(ask)), place=where)] if told else []
    if country := me.country or ask.policy.country:
        parts.append(words._("holidays of {country}", country=countries.called(words, country)))
    if me.away_until and me.away_until >= ask.today:
        parts.append(words._("You are away until {day}.", day=words.day(me.away_until)))
    said = " · ".join(parts)
    if said:
        yield in_channel(said, me.digest_channel) if told and me.digest_channel else context(said)


def _language(ask: Ask, language: str) -> dict[str, str]:
    """What was not changed stays as it is: a region that was told (es-MX), or Slack's own where none was set."""
    return {} if language == ask.words.language else {"language": language}


FORM = Form(view, read, save, room="channel", own=True)
