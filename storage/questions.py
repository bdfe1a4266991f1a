"""Questions that were not understood: each once, with how often and when, so that phrases can be added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from storage.database import Transaction, insert_into
from storage.tables import contacts, questions

MOST = 5000


@dataclass(frozen=True, slots=True)
class Question:
    """`said` without names; first_on, last_on: business days."""

    said: str
    language: str
    times: int
    first_on: date
    last_on: date


def keep(tx: Transaction, folded: str, said: str, *, language: str, on: date) -> None:
    """Once more, or for the first time as long as there are not very many."""
    row = {"folded": folded, "language": language, "said": said, "times": 1, "first_on": on, "last_on": on}
    known = (questions.c.folded == folded, questions.c.language == language)
    is_new = tx.execute(select(questions.c.times).where(*known)).first() is None
    if is_new and tx.execute(select(func.count()).select_from(questions)).scalar_one() >= MOST:
        return
    statement = insert_into(tx, questions).values(row)
    again = {"times": questions.c.times + 1, "said": said, "last_on": on}
    tx.execute(statement.on_conflict_do_update(index_elements=["folded", "language"], set_=again))


def unanswered(tx: Transaction, *, limit: int = 100) -> list[Question]:
    """The most asked first."""
    seen = (questions.c.said, questions.c.language, questions.c.times, questions.c.first_on, questions.c.last_on)
    order = (questions.c.times.desc(), questions.c.last_on.desc(), questions.c.folded)
    return [Question(*row) for row in tx.execute(select(*seen).order_by(*order).limit(limit))]


def contact_names(tx: Transaction, runs: Sequence[str]) -> set[str]:
    """Of runs of words, those that are a contact's name; asked so that it is not kept, and nobody is shown it."""
    written = {form for run in runs for form in (run, run.title())}
    found = tx.execute(select(contacts.c.name).where(contacts.c.name.in_(written)).distinct()).scalars()
    return {name.casefold() for name in found}
