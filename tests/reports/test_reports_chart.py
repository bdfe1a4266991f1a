"""The history as a picture and as a line of signs."""

import sys
from datetime import timedelta

import pytest

from reports.chart import ChartsMissing, available, history_png, sparkline
from reports.values import Point
from tests.reports import acme_plan
from words import spoken

SERIES = acme_plan.acme().series
START = acme_plan.DAY


def points(*scores):
    return [Point(START + timedelta(n), score) for n, score in enumerate(scores)]


@pytest.mark.parametrize("locale", ["en-GB", "es-MX"])
@pytest.mark.parametrize(
    "series", [SERIES, [], points(58), points(None, None), points(None, 40, None, 90, 100), points(0, 0)]
)
def test_any_series_becomes_a_picture(series, locale):
    pytest.importorskip("matplotlib")
    drawn = history_png(series, spoken(locale))
    assert drawn.startswith(b"\x89PNG")
    assert drawn == history_png(series, spoken(locale))


def test_no_global_figure_is_left_behind():
    pytest.importorskip("matplotlib")
    history_png(SERIES, spoken("en"))
    assert "matplotlib.pyplot" not in sys.modules


def test_without_the_library_it_says_so(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("matplotlib")] + ["matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ChartsMissing):
        history_png(SERIES, spoken("en"))


def test_it_knows_whether_it_can_draw():
    assert isinstance(available(), bool)


def test_a_sparkline_has_gaps():
    assert sparkline(points(0, 50, None, 100)) == "▁▅·█"
    assert sparkline([]) == ""
    assert len(sparkline(SERIES)) == 52
    assert sparkline([Point(START, 10), Point(START + timedelta(3), 90)]) == "▁··█"
