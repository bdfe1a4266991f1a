"""SQL sources: pulled from a warehouse, imported as a file is; what is wrong is said without secrets."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.pool import NullPool

from domain.policies.policy import Policy, Source
from storage.database import Database, with_driver
from storage.importing import feeds, imports
from storage.importing.import_report import Report
from storage.sources.sql import Query, SourceFailed, plain, pull
from storage.tables import imports as imported
from storage.tables import sources, tickets, usage
from tests.storage.rows import TODAY, put_accounts

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
GROUPED = """select account_id, day, sum(events) as events
from hits
where day >= :since
group by account_id, day"""
DAYS = [TODAY - timedelta(days) for days in range(1, 11)]


@pytest.fixture(params=["sqlite", "postgres"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Three hits a day over ten days, of one account."""
    url = f"sqlite:///{tmp_path / 'warehouse.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    engine = create_engine(with_driver(url), poolclass=NullPool)
    with engine.begin() as tx:
        tx.execute(text("create table hits (account_id text, day date, events integer)"))
        fill(tx, "id-Acme", DAYS)
    yield url
    with engine.begin() as tx:
        tx.execute(text("drop table hits"))


def fill(tx, account: str, days: list[date]) -> None:
    rows = [{"account": account, "day": day.isoformat(), "n": n} for day in days for n in (1, 2, 3)]
    tx.execute(text("insert into hits values (:account, date(:day), :n)"), rows)


def policy(**source: object) -> Policy:
    return Policy(sources={"lake": Source(file="usage", **{"query": GROUPED} | source)})


def synced(database: Database, url: str, rules: Policy, **more: object) -> Report:
    given = {"policy": rules, "who": "tests", "now": NOW, "today": TODAY}
    return feeds.sync(database, "lake", {"SOURCE_LAKE_URL": url}, **given | more)


@pytest.fixture
def known(database: Database) -> Database:
    with database.changing() as tx:
        put_accounts(tx, "Acme")
    return database


def counted(report: Report) -> tuple[int, int, int, int]:
    (file,) = report.files
    return file.added, file.changed, file.unchanged, file.refused


def test_a_row_an_account_and_day_comes_back_and_the_next_pull_takes_what_is_new(
    known: Database, warehouse: str
) -> None:
    first = synced(known, warehouse, policy(again_days=2))
    assert first.ok
    assert counted(first) == (10, 0, 0, 0)
    with known.transaction() as tx:
        assert {row.events for row in tx.execute(select(usage.c.events))} == {6}
        stand = {row.name: row.newest_fact_on for row in tx.execute(select(sources))}
        assert stand == {"lake": TODAY - timedelta(1), "usage": TODAY - timedelta(1)}
        assert tx.execute(select(imported.c.origin)).scalar_one() == "sync lake"
    with create_engine(with_driver(warehouse), poolclass=NullPool).begin() as tx:
        fill(tx, "id-Acme", [TODAY])
    second = synced(known, warehouse, policy(again_days=2))
    assert counted(second) == (1, 0, 3, 0), "since two days before the newest fact"
    assert counted(synced(known, warehouse, policy(), since=date(2020, 1, 1))) == (0, 0, 11, 0)


def test_a_pull_is_undone_with_its_mark(known: Database, warehouse: str) -> None:
    report = synced(known, warehouse, policy())
    assert imports.undo(known, report.import_id or 0, who="tests", now=NOW, policy=policy()).ok
    with known.transaction() as tx:
        assert not tx.execute(select(usage)).all()
        assert feeds.mark(tx, "lake", Source()) == feeds.BEGINNING


