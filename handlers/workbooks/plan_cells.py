"""What a cell of an edited plan means, whatever it was typed as, in either language; or why it cannot be taken."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.folding import fold
from domain.workbooks.edited_plans import FIELDS, OF_NEW, Kind, Rows, Value, alike
from handlers.verbs.imports import REASONS
from storage.sources import dates, numerals
from storage.sources.problems import BadCell
from words import LANGUAGES, N_, Words

if TYPE_CHECKING:
    from reports.edited_plan import Place, Raw, ReadPlan, ReadRow

LONGEST: Mapping[str, int] = {"statement": 1000, "title": 300, "measure": 200, "note": 4000, "reason": 1000}
SHORT = 254
MOST = Decimal(10**12)
FAULTS: Mapping[str, str] = {
    "formula": N_("a formula whose result was never saved: open the file in Excel and save it"),
    "error": N_("an Excel error instead of a value"),
    "merged": N_("the cell is merged with another: split them and write both values"),
}


@dataclass(frozen=True)
class Refused:
    """A cell that is not taken, and why, in the reader's words."""

    place: "Place"
    why: str
    given: str = ""


@dataclass
class Said:
    """What the file says: rows by their ids and new ones in order; where each value stands; what cannot be read."""

    rows: dict[tuple[str, str], dict[str, Value]] = field(default_factory=dict)
    new: list[dict[str, Value]] = field(default_factory=list)
    places: dict[tuple[tuple[str, str], str], "Place"] = field(default_factory=dict)
    new_places: list[dict[str, "Place"]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """people, contacts: folded names and e-mails → e-mail, id; '' where several bear the name.

    words: of whoever sent the file, who decides how an ambiguous number or day is meant.
    """

    words: Words
    people: Mapping[str, str]
    contacts: Mapping[str, str]

    def said(self, plan: "ReadPlan", base: Rows) -> Said:
        """A row that stands twice is read once where it says the same, else its cells are refused."""
        found = Said()
        for row in plan.rows:
            if row.row_id is None and row.entity not in OF_NEW:
                place = next(raw.place for raw in row.cells.values() if raw.value is not None or raw.fault)
                found.refused.append(Refused(place, self.words._("new rows are taken on the sheet of tasks only")))
                continue
            values, places = self._row(row, found, base)
            if row.row_id is None:
                if row.entity in OF_NEW and values:
                    found.new.append(values)
                    found.new_places.append(places)
                continue
            key = (row.entity, row.row_id)
            stood = found.rows.setdefault(key, {})
            for name, value in values.items():
                if name not in stood or self._counts(found, key, name, value, places[name], base):
                    stood[name] = value
                    found.places[key, name] = places[name]
        return found

    def _counts(self, found: Said, key: tuple[str, str], name: str, value: Value, place: "Place", base: Rows) -> bool:
        """Of two copies of a row the one that was edited; refused where both were, and differently."""
        was, stands = base.get(key, {}).get(name), found.rows[key][name]
        if alike(value, was) or alike(value, stands):
            return False
        if alike(stands, was):
            return True
        other = found.places[key, name]
        why = self.words._("the row stands twice and says two things, here and in {sheet} {cell}",
                           sheet=other.sheet, cell=other.cell)  # fmt: skip
        found.refused.append(Refused(place, why))
        found.rows[key][name] = was
        return False

    def _row(self, row: "ReadRow", found: Said, base: Rows) -> tuple[dict[str, Value], dict[str, "Place"]]:
        kinds: Mapping[str, Kind] = FIELDS[row.entity] if row.row_id else OF_NEW.get(row.entity, {})
        values: dict[str, Value] = {}
        places: dict[str, Place] = {}
        for name, raw in row.cells.items():
            try:
                values[name] = self._value(row.entity, name, kinds[name], raw)
                places[name] = raw.place
            except BadCell as bad:
                found.refused.append(Refused(raw.place, _why(self.words, bad), str(raw.value or "")))
        if row.row_id is not None and (row.entity, row.row_id) not in base:
            return {}, {}
        return values, places

    def _value(self, entity: str, name: str, kind: Kind, raw: "Raw") -> Value:
        if raw.fault:
            raise BadCell(raw.fault)
        if raw.value is None:
            return None
        return READ[kind](self, entity, name, raw)

    def text(self, _entity: str, name: str, raw: "Raw") -> Value:
        said = raw.value if isinstance(raw.value, str) else self._shown(raw)
        most = LONGEST.get(name, SHORT)
        if len(said) > most:
            raise BadCell("too_long", limit=most)
        if name == "email" and ("@" not in said.strip("@") or " " in said):
            raise BadCell("not_an_email")
        return self._contact(said) if name == "contact_id" else said

    def _shown(self, raw: "Raw") -> str:
        """A number or a day where a text belongs."""
        value = raw.value
        if isinstance(value, date):
            return self.words.day(value)
        return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)

    def _contact(self, said: str) -> str:
        found = self.contacts.get(fold(said))
        if not found:
            raise BadCell("unknown_contact", name=said)
        return found

    def number(self, _entity: str, _name: str, raw: "Raw") -> Value:
        """Percents are kept as 51, shown as 51 %."""
        given = raw.value
        if isinstance(given, date):
            raise BadCell("not_a_number")
        mark = "," if self.words.locale.number_symbols["latn"]["decimal"] == "," else "."
        value = numerals.number(given, mark)  # type: ignore[arg-type]
        if raw.percent if not isinstance(given, str) else "%" in given:
            value *= 100
        if abs(value) >= MOST:
            raise BadCell("too_large", limit=self.words.number(MOST))
        return round(value, 4)

    def day(self, _entity: str, _name: str, raw: "Raw") -> Value:
        order = "mdy" if self.words.locale.date_formats["short"].pattern.lower().startswith("m") else "dmy"
        return dates.day(raw.value, order)  # type: ignore[arg-type]

    def choice(self, entity: str, name: str, raw: "Raw") -> Value:
        """A word in either language, or its code."""
        from reports.plan_columns import CHOICES  # noqa: PLC0415  with openpyxl behind it

        names = CHOICES[entity, name]
        said = fold(str(raw.value))
        known = {fold(form): code for code, form in _forms(names)}
        if said in known:
            return known[said]
        raise BadCell("not_a_choice", choices=self.words.listed(self.words._(form) for form in names.values()))

    def person(self, _entity: str, _name: str, raw: "Raw") -> Value:
        said = str(raw.value)
        found = self.people.get(fold(said))
        if found is None:
            raise BadCell("unknown_person", name=said)
        if not found:
            raise BadCell("several_people", name=said)
        return found


def _forms(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for code, form in names.items():
        yield code, code
        yield from ((code, Words(language)._(form)) for language in LANGUAGES)


READ: Mapping[Kind, Callable[[Reader, str, str, "Raw"], Value]] = {
    "text": Reader.text,
    "number": Reader.number,
    "day": Reader.day,
    "choice": Reader.choice,
    "person": Reader.person,
}
OWN: Mapping[str, str] = {
    "unknown_person": N_("nobody of ours is called {name}: give the name as in the list, or the e-mail"),
    "several_people": N_("several of ours are called {name}: give the e-mail"),
    "unknown_contact": N_("the account has no contact called {name}"),
}


def _why(words: Words, bad: BadCell) -> str:
    sentence = {**REASONS, **FAULTS, **OWN}.get(bad.code, REASONS["invalid"])
    return words._(sentence, **bad.params)
