from __future__ import annotations

import os
from pathlib import Path

import pytest

from playground import Playground
from tests.playground.stagehand import Stagehand, box

CHROMIUM = Path("/usr/bin/chromium")


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


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM.exists():
        assert os.environ.get("CI") != "true", "CI must have chromium"
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture
def visitor(browser, slack, hand):
    """Opens pages; whatever a page complains of fails the test."""
    opened, complaints = [], []

    def visit(**settings):
        context = browser.new_context(**settings)
        context.set_default_timeout(5000)
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
