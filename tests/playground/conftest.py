from __future__ import annotations

import pytest

from playground import Playground
from tests.playground.stagehand import Stagehand, box


@pytest.fixture
def slack():
    with box() as found:
        yield found


@pytest.fixture
def hand(slack):
    """The small app, connected by signed HTTP."""
    hand = Stagehand(slack)
    yield hand
    hand.stop()


@pytest.fixture
def open_box():
    """Boxes with other settings than the usual ones."""
    opened = []

    def build(**more: object) -> Playground:
        opened.append(box(**more).start())
        return opened[-1]

    yield build
    for found in opened:
        found.stop()
