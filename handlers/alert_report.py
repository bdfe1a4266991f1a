"""What the verb `alerts` says of them: who is told of what, and in a dry run what would open and close besides."""

from collections.abc import Iterator
from typing import Any

from domain.alerts import Action
from handlers.alert_card import told
from handlers.ask import Ask, Desk
from handlers.due import Due, Item, due
from handlers.evaluation import foreseen
from storage import accounts
from storage.scope import operator
from words import Words

CHANGES = {"open": "opens", "close": "closes", "escalate": "escalates"}


def as_json(desk: Desk, *, dry: bool) -> dict[str, Any]:
    told_of = [_share(each) for each in due(desk, desk.today)]
    return {"alerts": told_of} | ({"foreseen": [_change(*each) for each in _foreseen(desk)]} if dry else {})


def lines(desk: Desk, *, dry: bool) -> Iterator[str]:
    for share in due(desk, desk.today):
        yield f"{share.person.email}: {len(share.need)} of {len(share.need) + share.waiting}, {len(share.good)} good"
        yield from (f"    {_line(desk, share, item)}" for item in share.need)
    if dry:
        yield from (f"{CHANGES[action.verb]}: {name} · {_kind(action)}" for action, name in _foreseen(desk))


def _line(desk: Desk, share: Due, item: Item) -> str:
    said = told(Ask(desk, share.person, Words("en")), item.listed.alert)
    more = f" (+{len(item.also)})" if item.also else ""
    goes = f" → {item.goes_to} {item.goes_on}" if item.goes_to else ""
    return f"{item.listed.name or ''} · {item.listed.alert.severity} · {said}{more}{goes}"


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
