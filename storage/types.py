"""Column types: exact amounts and moments, the same on both databases."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

TEN_THOUSANDTHS = 10_000


class InexactAmount(ValueError):
    """An amount has more than four decimals: refused rather than rounded."""


class Amount(TypeDecorator[Decimal]):
    """A Decimal kept as integer ten-thousandths: SQLite keeps Numeric as binary floating point."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        return None if value is None else ten_thousandths(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / TEN_THOUSANDTHS


def ten_thousandths(amount: Decimal | int) -> int:
    """The integer that is stored; raises InexactAmount for more than four decimals."""
    scaled = Decimal(amount) * TEN_THOUSANDTHS
    if scaled != int(scaled):
        raise InexactAmount(str(amount))
    return int(scaled)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC without an offset."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Addresses(TypeDecorator[tuple[str, ...]]):
    """E-mails in one text, a space before and after each, so that one of them can be looked for."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        return f" {' '.join(value)} " if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple((value or "").split())


class Json(TypeDecorator[Any]):
    """Plain values as JSON; None is NULL."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = JSONB if dialect.name == "postgresql" else JSON
        return dialect.type_descriptor(kind(none_as_null=True))
