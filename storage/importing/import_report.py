"""What an import did, file by file: codes and values; words are chosen at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storage.importing.arrivals import Conflict
from storage.sources.problems import Refusal, Warned


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of the rows of one file. `refusals` are the first KEPT; all are in `refused_file`."""

    name: str
    entity: str | None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    parked: int = 0
    refused: int = 0
    refusals: tuple[Refusal, ...] = ()
    unknown_columns: tuple[tuple[str, str | None], ...] = ()
    warnings: tuple[Warned, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    error: Warned | None = None
    refused_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`landed`: rows of earlier imports whose account came with this one, by file of the contract."""

    import_id: int | None
    files: tuple[FileReport, ...] = ()
    ignored: tuple[str, ...] = ()
    landed: Mapping[str, int] = field(default_factory=dict)
    checked: bool = False
    already_imported: bool = False
    resumed: bool = False

    @property
    def ok(self) -> bool:
        """Nothing was refused, in conflict or unreadable."""
        return bool(self.files) and not any(file.refused or file.conflicts or file.error for file in self.files)
