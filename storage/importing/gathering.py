"""Every file of an import read into staging: people and identifiers first, for the others name them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from domain.policies.policy import Policy, Source
from storage.database import Database
from storage.importing import colleagues
from storage.importing.colleagues import Colleagues
from storage.importing.staging import Staging
from storage.importing.standing import identified
from storage.sources import reading
from storage.sources.columns import Context
from storage.sources.files import DataFile
from storage.sources.problems import UnreadableFile, Warned
from storage.sources.reading import Parsed, Reading
from storage.sources.vocabulary import Vocabulary
from storage.tables import accounts, identifiers

FIRST = ("people", "identifiers")
Progress = Callable[[str, int, int], None]


@dataclass
class Gathered:
    """What is known of one file after it was read; `failed` says why nothing of it could be used."""

    file: DataFile
    unknown_columns: tuple[tuple[str, str | None], ...] = ()
    warnings: list[Warned] = field(default_factory=list)
    refused: int = 0
    failed: UnreadableFile | None = None
    reading: Reading | None = None


class Gathering:
    """Reads the files of one import."""

    def __init__(self, database: Database, staging: Staging, policy: Policy, vocabulary: Vocabulary, day: date) -> None:
        self.database = database
        self.staging = staging
        self.policy = policy
        self.context = Context(day, ZoneInfo(policy.time_zone), policy.currency, vocabulary, self._account)
        self._knows_aliases = False

    def read(self, files: tuple[DataFile, ...]) -> list[Gathered]:
        """The files in their order; a file that cannot be read leaves nothing behind."""
        gathered = [Gathered(file) for file in files]
        people = self._colleagues([each for each in gathered if each.file.entity == "people"])
        self.context = Context(
            self.context.today, self.context.zone, self.context.currency, self.context.vocabulary, self._account,
            people.resolve,
        )  # fmt: skip
        for entity in FIRST:
            self._stage(people, ((place, each) for place, each in enumerate(gathered) if each.file.entity == entity))
        self._stage(people, ((place, each) for place, each in enumerate(gathered) if each.file.entity not in FIRST))
        self.staging.index()
        self.staging.refuse_duplicates([file.name for file in files])
        for place, each in enumerate(gathered):
            each.refused = self.staging.refused(place)
        return gathered

    def source(self, file: DataFile) -> Source:
        return file.source or self.policy.sources.get(file.entity) or Source()

    def _stage(self, people: Colleagues, files: Iterable[tuple[int, Gathered]]) -> None:
        for place, each in files:
            people.unknown.clear()
            try:
                found = reading.read(each.file, self.source(each.file), self.context)
                self.staging.add(place, each.file.entity, found)
            except UnreadableFile as failed:
                each.failed = failed
                continue
            each.reading, each.unknown_columns = found, found.unknown
            each.warnings += [Warned("unknown_person", {"name": name}) for name in sorted(people.unknown)]

    def _colleagues(self, files: Iterable[Gathered]) -> Colleagues:
        """Who is known already, and whom the import's own files name."""
        with self.database.transaction() as tx:
            known = colleagues.known(tx)
        for each in files:
            for row in self._parsed(each.file):
                if row.values is not None:
                    told = dict(zip(self._people_columns, row.values, strict=True))
                    known.learn(told["email"], told.get("name"), told.get("aliases"))
        return known

    def _parsed(self, file: DataFile) -> Iterator[Parsed]:
        try:
            found = reading.read(file, self.source(file), self.context)
            self._people_columns = found.columns
            yield from (row for row in found.rows() if isinstance(row, Parsed))
        except UnreadableFile:
            return

    def _account(self, ref: str) -> str:
        """The account_id behind system:external_id, where it is known."""
        if ":" not in ref:
            return ref
        if not self._knows_aliases:
            self._learn_aliases()
        return self.staging.alias(identified(ref)) or ref

    def _learn_aliases(self) -> None:
        self._knows_aliases = True
        ref = func.lower(identifiers.c.system) + ":" + identifiers.c.external_id
        query = select(ref, accounts.c.account_id).join_from(
            identifiers, accounts, identifiers.c.account == accounts.c.number
        )
        with self.database.transaction() as tx:
            for page in tx.execute(query).partitions(1_000):
                self.staging.know((row[0], row[1]) for row in page)
        self.staging.know(
            (identified(f"{row.content['system']}:{row.content['external_id']}"), row.account)
            for row in self.staging.rows("identifiers")
            if row.content
        )
