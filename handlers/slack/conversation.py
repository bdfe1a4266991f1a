"""A question in its conversation: what was answered there last is its frame, and its own answer the next one's."""

from collections.abc import Mapping
from typing import Any

from domain.accounts import Person
from handlers.answers import Answer, answered
from handlers.ask import Desk
from handlers.questions.phrasebook import sayable
from storage import frames
from words import Words


def converse(desk: Desk, caller: Person, words: Words, typed: str, event: Mapping[str, Any]) -> Answer:
    """`event`: the message that asks; only the caller's own answers are followed."""
    with desk.database.transaction() as tx:
        after = frames.last(tx, (*places_of(event), *_whole(event)), caller.email, now=desk.clock())
    given = answered(desk, caller, words, typed, after=after)
    remember(desk, caller, given, places_of(event))
    return given


def remember(desk: Desk, caller: Person, given: Answer, places: tuple[str, ...]) -> None:
    """A gesture with a button leaves what was asked before as it is: "snooze it" still knows of what."""
    if given.capability in sayable() and given.reply.answered and places and not given.reply.pending:
        with desk.database.changing() as tx:
            frames.keep(tx, places, caller.email, given.command, now=desk.clock())


def places_of(event: Mapping[str, Any]) -> tuple[str, ...]:
    """The thread, and the message that a thread may begin under; outside of threads a whole direct message."""
    thread, ts = event.get("thread_ts"), event.get("ts")
    marks = tuple(f"{event.get('channel')}:{mark}" for mark in dict.fromkeys((thread, ts)) if mark)
    return marks if thread else (*marks, *_whole(event))


def _whole(event: Mapping[str, Any]) -> tuple[str, ...]:
    channel = str(event.get("channel") or "")
    return (channel,) if event.get("channel_type") == "im" or channel.startswith("D") else ()


def places_of_button(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the message with the button stands."""
    held = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or held.get("channel_id")
    return places_of({"channel": channel, "thread_ts": held.get("thread_ts"), "ts": held.get("message_ts")})
