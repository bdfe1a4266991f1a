"""One import under way, and what became of its rows."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from storage.importing.staging import Staged
from storage.sources.problems import Refusal
from storage.sources.rows import MODELS

KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """`first`: the files that never came before; their facts count as known from their own date."""

    import_id: int
    day: date
    zone: ZoneInfo
    currency: str
    first: frozenset[str]
    names: tuple[str, ...]

    def known_on(self, entity: str, own: date | None, since: date | None) -> date:
        """Today; in a first load the fact's own day, for a fact without one the account's first day."""
        return min(own or since or self.day, self.day) if entity in self.first else self.day

    def own_day(self, entity: str, values: Mapping[str, Any]) -> date | None:
        """The day that the fact itself bears."""
        for name in MODELS[entity].DATED:
            if dated := values.get(name):
                return self.day_of(dated)
        return None

    def day_of(self, dated: date | datetime | None) -> date | None:
        return dated.astimezone(self.zone).date() if isinstance(dated, datetime) else dated


@dataclass(frozen=True, slots=True)
class Conflict:
    """Import and person both changed a column since the last import: the person's value stands."""

    entity: str
    key: str
    column: str
    standing: Any
    imported: Any


@dataclass
class Tally:
    """What became of the rows of one file of the contract, by the place of the file that told of them."""

    counts: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    refusals: list[tuple[int, Refusal]] = field(default_factory=list)
    conflicts: list[tuple[int, Conflict]] = field(default_factory=list)
    newest: date | None = None

    def count(self, row: Staged, verdict: str) -> None:
        files = row.files
        self.counts[files[-1]][verdict] += 1
        for place in files[:-1]:
            self.counts[place]["unchanged"] += 1

    def refuse(
        self, row: Staged, names: tuple[str, ...], code: str, column: str = "", value: str = "", **params: Any
    ) -> None:
        place = row.files[-1]
        self.counts[place]["refused"] += 1
        self.refusals.append((place, Refusal(names[place], row.line, column, value or row.account, code, params)))

    def saw(self, day: date | None) -> None:
        if day and (self.newest is None or day > self.newest):
            self.newest = day

    def add(self, other: "Tally") -> None:
        for place, counted in other.counts.items():
            self.counts[place].update(counted)
        self.refusals = [*self.refusals, *other.refusals][:KEPT]
        self.conflicts = [*self.conflicts, *other.conflicts][:KEPT]
        self.saw(other.newest)

    def kept(self) -> dict[str, Any]:
        """As JSON, for the import that is resumed."""
        return {
            "counts": {str(place): dict(counted) for place, counted in self.counts.items()},
            "refusals": [[place, asdict(refusal)] for place, refusal in self.refusals],
            "conflicts": [[place, asdict(conflict)] for place, conflict in self.conflicts],
            "newest": self.newest.isoformat() if self.newest else None,
        }

    @classmethod
    def resumed(cls, kept: Mapping[str, Any]) -> "Tally":
        return cls(
            defaultdict(Counter, {int(place): Counter(counted) for place, counted in kept["counts"].items()}),
            [(place, Refusal(**refusal)) for place, refusal in kept["refusals"]],
            [(place, Conflict(**conflict)) for place, conflict in kept["conflicts"]],
            date.fromisoformat(kept["newest"]) if kept["newest"] else None,
        )
