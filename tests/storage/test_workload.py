"""Sums of what is open: by person, and of one activity on many accounts; of what one may see."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from domain.accounts import Person
from domain.playbooks.plays import Task
from storage import changes
from storage.database import Database, Transaction
from storage.playbooks import plays, tasks, workload
from storage.scope import Scope, operator
from storage.tables import tasks as task_rows
from tests.storage.rows import TODAY, put_accounts, put_people
from tests.storage.test_plays import BY_ANA, begin

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def own(tx: Transaction, number: int, name: str, **more: object) -> None:
    given = {"task_id": name, "account": number, "side": "back", "due_on": TODAY, "owner": "ana@x.com", "hours": 1.5}
    tasks.add(tx, Task(**given | more), who="ana@x.com", at=NOW, origin="modal", on=TODAY)


def test_hours_and_late_ones_by_person(database: Database) -> None:
    with database.changing() as tx:
        put_people(tx)
        (acme,), (core,) = put_accounts(tx, "Acme", csm="ana@x.com"), put_accounts(tx, "Core", csm="ben@x.com")
        own(tx, acme, "a")
        own(tx, acme, "b", due_on=TODAY - timedelta(2), hours=2)
        own(tx, core, "c", owner="ben@x.com")
        own(tx, core, "d", owner=None, hours=0)
        own(tx, acme, "later", due_on=TODAY + timedelta(1))
        own(tx, acme, "done", status="done")
        whole = workload.of(tx, operator(), today=TODAY, until=TODAY)
        assert (whole.tasks, whole.late, whole.hours) == (4, 1, 5)
        every = {share.who: share for share in whole.shares}
        assert (every["ana@x.com"].tasks, every["ana@x.com"].hours) == (2, 3.5)
        assert (every["ben@x.com"].tasks, every[None].hours) == (1, 0)
        mine = workload.of(tx, operator(), today=TODAY, until=TODAY, owners=("Ana@x.com",))
        assert (mine.tasks, mine.hours, [share.who for share in mine.shares]) == (2, 3.5, ["ana@x.com"])
        hers = Scope(Person("ana@x.com", "Ana"), "own")
        assert {share.who for share in workload.of(tx, hers, today=TODAY, until=TODAY).shares} == {"ana@x.com"}


def test_who_takes_part_spends_the_same_hours(database: Database) -> None:
    with database.changing() as tx:
        put_people(tx)
        (acme,) = put_accounts(tx, "Acme", csm="ana@x.com")
        own(tx, acme, "meeting", helpers=("ben@x.com", "a_b@x.com"))
        own(tx, acme, "alone")
        whole = workload.of(tx, operator(), today=TODAY, until=TODAY)
        assert (whole.tasks, whole.hours) == (2, 6), "a task counts once, its hours for each of the three"
        hers = workload.of(tx, operator(), today=TODAY, until=TODAY, owners=("ben@x.com",))
        assert [(share.who, share.tasks, share.hours) for share in hers.shares] == [("ben@x.com", 1, 1.5)]
        due = tasks.due(tx, operator(), until=TODAY, owners=("Ben@x.com",))
        assert [(each.task.task_id, each.task.helpers) for each in due] == [("meeting", ("ben@x.com", "a_b@x.com"))]
        assert tasks.due(tx, operator(), until=TODAY, owners=("axb@x.com", "en@x.com")) == []
        taken = tasks.taken(tx, since=TODAY, until=TODAY)
        assert {who: hours for (who, _week), hours in taken.items()} == {
            "ana@x.com": 3, "ben@x.com": 1.5, "a_b@x.com": 1.5,
        }  # fmt: skip


def test_who_takes_part_is_changed_and_taken_back_as_anything_else(database: Database) -> None:
    by = {"who": "ana@x.com", "at": NOW, "origin": "modal", "on": TODAY}
    with database.changing() as tx:
        put_people(tx)
        (acme,) = put_accounts(tx, "Acme", csm="ana@x.com")
        own(tx, acme, "meeting", helpers=("ben@x.com",))
        change = changes.edit(tx, "tasks", {"task_id": "meeting"}, {"helpers": ("cleo@x.com",)}, **by)
        assert change is not None
        assert changes.edit(tx, "tasks", {"task_id": "meeting"}, {"helpers": ("cleo@x.com",)}, **by) is None
        changes.undo(tx, change, who="ana@x.com", at=NOW, on=TODAY)
        stands = tasks.get(tx, "meeting", operator())
        assert stands is not None
        assert stands.helpers == ("ben@x.com",)
        assert changes.verify(tx) is None


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
