"""The types of columns: what pydantic checks, and the kind that says how a cell is read and described."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, get_args

from pydantic import Field, StringConstraints
from pydantic.fields import FieldInfo


class Kind(StrEnum):
    TEXT = "text"
    KEY = "key"
    ACCOUNT = "account"
    PERSON = "person"
    EMAIL = "email"
    DAY = "day"
    PAST_DAY = "past_day"
    MONTH = "month"
    MOMENT = "moment"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole"
    HOURS = "hours"
    FLAG = "flag"
    CHOICE = "choice"
    COUNTRY = "country"
    CURRENCY = "currency"


DATED = {Kind.DAY, Kind.PAST_DAY, Kind.MONTH, Kind.MOMENT}
NUMERIC = {Kind.MONEY, Kind.NUMBER, Kind.WHOLE, Kind.HOURS}

# An index entry of PostgreSQL holds about 2,700 bytes: room for a key of four parts.
KEY_LENGTH = 160
LARGEST_WHOLE = 2**31 - 1

Text = Annotated[str, Kind.TEXT]
Name = Annotated[str, Kind.TEXT, StringConstraints(max_length=500)]
Word = Annotated[str, Kind.TEXT, StringConstraints(max_length=KEY_LENGTH)]
Key = Annotated[str, Kind.KEY, StringConstraints(max_length=KEY_LENGTH)]
# Commands and buttons name it beside other words: two spaces in a row, or a line's end, would not come back.
Named = Annotated[str, Kind.KEY, StringConstraints(max_length=KEY_LENGTH, pattern=r"^\S+( \S+)*$")]
AccountRef = Annotated[str, Kind.ACCOUNT, StringConstraints(max_length=2 * KEY_LENGTH)]
Someone = Annotated[str, Kind.PERSON, StringConstraints(max_length=254)]
Email = Annotated[str, Kind.EMAIL, StringConstraints(max_length=254)]
Day = Annotated[date, Kind.DAY]
PastDay = Annotated[date, Kind.PAST_DAY]
Month = Annotated[date, Kind.MONTH]
Moment = Annotated[datetime, Kind.MOMENT]
Exact = Field(max_digits=16, decimal_places=4)
Money = Annotated[Decimal, Kind.MONEY, Exact]
Price = Annotated[Decimal, Kind.MONEY, Exact, Field(ge=0)]
Number = Annotated[Decimal, Kind.NUMBER, Exact]
Whole = Annotated[int, Kind.WHOLE, Field(ge=0, le=LARGEST_WHOLE)]
Hours = Annotated[float, Kind.HOURS, Field(ge=0, le=168)]
Flag = Annotated[bool, Kind.FLAG]
Country = Annotated[str, Kind.COUNTRY, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, Kind.CURRENCY, StringConstraints(pattern=r"^[A-Z]{3}$")]


def kind_of(field: FieldInfo) -> Kind:
    """The kind of a model's field, also where it may be empty; a Literal is a choice."""
    marks = (*field.metadata, *_nested(field.annotation))
    return next((mark for mark in marks if isinstance(mark, Kind)), Kind.CHOICE)


def choices_of(field: FieldInfo) -> tuple[str, ...]:
    """The values of a field that takes one of a few."""
    if kind_of(field) is not Kind.CHOICE:
        return ()
    parts = get_args(field.annotation)
    return tuple(word for part in parts for word in (get_args(part) or (part,)) if isinstance(word, str))


def _nested(annotation: Any) -> tuple[Any, ...]:
    return tuple(found for part in get_args(annotation) for found in (part, *_nested(part)))
