"""Importing files: read into staging, merged in chunks, resumed where it was interrupted, undone by its id."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from domain.policies.policy import Policy
from storage.database import Database, Transaction, upsert
from storage.importing import aftermath, contradictions, parents, parking, refused, wholesale
from storage.importing.arrivals import KEPT, Arrival, Conflict, Tally
from storage.importing.garbage import few_collections
from storage.importing.gathering import Gathered, Gathering, Progress
from storage.importing.import_report import FileReport, Report
from storage.importing.merging import merge
from storage.importing.refused import Reason
from storage.importing.rehearsal import rehearsal
from storage.importing.staging import Staging, staging
from storage.importing.undoing import Undone, purge, undo
from storage.sources import vocabulary
from storage.sources.files import DataFile, Found, find
from storage.sources.problems import Refusal, Warned
from storage.sources.rows import MODELS
from storage.tables import import_progress, imports, sources

BATCH = 5_000

__all__ = ["Conflict", "FileReport", "Refusal", "Report", "Undone", "Warned", "run", "run_found", "undo"]


def run(
    database: Database,
    paths: Iterable[Path],
    *,
    policy: Policy,
    who: str,
    now: datetime,
    today: date,
    check: bool = False,
    progress: Progress | None = None,
    reason: Reason | None = None,
) -> Report:
    """Import files and folders; with `check`, say what would happen. `reason` words the refused rows' files."""
    found = find((Path(path) for path in paths), vocabulary.shipped())
    return run_found(
        database, found, policy=policy, who=who, now=now, today=today, check=check, progress=progress, reason=reason
    )


def run_found(
    database: Database,
    found: Found,
    *,
    policy: Policy,
    who: str,
    now: datetime,
    today: date,
    origin: str = "files",
    check: bool = False,
    progress: Progress | None = None,
    reason: Reason | None = None,
) -> Report:
    """Import what was found already; `origin` says where it came from."""
    failed = [FileReport(name, None, error=Warned(code)) for name, code in found.failed]
    if not found.files:
        return Report(None, tuple(failed), found.ignored, checked=check)
    trial = rehearsal(database) if check else nullcontext(database)
    with few_collections(), trial as target, staging() as staged:
        begun = _begin(target, found, policy, who, origin, now, today)
        gathered = Gathering(target, staged, policy, vocabulary.shipped(), begun.arrival.day).read(found.files)
        merged = _Merging(target, staged, begun.arrival, progress or (lambda _name, _done, _total: None))
        merged.run()
        warned = merged.settle()
        reports = _reports(gathered, staged, merged, warned)
        if not check:
            reports = [
                _with_refused_file(report, each, staged, place, reason)
                for place, (report, each) in enumerate(zip(reports, gathered, strict=True))
            ]
        report = Report(
            begun.arrival.import_id,
            (*reports, *merged.landings, *failed),
            found.ignored,
            merged.landed,
            check,
            begun.seen,
            begun.resumed,
        )
        _finish(target, begun, gathered, merged, report, now)
    return replace(report, import_id=None) if check else report


@dataclass(frozen=True, slots=True)
class _Begun:
    arrival: Arrival
    seen: bool
    resumed: bool


def _begin(
    database: Database, found: Found, policy: Policy, who: str, origin: str, now: datetime, today: date
) -> _Begun:
    """A new import, or the one of the same files that was interrupted."""
    digest = _digest(found.files, policy)
    names = tuple(file.name for file in found.files)
    with database.changing() as tx:
        purge(tx, now - timedelta(days=policy.undo_days))
        row = tx.execute(
            select(imports).where(imports.c.digest == digest, imports.c.state != "undone").order_by(imports.c.id.desc())
        ).first()
        resumed = row is not None and row.state == "merging"
        told = row.files if row is not None and resumed else None
        if told is None:
            known = set(tx.execute(select(sources.c.name)).scalars())
            entities = sorted({file.entity for file in found.files})
            first = sorted(set(entities) - known)
            told = {"names": names, "entities": entities, "day": today.isoformat(), "first": first}
            values = {"digest": digest, "who": who, "origin": origin, "files": told, "state": "merging"}
            statement = insert(imports).values(**values, started_at=now).returning(imports.c.id)
            number = tx.execute(statement).scalar_one()
        else:
            number = row.id if row is not None else 0
    arrival = Arrival(
        number, date.fromisoformat(told["day"]), ZoneInfo(policy.time_zone), policy.currency,
        frozenset(told["first"]), names,
    )  # fmt: skip
    return _Begun(arrival, row is not None and row.state == "done", resumed)


