"""What can be wrong with a file, a row or a cell: codes and values; words are chosen at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class UnreadableFile(Exception):
    """Nothing of the file can be used."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class BadCell(ValueError):
    """The cell has no value of its column's type."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a row was refused; `column` and `value` as the file writes them."""

    file: str
    line: int
    column: str
    value: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Warned:
    """Kept, but worth a look: a contradiction that real life makes, or an unknown column."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
