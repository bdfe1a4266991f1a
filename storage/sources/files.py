"""Which files are meant: paths and folders, recognised by name, digested by content."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.policies.policy import Source
from storage.sources.vocabulary import Vocabulary

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls"})
READ_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of the contract; `name` is unique in one import.

    source: how it is read, where the policy's entry of its own name does not say. feed: what it is known as among the
    sources beside its entity.
    """

    path: Path
    name: str
    entity: str
    digest: str
    source: Source | None = None
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    files: tuple[DataFile, ...]
    ignored: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


def find(paths: Iterable[Path], vocabulary: Vocabulary) -> Found:
    """Every data file under the paths, in an order that does not depend on theirs."""
    files: dict[tuple[str, str], DataFile] = {}
    ignored: list[str] = []
    failed: list[tuple[str, str]] = []
    for path, named in _expanded(paths):
        entity = vocabulary.file(path.stem) if path.suffix.lower() in SUFFIXES else None
        if not path.is_file():
            failed.append((str(path), "no_such_file"))
        elif entity is None:
            failed.append((path.name, "not_a_data_file")) if named else ignored.append(path.name)
        elif not (digest := digest_of(path)):
            failed.append((path.name, "unreadable"))
        else:
            files.setdefault((entity, digest), DataFile(path, path.name, entity, digest))
    ordered = sorted(files.values(), key=lambda file: (file.name, file.digest))
    return Found(tuple(_told_apart(ordered)), tuple(sorted(ignored)), tuple(sorted(failed)))


def _expanded(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file, and whether it was named rather than found in a folder."""
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        for inside in sorted(path.iterdir()):
            if inside.is_file() and not inside.name.startswith((".", "~$")) and ".refused" not in inside.suffixes:
                yield inside, False


def _told_apart(files: Iterable[DataFile]) -> Iterator[DataFile]:
    seen: set[str] = set()
    for file in files:
        name = file.name if file.name not in seen else str(file.path)
        seen.add(name)
        yield DataFile(file.path, name, file.entity, file.digest)


def digest_of(path: Path) -> str:
    content = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(READ_AT_ONCE):
                content.update(block)
    except OSError:
        return ""
    return content.hexdigest()
