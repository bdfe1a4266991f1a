"""assistant.threads.*: what an agent offers to be asked, and what it says while it works."""

from __future__ import annotations

from playground.arguments import Arguments
from playground.tickets import RefusedError
from playground.values import Json

PROMPTS, STATUS = 4, 250


def suggest(call: Arguments) -> Json:
    _direct(call)
    prompts = call.json("prompts", "invalid_arguments")
    told = isinstance(prompts, list) and all(
        isinstance(p, dict) and p.get("title") and p.get("message") for p in prompts
    )
    if not told or not 0 < len(prompts) <= PROMPTS:
        raise RefusedError("invalid_arguments")
    return {}


def set_status(call: Arguments) -> Json:
    """It goes when the app answers in the thread, or when it is emptied."""
    _direct(call)
    call.required("thread_ts")
    if len(call.text("status")) > STATUS:
        raise RefusedError("invalid_arguments")
    return {}


def _direct(call: Arguments) -> None:
    channel = call.workspace.find_channel(call.required("channel_id"))
    if channel is None or channel.kind != "im":
        raise RefusedError("channel_not_found")
