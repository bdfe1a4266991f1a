"""Who wrote what through a form or a button, and when: as the functions that write take it."""

from typing import Any

from domain.accounts import Person
from domain.roles import may
from handlers.ask import Ask, Refused, sentence
from storage import changes
from words import Words

BY_FORM = "modal"


def by_form(ask: Ask) -> dict[str, Any]:
    """Of what makes a gesture of its token by itself."""
    return {"token": ask.token, "who": ask.caller.email, "at": ask.now, "origin": BY_FORM, "on": ask.today}


def as_one(ask: Ask) -> dict[str, Any]:
    """Of changes that are taken back together, however many."""
    origin = changes.gesture(BY_FORM, ask.token)
    return {"who": ask.caller.email, "at": ask.now, "origin": origin, "on": ask.today}


def check_may_write(caller: Person, words: Words) -> None:
    if not may(caller.role, "write"):
        raise Refused(
            sentence(words._("You may read and not write. Ask whoever administers me for another role.")), "role"
        )
