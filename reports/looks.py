"""How the workbook looks: one font, named looks of cells."""

from dataclasses import dataclass, replace
from typing import Literal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle

from reports.palette import CURTAIN, INK, INPUT, LINE, MUTED, PAPER, STATES, WHITE

FONT = "Calibri"


@dataclass(frozen=True, slots=True)
class Look:
    size: float = 11
    bold: bool = False
    italic: bool = False
    colour: str = INK
    fill: str | None = None
    line: str | None = None
    rule: Literal["bottom", "top"] = "bottom"
    across: Literal["left", "right", "center"] | None = None
    down: Literal["top", "center"] = "center"
    wrap: bool = False
    indent: int = 0
    locked: bool = True

    def font(self) -> Font:
        return Font(name=FONT, size=self.size, bold=self.bold, italic=self.italic, color=self.colour)

    def background(self) -> PatternFill:
        return PatternFill("solid", fgColor=self.fill) if self.fill else PatternFill()

    def alignment(self) -> Alignment:
        return Alignment(horizontal=self.across, vertical=self.down, wrap_text=self.wrap, indent=self.indent)

    def border(self) -> Border:
        if self.line is None:
            return Border()
        side = Side(style="thin", color=self.line)
        return Border(top=side) if self.rule == "top" else Border(bottom=side)

    def protection(self) -> Protection:
        """Takes effect once somebody protects the sheet."""
        return Protection(locked=self.locked)


PLAIN = Look()
TITLE = Look(size=22, bold=True, colour=WHITE, fill=CURTAIN, across="left", wrap=True, indent=1)
HEADING = replace(TITLE, size=16, wrap=False)
SUBTITLE = Look(size=10.5, colour="EAD9CF", fill=CURTAIN, across="left", down="top", indent=1)
SECTION = Look(size=12.5, bold=True, colour=CURTAIN, line=CURTAIN, across="left", indent=1)
HEADER = Look(size=10, bold=True, colour=WHITE, fill=CURTAIN, across="left", wrap=True, indent=1)
CELL = Look(line=LINE, across="left", wrap=True, indent=1)
NUMBER = Look(line=LINE, across="right")
DAY = Look(line=LINE, across="left", indent=1)
CENTER = Look(line=LINE, across="center")
EDIT = replace(CELL, fill=INPUT, locked=False)
EDIT_NUMBER = replace(NUMBER, fill=INPUT, locked=False)
EDIT_DAY = replace(DAY, fill=INPUT, locked=False)
TEXT = replace(CELL, down="top")
FRONT = replace(CELL, fill="F3E3E0")
VISIBILITY = Look(fill=CURTAIN)
LABEL = Look(size=10, colour=MUTED, line=LINE, across="left", indent=1)
LABEL_RIGHT = replace(LABEL, across="right", indent=0)
FACT = Look(size=11, bold=True, line=LINE, across="left", wrap=True)
FACT_NUMBER = replace(FACT, across="right", wrap=False)
LEAD = Look(size=12.5, across="left", wrap=True, indent=1)
GROUP = Look(bold=True, fill=PAPER, line=LINE, across="left", indent=1)
GROUP_NUMBER = replace(GROUP, across="right", indent=0)
TOTAL = Look(bold=True, line=CURTAIN, rule="top", fill=PAPER, across="left", indent=1)
TOTAL_NUMBER = replace(TOTAL, across="right", indent=0)
NOTE = Look(size=10, italic=True, colour=MUTED, across="left", wrap=True, indent=1)
FAINT = Look(size=8, colour="A79A92", line=LINE, across="center")


def badge(state: str) -> Look:
    """The state's colour as a wide label."""
    ink, tint = STATES[state]
    return Look(size=18, bold=True, colour=ink, fill=tint, across="left", wrap=True, indent=1)


def tinted(state: str) -> DifferentialStyle:
    """The state's colour, for a condition."""
    ink, tint = STATES[state]
    return DifferentialStyle(font=Font(color=ink, bold=True), fill=PatternFill(bgColor=tint, fill_type="solid"))
