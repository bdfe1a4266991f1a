"""The policy's SQL sources: pulled since what each gave last, and imported as any file is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from sqlalchemy import select

from domain.policies.policy import Policy, Source
from storage.database import Database, Transaction
from storage.importing import imports, leftovers
from storage.importing.import_report import FileReport, Report
from storage.importing.refused import Reason
from storage.sources.files import DataFile, Found, digest_of
from storage.sources.sql import Query, SourceFailed, pull
from storage.tables import sources

BEGINNING = date(1970, 1, 1)
Addresses = Mapping[str, str]


def feeds(policy: Policy) -> dict[str, Source]:
    """The sources that have a query, by name."""
    return {name: source for name, source in sorted(policy.sources.items()) if source.query}


def variable(name: str, source: Source) -> str:
    """The variable of the environment that holds a source's address."""
    return source.url_env or f"SOURCE_{''.join(c if c.isalnum() else '_' for c in name).upper()}_URL"


def sync(
    database: Database,
    name: str,
    addresses: Addresses,
    *,
    policy: Policy,
    who: str,
    now: datetime,
    today: date,
    since: date | None = None,
    reason: Reason | None = None,
) -> Report:
    """Pull one source and import what it gave; raises SourceFailed, and then nothing was changed."""
    source = feeds(policy).get(name)
    if source is None:
        raise SourceFailed("no_such_source", name=name, names=list(feeds(policy)))
    query = _query(name, source, addresses)
    if since is None:
        with database.transaction() as tx:
            since = mark(tx, name, source)
    with TemporaryDirectory(prefix=leftovers.SYNC) as folder:
        file = Path(folder) / f"{_file_name(name)}.csv"
        pull(query, since, file)
        found = Found((_data_file(file, name, source),), (), ())
        report = imports.run_found(
            database, found, policy=policy, who=who, now=now, today=today, origin=f"sync {name}", reason=reason
        )
        return replace(report, files=tuple(_kept(each) for each in report.files))


def mark(tx: Transaction, name: str, source: Source) -> date:
    """From which day on a source is asked: some days before its newest fact; everything where it has none."""
    newest = tx.execute(select(sources.c.newest_fact_on).where(sources.c.name == name)).scalar_one_or_none()
    return newest - timedelta(source.again_days) if newest else BEGINNING


def arrived(tx: Transaction, name: str) -> datetime | None:
    """When a kind of data, or a source, came last."""
    found: datetime | None = tx.execute(select(sources.c.arrived_at).where(sources.c.name == name)).scalar_one_or_none()
    return found


def _query(name: str, source: Source, addresses: Addresses) -> Query:
    named = variable(name, source)
    url = addresses.get(named, "")
    if not url:
        raise SourceFailed("no_url", variable=named)
    return Query(source.query or "", url, named)


def _data_file(file: Path, name: str, source: Source) -> DataFile:
    """Numbers come as numbers: what is not settled by the policy is not ambiguous."""
    read = source.model_copy(update={"encoding": "utf-8", "decimal": source.decimal or "point"})
    return DataFile(file, name, source.file or name, digest_of(file), source=read, feed=name)


def _file_name(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)[:80]


def _kept(file: FileReport) -> FileReport:
    """The refused rows are kept here, where there is a place to keep them."""
    if file.refused_file is None:
        return file
    target = Path.cwd() / file.refused_file.name
    return replace(file, refused_file=_copied(file.refused_file, target))


def _copied(file: Path, target: Path) -> Path | None:
    try:
        return Path(copyfile(file, target))
    except OSError:
        return None
