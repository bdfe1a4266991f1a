"""The columns of one file: which of ours each header is, and what its cells mean."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from domain.policies.policy import Source
from storage.names import fold
from storage.sources import dates, numerals
from storage.sources.delimited import Record
from storage.sources.kinds import DATED, NUMERIC, Kind, kind_of
from storage.sources.problems import BadCell
from storage.sources.rows import MODELS
from storage.sources.vocabulary import Vocabulary
from storage.sources.workbook import Faulty

REMEMBERED = 50_000


@dataclass(frozen=True)
class Context:
    """What the reading of a cell may need to know. `account` and `person` give the canonical id and e-mail."""

    today: date
    zone: ZoneInfo
    currency: str
    vocabulary: Vocabulary
    account: Callable[[str], str] = str
    person: Callable[[str], str] = str


class Meaning(dict[Any, Any]):
    """What the cells of one column mean; columns repeat themselves, so each text is worked out once."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        super().__init__()
        self.convert = convert

    def __missing__(self, cell: Any) -> Any:
        value = self.convert(cell)
        if len(self) < REMEMBERED:
            self[cell] = value
        return value


@dataclass(slots=True)
class Evidence:
    """What the whole of a column says about its convention."""

    votes: set[str] = field(default_factory=set)
    seen: set[Any] = field(default_factory=set)

    @property
    def convention(self) -> Any:
        return next(iter(self.votes)) if len(self.votes) == 1 else None


@dataclass(frozen=True, slots=True)
class Column:
    position: int
    header: str
    name: str
    kind: Kind
    meaning: Meaning


def settle(records: Iterable[Record], kinds: Mapping[int, Kind]) -> dict[int, Evidence]:
    """Read the whole file once for the order of its dates and the mark of its decimals."""
    found = {position: Evidence() for position, kind in kinds.items() if kind in DATED | NUMERIC}
    witnesses = [
        (position, evidence.seen, evidence.votes, dates.evidence if kinds[position] in DATED else numerals.evidence)
        for position, evidence in found.items()
    ]
    for _, cells in records if witnesses else ():
        for position, seen, votes, witness in witnesses:
            cell = cells[position] if position < len(cells) else ""
            if cell not in seen:
                if len(seen) < REMEMBERED:
                    seen.add(cell)
                if vote := witness(cell):
                    votes.add(vote)
    return found


def columns(
    entity: str, header: Sequence[str], named: Mapping[int, str], records: Callable[[], Iterable[Record]],
    source: Source, context: Context,
) -> list[Column]:  # fmt: skip
    """Each understood column with the meaning of its cells; its convention is settled when a cell depends on it."""
    fields = MODELS[entity].model_fields
    kinds = {position: kind_of(fields[name]) for position, name in named.items() if name in fields}
    found = cache(lambda: settle(records(), kinds))
    return [
        Column(position, header[position], name, kind, Meaning(_reader(entity, name, kind, settings, context)))
        for position, name in named.items()
        for kind in [kinds.get(position, Kind.FLAG if name == "deleted" else Kind.TEXT)]
        for settings in [_Settings(source, _convention(found, position), source.values.get(name, {}))]
    ]


def _convention(found: Callable[[], Mapping[int, Evidence]], position: int) -> Callable[[], Any]:
    return lambda: found()[position].convention


@dataclass(frozen=True, slots=True)
class _Settings:
    """`convention`: what the whole column says, where the policy does not."""

    source: Source
    convention: Callable[[], Any]
    values: Mapping[str, str]


def _reader(entity: str, name: str, kind: Kind, settings: _Settings, context: Context) -> Callable[[Any], Any]:
    read = _of_kind(entity, name, kind, settings, context)
    empty = _when_empty(entity, name, context)

    def convert(cell: Any) -> Any:
        if isinstance(cell, Faulty):
            raise BadCell("formula_without_value" if cell.startswith("=") else "excel_error")
        trimmed = cell.strip() if isinstance(cell, str) else cell
        if trimmed == "":
            if empty is _REQUIRED:
                raise BadCell("required")
            return empty
        return read(trimmed)

    return convert


_REQUIRED = object()


def _when_empty(entity: str, name: str, context: Context) -> Any:
    model = MODELS[entity]
    if name == "currency" and entity != "accounts":
        return context.currency
    if name not in model.model_fields:
        return None
    field_ = model.model_fields[name]
    return _REQUIRED if field_.is_required() else field_.get_default()


