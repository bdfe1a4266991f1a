"""Names hidden behind marks such as «A1», and put back: the same name has the same mark throughout an exchange."""

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["A", "P", "N", "M"]
MARK = re.compile(r"«\s*([APNM][1-9]\d{0,3})\s*»|(?<![^\W_])([APNM][1-9]\d{0,3})(?![^\W_])")


@dataclass
class Masks:
    """Of accounts (A), people (P), amounts (M), and what else is not told (N): value → mark, as it is met.

    shown: by mark, how the value was last written.
    """

    marks: dict[tuple[Kind, str], str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    def hide(self, kind: Kind, value: str, shown: str = "") -> str:
        """The mark that stands for the value."""
        if (kind, value) not in self.marks:
            number = sum(known == kind for known, _ in self.marks) + 1
            self.marks[kind, value] = f"{kind}{number}"
        mark = self.marks[kind, value]
        self.shown[mark] = shown or self.shown.get(mark, value)
        return f"«{mark}»"

    def meant(self, kind: Kind, mark: str) -> str | None:
        """The value behind one mark of that kind; None where none such was given away."""
        found = MARK.fullmatch(mark.strip())
        name = found and (found[1] or found[2])
        return next((value for (known, value), given in self.marks.items() if given == name and known == kind), None)

    def restored(self, text: str) -> str:
        """Every mark that was given away as what stood there; others stay as they are."""
        return MARK.sub(lambda found: self.shown.get(found[1] or found[2], found[0]), text)
