"""Who wrote what through a form or a button, and when: as the functions that write take it."""

from typing import Any

from handlers.ask import Ask
from storage import changes

BY_FORM = "modal"


def by_form(ask: Ask) -> dict[str, Any]:
    """Of what makes a gesture of its token by itself."""
    return {"token": ask.token, "who": ask.caller.email, "at": ask.now, "origin": BY_FORM, "on": ask.today}


def as_one(ask: Ask) -> dict[str, Any]:
    """Of changes that are taken back together, however many."""
    origin = changes.gesture(BY_FORM, ask.token)
    return {"who": ask.caller.email, "at": ask.now, "origin": origin, "on": ask.today}
