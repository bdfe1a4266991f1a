"""The one place where a value enters a cell: text stays text; dates and money look as in the country."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.cell.cell import Cell
from openpyxl.utils.datetime import to_excel

from domain.money import Money
from words import SYMBOLS, Words

LONGEST = 32_767
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?")
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
STARTS_FORMULA = re.compile(r"[=+\-@\t\n\r＝＋－＠\x00-\x1f]")
FIRST_YEAR = 1900
# What Excel calls a language of a country: with it the months are named in the reader's language on any machine.
LOCALES = {
    "en_AU": "C09", "en_CA": "1009", "en_GB": "809", "en_IE": "1809", "en_US": "409",
    "es_AR": "2C0A", "es_CL": "340A", "es_CO": "240A", "es_EC": "300A", "es_ES": "C0A",
    "es_MX": "80A", "es_PE": "280A", "es_UY": "380A",
}  # fmt: skip
HOME = {"en": "809", "es": "C0A"}
INTEGER = "#,##0"
PERCENT = "0 %"
CHANGE = '"+"0;"−"0;"="'


@dataclass(frozen=True, slots=True)
class Ratio:
    """Shown in percent."""

    value: float


@dataclass(frozen=True, slots=True)
class Change:
    """A difference, shown as +3, −3 or =."""

    value: int


@dataclass(frozen=True, slots=True)
class Formula:
    """`{row}` is the row it is written in; `shown` is its result, for readers that do not calculate."""

    text: str
    shown: Any


def write(cell: Cell, value: Any, words: Words) -> Any:
    """Puts a value into a cell with its format; returns what a formula shows, else None."""
    if isinstance(value, Formula):
        cell.value = value.text.format(row=cell.row)
        shown, cell.number_format = _raw(value.shown, words)
        return shown
    raw, number_format = _raw(value, words)
    if isinstance(raw, str):
        _write_text(cell, raw)
    else:
        cell.value = raw
    cell.number_format = number_format
    return None


def element(place: str, value: str | float | Decimal | date | None, style: int, quoted: int) -> str:
    """The XML of a cell, for rows that are too many for openpyxl; its style, and that of a text that looks active."""
    if value is None:
        return f'<c r="{place}" s="{style}"/>'
    if isinstance(value, date):
        value = _serial(value)
    if not isinstance(value, str):
        return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    kept, active = _kept(value)
    space = ' xml:space="preserve"' if kept != kept.strip() or not kept.isprintable() else ""
    look = quoted if active else style
    return f'<c r="{place}" s="{look}" t="inlineStr"><is><t{space}>{escape(kept)}</t></is></c>'


@lru_cache(4096)
def _serial(day: date) -> int | str:
    """The number of a day in a spreadsheet's calendar, which begins in 1900."""
    return int(to_excel(day)) if day.year >= FIRST_YEAR else day.isoformat()  # type: ignore[no-untyped-call]


def clean(text: str) -> str:
    """What XML and a cell can hold of a text."""
    kept = ILLEGAL.sub("", LINE_ENDS.sub("\n", text))
    return kept.encode("utf-16-le")[: LONGEST * 2].decode("utf-16-le", errors="ignore")


def day_format(words: Words) -> str:
    return f"{_locale_mark(words)}d mmm yyyy"


def month_format(words: Words) -> str:
    return f"{_locale_mark(words)}mmm yy"


def money_format(words: Words, currency: str, *, cents: bool = False) -> str:
    """Symbol before or after, as the reader's country writes it; the separators are those of their Excel."""
    amount = "#,##0.00" if cents else "#,##0"
    symbol = SYMBOLS.get(currency) or re.sub("[^A-Za-z]", "", currency)
    mark = f"[${symbol}-{locale_id(words)}]"
    if words.locale.currency_formats["standard"].pattern.endswith("¤"):
        return f"{amount} {mark}"
    return f"{mark}{amount}" if currency in SYMBOLS else f"{mark} {amount}"


def number_format(value: Decimal | float) -> str:
    """As many decimals as the number has, at most four."""
    decimals = -int(round(Decimal(str(value)), 4).normalize().as_tuple().exponent)
    return INTEGER + ("." + "0" * decimals if decimals > 0 else "")


def locale_id(words: Words) -> str:
    return LOCALES.get(str(words.locale), HOME[words.language])


def _locale_mark(words: Words) -> str:
    return f"[$-{locale_id(words)}]"


def _write_text(cell: Cell, text: str) -> None:
    """The type is set last: openpyxl takes a text that starts with = for a formula, and #N/A for an error."""
    kept, quoted = _kept(text)
    if not kept:
        return
    cell.value = kept
    cell.data_type = "s"
    cell.quotePrefix = quoted


def _kept(text: str) -> tuple[str, bool]:
    """What a cell holds of a text, and whether a spreadsheet would take it for a formula once it is edited."""
    if text.isprintable() and "_x" not in text and len(text) * 2 <= LONGEST:
        return text, bool(STARTS_FORMULA.match(text))
    kept = clean(text)
    return ESCAPED.sub("_x005F_", kept), bool(STARTS_FORMULA.match(text) or STARTS_FORMULA.match(kept))


def _raw(value: Any, words: Words) -> tuple[Any, str]:
    """What the cell holds, and its number format."""
    raw = next((shown(value, words) for kind, shown in KINDS if isinstance(value, kind)), None)
    return raw or (None if value is None else str(value), "@" if value is not None else "General")


def _money(value: Money, words: Words) -> tuple[Any, str]:
    whole = value.amount == value.amount.to_integral_value()
    return value.amount, money_format(words, value.currency, cents=not whole)


def _day(value: date, words: Words) -> tuple[Any, str]:
    """A spreadsheet's calendar begins in 1900."""
    return (value, day_format(words)) if value.year >= FIRST_YEAR else (value.isoformat(), "@")


KINDS: tuple[tuple[Any, Callable[[Any, Words], tuple[Any, str]]], ...] = (
    (bool, lambda value, words: (words._("yes") if value else words._("no"), "@")),
    (Money, _money),
    (Ratio, lambda value, _: (value.value, PERCENT)),
    (Change, lambda value, _: (value.value, CHANGE)),
    (date, _day),
    ((int, float, Decimal), lambda value, _: (value, number_format(value))),
)
