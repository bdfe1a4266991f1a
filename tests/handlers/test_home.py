"""Home, its forms with a picker of accounts, and a message that becomes a touch: as people see them in Slack."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from handlers import answers, picking
from handlers.alerts.evaluation import evaluate
from playground.values import View
from storage import changes, people
from storage.tables import accounts, contacts, goals, renewal_calls, sentiments, subscriptions, touches
from storage.tables import changes as recorded
from tests.stage import TODAY, Stage
from words import Words

ANA, BEN, SOFIA = "ana@example.com", "ben@example.com", "sofia@example.com"
MOST = 100


def home(stage: Stage, person: str = ANA, language: str = "en") -> View:
    """Opened anew; one that was drawn after a form may come between, and is then drawn again."""
    stage.failing.add("views.publish")
    hands = stage.slack.as_user(person)
    hands.speak(language)
    before = stage.slack.home(hands.person.id)
    hands.open_home()
    stage.slack.wait(lambda: stage.slack.home(hands.person.id) not in (None, before))
    stage.settle()
    return shown(stage, person)


def shown(stage: Stage, person: str = ANA) -> View:
    found = stage.slack.home(stage.slack.as_user(person).person.id)
    assert found is not None
    return found


def renewed(stage: Stage, act, person: str = ANA) -> View:
    """Home after what a person does."""
    before = shown(stage, person).hash
    act(stage.slack.as_user(person))
    stage.slack.wait(lambda: shown(stage, person).hash != before)
    stage.settle()
    return shown(stage, person)


def picked(stage: Stage, word: str, typed: str, person: str = ANA, *, view: View | None = None):
    """The form, opened from Home without an account; what was typed, and the first that was suggested."""
    return choose(stage, press(stage, view or home(stage, person), word, person), typed)


def press(stage: Stage, view: View, value: str, person: str = ANA):
    """The button that carries this value; the hands, once another modal lies on the screen."""
    hands = stage.slack.as_user(person)
    below = hands.modal.id if hands.modal else None
    element = next(each for each in view.actions if each.get("value") == value)
    hands.click(view, element["action_id"], block_id=element["block_id"])
    stage.slack.wait(lambda: hands.modal and hands.modal.id != below)
    return hands


def choose(stage: Stage, hands, typed: str):
    picker = hands.modal
    offered = hands.suggest(picker, "picked", typed)
    hands.choose(picker, "picked", offered[0])
    stage.slack.wait(lambda: hands.modal and hands.modal.id != picker.id)
    return hands


def count(stage: Stage) -> int:
    with stage.desk.database.transaction() as tx:
        assert changes.verify(tx) is None
        return tx.execute(select(func.count()).select_from(recorded)).scalar_one()


def row(stage: Stage, table, **where) -> dict:
    with stage.desk.database.transaction() as tx:
        conditions = [table.c[name] == value for name, value in where.items()]
        return dict(tx.execute(select(table).where(*conditions)).mappings().one())


@pytest.fixture
def noticed(stage: Stage) -> Stage:
    evaluate(stage.desk.database, stage.desk.policy, day=TODAY)
    return stage


def test_my_day_stands_there_when_it_is_opened(noticed: Stage) -> None:
    stage = noticed
    lines = home(stage).plain
    for heading in ("THEY NEED YOU TODAY", "RENEWALS WITHOUT YOUR CALL", "MY BOOK", "In the last 7 days:"):
        assert heading in lines
    assert "Team · week of" not in lines
    assert len(shown(stage).body["blocks"]) <= MOST


def test_in_spanish(noticed: Stage) -> None:
    stage = noticed
    lines = home(stage, language="es").plain
    for heading in ("TE NECESITAN HOY", "RENOVACIONES SIN TU PRONÓSTICO", "MI CARTERA", "En los últimos 7 días:"):
        assert heading in lines


def test_a_lead_sees_the_team_too(stage: Stage) -> None:
    lines = home(stage, SOFIA).plain
    assert "Team · week of" in lines
    assert "MY TEAM'S BOOK" in lines


def test_a_long_book_has_pages_and_a_way_back(stage: Stage) -> None:
    view, seen = home(stage, SOFIA), []
    for _page in range(20):
        seen += [e["value"] for e in view.actions if e.get("value", "").startswith("health ")]
        assert len(view.body["blocks"]) <= MOST
        if "Next" not in [e.get("text", {}).get("text") for e in view.actions]:
            break
        view = renewed(stage, lambda hands, at=view: hands.click(at, text="Next"), SOFIA)
    assert len(seen) == len(set(seen)) > 15
    back = renewed(stage, lambda hands: hands.click(view, text="Back to my day"), SOFIA).plain
    assert "My sentiment…" in back
    assert f"{len(seen)} accounts" in back


def test_who_is_not_of_us_sees_a_sentence(stage: Stage) -> None:
    outsider = next(p for p in stage.slack.workspace.people.values() if p.is_outside)
    hands = stage.slack.as_user(outsider.id)
    hands.open_home()
    stage.slack.wait(lambda: stage.slack.home(outsider.id))
    blocks = stage.slack.home(outsider.id).body["blocks"]
    assert len(blocks) == 1
    assert "I cannot show account data here" in stage.slack.home(outsider.id).plain


def test_an_alert_taken_in_home_shows_there(noticed: Stage) -> None:
    stage = noticed
    view = home(stage)
    after = renewed(stage, lambda hands: hands.click(view, text="I'll take it"))
    assert "is yours" in after.plain
    assert "Give it back" in json.dumps(after.body)
    back = renewed(stage, lambda hands: hands.click(after, text="Undo"))
    assert "Taken back" in back.plain
    assert "Give it back" not in json.dumps(back.body)


def test_an_answer_opens_over_home_and_goes_on_there(stage: Stage) -> None:
    hands = press(stage, home(stage), "health acme")
    assert "Acme Corp" in hands.modal.plain
    below = hands.modal.id
    hands.click(text="Log a touch")
    stage.slack.wait(lambda: hands.modal.id != below)
    after = renewed(stage, lambda h: h.submit({"subject": "A word on the lift", "channel": "call"}))
    assert hands.modal is None
    assert "MY BOOK" in after.plain
    assert row(stage, touches, subject="A word on the lift")["side"] == "front"


def test_a_call_given_from_home_is_missing_there_no_more(stage: Stage) -> None:
    view = home(stage)
    asked = [e["value"] for e in view.actions if e.get("value", "").startswith("renewal-call ")]
    press(stage, view, asked[0])
    after = renewed(stage, lambda h: h.submit({"call": "renew"}))
    assert asked[0] not in [e.get("value") for e in after.actions]


def test_the_picker_suggests_what_one_may_see(stage: Stage) -> None:
    hands = press(stage, home(stage), "touch")
    assert [o["value"] for o in hands.suggest(hands.modal, "picked", "acm")] == ["acme"]
    assert "acme" in [o["value"] for o in hands.suggest(hands.modal, "picked", "ACNE")], "with a typo"
    assert len(hands.suggest(hands.modal, "picked", "a")) <= MOST
    assert hands.submit({}).errors == {"picked": "Please complete this required field."}


def test_a_form_opened_without_an_account_ends_in_that_account(stage: Stage) -> None:
    hands = picked(stage, "sentiment", "glob")
    assert "Globex" in hands.modal.plain
    renewed(stage, lambda h: h.submit({"value": "worried"}))
    assert hands.modal is None, "the picker is gone with it"
    number = row(stage, accounts, account_id="globex")["number"]
    assert row(stage, sentiments, account=number, given_on=TODAY)["value"] == "worried"


def test_an_account_without_an_end_of_contract_is_refused_under_the_picker(stage: Stage) -> None:
    with stage.desk.database.changing() as tx:
        number = tx.execute(select(accounts.c.number).where(accounts.c.account_id == "acme")).scalar_one()
        tx.execute(subscriptions.delete().where(subscriptions.c.account == number))
    hands = press(stage, home(stage), "renewal-call")
    picker, option = hands.modal, hands.suggest(hands.modal, "picked", "acme")[0]
    assert "nothing to call" in hands.submit({"picked": option["value"]}).errors["picked"]
    hands.choose(picker, "picked", option)
    stage.slack.wait(lambda: "nothing to call" in hands.modal.plain)
    assert hands.modal.id == picker.id


@pytest.mark.parametrize(("language", "label"), [("en", "Among ourselves"), ("es", "Entre nosotros")])
def test_a_message_becomes_a_touch_of_the_back_stage(stage: Stage, language: str, label: str) -> None:
    hands = stage.slack.as_user(ANA)
    hands.speak(language)
    said = hands.say("Grace asked us to hold the invoice <until> March & then send it", channel="C0SUCCESS")
    hands.shortcut(said, "touch-message")
    stage.slack.wait(lambda: hands.modal)
    choose(stage, hands, "acme")
    assert label in hands.modal.plain
    stage.after(ANA, lambda h: h.submit({"subject": "Invoice on hold", "channel": "chat", "side": "back"}))
    kept = row(stage, touches, subject="Invoice on hold")
    assert kept["side"] == "back"
    text, link = kept["note"].splitlines()
    assert text == "Grace asked us to hold the invoice <until> March & then send it"
    assert link.endswith(said.ts.replace(".", ""))


def test_a_touch_from_anywhere(stage: Stage) -> None:
    hands = stage.slack.as_user(ANA)
    assert hands.begin("touch").ok
    stage.slack.wait(lambda: hands.modal)
    choose(stage, hands, "norte")
    stage.after(ANA, lambda h: h.submit({"subject": "Their new plant"}))
    assert row(stage, touches, subject="Their new plant")["side"] == "front"


def test_it_says_that_it_is_at_work_where_its_answer_takes_that_away(stage: Stage) -> None:
    first = stage.after(ANA, lambda h: h.say("health acme"))
    stage.after(ANA, lambda h: h.say("why?", thread=first.ts))
    assert [r.args["thread_ts"] for r in stage.slack.requests if r.method == "assistant.threads.setStatus"] == [
        first.ts
    ]


def test_what_was_said_among_ourselves_is_no_word_with_the_customer(stage: Stage) -> None:
    before = stage.answer(ANA, "/health", "acme factors").plain
    hands = picked(stage, "touch", "acme")
    stage.after(ANA, lambda h: h.submit({"subject": "We talked about them", "side": "back"}))
    assert hands.modal is None
    after = stage.answer(ANA, "/health", "acme factors").plain
    said = [line for line in before.splitlines() if "two-way" in line.lower()]
    assert said
    assert said == [line for line in after.splitlines() if "two-way" in line.lower()]


def test_a_stakeholder_is_written_down_and_then_leaves(stage: Stage) -> None:
    hands = picked(stage, "stakeholder", "acme")
    listed = hands.modal
    assert hands.submit({"name": "grace WHITMAN"}).errors["name"].startswith("Somebody of that name")
    assert hands.submit({"name": "Nina Park", "email": "nina"}).errors == {"email": "That is no e-mail address."}
    entered = {"name": "Nina Park", "role": "champion", "email": "nina@acme.example"}
    renewed(stage, lambda h: h.submit(entered))
    before = count(stage)
    stage.after(ANA, lambda h: h.submit(entered, view=listed))
    assert count(stage) == before, "sent twice is one change"
    made = row(stage, contacts, name="Nina Park")
    assert (made["role"], made["email"]) == ("champion", "nina@acme.example")
    assert "Nina Park · champion" in stage.answer(ANA, "/account", "acme").plain
    hands = picked(stage, "stakeholder", "acme")
    press(stage, hands.modal, f"stakeholder-edit {made['contact_id']}")
    said = stage.after(ANA, lambda h: h.submit({"left_on": TODAY.isoformat()}))
    assert row(stage, contacts, name="Nina Park")["left_on"] == TODAY
    hands.click(said, text="Undo")
    stage.slack.wait(lambda: row(stage, contacts, name="Nina Park")["left_on"] is None)


def test_a_goal_begins_where_its_measure_is_today(stage: Stage) -> None:
    hands = picked(stage, "goal", "acme")
    due = (TODAY + timedelta(90)).isoformat()
    wrong = hands.submit({"statement": "They use it", "kpi": "licences", "due_on": TODAY.isoformat()})
    assert set(wrong.errors) == {"due_on", "target"}
    entered = {"statement": "They use what they pay", "kpi": "licences", "target": "90", "due_on": due}
    renewed(stage, lambda h: h.submit(entered))
    made = row(stage, goals, statement="They use what they pay")
    assert made["baseline"] == made["current"]
    assert made["baseline"] is not None
    assert (made["owner"], made["due_on"].isoformat()) == (ANA, due)


def test_only_who_decides_hands_accounts_over(stage: Stage) -> None:
    assert "alert-assign" not in [e.get("value") for e in home(stage).actions]
    picked(stage, "alert-assign", "acme", SOFIA)
    renewed(stage, lambda h: h.submit({"csm": BEN}), SOFIA)
    assert row(stage, accounts, account_id="acme")["csm"] == BEN


@pytest.mark.parametrize(
    ("word", "entered", "table"),
    [
        ("sentiment", {"value": "lost"}, sentiments),
        ("renewal-call", {"call": "renew"}, renewal_calls),
        ("alert-assign", {"csm": BEN}, accounts),
    ],
)
def test_a_form_that_was_open_while_another_saved_overwrites_nothing(
    stage: Stage, word: str, entered: dict, table
) -> None:
    lead = "tom@example.com" if word == "sentiment" else SOFIA
    picked(stage, word, "acme", SOFIA)
    number = row(stage, accounts, account_id="acme")["number"]
    with stage.desk.database.changing() as tx:
        by = {"who": lead if lead != SOFIA else ANA, "at": stage.desk.clock(), "origin": "modal", "on": TODAY}
        changes.edit(tx, *EDITS[word](number), **by)
    before = count(stage)
    said = stage.after(SOFIA, lambda h: h.submit(entered))
    assert "while your form was open" in said.plain
    assert count(stage) == before


EDITS = {
    "sentiment": lambda number: ("sentiments", {"account": number, "given_on": TODAY - timedelta(1)},
                                 {"csm": "tom@example.com", "value": "great"}),
    "renewal-call": lambda number: (
        "renewal_calls",
        {"account": number, "renewal_on": TODAY + timedelta(128), "given_on": TODAY, "by": "csm"},
        {"call": "lose", "reason": "They said so"},
    ),
    "alert-assign": lambda _number: ("accounts", {"account_id": "acme"}, {"csm": "luis@example.com"}),
}  # fmt: skip


def test_two_who_draw_home_at_once_end_in_what_holds(noticed: Stage) -> None:
    """The other was drawn since the click: what holds now is drawn anew."""
    stage = noticed
    view = home(stage)
    home(stage)
    after = renewed(stage, lambda hands: hands.click(view, text="I'll take it"))
    assert "Give it back" in json.dumps(after.body)


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_could_be_asked_comes_from_one_s_own_book_and_is_understood(stage: Stage, language: str) -> None:
    hands = stage.slack.as_user(ANA)
    hands.speak(language)
    hands.open_home("messages")
    stage.slack.wait(lambda: [r for r in stage.slack.requests if r.method == OFFERED])
    offered = [r for r in stage.slack.requests if r.method == OFFERED][-1].args["prompts"]
    assert [meant(stage, prompt["message"], language) for prompt in offered] == [
        "digest",
        "health globex",
        "renewals mine",
    ]
    assert "Globex" in offered[1]["title"]


OFFERED = "assistant.threads.setSuggestedPrompts"


def meant(stage: Stage, said: str, language: str) -> str:
    with stage.desk.database.transaction() as tx:
        ana = people.by_email(tx, ANA)
    return answers.meant(stage.desk, ana, Words(language), said)


@pytest.mark.parametrize(("language", "save"), [("en", "Save"), ("es", "Guardar")])
def test_each_form_of_home_opens_about_the_account_that_was_picked(stage: Stage, language: str, save: str) -> None:
    view, hands = home(stage, language=language), stage.slack.as_user(ANA)
    words = [e["value"] for e in view.actions if e.get("value") in picking.FORMS]
    assert words == [word for word in picking.FORMS if word not in picking.DECIDED]
    for word in words:
        press(stage, view, word)
        choose(stage, hands, "acme")
        assert "Acme Corp" in hands.modal.plain, word
        assert hands.modal.body["submit"]["text"] == save, word
        hands.close(everything=True)


def test_a_stakeholder_that_another_changed_meanwhile_stays_as_they_left_it(stage: Stage) -> None:
    hands = picked(stage, "stakeholder", "acme")
    press(stage, hands.modal, "stakeholder-edit acme-c1")
    by = {"who": BEN, "at": stage.desk.clock(), "origin": "modal", "on": TODAY}
    with stage.desk.database.changing() as tx:
        changes.edit(tx, "contacts", {"contact_id": "acme-c1"}, {"department": "Finance"}, **by)
    said = stage.after(ANA, lambda h: h.submit({"department": "Operations"}))
    assert "Ben Carter saved this of Acme Corp while your form was open" in said.plain
    assert row(stage, contacts, contact_id="acme-c1")["department"] == "Finance"
    hands = picked(stage, "stakeholder", "acme")
    press(stage, hands.modal, "stakeholder-edit acme-c1")
    stage.after(ANA, lambda h: h.submit({"department": "Operations"}))
    assert row(stage, contacts, contact_id="acme-c1")["department"] == "Operations"
