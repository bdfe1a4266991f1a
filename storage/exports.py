"""Workbooks that were handed out, each recorded among the changes: it carries its id, the rest stays here."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from storage import changes
from storage.database import Transaction
from storage.tables import exports


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
