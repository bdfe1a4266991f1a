"""LibreOffice calculates every formula again: the results must be those that the file already shows."""

import os
import shutil
import subprocess
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from reports.plan import workbook
from tests.reports import acme_plan, acme_work
from words import spoken

SOFFICE = shutil.which("soffice")
pytestmark = [
    # LibreOffice writes its own data bars, which openpyxl does not read back.
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
    pytest.mark.xdist_group("libreoffice"),
    pytest.mark.skipif(
        SOFFICE is None and os.environ.get("CI") != "true", reason="LibreOffice (soffice) is not installed"
    ),
]


def recalculated(content, folder):
    """Read and written by openpyxl the formulas have no results left, so LibreOffice has to find them."""
    bare = load_workbook(BytesIO(content))
    bare.save(folder / "bare.xlsx")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [SOFFICE or "soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run(
        [*command, "--outdir", folder / "out", folder / "bare.xlsx"], check=True, capture_output=True, timeout=180
    )
    return load_workbook(BytesIO((folder / "out" / "bare.xlsx").read_bytes()), data_only=True)


@pytest.mark.parametrize(
    ("plan", "locale", "safe"),
    [
        (acme_work.acme, "es-MX", False),
        (acme_work.acme, "en-GB", True),
        (acme_plan.many_contracts, "en-US", False),
    ],
)
def test_formulas_give_what_is_shown(plan, locale, safe, tmp_path):
    content = workbook(plan(), spoken(locale), customer_safe=safe)
    formulas, shown = load_workbook(BytesIO(content)), load_workbook(BytesIO(content), data_only=True)
    found = recalculated(content, tmp_path)
    checked = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    expected, result = (book[sheet.title][cell.coordinate].value for book in (shown, found))
                    assert same(result, expected), (sheet.title, cell.coordinate, cell.value, result, expected)
                    checked += 1
    assert checked


def same(result, expected):
    if isinstance(expected, int | float):
        return result == pytest.approx(expected, abs=0.006)
    assert not isinstance(expected, date | datetime)
    return (result or "") == (expected or "")
