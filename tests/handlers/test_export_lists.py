"""Portfolio and renewals as workbooks: the numbers of the cards, of those accounts alone that the caller may see."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

import bot
from domain.kpis.kpis import METRICS
from domain.renewals.tracks import Weights, forecast
from handlers.accounts.portrait import portrait
from handlers.arguments import selection
from handlers.ask import Ask, Reply
from handlers.kpis import kpi
from handlers.renewals.renewals import endings
from handlers.workbooks import export_portfolio
from storage import accounts, search
from storage.database import Database
from storage.importing import runs
from storage.scope import operator
from storage.tables import accounts as account_rows
from storage.tables import exports
from tests.stage import TODAY, Counter, Stage, read, settings
from words import Words

HEADER = 4
NAME = '=HYPERLINK("https://evil.example") & <b>' + "ñ" * 460


def rows(reply: Reply) -> list[dict[str, object]]:
    """The sheet of rows, by the titles of its columns."""
    sheet = load_workbook(BytesIO(reply.files[0].build())).worksheets[0]
    header, *found = sheet.iter_rows(min_row=HEADER, min_col=2, values_only=True)
    return [dict(zip(header, row, strict=True)) for row in found]


def ask_for(counter: Counter, text: str, word: str = "kpi") -> Ask:
    return Ask(counter.desk, counter.person("ana@example.com"), Words(), text, word)


def test_the_portfolio_says_what_health_says(counter: Counter) -> None:
    held = {row["Account id"]: row for row in rows(counter.asked("export portfolio"))}
    asked = ask_for(counter, "")
    for name in ("acme", "globex", "norte-logistica", "initech", "industrias-perez", "energia-levante"):
        with counter.desk.database.transaction() as tx:
            shown = portrait(asked, search.find(tx, name, scope=operator(), limit=1).found)
        row = held[name]
        assert (row["Score"], row["Change in 30 days"]) == (shown.health.score, shown.change), name
        assert row["Data available"] == shown.health.coverage / 100
        assert row["ARR"] == sum(shown.annual.values())
        assert (row["Renewal"] and row["Renewal"].date()) == (shown.renewal and shown.renewal.ends_on)
        assert (row["Last two-way touch"] and row["Last two-way touch"].date()) == shown.facts.touched_on
    assert held["norte-logistica"]["Held by a rule"] == "the champion left"
    assert (held["acme"]["CSM"], held["acme"]["x_region"]) == ("Ana Ruiz", "latam")


def test_the_worst_come_first_whatever_the_length_of_a_page(counter: Counter, monkeypatch) -> None:
    whole = [row["Account id"] for row in rows(counter.asked("export portfolio"))]
    with counter.desk.database.transaction() as tx:
        assert whole == [one.account.account_id for one in accounts.page(tx, operator(), limit=500)]
    monkeypatch.setattr(export_portfolio, "PAGE", 7)
    assert [row["Account id"] for row in rows(counter.asked("export portfolio"))] == whole


def test_a_scope_narrows_it(counter: Counter) -> None:
    found = rows(counter.asked("export portfolio segment:smb band:rojo"))
    assert found
    assert {(row["Segment"], row["Colour"]) for row in found} == {("smb", "red")}


@pytest.fixture
def closed(sample_database: Database) -> Iterator[Counter]:
    """Everybody sees their own accounts only."""
    desk = bot.desk(settings(sample_database), TODAY)
    yield Counter(replace(desk, policy=desk.policy.model_copy(update={"visibility": "own"})))
    desk.exports.shutdown()
    desk.database.close()


@pytest.mark.parametrize("typed", ["portfolio all", "renewals 2026-12-01..2027-12-31 all", "renewals 2026-Q3 all"])
def test_whoever_sees_their_own_accounts_exports_their_own(closed: Counter, typed: str) -> None:
    found = rows(closed.asked(f"export {typed}"))
    assert found
    assert {row["CSM"] for row in found} == {"Ana Ruiz"}


def test_a_csm_exports_the_renewals_of_their_book_and_a_lead_those_of_the_team(counter: Counter) -> None:
    mine, team = (rows(counter.asked("export renewals", by=f"{who}@example.com")) for who in ("ana", "sofia"))
    assert {row["CSM"] for row in mine} == {"Ana Ruiz"}
    assert len(team) > len(mine)
    assert [row["Ends"] for row in team] == sorted(row["Ends"] for row in team)


def test_renewals_are_those_of_the_list_and_count_as_much(counter: Counter, monkeypatch) -> None:
    monkeypatch.setattr(runs, "LENGTH", 3)
    question = "renewals 2027-Q1 all"
    listed, found = "\n".join(read(counter.asked(question))), rows(counter.asked(f"export {question}"))
    assert f"{len(found)} renewals" in listed
    assert all(date(2027, 1, 1) <= row["Ends"].date() <= date(2027, 3, 31) for row in found)
    ask = ask_for(counter, "2027-Q1 all", "renewals")
    share = ask.policy.renewals
    with ask.database.transaction() as tx:
        lines = (ending.line for ending in endings(tx, ask, selection(ask)))
        expected = forecast(lines, Weights(share.reduce, share.at_risk, share.lose))
    for voice, title in (("rule", "Counted by the rule"), ("csm", "Counted by the CSM")):
        for currency, amount in expected.sums[voice].called.items():
            counted = [row[title] for row in found if row["Currency"] == currency and row[title] is not None]
            assert sum(counted) == pytest.approx(float(amount))


def test_the_metrics_are_those_of_kpi_with_what_they_are_made_of(counter: Counter) -> None:
    reply = counter.asked("export kpis 2026-Q3 segment:smb")
    found = {row["In /kpi"]: row for row in rows(reply)}
    assert found.keys() == METRICS.keys()
    for name in ("nrr", "mrr", "nps", "churn", "licences", "readiness", "renewal-rate"):
        said = kpi.as_json(ask_for(counter, f"{name} 2026-Q3 segment:smb"))
        for title, part in (("Value", "value"), ("Numerator", "numerator"), ("Denominator", "denominator")):
            assert found[name][title] == (said[part] if said[part] is None else pytest.approx(float(said[part])))
        assert bool(found[name]["Not defined because"]) == (said["value"] is None)
    assert (found["mrr"]["Currency"], found["nps"]["Currency"]) == ("USD", None)
    assert len([title for title in found["nrr"] if title and "202" in title]) == 12


def test_the_definitions_of_a_metric_name_formula_cohort_and_period(counter: Counter) -> None:
    book = load_workbook(BytesIO(counter.asked("export kpis nrr", lang="es").files[0].build()))
    (said,) = (str(row[2]) for row in book.worksheets[1].iter_rows(values_only=True) if "Cohorte: " in str(row[2]))
    for part in ("MRR final de las cuentas", "Numerador: ", "Denominador: ", "Cohorte: ", "Período: "):
        assert part in said
    value, _, change = (book.worksheets[0].cell(HEADER + 1, column).number_format for column in (5, 6, 7))
    assert (value, change) == ("0.0 %", '"+"0.0" pp";"−"0.0" pp";"="')


def test_a_period_gone_by_shows_what_was_decided(counter: Counter) -> None:
    listed = "\n".join(read(counter.asked("renewals 2026-Q3 all")))
    found = rows(counter.asked("export renewals 2026-Q3 all"))
    assert f"{len(found)} renewals were decided" in listed
    results = [row["Result"] for row in found]
    for result in ("lost", "reduced", "renewed"):
        assert (f"{results.count(result)} {result}" in listed) == (result in results)


def test_a_hostile_name_of_500_letters_is_text(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        tx.execute(update(account_rows).where(account_rows.c.account_id == "acme").values(name=NAME))
    sheet = load_workbook(BytesIO(counter.asked("export portfolio").files[0].build())).worksheets[0]
    cell = next(cell for (cell,) in sheet.iter_rows(min_col=3, max_col=3) if str(cell.value).startswith("=HYPER"))
    assert (cell.value, cell.data_type, cell.quotePrefix) == (NAME, "s", True)


def test_in_spanish_all_of_it_is_spanish(counter: Counter) -> None:
    reply = counter.asked("export cartera", lang="es")
    assert reply.files[0].name == "Cartera completa · 2026-11-23.xlsx"
    book = load_workbook(BytesIO(reply.files[0].build()))
    assert book.sheetnames == ["Cartera completa", "Definiciones"]
    titles = {
        cell for row in book.worksheets[0].iter_rows(min_row=HEADER, max_row=HEADER, values_only=True) for cell in row
    }
    assert {"Índice", "Color", "Lo que más pesa en contra", "Fecha de decisión"} <= titles
    assert "rojo" in {row["Color"] for row in rows(reply)}


def test_it_is_recorded_who_took_what(counter: Counter) -> None:
    reply = counter.asked("export renewals 2027-Q1 team", by="sofia@example.com")
    said = "\n".join(str(cell) for row in load_workbook(BytesIO(reply.files[0].build())).worksheets[1].iter_rows(
        values_only=True) for cell in row if cell)  # fmt: skip
    with counter.desk.database.transaction() as tx:
        row = tx.execute(select(exports)).one()
    assert (row.kind, row.who, row.account, row.customer_safe) == ("renewals", "sofia@example.com", None, False)
    assert row.content == {"day": "2026-11-23", "scope": "team", "from": "2027-01-01", "to": "2027-03-31"}
    assert re.search(row.export_id, said)
    assert "sofia" not in said.lower()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("export renewals nxt quarter", "export renewals next quarter"),
        ("export portfolio 2026-Q3", None),
        ("export portfolio customer-safe", None),
        ("export everything", "help export"),
        ("export kpis segment:smbb", "export kpis segment:smb"),
    ],
)
def test_what_it_does_not_know_it_refuses(counter: Counter, typed: str, offered: str | None) -> None:
    reply = counter.asked(typed)
    assert not reply.answered
    assert not reply.files
    assert offered is None or offered in reply.offered


def test_the_file_goes_to_the_caller_alone(stage: Stage) -> None:
    said = stage.answer("ben@example.com", "/export", "portfolio", channel="C0SUCCESS")
    assert said.ephemeral_to == "U0BEN"
    stage.slack.wait(lambda: stage.slack.files("U0BEN"))
    (file,) = stage.slack.files("U0BEN")
    assert file.channels == (stage.slack.direct("U0BEN"),)
    assert not any(stage.slack.files(other) for other in ("U0ANA", "U0SOFIA", "U0TOM", "U0GUEST"))
    assert load_workbook(BytesIO(file.content)).sheetnames == ["Portfolio", "Definitions"]
