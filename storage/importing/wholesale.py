"""Rows of a chunk taken wholesale, column by column: what is new, and what stands as it is told.

The rest is left to be merged row by row: what changes, goes, waits for its account or meets an edit, and every row of
a file whose rows have consequences of their own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress, repeat
from operator import itemgetter
from typing import Any

from sqlalchemy import Table

from storage.database import Transaction
from storage.importing import aftermath, standing
from storage.importing.arrivals import Arrival, Tally
from storage.importing.bulk import insert_columns
from storage.importing.images import decoders, key_columns
from storage.importing.merging import EITHER
from storage.importing.overlay import blank, closed_known_on, own_told
from storage.importing.staging import ACCOUNT, FILE, KEY, VALUES, Chunk, Staged, Told, unstaged
from storage.sources.columns import Meaning
from storage.sources.rows import MODELS
from storage.tables import tickets


def take(tx: Transaction, chunk: Chunk, arrival: Arrival, *, alone: bool) -> tuple[Tally, list[Staged]]:
    """Write what can be taken wholesale; returns what became of it, and the rest.

    alone: the import wrote no rows of the table but those of the chunks before.
    """
    tally = Tally()
    if not _is_plain(chunk.table):
        return tally, chunk.laid_over()
    of_files, rest = chunk.told_apart()
    is_empty = alone and not standing.others(tx, chunk.table, arrival.import_id)
    for place, rows in of_files.items():
        rest += _take(tx, chunk, place, rows, arrival, tally, is_empty=is_empty)
    rest.sort(key=itemgetter(KEY, FILE))
    return tally, replace(chunk, rows=rest).laid_over()


def _is_plain(table: Table) -> bool:
    """Facts about one account, of which no history is kept and that exclude nothing else."""
    return "account" in table.c and table.name not in {*EITHER, *aftermath.DATED}


def _take(
    tx: Transaction, chunk: Chunk, place: int, rows: list[Told], arrival: Arrival, tally: Tally, *,
    is_empty: bool,
) -> list[Told]:  # fmt: skip
    """Put in what is new, count what stands so, hand the rest back."""
    refs = {row[ACCOUNT] for row in rows}
    owners = standing.numbers(tx, refs)
    rest = [row for row in rows if row[ACCOUNT] not in owners] if len(owners) < len(refs) else []
    lodged = [row for row in rows if row[ACCOUNT] in owners] if rest else rows
    if not lodged:
        return rest
    page = _page(chunk, chunk.columns[place], lodged, owners, arrival)
    tally.saw(page.newest(arrival))
    if not is_empty or any(ref != owner.account_id for ref, owner in owners.items()):
        is_new, is_same = _verdicts(tx, page)
        tally.counts[place]["unchanged"] += sum(is_same)
        rest += [row for row, new, same in zip(lodged, is_new, is_same, strict=True) if not (new or same)]
        page = page if all(is_new) else page.where(is_new)
    if page.rows:
        _add(tx, page, arrival)
        tally.counts[place]["added"] += len(page.rows)
    return rest


@dataclass(frozen=True, slots=True)
class _Page:
    """Rows of one file and known accounts: the values of the table's columns, and the day that each fact bears."""

    table: Table
    rows: Sequence[Told]
    values: dict[str, Sequence[Any]]
    since: Sequence[date | None]
    own: Sequence[date | None]

    def where(self, wanted: Sequence[bool]) -> "_Page":
        def kept(column: Sequence[Any]) -> list[Any]:
            return list(compress(column, wanted))

        values: dict[str, Sequence[Any]] = {name: kept(column) for name, column in self.values.items()}
        return _Page(self.table, kept(self.rows), values, kept(self.since), kept(self.own))

    def newest(self, arrival: Arrival) -> date | None:
        days = [day for day in set(self.own) if day]
        return min(max(days), arrival.day) if days else None


def _page(
    chunk: Chunk, names: Sequence[str], rows: Sequence[Told], owners: Mapping[str, Any], arrival: Arrival
) -> _Page:
    read = {**unstaged(chunk.table), **decoders(chunk.table)}
    told = list(zip(*rows, strict=True))
    values: dict[str, Sequence[Any]] = {
        name: _mapped(read[name], column) if name in read else column
        for name, column in zip(names, told[VALUES:], strict=False)
    }
    values["account"] = _mapped(lambda ref: owners[ref].number, told[ACCOUNT])
    since = _mapped(lambda ref: owners[ref].customer_since, told[ACCOUNT])
    own = _own_days(chunk.table, values, arrival) or [None] * len(rows)
    return _Page(chunk.table, rows, values, since, own)


def _own_days(table: Table, values: Mapping[str, Sequence[Any]], arrival: Arrival) -> list[date | None]:
    """The day of each fact; none where the file has no column of it."""
    dated = [name for name in MODELS[table.name].DATED if name in values]
    if len(dated) == 1:
        return _mapped(lambda day: arrival.own_day(table.name, {dated[0]: day}), values[dated[0]])
    several = zip(*(values[name] for name in dated), strict=True)
    return _mapped(lambda days: arrival.own_day(table.name, dict(zip(dated, days, strict=True))), several)


def _mapped(convert: Callable[[Any], Any], column: Iterable[Any]) -> list[Any]:
    """Values repeat themselves: each is worked out once; None stays."""
    meant = Meaning(convert)
    meant[None] = None
    return list(map(meant.__getitem__, column))


def _verdicts(tx: Transaction, page: _Page) -> tuple[list[bool], list[bool]]:
    """Which rows are new, and which stand exactly as they are told."""
    table, names = page.table, key_columns(page.table)
    keys = list(zip(*(page.values[name] for name in names), strict=True))
    stood = standing.rows(tx, table, names, keys, locking=True)
    if not stood:
        return [True] * len(keys), [False] * len(keys)
    at = {name: place for place, name in enumerate(table.c.keys())}
    stands = {tuple([row[at[name]] for name in names]): row for row in stood}
    is_new = [key not in stands for key in keys]
    if standing.any_edits(tx, table.name):
        return is_new, [False] * len(keys)
    told = {name: column for name, column in page.values.items() if name != "extra"}
    picked = itemgetter(*(at[name] for name in told))
    rows = zip(keys, zip(*told.values(), strict=True), strict=True)
    is_same = [(old := stands.get(key)) is not None and picked(old) == row for key, row in rows]
    if "extra" in page.values:
        own = zip(is_same, keys, page.values["extra"], strict=True)
        is_same = [same and own_told(stands[key].extra, extra) == stands[key].extra for same, key, extra in own]
    return is_new, is_same


def _add(tx: Transaction, page: _Page, arrival: Arrival) -> None:
    table, count = page.table, len(page.rows)
    absent = {name: value for name, value in blank(table, arrival.currency).items() if value is not None}
    columns: dict[str, Iterable[Any]] = {name: repeat(value, count) for name, value in absent.items()}
    columns |= page.values
    columns["import_id"] = repeat(arrival.import_id, count)
    columns["known_on"] = _mapped(
        lambda days: arrival.known_on(table.name, *days), zip(page.own, page.since, strict=True)
    )
    if "extra" in page.values:
        columns["extra"] = [own_told(None, extra) for extra in page.values["extra"]]
    if table is tickets:
        closed = page.values.get("closed_at", repeat(None, count))
        columns["closed_known_on"] = [closed_known_on(arrival, moment) for moment in closed]
    insert_columns(tx, table, columns)
    if "day" in page.values:
        aftermath.mark_days(tx, table, zip(page.values["account"], page.values["day"], strict=True))
