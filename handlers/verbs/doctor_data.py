"""Of a doctor's checks those that look at the database, the disk and what is in them."""

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.hours import is_zone
from domain.policies.policy import Policy
from handlers.verbs.doctor_findings import Finding, bad, good, look
from storage import checkup, freshness
from storage.database import Database, Unreachable, sqlite_file
from storage.importing import feeds

STALE = timedelta(days=7)
LATE = timedelta(hours=1)
OLD_SCORE = timedelta(days=1)
MEGABYTE = 1 << 20
LITTLE_MB = 500
NAMED = 5


@dataclass(frozen=True)
class _Patient:
    database: Database
    policy: Policy
    now: datetime
    addresses: Mapping[str, str]


def checks(
    database: Database, policy: Policy, now: datetime, addresses: Mapping[str, str]
) -> dict[str, Callable[[], Iterable[Finding]]]:
    """By name, in order; where the first finds something bad, the others have nothing to look at."""
    patient = _Patient(database, policy, now, addresses)
    every = {
        "database": _database, "disk": _disk, "zones": _zones, "score": _score, "sources": _sources, "jobs": _jobs,
        "outbox": _outbox, "people": _people, "rates": _rates, "record": _record,
    }  # fmt: skip
    return {name: lambda check=check: check(patient) for name, check in every.items()}  # type: ignore[misc]


def _database(at: _Patient) -> Iterator[Finding]:
    file = sqlite_file(at.database.url)
    if file and not file.exists():
        yield bad("database", "no_database", file=str(file))
        return
    if file and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        yield bad("database", "not_writable", file=str(file))
        return
    try:
        server = checkup.server(at.database)
    except Unreachable:
        yield (
            bad("database", "damaged", file=str(file))
            if file
            else bad("database", "unreachable", address=at.database.address)
        )
        return
    if server.old:
        yield bad("database", "server_old", version=server.version)
    elif not server.current:
        yield bad("database", "not_migrated")
    elif not server.writes_ahead:
        yield bad("database", "no_wal", file=str(file))
    else:
        yield good("database", "database_fine", address=at.database.address, version=server.version)
    if file and stat.S_IMODE(file.stat().st_mode) & (stat.S_IRGRP | stat.S_IROTH):
        yield look("database", "world_readable", file=str(file))


def _disk(at: _Patient) -> Iterator[Finding]:
    file = sqlite_file(at.database.url)
    folder = (file.parent if file else Path.cwd()).resolve()
    free = shutil.disk_usage(folder).free // MEGABYTE
    yield (bad if free < LITTLE_MB else good)(
        "disk", "disk_full" if free < LITTLE_MB else "disk_fine", free=free, folder=str(folder)
    )


def _zones(at: _Patient) -> Iterator[Finding]:
    with at.database.transaction() as tx:
        named = {at.policy.time_zone, *(zone for _, zone in checkup.crew(tx).zones)}
    unknown = sorted(zone for zone in named if not is_zone(zone))
    yield bad("zones", "zone_unknown", zones=unknown[:NAMED]) if unknown else good("zones", "zones_fine")


def _score(at: _Patient) -> Iterator[Finding]:
    with at.database.transaction() as tx:
        day = freshness.scored_on(tx)
    today = at.now.astimezone(ZoneInfo(at.policy.time_zone)).date()
    if day is None:
        yield bad("score", "never_scored")
    elif today - day > OLD_SCORE:
        yield bad("score", "score_old", day=day.isoformat())
    else:
        yield good("score", "score_fine", day=day.isoformat())


def _sources(at: _Patient) -> Iterator[Finding]:
    with at.database.transaction() as tx:
        found = {source.name: source for source in checkup.sources(tx)}
    if not found:
        yield bad("sources", "nothing_imported")
        return
    stopped = sorted(name for name, source in found.items() if at.now - source.arrived_at > STALE)
    if stopped:
        yield look("sources", "sources_stopped", days=STALE.days, names=stopped)
    else:
        yield good("sources", "sources_fine", days=STALE.days)
    for name, source in feeds.feeds(at.policy).items():
        variable = feeds.variable(name, source)
        if variable not in at.addresses:
            yield bad("sources", "feed_without_address", name=name, variable=variable)
        elif name not in found:
            yield bad("sources", "feed_never", name=name)


def _jobs(at: _Patient) -> Iterator[Finding]:
    """What `serve` does by itself; nothing to say where it never ran."""
    with at.database.transaction() as tx:
        work = checkup.work(tx, due_before=at.now - LATE)
    for name, error in work.failed:
        yield bad("jobs", "job_failed", name=name, kind=error)
    if work.late:
        yield look("jobs", "jobs_late", names=work.late)
    elif work.known and not work.failed:
        yield good("jobs", "jobs_fine", count=work.known)


def _outbox(at: _Patient) -> Iterator[Finding]:
    with at.database.transaction() as tx:
        parked, oldest = checkup.parked(tx), checkup.waiting(tx, at.now)
    for error, count in parked:
        yield bad("outbox", "parked", count=count, error=error)
    if oldest and oldest > LATE:
        yield bad("outbox", "outbox_old", age=oldest)
    elif not parked:
        yield good("outbox", "outbox_fine")


def _people(at: _Patient) -> Iterator[Finding]:
    with at.database.transaction() as tx:
        crew = checkup.crew(tx)
    if not crew.count:
        yield bad("people", "nobody")
        return
    if not crew.admins:
        yield bad("people", "no_admin")
    else:
        yield good("people", "people_fine", count=crew.count, admins=crew.admins)
    if crew.lost:
        yield look("people", "managers_unknown", emails=[email for email, _ in crew.lost[:NAMED]])
    if crew.unlinked:
        yield look("people", "unlinked", count=len(crew.unlinked), all=crew.count)


def _rates(at: _Patient) -> Iterator[Finding]:
    with at.database.transaction() as tx:
        used = checkup.currencies(tx)
    known = {at.policy.currency, *at.policy.rates.worth}
    missing = [currency for currency in used if currency not in known]
    yield bad("rates", "rates_missing", currencies=missing) if missing else good("rates", "rates_fine")


def _record(at: _Patient) -> Iterator[Finding]:
    with at.database.transaction() as tx:
        walked = checkup.record(tx)
    if walked.broken is not None:
        yield bad("record", "tampered", id=walked.broken)
    else:
        yield good("record", "record_fine", count=walked.count)
