"""Taking back what one has just saved, all of one gesture at once: a button on each confirmation, for ten minutes."""

from collections.abc import Iterator
from datetime import timedelta

from domain.accounts import Account
from domain.roles import may
from handlers.ask import Ask, Refused, Reply, refusal
from handlers.blocks import Block, actions, button, named, section
from storage import accounts, changes, people
from storage.changes import Made
from storage.database import Transaction
from words import Words

WITHIN = timedelta(minutes=10)
BY_FORM = "modal"


def undo_button(words: Words, change: int | None) -> Block | None:
    """To stand on a confirmation; nothing where nothing was changed."""
    return None if change is None else button(words._("Undo"), "turn", f"undo {change}")


def answer(ask: Ask) -> Reply:
    """Write the inverse of one's own change, while it is fresh and nobody has changed it again."""
    with ask.database.changing() as tx:
        account, made = _mine(tx, ask)
        _check(ask, account, made)
        try:
            together = len(changes.accounts_of(tx, made.id))
            changes.undo(tx, made.id, who=ask.caller.email, at=ask.now, on=ask.today)
        except changes.Overtaken:
            raise _refused(
                ask, account, ask.words._("Somebody has changed it again since, so I left it as it is.")
            ) from None
    said = _said(ask.words, account, together)
    return Reply(said, (section(f"↩ {said}"), *_see(ask.words, account)))


def _said(words: Words, account: Account | None, together: int) -> str:
    if account is None:
        return words._("Taken back: your settings are as they were before.")
    if together > 1:
        return words.ngettext(
            "Taken back: {n} account is as it was before.",
            "Taken back: {n} accounts are as they were before.",
            together,
        )
    return words._("Taken back: {name} is as it was before.", name=named(account.name))


def _mine(tx: Transaction, ask: Ask) -> tuple[Account | None, Made]:
    """Another's change, one of an import and one out of sight are answered alike: as if there were none.

    Without an account: one's own settings.
    """
    made = changes.find(tx, int(ask.text)) if ask.text.isdecimal() and len(ask.text) < 16 else None
    mine = made is not None and made.who == ask.caller.email
    if made and mine and made.form == people.SETTINGS:
        return None, made
    account = (
        accounts.get(tx, made.account, ask.scope) if made and mine and made.form == BY_FORM and made.account else None
    )
    if made is None or account is None:
        said = ask.words._("There is nothing of yours to take back here.")
        raise refusal(said)
    return account, made


def _check(ask: Ask, account: Account | None, made: Made) -> None:
    if not may(ask.caller.role, "write"):
        raise _refused(
            ask, account, ask.words._("You may read and not write. Ask whoever administers me for another role.")
        )
    if made.undone:
        raise _refused(ask, account, ask.words._("That has been taken back already."))
    if ask.now - made.at > WITHIN:
        raise _refused(ask, account, ask.words._("Ten minutes have passed: it stays. You can change it by its form."))


def _refused(ask: Ask, account: Account | None, said: str) -> Refused:
    return Refused(Reply(said, (section(said), *_see(ask.words, account)), answered=False))


def _see(words: Words, account: Account | None) -> Iterator[Block]:
    if account:
        yield actions(button(words._("See the card"), "ask", f"health {account.account_id}"))
