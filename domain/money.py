"""Exact amounts: a Decimal with its currency; sums never mix currencies silently."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class MixedCurrencies(ValueError):
    """Two currencies met in one sum without a rate table."""


class NoRate(LookupError):
    """The rate table has no rate for a currency."""

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.currency = currency


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise MixedCurrencies(f"{self.currency} + {other.currency}")
        return Money(self.amount + other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + -other

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(self.amount * factor, self.currency)

    def __truediv__(self, divisor: Decimal | int) -> "Money":
        return Money(self.amount / divisor, self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)


@dataclass(frozen=True, slots=True)
class Rates:
    """What one unit of each currency is worth in `base`; `on` is the day of the table."""

    base: str
    on: date | None
    worth: Mapping[str, Decimal]

    def convert(self, money: Money) -> Money:
        """The amount in `base`; raises NoRate where the table has none."""
        if money.currency == self.base:
            return money
        if money.currency not in self.worth:
            raise NoRate(money.currency)
        return Money(money.amount * self.worth[money.currency], self.base)

    def total(self, amounts: Iterable[Money]) -> Money:
        """The sum in `base`; raises NoRate."""
        return sum((self.convert(amount) for amount in amounts), Money(Decimal(0), self.base))
