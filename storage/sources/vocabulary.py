"""How companies name our files, columns and values: vocabulary.yaml, folded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from storage.names import fold
from storage.sources.kinds import choices_of
from storage.sources.rows import MODELS

SHIPPED = Path(__file__).with_name("vocabulary.yaml")
CLOSE = 75
COUNTED_UP = frozenset({"export", "copy", "copia", "final", "part", "parte", "all", "todo", "new", "nuevo", "refused"})


@dataclass(frozen=True)
class Vocabulary:
    """Synonyms of files, columns and values."""

    data: Mapping[str, Any]

    @cached_property
    def _files(self) -> dict[str, str]:
        named = {fold(name): name for name in MODELS}
        return {fold(alias): name for name, aliases in self.data["files"].items() for alias in aliases} | named

    def file(self, stem: str) -> str | None:
        """The file of the contract that a file's name means; a date, a number or "copy" may follow."""
        words = fold(stem).split()
        for length in range(len(words), 0, -1):
            name = self._files.get(" ".join(words[:length]))
            if name and all(word in COUNTED_UP or any(map(str.isdigit, word)) for word in words[length:]):
                return name
        return None

    def file_names(self, name: str) -> list[str]:
        return self.data["files"][name]  # type: ignore[no-any-return]

    def synonyms(self, entity: str, column: str) -> list[str]:
        """What else a column of this file may be called."""
        own: list[str] | None = self.data["columns_of"].get(entity, {}).get(column)
        return own if own is not None else self.data["columns"].get(column, [])

    def columns(self, entity: str, headers: Iterable[str], mapping: Mapping[str, str]) -> dict[int, str]:
        """Our column for each position of a header that is understood: mapped, our own name, then synonyms."""
        folded = [fold(header) for header in headers]
        mapped = {fold(theirs): ours for theirs, ours in mapping.items()}
        ours = {fold(name): name for name in (*MODELS[entity].model_fields, "deleted")}
        found = {i: mapped[h] for i, h in enumerate(folded) if h in mapped}
        _take(found, folded, {name: [column] for name, column in ours.items()})
        _take(found, folded, self._meanings(entity))
        return found

    def _meanings(self, entity: str) -> dict[str, list[str]]:
        meanings: dict[str, list[str]] = {}
        for column in (*MODELS[entity].model_fields, "deleted"):
            for synonym in self.synonyms(entity, column):
                meanings.setdefault(fold(synonym), []).append(column)
        return meanings

    def values(self, entity: str, column: str, mapping: Mapping[str, str]) -> dict[str, str]:
        """The folded word for each value of a column that takes one of a few, or has known synonyms."""
        known: dict[str, list[str]] = self.data["values"].get(f"{entity}.{column}") or self.data["values"].get(
            column, {}
        )
        words = {fold(choice): choice for choice in choices_of(MODELS[entity].model_fields[column])}
        words |= {fold(said): value for value, synonyms in known.items() for said in (value, *synonyms)}
        return words | {fold(theirs): _meant(ours, words) for theirs, ours in mapping.items()}

    @cached_property
    def flags(self) -> dict[str, bool]:
        return {fold(word): value for value, words in self.data["flags"].items() for word in words}

    def nearest(self, entity: str, header: str) -> str | None:
        """The column that an unknown header may have meant."""
        known = {fold(name): name for name in MODELS[entity].model_fields}
        known |= {said: columns[0] for said, columns in self._meanings(entity).items()}
        found = process.extractOne(fold(header), known.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE)
        return known[found[0]] if found else None


@cache
def shipped() -> Vocabulary:
    return Vocabulary(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


def _meant(ours: str, words: Mapping[str, str]) -> str:
    return words.get(fold(ours), ours)


def _take(found: dict[int, str], folded: list[str], meanings: Mapping[str, list[str]]) -> None:
    """Give each header its column; one with a single meaning comes before one that has several."""
    asking = [(len(meanings[h]), i, meanings[h]) for i, h in enumerate(folded) if i not in found and h in meanings]
    for _, position, columns in sorted(asking):
        free = next((column for column in columns if column not in found.values()), None)
        if free:
            found[position] = free
