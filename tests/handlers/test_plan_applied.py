"""An edited plan is written in one transaction, as one gesture; on both databases."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

import bot
from domain.playbooks.goals import Goal
from handlers.ask import Ask, Refused
from handlers.workbooks import import_plan
from storage import changes, tables
from storage.database import Database
from storage.playbooks import plays
from tests.domain.plays import book, planned, play
from tests.handlers.plan_sheets import Sheet
from tests.stage import TODAY, Counter, settings
from tests.storage.rows import at, put, put_accounts, put_people
from words import Words

ANA = "ana@x.com"


@pytest.fixture
def counter(database: Database) -> Iterator[Counter]:
    with database.changing() as tx:
        put_people(tx)
        (one,) = put_accounts(tx, "acme", csm=ANA, currency="USD", country="MX")
        put(tx, "contacts", {"contact_id": "c1", "account": one, "name": "Eva Ríos", "role": "champion"})
        put(tx, "outcomes", {"outcome_id": "o1", "account": one, "statement": "Close in 3 days", "contact_id": "c1",
                             "baseline": Decimal(7), "current": Decimal(5), "target": Decimal(3)})  # fmt: skip
        put(tx, "subscriptions", {"subscription_id": "S1", "starts_on": date(2026, 4, 1), "account": one,
                                  "ends_on": date(2027, 9, 30), "annual": Decimal(12000), "currency": "USD",
                                  "product": "Core"})  # fmt: skip
        running, tasks = play(account=one, goal_id="P1"), planned(book(), play(account=one)).tasks
        goal = Goal("P1", one, "licences", Decimal(70), TODAY + timedelta(90), Decimal(51), Decimal(51), TODAY, ANA,
                    "rescue", "o1", "More of them")  # fmt: skip
        start = plays.Start(running, book(), tasks, goal)
        plays.start(tx, [start], token="t", who=ANA, at=at(TODAY), origin="modal", on=TODAY)
    desk = bot.desk(settings(database), TODAY)
    yield Counter(desk)
    desk.exports.shutdown()
    desk.database.close()


def all_rows(counter: Counter) -> dict[str, list[dict]]:
    with counter.desk.database.transaction() as tx:
        return {
            name: [
                {column: value for column, value in row.items() if column != "known_on"}
                for row in tx.execute(
                    select(getattr(tables, name)).order_by(*getattr(tables, name).primary_key)
                ).mappings()
            ]
            for name in ("outcomes", "goals", "tasks", "contacts", "renewal_calls", "plays")
        }


def edited(counter: Counter) -> bytes:
    content = counter.asked("export plan acme", by=ANA).files[0].build()
    sheet = Sheet(content, "Outcomes")
    sheet.cell("o1", "Current").value = 3
    sheet = Sheet(sheet.saved(), "Goals")
    sheet.cell("P1", "Current").value = 0.7
    sheet.cell("P1", "Owner").value = "Ben"
    sheet = Sheet(sheet.saved(), "Renewal")
    sheet.cell("2027-09-30", "The CSM's call").value = "at risk"
    sheet.cell("2027-09-30", "Why").value = "new owner"
    sheet = Sheet(sheet.saved(), "Contacts")
    sheet.cell("c1", "Left").value = "20/11/2026"
    sheet = Sheet(sheet.saved(), "Tasks")
    sheet.cell("P1-B1-1", "Status").value = "done"
    sheet.cell("P1-F1-1", "Day").value = date(2026, 12, 15)
    sheet.new(Day=date(2026, 12, 1), Task="Ring Eva", For_whom="Eva Ríos", Side="front stage", Channel="phone call")
    return sheet.saved()


def test_all_of_it_is_written_and_taken_back_together(counter: Counter) -> None:
    before, content = all_rows(counter), edited(counter)
    ask = Ask(counter.desk, counter.person(ANA), Words("en"), capability="import-plan")
    sent, found = import_plan.check(ask, content)
    assert found.clean, found.refused
    found, made = import_plan.apply(ask, sent)
    after = all_rows(counter)
    (outcome,), (goal,), (contact,), (call,) = (after[n] for n in ("outcomes", "goals", "contacts", "renewal_calls"))
    assert (outcome["current"], outcome["achieved_on"]) == (Decimal(3), TODAY)
    assert (goal["current"], goal["achieved_on"], goal["owner"]) == (Decimal(70), TODAY, "ben@x.com")
    assert contact["left_on"] == date(2026, 11, 20)
    assert (call["call"], call["reason"], call["by"], call["given_on"]) == ("at_risk", "new owner", "csm", TODAY)
    tasks = {task["task_id"]: task for task in after["tasks"]}
    assert (tasks["P1-B1-1"]["status"], tasks["P1-B1-1"]["done_by"]) == ("done", ANA)
    assert tasks["P1-F1-1"]["due_on"] == date(2026, 12, 15)
    assert tasks["P1-F2-1"]["due_on"] >= date(2026, 12, 15), "it needs the call"
    (new,) = [task for task in after["tasks"] if task["title"] == "Ring Eva"]
    assert (new["side"], new["contact_id"], new["owner"], new["channel"]) == ("front", "c1", ANA, "call")
    assert import_plan.apply(ask, sent)[1] is None, "sent again it changes nothing"
    assert all_rows(counter) == after
    with counter.desk.database.changing() as tx:
        assert made is not None
        changes.undo(tx, made, who=ANA, at=counter.desk.clock(), on=TODAY)
    assert all_rows(counter) == before
    with counter.desk.database.transaction() as tx:
        assert changes.verify(tx) is None


def test_what_changed_while_it_waited_for_the_click_is_not_overwritten(counter: Counter) -> None:
    content = edited(counter)
    ask = Ask(counter.desk, counter.person(ANA), Words("en"), capability="import-plan")
    sent, found = import_plan.check(ask, content)
    assert not found.merge.conflicts
    with counter.desk.database.changing() as tx:
        changes.edit(tx, "contacts", {"contact_id": "c1"}, {"left_on": date(2026, 11, 1)}, who="ben@x.com",
                     at=counter.desk.clock(), origin="modal", on=TODAY)  # fmt: skip
    found, made = import_plan.apply(ask, sent)
    assert made
    assert [each.field for each in found.merge.conflicts] == ["left_on"]
    assert all_rows(counter)["contacts"][0]["left_on"] == date(2026, 11, 1)


def test_an_account_out_of_sight_is_as_unknown_as_another_organisations(counter: Counter) -> None:
    content = edited(counter)
    policy = counter.desk.policy.model_copy(update={"visibility": "own"})
    from dataclasses import replace

    ask = Ask(replace(counter.desk, policy=policy), counter.person("cleo@x.com"), Words("en"), capability="import-plan")
    with pytest.raises(Refused, match="no account plan with this export id"):
        import_plan.check(ask, content)