def test_what_is_wrong_is_refused_row_by_row_and_unknown_accounts_wait(
    known: Database, warehouse: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with create_engine(with_driver(warehouse), poolclass=NullPool).begin() as tx:
        fill(tx, "id-Nobody", DAYS[:2])
    monkeypatch.chdir(tmp_path)
    wrong = "select account_id, day, case when day = '2026-11-22' then -1 else 7 end as events from hits group by 1, 2"
    (file,) = synced(known, warehouse, policy(query=wrong)).files
    assert (file.added, file.parked, file.refused) == (9, 1, 2)
    assert file.refusals[0].code == "too_small"
    assert file.refused_file == tmp_path / "lake.refused.csv"
    assert "-1" in file.refused_file.read_text(encoding="utf-8-sig")


def test_column_names_and_values_of_theirs(known: Database, warehouse: str) -> None:
    """Also types that a CSV does not have: a moment, a boolean, nothing at all."""
    query = """select 'id-Acme' as kunde, 't1' as ticket_id, 'urgent' as severity, 1=1 as escalated, null as category,
        '2026-11-20 10:00:00+00:00' as opened_at"""
    source = Source(
        file="tickets", query=query, columns={"kunde": "account_id"}, values={"severity": {"urgent": "critical"}}
    )
    report = synced(known, warehouse, Policy(sources={"lake": source}))
    assert report.ok
    with known.transaction() as tx:
        row = tx.execute(select(tickets)).one()
    assert (row.severity, row.escalated, row.category) == ("critical", True, None)


BROKEN = {
    "wrong column": ("select account_id,\n  dya\nfrom hits where day >= :since", "query_failed"),
    "wrong table": ("select * from nowhere", "query_failed"),
    "a write": ("delete from hits", "query_failed"),
    "a parameter of nobody": ("select 1 where 1 = :until", "unknown_parameter"),
}


@pytest.mark.parametrize(("query", "code"), BROKEN.values(), ids=BROKEN)
def test_what_fails_changes_nothing_and_says_why(known: Database, warehouse: str, query: str, code: str) -> None:
    with pytest.raises(SourceFailed) as failed:
        synced(known, warehouse, policy(query=query))
    assert failed.value.code == code
    with known.transaction() as tx:
        assert not tx.execute(select(imported)).all()
    with create_engine(with_driver(warehouse), poolclass=NullPool).begin() as tx:
        assert tx.execute(text("select count(*) from hits")).scalar_one() == 30


def test_postgresql_says_where_in_the_query(known: Database, postgres_url: str) -> None:
    with pytest.raises(SourceFailed) as failed:
        synced(known, postgres_url, policy(query="select account_id,\n  dya\nfrom accounts"))
    assert (failed.value.params["line"], failed.value.params["near"]) == (2, "dya")


SECRET = "hunter2"
ADDRESSES = {
    "no address": ("", "no_url"),
    "not an address": (f"//{SECRET}", "bad_url"),
    "a driver that is not there": (f"snowflake://u:{SECRET}@account/db", "no_driver"),
    "nobody answers": (f"postgresql://u:{SECRET}@127.0.0.1:9/db?sslmode=disable&password={SECRET}", "unreachable"),
    "no file": (f"sqlite:////nowhere/{SECRET[:3]}.db", "unreachable"),
}


@pytest.mark.parametrize(("url", "code"), ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_does_not_work_is_named_without_its_secret(known: Database, url: str, code: str) -> None:
    with pytest.raises(SourceFailed) as failed:
        synced(known, url, policy())
    assert failed.value.code == code
    assert SECRET not in repr((failed.value, failed.value.params, failed.value.__cause__))
    assert SECRET not in repr(Query("", url, "SOURCE_LAKE_URL"))


def test_a_source_that_is_not_there(known: Database) -> None:
    with pytest.raises(SourceFailed) as failed:
        feeds.sync(known, "sea", {}, policy=policy(), who="t", now=NOW, today=TODAY)
    assert failed.value.params == {"name": "sea", "names": ["lake"]}


def test_rows_stream(tmp_path: Path) -> None:
    """A hundred thousand rows are never all in memory."""
    import tracemalloc

    numbers = """with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000)
        select 'a' || i as account_id, '2026-01-01' as day, i as events from n"""
    (tmp_path / "empty.db").touch()
    query = Query(numbers, f"sqlite:///{tmp_path / 'empty.db'}", "X")
    tracemalloc.start()
    assert pull(query, TODAY, tmp_path / "out.csv") == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_values_as_the_contract_writes_them() -> None:
    from decimal import Decimal

    given = [None, True, 1.5, 1e-7, Decimal("1E+3"), date(2026, 1, 2), ["a"], "nul\0", 0]
    assert [plain(value) for value in given] == [
        "", "true", "1.5", "0.0000001", "1000", "2026-01-02", '["a"]', "nul", "0",
    ]  # fmt: skip