def _digest(files: Sequence[DataFile], policy: Policy) -> str:
    """What decides an import's outcome: the content of the files, and how the policy says they are read."""
    settings = {name: source.model_dump(mode="json") for name, source in sorted(policy.sources.items())}
    content = [
        sorted([file.entity, file.name, file.digest] for file in files),
        settings,
        policy.currency,
        policy.time_zone,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


class _Merging:
    """The merge of everything that was staged, in the order in which files depend on one another."""

    def __init__(self, database: Database, staged: Staging, arrival: Arrival, progress: Progress) -> None:
        self.database = database
        self.staged = staged
        self.arrival = arrival
        self.progress = progress
        self.tally = Tally()
        self.newest: dict[str, date] = {}
        self.landed: dict[str, int] = {}
        self.landings: list[FileReport] = []
        self.met: set[str] = set()

    def run(self) -> None:
        done = self._done()
        for entity in MODELS:
            self._land(entity, done.get(f"{parking.PREFIX}{entity}"))
            self._merge(entity, *done.get(entity, (0, Tally())))
            if entity == "identifiers":
                with self.database.changing() as tx:
                    parents.settle(tx, self.arrival)

    def settle(self) -> list[Warned]:
        with self.database.transaction() as tx:
            return list(contradictions.found(tx, self.arrival.import_id))

    def _done(self) -> dict[str, tuple[int, Tally]]:
        query = select(import_progress).where(import_progress.c.import_id == self.arrival.import_id)
        with self.database.transaction() as tx:
            return {row.entity: (row.merged, Tally.resumed(row.counts)) for row in tx.execute(query)}

    def _merge(self, entity: str, merged: int, tally: Tally) -> None:
        self._refuse(tally)
        total = self.staged.total(entity)
        for chunk in self.staged.chunks(entity, BATCH, merged):
            with self.database.changing() as tx:
                told, rest = wholesale.take(tx, chunk, self.arrival, alone=entity not in self.met)
                merging, homeless = merge(tx, entity, rest, self.arrival)
                told.add(merging)
                parking.park(tx, entity, homeless, self.arrival, told)
                merged += chunk.keys
                tally.add(told)
                self._keep(tx, entity, merged, tally)
            self._refuse(told)
            self.progress(entity, min(merged, total), total)
        if total:
            self.progress(entity, total, total)
        self.tally.add(tally)
        if tally.newest:
            self.newest[entity] = tally.newest

    def _land(self, entity: str, done: tuple[int, Tally] | None) -> None:
        """Rows of earlier imports whose account came with this one."""
        merged, tally = done or (0, Tally())
        with self.database.transaction() as tx:
            refs = parking.landing(tx, entity)
        while refs:
            with self.database.changing() as tx:
                told = parking.land(tx, entity, refs, self.arrival)
                if told is None:
                    break
                tally.add(told)
                self._keep(tx, f"{parking.PREFIX}{entity}", merged, tally)
        if tally.counts:
            self.met.add(entity)
        counts = _counted(tally, parking.LANDED)
        refused = counts["refused"]
        if count := sum(counts.values()) - refused:
            self.landed[entity] = count
        if refused or tally.conflicts:
            refusals = tuple(refusal for _, refusal in tally.refusals)
            conflicts = tuple(conflict for _, conflict in tally.conflicts)
            name = f"{entity} (parked)"
            self.landings.append(FileReport(name, entity, refused=refused, refusals=refusals, conflicts=conflicts))

    def _refuse(self, tally: Tally) -> None:
        for place, refusal in tally.refusals:
            self.staged.refuse(place, [refusal])

    def _keep(self, tx: Transaction, entity: str, merged: int, tally: Tally) -> None:
        row = {"import_id": self.arrival.import_id, "entity": entity, "merged": merged, "counts": tally.kept()}
        upsert(tx, import_progress, [row])


def _reports(
    gathered: Sequence[Gathered], staged: Staging, merged: _Merging, warned: Sequence[Warned]
) -> list[FileReport]:
    newest = max((i for i, each in enumerate(gathered) if each.file.entity == "usage"), default=0)
    return [
        FileReport(
            name=each.file.name,
            entity=each.file.entity,
            **_counted(merged.tally, place, each.refused),
            refusals=tuple(staged.refusals(place, KEPT)),
            unknown_columns=each.unknown_columns,
            warnings=(*each.warnings, *(warned if place == newest else ())),
            conflicts=tuple(conflict for at, conflict in merged.tally.conflicts if at == place),
            error=Warned(each.failed.code, each.failed.params) if each.failed else None,
        )
        for place, each in enumerate(gathered)
    ]


def _counted(tally: Tally, place: int, refused: int = 0) -> dict[str, Any]:
    """The counts of a report's file; `refused` were so before the merge."""
    counts = tally.counts.get(place, Counter())
    return {**counts, "refused": counts["refused"] + refused}


def _with_refused_file(
    report: FileReport, each: Gathered, staged: Staging, place: int, reason: Reason | None
) -> FileReport:
    if not report.refused or each.reading is None:
        return report
    written = refused.write(each.reading, staged.refusals(place), reason or (lambda refusal: refusal.code))
    return replace(report, refused_file=written)


def _finish(
    database: Database, begun: _Begun, gathered: Sequence[Gathered], merged: _Merging, report: Report, now: datetime
) -> None:
    counts = {file.name: _counts(file) for file in report.files}
    with database.changing() as tx:
        _note_sources(tx, begun.arrival, gathered, merged, report, now)
        tx.execute(
            update(imports)
            .where(imports.c.id == begun.arrival.import_id)
            .values(state="done", finished_at=now, report=counts)
        )


def _note_sources(
    tx: Transaction, arrival: Arrival, gathered: Sequence[Gathered], merged: _Merging, report: Report, now: datetime
) -> None:
    """Each source's newest fact and last arrival."""
    counts: dict[str, int] = {}
    newest_of: dict[str, date | None] = {}
    for each, file in zip(gathered, report.files, strict=False):
        if not each.failed:
            for name in {each.file.entity, each.file.feed} - {""}:
                counts[name] = counts.get(name, 0) + sum(_counts(file).values())
                newest_of[name] = merged.newest.get(each.file.entity)
    stood = {row.name: row._asdict() for row in tx.execute(select(sources).where(sources.c.name.in_(counts)))}
    aftermath.remember(tx, arrival.import_id, sources, [stood.get(name, {"name": name}) for name in counts])
    rows = []
    for name, count in counts.items():
        days = (newest_of[name], stood.get(name, {}).get("newest_fact_on"))
        newest = max((day for day in days if day), default=None)
        rows.append({"name": name, "newest_fact_on": newest, "arrived_at": now, "row_count": count})
    upsert(tx, sources, rows)


def _counts(file: FileReport) -> dict[str, int]:
    return {name: getattr(file, name) for name in ("added", "changed", "unchanged", "removed", "parked", "refused")}
