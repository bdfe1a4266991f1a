"""One file read row by row: each is parsed, or refused with every reason."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.policies.policy import Source
from storage.names import fold
from storage.sources import delimited, numerals, workbook
from storage.sources.columns import Column, Context, Meaning, columns, suspects, text
from storage.sources.delimited import Record
from storage.sources.files import DataFile
from storage.sources.kinds import Kind, choices_of, kind_of
from storage.sources.problems import BadCell, Refusal, UnreadableFile
from storage.sources.row import Row
from storage.sources.rows import MODELS

SHOWN = 80
# Written beside refused rows; not a column of ours when the mended file comes back.
REASON = "refused_because"
BETWEEN_KEYS = "\x1f"
CODES = {
    "literal_error": "not_a_choice",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "spaces_in_id",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "decimal_max_places": "too_many_decimals",
    "decimal_max_digits": "too_many_decimals",
    "decimal_whole_digits": "too_many_decimals",
}
SETTLED_BY = {"ambiguous_date": "dates: dmy", "ambiguous_number": "decimal: point"}


class Parsed(NamedTuple):
    """A row that may be merged: `values` of the reading's columns; None deletes the row of this key."""

    line: int
    key: str
    account: str
    values: list[Any] | None


Refused = list[Refusal]


@dataclass
class Reading:
    """A file whose header is understood. `columns` are the table's, in the order of a row's values."""

    file: DataFile
    model: type[Row]
    present: tuple[str, ...]
    width: int
    plan: list[Column]
    extra: list[Column]
    context: Context
    unknown: tuple[tuple[str, str | None], ...]
    open: Callable[[], Iterator[Record]]

    def __post_init__(self) -> None:
        self._deleted = next((column for column in self.plan if column.name == "deleted"), None)
        self._cells = [
            (column.name, column.position, column.meaning) for column in self.plan if column.name != "deleted"
        ]
        self._texts = Meaning(str)
        self._key_names = self.model.KEY
        self.has_account = self.model.has_account()
        self.validate = self.model.__pydantic_validator__.validate_python
        self._amounts = list(suspects(self.plan)) if "currency" in self.model.model_fields else []
        self.amounts = frozenset(column.name for column in self._amounts)
        has_currency = "currency" in self.model.model_fields and self.file.entity != "accounts"
        self.currency = {"currency": self.context.currency} if has_currency else {}

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.model.table_columns(self.present), *(("extra",) if self.extra else ()))

    def rows(self) -> Iterator[Parsed | Refused]:
        """Every row below the header: parsed, or the reasons why not."""
        return self.parsed(islice(self.open(), 1, None))

    def parsed(self, records: Iterable[Record]) -> Iterator[Parsed | Refused]:
        for line, cells in records:
            try:
                yield self._parsed(line, cells if len(cells) == self.width else self._squared(cells))
            except (BadCell, ValidationError) as error:
                yield self._refusals(line, [*cells, *[""] * (self.width - len(cells))], error)

    def _squared(self, cells: list[Any]) -> list[Any]:
        """As many cells as the header has: trailing empty ones are often left out, or added."""
        if any(cells[self.width :]):
            raise BadCell("too_many_cells")
        return [*cells[: self.width], *[""] * (self.width - len(cells))]

    def _parsed(self, line: int, cells: list[Any]) -> Parsed:
        if self._deleted and self._deleted.meaning[cells[self._deleted.position]]:
            return self._deletion(line, cells)
        return self._row(line, cells, {name: meaning[cells[position]] for name, position, meaning in self._cells})

    def _row(self, line: int, cells: Sequence[Any], values: dict[str, Any]) -> Parsed:
        self._check_currency(cells, values)
        row = self.validate(values)
        stored = row.stored(self.present)
        if self.extra:
            stored.append(self.own(cells))
        read = row.__dict__
        return Parsed(line, self._key(read), read["account_id"] if self.has_account else "", stored)

    def own(self, cells: Sequence[Any]) -> dict[str, str | None]:
        """What stands in the company's own columns."""
        return {column.name: text(cells[column.position]).strip() or None for column in self.extra}

    def _key(self, values: dict[str, Any]) -> str:
        return BETWEEN_KEYS.join([self._texts[values[name]] for name in self._key_names])

    def _deletion(self, line: int, cells: Sequence[Any]) -> Parsed:
        values = {name: self.model.model_fields[name].default for name in self.model.KEY}
        values |= {c.name: c.meaning[cells[c.position]] for c in self.plan if c.name in self.model.KEY}
        account = values.get("account_id", "") if self.has_account else ""
        return Parsed(line, self._key(values), account, None)

    def _check_currency(self, cells: Sequence[Any], values: dict[str, Any]) -> None:
        """A currency sign in an amount must agree with the row's currency, or gives it."""
        for name, currency in self.currency.items():
            values.setdefault(name, currency)
        if not self._amounts:
            return
        stated = any(column.name == "currency" and str(cells[column.position]).strip() for column in self.plan)
        for column in self._amounts:
            cell = cells[column.position]
            sign = numerals.currency_of(cell) if has_sign(cell) else None
            if sign and stated and sign != values["currency"]:
                raise _Mismatch(column, sign, values["currency"])
            if sign:
                values["currency"] = sign

    def _refusals(self, line: int, cells: Sequence[Any], error: BadCell | ValidationError) -> Refused:
        if isinstance(error, ValidationError):
            return [self._of_pydantic(line, cells, detail) for detail in error.errors(include_url=False)]
        if isinstance(error, _Mismatch):
            return [self._refusal(line, cells, error.column, error.code, error.params)]
        bad = list(self._bad_cells(line, cells))
        return bad or [self._refusal(line, cells, None, error.code, dict(error.params))]

    def _bad_cells(self, line: int, cells: Sequence[Any]) -> Iterator[Refusal]:
        for column in self.plan:
            try:
                column.meaning.convert(cells[column.position])
            except BadCell as bad:
                params = dict(bad.params)
                if bad.code in SETTLED_BY:
                    params["setting"] = f"sources: {self.file.entity}: {SETTLED_BY[bad.code]}"
                yield self._refusal(line, cells, column, bad.code, params)

    def _of_pydantic(self, line: int, cells: Sequence[Any], detail: ErrorDetails) -> Refusal:
        context: dict[str, Any] = detail.get("ctx", {})
        name = context.get("column") or str(detail["loc"][0])
        column = next((column for column in self.plan if column.name == name), None)
        if detail["type"] == "row":
            params = {key: value for key, value in context.items() if key not in {"code", "column"}}
            return self._refusal(line, cells, column, context["code"], params, name=name)
        kind = kind_of(self.model.model_fields[name])
        code = f"not_a_{kind}" if kind in {Kind.COUNTRY, Kind.CURRENCY} else CODES.get(detail["type"], "invalid")
        return self._refusal(line, cells, column, code, self._limits(name, context), name=name)

    def _limits(self, name: str, context: dict[str, Any]) -> dict[str, Any]:
        limit = next((context[key] for key in ("max_length", "ge", "le") if key in context), None)
        choices = choices_of(self.model.model_fields[name])
        return {"choices": list(choices)} if choices else {} if limit is None else {"limit": limit}

    def _refusal(
        self, line: int, cells: Sequence[Any], column: Column | None, code: str, params: dict[str, Any], name: str = ""
    ) -> Refusal:
        value = text(cells[column.position]) if column else ""
        return Refusal(self.file.name, line, column.header if column else name, value[:SHOWN], code, params)


