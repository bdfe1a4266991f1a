"""A demo, as `make demo` starts it, for all that a visitor of one file does in it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stage import HOUSE, PATIENCE_S

SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`bot.py demo` on the sample's own day, until the last test ends."""
    command = [sys.executable, str(HOUSE / "bot.py"), "demo", "--port", "0", "--date", "2026-11-23"]
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    where = tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(command, cwd=where, env=bare, stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if found := re.search(r"http://\S+", line):
                yield found[0]
                break
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def visit(browser, demo: str) -> Iterator[Callable]:
    """Opens the page, in English; whatever the page complains of, or asks of other places, fails the test."""
    opened, complaints = [], []

    def visitor(**settings):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        context.set_default_timeout(PATIENCE_S * 1000)
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith((demo, "blob:", "data:")) or complaints.append(asked.url))
        page.goto(demo)
        page.wait_for_selector(".whoami", state="attached")
        page.evaluate("document.querySelector('.languages [lang=en]').click()")
        page.wait_for_selector("html[lang=en]")
        return page

    yield visitor
    for context in opened:
        context.close()
    assert complaints == []


@pytest.fixture
def picture() -> Callable:
    def take(page, name: str) -> None:
        if SCREENSHOTS:
            page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"))

    return take
