"""What they want and how they live us: shown, written by form, confirmed, never over another's word."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from domain.accounts import Person
from handlers.ask import SEEN, Invalid
from handlers.outcomes.experience import read as read_tick
from handlers.outcomes.outcome_forms import read_confirmation, read_outcome, read_progress
from storage import changes
from storage.tables import changes as recorded
from storage.tables import experience_checks, outcomes
from tests.stage import TODAY, Counter, Stage, read
from words import Words

ANA, BEN = "ana@example.com", "ben@example.com"
WANTED = {"statement": "Invoices leave on the day of the job", "measure": "days to invoice", "baseline": "6",
          "current": "6", "target": "1", "due_on": (TODAY + timedelta(120)).isoformat()}  # fmt: skip
TOMORROW, YESTERDAY = (TODAY + timedelta(1)).isoformat(), (TODAY - timedelta(1)).isoformat()


def card(stage: Stage, person: str = ANA, account: str = "acme"):
    return stage.answer(person, "/outcomes", account)


def form(stage: Stage, value: str, person: str = ANA, account: str = "acme"):
    """Opened by the button or menu of the card that carries this value."""
    shown, hands = card(stage, person, account), stage.slack.as_user(person)
    for element in shown.actions:
        if element.get("value") == value:
            hands.click(shown, element["action_id"], block_id=element["block_id"])
        elif value in [option["value"] for option in element.get("options", ())]:
            hands.choose(shown, element["action_id"], value, block_id=element["block_id"])
    stage.slack.wait(lambda: hands.modal)
    return hands


def row(stage: Stage, **where) -> dict:
    with stage.desk.database.transaction() as tx:
        conditions = [outcomes.c[name] == value for name, value in where.items()]
        return dict(tx.execute(select(outcomes).where(*conditions)).mappings().one())


def count(stage: Stage) -> int:
    with stage.desk.database.transaction() as tx:
        assert changes.verify(tx) is None
        return tx.execute(select(func.count()).select_from(recorded).where(recorded.c.origin == "modal")).scalar_one()


def test_the_answer_the_reason_and_what_to_do_come_first(counter: Counter) -> None:
    lines = read(counter.asked("outcomes globex"))
    assert lines[:3] == [
        "Globex: not reached yet, and on the wrong way",
        (
            "0 of 2 required outcomes reached, 0 confirmed by them · "
            "experience: 4 of 6 known items as they should be · 3 not known"
        ),
        (
            "→ Agree with them what becomes of “Reach urgent jobs within 4 hours”: its date has passed. "
            "Mend what they get too little of: Hand-over without repeating themselves."
        ),
    ]
    assert "▼ Customer Success · Two-way touches · too little · 2 in 90 days; fitting: one every 7 to 21 days" in lines


def test_outcomes_stand_with_their_stakeholder_and_who_confirmed_them(counter: Counter) -> None:
    lines = read(counter.asked("outcomes initech"))
    at = lines.index("Samuel Brandt · sponsor")
    assert lines[at + 1 : at + 3] == [
        "✅ Close the month in 3 days · reached and confirmed",
        (
            "days to close: 9 → 3 → 3 · by 31 Dec 2026 · reached on 18 Nov 2026 · "
            "confirmed by Samuel Brandt on 19 Nov 2026"
        ),
    ]


def test_too_much_is_shown_as_clearly_as_too_little(counter: Counter) -> None:
    from dataclasses import replace

    from domain.policies.policy import load

    lavish = load("experience: {items: [{id: r, function: cs, measure: touches, floor_days: 80}]}").experience
    policy = counter.desk.policy.model_copy(update={"experience": lavish})
    lines = read(Counter(replace(counter.desk, policy=policy)).asked("outcomes acme"))
    assert lines[0] == "Acme Corp: not reached yet, and on the wrong way"
    assert "Cut back what they get too much of: Two-way touches." in lines[2]
    assert "▲ Customer Success · Two-way touches · too much · 4 in 90 days; fitting: at most one every 80 days" in lines


def test_an_account_that_nobody_asked(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        tx.execute(outcomes.delete())
    lines = read(counter.asked("outcomes acme"))
    assert lines[0] == "Acme Corp: nobody has written down what they want to achieve"
    assert lines[1].startswith("experience: 6 of 7 known items")
    assert lines[2].startswith("→ Ask them what they have to achieve, and write it down.")


def test_an_outcome_is_written_down_shown_and_recorded(stage: Stage) -> None:
    hands = form(stage, "outcome acme")
    said = stage.after(ANA, lambda h: h.submit(WANTED | {"contact_id": "acme-c1"}))
    assert hands.modal is None
    assert said.text == "Saved for Acme Corp"
    found = row(stage, statement=WANTED["statement"])
    assert (found["contact_id"], found["target"], found["known_on"]) == ("acme-c1", Decimal(1), TODAY)
    shown = card(stage).plain
    assert "0 of 3 required outcomes" in shown
    assert "days to invoice: 6 → 6 → 1" in shown
    assert WANTED["statement"] in stage.answer(ANA, "/account", "acme").plain
    assert count(stage) == 1


def test_submitted_twice_is_one_change(stage: Stage) -> None:
    for value, entered in (("outcome acme", WANTED), ("outcome-progress R-001", {"current": "4"})):
        before, view = count(stage), form(stage, value).modal
        stage.after(ANA, lambda h, e=entered, v=view: h.submit(e, view=v))
        again = stage.after(ANA, lambda h, e=entered, v=view: h.submit(e, view=v))
        assert again.text == "Saved for Acme Corp"
        assert count(stage) == before + 1


def test_a_use_of_the_product_is_questioned_and_may_stand(stage: Stage) -> None:
    hands = form(stage, "outcome acme")
    refused = hands.submit(WANTED | {"statement": "Everybody uses the dashboard"})
    assert list(refused.errors) == ["statement"]
    assert hands.modal, "the form is still there"
    stage.after(ANA, lambda h: h.submit(WANTED | {"statement": "Everybody uses the dashboard", "sure": ["sure"]}))
    assert row(stage, statement="Everybody uses the dashboard")


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"statement": " "}, "statement"), ({"statement": "Que usen el panel"}, "statement"),
        ({"target": "6.0"}, "target"), ({"target": "six"}, "target"), ({"target": "1.23456"}, "target"),
        ({"current": "1e13"}, "current"), ({"current": "NaN"}, "current"), ({"baseline": "∞"}, "baseline"),
        ({"due_on": YESTERDAY}, "due_on"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(wrong: dict, where: str) -> None:
    for language in ("en", "es"):
        with pytest.raises(Invalid) as refused:
            read_outcome(Words(language), TODAY, {**WANTED, SEEN: "", **wrong})
        assert list(refused.value.errors) == [where]


def test_all_refusals_are_said_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_outcome(Words("en"), TODAY, {**WANTED, "statement": "", "target": "x", "due_on": YESTERDAY, SEEN: ""})
    assert set(refused.value.errors) == {"statement", "target", "due_on"}


def test_a_date_that_has_passed_may_stay_as_it_was() -> None:
    seen = json.dumps({"mark": "m", "due_on": YESTERDAY})
    assert read_outcome(Words("en"), TODAY, {**WANTED, "due_on": YESTERDAY, SEEN: seen}).mark == "m"


@pytest.mark.parametrize(
    ("entered", "seen", "where"),
    [
        ({"current": "", "achieved_on": None}, {}, "current"), ({"current": "x"}, {}, "current"),
        ({"current": "4", "achieved_on": TOMORROW}, {}, "achieved_on"),
    ],
)  # fmt: skip
def test_progress_that_cannot_be_is_refused(entered: dict, seen: dict, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_progress(Words("es"), TODAY, {**entered, SEEN: json.dumps(seen)})
    assert list(refused.value.errors) == [where]


@pytest.mark.parametrize(
    ("on", "by", "where"),
    [(TOMORROW, "c1", "confirmed_on"), ((TODAY - timedelta(9)).isoformat(), "c1", "confirmed_on"),
     (YESTERDAY, " ", "confirmed_by")],
)  # fmt: skip
def test_a_confirmation_that_cannot_be_is_refused(on: str, by: str, where: str) -> None:
    seen = json.dumps({"achieved_on": (TODAY - timedelta(5)).isoformat()})
    with pytest.raises(Invalid) as refused:
        read_confirmation(Words("en"), TODAY, {"confirmed_on": on, "confirmed_by": by, SEEN: seen})
    assert list(refused.value.errors) == [where]


def test_at_its_target_it_is_reached_and_then_confirmed_by_them(stage: Stage) -> None:
    form(stage, "outcome-progress R-001")
    said = stage.after(ANA, lambda h: h.submit({"current": "3"}))
    assert "ask them to confirm it" in said.plain
    assert row(stage, outcome_id="R-001")["achieved_on"] == TODAY
    assert "ask them to confirm that “Close the month in 3 days” is reached" in card(stage).plain.replace("Ask", "ask")
    form(stage, "outcome-confirm R-001")
    stage.after(ANA, lambda h: h.submit({"confirmed_by": "acme-c1", "confirmed_on": TODAY.isoformat()}))
    assert "confirmed by Grace Whitman on 23 Nov 2026" in card(stage).plain
    assert "Close the month" not in stage.answer(ANA, "/health", "acme").plain.split("They want")[-1]


def test_a_form_open_while_another_saved_says_so(stage: Stage) -> None:
    hands = form(stage, "outcome-edit R-001")
    mine = hands.modal
    form(stage, "outcome-progress R-001", BEN)
    stage.after(BEN, lambda h: h.submit({"current": "4"}))
    said = stage.after(ANA, lambda h: h.submit({"current": "6", "target": "2"}, view=mine))
    assert "Ben Carter saved this outcome while your form was open" in said.plain
    assert (row(stage, outcome_id="R-001")["current"], row(stage, outcome_id="R-001")["target"]) == (4, 3)
    assert count(stage) == 1


def test_an_item_is_ticked_and_shown(stage: Stage) -> None:
    form(stage, "experience acme")
    stage.after(ANA, lambda h: h.submit({"item": "invoice", "met": "no", "note": "They rang <twice>"}))
    assert "not so on 23 Nov 2026: They rang &lt;twice&gt;" in card(stage).plain.replace("<twice>", "&lt;twice&gt;")
    with stage.desk.database.transaction() as tx:
        ticked = tx.execute(select(experience_checks).where(experience_checks.c.checked_on == TODAY)).mappings().one()
    assert (ticked["item"], ticked["met"]) == ("invoice", False)
    with pytest.raises(Invalid):
        read_tick(Words("en"), TODAY, {"item": "invoice", "met": "yes", "on": TOMORROW, SEEN: ""})


def test_a_viewer_reads_and_does_not_write(stage: Stage) -> None:
    vic = stage.slack.as_user("vic@example.com")
    shown = card(stage, "vic@example.com")
    assert "required outcomes" in shown.plain
    said = stage.after("vic@example.com", lambda h: h.click(shown, text="Add an outcome"))
    assert "You may read and not write" in said.plain
    assert vic.modal is None
    assert count(stage) == 0


def test_what_one_may_not_see_is_not_there(counter: Counter) -> None:
    from dataclasses import replace

    own = Counter(replace(counter.desk, policy=counter.desk.policy.model_copy(update={"visibility": "own"})))
    for question in ("outcomes acme", "outcome acme", "experience acme", "outcome-edit R-001", "outcome-confirm R-001"):
        assert counter.asked(question, by="luis@example.com").answered, question
        assert not own.asked(question, by="luis@example.com").answered, question


def test_many_outcomes_are_paged(counter: Counter) -> None:
    from storage.facts.outcomes import write

    ana = {"who": ANA, "at": counter.desk.clock(), "origin": "modal", "on": TODAY}
    with counter.desk.database.changing() as tx:
        number = tx.execute(select(outcomes.c.account).where(outcomes.c.outcome_id == "R-001")).scalar_one()
        for n in range(20):
            write(tx, f"many-{n}", {"account": number, "statement": f"Wish number {n}."}, mark=None, **ana)
    seen, question = [], "outcomes acme"
    while question:
        reply = counter.asked(question)
        seen += [line for line in read(reply) if "Wish number" in line and not line.startswith("→")]
        buttons = [element for block in reply.blocks if block["type"] == "actions" for element in block["elements"]]
        question = next((each["value"] for each in buttons if each["text"]["text"] == "Next page"), "")
    assert len(seen) == len(set(seen)) == 20


def test_nobody_is_the_stakeholder_of_an_account_without_people(counter: Counter) -> None:
    from handlers.ask import Ask

    with counter.desk.database.changing() as tx:
        from storage.tables import contacts

        tx.execute(contacts.delete().where(contacts.c.contact_id.like("acme-%")))
    ask = Ask(counter.desk, Person(ANA, "Ana"), Words("en"), "R-001", "outcome-confirm")
    view = counter.desk.capabilities["outcome-confirm"].form.view(ask)
    assert [b["element"]["type"] for b in view["blocks"] if b.get("block_id") == "confirmed_by"] == ["plain_text_input"]
    assert "*Nobody is named who expects it*" in json.dumps(counter.asked("outcomes acme").blocks)


def test_an_edit_keeps_a_long_statement_and_a_stakeholder_that_nobody_knows(counter: Counter) -> None:
    from handlers.ask import Ask

    with counter.desk.database.changing() as tx:
        tx.execute(
            outcomes.update().where(outcomes.c.outcome_id == "R-001").values(statement="y" * 900, contact_id="z")
        )
    view = counter.desk.capabilities["outcome-edit"].form.view(
        Ask(counter.desk, Person(ANA, "Ana"), Words("en"), "R-001", "outcome-edit")
    )
    fields = {block["block_id"]: block["element"] for block in view["blocks"] if "element" in block}
    assert fields["statement"]["initial_value"] == "y" * 900
    assert fields["statement"]["max_length"] >= 900
    assert fields["contact_id"]["initial_option"]["value"] == "z"


def test_items_are_offered_as_the_policy_writes_them(counter: Counter) -> None:
    from handlers.ask import Ask

    for language, label in (
        ("en", "Sales · Hand-over without repeating themselves"),
        ("es", "Ventas · Traspaso sin que repitan su historia"),
    ):
        ask = Ask(counter.desk, Person(ANA, "Ana"), Words(language), "acme", "experience")
        view = counter.desk.capabilities["experience"].form.view(ask)
        offered = next(block["element"]["options"] for block in view["blocks"] if block.get("block_id") == "item")
        assert (offered[0]["value"], offered[0]["text"]["text"]) == ("hand_over", label)


@pytest.mark.parametrize("command", ["/health", "/account", "/journey"])
def test_the_outcomes_and_who_uses_what_are_one_press_away(stage: Stage, command: str) -> None:
    shown, hands = stage.answer(ANA, command, "acme"), stage.slack.as_user(ANA)
    for value, heading in (("outcomes acme", "required outcome"), ("account acme features", "licences are active")):
        for element in shown.actions:
            if value == element.get("value"):
                press = hands.click
            elif value in [option["value"] for option in element.get("options", ())]:
                press = hands.choose
            else:
                continue
            more = () if press == hands.click else (value,)
            said = stage.after(
                ANA, lambda _, e=element, m=more, p=press: p(shown, e["action_id"], *m, block_id=e["block_id"])
            )
            assert heading in str(said.blocks)
            break
        else:
            pytest.fail(f"no way to {value}")


@pytest.mark.parametrize("said", ["Everybody uses Month close", "Que todos usen el Month close"])
def test_a_form_knows_the_companys_own_features(stage: Stage, said: str) -> None:
    hands = form(stage, "outcome acme")
    refused = hands.submit({**WANTED, "statement": said})
    assert "That is a use of the product" in refused.errors["statement"]
    stage.after(ANA, lambda h: h.submit({**WANTED, "statement": said, "sure": ["sure"]}))
    assert row(stage, statement=said)["target"] == Decimal(1)
