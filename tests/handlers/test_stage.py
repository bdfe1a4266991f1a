"""The two stages of an account, the curtain calls of a book, and what the cards say of them."""

import re

from sqlalchemy import delete, update

from handlers.alerts.evaluation import evaluate
from reports import blueprint
from storage.tables import people
from storage.tables import plays as play_rows
from storage.tables import tasks as rows_of
from tests.handlers.test_tasks import ANA, added, pressable, row
from tests.stage import TODAY, Counter, Stage, read

SOFIA = "sofia@example.com"
PNG = b"\x89PNG"


def change(counter: Counter, task_id: str, **values: object) -> None:
    with counter.desk.database.changing() as tx:
        tx.execute(update(rows_of).where(rows_of.c.task_id == task_id).values(values))


def test_lanes_with_readiness_what_is_missing_and_whose_it_is(prompter: Counter) -> None:
    said = read(prompter.asked("stage acme"))
    lanes = [line for line in said if line in {"Customer", "Front stage", "Back stage", "Support"}]
    assert lanes == ["Front stage", "Back stage", "Support"], "a lane without tasks is not shown"
    review = said.index("🔸 Thu 26 10:00 · The review · Alice Novak · Ana + Owen · in doubt")
    assert said[review + 1] == "↳ missing: Usage report by area · Ana · by Tue 24"
    visible = next(place for place, line in enumerate(said) if "line of visibility" in line)
    assert said.index("Front stage") < visible < said.index("Back stage")
    assert "[Stop…]  [Pause…]  [Hand over…]  [Take the new version…]" in said
    assert any("░" in line and "by 26 Nov 2026" in line for line in said), "the goal's progress"


def test_in_spanish(prompter: Counter) -> None:
    said = read(prompter.asked("stage acme", lang="es"))
    assert "🔸 jue 26 10:00 · La revisión · Alice Novak · Ana + Owen · en duda" in said
    assert "↳ falta: Informe de uso por área · Ana · para el mar 24" in said
    assert {"En escena", "Tras bastidores", "Soporte"} <= set(said)


def test_all_done_is_ready_late_is_not_and_an_owner_who_is_gone_is_said(prompter: Counter) -> None:
    need = row(prompter, "B4", "acme")["task_id"]
    change(prompter, need, due_on=TODAY.replace(day=20))
    assert any(line.startswith("🔴 Thu 26 10:00") for line in read(prompter.asked("stage acme")))
    change(prompter, need, status="done", done_on=TODAY)
    assert any(line.startswith("✅ Thu 26 10:00") for line in read(prompter.asked("stage acme")))
    with prompter.desk.database.changing() as tx:
        tx.execute(update(rows_of).where(rows_of.c.account == row(prompter, "F2", "acme")["account"],
                                         rows_of.c.status == "open").values(owner="gone@example.com"))  # fmt: skip
    said = "\n".join(read(prompter.asked("stage acme")))
    assert "gone@example.com, who has “The review”, is away" in said


def test_an_owner_who_is_away_on_the_day_puts_it_in_doubt(prompter: Counter) -> None:
    def absent(first: int, last: int) -> list[str]:
        days = {"away_from": TODAY.replace(day=first), "away_until": TODAY.replace(day=last)}
        with prompter.desk.database.changing() as tx:
            tx.execute(update(people).where(people.c.email == ANA).values(days))
        return [line for line in read(prompter.asked("stage acme")) if "is away" in line]

    assert any("Ana, who has “The review”, is away" in line for line in absent(26, 26))
    assert absent(23, 23) == [], "she is back by then"


def test_curtain_calls_of_14_days_what_is_not_ready_first(prompter: Counter) -> None:
    said = read(prompter.asked("stage"))
    assert re.fullmatch(r"\d\d curtain calls in 14 days · 1 not ready · \d+ in doubt · my accounts", said[0])
    signs = [line[0] for line in said if line[0] in "🔴🔸✅"]
    assert signs == sorted(signs, key="🔴🔸✅".index)
    assert "🔸 Thu 26 10:00 · Acme Corp · The review · Ana" in said
    rest = [line for page in (2, 3) for line in read(prompter.asked(f"stage page:{page}"))]
    assert any("Initech · Training" in line and "all set" in line for line in rest)
    assert "the team" in prompter.asked("stage", by=SOFIA).text


def test_a_scope_a_name_and_an_account_without_plays(prompter: Counter) -> None:
    assert "segment: enterprise" in prompter.asked("stage segment:enterprise").text
    bare = read(prompter.asked("stage industrias perez"))
    assert "No playbook runs here." in bare
    assert not any("line of visibility" in line for line in bare)
    assert "I know no account" in prompter.asked("stage zzqq").text


def test_as_a_picture_and_kindly_without_the_library(prompter: Counter, monkeypatch) -> None:
    for language in ("en", "es"):
        (file,) = prompter.asked("stage globex imagen", lang=language).files
        assert file.build().startswith(PNG)
    monkeypatch.setattr(blueprint, "available", lambda: False)
    reply = prompter.asked("stage globex picture")
    assert "charts" in reply.text
    assert not reply.files
    assert "Front stage" in read(reply)


def test_the_card_says_what_is_next_and_what_is_missing(prompter: Counter) -> None:
    said = read(prompter.asked("health acme"))
    place = said.index("Front stage Quarterly review · Thu 26 Nov 10:00 · 🔸 in doubt: 2 of 3")
    assert said[place + 1] == "Missing: Usage report by area · Ana · by Tue 24"
    assert "Front stage Training · Fri 27 Nov 11:30 · ✅ all set" in read(prompter.asked("health initech"))
    spanish = read(prompter.asked("health acme", lang="es"))
    assert "En escena Revisión trimestral · jue 26 nov 10:00 · 🔸 en duda: 2 de 3" in spanish


def test_the_card_offers_the_playbook_that_fits_and_the_button_opens_its_form(on_stage: Stage) -> None:
    evaluate(on_stage.desk.database, on_stage.desk.policy, day=TODAY)
    said = on_stage.answer(ANA, "/health", "initech")
    (offer,) = [b for b in pressable(said) if b.get("value", "").startswith("play-start ")]
    assert offer["value"] == "play-start promoter-referral initech"
    hands = on_stage.slack.as_user(ANA)
    hands.click(said, text="Start “Promoter referral”")
    on_stage.slack.wait(lambda: hands.modal)
    assert "It is not one of the clients" not in hands.modal.plain


def test_a_playbook_that_runs_is_not_offered_again(prompter: Counter) -> None:
    assert "champion-left norte-logistica" not in str(prompter.asked("health norte logistica").blocks)


def test_account_shows_what_runs_and_what_comes(prompter: Counter) -> None:
    added(prompter, "own", title="Ask for the file")
    said = read(prompter.asked("account acme"))
    place = said.index("On stage")
    assert said[place + 1] == "▶ Quarterly review · since 4 Nov"
    assert said[place + 2] == "• Mon 23 · Ask for the file · Ana"


def test_without_any_play_the_cards_are_as_before(prompter: Counter) -> None:
    with prompter.desk.database.changing() as tx:
        tx.execute(delete(rows_of))
        tx.execute(delete(play_rows))
        tx.execute(update(people).values(capacity_hours=None))
    assert not any(line.startswith(("Front stage", "On stage")) for line in read(prompter.asked("health acme")))
    assert "On stage" not in read(prompter.asked("account acme"))
    assert read(prompter.asked("tasks"))[0] == "0 tasks · my tasks"
    assert "20 h free this week, of 20 h" in read(prompter.asked("tasks"))