def _of_kind(entity: str, name: str, kind: Kind, settings: _Settings, context: Context) -> Callable[[Any], Any]:
    words = _words(entity, name, kind, settings, context)
    day = _dated(dates.day, settings)
    moment = _dated(lambda cell, order: dates.moment(cell, order, context.zone), settings)
    number = _numeric(numerals.number, settings)
    signed = "currency" in MODELS[entity].model_fields
    readers: dict[Kind, Callable[[Any], Any]] = {
        Kind.DAY: day,
        Kind.PAST_DAY: lambda cell: _past(day(cell), context.today),
        Kind.MONTH: _dated(dates.month, settings),
        Kind.MOMENT: lambda cell: _past_moment(moment(cell), context),
        Kind.MONEY: _numeric(lambda cell, mark: _money(cell, mark, signed=signed), settings),
        Kind.NUMBER: number,
        Kind.WHOLE: _numeric(numerals.whole, settings),
        Kind.HOURS: lambda cell: float(number(cell)),
        Kind.FLAG: lambda cell: _flag(text(cell), words),
        Kind.EMAIL: lambda cell: _email(text(cell)),
        Kind.COUNTRY: lambda cell: words.get(fold(text(cell)), text(cell).upper()),
        Kind.CURRENCY: lambda cell: words.get(fold(text(cell)), text(cell).upper()),
        Kind.ACCOUNT: lambda cell: context.account(text(cell)),
        Kind.PERSON: lambda cell: context.person(words.get(fold(text(cell)), text(cell))),
    }
    said = (lambda cell: words.get(fold(text(cell)), text(cell))) if words else text
    read = readers.get(kind, said)
    return _with_last_day(read) if name == "ends_on" and settings.source.ends_on == "last_day" else read


def _dated(read: Callable[[Any, dates.Order | None], Any], settings: _Settings) -> Callable[[Any], Any]:
    """The policy's order of day and month; else only a date that depends on it asks for the column's."""

    def convert(cell: Any) -> Any:
        try:
            return read(cell, settings.source.dates)
        except BadCell as bad:
            if bad.code != "ambiguous_date":
                raise
        return read(cell, settings.convention())

    return convert


def _numeric(read: Callable[[Any, numerals.Mark | None], Any], settings: _Settings) -> Callable[[Any], Any]:
    """The policy's decimal mark; else only a number that depends on it asks for the column's."""
    given = numerals.MARKS.get(settings.source.decimal or "")

    def convert(cell: Any) -> Any:
        if given is None and numerals.either_way(cell):
            return read(cell, settings.convention())
        return read(cell, given)

    return convert


def _words(entity: str, name: str, kind: Kind, settings: _Settings, context: Context) -> dict[str, Any]:
    """What the column's words mean, folded."""
    if kind is Kind.FLAG:
        flags = context.vocabulary.flags
        return flags | {fold(theirs): flags[fold(ours)] for theirs, ours in settings.values.items()}
    return context.vocabulary.values(entity, name, settings.values) if name in MODELS[entity].model_fields else {}


def _with_last_day(read: Callable[[Any], date]) -> Callable[[Any], date]:
    return lambda cell: date.fromordinal(read(cell).toordinal() + 1)


def _past(named: date, today: date) -> date:
    if named > today:
        raise BadCell("in_the_future")
    return named


def _past_moment(named: datetime, context: Context) -> datetime:
    _past(named.astimezone(context.zone).date(), context.today)
    return named


def _money(cell: Any, mark: numerals.Mark | None, *, signed: bool) -> Decimal:
    """An amount; `signed`: it may name its currency, for the row has one to compare with."""
    if isinstance(cell, str) and "%" in cell:
        raise BadCell("not_a_number")
    if numerals.currency_of(cell) and not signed:
        raise BadCell("currency_not_here")
    return numerals.number(cell, mark)


def _flag(word: str, flags: Mapping[str, bool]) -> bool:
    if fold(word) not in flags:
        raise BadCell("not_a_flag")
    return flags[fold(word)]


def _email(address: str) -> str:
    name, at, domain = address.partition("@")
    if not (name and at and "." in domain) or any(sign in address for sign in " ,;<>") or "@" in domain:
        raise BadCell("not_an_email")
    return address.lower()


def text(cell: Any) -> str:
    """The words of a cell, also of one that a workbook keeps as a number or a date."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Decimal):
        return format(cell.to_integral_value() if cell == cell.to_integral_value() else cell, "f")
    if isinstance(cell, datetime) and cell.time() == cell.time().min:
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def suspects(found: Iterable[Column]) -> Iterator[Column]:
    """The columns of money, whose cells may name a currency of their own."""
    return (column for column in found if column.kind is Kind.MONEY)
