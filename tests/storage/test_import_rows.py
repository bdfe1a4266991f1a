"""The rules of an import: what becomes of a row, whatever the order and however often."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.tables import account_trigrams, accounts, dirty, history, imports, parked, sources
from tests.storage.sources.importing import ACCOUNTS, NOW, TODAY, codes, load, of, policy, rows, run, state, undo, write

TICKETS = "ticket_id,account_id,opened_at,severity\nT1,A1,2026-11-01T10:00:00Z,high\n"
USAGE = "account_id,day,active_users\nA1,2026-11-20,5\nA1,2026-11-21,6\n"


def test_a_row_is_added_changed_and_unchanged(database: Database, tmp_path: Path) -> None:
    first = load(database, tmp_path, {"tickets": TICKETS})
    again = load(database, tmp_path, {"tickets": TICKETS})
    later = load(database, tmp_path, {"tickets": TICKETS.replace("high", "low") + "T2,A2,2026-11-02T10:00:00Z,\n"})
    assert [(f.added, f.changed, f.unchanged) for f in (of(r, "tickets") for r in (first, again, later))] == [
        (1, 0, 0), (0, 0, 1), (1, 1, 0),
    ]  # fmt: skip
    assert rows(database, "tickets", "ticket_id", "severity") == [("T1", "low"), ("T2", None)]


def test_the_same_file_twice_changes_nothing_and_says_so(database: Database, tmp_path: Path) -> None:
    files = {"accounts": ACCOUNTS, "tickets": TICKETS, "usage": USAGE}
    first = load(database, tmp_path, files)
    before = state(database)
    second = load(database, tmp_path, files)
    assert not first.already_imported
    assert second.already_imported
    assert second.ok
    assert {(f.added, f.changed, f.removed) for f in second.files} == {(0, 0, 0)}
    assert state(database) == before


def test_the_order_of_files_does_not_matter(sqlite_database: Database, tmp_path: Path) -> None:
    files = {
        "accounts": ACCOUNTS,
        "identifiers": "account_id,system,external_id\nA1,crm,77\n",
        "tickets": "ticket_id,account_id,opened_at\nT1,crm:77,2026-11-01\nT2,A9,2026-11-01\n",
    }
    folder = write(tmp_path / "files", files)
    found = []
    for order in permutations(sorted(folder.glob("*.csv"))):
        report = run(sqlite_database, *order)
        found.append(state(sqlite_database))
        assert undo(sqlite_database, report).ok
    assert all(each == found[0] for each in found)


def test_a_row_whose_account_is_not_known_is_parked_and_lands_with_it(database: Database, tmp_path: Path) -> None:
    report = load(database, tmp_path, {"tickets": TICKETS, "usage": USAGE}, with_accounts=False)
    assert report.ok
    assert of(report, "tickets").parked == 1
    assert of(report, "usage").parked == 2
    landed = load(database, tmp_path, {"accounts": ACCOUNTS})
    assert landed.landed == {"tickets": 1, "usage": 2}
    assert rows(database, "usage", "day", "active_users") == [(date(2026, 11, 20), 5), (date(2026, 11, 21), 6)]
    with database.transaction() as tx:
        assert tx.execute(select(parked)).all() == []


def test_parked_rows_land_by_an_identifier_that_comes_later(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"tickets": TICKETS.replace("A1", "CRM:77")})
    report = load(database, tmp_path, {"identifiers": "account_id,system,external_id\nA1,crm,77\n"})
    assert report.landed == {"tickets": 1}


def test_a_parked_row_told_again_is_parked_once_and_the_newer_one_lands(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"tickets": TICKETS}, with_accounts=False)
    load(database, tmp_path, {"tickets": TICKETS.replace("high", "low")}, with_accounts=False)
    report = load(database, tmp_path, {"accounts": ACCOUNTS})
    assert report.landed == {"tickets": 1}
    assert rows(database, "tickets", "severity") == [("low",)]


def test_an_empty_cell_clears_an_absent_column_leaves_alone_an_absent_row_stays(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, {"accounts": "account_id,name,segment,tier\nA1,Acme,smb,1\nA2,Norte,smb,2\n"})
    report = load(database, tmp_path, {"accounts": "account_id,name,segment\nA1,Acme,\n"})
    assert of(report, "accounts").changed == 1
    assert rows(database, "accounts", "account_id", "segment", "tier") == [("A1", None, "1"), ("A2", "smb", "2")]


def test_deleted_removes(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"tickets": TICKETS})
    gone = "ticket_id,account_id,opened_at,deleted\nT1,,,true\nT9,,,sí\n"
    report = load(database, tmp_path, {"tickets": gone})
    assert (of(report, "tickets").removed, of(report, "tickets").unchanged) == (1, 1)
    assert rows(database, "tickets", "ticket_id") == []


def test_a_deleted_account_goes_with_all_its_rows(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"tickets": TICKETS, "usage": USAGE})
    report = load(database, tmp_path, {"accounts": "account_id,name,deleted\nA1,,1\nA2,Norte Logística,\n"})
    assert of(report, "accounts").removed == 1
    assert rows(database, "accounts", "account_id") == [("A2",)]
    assert rows(database, "usage", "day") == rows(database, "tickets", "ticket_id") == []


def test_the_same_key_twice_alike_counts_once_and_different_is_refused(database: Database, tmp_path: Path) -> None:
    usage = USAGE + "A1,2026-11-20,5\nA1,2026-11-21,7\n"
    report = load(database, tmp_path, {"usage": usage})
    assert of(report, "usage").added == 1
    assert codes(report, "usage") == [(3, "", "duplicate"), (5, "", "duplicate")]
    assert [refusal.params["line"] for refusal in of(report, "usage").refusals] == [5, 3]


def test_keys_in_two_files_are_laid_over_one_another_by_the_name_of_the_file(
    database: Database, tmp_path: Path
) -> None:
    files = {
        "accounts-2026-10": "account_id,name,segment,x_a,x_b\nA1,Old name,smb,1,1\n",
        "accounts-2026-11": "account_id,name,tier,x_b\nA1,New name,2,2\n",
    }
    load(database, tmp_path, files)
    own = {"x_a": "1", "x_b": "2"}
    assert rows(database, "accounts", "name", "segment", "tier", "extra") == [("New name", "smb", "2", own)]
    assert {(f.added, f.changed) for f in load(database, tmp_path, files).files} == {(0, 0)}


def test_an_account_is_named_by_any_of_its_identifiers(database: Database, tmp_path: Path) -> None:
    files = {
        "identifiers": "account_id,system,external_id\nA1,Salesforce,001AB\n",
        "usage": USAGE + "salesforce:001AB,2026-11-20,5\n",
    }
    report = load(database, tmp_path, files)
    assert of(report, "usage").added == 2
    assert load(database, tmp_path, {"usage": "account_id,day\nSALESFORCE:001AB,2026-11-20\n"}).ok
    assert len(rows(database, "usage", "day")) == 2


@pytest.mark.parametrize(
    ("said", "stored"),
    [("Ana", "ana@x.com"), ("ana ruíz", "ana@x.com"), ("ANA@X.COM", "ana@x.com"), ("Zoe", "Zoe")],
)
def test_a_csm_is_named_by_email_name_or_alias(
    sqlite_database: Database, tmp_path: Path, said: str, stored: str
) -> None:
    people = "email,name,aliases\nana@x.com,Ana Ruiz,Ana;Anita\nluis@x.com,Luis Gil,Anita\n"
    load(sqlite_database, tmp_path, {"people": people, "accounts": f"account_id,name,csm\nA1,Acme,{said}\n"})
    assert rows(sqlite_database, "accounts", "csm") == [(stored,)]


def test_a_name_of_two_people_is_refused_and_a_name_of_nobody_is_said(database: Database, tmp_path: Path) -> None:
    three = "ana@x.com,Ana Ruiz,Ana,Luis Gil\nLuis@x.com,Luis Gil,Ana,\neva@x.com,Eva,,LUIS@X.com\n"
    people = f"email,name,aliases,manager\n{three}"
    report = load(database, tmp_path, {"people": people, "accounts": "account_id,name,csm\nA1,Acme,ana\nA2,B,Zoe\n"})
    assert codes(report, "accounts") == [(2, "csm", "ambiguous_person")]
    assert [warning.code for warning in of(report, "accounts").warnings] == ["unknown_person"]
    assert rows(database, "people", "email", "manager") == [
        ("ana@x.com", "luis@x.com"),
        ("eva@x.com", "luis@x.com"),
        ("luis@x.com", None),
    ], "in lower case, as they are asked for"


def test_two_people_cannot_have_one_slack_id(database: Database, tmp_path: Path) -> None:
    report = load(database, tmp_path, {"people": "email,slack_id\na@x.com,U1\nb@x.com,U1\n"})
    assert codes(report, "people") == [(3, "slack_id", "taken")]


@pytest.mark.parametrize(
    ("columns", "cells", "annual"),
    [
        ("mrr", "833.3333", "9999.9996"),
        ("arr", "10000", "10000"),
        ("amount,interval", "100,month", "1200"),
        ("amount,interval", "100.01,quarter", "400.04"),
        ("amount,interval", "100,anual", "100"),
    ],
)
def test_a_price_is_kept_exactly(
    sqlite_database: Database, tmp_path: Path, columns: str, cells: str, annual: str
) -> None:
    content = f"subscription_id,account_id,starts_on,{columns}\nS1,A1,2026-01-01,{cells}\n"
    load(sqlite_database, tmp_path, {"subscriptions": content})
    assert rows(sqlite_database, "subscriptions", "annual", "currency") == [(Decimal(annual), "EUR")]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("10,120,,", "several_prices"),
        (",,,", "no_price"),
        (",,100,", "amount_without_interval"),
        ("-5,,,", "too_small"),
        ("1.23456,,,", "too_many_decimals"),
    ],
)
def test_a_subscription_has_exactly_one_price(sqlite_database: Database, tmp_path: Path, cells: str, code: str) -> None:
    content = f"subscription_id,account_id,starts_on,mrr,arr,amount,interval\nS1,A1,2026-01-01,{cells}\n"
    report = load(sqlite_database, tmp_path, {"subscriptions": content})
    assert [refusal.code for refusal in of(report, "subscriptions").refusals] == [code]


def test_ends_on_may_name_the_last_day(database: Database, tmp_path: Path) -> None:
    content = "subscription_id,account_id,starts_on,ends_on,arr\nS1,A1,2026-01-01,2026-12-31,1\n"
    load(database, tmp_path, {"subscriptions": content}, policy=policy(subscriptions={"ends_on": "last_day"}))
    assert rows(database, "subscriptions", "ends_on") == [(date(2027, 1, 1),)]


def test_versions_of_a_subscription_are_rows_of_their_own(database: Database, tmp_path: Path) -> None:
    content = "subscription_id,account_id,starts_on,arr\nS1,A1,2026-01-01,1\nS1,A1,2026-06-01,2\n"
    assert of(load(database, tmp_path, {"subscriptions": content}), "subscriptions").added == 2


def test_an_account_has_subscriptions_or_monthly_figures(database: Database, tmp_path: Path) -> None:
    files = {
        "subscriptions": "subscription_id,account_id,starts_on,arr\nS1,A1,2026-01-01,1\n",
        "mrr": "account_id,month,mrr\nA1,2026-01,10\nA2,2026-01,10\nA2,2026-02,0\n",
    }
    report = load(database, tmp_path, files)
    assert [refusal.code for refusal in of(report, "mrr").refusals] == ["both_revenues"]
    assert of(report, "mrr").added == 2
    later = load(
        database, tmp_path, {"subscriptions": "subscription_id,account_id,starts_on,arr\nS2,A2,2026-01-01,1\n"}
    )
    assert [refusal.code for refusal in of(later, "subscriptions").refusals] == ["both_revenues"]


def test_contradictions_are_kept_and_told(database: Database, tmp_path: Path) -> None:
    files = {
        "subscriptions": "subscription_id,account_id,starts_on,ends_on,arr,seats\nS1,A1,2026-01-01,2026-11-21,1,5\n",
        "usage": "account_id,day,active_users\nA1,2026-11-20,9\nA1,2026-11-21,4\n",
    }
    report = load(database, tmp_path, files)
    told = {warning.code: dict(warning.params) for warning in of(report, "usage").warnings}
    assert report.ok
    assert told["above_seats"] == {"account": "A1", "days": 1, "active": 9, "seats": 5}
    assert told["usage_outside_subscription"] == {"account": "A1", "days": 1, "newest": "2026-11-21"}


def test_the_first_load_is_known_since_its_own_day_and_later_ones_since_they_came(
    database: Database, tmp_path: Path
) -> None:
    files = {
        "accounts": "account_id,name,customer_since\nA1,Acme,2024-03-01\n",
        "contacts": "contact_id,account_id,name\nC1,A1,Grace\n",
        "tickets": "ticket_id,account_id,opened_at,closed_at\nT1,A1,2026-01-05,2026-01-09\nT2,A1,2026-11-01,\n",
    }
    load(database, tmp_path, files)
    later = "ticket_id,account_id,opened_at,closed_at\nT2,A1,2026-11-01,2026-11-02\nT3,A1,2026-11-03,2026-11-04\n"
    load(database, tmp_path, {"tickets": later}, with_accounts=False, today=TODAY)
    assert rows(database, "tickets", "ticket_id", "known_on", "closed_known_on") == [
        ("T1", date(2026, 1, 5), date(2026, 1, 9)),
        ("T2", date(2026, 11, 1), TODAY),
        ("T3", TODAY, TODAY),
    ]
    assert rows(database, "contacts", "known_on") == rows(database, "accounts", "known_on") == [(date(2024, 3, 1),)]


def test_csm_segment_and_tier_are_kept_with_their_dates(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"accounts": "account_id,name,csm,customer_since\nA1,Acme,a@x.com,2025-01-01\n"})
    load(database, tmp_path, {"accounts": "account_id,name,csm\nA1,Acme,b@x.com\n"}, today=TODAY + timedelta(1))
    query = select(history.c.day, history.c.value, history.c.assumed).where(history.c.field == "csm")
    with database.transaction() as tx:
        assert tx.execute(query.order_by(history.c.day)).all() == [
            (date(2025, 1, 1), "a@x.com", True),
            (TODAY + timedelta(1), "b@x.com", False),
        ]


def test_names_are_folded_for_the_search(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"accounts": ACCOUNTS})
    load(database, tmp_path, {"accounts": ACCOUNTS.replace("Acme Corp", "Ácme")})
    with database.transaction() as tx:
        number, folded = tx.execute(
            select(accounts.c.number, accounts.c.folded).where(accounts.c.account_id == "A1")
        ).one()
        found = tx.execute(select(account_trigrams.c.trigram).where(account_trigrams.c.account == number)).scalars()
        assert (folded, sorted(found)) == ("acme", ["  a", " ac", "acm", "cme", "me "])


def test_touched_accounts_are_marked_from_the_earliest_day_that_changed(database: Database, tmp_path: Path) -> None:
    files = {"usage": USAGE, "subscriptions": "subscription_id,account_id,starts_on,arr\nS1,A2,2026-01-01,1\n"}
    load(database, tmp_path, files)
    query = select(accounts.c.account_id, dirty.c.what, dirty.c.since).join_from(dirty, accounts)
    with database.transaction() as tx:
        assert sorted(tx.execute(query).all()) == [("A1", "usage", date(2026, 11, 20)), ("A2", "revenue", None)]
    with database.changing() as tx:
        tx.execute(dirty.delete())
    load(database, tmp_path, files)
    with database.transaction() as tx:
        assert tx.execute(query).all() == []


def test_each_source_has_its_newest_fact_and_arrival(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"usage": USAGE})
    with database.transaction() as tx:
        found = {row.name: row for row in tx.execute(select(sources))}
    assert found["usage"].newest_fact_on == date(2026, 11, 21)
    assert (found["usage"].arrived_at, found["usage"].row_count) == (NOW, 2)


def test_own_columns_are_kept_and_unknown_ones_named(database: Database, tmp_path: Path) -> None:
    content = "account_id,name,x_region,segmnt,x_owner\nA1,Acme,latam,smb,\n"
    report = load(database, tmp_path, {"accounts": content})
    assert of(report, "accounts").unknown_columns == (("segmnt", "segment"),)
    assert rows(database, "accounts", "extra") == [({"x_region": "latam"},)]
    load(database, tmp_path, {"accounts": "account_id,name,X Team\nA1,Acme,blue\n"})
    assert rows(database, "accounts", "extra") == [({"x_region": "latam", "x_team": "blue"},)]
    load(database, tmp_path, {"accounts": "account_id,name,x_region\nA1,Acme,\n"})
    assert rows(database, "accounts", "extra") == [({"x_team": "blue"},)]


def test_an_empty_part_of_a_key_is_the_empty_text(database: Database, tmp_path: Path) -> None:
    load(
        database, tmp_path, {"usage": USAGE, "milestones": "account_id,milestone,reached_on\nA1,acquired,2026-01-01\n"}
    )
    assert rows(database, "usage", "product", "feature")[0] == ("", "")
    assert rows(database, "milestones", "contact_id") == [("",)]


def test_costs_without_an_account_are_of_the_whole_base(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"costs": "account_id,month,kind,amount\n,2026-01,tools,10\nA1,2026-01,tools,5\n"})
    assert rows(database, "costs", "account", "amount", "currency", "purpose")[0] == (0, Decimal(10), "EUR", "")


def test_a_check_says_the_same_and_writes_nothing(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"tickets": TICKETS})
    before = state(database)
    files = {"tickets": TICKETS.replace("high", "low"), "usage": USAGE + "A1,31/02/2026,1\nA9,2026-11-01,1\n"}
    checked = load(database, tmp_path, files, check=True)
    assert checked.checked
    assert state(database) == before
    with database.transaction() as tx:
        assert len(tx.execute(select(imports)).all()) == 1
    assert not list(tmp_path.glob("*/*.refused.csv"))
    written = load(database, tmp_path, files)
    counts = [(f.name, f.added, f.changed, f.unchanged, f.parked, f.refused, f.refusals) for f in checked.files]
    assert counts == [(f.name, f.added, f.changed, f.unchanged, f.parked, f.refused, f.refusals) for f in written.files]


def test_refused_rows_are_written_with_their_reason_and_mended_they_are_imported(
    database: Database, tmp_path: Path
) -> None:
    content = "ticket_id,account_id,opened_at,severity,note\nT1,A1,2026-11-01,high,a\nT2,A1,31/02/2026,hi,b\n"
    report = load(database, tmp_path, {"tickets": content}, reason=lambda refusal: refusal.code)
    written = of(report, "tickets").refused_file
    assert written is not None
    assert written.read_text("utf-8-sig").splitlines() == [
        "ticket_id,account_id,opened_at,severity,note,refused_because",
        "T2,A1,31/02/2026,hi,b,no_such_day",
    ]
    written.write_text(written.read_text("utf-8-sig").replace("31/02/2026,hi", "28/02/2026,high"))
    mended = of(run(database, written), "tickets.refused.csv")
    assert (mended.added, mended.unknown_columns) == (1, (("note", None),))
    assert rows(database, "tickets", "extra") == [(None,), (None,)]


def test_a_parked_row_that_is_refused_when_it_lands_is_told(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"mrr": "account_id,month,mrr\nA1,2026-01,10\n"}, with_accounts=False)
    content = "subscription_id,account_id,starts_on,arr\nS1,A1,2026-01-01,1\n"
    load(database, tmp_path, {"subscriptions": content}, with_accounts=False)
    report = load(database, tmp_path, {"accounts": ACCOUNTS})
    told = of(report, "mrr (parked)")
    assert report.landed == {"subscriptions": 1}
    assert (told.refused, [refusal.code for refusal in told.refusals]) == (1, ["both_revenues"])
    assert not report.ok


def test_progress_is_told_and_ends_at_the_end(sqlite_database: Database, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    load(sqlite_database, tmp_path, {"usage": USAGE}, progress=lambda *args: told.append(args))
    assert told[-1] == ("usage", 2, 2)
    assert {name for name, _, _ in told} == {"accounts", "usage"}


CHILDREN = "account_id,name,parent_id\nA1,Parent,\nA2,Child,CRM: 001\nA3,Other,A1\n"
KNOWN = "system,external_id,account_id\ncrm,001,A1\n"


def test_a_parent_may_be_named_by_another_systems_id(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"accounts": CHILDREN, "identifiers": KNOWN})
    assert rows(database, "accounts", "parent_id") == [(None,), ("A1",), ("A1",)]
    again = load(database, tmp_path, {"accounts": CHILDREN})
    assert of(again, "accounts").unchanged == 3


def test_a_parent_whose_other_id_comes_later_is_found_then(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, {"accounts": CHILDREN})
    assert rows(database, "accounts", "parent_id") == [(None,), ("CRM: 001",), ("A1",)]
    report = load(database, tmp_path, {"identifiers": KNOWN}, with_accounts=False)
    assert rows(database, "accounts", "parent_id") == [(None,), ("A1",), ("A1",)]
    assert of(load(database, tmp_path, {"accounts": CHILDREN}), "accounts").unchanged == 3
    assert undo(database, report).ok
    assert rows(database, "accounts", "parent_id") == [(None,), ("CRM: 001",), ("A1",)]
