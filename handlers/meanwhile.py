"""A form that is open while somebody else saves the same: their word stands, and the reader is told."""

from domain.accounts import Account
from handlers.ask import Ask, Refused, Reply
from handlers.blocks import actions, button, named, section
from storage import meanwhile, people
from storage.changes import Values
from storage.database import Transaction


def seen(ask: Ask) -> str:
    """What a form remembers from when it was opened."""
    with ask.database.transaction() as tx:
        return meanwhile.mark(tx)


def check(
    tx: Transaction, ask: Ask, account: Account, entity: str, mark: str | None, *, key: Values | None = None
) -> None:
    """Raises Refused where another has saved since; an import or a form without a mark refuses nothing."""
    made = meanwhile.by_another(tx, entity, account.number, mark or "", who=ask.caller.email, key=key)
    if made is None:
        return
    person = people.by_email(tx, made.who)
    said = ask.words._(
        "{who} saved this of {name} while your form was open, so I kept theirs and did not overwrite it.",
        who=named(person.name if person else made.who, 60),
        name=named(account.name),
    )
    again = ask.words._("Look at it, and enter yours again if it still holds.")
    see = button(ask.words._("See the card"), "ask", f"health {account.account_id}")
    raise Refused(Reply(said, (section(said, again), actions(see)), answered=False))
