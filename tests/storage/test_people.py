from datetime import UTC, datetime

from sqlalchemy import select

from storage import changes, people
from storage.database import Database
from storage.tables import changes as recorded
from tests.storage.rows import put, put_people

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_csm_has_those_with_the_same_manager_and_a_lead_those_she_leads(database: Database) -> None:
    with database.changing() as tx:
        put_people(tx)
        teams = {name: people.by_email(tx, f"{name}@x.com").team for name in ("ana", "ben", "cleo", "sofia", "tom")}
    assert teams == {
        "ana": ("ben@x.com",),
        "ben": ("ana@x.com",),
        "cleo": (),
        "sofia": ("ana@x.com", "ben@x.com"),
        "tom": (),
    }


def test_an_unknown_person_is_nobody(database: Database) -> None:
    with database.changing() as tx:
        put_people(tx)
        assert people.by_email(tx, "eve@x.com") is None
        assert people.by_email(tx, "") is None
        assert people.by_slack_id(tx, "U1") is None
        assert people.by_email(tx, " ANA@X.com ").role == "csm"


def test_a_member_of_slack_is_linked_once_and_on_the_record(database: Database) -> None:
    with database.changing() as tx:
        put_people(tx)
        assert people.link_slack(tx, "ana@x.com", "U1", at=NOW, on=NOW.date())
        assert people.link_slack(tx, "ana@x.com", "U1", at=NOW, on=NOW.date())
        assert people.by_slack_id(tx, "U1").email == "ana@x.com"
        assert not people.link_slack(tx, "eve@x.com", "U2", at=NOW, on=NOW.date())
        assert people.link_slack(tx, "ben@x.com", "U1", at=NOW, on=NOW.date())
        assert people.by_slack_id(tx, "U1").email == "ben@x.com"
        assert len(tx.execute(select(recorded)).all()) == 3
        assert changes.verify(tx) is None


def test_people_are_found_by_name_and_alias(database: Database) -> None:
    with database.changing() as tx:
        put_people(tx)
        put(tx, "people", {"email": "ana2@x.com", "name": "Ana", "role": "csm", "aliases": "Anita; A. Ruiz"})
        assert [p.email for p in people.named(tx, "ana")] == ["ana2@x.com", "ana@x.com"]
        assert [p.email for p in people.named(tx, "a. ruiz")] == ["ana2@x.com"]
        put(tx, "people", {"email": "sofia2@x.com", "name": "Sofía Vega", "role": "csm"})
        assert [p.email for p in people.named(tx, "sofia vega")] == ["sofia2@x.com"]
        assert [p.email for p in people.named(tx, "ANA@x.com")] == ["ana@x.com"]
        assert len(people.every(tx)) == 8
