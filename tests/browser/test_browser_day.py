"""A CSM's whole day in Spanish, in sentences, from the morning to the next one's digest."""

import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from words.catalog import read

TOLD = 12


def said(page: Page, text: str) -> Locator:
    """What the bot answers to a sentence."""
    page.fill("#composer", text)
    page.keyboard.press("Enter")
    own = page.locator("article.message", has=page.locator(".text", has_text=text)).last
    answer = own.locator("xpath=following-sibling::article[1]")
    answer.wait_for()
    return answer


def button(within: Page | Locator, name: str) -> Locator:
    return within.get_by_role("button", name=name, exact=True).first


def english_in(page: Page) -> list[str]:
    """Sentences of the bot, long enough to be told from a name, that stand on the page untranslated."""
    shown = page.locator("body").inner_text()
    catalog = [each for each in read("es") if isinstance(each.id, str) and each.string != each.id]
    return [each.id for each in catalog if len(each.id) >= TOLD and "{" not in each.id and each.id in shown]


def test_a_whole_day_in_spanish(visit, picture, tmp_path: Path) -> None:
    page = visit()
    page.get_by_role("tab", name="Home").click()
    expect(page.locator(".home")).to_contain_text("Monday")
    assert english_in(page), "what stands there in English is found"
    page.get_by_role("tab", name="Messages").click()
    page.evaluate("document.querySelector('.languages [lang=es]').click()")
    page.wait_for_selector("html[lang=es]")

    expect(said(page, "hola, ¿cómo anda acme? gracias")).to_contain_text("Acme Corp · 58 de 100")
    expect(said(page, "¿por qué?")).to_contain_text("Tickets: 1 crítico escalado")
    picture(page, "dia-1-salud")

    red = said(page, "¿quién renueva el mes que viene y está en rojo?")
    expect(red).to_contain_text("del 1 dic 2026 al 31 dic 2026 · color: rojo")
    expect(said(page, "¿y del equipo?")).to_contain_text("el equipo · color: rojo")
    picture(page, "dia-2-renovaciones")

    alert = said(page, "¿hay alertas de acme?")
    button(alert, "Me encargo").click()
    expect(button(alert, "Devolver")).to_be_visible()
    until = said(page, "pospónla hasta el viernes")
    expect(until).to_contain_text("¿Posponer hasta el viernes 27 de noviembre?")
    picture(page, "dia-3-alertas")

    logging = said(page, "registra una llamada con acme: renovado interés en SSO")
    expect(logging).to_contain_text("Por registrar con Acme Corp:")
    button(logging, "Registrarla").click()
    expect(page.locator("article.message", has_text="Interacción registrada con Acme Corp").last).to_contain_text(
        "renovado interés"
    )
    expect(said(page, "cuéntame de acme")).to_contain_text("renovado interés en SSO")
    picture(page, "dia-4-registro")

    tasks = said(page, "qué tareas tengo esta semana")
    button(tasks, "✓ Hecha").click()
    expect(page.locator("article.message", has_text="✓ Hecha: ").last).to_be_visible()
    starting = said(page, "inicia el playbook at-risk-rescue en acme")
    button(starting, "Iniciar…").click()
    button(page.locator("dialog.modal"), "Iniciar").click()
    expect(page.get_by_text("▶ «Rescate de cuenta en riesgo» está en curso en Acme Corp")).to_be_visible()
    expect(said(page, "¿está todo listo para la reunión con acme?")).to_contain_text("Acme Corp · los dos escenarios")
    picture(page, "dia-5-escenarios")

    expect(said(page, "¿cuál fue la retención neta el trimestre pasado?")).to_contain_text(
        "Retención neta de ingresos (NRR)"
    )
    expect(said(page, "¿y en enterprise?")).to_contain_text("segmento: enterprise")
    expect(said(page, "la cuenta esa del logo azul")).to_contain_text("No entendí")
    picture(page, "dia-6-preguntas")

    page.fill("#composer", "mándame el plan de cuenta de acme")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
        page.locator(".file").last.click()
    download.value.save_as(tmp_path / "plan.xlsx")
    sheets = load_workbook(tmp_path / "plan.xlsx").worksheets
    written = [str(value) for sheet in sheets for row in sheet.iter_rows(values_only=True) for value in row]
    assert any("renovado interés en SSO" in value for value in written)
    assert any("Rescate de cuenta en riesgo" in value for value in written)

    page.get_by_role("tab", name="Inicio").click()
    expect(page.locator(".home")).to_contain_text("lunes 23 de noviembre")
    picture(page, "dia-7-inicio")
    assert english_in(page) == []
    page.get_by_role("tab", name="Mensajes").click()
    assert english_in(page) == []

    page.click(".timepiece")
    page.locator(".menu").get_by_text(re.compile("9:00")).first.click()
    digest = page.locator("article.message", has_text="Buenos días, Ana").last
    digest.wait_for(timeout=60_000)
    picture(page, "dia-8-resumen")
    assert english_in(page) == []
