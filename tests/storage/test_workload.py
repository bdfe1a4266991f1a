"""Sums of what is open: by owner, and of one activity on many accounts; of what one may see."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from domain.accounts import Person
from domain.plays import Task
from storage import plays, tasks, workload
from storage.database import Database, Transaction
from storage.scope import Scope, operator
from storage.tables import tasks as task_rows
from tests.storage.rows import TODAY, put_accounts, put_people
from tests.storage.test_plays import BY_ANA, begin

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def own(tx: Transaction, number: int, name: str, **more: object) -> None:
    given = {"task_id": name, "account": number, "side": "back", "due_on": TODAY, "owner": "ana@x.com", "hours": 1.5}
    tasks.add(tx, Task(**given | more), who="ana@x.com", at=NOW, origin="modal", on=TODAY)


def test_hours_and_late_ones_by_owner(database: Database) -> None:
    with database.changing() as tx:
        put_people(tx)
        (acme,), (core,) = put_accounts(tx, "Acme", csm="ana@x.com"), put_accounts(tx, "Core", csm="ben@x.com")
        own(tx, acme, "a")
        own(tx, acme, "b", due_on=TODAY - timedelta(2), hours=2)
        own(tx, core, "c", owner="ben@x.com")
        own(tx, core, "d", owner=None, hours=0)
        own(tx, acme, "later", due_on=TODAY + timedelta(1))
        own(tx, acme, "done", status="done")
        every = {each.owner: each for each in workload.by_owner(tx, operator(), today=TODAY, until=TODAY)}
        assert (every["ana@x.com"].tasks, every["ana@x.com"].late, every["ana@x.com"].hours) == (2, 1, 3.5)
        assert (every["ben@x.com"].tasks, every[None].hours) == (1, 0)
        mine = workload.by_owner(tx, operator(), today=TODAY, until=TODAY, owners=("Ana@x.com",))
        assert [each.owner for each in mine] == ["ana@x.com"]
        hers = Scope(Person("ana@x.com", "Ana"), "own")
        assert {each.owner for each in workload.by_owner(tx, hers, today=TODAY, until=TODAY)} == {"ana@x.com"}


def test_one_activity_on_many_accounts_of_plays_that_run(database: Database) -> None:
    with database.changing() as tx:
        put_people(tx)
        names = ("Acme", "Bolt", "Core")
        numbers = put_accounts(tx, *names, csm="ana@x.com", tier="1", country="US")
        starts = [begin(number, name) for number, name in zip(numbers, names, strict=True)]
        plays.start(tx, starts, **BY_ANA)
        until = TODAY + timedelta(60)
        found = workload.by_activity(tx, operator(), until=until, least=3)
        assert found == [], "a call and a meeting are not done by writing"
        tx.execute(update(task_rows).where(task_rows.c.activity == "F2").values(channel="email"))
        found = workload.by_activity(tx, operator(), until=until, least=3)
        assert [(each.playbook, each.activity, each.tasks) for each in found] == [("rescue", "F2", 3)]
        assert workload.by_activity(tx, operator(), until=until, least=4) == []
        assert workload.by_activity(tx, operator(), until=until, owners=("ben@x.com",), least=3) == []
