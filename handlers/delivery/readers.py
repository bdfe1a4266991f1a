"""Who reads what waits: by the absences that hold when it goes, not by those of when it was queued."""

from handlers.alerts import urgent
from handlers.ask import Desk
from storage import people
from storage.database import Transaction
from storage.delivery import outbox
from storage.delivery.outbox import Held, Message


class PassedOn(Exception):
    """Somebody else is to read it, or at another time: `message` as it is from now on."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.key)
        self.message = message


def check(tx: Transaction, desk: Desk, held: Held) -> None:
    """Raises PassedOn. What Slack may have already stays where it is looked for."""
    if held.message.kind != urgent.KIND or held.tried_at is not None:
        return
    for message in urgent.passed_on(tx, desk, [held.message], people.directory(tx), desk.clock()):
        raise PassedOn(message)


def pass_on(tx: Transaction, desk: Desk) -> None:
    """The same of all that nobody has begun to send: who is back first does not wait for the others."""
    waiting = outbox.unbegun(tx, urgent.KIND)
    for message in urgent.passed_on(tx, desk, waiting, people.directory(tx), desk.clock()) if waiting else ():
        outbox.move(tx, message.key, message.due_at, person=message.person)
