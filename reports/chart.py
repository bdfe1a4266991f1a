"""The score over time as a picture, and as a line of text where no picture can be drawn."""

from collections.abc import Sequence
from datetime import date, timedelta
from importlib.util import find_spec
from io import BytesIO
from itertools import groupby
from math import nan
from typing import Any

from domain.days import add_months
from reports import palette
from reports.values import Point
from words import Words

LEVELS = "▁▂▃▄▅▆▇█"
GAP = "·"
STEP = 7
SIZE, DOTS = (9.6, 4.2), 150
TICKS = 8


class ChartsMissing(RuntimeError):
    """The plotting library, the extra `charts`, is not installed."""


def available() -> bool:
    return find_spec("matplotlib") is not None


def history_png(series: Sequence[Point], words: Words, *, bands: tuple[int, int] = (50, 75)) -> bytes:
    """A line over the bands of colour, with gaps where the score was not known; raises ChartsMissing."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as missing:
        raise ChartsMissing from missing
    points = sorted(series, key=lambda point: point.day)
    figure = Figure(figsize=SIZE, dpi=DOTS, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.07, 0.13, 0.83, 0.73))
    figure.text(0.07, 0.92, _title(points, words), fontsize=13, fontweight="bold", color=f"#{palette.CURTAIN}")
    _tint(axes, bands, words)
    _draw_line(axes, points)
    _mark_last(axes, points, words)
    _frame(axes, points, words)
    written = BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def sparkline(series: Sequence[Point], *, width: int = 52) -> str:
    """At most `width` signs from left to right, each a day, or a week and more; a gap where none was known."""
    points = sorted(series, key=lambda point: point.day)
    if not points:
        return ""
    first, days = points[0].day, (points[-1].day - points[0].day).days + 1
    wide = days if days <= width else min(width, days // STEP)
    spans: list[list[int]] = [[] for _ in range(wide)]
    for point in points:
        if point.score is not None:
            spans[(point.day - first).days * wide // days].append(point.score)
    return "".join(_level(sum(scores) / len(scores)) if scores else GAP for scores in spans)


def _level(score: float) -> str:
    return LEVELS[min(int(score * len(LEVELS) / 100), len(LEVELS) - 1)]


def _title(points: Sequence[Point], words: Words) -> str:
    if not points:
        return words._("Health over time")
    first, last = words.day(points[0].day), words.day(points[-1].day)
    return words._("Health over time · {first} to {last}", first=first, last=last)


def _tint(axes: Any, bands: tuple[int, int], words: Words) -> None:
    """The colour says it, and its name at the right edge says it too."""
    edges = (0, *bands, 100)
    names = {"red": words._("red"), "yellow": words._("yellow"), "green": words._("green")}
    for (state, name), low, high in zip(names.items(), edges, edges[1:], strict=False):
        axes.axhspan(low, high, color=f"#{palette.BAND_TINTS[state]}", linewidth=0, zorder=0)
        place = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "left", "fontsize": 9}
        axes.text(1.008, (low + high) / 2, name, color=f"#{palette.STATES[state][0]}", **place)


def _draw_line(axes: Any, points: Sequence[Point]) -> None:
    scores = [nan if point.score is None else point.score for point in points]
    axes.plot([point.day for point in points], scores, color=f"#{palette.CURTAIN}", linewidth=2.2, zorder=3)
    for alone in _lonely(points):
        axes.plot([alone.day], [alone.score], marker="o", markersize=4, color=f"#{palette.CURTAIN}", zorder=3)


def _lonely(points: Sequence[Point]) -> list[Point]:
    """Known days between unknown ones: a line through one point is not seen."""
    runs = [list(run) for known, run in groupby(points, key=lambda point: point.score is not None) if known]
    return [run[0] for run in runs if len(run) == 1]


def _mark_last(axes: Any, points: Sequence[Point], words: Words) -> None:
    last = next((point for point in reversed(points) if point.score is not None), None)
    if last is None or last.score is None:
        place = {"transform": axes.transAxes, "ha": "center", "va": "center", "fontsize": 12}
        axes.text(0.5, 0.5, words._("not enough data"), color=f"#{palette.MUTED}", **place)
        return
    axes.plot([last.day], [last.score], marker="o", markersize=8, color=f"#{palette.CURTAIN}", zorder=4, clip_on=False)
    box = {"boxstyle": "round,pad=0.3", "facecolor": f"#{palette.CURTAIN}", "linewidth": 0}
    axes.annotate(
        words.number(last.score),
        (last.day, last.score),
        xytext=(-14, 24 if last.score < 80 else -24),
        textcoords="offset points",
        ha="center",
        va="center",
        color="white",
        fontweight="bold",
        bbox=box,
        zorder=5,
    )


def _frame(axes: Any, points: Sequence[Point], words: Words) -> None:
    axes.set_ylim(0, 100)
    axes.set_yticks(range(0, 101, 25))
    axes.set_ylabel(words._("Health score"), fontsize=9, color=f"#{palette.MUTED}")
    if points:
        first, last = points[0].day, points[-1].day
        axes.set_xlim(first - timedelta(days=first == last), last + timedelta(days=1))
        ticks = _ticks(first, last)
        axes.set_xticks(ticks, [_label(day, words, first=day == ticks[0]) for day in ticks])
    else:
        axes.set_xticks([])
    axes.tick_params(colors=f"#{palette.MUTED}", labelsize=9, length=0, pad=6)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(f"#{palette.LINE}")


def _ticks(first: date, last: date) -> list[date]:
    """The first days of months, so many apart that the names have room; of a shorter time its ends."""
    start = add_months(first.replace(day=1), 1)
    months = [start]
    while (following := add_months(start, len(months))) <= last:
        months.append(following)
    found = [day for day in months[:: len(months) // TICKS + 1] if day <= last]
    return found if len(found) > 1 else sorted({first, last})


def _label(day: date, words: Words, *, first: bool) -> str:
    if day.day != 1:
        return words.short_day(day)
    month = words.month(day)[:3]
    return f"{month}\n{day.year}" if first or day.month == 1 else month
