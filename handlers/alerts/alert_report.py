"""What the verb `alerts` says of them: who is told of what, and in a dry run what would open and close besides."""

from collections.abc import Iterator, Mapping
from typing import Any

from domain.alerts.alerts import Action
from handlers.alerts.alert_card import told
from handlers.alerts.due import Due, Item, due
from handlers.alerts.evaluation import foreseen
from handlers.ask import Ask, Desk
from storage import accounts
from storage.scope import operator
from words import N_, Words
from words.alerts import named
from words.terms import URGENCIES, term

CHANGES: Mapping[str, str] = {
    "open": N_("opens: {what}"),
    "close": N_("closes: {what}"),
    "escalate": N_("goes to the manager: {what}"),
}
CLOSED: Mapping[str, str] = {
    "over": N_("it is over"),
    "off": N_("its rule is switched off"),
    "leaving": N_("the account is leaving"),
}


def as_json(desk: Desk, *, dry: bool) -> dict[str, Any]:
    told_of = [_share(each) for each in due(desk, desk.today)]
    return {"alerts": told_of} | ({"foreseen": [_change(*each) for each in _foreseen(desk)]} if dry else {})


def lines(desk: Desk, words: Words, *, dry: bool) -> Iterator[str]:
    for share in due(desk, desk.today):
        shown, total = len(share.need), len(share.need) + share.waiting
        counts = {"shown": words.number(shown), "total": words.number(total), "good": words.number(len(share.good))}
        yield words._("{person}: {shown} of {total} need them; good news: {good}", person=share.person.email, **counts)
        yield from (f"    {_line(desk, words, share, item)}" for item in share.need)
    if dry:
        yield from (_foretold(desk, words, action, name) for action, name in _foreseen(desk))


def _line(desk: Desk, words: Words, share: Due, item: Item) -> str:
    alert = item.listed.alert
    parts = [item.listed.name, term(words, URGENCIES, alert.severity), told(Ask(desk, share.person, words), alert)]
    parts += words.and_more(len(item.also))
    if item.goes_to and item.goes_on:
        parts.append(words._("goes to {name} on {day}", name=item.goes_to, day=words.weekday(item.goes_on)))
    return " · ".join(filter(None, parts))


def _foretold(desk: Desk, words: Words, action: Action, name: str) -> str:
    about = action.signal or action.alert
    own = desk.policy.watched.get(about.kind) if about else None
    label = own.label.of(words.language) if own and own.label else None
    rule = named(words, about.kind, label) if about else ""
    why = term(words, CLOSED, action.why) if action.why else ""
    reason = about.reason if about else ""
    return words._(CHANGES[action.verb], what=" · ".join(filter(None, (name, rule, reason, why))))


def _foreseen(desk: Desk) -> Iterator[tuple[Action, str]]:
    """A page of accounts at a time, with their names."""
    for page in foreseen(desk.database, desk.policy, day=desk.today):
        shown = [action for action in page if action.verb in CHANGES]
        with desk.database.transaction() as tx:
            names = accounts.some(tx, sorted({_account(action) for action in shown}), operator())
        for action in shown:
            known = names.get(_account(action))
            yield action, known.name if known else ""


def _account(action: Action) -> int:
    about = action.signal or action.alert
    return about.account if about else 0


def _kind(action: Action) -> str:
    about = action.signal or action.alert
    return " ".join(filter(None, (about.kind, about.reason, action.why))) if about else ""


def _change(action: Action, name: str) -> dict[str, Any]:
    return {"what": action.verb, "account": name or None, "kind": _kind(action), "quiet": action.quiet}


def _share(each: Due) -> dict[str, Any]:
    return {
        "person": each.person.email,
        "need": [_item(item) for item in each.need],
        "waiting": each.waiting,
        "good": [{"account": listed.account_id, "kind": listed.alert.kind} for listed in each.good],
        "unowned": [listed.account_id for listed in each.unowned],
    }


def _item(item: Item) -> dict[str, Any]:
    alert = item.listed.alert
    return {
        "alert": alert.id,
        "account": item.listed.account_id,
        "kind": alert.kind,
        "severity": alert.severity,
        "facts": dict(alert.params),
        "opened_on": alert.opened_on.isoformat(),
        "placed_by": item.placed_by,
        "also": [listed.alert.kind for listed in item.also],
        "goes_on": item.goes_on.isoformat() if item.goes_on else None,
        "goes_to": item.goes_to,
        "instead_of": item.instead_of,
        "escalated": item.escalated,
    }
