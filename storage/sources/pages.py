"""Many rows read at once, column by column; a row that is not plainly right is left to be read by itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import compress, islice
from typing import Annotated, Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from storage.sources.columns import REMEMBERED, Meaning
from storage.sources.delimited import Record
from storage.sources.problems import BadCell
from storage.sources.reading import BETWEEN_KEYS, Parsed, Reading, Refused, has_sign
from storage.sources.row import Row

PAGE = 2_000


class Page(NamedTuple):
    """Rows that may be merged: their lines, keys and accounts, and the values of each of the reading's columns."""

    lines: Sequence[int]
    keys: Sequence[str]
    accounts: Sequence[str]
    columns: Sequence[Sequence[Any]]


class _Doubt:
    """A cell whose row has to be read by itself."""


DOUBT = _Doubt()


class _OfTheRow(Exception):
    """What the cell says is a matter of its whole row."""


class _Sure(Meaning):
    """What a cell means where that is sure: its kind can be read, and the contract allows the value."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        super().__init__(convert)
        self.doubted = False

    def __missing__(self, cell: Any) -> Any:
        try:
            value = self.convert(cell)
        except (BadCell, ValidationError, _OfTheRow):
            self.doubted = True
            return DOUBT
        if len(self) < REMEMBERED:
            self[cell] = value
        return value

    def of(self, cells: Sequence[Any]) -> list[Any]:
        return list(map(self.__getitem__, cells))


class Paged:
    """A reading, page by page. What it gives is what the rows would give one by one, in another order."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._deleted = [
            (column.position, _Sure(_not_deleted(column.meaning.convert)))
            for column in reading.plan
            if column.name == "deleted"
        ]
        self._sure = {
            column.name: (column.position, _Sure(_allowed(reading, column.name, column.meaning.convert)))
            for column in reading.plan
            if column.name != "deleted"
        }
        absent = {name: field.default for name, field in reading.model.model_fields.items()}
        self._absent = absent | reading.currency
        self._is_sure_alone = not reading.model.__pydantic_decorators__.model_validators

    def __iter__(self) -> Iterator[tuple[Page | None, list[Parsed | Refused]]]:
        """A page, and the rows beside it that were read by themselves."""
        records = islice(self.reading.open(), 1, None)
        by_column = self.reading.model.stored is Row.stored
        while found := list(islice(records, PAGE)):
            yield self._read(found) if by_column else (None, list(self.reading.parsed(found)))

    def _read(self, found: list[Record]) -> tuple[Page | None, list[Parsed | Refused]]:
        whole, others = self._told_apart(found)
        page = None
        if whole:
            lines, cells = zip(*whole, strict=True)
            values = {name: sure.of(column) for name, sure, column in self._by_column(cells)}
            is_sure = self._are_sure(values, len(whole))
            if not all(is_sure):
                others += [record for record, sure in zip(whole, is_sure, strict=True) if not sure]
                lines, cells = tuple(compress(lines, is_sure)), tuple(compress(cells, is_sure))
                values = {name: list(compress(column, is_sure)) for name, column in values.items()}
            page = self._page(lines, cells, values) if lines else None
        return page, list(self.reading.parsed(others))

    def _told_apart(self, found: list[Record]) -> tuple[list[Record], list[Record]]:
        """The rows as wide as the header that are not deleted, and the others."""
        width = self.reading.width
        whole = [record for record in found if len(record[1]) == width]
        for position, kept in self._deleted:
            whole = [record for record in whole if kept[record[1][position]] is not DOUBT]
        if len(whole) == len(found):
            return whole, []
        lines = {line for line, _ in whole}
        return whole, [record for record in found if record[0] not in lines]

    def _by_column(self, cells: Sequence[Sequence[Any]]) -> Iterator[tuple[str, _Sure, Sequence[Any]]]:
        columns = list(zip(*cells, strict=True))
        return ((name, sure, columns[position]) for name, (position, sure) in self._sure.items())

    def _are_sure(self, values: Mapping[str, list[Any]], count: int) -> list[bool]:
        is_sure = [True] * count
        for name, (_, sure) in self._sure.items():
            if sure.doubted:
                is_sure = [so_far and value is not DOUBT for so_far, value in zip(is_sure, values[name], strict=True)]
                sure.doubted = False
        if self._is_sure_alone:
            return is_sure
        rows = zip(is_sure, *values.values(), strict=True)
        return [sure and self._agrees(dict(zip(values, row, strict=True))) for sure, *row in rows]

    def _agrees(self, values: dict[str, Any]) -> bool:
        """Whether the contract allows the row as a whole."""
        try:
            self.reading.validate(self.reading.currency | values)
        except ValidationError:
            return False
        return True

    def _page(self, lines: Sequence[int], cells: Sequence[Sequence[Any]], values: Mapping[str, Sequence[Any]]) -> Page:
        reading, count = self.reading, len(lines)
        told = {name: values[name] if name in values else [self._absent[name]] * count for name in reading.present}
        columns: list[Sequence[Any]] = list(told.values())
        if reading.extra:
            columns.append([reading.own(row) for row in cells])
        parts = [told[name] for name in reading.model.KEY]
        texts = [part if isinstance(part[0], str) else list(map(str, part)) for part in parts]
        keys = list(map(BETWEEN_KEYS.join, zip(*texts, strict=True)))
        return Page(lines, keys, told["account_id"] if reading.has_account else [""] * count, columns)


def _not_deleted(is_deleted: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def convert(cell: Any) -> None:
        if is_deleted(cell):
            raise _OfTheRow

    return convert


def _allowed(reading: Reading, name: str, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A cell's value, as the field of the contract takes it; an amount with a sign is a matter of its whole row."""
    check = _checks(reading.model)[name]
    if name not in reading.amounts:
        return lambda cell: check(convert(cell))

    def unsigned(cell: Any) -> Any:
        if has_sign(cell):
            raise _OfTheRow
        return check(convert(cell))

    return unsigned


@cache
def _checks(model: type[Row]) -> Mapping[str, Callable[[Any], Any]]:
    """What the model asks of each of its fields."""
    kinds: dict[str, Any] = {name: Annotated[field.annotation, field] for name, field in model.model_fields.items()}
    return {name: TypeAdapter(kind).validator.validate_python for name, kind in kinds.items()}
