"""The demo as a stranger sees it, in a real browser."""

from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect


def test_a_stranger_asks_reads_downloads_logs_and_changes_the_language(visit, picture, tmp_path: Path) -> None:
    page = visit()
    page.click("text=Why is Acme yellow?")
    page.wait_for_selector("text=58 of 100")
    expect(page.locator("text=A critical ticket has been escalated for 6 days")).to_have_count(1)
    expect(page.locator("text=Renews 31 Mar 2027 (in 128 days) · ARR US$48,000")).to_have_count(1)
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
    expect(page.locator("dialog.modal")).to_have_count(0)
    picture(page, "4-logged")

    page.click(".languages >> text=ES")
    page.wait_for_selector("html[lang=es]")
    page.fill("#composer", "/health acme factores")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=58 de 100")
    expect(page.locator("text=Última interacción con respuesta: hoy")).to_have_count(1)
    page.wait_for_selector("button >> text=Registrar interacción")
    picture(page, "5-spanish")
