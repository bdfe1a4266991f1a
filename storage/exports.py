"""Workbooks that were handed out, each recorded among the changes: it carries its id, the rest stays here."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from storage import changes
from storage.database import Transaction
from storage.tables import exports

EDITED = "edited plan"


@dataclass(frozen=True, slots=True)
class Export:
    """What a workbook was made with, or what an edited one said."""

    export_id: str
    account: int | None
    kind: str
    who: str
    customer_safe: bool
    content: Mapping[str, Any]


def get(tx: Transaction, export_id: str) -> Export | None:
    """Whoever asks still has to see its account."""
    names = ("export_id", "account", "kind", "who", "customer_safe", "content")
    query = select(*(exports.c[name] for name in names)).where(exports.c.export_id == export_id)
    row = tx.execute(query).mappings().one_or_none()
    return None if row is None else Export(**row)


def keep_edited(tx: Transaction, account: int, content: Mapping[str, Any], *, who: str, at: datetime) -> str:
    """What an edited plan said, until whoever sent it confirms; nothing was handed out, so nothing is recorded."""
    name = secrets.token_hex(8)
    row = {"account": account, "kind": EDITED, "who": who, "made_at": at, "customer_safe": False}
    tx.execute(insert(exports).values(export_id=name, content=dict(content), **row))
    return name


def purge(tx: Transaction, before: datetime) -> None:
    """Forget what edited plans said that nobody confirmed in time; what was handed out stays, it may come back."""
    tx.execute(delete(exports).where(exports.c.kind == EDITED, exports.c.made_at < before))


def record(
    tx: Transaction,
    *,
    account: int | None,
    kind: str,
    who: str,
    made_at: datetime,
    customer_safe: bool,
    content: Mapping[str, Any],
) -> str:
    """The id that the workbook will carry."""
    export_id = secrets.token_hex(8)
    row = {"account": account, "kind": kind, "who": who, "made_at": made_at, "customer_safe": customer_safe}
    tx.execute(insert(exports).values(export_id=export_id, content=dict(content), **row))
    handed = {"kind": kind, "customer_safe": customer_safe}
    changes.record(
        tx, who=who, at=made_at, origin="export", entity="exports", key={"export_id": export_id}, account=account,
        before=None, after=handed,
    )  # fmt: skip
    return export_id
