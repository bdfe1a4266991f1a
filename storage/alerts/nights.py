"""What a night reads of the alerts, and what it writes of them; a few statements a page, however many alerts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select, update

from domain.alerts.alerts import NO_ACCOUNT, Action, Alert, Closed
from storage.alerts.rows import COLUMNS, otherwise, read, taken
from storage.database import Transaction
from storage.importing import standing
from storage.importing.bulk import insert_new, update_rows
from storage.tables import accounts, alerts, plays, touches


def held(tx: Transaction, first: int, last: int) -> dict[int, list[Alert]]:
    """By account numbered first…last: all that are not closed. Of the house itself: no person looks."""
    query = select(*COLUMNS).where(alerts.c.account.between(first, last), alerts.c.status != "closed")
    found: defaultdict[int, list[Alert]] = defaultdict(list)
    for alert in map(read, tx.execute(query.order_by(alerts.c.id))):
        found[alert.account].append(alert)
    return found


def write(tx: Transaction, actions: Iterable[Action], day: date) -> None:
    """What a night decided. Who was quicker with the same key stays; of a row only what is otherwise is written."""
    made = list(actions)
    insert_new(tx, alerts, [_new(action, day) for action in made if action.alert is None])
    marked: defaultdict[str, list[int]] = defaultdict(list)
    over: defaultdict[Closed | None, list[int]] = defaultdict(list)
    other: list[dict[str, Any]] = []
    for action in made:
        if action.alert is None:
            continue
        changed = _changed(action, action.alert, day)
        if changed:
            other.append({**changed, "seen_on": day, "id": action.alert.id})
        elif action.verb == "close":
            over[action.why].append(action.alert.id)
        else:
            marked[action.verb].append(action.alert.id)
    _update(tx, other)
    _mark(tx, marked["keep"], seen_on=day)
    _mark(tx, marked["escalate"], escalated_on=day)
    for why, those in over.items():
        _mark(tx, those, status="closed", closed_on=day, closed_why=why)
    if marked["drop"]:
        tx.execute(standing.deleting(tx, alerts, alerts.c.id, marked["drop"]))


def _new(action: Action, day: date) -> dict[str, Any]:
    signal = action.signal
    if signal is None:
        raise ValueError(action)
    return {
        "account": signal.account,
        "kind": signal.kind,
        "reason": signal.reason,
        **taken(signal),
        "quiet": action.quiet,
        "opened_on": day,
        "seen_on": day,
        "status": "waiting" if action.verb == "wait" else "open",
    }


def _changed(action: Action, alert: Alert, day: date) -> dict[str, Any]:
    changed = otherwise(action.signal, alert) if action.signal else {}
    opened = {"status": "open", "opened_on": day, "quiet": action.quiet} if action.verb == "open" else {}
    return changed | opened


def _update(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Rows that change in the same columns go together."""
    groups: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row)].append(row)
    for those in groups.values():
        update_rows(tx, alerts, alerts.c.id, those)


def _mark(tx: Transaction, those: Sequence[int], **same: Any) -> None:
    if those:
        asked = standing.given(tx, ([number] for number in those), {"id": alerts.c.id})
        tx.execute(update(alerts).where(alerts.c.id.in_(select(asked.c.id))).values(same))


def close_gone(tx: Transaction, day: date) -> int:
    """Alerts of accounts that are no longer known."""
    known = select(accounts.c.number).where(accounts.c.number == alerts.c.account).exists()
    gone = (alerts.c.status != "closed", alerts.c.account != NO_ACCOUNT, ~known)
    closing = {"status": "closed", "closed_on": day, "closed_why": "gone"}
    return tx.execute(update(alerts).where(*gone).values(closing)).rowcount


def mark_acted(tx: Transaction, day: date) -> None:
    """Somebody answered by a play or a touch of the account, of which we heard since it was opened."""
    touched = select(touches.c.account).where(
        touches.c.account == alerts.c.account, touches.c.known_on >= alerts.c.opened_on, touches.c.known_on <= day
    )
    played = select(plays.c.account).where(
        plays.c.account == alerts.c.account, plays.c.started_on >= alerts.c.opened_on, plays.c.started_on <= day
    )
    idle = (alerts.c.status == "open", alerts.c.acted_on.is_(None), alerts.c.account != NO_ACCOUNT)
    tx.execute(update(alerts).where(*idle, or_(touched.exists(), played.exists())).values(acted_on=day))
