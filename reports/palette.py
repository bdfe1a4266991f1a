"""The colours of workbooks and charts, as RRGGBB."""

CURTAIN, PAPER, WHITE = "5B1A2E", "FAF6F0", "FFFFFF"
TAB = "C9A9A6"
INK, MUTED, LINE = "2B1B21", "7A6A66", "E3D8CC"
# Text on tint: at least 4.5 to 1, so that the colours can be told apart in print too.
STATES: dict[str, tuple[str, str]] = {
    "red": ("9B1C1C", "F9DEDC"),
    "yellow": ("7A4B00", "FCEBBB"),
    "green": ("17603A", "D9EFDF"),
    "unknown": ("555555", "ECECEC"),
    "onboarding": ("0F5D57", "D6EEEA"),
    "leaving": ("333333", "DDDDDD"),
    "former": ("333333", "DDDDDD"),
    "prospect": ("555555", "ECECEC"),
}
PROGRESS = "B9D9C3"
INPUT = "EAF2FB"
BAND_TINTS = {"red": "F6D5D1", "yellow": "FBEBC1", "green": "D5ECDA"}
