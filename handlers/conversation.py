"""A question in its conversation: what was answered there last is its frame, and its own answer the next one's."""

from collections.abc import Mapping
from typing import Any

from domain.accounts import Person
from handlers.answers import Answer, answered
from handlers.ask import Desk
from storage import frames
from words import Words


def converse(desk: Desk, caller: Person, words: Words, typed: str, places: tuple[str, ...]) -> Answer:
    """`places`: where the question was asked, the nearest first; only the caller's own answers are followed."""
    with desk.database.transaction() as tx:
        after = frames.last(tx, places, caller.email, now=desk.clock())
    given = answered(desk, caller, words, typed, after=after)
    remember(desk, caller, given, places)
    return given


def remember(desk: Desk, caller: Person, given: Answer, places: tuple[str, ...]) -> None:
    if given.command and given.reply.answered and places and not given.reply.pending:
        with desk.database.changing() as tx:
            frames.keep(tx, places, caller.email, given.command, now=desk.clock())


def places_of(event: Mapping[str, Any]) -> tuple[str, ...]:
    """The thread; the message, which a thread may begin under; in a direct message also the whole of it."""
    channel = str(event.get("channel") or "")
    thread, ts = event.get("thread_ts"), event.get("ts")
    whole = (channel,) if event.get("channel_type") == "im" or channel.startswith("D") else ()
    return tuple(f"{channel}:{mark}" for mark in dict.fromkeys((thread, ts)) if mark) + whole


def places_of_button(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the message with the button stands."""
    held = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or held.get("channel_id")
    return places_of({"channel": channel, "thread_ts": held.get("thread_ts"), "ts": held.get("message_ts")})