class _Mismatch(BadCell):
    def __init__(self, column: Column, sign: str, currency: str) -> None:
        super().__init__("currency_mismatch", sign=sign, currency=currency)
        self.column = column


def has_sign(cell: Any) -> bool:
    """A written amount with more than digits at its ends."""
    bare = cell.strip() if isinstance(cell, str) else ""
    return bool(bare) and not (bare[-1].isdigit() and (bare[0].isdigit() or bare[0] == "-"))


def read(file: DataFile, source: Source, context: Context) -> Reading:
    """Understand a file's header and conventions; raises UnreadableFile."""
    records = _opener(file, source, context)
    header = _header(records())
    model = MODELS[file.entity]
    named = context.vocabulary.columns(file.entity, header, source.columns)
    own = {i: name for i, h in enumerate(header) if (name := _own_name(named.get(i, h)))}
    named = {i: name for i, name in named.items() if i not in own and name in {*model.model_fields, "deleted"}}
    if missing := model.missing(named.values()):
        raise UnreadableFile("missing_columns", columns=list(missing), found=[h for h in header if h.strip()])
    plan = columns(file.entity, header, named, lambda: islice(records(), 1, None), source, context)
    extra = [Column(i, header[i], name, Kind.TEXT, plan[0].meaning) for i, name in own.items()]
    unknown = tuple(
        (h, context.vocabulary.nearest(file.entity, h))
        for i, h in enumerate(header)
        if h.strip() and h != REASON and i not in named and i not in own
    )
    present = _present(model, named.values(), file.entity)
    return Reading(file, model, present, len(header), plan, extra, context, unknown, records)


def _present(model: type[Row], named: Any, entity: str) -> tuple[str, ...]:
    """The columns that the file fills; an absent part of a key is ''."""
    have = {*named, *model.KEY} - {"deleted"}
    if entity == "mrr":
        have.add("currency")
    return tuple(name for name in model.model_fields if name in have)


def _own_name(header: str) -> str | None:
    """x_region, X Region -> x_region; None for a column that is not the company's own."""
    folded = fold(header)
    return folded.replace(" ", "_") if folded.startswith("x ") and header.strip()[1:2] in "_ " else None


def _opener(file: DataFile, source: Source, context: Context) -> Callable[[], Iterator[Record]]:
    with file.path.open("rb") as content:
        start = content.read(4)
    if not start:
        raise UnreadableFile("empty")
    if workbook.is_workbook(start):
        names = (file.path.stem, file.entity, *context.vocabulary.file_names(file.entity))
        return lambda: workbook.records(file.path, names)
    if file.path.suffix.lower().startswith(".xls"):
        raise UnreadableFile("not_a_workbook")
    encoding = source.encoding or delimited.detected(file.path)
    return lambda: delimited.records(file.path, encoding)


def _header(records: Iterator[Record]) -> list[str]:
    found = next(records, None)
    if found is None:
        raise UnreadableFile("empty")
    return [text(cell).strip() for cell in found[1]]
