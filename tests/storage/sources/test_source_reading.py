"""Everyday exports are read; what cannot be is refused with its reason, and nothing else is lost."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policies.policy import FILES
from storage.database import Database
from storage.sources import dates, numerals
from storage.sources.kinds import Kind, kind_of
from storage.sources.problems import BadCell
from storage.sources.rows import MODELS
from storage.sources.vocabulary import shipped
from storage.tables import ENTITIES
from tests.storage.sources.importing import cached, codes, load, of, policy, rows, run, workbook, write


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def invoices(*amounts: str, separator: str = ",") -> str:
    header = separator.join(["invoice_id", "account_id", "issued_on", "due_on", "amount"])
    lines = [separator.join([f"I{n}", "A1", "2026-01-01", "2026-02-01", amount]) for n, amount in enumerate(amounts)]
    return "\n".join([header, *lines]) + "\n"


def days(*written: str) -> str:
    return "account_id,day,events\n" + "".join(f"A1,{each},{n}\n" for n, each in enumerate(written))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(database: Database, tmp_path: Path, encoding: str, separator: str) -> None:
    content = f"account_id{separator}name\nA1{separator}Peña, Logística y Año\n"
    if separator == ",":
        content = content.replace("Peña, Logística y Año", '"Peña, Logística y Año"')
    load(database, tmp_path, {"accounts": content.encode(encoding)})
    assert rows(database, "accounts", "name") == [("Peña, Logística y Año",)]


def test_a_given_encoding_that_is_wrong_is_said(database: Database, tmp_path: Path) -> None:
    content = "account_id,name\nA1,Peña\n".encode("cp1252")
    report = load(database, tmp_path, {"accounts": content}, policy=policy(accounts={"encoding": "utf-8"}))
    assert error(report, "accounts") == ("wrong_encoding", {"encoding": "utf-8"})


def error(report: Any, name: str) -> tuple[str, dict[str, Any]]:
    found = of(report, name).error
    assert found is not None
    return found.code, dict(found.params)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["31/12/2025", "03/04/2026"], [date(2025, 12, 31), date(2026, 4, 3)]),
        (["12/31/2025", "03/04/2026"], [date(2025, 12, 31), date(2026, 3, 4)]),
        (["2026-04-03", "5/5/2026"], [date(2026, 4, 3), date(2026, 5, 5)]),
        (["31.12.25", "3.4.26"], [date(2025, 12, 31), date(2026, 4, 3)]),
        (["2026/04/03", "20260404", "46110"], [date(2026, 3, 29), date(2026, 4, 3), date(2026, 4, 4)]),
        (["2026-04-03 00:00:00", "2026-04-04T23:30:00-05:00"], [date(2026, 4, 3), date(2026, 4, 4)]),
        (["31 dic 2025", "1 ene. 2026"], [date(2025, 12, 31), date(2026, 1, 1)]),
        (
            ['"Dec 31, 2025"', '"January 2nd, 2026"', "Sept 3 2025"],
            [date(2025, 9, 3), date(2025, 12, 31), date(2026, 1, 2)],
        ),
        (["31-dic-25", "01-Jan-26", "2AUG2026"], [date(2025, 12, 31), date(2026, 1, 1), date(2026, 8, 2)]),
        (
            ['"jueves, 1 de enero de 2026"', "mar 6 ene 2026", "mar 7 2026"],
            [date(2026, 1, 1), date(2026, 1, 6), date(2026, 3, 7)],
        ),
        (
            ["3 abr 2026 14:30", '"Apr 4, 2026, 2:30 PM"', "04/05/2026", "13/05/2026"],
            [date(2026, 4, 3), date(2026, 4, 4), date(2026, 5, 4), date(2026, 5, 13)],
        ),
    ],
)
def test_a_column_of_dates_settles_its_own_order(
    database: Database, tmp_path: Path, written: list[str], read: list[date]
) -> None:
    assert load(database, tmp_path, {"usage": days(*written)}).ok
    assert [day for (day,) in rows(database, "usage", "day")] == sorted(read)


@pytest.mark.parametrize(
    ("written", "code"),
    [("31 dix 2025", "not_a_date"), ("dic 25", "not_a_date"), ("31 feb 2025", "no_such_day"),
     ("31 dic 202", "not_a_date"), ("3 dic 2025 25:00", "not_a_time"), ("lun 2025", "not_a_date")],
)  # fmt: skip
def test_a_name_of_a_month_that_says_no_day_is_refused(
    database: Database, tmp_path: Path, written: str, code: str
) -> None:
    report = load(database, tmp_path, {"usage": days("2026-01-01", written)})
    assert codes(report, "usage") == [(3, "day", code)]


def test_a_month_may_be_named_and_a_policy_may_insist_on_iso(database: Database, tmp_path: Path) -> None:
    header = "account_id,month,mrr\n"
    written = "".join(f"A1,{month},9\n" for month in ("dic-25", "enero de 2026", "Feb 2026", "2026 mar"))
    assert load(database, tmp_path, {"mrr": header + written}).ok
    assert [month for (month,) in rows(database, "mrr", "month")] == [
        date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1),
    ]  # fmt: skip
    iso = policy(usage={"dates": "iso"})
    report = load(database, tmp_path, {"usage": days("2026-01-01", "2 ene 2026")}, policy=iso)
    assert codes(report, "usage") == [(3, "day", "not_a_date")]


def test_a_time_may_name_its_month(database: Database, tmp_path: Path) -> None:
    header = "ticket_id,account_id,opened_at\n"
    written = 'T1,A1,31 dic 2025 14:30\nT2,A1,"Dec 31, 2025, 2:30 p. m."\nT3,A1,31 de diciembre de 2025\n'
    assert load(database, tmp_path, {"tickets": header + written}).ok
    assert [opened for (opened,) in rows(database, "tickets", "opened_at")] == [
        datetime(2025, 12, 31, 13, 30, tzinfo=UTC), datetime(2025, 12, 31, 13, 30, tzinfo=UTC),
        datetime(2025, 12, 30, 23, tzinfo=UTC),
    ]  # fmt: skip


def test_an_id_that_no_command_could_name_is_refused(database: Database, tmp_path: Path) -> None:
    report = load(database, tmp_path, {"accounts": 'account_id,name\nA 1,Fine\nA  1,Two spaces\n"A\n2",A line\n'})
    assert codes(report, "accounts") == [(3, "account_id", "spaces_in_id"), (4, "account_id", "spaces_in_id")]
    assert rows(database, "accounts", "account_id") == [("A 1",)]


def test_a_call_may_say_what_stays_and_whom_it_is_lost_to(database: Database, tmp_path: Path) -> None:
    header = "account_id,renewal_on,given_on,by,call,reason,competidor,importe\n"
    told = 'A1,2027-01-01,2026-10-01,csm,reduce,fewer,,"1.234,56"\nA1,2027-02-01,2026-10-01,final,lose,price,Rival,\n'
    refused = 'A1,2027-03-01,2026-10-01,csm,reduce,fewer,,"1.000,00 €"\nA1,2027-04-01,2026-10-01,csm,reduce,no,,-1\n'
    report = load(database, tmp_path, {"renewal_calls": header + told + refused})
    assert rows(database, "renewal_calls", "call", "competitor", "annual") == [
        ("reduce", None, Decimal("1234.56")), ("lose", "Rival", None),
    ]  # fmt: skip
    assert codes(report, "renewal_calls") == [(4, "importe", "currency_not_here"), (5, "importe", "too_small")]


def test_only_ambiguous_dates_are_refused_with_the_setting_that_settles_them(
    database: Database, tmp_path: Path
) -> None:
    content = days("03/04/2026", "05/05/2026", "2026-06-01")
    report = load(database, tmp_path, {"usage": content})
    assert codes(report, "usage") == [(2, "day", "ambiguous_date")]
    assert of(report, "usage").refusals[0].params == {"setting": "sources: usage: dates: dmy"}
    settled = load(database, tmp_path, {"usage": content}, policy=policy(usage={"dates": "mdy"}))
    assert settled.ok
    assert (date(2026, 3, 4),) in rows(database, "usage", "day")


def test_a_column_that_contradicts_itself_settles_nothing(database: Database, tmp_path: Path) -> None:
    report = load(database, tmp_path, {"usage": days("31/01/2026", "01/30/2026", "03/04/2026")})
    assert codes(report, "usage") == [(4, "day", "ambiguous_date")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["1.234,56", "1.234"], ["1234.56", "1234"]),
        (["1,234.56", "1,234"], ["1234.56", "1234"]),
        (["0,5", "1.234"], ["0.5", "1234"]),
        (["€ 1.234,56", "99 €", "1.000.000"], ["1234.56", "99", "1000000"]),
        (["(12.50)", "-3", "4-"], ["-12.50", "-3", "-4"]),
        (["1 234,5", "1\u00a0000"], ["1234.5", "1000"]),
        (["1'234.50"], ["1234.50"]),
    ],
)
def test_a_column_of_numbers_settles_its_own_decimals(
    database: Database, tmp_path: Path, written: list[str], read: list[str]
) -> None:
    assert load(database, tmp_path, {"invoices": invoices(*written, separator=";")}).ok
    assert [amount for (amount,) in rows(database, "invoices", "amount")] == [Decimal(each) for each in read]


def test_only_ambiguous_decimals_are_refused_with_the_setting_that_settles_them(
    database: Database, tmp_path: Path
) -> None:
    content = invoices("1.234", "99", separator=";")
    report = load(database, tmp_path, {"invoices": content})
    assert codes(report, "invoices") == [(2, "amount", "ambiguous_number")]
    assert of(report, "invoices").refusals[0].params == {"setting": "sources: invoices: decimal: point"}
    load(database, tmp_path, {"invoices": content}, policy=policy(invoices={"decimal": "comma"}))
    assert rows(database, "invoices", "amount") == [(Decimal(1234),), (Decimal(99),)]


def test_a_currency_sign_gives_the_currency_or_must_agree_with_it(database: Database, tmp_path: Path) -> None:
    content = (
        "order_id,account_id,ordered_on,amount,currency\n"
        "O1,A1,2026-01-01,£5,\nO2,A1,2026-01-01,$5,MXN\nO3,A1,2026-01-01,€5,USD\nO4,A1,2026-01-01,5 USD,usd\n"
    )
    report = load(database, tmp_path, {"orders": content})
    assert codes(report, "orders") == [(4, "amount", "currency_mismatch")]
    assert rows(database, "orders", "order_id", "currency") == [("O1", "GBP"), ("O2", "MXN"), ("O4", "USD")]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("A1,31/02/2026,1", "no_such_day"),
        ("A1,tomorrow,1", "not_a_date"),
        ("A1,2026-11-24,1", "in_the_future"),
        ("A1,0026-01-01,1", "no_such_day"),
        ("A1,,1", "required"),
        (",2026-01-01,1", "required"),
        ("A1,2026-01-01,1.5", "not_whole"),
        ("A1,2026-01-01,many", "not_a_number"),
        ("A1,2026-01-01,-1", "too_small"),
        ("A1,2026-01-01,99999999999", "too_large"),
        ("A1,2026-01-01,1,surplus", "too_many_cells"),
    ],
)
def test_a_bad_cell_refuses_its_row_and_no_other(database: Database, tmp_path: Path, cell: str, code: str) -> None:
    report = load(database, tmp_path, {"usage": days("2026-01-02") + cell + "\n"})
    assert [refusal.code for refusal in of(report, "usage").refusals] == [code]
    assert not report.ok
    assert rows(database, "usage", "day") == [(date(2026, 1, 2),)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("people", "email\nnobody", "not_an_email"),
        ("accounts", "account_id,name,country\nA1,Acme,Spain", "not_a_country"),
        ("accounts", "account_id,name,currency\nA1,Acme,euros", "not_a_currency"),
        ("accounts", "account_id,name,fit\nA1,Acme,so-so", "not_a_choice"),
        ("accounts", "account_id,name\nA1," + "n" * 501, "too_long"),
        ("accounts", "account_id,name\n" + "k" * 161 + ",Acme", "too_long"),
        ("features", "feature,core\nX,perhaps", "not_a_flag"),
        ("surveys", "response_id,account_id,kind,score\nR1,A1,nps,11", "off_scale"),
        ("surveys", "response_id,account_id,kind,score\nR1,A1,csat,0", "off_scale"),
        ("surveys", "response_id,account_id,kind,score\nR1,A1,ces,8", "off_scale"),
        ("tickets", "ticket_id,account_id,opened_at\nT1,A1,2026-01-01 25:00", "not_a_time"),
        ("tickets", "ticket_id,account_id,opened_at,closed_at\nT1,A1,2026-01-02,2026-01-01", "end_before_start"),
        ("tickets", "ticket_id,account_id,opened_at\nT1,A1,2026-11-24T01:00:00Z", "in_the_future"),
        (
            "subscriptions",
            "subscription_id,account_id,starts_on,ends_on,arr\nS,A1,2026-02-01,2026-01-31,1",
            "end_before_start",
        ),
        (
            "invoices",
            "invoice_id,account_id,issued_on,due_on,amount\nI,A1,2026-02-01,2026-01-31,1",
            "end_before_start",
        ),
        ("invoices", "invoice_id,account_id,issued_on,due_on,amount\nI,A1,2026-02-01,2026-03-01,5%", "not_a_number"),
    ],
)
def test_each_rule_of_a_row_has_its_reason(
    database: Database, tmp_path: Path, name: str, content: str, code: str
) -> None:
    report = load(database, tmp_path, {name: content})
    assert [refusal.code for refusal in of(report, name).refusals] == [code]


def test_every_bad_cell_of_a_row_is_named_as_the_file_writes_it(database: Database, tmp_path: Path) -> None:
    content = "Fecha,Cliente,Eventos\nayer,A1,muchos\n"
    report = load(database, tmp_path, {"uso": content})
    assert [(r.column, r.value, r.code) for r in of(report, "uso").refusals] == [
        ("Fecha", "ayer", "not_a_date"), ("Eventos", "muchos", "not_a_number"),
    ]  # fmt: skip
    assert of(report, "uso").refused == 1


def test_spanish_files_columns_and_values(database: Database, tmp_path: Path) -> None:
    files = {
        "Cuentas.csv": "Código;Cliente;Segmento;Gestor de éxito\nA1;Acme;smb;ana@x.com\n",
        "contratos 2026.csv": "Contrato;Cuenta;Inicio;Renovación;Cuota;Asientos;Renovación automática;Estado\n"
        "S1;A1;15/02/2026;31/01/2027;1.000,50;20;Sí;Vigente\n",
        "Incidencias.csv": "id;cliente;abierto;prioridad;escalado\nT1;A1;2026-01-01 09:30;crítica;no\n",
        "contactos.csv": "id;empresa;nombre;rol\nC1;A1;Eva;Quien decide\n",
        "pronósticos.csv": "cuenta;renovación;fecha;por;pronóstico\nA1;2027-01-31;2026-11-01;csm;No renueva\n",
    }
    report = load(database, tmp_path, files, with_accounts=False)
    assert report.ok, [file for file in report.files if file.refused or file.error]
    assert not any(file.unknown_columns for file in report.files)
    assert rows(database, "subscriptions", "starts_on", "ends_on", "annual", "seats", "auto_renew", "status") == [
        (date(2026, 2, 15), date(2027, 1, 31), Decimal(12006), 20, True, "active")
    ]
    assert rows(database, "tickets", "opened_at", "severity", "escalated") == [
        (datetime(2026, 1, 1, 8, 30, tzinfo=UTC), "critical", False)
    ]
    assert rows(database, "contacts", "role") == [("decision_maker",)]
    assert rows(database, "renewal_calls", "by", "call") == [("csm", "lose")]


def test_the_policy_maps_columns_and_values(database: Database, tmp_path: Path) -> None:
    settings = policy(
        tickets={
            "columns": {"Kunde": "account_id", "Stufe": "severity"},
            "values": {"severity": {"urgent": "critical"}},
        }
    )
    content = "ticket_id,Kunde,opened_at,Stufe\nT1,A1,2026-01-01,URGENT\n"
    assert load(database, tmp_path, {"tickets": content}, policy=settings).ok
    assert rows(database, "tickets", "severity") == [("critical",)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"account_id,name\nA1,\x00\x01", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b"account_id,segment\nA1,smb\n", "missing_columns"),
        (b"account_id,name\nA1," + b"x" * 10_000_000, "cell_too_large"),
        (b'account_id,name\nA1,"' + b"x\n" * 5_000_000, "cell_too_large"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(
    database: Database, tmp_path: Path, content: bytes, code: str
) -> None:
    report = load(database, tmp_path, {"accounts": content, "features": "feature\nX\n"})
    assert error(report, "accounts")[0] == code
    assert rows(database, "accounts", "name") == []
    assert of(report, "features").added == 1


def test_a_file_that_breaks_late_leaves_nothing(database: Database, tmp_path: Path) -> None:
    content = "account_id,name\n" + "".join(f"A{n},Account\n" for n in range(6_000)) + "Z," + "x" * 200_000
    report = load(database, tmp_path, {"accounts": content})
    assert error(report, "accounts") == ("cell_too_large", {"line": 6002, "limit": 131072})
    assert rows(database, "accounts", "name") == []


def test_missing_and_unknown_files_are_named(database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", {})
    other = folder / "minutes.csv"
    other.write_text("a,b\n")
    report = run(database, tmp_path / "accounts.csv", other)
    assert {file.name: file.error and file.error.code for file in report.files} == {
        str(tmp_path / "accounts.csv"): "no_such_file", "minutes.csv": "not_a_data_file",
    }  # fmt: skip
    assert not report.ok
    assert run(database, folder).ignored == ("minutes.csv",)


@pytest.mark.parametrize(
    ("stem", "entity"),
    [
        ("accounts", "accounts"), ("accounts-2026-11", "accounts"), ("Cuentas", "accounts"), ("usage_2026", "usage"),
        ("usage_users_export (2)", "usage_users"), ("Encuestas Q4", "surveys"), ("usage_policy", None), ("notes", None),
    ],
)  # fmt: skip
def test_a_file_is_recognised_by_its_name(stem: str, entity: str | None) -> None:
    assert shipped().file(stem) == entity


def test_a_workbook_is_read_as_excel_means_it(database: Database, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "facturas.xlsx",
        ["Nº", "invoice_id", "cliente", "fecha de emisión", "vencimiento", "importe", "x_share", "x_note"],
        [1, 1001, "A1", date(2026, 1, 2), datetime(2026, 2, 1), 1234.1, 0.45, time(9, 30)],  # noqa: DTZ001
        [2, 1002.0, "A1", 46024, "2026-03-01", "1.234,56", True, None],
        [None, None, None, None, None, None, None, None],
        sheet="Whatever",
    )
    load(database, tmp_path, {})
    report = run(database, path)
    assert of(report, "facturas.xlsx").unknown_columns == (("Nº", None),)
    assert rows(database, "invoices", "invoice_id", "issued_on", "due_on", "amount", "extra") == [
        ("1001", date(2026, 1, 2), date(2026, 2, 1), Decimal("1234.1"), {"x_share": "0.45", "x_note": "09:30:00"}),
        ("1002", date(2026, 1, 2), date(2026, 3, 1), Decimal("1234.56"), {"x_share": "true"}),
    ]


def test_the_sheet_of_the_files_name_is_read(database: Database, tmp_path: Path) -> None:
    path = workbook(tmp_path / "features.xlsx", ["something", "else"], ["a", "b"], sheet="Cover")
    from openpyxl import load_workbook

    book = load_workbook(path)
    page = book.create_sheet("Features")
    page.append(["feature"])
    page.append(["Reports"])
    book.save(path)
    assert of(run(database, path), "features.xlsx").added == 1


def test_formulas_count_by_the_result_that_was_saved(database: Database, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "outcomes.xlsx",
        ["outcome_id", "account_id", "statement", "target"],
        ["O1", "A1", "Saved", "=1+2"],
        ["O2", "A1", "Not saved", "=2+2"],
        ["O3", "A1", "Broken", "#DIV/0!"],
    )
    cached(path, "1+2", "3")
    load(database, tmp_path, {})
    report = run(database, path)
    assert codes(report, "outcomes.xlsx") == [(3, "target", "formula_without_value"), (4, "target", "excel_error")]
    assert rows(database, "outcomes", "target") == [(Decimal(3),)]


def test_percentages_are_ratios_in_both_formats(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"outcomes": "outcome_id,account_id,statement,target\nO1,A1,Use,45 %\n"})
    run(database, workbook(tmp_path / "outcomes.xlsx", ["outcome_id", "account_id", "statement", "target"],
                           ["O2", "A1", "Use", 0.45], D2="0%"))  # fmt: skip
    assert rows(database, "outcomes", "target") == [(Decimal("0.45"),)] * 2


def bomb(path: Path) -> Path:
    import zipfile

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<c>" + b"0" * 60_000_000)
    return path


def understated(path: Path) -> Path:
    """The same, with a directory that declares a hundred bytes."""
    content = bytearray(bomb(path).read_bytes())
    size = (60_000_003).to_bytes(4, "little")
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bomb, "too_large_inflated"),
        (understated, "corrupt"),
        (lambda path: path.write_bytes(b"PK\x03\x04 truncated"), "corrupt"),
        (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "old_excel"),
        (
            lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 9 + "EncryptedPackage".encode("utf-16-le")),
            "encrypted",
        ),
        (lambda path: path.write_text("account_id,name\n"), "not_a_workbook"),
        (lambda path: path.write_bytes(b""), "empty"),
    ],
)
def test_a_workbook_that_is_none_or_a_bomb_is_refused(database: Database, tmp_path: Path, make: Any, code: str) -> None:
    path = tmp_path / "accounts.xlsx"
    make(path)
    assert error(run(database, path), "accounts.xlsx")[0] == code


def test_a_workbook_with_entities_of_its_own_is_refused(database: Database, tmp_path: Path) -> None:
    import zipfile

    path = workbook(tmp_path / "accounts.xlsx", ["account_id", "name"], ["A1", "Acme"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/extra.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    assert error(run(database, path), "accounts.xlsx")[0] == "corrupt"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from([(",", "."), (".", ",")]))
def test_a_number_written_with_thousands_and_decimals_is_read_back(value: Decimal, marks: tuple[str, str]) -> None:
    thousands, decimal = marks
    written = f"{value:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
    assert numerals.number(written, decimal) == value  # type: ignore[arg-type]


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from([("dmy", "%d/%m/%Y"), ("mdy", "%m/%d/%Y")]))
def test_a_day_written_in_a_known_order_is_read_back(day: date, form: tuple[Any, str]) -> None:
    order, pattern = form
    assert dates.day(day.strftime(pattern), order) == day


@given(st.text(max_size=12))
def test_no_text_is_more_than_refused(text: str) -> None:
    for read in (lambda: numerals.number(text, None), lambda: dates.day(text, None), lambda: numerals.whole(text, ".")):
        try:
            read()
        except BadCell:
            continue


def test_models_are_the_tables_of_the_contract() -> None:
    assert set(MODELS) == set(FILES)
    for name, model in MODELS.items():
        columns = set(model.table_columns(model.model_fields)) - {"annual"}
        assert columns <= set(ENTITIES[name].columns.keys()), name
        assert all(kind_of(field) in Kind for field in model.model_fields.values())
