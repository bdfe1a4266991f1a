"""What became of goals, on both databases."""

from datetime import date
from decimal import Decimal

from sqlalchemy import insert

from domain.accounts import Person
from storage import changes, tables
from storage.database import Database
from storage.playbooks import goal_months
from storage.scope import Scope
from tests.storage.rows import at, put, put_accounts

ALL = Scope(Person("sofia@x.com", "Sofía", role="admin"), "all")
OWN = Scope(Person("ben@x.com", "Ben"), "own")
SINCE = date(2026, 1, 1)


def test_values_that_were_said_and_measures_of_health_by_day(database: Database) -> None:
    with database.changing() as tx:
        one, other = put_accounts(tx, "acme", "initech", csm="ana@x.com")
        goal = {"kpi": "licences", "target": Decimal(70), "due_on": date(2027, 1, 1)}
        put(tx, "goals", {"goal_id": "g1", "account": one, **goal}, {"goal_id": "g2", "account": other, **goal})
        for month, value in ((9, "51"), (10, "52.5")):
            day = date(2026, month, 3)
            changes.edit(tx, "goals", {"goal_id": "g1"}, {"current": Decimal(value)}, who="ana@x.com", at=at(day),
                         origin="modal", on=day)  # fmt: skip
        autumn = date(2026, 9, 30)
        kept = [(one, autumn, "licences", 51.25), (one, date(2025, 9, 30), "licences", 40.0), (one, autumn, "use", 1.0)]
        rows = [
            {"account": number, "day": day, "measure": measure, "points": 3, "weight": 9, "value": value}
            for number, day, measure, value in (*kept, (other, autumn, "licences", 99.0))
        ]
        tx.execute(insert(tables.factors), rows)
    with database.transaction() as tx:
        told = goal_months.told(tx, one, ALL, since=SINCE)
        measured = goal_months.measured(tx, one, ALL, ["licences"], since=SINCE)
        hidden = goal_months.told(tx, one, OWN, since=SINCE), goal_months.measured(tx, one, OWN, ["use"], since=SINCE)
    assert told == {"g1": [(date(2026, 9, 3), Decimal(51)), (date(2026, 10, 3), Decimal("52.5"))]}
    assert measured == {"licences": [(date(2026, 9, 30), Decimal("51.25"))]}
    assert hidden == ({}, {})
