"""The blueprint as a picture: lanes over time, the line of visibility between what the customer sees and does not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from io import BytesIO
from textwrap import wrap
from typing import Any

from reports import palette
from reports.chart import ChartsMissing
from words import N_, Words

LANES: Mapping[str, str] = {
    "customer": N_("Customer"),
    "front": N_("Front stage"),
    "back": N_("Back stage"),
    "support": N_("Support"),
}
STATES: Mapping[str, tuple[str, str]] = {
    "ready": (N_("ready"), "green"),
    "in_doubt": (N_("in doubt"), "yellow"),
    "not_ready": (N_("not ready"), "red"),
    "late": (N_("late"), "red"),
    "open": (N_("open"), "prospect"),
    "done": (N_("done"), "onboarding"),
}
WIDTH, DOTS = 14.0, 130
ROW, HEAD, FOOT = 0.56, 1.15, 0.75
LETTERS, LINES = 36, 2
MOST, ROWS = 60, 8
SHARE = 0.19


@dataclass(frozen=True, slots=True)
class Mark:
    """One task: lane of LANES, state of STATES."""

    lane: str
    day: date
    title: str
    state: str


def available() -> bool:
    return find_spec("matplotlib") is not None


def blueprint_png(title: str, marks: Sequence[Mark], words: Words, today: date) -> bytes:
    """Raises ChartsMissing."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as missing:
        raise ChartsMissing from missing
    shown = sorted(marks, key=lambda mark: mark.day)[:MOST]
    first = min([today, *(mark.day for mark in shown)]) - timedelta(1)
    last = max([today, *(mark.day for mark in shown)])
    days = max((last - first).days + 1, 14) / (1 - SHARE)
    rows = {lane: _rows([m for m in shown if m.lane == lane], days * SHARE) for lane in LANES}
    depth = {lane: max((row for _mark, row in placed), default=0) + 1 for lane, placed in rows.items()}
    tall = HEAD + FOOT + ROW * sum(depth.values())
    figure = Figure(figsize=(WIDTH, tall), dpi=DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1, FOOT / tall, 0.88, 1 - (HEAD + FOOT) / tall))
    figure.text(0.1, 1 - 0.45 / tall, title, fontsize=14, fontweight="bold", color=f"#{palette.CURTAIN}")
    axes.set_xlim(0, days)
    axes.set_ylim(sum(depth.values()), 0)
    _lanes(axes, depth, words)
    _today(axes, (today - first).days, words)
    base = 0
    for lane, placed in rows.items():
        for mark, row in placed:
            _draw(axes, mark, (mark.day - first).days, base + row, days * SHARE, words)
        base += depth[lane]
    _frame(axes, first, last, words)
    _legend(figure, {mark.state for mark in shown}, words, tall)
    written = BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _rows(marks: Sequence[Mark], wide: float) -> list[tuple[Mark, int]]:
    """Each in the first row where it has room; beyond ROWS they share the last."""
    ends: list[float] = []
    placed = []
    for mark in marks:
        at = float(mark.day.toordinal())
        row = next((row for row, end in enumerate(ends) if end <= at), len(ends))
        if row == len(ends) and row < ROWS:
            ends.append(0.0)
        row = min(row, ROWS - 1)
        ends[row] = at + wide * 1.04
        placed.append((mark, row))
    return placed


def _lanes(axes: Any, depth: Mapping[str, int], words: Words) -> None:
    """Bands with their names; between front and back the line of visibility."""
    base = 0
    for place, (lane, rows) in enumerate(depth.items()):
        if place % 2 == 0:
            axes.axhspan(base, base + rows, color=f"#{palette.PAPER}", linewidth=0, zorder=0)
        beside = {"transform": axes.get_yaxis_transform(), "ha": "right", "va": "center", "fontsize": 10}
        axes.text(-0.01, base + rows / 2, words._(LANES[lane]), color=f"#{palette.INK}", fontweight="bold", **beside)
        base += rows
        if lane == "front":
            axes.axhline(base, color=f"#{palette.CURTAIN}", linewidth=1.6, linestyle=(0, (5, 4)), zorder=1)
            left = {"transform": axes.get_yaxis_transform(), "ha": "right", "va": "center", "fontsize": 7.5}
            axes.text(-0.01, base, words._("line of visibility"), color=f"#{palette.CURTAIN}", **left)


def _today(axes: Any, at: int, words: Words) -> None:
    axes.axvline(at, color=f"#{palette.MUTED}", linewidth=1, zorder=1)
    over = {"transform": axes.get_xaxis_transform(), "ha": "left", "va": "bottom", "fontsize": 8}
    axes.text(at, 1.005, words._("today"), color=f"#{palette.MUTED}", **over)


def _draw(axes: Any, mark: Mark, at: int, row: int, wide: float, words: Words) -> None:
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415

    ink, tint = palette.STATES[STATES[mark.state][1]]
    box = FancyBboxPatch(
        (at + 0.03 * wide, row + 0.12), wide * 0.94, 0.76, boxstyle="round,pad=0,rounding_size=0.12",
        facecolor=f"#{tint}", edgecolor=f"#{ink}", linewidth=1, zorder=3,
    )  # fmt: skip
    axes.add_patch(box)
    lines = wrap(f"{words.short_day(mark.day)} · {mark.title}", LETTERS)
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][: LETTERS - 1].rstrip() + "…"]
    said = "\n".join(lines)
    axes.text(at + 0.06 * wide, row + 0.5, said, fontsize=6.6, va="center", color=f"#{ink}", zorder=4)


def _frame(axes: Any, first: date, last: date, words: Words) -> None:
    mondays = list(_mondays(first, last))
    axes.set_xticks([(day - first).days for day in mondays], [words.short_day(day) for day in mondays])
    axes.set_yticks([])
    axes.tick_params(colors=f"#{palette.MUTED}", labelsize=9, length=0, pad=6)
    for spine in axes.spines.values():
        spine.set_color(f"#{palette.LINE}")


def _mondays(first: date, last: date) -> Iterator[date]:
    day = first + timedelta(-first.weekday() % 7)
    step = 7 if (last - first).days < 70 else 28
    while day <= last:
        yield day
        day += timedelta(step)


def _legend(figure: Any, states: set[str], words: Words, tall: float) -> None:
    at = 0.1
    for state, (name, colour) in STATES.items():
        if state in states:
            ink, tint = palette.STATES[colour]
            box = {"boxstyle": "round,pad=0.3", "facecolor": f"#{tint}", "edgecolor": f"#{ink}"}
            figure.text(at, 0.2 / tall, words._(name), fontsize=8, color=f"#{ink}", bbox=box)
            at += 0.09
