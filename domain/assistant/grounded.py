"""Whether a text says no figure, day, name or colour that its source does not say: nothing rounded, nothing counted."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal, NamedTuple

from domain.folding import bare
from domain.numerals import NUMERALS
from domain.period_words import MONTHS, NEXT, SHORT_MONTHS, SIMPLE, THIS, UNITS, WAS, WEEKDAYS
from domain.scopes import VALUES

Fault = Literal["empty", "long", "markup", "number", "day", "name", "colour"]
LONGEST = 400
COLOURS = {"🔴": "red", "🟡": "yellow", "🟢": "green"}
MARKUP = re.compile(
    r"[<>*_~`\[\]{}|@#\\^]|://|\bwww\.|:[a-z0-9_+-]+:|[^\W_]\.[^\W\d_]{2,}",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
OPENING, ENDING = " \n“\"'(¿¡", ".!?:"
OWNER = re.compile(r"['’]s?$")
PERCENT = re.compile(r"\s*(?:%|\bper\s?cent\b|\bpor\s?ciento\b)", re.IGNORECASE)
MONEY = r"[^\W\d_]{0,3}[$€£¥₡₲₱₹₽]"
FIGURE = re.compile(
    rf"(?:(?P<money>{MONEY})\s?|(?P<before>[^\W\d_]*))(?P<sign>[-+]?)"
    rf"(?P<digits>\d(?:[\d.,'’ ]*\d)?)(?P<after>%|\s?{MONEY}|[^\W\d_]*)"
)
ORDINAL = ("st", "nd", "rd", "th", "º", "ª", "o", "a")
MONTH = "|".join(sorted((*MONTHS, *SHORT_MONTHS), key=len, reverse=True))
YEAR = r"(?:,?\s+(?:de\s+|del\s+)?(?P<year>\d{4}))?"
DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|º)?\s+(?:of\s+|de\s+)?(?P<month>{MONTH})\b\.?{YEAR}", re.IGNORECASE
    ),
    re.compile(rf"\b(?P<month>{MONTH})\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{YEAR}", re.IGNORECASE),
    re.compile(rf"\b(?P<month>{MONTH})\b\.?{YEAR}", re.IGNORECASE),
)
RELATIVE = frozenset((*WEEKDAYS, *(word for word in SIMPLE if " " not in word)))
NEARBY = frozenset((*THIS, *NEXT, *WAS))


@dataclass(frozen=True)
class Tongue:
    """How the reader's language writes numbers; `common`: folded words that may begin a sentence and name nobody."""

    language: Literal["en", "es"]
    decimal: str
    group: str
    common: frozenset[str]


class Day(NamedTuple):
    """What is not said is None."""

    year: int | None
    month: int
    day: int | None


class Figure(NamedTuple):
    """value is without sign; unit: %, a currency as it is written, or the letters that stand at the number."""

    value: Decimal
    sign: str
    unit: str


class Unreadable(ValueError):
    """A number in no form of the language."""


@dataclass(frozen=True)
class Said:
    """What a text states."""

    days: frozenset[Day]
    figures: frozenset[Figure]
    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]


def fault(text: str, source: str, tongue: Tongue) -> Fault | None:
    """The first thing in the text that the source does not say, or that is no plain sentence; None if all is well."""
    if not text.strip():
        return "empty"
    if len(text) > LONGEST:
        return "long"
    if MARKUP.search(text) or any(unicodedata.category(sign)[0] == "C" for sign in text if sign != "\n"):
        return "markup"
    try:
        said = _said(text, tongue)
    except Unreadable:
        return "number"
    held = _said(source, tongue, forgiving=True)
    checks: tuple[tuple[Fault, bool], ...] = (
        ("day", _days_hold(said, held)),
        ("number", _figures_hold(said, held, tongue)),
        ("colour", _colours(said.words) <= _colours(held.words) | {COLOURS.get(sign, "") for sign in source}),
        ("name", held.words | MONTHS.keys() | SHORT_MONTHS.keys() >= set(_names(text, tongue))),
    )
    return next((what for what, holds in checks if not holds), None)


