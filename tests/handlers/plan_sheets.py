"""Plans in the hands of tests: exported, edited by header and row id, read back."""

from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import select

from handlers.ask import Ask
from handlers.terminal import OPERATOR
from handlers.workbooks import import_plan, plan_json
from storage import tables
from tests.stage import Counter
from words import Words

ANA, SOFIA = "ana@example.com", "sofia@example.com"


def exported(counter: Counter, account: str = "acme", *, lang: str = "en", by: str = ANA, safe: bool = False) -> bytes:
    text = f"export plan {account}{' customer-safe' if safe else ''}"
    return counter.asked(text, lang=lang, by=by).files[0].build()


def asked(counter: Counter, *, by: str | None = ANA, lang: str = "en") -> Ask:
    caller = counter.person(by) if by else OPERATOR
    return Ask(counter.desk, caller, Words(lang, caller.country), capability="import-plan")


class Sheet:
    """One table of a plan, by header and row id."""

    def __init__(self, content: bytes, *titles: str) -> None:
        self.book = load_workbook(BytesIO(content))
        self.sheet = next(self.book[title] for title in titles if title in self.book.sheetnames)
        ids = {"Row", "Fila"}
        self.head = next(row[0].row for row in self.sheet.iter_rows() if ids & {cell.value for cell in row})
        self.columns = {cell.value: cell.column for cell in self.sheet[self.head] if cell.value}
        self.id = self.columns.get("Row") or self.columns["Fila"]

    @property
    def ids(self) -> list[str]:
        cells = (self.sheet.cell(row, self.id).value for row in range(self.head + 1, self.sheet.max_row + 1))
        return [value for value in cells if value]

    def row(self, row_id: str) -> int:
        return next(
            row for row in range(self.head + 1, self.sheet.max_row + 1) if self.sheet.cell(row, self.id).value == row_id
        )

    def cell(self, row_id: str, header: str):
        return self.sheet.cell(self.row(row_id), self.columns[header])

    def new(self, **values) -> int:
        """Into the first empty line below the tasks."""
        row = max(self.row(one) for one in self.ids) + 1
        while any(self.sheet.cell(row, column).value for column in self.columns.values()):
            row += 1
        for header, value in values.items():
            self.sheet.cell(row, self.columns[header.replace("_", " ")]).value = value
        return row

    def saved(self) -> bytes:
        written = BytesIO()
        self.book.save(written)
        return written.getvalue()


def found_in(counter: Counter, content: bytes, **who):
    ask = asked(counter, **who)
    sent, found = import_plan.check(ask, content)
    return plan_json.as_json(sent, found, applied=False)


def tasks_of(counter: Counter) -> dict[str, dict]:
    with counter.desk.database.transaction() as tx:
        number = tx.execute(select(tables.accounts.c.number).where(tables.accounts.c.account_id == "acme")).scalar_one()
        rows = tx.execute(select(tables.tasks).where(tables.tasks.c.account == number)).mappings()
        return {row["task_id"]: dict(row) for row in rows}


def open_task(counter: Counter, side: str = "back") -> str:
    tasks = tasks_of(counter).values()
    return next(t["task_id"] for t in tasks if t["status"] == "open" and t["side"] == side and t["play_id"])
