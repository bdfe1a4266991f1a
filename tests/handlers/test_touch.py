"""A touch is logged once, stands everywhere at once, and is recorded."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from handlers.accounts.touch import read
from handlers.ask import Invalid
from playground import Message
from storage import changes
from storage.tables import changes as record
from storage.tables import sentiments, touches
from tests.stage import TODAY, Stage
from words import Words

ENTERED = {"subject": "Date for the ticket", "channel": "call", "direction": "both", "minutes": "25",
           "note": "They are calmer now"}  # fmt: skip


def open_form(stage: Stage, person: str = "ana@example.com", account: str = "acme"):
    card = stage.answer(person, "/health", account)
    hands = stage.slack.as_user(person)
    hands.click(card, text="Log a touch")
    stage.slack.wait(lambda: hands.modal)
    return hands


def logged(stage: Stage) -> list:
    with stage.desk.database.transaction() as tx:
        return list(tx.execute(select(touches).where(touches.c.subject == ENTERED["subject"])).mappings())


def test_a_touch_is_saved_shown_and_recorded(stage: Stage) -> None:
    hands = open_form(stage)
    assert "Acme Corp" in hands.modal.plain
    said = stage.after("ana@example.com", lambda h: h.submit(ENTERED | {"contacts": ["Grace Whitman"]}))
    assert hands.modal is None
    assert "Acme Corp" in said.text
    assert ENTERED["subject"] not in said.text
    (row,) = logged(stage)
    assert (row["csm"], row["channel"], row["minutes"], row["note"]) == (
        "ana@example.com", "call", 25, ENTERED["note"],
    )  # fmt: skip
    assert row["at"].date() in {TODAY, TODAY - timedelta(1)}
    assert ENTERED["subject"] in stage.answer("ana@example.com", "/account", "acme").plain
    assert "Last two-way touch: today" in stage.answer("ana@example.com", "/health", "acme factors").plain
    with stage.desk.database.transaction() as tx:
        last = tx.execute(select(record).order_by(record.c.id.desc()).limit(1)).mappings().one()
        assert (last["who"], last["origin"], last["entity"]) == ("ana@example.com", "modal", "touches")
        assert changes.verify(tx) is None


def test_submitted_twice_is_saved_once(stage: Stage) -> None:
    hands = open_form(stage)
    view = hands.modal
    stage.after("ana@example.com", lambda h: h.submit(ENTERED, view=view))
    again = stage.after("ana@example.com", lambda h: h.submit(ENTERED, view=view))
    assert "Acme Corp" in again.plain
    assert len(logged(stage)) == 1


def test_what_cannot_be_is_refused_beside_its_field(stage: Stage) -> None:
    hands = open_form(stage)
    tomorrow = (TODAY + timedelta(1)).isoformat()
    refused = hands.submit(ENTERED | {"on": tomorrow})
    assert refused.errors == {"on": "A touch is logged when it has been: this day is still to come."}
    assert hands.modal, "the form is still there"
    assert not logged(stage)
    stage.after("ana@example.com", lambda h: h.submit(ENTERED | {"on": TODAY.isoformat()}))
    assert len(logged(stage)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"on": (TODAY + timedelta(1)).isoformat()}, "on"), ({"minutes": "1441"}, "minutes"),
     ({"minutes": "½"}, "minutes"), ({"minutes": "²"}, "minutes"), ({"subject": "   "}, "subject")],
)  # fmt: skip
def test_each_wrong_field_says_why(wrong: dict, field: str) -> None:
    entered = {**ENTERED, "on": TODAY.isoformat(), **wrong}
    for language in ("en", "es"):
        with pytest.raises(Invalid) as refused:
            read(Words(language), TODAY, entered)
        assert list(refused.value.errors) == [field]
        assert all(refused.value.errors.values())


def test_a_day_gone_by_is_kept_as_that_day(stage: Stage) -> None:
    open_form(stage)
    day = TODAY - timedelta(3)
    stage.after("ana@example.com", lambda h: h.submit(ENTERED | {"on": day.isoformat()}))
    (row,) = logged(stage)
    assert row["at"] == datetime.combine(day, time(18), UTC), "noon in Mexico"


def test_how_one_feels_stands_beside_the_score_and_never_in_it(stage: Stage) -> None:
    card = stage.answer("ben@example.com", "/health", "globex")
    hands = stage.slack.as_user("ben@example.com")
    hands.click(card, text="Give my sentiment")
    stage.slack.wait(lambda: hands.modal)
    said = stage.after("ben@example.com", lambda h: h.submit({"value": "lost", "note": "Nobody answers"}))
    assert "Globex" in said.text
    after = stage.answer("ben@example.com", "/health", "globex")
    assert after.plain.splitlines()[0] == card.plain.splitlines()[0]
    assert "“lost”, of 23 Nov" in after.plain
    with stage.desk.database.transaction() as tx:
        assert changes.verify(tx) is None


def test_another_persons_sentiment_of_the_day_is_not_overwritten(stage: Stage) -> None:
    def feel(person: str, value: str) -> Message:
        card = stage.answer(person, "/health", "globex")
        hands = stage.slack.as_user(person)
        hands.click(card, text="Give my sentiment")
        stage.slack.wait(lambda: hands.modal)
        return stage.after(person, lambda h: h.submit({"value": value, "note": f"{person} says {value}"}))

    feel("ben@example.com", "worried")
    said = feel("ben@example.com", "lost")
    assert "Your sentiment about Globex: lost" in said.plain, "one's own later word stands"
    refused = feel("tom@example.com", "great")
    assert "Ben Carter already gave today's sentiment about Globex: “lost”." in refused.plain
    with stage.desk.database.transaction() as tx:
        given = tx.execute(select(sentiments).where(sentiments.c.given_on == TODAY)).mappings().all()
    assert [(row["csm"], row["value"], row["note"]) for row in given] == [
        ("ben@example.com", "lost", "ben@example.com says lost")
    ]


def test_an_account_out_of_sight_cannot_be_written_to(stage: Stage) -> None:
    """The policy changes while the form is open."""
    from dataclasses import replace

    hands = open_form(stage, account="farmacias luz")
    desk = replace(stage.desk, policy=stage.desk.policy.model_copy(update={"visibility": "own"}))
    from handlers.accounts.touch import FORM
    from handlers.ask import Ask, Refused
    from storage import people

    with desk.database.transaction() as tx:
        ana = people.by_email(tx, "ana@example.com")
    entered = read(Words("en"), TODAY, {**ENTERED, "on": TODAY.isoformat()})
    with pytest.raises(Refused):
        FORM.save(Ask(desk, ana, Words("en"), "farmacias-luz", "touch", token=hands.modal.id), entered)
    assert not logged(stage)
