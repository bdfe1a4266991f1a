"""What is read by columns is what the rows say one by one."""

import csv
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.policies.policy import Source
from storage.sources import reading
from storage.sources.columns import Context
from storage.sources.files import DataFile
from storage.sources.kinds import DATED, NUMERIC, Kind, choices_of, kind_of
from storage.sources.pages import Paged
from storage.sources.reading import Parsed, Reading
from storage.sources.rows import MODELS
from storage.sources.vocabulary import shipped

TODAY = date(2026, 11, 23)
DATES = ("2026-08-01", "2026-8-1", "20260801", "31/12/2025", "03/04/2026", "4/4/26", "3 dic 2025", "2026-02-31", "",
         "x", "2027-01-01", "2026-08-01 10:00", "2026-11-01T10:00:00Z", "2026-11-02T10:00:00+05:00",
         " 2026-08-02 ")  # fmt: skip
NUMBERS = ("5", "0", " 7 ", "1.234", "1,5", "1.50", "-3", "", "€5", "5 USD", "$4", "45%", "x", "99999999999", "(3)",
           "1.234,5", "٣", "1e3")  # fmt: skip
TEXTS = ("A1", " A1 ", "crm:1", "", "x" * 400, "Peña", "EUR", "b\x1fc")
FLAGS = ("yes", "no", "sí", "", "quizá", "0")


def cells(entity: str, name: str) -> st.SearchStrategy[str]:
    field = MODELS[entity].model_fields[name]
    kind = kind_of(field)
    if kind in DATED:
        return st.sampled_from(DATES)
    if kind in NUMERIC:
        return st.sampled_from(NUMBERS)
    if kind is Kind.FLAG:
        return st.sampled_from(FLAGS)
    return st.sampled_from((*choices_of(field), *TEXTS))


@st.composite
def files(draw: st.DrawFn, entity: str) -> list[list[str]]:
    fields = MODELS[entity].model_fields
    needed = [*MODELS[entity].missing(())]
    others = draw(st.lists(st.sampled_from([n for n in fields if n not in needed]), unique=True))
    own = draw(st.sampled_from(((), ("x_region",), ("deleted",), ("deleted", "x_region", "unknown"))))
    named = [*needed, *others]
    columns = [*(cells(entity, name) for name in named), *(st.sampled_from((*FLAGS, " north ")) for _ in own)]
    rows = draw(st.lists(st.tuples(*columns).map(list), min_size=1, max_size=8))
    longer = [row + draw(st.sampled_from(([], [], [], [""], ["too many"]))) for row in rows]
    return [[*named, *own], *(row[: len(row) - draw(st.sampled_from((0, 0, 0, 1)))] for row in longer)]


def read(path: Path, entity: str) -> Reading:
    context = Context(TODAY, ZoneInfo("Europe/Madrid"), "EUR", shipped())
    return reading.read(DataFile(path, path.name, entity, ""), Source(), context)


def by_line(found: Any) -> dict[int, Any]:
    return {row.line if isinstance(row, Parsed) else row[0].line: row for row in found}


@pytest.mark.parametrize(
    "entity", ["usage", "usage_users", "touches", "tickets", "surveys", "invoices", "costs", "goals", "subscriptions"]
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_pages_give_what_the_rows_give(tmp_path: Path, entity: str, data: st.DataObject) -> None:
    path = tmp_path / f"{entity}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(data.draw(files(entity)))
    paged = []
    for page, others in Paged(read(path, entity)):
        paged += others
        if page:
            values = [list(row) for row in zip(*page.columns, strict=True)]
            paged += map(Parsed, page.lines, page.keys, page.accounts, values)
    assert by_line(paged) == by_line(read(path, entity).rows())


def test_rows_that_are_plainly_right_are_read_by_columns_whatever_stands_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    path.write_text("account_id,day,events\nA1,2026-01-01,1\nA1,never,1\nA1,2026-01-02,2\nA1,2026-01-03\n")
    [(page, others)] = Paged(read(path, "usage"))
    assert page is not None
    assert (list(page.lines), len(others)) == ([2, 4], 2)
