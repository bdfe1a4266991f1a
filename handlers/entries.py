"""What people enter in the fields of a form: read once, and refused beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from words import Words

MOST, DECIMALS = Decimal(10**12), 4


@dataclass(frozen=True)
class Entered:
    """`values`: by column, as they are to stand; `mark`: of the row that the form showed, empty for a new one."""

    values: Mapping[str, Any]
    mark: str = ""


def figure(words: Words, name: str, typed: str | None, wrong: dict[str, str]) -> Decimal | None:
    """A figure as typed, with a decimal point or comma; what cannot be kept goes into `wrong`."""
    if not (typed or "").strip():
        return None
    try:
        value = Decimal(str(typed).strip().replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        wrong[name] = words._("Write a number.")
    elif abs(value) >= MOST or value != round(value, DECIMALS):
        wrong[name] = words._("A number below a million millions, with at most four decimals.")
    else:
        return value
    return None


def day_of(chosen: str | None) -> date | None:
    """Of a date picker, which leaves it out where nothing was chosen."""
    return date.fromisoformat(chosen) if chosen else None


def nothing(_words: Words, _today: date, _entered: Mapping[str, Any]) -> None:
    """Of a form that only asks to be confirmed."""
