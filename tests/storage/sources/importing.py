"""Small folders of files, imported; and all that an import leaves, comparable."""

import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select

from domain.policies.policy import Policy
from storage.database import Database
from storage.importing import imports
from storage.importing.imports import FileReport, Report
from storage.tables import ENTITIES, account_trigrams, accounts, history, parked

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ACCOUNTS = "account_id,name\nA1,Acme Corp\nA2,Norte Logística\n"


def policy(**source: Any) -> Policy:
    """A policy with settings of one or several files: policy(usage={"dates": "dmy"})."""
    return Policy.model_validate({"currency": "EUR", "time_zone": "Europe/Madrid", "sources": source})


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        file = folder / (name if "." in name else f"{name}.csv")
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def load(
    database: Database, folder: Path, files: Mapping[str, str | bytes], *, with_accounts: bool = True, **options: Any
) -> Report:
    """Import files written for the purpose; accounts A1 and A2 are there unless told otherwise."""
    given = dict(files) if not with_accounts or any("accounts" in name for name in files) else {
        "accounts": ACCOUNTS, **files
    }  # fmt: skip
    count = len(list(folder.glob("import-*")))
    return run(database, write(folder / f"import-{count}", given), **options)


def run(database: Database, *paths: Path, **options: Any) -> Report:
    chosen = {"policy": policy(), "who": "test", "now": NOW, "today": TODAY} | options
    return imports.run(database, paths, **chosen)


def undo(database: Database, report: Report) -> imports.Undone:
    assert report.import_id is not None
    return imports.undo(database, report.import_id, who="test", now=NOW, policy=policy())


def of(report: Report, name: str) -> FileReport:
    return next(file for file in report.files if file.name in {name, f"{name}.csv"})


def codes(report: Report, name: str) -> list[tuple[int, str, str]]:
    """Line, column and code of each refusal."""
    return [(refusal.line, refusal.column, refusal.code) for refusal in of(report, name).refusals]


def rows(database: Database, name: str, *columns: str) -> list[tuple[Any, ...]]:
    table = ENTITIES[name]
    query = select(*(table.c[column] for column in columns)).order_by(*table.primary_key.columns)
    with database.transaction() as tx:
        return [tuple(row) for row in tx.execute(query)]


def state(database: Database) -> dict[str, Any]:
    """Everything that was told, by table; accounts by their ids, and not which import it was."""
    with database.transaction() as tx:
        ids = {row.number: row.account_id for row in tx.execute(select(accounts))}
        found = {
            table.name: sorted(repr(_plain(row, ids)) for row in tx.execute(select(table)).mappings())
            for table in (*ENTITIES.values(), history, parked, account_trigrams)
        }
    return {name: content for name, content in found.items() if content}


def _plain(row: Mapping[Any, Any], ids: Mapping[int, str]) -> dict[str, Any]:
    return {
        name: ids.get(value, value) if name in {"account", "number"} else value
        for name, value in row.items()
        if name not in {"import_id", "id"} and not (name == "entity_key" and row["entity"] not in {"accounts", "goals"})
    }


def workbook(path: Path, *rows_: list[Any], sheet: str = "Sheet1", **formats: str) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows_:
        page.append(row)
    for cell, shown in formats.items():
        page[cell].number_format = shown
    book.save(path)
    return path


def cached(path: Path, formula: str, value: str) -> None:
    """Give a formula of a workbook the result that Excel would have saved with it."""
    with zipfile.ZipFile(path) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    sheet = "xl/worksheets/sheet1.xml"
    old = f"<f>{formula}</f><v></v>".encode()
    other = f"<f>{formula}</f><v />".encode()
    new = f"<f>{formula}</f><v>{value}</v>".encode()
    parts[sheet] = parts[sheet].replace(old, new).replace(other, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
