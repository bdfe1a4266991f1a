from __future__ import annotations

import pytest

from playground import Playground
from tests.playground.stagehand import Stagehand, box
from tests.stage import PATIENCE_S


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


@pytest.fixture
def visitor(browser, slack, hand):
    """Opens pages; whatever a page complains of fails the test."""
    opened, complaints = [], []

    def visit(**settings):
        context = browser.new_context(**settings)
        context.set_default_timeout(PATIENCE_S * 1000)
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(slack.url)
        page.wait_for_selector(".whoami", state="attached")
        return page

    yield visit
    for context in opened:
        context.close()
    assert complaints == []
