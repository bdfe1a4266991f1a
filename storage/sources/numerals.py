"""Numbers as people write them: 1.234,56 · 1,234.56 · 1 234,56 € · (12.50) · 45 %."""

import re
from decimal import Decimal
from typing import Any, Literal

from storage.sources.problems import BadCell

Mark = Literal[".", ","]
MARKS: dict[str, Mark] = {"point": ".", "comma": ","}

# A sign that several currencies share stands for none of them.
SIGNS: dict[str, str | None] = {
    "€": "EUR", "£": "GBP", "$": None, "¥": None, "US$": "USD", "MX$": "MXN", "AR$": "ARS", "COL$": "COP",
    "CLP$": "CLP", "CA$": "CAD", "R$": "BRL", "S/": "PEN", "S/.": "PEN", "₡": "CRC", "₲": "PYG", "Bs": None,
}  # fmt: skip

_SPACES = re.compile(r"[\s'’_]+")
_SHAPE = re.compile(
    r"(?P<open>\()?(?P<minus>[-−+])?(?P<before>(?:[^\d.,()%\-−+]{1,4}\.?)?)(?P<after_sign>[-−])?"
    r"(?P<digits>\d[\d.,]*|[.,]\d+)(?P<percent>%)?(?P<behind>[^\d.,()%\-−]{0,4})(?P<trailing>-)?\)?"
)


def shape(text: str) -> re.Match[str]:
    """The parts of a written number; raises BadCell."""
    found = _SHAPE.fullmatch(_SPACES.sub("", text))
    if found is None:
        raise BadCell("not_a_number")
    return found


def decimal_mark(digits: str) -> Mark | None:
    """The decimal mark that the digits themselves show; None: none, or they could be read either way."""
    marks = [sign for sign in digits if sign in ".,"]
    if len(set(marks)) == 2:
        return "," if marks[-1] == "," else "."
    if len(marks) != 1 or _could_be_thousands(digits, marks[0]):
        return None
    return "," if marks[0] == "," else "."


def is_ambiguous(digits: str) -> bool:
    """1.234 and 1,234: a thousand, or one and a bit."""
    marks = [sign for sign in digits if sign in ".,"]
    return len(marks) == 1 and _could_be_thousands(digits, marks[0])


def _could_be_thousands(digits: str, mark: str) -> bool:
    before, _, after = digits.partition(mark)
    return len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")


def either_way(cell: Any) -> bool:
    """Whether what the cell means depends on the column's decimal mark."""
    found = _SHAPE.fullmatch(_SPACES.sub("", cell)) if isinstance(cell, str) and not cell.isdecimal() else None
    return found is not None and is_ambiguous(found["digits"])


def evidence(cell: Any) -> Mark | None:
    """What one cell says about the column's decimal mark."""
    found = _SHAPE.fullmatch(_SPACES.sub("", cell)) if isinstance(cell, str) else None
    return decimal_mark(found["digits"]) if found else None


def number(cell: Any, mark: Mark | None) -> Decimal:
    """The exact value under the column's decimal mark; a percentage is a ratio. Raises BadCell."""
    if not isinstance(cell, str):
        return _of_workbook(cell)
    found = shape(cell)
    value = Decimal(_plain(found["digits"], mark))
    if found["percent"]:
        value /= 100
    negative = bool(found["open"]) or "-" in (signs := _signs(found)) or "−" in signs
    return -value if negative else value


def _of_workbook(cell: Any) -> Decimal:
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    raise BadCell("not_a_number")


def _signs(found: re.Match[str]) -> str:
    return "".join(found[name] or "" for name in ("minus", "after_sign", "trailing"))


def _plain(digits: str, mark: Mark | None) -> str:
    if digits.isdecimal():
        return digits
    if is_ambiguous(digits):
        if mark is None:
            raise BadCell("ambiguous_number")
        decimal: Mark | None = mark
    else:
        decimal = decimal_mark(digits)
    return _without_groups(digits, decimal)


def _without_groups(digits: str, decimal: Mark | None) -> str:
    whole, _, fraction = digits.rpartition(decimal) if decimal and decimal in digits else (digits, "", "")
    groups = re.split("[.,]", whole)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])):
        raise BadCell("not_a_number")
    return f"{''.join(groups) or '0'}.{fraction or '0'}"


def whole(cell: Any, mark: Mark | None) -> int:
    """A whole number; 1.234 can only be a thousand here, unless its decimals are zeros."""
    if isinstance(cell, str):
        digits = shape(cell)["digits"]
        if mark is None and is_ambiguous(digits) and not digits.endswith("000"):
            mark = "," if "." in digits else "."
    value = number(cell, mark)
    if value != int(value):
        raise BadCell("not_whole")
    return int(value)


def currency_of(cell: Any) -> str | None:
    """The currency that the cell's own sign or code names; raises BadCell for letters that are none."""
    if not isinstance(cell, str):
        return None
    found = shape(cell)
    sign = (found["before"] + found["behind"]).strip()
    if not sign:
        return None
    if sign in SIGNS:
        return SIGNS[sign]
    if len(sign) == 3 and sign.isascii() and sign.isalpha():
        return sign.upper()
    raise BadCell("not_a_number")