def _said(text: str, tongue: Tongue, *, forgiving: bool = False) -> Said:
    """forgiving: what stands in a source and cannot be read is left out."""
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-")
    if not forgiving and any(sign.isnumeric() and sign not in "0123456789" for sign in plain):
        raise Unreadable
    days, rest = _taken_days(plain, tongue)
    words = [bare(_owned(word)) for word in WORD.findall(plain)]
    parts = {part for word in words for part in word.split("-")}
    figures = set(_figures(PERCENT.sub("%", rest), tongue, forgiving=forgiving))
    figures |= {Figure(Decimal(day.year), "", "") for day in days if day.year}
    return Said(frozenset(days), frozenset(figures), frozenset(parts.union(words)), frozenset(pairwise(words)))


def _taken_days(text: str, tongue: Tongue) -> tuple[set[Day], str]:
    found: set[Day] = set()

    def take(match: re.Match[str]) -> str:
        parts = match.groupdict()
        name = parts.get("month") or ""
        if name and tongue.language == "en" and name[0].islower():
            return match[0]
        month = int(parts["number"]) if "number" in parts else {**SHORT_MONTHS, **MONTHS}[name.casefold()]
        year, day = parts.get("year"), parts.get("day")
        found.add(Day(int(year) if year else None, month, int(day) if day else None))
        return " · "

    for form in DAYS:
        text = form.sub(take, text)
    return found, text


def _figures(text: str, tongue: Tongue, *, forgiving: bool) -> Iterator[Figure]:
    for found in FIGURE.finditer(text):
        unit = found["money"] or found["after"].strip() or found["before"] or ""
        unit = "" if unit.casefold() in ORDINAL else unit
        for digits in _separate(found["digits"], tongue):
            try:
                yield Figure(_value(digits, tongue), found["sign"], unit)
            except Unreadable:
                if not forgiving:
                    raise


def _separate(digits: str, tongue: Tongue) -> list[str]:
    """Numbers that only a space parts, where the language does not group by spaces."""
    return [digits] if not tongue.group.strip() else [each.strip(".,'’") for each in digits.split()]


def _value(digits: str, tongue: Tongue) -> Decimal:
    group = " " if not tongue.group.strip() else tongue.group
    whole, _, part = digits.partition(tongue.decimal)
    first, *groups = whole.split(group)
    grouped = not groups or (1 <= len(first) <= 3 and all(len(each) == 3 for each in groups))
    plain = "".join((first, *groups))
    if not (grouped and plain.isdecimal() and (part.isdecimal() or tongue.decimal not in digits)):
        raise Unreadable(digits)
    return Decimal(f"{plain}.{part}" if part else plain)


def _days_hold(said: Said, held: Said) -> bool:
    known = all(any(_is_of(day, other) for other in held.days) for day in said.days)
    near = {pair for pair in said.pairs if set(pair) & NEARBY and set(pair) & UNITS.keys()}
    return known and near <= held.pairs and said.words & RELATIVE <= held.words


def _is_of(day: Day, other: Day) -> bool:
    """What is said of the day is said of the other."""
    return day.month == other.month and day.day in {None, other.day} and day.year in {None, other.year}


def _figures_hold(said: Said, held: Said, tongue: Tongue) -> bool:
    known = {(figure.value, figure.unit.casefold()) for figure in held.figures}
    signed = {(figure.value, figure.unit.casefold(), figure.sign) for figure in held.figures}
    for value, sign, unit in said.figures:
        if (value, unit.casefold()) not in known or (sign and (value, unit.casefold(), sign) not in signed):
            return False
    numerals = NUMERALS[tongue.language]
    plain = {value for value, unit in known if not unit}
    return all(word in held.words or numerals[word] in plain for word in said.words if word in numerals)


def _colours(words: frozenset[str]) -> set[str]:
    bands = VALUES["band"]
    found = {bands.get(word) or bands.get(word.removesuffix("s"), "") for word in words}
    return found & set(COLOURS.values())


def _names(text: str, tongue: Tongue) -> Iterator[str]:
    """Words in capitals, as they would stand in the source; those that begin a sentence only if they are not common."""
    plain = unicodedata.normalize("NFKC", text)
    for found in WORD.finditer(plain):
        word, before = _owned(found[0]), plain[: found.start()].rstrip(OPENING)
        begins = not before or before[-1] in ENDING
        if word[0].isupper() and word != "I" and not (begins and bare(word) in tongue.common):
            yield bare(word)


def _owned(word: str) -> str:
    return OWNER.sub("", word)
