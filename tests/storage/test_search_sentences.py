"""Accounts looked up for sentences and pickers: whole names in one query, parts, beginnings; all within the scope."""

import pytest

from domain.accounts import Person
from storage import sayings, search
from storage.database import Database
from storage.scope import Scope, operator
from tests.storage.rows import put, put_accounts

NAMES = ("Acme Corp", "Acme Iberia", "Norte Logística", "El Norte", "Globex", "Clínica Alameda", "100% Sano_x")
OWN = Scope(Person("ben@example.com", "Ben", "csm"), "own")


def test_runs_that_are_whole_names_or_ids_are_found_in_one_query(database: Database) -> None:
    runs = ["acme", "Acme Corp", "norte logistica", "A-17", "a-17", "norte", "", "?"]
    with database.changing() as tx:
        put_accounts(tx, *NAMES)
        put_accounts(tx, "Omega", account_id="A-17")
        found = search.called(tx, runs, scope=operator())
        assert found == {"acme corp": ["id-Acme Corp"], "norte logistica": ["id-Norte Logística"], "a 17": ["A-17"]}
        assert search.called(tx, runs, scope=OWN) == {}
        assert search.called(tx, [], scope=operator()) == {}


def test_a_name_that_two_bear_gives_both(database: Database) -> None:
    with database.changing() as tx:
        put_accounts(tx, "Acme", "Globex")
        put_accounts(tx, "ACME", account_id="another")
        assert search.called(tx, ["acme"], scope=operator()) == {"acme": ["id-Acme", "another"]}


@pytest.mark.parametrize(("typed", "names"), [
    ("ac", ["Acme Corp", "Acme Iberia"]),
    ("norte", ["Norte Logística", "El Norte"]),
    ("alam", ["Clínica Alameda"]),
    ("CLÍ", ["Clínica Alameda"]),
    ("100%", ["100% Sano_x"]),
    ("zz", []),
    ("", []),
])  # fmt: skip
def test_what_is_typed_begins_a_name_or_a_word_of_it(database: Database, typed: str, names: list[str]) -> None:
    with database.changing() as tx:
        put_accounts(tx, *NAMES)
        assert [one.name for one in search.beginning(tx, typed, scope=operator())] == names
        assert search.beginning(tx, typed, scope=OWN) == []


def test_a_part_is_no_typo(database: Database) -> None:
    with database.changing() as tx:
        put_accounts(tx, *NAMES)
        assert search.part(tx, "alameda", scope=operator()).found.name == "Clínica Alameda"
        assert len(search.part(tx, "norte", scope=operator()).candidates) == 2
        assert search.part(tx, "alamda", scope=operator()) == search.Match()
        assert search.alike(tx, "alamda", scope=operator()).found.name == "Clínica Alameda"
        assert search.part(tx, "alameda", scope=OWN) == search.Match()


def test_segments_and_own_columns_are_those_that_one_may_see(database: Database) -> None:
    with database.changing() as tx:
        put_accounts(tx, "Acme", segment="smb", extra={"x_region": "latam"}, csm="ana@example.com")
        put_accounts(
            tx, "Globex", segment="enterprise", extra={"x_region": "emea", "other": "no"}, csm="ben@example.com"
        )
        put_accounts(tx, "Initech", segment="smb")
        assert sayings.segments(tx, operator()) == ["enterprise", "smb"]
        assert [*sayings.own_columns(tx, operator())] == [("x_region", "emea"), ("x_region", "latam")]
        assert sayings.segments(tx, OWN) == ["enterprise"]
        assert [*sayings.own_columns(tx, OWN)] == [("x_region", "emea")]


def test_people_are_known_by_each_name_and_by_e_mail(database: Database) -> None:
    with database.changing() as tx:
        put(tx, "people", {"email": "ana@example.com", "name": "Ana Ruiz", "aliases": "Ana; Anita", "role": "csm"})
        assert {*sayings.persons(tx)} == {
            ("ana@example.com", said) for said in ("ana@example.com", "Ana Ruiz", "Ana", "Anita")
        }
