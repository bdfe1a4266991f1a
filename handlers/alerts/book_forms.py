"""Sharing out accounts: what nobody owns gets an owner, and one account moves from one book to another."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from domain.accounts import Account, Person
from domain.playbooks.capacity import Load, loads, monday
from domain.roles import may
from handlers import meanwhile
from handlers.alerts.alert_card import day_of
from handlers.arguments import the_account
from handlers.ask import SEEN, Ask, Form, Invalid, Reply, refusal
from handlers.blocks import Block, actions, button, choice, field, line, modal, named, section
from handlers.undo import undo_button
from storage import books, changes, people
from storage.alerts import alerts
from storage.books import Book
from storage.database import Transaction
from storage.playbooks import tasks
from words import Words

PEOPLE, TYPED, SHOWN = 99, 120, 40
WEEKS = timedelta(13)
HOLDERS = {"csm", "lead"}


def loads_of(ask: Ask) -> list[str]:
    """A line for each book, what nobody has first: accounts, unanswered alerts, hours of the fuller of two weeks."""
    week = monday(ask.today)
    with ask.database.transaction() as tx:
        found = books.books(tx, ask.scope, day_of(ask))
        ours = {person.email.lower(): person for person in _holders(tx)}
        taken = tasks.taken(tx, since=week, until=week + WEEKS)
        fullest = loads(taken, tasks.staff(tx), default=ask.policy.playbooks.weekly_hours)
    worst: dict[str, Load] = {}
    for load in fullest:
        if load.week <= week + timedelta(7):
            worst.setdefault(load.whose.lower(), load)
    known = {book.csm for book in found}
    idle = [Book(email, 0, 0) for email in sorted(ours) if email not in known and ours[email].role == "csm"]
    return [_line(ask.words, ask.today, book, ours, worst) for book in (*found, *idle)][:SHOWN]


def _line(words: Words, day: date, book: Book, ours: Mapping[str, Person], worst: Mapping[str, Load]) -> str:
    person = ours.get(book.csm or "")
    name = words._("nobody's") if book.csm is None else named(person.name if person else book.csm, 60)
    parts = [words.ngettext("{n} account", "{n} accounts", book.accounts)]
    if book.alerts:
        parts.append(words.ngettext("{n} alert without an answer", "{n} alerts without an answer", book.alerts))
    load = worst.get(book.csm or "")
    if load and load.capacity:
        parts.append(words._("{share} of their hours", share=words.percent(load.hours / load.capacity)))
    if person and person.away(day):
        until = person.away_until
        parts.append(words._("away until {day}", day=words.short_day(until)) if until else words._("away"))
    return f"*{name}* · {' · '.join(parts)}"


def view_assign(ask: Ask) -> Block:
    account = _of_mine(ask, ask.text)
    heading = section(f"*{named(account.name)}*")
    return _modal(ask, "alert-assign", ask.words._("Assign an account"), [heading, _whom(ask)])


def view_move(ask: Ask) -> Block:
    _check(ask)
    words = ask.words
    which = field(words._("Which account"), "account", line(TYPED, initial=ask.text[:TYPED]),
                  hint=words._("Its name or id."))  # fmt: skip
    return _modal(ask, "alert-move", words._("Move an account"), [which, _whom(ask)])


def _modal(ask: Ask, callback: str, title: str, blocks: list[Block]) -> Block:
    return modal(callback, title, ask.words._("Hand over"), ask.words._("Cancel"), blocks, memory=meanwhile.seen(ask))


def _whom(ask: Ask) -> Block:
    with ask.database.transaction() as tx:
        ours = list(_holders(tx))
    options = [(person.email, named(person.name, 70)) for person in ours if len(person.email) <= 150][:PEOPLE]
    return field(ask.words._("To whom"), "csm", choice(options))


def _holders(tx: Transaction) -> Iterator[Person]:
    return (person for person in people.every(tx) if person.role in HOLDERS)


def read(words: Words, _today: date, entered: Mapping[str, Any]) -> Mapping[str, str]:
    typed = (entered.get("account") or "").strip()
    if "account" in entered and not typed:
        raise Invalid({"account": words._("Write its name or id.")})
    return {"csm": entered["csm"], "account": typed, SEEN: entered.get(SEEN) or ""}


def save(ask: Ask, entered: Mapping[str, str]) -> Reply:
    account, words = _of_mine(ask, entered["account"] or ask.text), ask.words
    csm = entered["csm"].lower()
    with ask.database.changing() as tx:
        person = people.by_email(tx, csm)
        if person is None or person.role not in HOLDERS:
            raise refusal(words._("Accounts are given to a CSM or a lead."))
        by: dict[str, Any] = {"who": ask.caller.email, "at": ask.now, "origin": "modal", "on": ask.today}
        meanwhile.check(tx, ask, account, "accounts", entered[SEEN])
        made = changes.edit(tx, "accounts", {"account_id": account.account_id}, {"csm": csm}, **by)
        alerts.reassign(tx, account.number, csm)
    said = words._("{name} is {person}'s now.", name=named(account.name), person=named(person.name, 60))
    again = button(words._("Who has how much"), "ask", "alerts load")
    return Reply(said, (section(f"➜ {said}"), actions(again, undo_button(words, made))))


def _of_mine(ask: Ask, typed: str) -> Account:
    """One that the caller may give away: a lead's own team's, and what nobody has."""
    _check(ask)
    account = the_account(ask, typed)
    mine = {ask.caller.email.lower(), *(email.lower() for email in ask.caller.team)}
    if ask.caller.role == "lead" and account.csm and account.csm.lower() not in mine and _is_there(ask, account.csm):
        raise refusal(ask.words._("{name} is another team's: ask their lead.", name=named(account.name)))
    return account


def _is_there(ask: Ask, email: str) -> bool:
    with ask.database.transaction() as tx:
        return people.by_email(tx, email) is not None


def _check(ask: Ask) -> None:
    if not may(ask.caller.role, "decide"):
        raise refusal(ask.words._("Only a lead can share out accounts."))


ASSIGN, MOVE = Form(view_assign, read, save), Form(view_move, read, save)
