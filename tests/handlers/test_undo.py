"""What was just saved can be taken back by who saved it, for ten minutes, and never over a later change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.ask import Reply
from storage import changes
from storage.database import Transaction
from storage.facts import outcomes, sentiments, touches
from storage.facts.touches import Touch
from storage.tables import changes as recorded
from storage.tables import outcomes as outcome_rows
from storage.tables import sentiments as feelings
from storage.tables import touches as touch_rows
from tests.handlers.test_outcomes import ANA, BEN, form, row
from tests.stage import TODAY, Counter, Stage


def acme(counter: Counter) -> int:
    with counter.desk.database.transaction() as tx:
        return acme_of(tx)


def acme_of(tx: Transaction) -> int:
    return tx.execute(select(outcome_rows.c.account).where(outcome_rows.c.outcome_id == "R-001")).scalar_one()


def add_touch(counter: Counter) -> int:
    made = Touch("new", counter.desk.clock(), "call", "both", ANA, (), "Hello")
    with counter.desk.database.changing() as tx:
        at = counter.desk.clock()
        change = touches.add(tx, acme(counter), made, who=ANA, at=at, origin="modal", today=TODAY)
    assert change
    return change


def give_sentiment(counter: Counter) -> int:
    with counter.desk.database.changing() as tx:
        at = counter.desk.clock()
        change = sentiments.give(tx, acme(counter), "lost", by=ANA, at=at, origin="modal", today=TODAY)
    assert change
    return change


def change_outcome(counter: Counter, *, who: str = ANA, statement: str = "Another") -> int:
    with counter.desk.database.changing() as tx:
        seen = outcomes.AsOf(TODAY, TODAY)
        kept = outcomes.get(tx, "R-001", seen, outcomes.Scope(counter.person(who)))
        change = outcomes.write(
            tx, "R-001", {"statement": statement}, mark=kept.mark, who=who, at=counter.desk.clock(), origin="modal",
            on=TODAY,
        )  # fmt: skip
    assert change
    return change


def standing(counter: Counter) -> tuple[object, ...]:
    with counter.desk.database.transaction() as tx:
        assert changes.verify(tx) is None
        return (
            tx.execute(select(touch_rows.c.touch_id).where(touch_rows.c.touch_id == "new")).all(),
            tx.execute(select(feelings).where(feelings.c.given_on == TODAY)).all(),
            tx.execute(select(outcome_rows.c.statement).where(outcome_rows.c.outcome_id == "R-001")).all(),
        )


def undone(counter: Counter, change: int, **more: str) -> Reply:
    return counter.asked(f"undo {change}", **more)


@pytest.mark.parametrize("make", [add_touch, give_sentiment, change_outcome])
def test_everything_that_a_form_saves_can_be_taken_back_once(counter: Counter, make: Callable[[Counter], int]) -> None:
    before = standing(counter)
    change = make(counter)
    assert standing(counter) != before
    assert undone(counter, change).text == "Taken back: Acme Corp is as it was before."
    assert standing(counter) == before
    again = undone(counter, change)
    assert (again.text, again.answered) == ("That has been taken back already.", False)
    assert standing(counter) == before


def test_what_was_changed_since_stays(counter: Counter) -> None:
    first = change_outcome(counter)
    change_outcome(counter, who=BEN, statement="Ben's word")
    reply = undone(counter, first)
    assert reply.text == "Somebody has changed it again since, so I left it as it is."
    assert standing(counter)[2] == [("Ben's word",)]


def test_what_others_wrote_into_a_new_outcome_is_not_lost_with_it(counter: Counter) -> None:
    """Ana adds it, Ben has it confirmed: other columns, the same outcome."""
    at = counter.desk.clock()
    with counter.desk.database.changing() as tx:
        number, said = acme_of(tx), {"at": at, "origin": "modal", "on": TODAY}
        added = outcomes.write(tx, "new", {"account": number, "statement": "x"}, mark=None, who=ANA, **said)
        changes.edit(tx, "outcomes", {"outcome_id": "new"}, {"confirmed_on": TODAY}, who=BEN, **said)
    assert undone(counter, added).text == "Somebody has changed it again since, so I left it as it is."
    with counter.desk.database.changing() as tx:
        changes.edit(tx, "outcomes", {"outcome_id": "new"}, {"confirmed_on": None}, who=BEN, **said)
    assert undone(counter, added).answered


@pytest.mark.parametrize(("minutes", "taken"), [(9, True), (11, False)])
def test_after_ten_minutes_it_stays(counter: Counter, minutes: int, taken: bool) -> None:
    change = change_outcome(counter)
    now = counter.desk.clock() + timedelta(minutes=minutes)
    later = Counter(replace(counter.desk, clock=lambda: now))
    assert undone(later, change).answered is taken
    assert (standing(counter)[2] == [("Another",)]) is not taken


@pytest.mark.parametrize("number", ["99999", "x", "", "²", "1" * 30, "-1"])
def test_there_is_nothing_to_take_back(counter: Counter, number: str) -> None:
    assert counter.asked(f"undo {number}").text == "There is nothing of yours to take back here."


def test_another_s_change_is_not_mine_to_take_back(counter: Counter) -> None:
    change = change_outcome(counter)
    for person in (BEN, "sofia@example.com", "tom@example.com"):
        assert undone(counter, change, by=person).text == "There is nothing of yours to take back here."
    assert standing(counter)[2] == [("Another",)]


def test_an_undo_is_no_form_to_take_back(counter: Counter) -> None:
    change = change_outcome(counter)
    undone(counter, change)
    with counter.desk.database.transaction() as tx:
        newest = tx.execute(select(recorded.c.id).order_by(recorded.c.id.desc()).limit(1)).scalar_one()
    assert undone(counter, newest).text == "There is nothing of yours to take back here."


def test_who_lost_the_right_to_write_cannot_take_back(counter: Counter) -> None:
    from sqlalchemy import update

    from storage.tables import people

    change = change_outcome(counter)
    with counter.desk.database.changing() as tx:
        tx.execute(update(people).where(people.c.email == ANA).values(role="viewer"))
    assert "You may read and not write" in undone(counter, change).text
    assert standing(counter)[2] == [("Another",)]


def test_the_button_on_the_confirmation_takes_its_place(stage: Stage) -> None:
    form(stage, "outcome-progress R-001")
    said = stage.after(ANA, lambda h: h.submit({"current": "4"}))
    assert said.buttons == ["See the outcomes", "Undo"]
    ana = stage.slack.as_user(ANA)
    ana.click(said, text="Undo")
    stage.slack.wait(lambda: stage.slack.workspace.message(said.channel, said.ts).edited)
    after = stage.slack.workspace.message(said.channel, said.ts)
    assert "Taken back" in after.plain
    assert "Undo" not in after.buttons
    assert row(stage, outcome_id="R-001")["current"] == 5


@pytest.mark.parametrize(
    ("label", "entered"), [("Log a touch", {"subject": "Hi"}), ("Give my sentiment", {"value": "lost"})]
)
def test_touch_and_sentiment_have_the_button_too(stage: Stage, label: str, entered: dict) -> None:
    shown, ana = stage.answer(ANA, "/health", "acme"), stage.slack.as_user(ANA)
    ana.click(shown, text=label)
    stage.slack.wait(lambda: ana.modal)
    said = stage.after(ANA, lambda h: h.submit(entered))
    assert said.buttons == ["See the card", "Undo"]


def test_what_one_gesture_did_to_several_accounts_is_taken_back_at_once(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        by_ana = {"who": ANA, "at": counter.desk.clock(), "origin": changes.gesture("modal", "V9"), "on": TODAY}
        numbers = tx.execute(select(outcome_rows.c.account).distinct().limit(3)).scalars().all()
        rows = [{"touch_id": f"g{n}", "account": n, "at": counter.desk.clock()} for n in numbers]
        made = changes.add(tx, "touches", rows, **by_ana)
    assert undone(counter, made[0]).text == "Taken back: 3 accounts are as they were before."
    assert undone(counter, made[2]).text == "That has been taken back already."
    with counter.desk.database.transaction() as tx:
        assert not tx.execute(select(touch_rows.c.touch_id).where(touch_rows.c.touch_id.like("g%"))).all()
