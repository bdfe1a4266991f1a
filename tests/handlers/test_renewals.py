"""Two tracks: calls are given beside their renewal, refused beside their field, and add up to a forecast."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from handlers.ask import Ask, Invalid
from handlers.renewals.renewal_call import FORM, read
from storage import changes
from storage.database import Database
from storage.tables import changes as record
from storage.tables import renewal_calls
from tests.stage import TODAY, Counter, Stage
from tests.stage import read as shown
from words import Words


def calls(database: Database, by: str) -> list:
    with database.transaction() as tx:
        rows = tx.execute(select(renewal_calls).where(renewal_calls.c.by == by, renewal_calls.c.given_on == TODAY))
        return list(rows.mappings())


def opened(stage: Stage, person: str, text: str = "Give my call", *, at: str = "/health", about: str = "globex"):
    card = stage.answer(person, at, about)
    hands = stage.slack.as_user(person)
    hands.click(card, text=text)
    stage.slack.wait(lambda: hands.modal)
    return hands


def line(counter: Counter, name: str, question: str = "renewals 90d") -> list[str]:
    """What is said of the first renewal of an account."""
    said = shown(counter.asked(question))
    first = next(n for n, each in enumerate(said) if name in each)
    return said[first : first + 4]


def test_a_csms_call_is_kept_recorded_and_shown_against_the_rules(stage: Stage) -> None:
    hands = opened(stage, "ben@example.com")
    assert "Globex" in hands.modal.plain
    assert "The rule says “at risk”." in hands.modal.plain
    assert "Whose call" not in hands.modal.plain
    entered = {"call": "lose", "reason": "Their new CTO brings his own", "competitor": "Rival & Sons"}
    said = stage.after("ben@example.com", lambda h: h.submit(entered))
    assert "Your call on Globex: “lose”" in said.plain
    assert "they disagree" in said.plain
    (row,) = calls(stage.desk.database, "csm")
    assert (row["call"], row["reason"], row["competitor"]) == tuple(entered.values())
    with stage.desk.database.transaction() as tx:
        last = tx.execute(select(record).order_by(record.c.id.desc()).limit(1)).mappings().one()
        assert (last["who"], last["entity"], last["origin"]) == ("ben@example.com", "renewal_calls", "modal")
        assert changes.verify(tx) is None
    hands.click(said, text="Undo")
    stage.slack.wait(lambda: not calls(stage.desk.database, "csm"))


def test_a_leads_call_is_the_final_one_unless_she_says_otherwise(stage: Stage) -> None:
    hands = opened(stage, "sofia@example.com", "Dar mi pronóstico", at="/renewals", about="call globex")
    assert "De quién es el pronóstico" in hands.modal.plain
    stage.after("sofia@example.com", lambda h: h.submit({"by": "final", "call": "renew"}))
    assert [row["call"] for row in calls(stage.desk.database, "final")] == ["renew"]
    opened(stage, "sofia@example.com", "Dar mi pronóstico", at="/renewals", about="call globex")
    stage.after("sofia@example.com", lambda h: h.submit({"by": "csm", "call": "renew"}))
    assert [row["call"] for row in calls(stage.desk.database, "csm")] == ["renew"]


def test_monitor_is_refused_beside_its_field_inside_ninety_days(stage: Stage) -> None:
    hands = opened(stage, "ben@example.com")
    radio = next(b for b in hands.modal.body["blocks"] if b.get("block_id") == "call")
    monitor = next(o["value"] for o in radio["element"]["options"] if o["text"]["text"] == "Monitor")
    refused = hands.submit({"call": monitor, "reason": "Let us see"})
    assert list(refused.errors) == ["call"]
    assert "“monitor” is no call any more" in refused.errors["call"]
    assert hands.modal, "the form is still there"
    assert not calls(stage.desk.database, "csm")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("entered", "fields"),
    [({"call": "lose"}, ["reason"]), ({"call": "renew", "competitor": "Rival"}, ["competitor"]),
     ({"call": "renew", "annual": "100"}, ["annual"]), ({"call": "reduce", "reason": "x", "annual": "0"}, ["annual"]),
     ({"call": "reduce", "reason": "x", "annual": "²"}, ["annual"]),
     ({"call": f"monitor:{TODAY - timedelta(1)}", "reason": "x"}, ["call"]),
     ({"call": f"monitor:{TODAY - timedelta(1)}"}, ["call", "reason"]), ({"call": "monitor", "reason": "x"}, ["call"]),
     ({"call": "perhaps"}, ["call"]), ({"call": None}, ["call"])],
)  # fmt: skip
def test_each_wrong_field_says_why(entered: dict, fields: list[str], language: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(Words(language), TODAY, entered)
    assert list(refused.value.errors) == fields


def test_monitor_is_a_call_while_the_decision_is_far() -> None:
    assert read(Words("en"), TODAY, {"call": f"monitor:{TODAY}", "reason": "x"}).call == "monitor"


def asked(counter: Counter, person: str, about: str) -> Ask:
    return Ask(counter.desk, counter.person(person), Words("en"), about, "renewal-call")


def give(counter: Counter, person: str, about: str, **entered: str) -> str:
    return FORM.save(asked(counter, person, about), read(Words("en"), TODAY, entered)).text


def test_the_card_says_whose_call_stands_and_that_one_is_missing(counter: Counter) -> None:
    def card(about: str) -> str:
        return "\n".join(shown(counter.asked(f"health {about}")))

    assert "Renewal call: you say “renew”, the rule says “at risk” → they disagree" in card("globex")
    give(counter, "sofia@example.com", "globex", by="final", call="at_risk", reason="CTO")
    assert "Renewal call: the final one is “at risk”, the rule says “at risk”" in card("globex")
    with counter.desk.database.changing() as tx:
        tx.execute(delete(renewal_calls).where(renewal_calls.c.by != "rule"))
    assert "Renewal call: missing; the rule says “at risk”" in card("globex")


def test_a_csm_cannot_make_the_final_call(counter: Counter) -> None:
    give(counter, "ben@example.com", "globex", by="final", call="renew")
    assert not calls(counter.desk.database, "final")
    assert len(calls(counter.desk.database, "csm")) == 1


def test_a_viewer_is_shown_no_form(stage: Stage) -> None:
    card = stage.answer("vic@example.com", "/health", "globex")
    said = stage.after("vic@example.com", lambda h: h.click(card, text="Give my call"))
    assert stage.slack.as_user("vic@example.com").modal is None
    assert said.plain
    assert not calls(stage.desk.database, "csm")


def test_the_line_shows_every_voice_what_lacks_and_the_checkpoint(counter: Counter) -> None:
    assert line(counter, "Globex")[2:4] == [
        "Calls: rule “at risk” · CSM “renew” · the final call is missing → ⚠️ they disagree",
        "Checkpoint 60 days before the decision: send the offer · next on 21 Dec",
    ]
    give(counter, "sofia@example.com", "globex", by="final", call="at_risk", reason="CTO")
    assert "final “at risk” → ⚠️ they disagree" in line(counter, "Globex")[2]


def test_the_forecast_moves_with_the_calls(counter: Counter) -> None:
    def head() -> str:
        return next(each for each in shown(counter.asked("renewals 2027-01-20..2027-01-20")) if "Forecast" in each)

    assert head() == "Forecast · rule US$48,000 · CSM US$96,000 · final US$0 (open: US$96,000)"
    give(counter, "ana@example.com", "globex 2027-01-20", call="reduce", reason="fewer vans", annual="48000")
    assert head() == "Forecast · rule US$48,000 · CSM US$48,000 · final US$0 (open: US$96,000)"
    give(counter, "sofia@example.com", "globex", by="final", call="lose", reason="gone")
    assert head() == "Forecast · rule US$48,000 · CSM US$48,000 · final US$0"


def test_without_rates_each_currency_stands_by_itself(counter: Counter) -> None:
    bare = counter.desk.policy.model_copy(update={"rates": type(counter.desk.policy.rates)()})
    counter.desk = replace(counter.desk, policy=bare)
    said = next(each for each in shown(counter.asked("renewals 90d all")) if "Forecast" in each)
    assert "MX$" in said
    assert "US$" in said
    assert " + " in said


def test_more_than_they_pay_is_not_a_reduction(counter: Counter) -> None:
    from handlers.ask import Refused

    with pytest.raises(Refused):
        give(counter, "ana@example.com", "globex", call="reduce", reason="x", annual="96000")
    assert not calls(counter.desk.database, "csm")


def test_a_past_quarter_says_what_was_decided_and_why(counter: Counter) -> None:
    said = shown(counter.asked("renewals last quarter all", by="sofia@example.com"))
    assert said[0].startswith("8 renewals were decided · 2 lost · 1 reduced · 5 renewed")
    assert "reason: fleet sold to a contractor" in "\n".join(said)
    assert any(each.startswith("▼ Frigorífico Pampa Sur · reduced from") for each in said)
    spanish = shown(counter.asked("renewals trimestre pasado all", by="sofia@example.com", lang="es"))
    assert spanish[0].startswith("Se decidieron 8 renovaciones · 2 perdidas")
    nothing = counter.asked("renewals 2019", by="sofia@example.com")
    assert nothing.text == "No contract ended in this period."


def test_a_loss_without_a_reason_says_so_and_a_call_supplies_it(counter: Counter) -> None:
    give(counter, "sofia@example.com", "globex", by="final", call="lose", reason="Too dear", competitor="Rival")
    later = date(2027, 3, 15)
    counter.desk = replace(counter.desk, clock=lambda: counter_clock(later))
    said = "\n".join(shown(counter.asked("renewals 2027-01")))
    assert "lost" in said
    assert "reason: Too dear · goes to Rival" in said


def test_a_quarter_that_has_begun_leads_to_what_was_decided_in_it(counter: Counter) -> None:
    reply = counter.asked("renewals this quarter all")
    buttons = [e for b in reply.blocks if b["type"] == "actions" for e in b["elements"]]
    (command,) = [e["value"] for e in buttons if e["text"]["text"] == "What was decided until yesterday"]
    assert command == "renewals 2026-10-01..2026-11-22 all"
    assert "decided" in counter.asked(command).text
    assert "2026-10-01" not in str(counter.asked("renewals next quarter all").blocks)


def counter_clock(day: date):
    from datetime import UTC, datetime, time

    return datetime.combine(day, time(18), UTC)


def test_who_leaves_is_asked_nothing(counter: Counter) -> None:
    said = counter.asked("renewals call initech")
    assert said.answered
    gone = counter.asked("renewals call nobody-at-all")
    assert not gone.answered
