"""An account plan that was edited as a workbook, laid over what stands: base × theirs × ours, value by value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "number", "day", "choice", "person"]
Value = str | Decimal | date | None
Values = Mapping[str, Value]
Key = tuple[str, str]
"""Entity and id of a row."""
Rows = Mapping[Key, Values]

FIELDS: Mapping[str, Mapping[str, Kind]] = {
    "outcomes": {
        "statement": "text", "measure": "text", "baseline": "number", "current": "number", "target": "number",
        "due_on": "day", "confirmed_on": "day", "confirmed_by": "text",
    },
    "goals": {"statement": "text", "current": "number", "target": "number", "due_on": "day", "owner": "person"},
    "tasks": {"due_on": "day", "owner": "person", "hours": "number", "status": "choice", "note": "text"},
    "contacts": {"role": "choice", "department": "text", "email": "text", "left_on": "day"},
    "renewal_calls": {"call": "choice", "reason": "text"},
}  # fmt: skip
"""What may be edited of each entity."""
OF_NEW: Mapping[str, Mapping[str, Kind]] = {
    "tasks": {"title": "text", "side": "choice", "channel": "choice", "contact_id": "text", **FIELDS["tasks"]}
}
"""What a new row may say."""
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Edit:
    """What the file says instead of what it was exported with, where nobody has changed it meanwhile."""

    key: Key
    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Conflict:
    """Changed on both sides to different values; ours None where the row is gone, or has been emptied."""

    key: Key
    field: str
    base: Value
    theirs: Value
    ours: Value
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """added: new rows by the id that they will bear; unchanged: values; absent: rows exported, not in the file."""

    changed: tuple[Edit, ...] = ()
    added: Mapping[str, Values] | None = None
    conflicts: tuple[Conflict, ...] = ()
    unchanged: int = 0
    absent: tuple[Key, ...] = ()
    unknown: tuple[Key, ...] = ()


def merge(base: Rows, theirs: Rows, ours: Rows, new: Mapping[str, Values] | None = None) -> Merge:
    """What the file changes: conflict iff both sides changed a value, and to different ones.

    A field that the file does not hold is not touched; a row that it does not hold is not deleted. A row that was not
    exported is unknown. `new`: task id → values; one that stands already was added by the same file before.
    """
    changed: list[Edit] = []
    conflicts: list[Conflict] = []
    unchanged = 0
    for key, said in sorted((key, said) for key, said in theirs.items() if key in base):
        for field, value in sorted(said.items()):
            was, now = base[key].get(field), ours.get(key, {}).get(field)
            if alike(value, was) or (key in ours and alike(value, now)):
                unchanged += 1
            elif key not in ours or not alike(now, was):
                conflicts.append(Conflict(key, field, was, value, now, gone=key not in ours))
            else:
                changed.append(Edit(key, field, was, value))
    added = {name: values for name, values in sorted((new or {}).items()) if ("tasks", name) not in ours}
    return Merge(
        tuple(changed),
        added,
        tuple(conflicts),
        unchanged + len(new or {}) - len(added),
        tuple(sorted(key for key in base if key not in theirs)),
        tuple(sorted(key for key in theirs if key not in base)),
    )


def alike(one: Value, other: Value) -> bool:
    """The same but for what a spreadsheet does: line ends, spaces at the edges, digits past the fourth."""
    return bare(one) == bare(other)


def bare(value: Value) -> Value:
    if isinstance(value, str):
        lines = (line.rstrip() for line in value.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        return "\n".join(lines).strip() or None
    if isinstance(value, Decimal):
        return round(value, DECIMALS).normalize() + 0
    return value
