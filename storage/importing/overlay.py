"""One row of an import laid over the row that stands, column by column; what people changed since, stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from pydantic_core import PydanticUndefined
from sqlalchemy import Table

from storage.importing.arrivals import Arrival, Conflict, Tally
from storage.importing.images import entity_key, plain
from storage.importing.staging import Staged
from storage.sources.rows import MODELS
from storage.tables import accounts, tickets

Values = dict[str, Any]
REMOVAL = "deleted"


class Incoming(NamedTuple):
    """A staged row with its account found, as the table's values; None deletes the row of `key`."""

    row: Staged
    key: tuple[Any, ...]
    values: Values | None
    since: date | None
    known_on: date | None = None


@dataclass
class Plan:
    """What a chunk will write; `marks` are rows of `edited`."""

    added: list[Values] = field(default_factory=list)
    changed: list[tuple[Values, Values]] = field(default_factory=list)
    removed: list[Values] = field(default_factory=list)
    marks: list[Values] = field(default_factory=list)


class Overlay:
    """`edits`: the columns that people changed, by the key of the row, with what was last imported there."""

    def __init__(self, table: Table, arrival: Arrival, tally: Tally, edits: Mapping[str, Mapping[str, Any]]) -> None:
        self.table = table
        self.arrival = arrival
        self.tally = tally
        self.edits = edits
        self.plan = Plan()
        self.blank = blank(table, arrival.currency)

    def lay(self, row: Incoming, old: Values | None) -> str:
        """Plan what one row asks for; returns what becomes of it."""
        if row.values is None:
            return self._remove(row, old) if old else "unchanged"
        own = self.arrival.own_day(self.table.name, row.values)
        self.tally.saw(own and min(own, self.arrival.day))
        if old is None:
            return self._add(row, row.values, own)
        return self._change(row, row.values, old)

    def _add(self, row: Incoming, values: Values, own: date | None) -> str:
        added = {**self.blank, **values}
        if added["extra"] is not None:
            added["extra"] = own_told(None, added["extra"])
        added["known_on"] = row.known_on or self.arrival.known_on(self.table.name, own, row.since)
        added["import_id"] = self.arrival.import_id
        if self.table is tickets:
            added |= self._closing(added)
        self.plan.added.append(added)
        return "added"

    def _change(self, row: Incoming, values: Values, old: Values) -> str:
        changed = _differences(values, old)
        edits = self.edits.get(entity_key(self.table, old), {}) if self.edits else {}
        for name, edit in edits.items():
            if name in values and name not in changed and edit.imported != plain(old[name]):
                self._mark(old, name, imported=plain(old[name]))
        if changed and (edits or old["import_id"] is None):
            changed = self._beside_edits(row, changed, old, edits)
        if not changed:
            return "unchanged"
        self.plan.changed.append((old, changed | self._closing(changed)))
        return "changed"

    def _beside_edits(self, row: Incoming, changed: Values, old: Values, edits: Mapping[str, Any]) -> Values:
        """The changes that remain where people's edits stand."""
        rest = {}
        for name, value in changed.items():
            edit = edits.get(name)
            if edit is None and (edits or old["import_id"] is not None or old[name] is None):
                rest[name] = value
            elif edit is not None and plain(old[name]) == edit.imported:
                self._mark(old, name, imported=plain(value))
                rest[name] = value
            elif edit is None or plain(value) != edit.imported:
                self._contradict(row, name, value, old, edit)
        return rest

    def _remove(self, row: Incoming, old: Values) -> str:
        edits = self.edits.get(entity_key(self.table, old), {})
        if not edits and old["import_id"] is not None:
            self.plan.removed.append(old)
            return "removed"
        self._contradict(row, REMOVAL, True, old, edits.get(REMOVAL))
        return "unchanged"

    def _contradict(self, row: Incoming, name: str, value: Any, old: Values, edit: Any) -> None:
        """The edit stands, which is said once for each value that imports bring."""
        if edit is not None and edit.reported == plain(value):
            return
        conflict = Conflict(self.table.name, entity_key(self.table, old), name, plain(old.get(name)), plain(value))
        self.tally.conflicts.append((row.row.files[-1], conflict))
        self._mark(old, name, imported=edit.imported if edit else None, reported=plain(value))

    def _mark(self, old: Values, name: str, *, imported: Any, reported: Any = None) -> None:
        key = entity_key(self.table, old)
        named = {"entity": self.table.name, "entity_key": key, "column": name}
        self.plan.marks.append({**named, "imported": imported, "reported": reported})

    def _closing(self, told: Mapping[str, Any]) -> Values:
        if self.table is not tickets or "closed_at" not in told:
            return {}
        return {"closed_known_on": closed_known_on(self.arrival, told["closed_at"])}


def _differences(values: Values, old: Values) -> Values:
    """The columns that the row tells otherwise than they stand; a company's own columns are told one by one."""
    changed = {name: value for name, value in values.items() if old[name] != value}
    if "extra" in changed:
        changed["extra"] = own_told(old["extra"], values["extra"])
        if changed["extra"] == old["extra"]:
            del changed["extra"]
    return changed


def own_told(stands: Mapping[str, Any] | None, told: Mapping[str, Any]) -> Values | None:
    """A company's own columns, told one by one."""
    return {name: value for name, value in {**(stands or {}), **told}.items() if value is not None} or None


def closed_known_on(arrival: Arrival, closed_at: datetime | None) -> date | None:
    """When a ticket's close became known."""
    closed = arrival.day_of(closed_at)
    return arrival.day if closed and tickets.name not in arrival.first else closed


@cache
def blank(table: Table, currency: str) -> Values:
    """A new row before its file fills it: what an absent column means."""
    model = MODELS[table.name]
    defaults = {model.RENAMED.get(name, name): field.default for name, field in model.model_fields.items()}
    blank = {
        column.name: None if (default := defaults.get(column.name)) is PydanticUndefined else default
        for column in table.columns
        if column.name != "number"
    }
    return blank | ({"currency": currency} if "currency" in blank and table is not accounts else {})
