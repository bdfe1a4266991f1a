"""What is taken wholesale becomes what it would have become row by row."""

from pathlib import Path
from typing import Any

import pytest

from storage import changes, tables
from storage.database import Database
from storage.importing import imports as imported
from storage.importing import wholesale
from storage.importing.arrivals import Tally
from storage.tables import metadata
from tests.storage.sources.importing import ACCOUNTS, NOW, load, state, undo

TICKETS = "ticket_id,account_id,opened_at,closed_at,severity,escalated,x_team\n"
FIRST = {
    "accounts": ACCOUNTS,
    "identifiers": "account_id,system,external_id\nA1,crm,1\nA9,crm,9\n",
    "usage-a": "account_id,day,active_users,events\nA1,2026-11-01,5,\nA2,2026-11-01,6,9\nA9,2026-11-02,1,1\n",
    "usage-b": "account_id,day,feature,active_users\nA1,2026-11-01,,7\ncrm:1,2026-11-03,f,8\nA2,2026-11-03,,1\n",
    "tickets": f"{TICKETS}T1,A1,2026-11-01T10:00:00+02:00,2026-11-02,high,yes,red\nT2,A2,2026-11-05,,,no,\n",
    "surveys": "response_id,account_id,kind,score,sent_at,answered_at\nR1,A1,nps,9,2026-11-01,2026-11-03\n"
    "R2,A9,csat,,2026-11-04,\nR3,A2,nps,11,2026-11-04,2026-11-05\n",
    "invoices": "invoice_id,account_id,issued_on,due_on,amount\nI1,A1,2026-11-01,2026-12-01,$10.50\n"
    "I2,A2,2026-11-01,2026-12-01,10\n",
}
SECOND = {
    "accounts": f"{ACCOUNTS}A9,Late\n",
    "usage-a": FIRST["usage-a"].replace("A2,2026-11-01,6,9", "A2,2026-11-01,6,10") + "A2,2026-11-07,2,2\n",
    "usage-b": "account_id,day,active_users,deleted\nA1,2026-11-01,,yes\nA2,2026-11-03,1,\nA2,2026-11-08,1,\n",
    "tickets": f"{TICKETS}T1,A1,2026-11-01T08:00:00Z,2026-11-02,low,yes,red\nT2,A2,2026-11-05,2026-11-06,,no,blue\n"
    "T3,crm:9,2026-11-05,2026-11-06,,no,\nT4,A1,2026-11-05,,,no,\n",
    "surveys": FIRST["surveys"],
    "invoices": FIRST["invoices"].replace("$10.50", "10.5").replace("12-01,10\n", "12-01,11\n"),
}


def told(database: Database, folder: Path) -> list[Any]:
    """Both imports with an edit between them: what was said of each, and what stood after it."""
    folder.mkdir()
    found: list[Any] = []
    for files in (FIRST, SECOND, SECOND | {"features": "feature\nf\n"}):
        report = load(database, folder, files)
        found.append([(f.name, f.added, f.changed, f.unchanged, f.removed, f.parked, f.refused) for f in report.files])
        found.append(sorted(repr((c.entity, c.column, c.imported)) for f in report.files for c in f.conflicts))
        found += [report.landed, state(database)]
        if files is FIRST:
            with database.changing() as tx:
                key, values = {"ticket_id": "T1"}, {"severity": "critical"}
                changes.edit(tx, "tickets", key, values, who="x", at=NOW, origin="modal", on=NOW.date())
    return found


@pytest.mark.parametrize("size", [2, 2_000])
def test_wholesale_is_row_by_row(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(imported, "BATCH", size)
    taken = told(database, tmp_path / "wholesale")
    with database.changing() as tx:
        for table in reversed(metadata.sorted_tables):
            if table is not tables.changes:
                tx.execute(table.delete())
    monkeypatch.setattr(wholesale, "take", lambda _tx, chunk, _arrival, *, alone: (Tally(), chunk.laid_over()))
    assert told(database, tmp_path / "rows") == taken


def test_a_row_that_landed_is_met_by_the_file_that_tells_of_it_again(database: Database, tmp_path: Path) -> None:
    usage = "account_id,day,active_users\nA1,2026-11-01,5\n"
    load(database, tmp_path, {"usage": usage}, with_accounts=False)
    report = load(database, tmp_path, {"usage": usage.replace(",5", ",6") + "A2,2026-11-01,1\n"})
    assert report.landed == {"usage": 1}
    usage_told = next(file for file in report.files if file.entity == "usage")
    assert (usage_told.added, usage_told.changed) == (1, 1)
    undo(database, report)
