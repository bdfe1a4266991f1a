"""An edited account plan: what it changes, what it does not and why; written once it is confirmed."""

from handlers.ask import Ask, Reply
from handlers.blocks import section
from handlers.gestures import check_may_write
from handlers.workbooks import plan_card
from handlers.workbooks.plan_packing import unpacked
from handlers.workbooks.plan_review import Review, review
from handlers.workbooks.plan_sent import Sent, keep, kept, received
from handlers.workbooks.plan_state import plan_state
from handlers.workbooks.plan_writing import write
from storage import changes
from storage.database import Transaction


def reviewed(tx: Transaction, ask: Ask, sent: Sent) -> Review:
    state = plan_state(tx, ask, sent.account)
    return review(ask, state, unpacked(sent.export.content["rows"]), sent.said, sent.export.export_id)


def check(ask: Ask, content: bytes) -> tuple[Sent, Review]:
    """What it would do; nothing is written."""
    sent = received(ask, content)
    with ask.database.transaction() as tx:
        return sent, reviewed(tx, ask, sent)


def apply(ask: Ask, sent: Sent) -> tuple[Review, int | None]:
    """Looked at anew, in the transaction that writes: what was applied before, or changed since, is not written."""
    check_may_write(ask.caller, ask.words)
    with ask.database.changing() as tx:
        changes.take_turn(tx)
        found = reviewed(tx, ask, sent)
        return found, write(tx, ask, found)


def offer(ask: Ask, content: bytes) -> Reply:
    """The summary, with a button that applies it, for whoever sent the file."""
    sent, found = check(ask, content)
    name = None
    if not found.empty:
        with ask.database.changing() as tx:
            name = keep(tx, ask, sent)
    return plan_card.summary(ask, sent, found, name)


def answer(ask: Ask) -> Reply:
    """The button's: apply what was shown. Typed, it says how a plan is sent."""
    name = ask.text.strip()
    if not name:
        said = ask.words._(
            "Send me the edited plan as a file, here in our direct message; I show what it changes first."
        )
        return Reply(said, (section(said),), answered=False, offered=("help export",))
    check_may_write(ask.caller, ask.words)
    with ask.database.transaction() as tx:
        sent = kept(tx, ask, name)
    found, made = apply(ask, sent)
    return plan_card.applied(ask, sent, found, made)
