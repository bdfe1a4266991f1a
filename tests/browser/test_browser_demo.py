"""The demo as a stranger sees it, in a real browser."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.stage import HOUSE

CHROMIUM = Path("/usr/bin/chromium")
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(scope="module")
def browser() -> Iterator:
    if not CHROMIUM.exists():
        assert os.environ.get("CI") != "true", "CI must have chromium"
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """`bot.py demo` on the sample's own day, until the test ends."""
    command = [sys.executable, str(HOUSE / "bot.py"), "demo", "--port", "0", "--date", "2026-11-23"]
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    process = subprocess.Popen(command, cwd=tmp_path, env=bare, stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if found := re.search(r"http://\S+", line):
                yield found[0]
                break
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def picture(page, name: str) -> None:
    if SCREENSHOTS:
        page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"))


def test_a_stranger_asks_reads_downloads_logs_and_changes_the_language(browser, demo: str, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    complaints = []
    page = context.new_page()
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(demo)

    page.click("text=Why is Acme yellow?")
    page.wait_for_selector("text=58 of 100")
    assert page.locator("text=A critical ticket has been escalated for 6 days").count() == 1
    assert page.locator("text=Renews 31 Mar 2027 (in 128 days) · ARR US$48,000").count() == 1
    picture(page, "1-card")

    page.click("button >> text=Account plan")
    page.wait_for_selector("text=The account plan of Acme Corp is on its way to your direct messages.")
    with page.expect_download() as download:
        page.click(".file")
    assert download.value.suggested_filename == "Acme Corp · account plan · 2026-11-23.xlsx"
    download.value.save_as(tmp_path / "plan.xlsx")
    shown = load_workbook(tmp_path / "plan.xlsx").worksheets[0].iter_rows(values_only=True)
    assert any("Acme Corp" in str(value) for row in shown for value in row)
    picture(page, "2-plan")

    page.click("button >> text=Log a touch >> nth=0")
    page.wait_for_selector("dialog.modal[open]")
    picture(page, "3-form")
    page.click("dialog >> text=Save")
    page.wait_for_selector("dialog >> text=Please complete this required field.")
    page.fill("dialog input[type=text]", "Date for the ticket")
    page.click("dialog >> text=Save")
    page.wait_for_selector("text=Logged with Acme Corp: Date for the ticket")
    assert page.locator("dialog.modal").count() == 0
    picture(page, "4-logged")

    page.click(".languages >> text=ES")
    page.wait_for_selector("html[lang=es]")
    page.fill("#composer", "/health acme factores")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=58 de 100")
    assert page.locator("text=Última interacción con respuesta: hoy").count() == 1
    page.wait_for_selector("button >> text=Registrar interacción")
    picture(page, "5-spanish")
    context.close()
    assert complaints == []
