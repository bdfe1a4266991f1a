"""What every row of a file is: a pydantic model whose fields are the file's columns."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

# The column of the table, where it is not the file's.
RENAMED = {"account_id": "account"}


class Row(BaseModel):
    """`KEY` names one row of the file; `DATED` are the columns whose first value is the fact's own date."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    KEY: ClassVar[tuple[str, ...]] = ()
    DATED: ClassVar[tuple[str, ...]] = ()
    RENAMED: ClassVar[Mapping[str, str]] = RENAMED

    @classmethod
    def has_account(cls) -> bool:
        return cls.RENAMED.get("account_id") == "account" and "account_id" in cls.model_fields

    @classmethod
    def table_columns(cls, present: Iterable[str]) -> tuple[str, ...]:
        """The table's columns that a file with these columns fills."""
        return tuple(cls.RENAMED.get(name, name) for name in present)

    @classmethod
    def missing(cls, present: Iterable[str]) -> tuple[str, ...]:
        """The required columns that a header lacks."""
        have = set(present)
        return tuple(name for name, field in cls.model_fields.items() if field.is_required() and name not in have)

    def stored(self, present: Iterable[str]) -> list[Any]:
        """The values of `table_columns(present)`."""
        values = self.__dict__
        return [values[name] for name in present]


def in_order(column: str, earlier: Any, later: Any) -> None:
    """Refuse an end before its start."""
    if earlier is not None and later is not None and _comparable(later) < _comparable(earlier):
        raise problem("end_before_start", column)


def _comparable(value: date | datetime) -> Any:
    return value


def problem(code: str, column: str, **params: Any) -> PydanticCustomError:
    """An error of the whole row, told of one column."""
    return PydanticCustomError("row", code, {"code": code, "column": column, **params})
