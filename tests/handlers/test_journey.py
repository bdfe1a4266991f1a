"""Where an account and a scope stand on their way, as a lead and a CSM see it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

import bot
from domain.policies.policy import load
from domain.policies.policy_journey import Kpi, RelationshipPolicy
from handlers.verbs.scoring import score
from storage import changes
from storage.scope import STAGE_BY_RULE
from storage.tables import accounts, history
from tests.stage import HOUSE, TODAY, Counter, read, settings
from words import NO_BREAK


def lines(counter: Counter, text: str, **more: str) -> str:
    return "\n".join(read(counter.asked(text, **more))).replace(NO_BREAK, " ")


def test_one_account_says_stage_since_why_and_what_would_move_it_on(counter: Counter) -> None:
    said = lines(counter, "journey initech")
    first, why, *_ = said.splitlines()
    assert first.startswith("Initech · expand since ")
    assert why == "Active licences: 93 % and health is green."
    assert "• renewal stage: 90 days before the renewal is decided" in said
    assert "• adopt: active licences: 80 % or less or health is red, yellow or not enough data" in said
    assert "• renewal stage · " in said, "stages are entered again"
    assert "Relationship: personal (of the segment)" in said


def test_the_same_in_spanish(counter: Counter) -> None:
    said = lines(counter, "journey initech", lang="es")
    assert said.startswith("Initech · expansión desde el ")
    assert "Licencias activas: 93 % y la salud está en verde." in said
    assert "• renovación: 90 días antes de que se decida la renovación" in said


def test_a_scope_shows_each_stage_with_its_money_and_its_part_in_growth(counter: Counter) -> None:
    reply = counter.asked("journey", by="sofia@example.com")
    said = read(reply)
    of_stage = [line for line in said if line.startswith(("Land ", "Adopt ", "Expand ", "Renewal stage "))]
    counts = [int(line.split(" · ")[1].split()[0]) for line in of_stage]
    assert len(counts) == 4
    assert sum(counts) == int(said[0].split()[0]), "each customer stands in one stage"
    assert sum("Net growth in 12 months: " in line for line in said) == 4
    assert any("price index" in line for line in said)
    assert any(line.startswith("acquired: ") for line in said)
    accessories = [block["accessory"]["value"] for block in reply.blocks if "accessory" in block]
    assert {"journey stage:land", "journey stage:adopt"} <= set(accessories)


def test_a_stage_lists_its_accounts_page_by_page(counter: Counter) -> None:
    listed, question = [], "journey stage:renew"
    while question:
        reply = counter.asked(question, by="sofia@example.com")
        listed += [b["accessory"]["value"] for b in reply.blocks if "accessory" in b]
        turns = [e["value"] for b in reply.blocks if b["type"] == "actions" for e in b["elements"]]
        question = turns[0] if turns else ""
    assert len(listed) == len(set(listed)) == int(read(reply)[0].split()[0])
    assert "journey acme" in listed
    assert "etapa: renovación" in lines(counter, "journey etapa:renovación", lang="es")


def test_who_is_stuck_is_named_with_the_usual_time(counter: Counter) -> None:
    said = lines(counter, "journey segment:smb", by="sofia@example.com")
    assert "1.5 times their segment's usual time" in said.replace("1,5", "1.5")
    assert "at least 364 days so far, usual: 180 days" in said


def test_a_stage_that_a_person_gave_is_said_to_be_so(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        tx.execute(update(accounts).where(accounts.c.account_id == "acme").values(laer_stage="land"))
    said = lines(counter, "journey acme")
    assert said.splitlines()[:4] == [
        "Acme Corp · land",
        "A person says so.",
        "It stays so until a person says otherwise.",
        "By the rules it would be: renewal stage.",
    ]
    assert "Acme Corp · a person says so" in lines(counter, "journey stage:land")


def test_a_stage_given_by_a_person_is_dated_from_that_day(counter: Counter) -> None:
    def give(stage: str | None, days: int) -> None:
        on = TODAY - timedelta(days)
        with counter.desk.database.changing() as tx:
            changes.edit(tx, "accounts", {"account_id": "acme"}, {"laer_stage": stage}, who="sofia@example.com",
                         at=datetime(on.year, on.month, on.day, tzinfo=UTC), origin="modal", on=on)  # fmt: skip

    give("land", 12)
    give(None, 9)
    give("land", 5)
    said = lines(counter, "journey acme")
    assert said.startswith("Acme Corp · land since 18 Nov 2026 (5 days)\nA person says so.")
    assert "• land · 18 Nov 2026 –  · 5 days · a person said so" in said
    assert "• renewal stage · 14 Nov 2026 – 18 Nov 2026 · 4 days" in said
    assert "• land · 11 Nov 2026 – 14 Nov 2026 · 3 days · a person said so" in said
    assert "Acme Corp · since 18 Nov 2026 (5 days) · a person says so" in lines(counter, "journey stage:land")
    assert "Acme Corp · desde el 18 nov 2026 (5 días) · lo dice una persona" in lines(
        counter, "journey etapa:land", lang="es"
    )


def test_the_card_of_the_account_shows_stage_and_since(counter: Counter) -> None:
    assert "stage: renewal stage since " in lines(counter, "account acme")
    assert "etapa: renovación desde el " in lines(counter, "account acme", lang="es")


def test_who_may_not_see_an_account_reads_nothing_of_its_way(counter: Counter) -> None:
    own = Counter(replace(counter.desk, policy=counter.desk.policy.model_copy(update={"visibility": "own"})))
    for question in ("journey acme", "account acme features"):
        assert own.asked(question, by="ana@example.com").answered
        assert not own.asked(question, by="luis@example.com").answered
    assert "Acme" not in lines(own, "journey stage:renew", by="luis@example.com")
    assert lines(own, "journey", by="vic@example.com").startswith("No account here stands in a stage.")


def test_a_night_that_is_run_again_leaves_the_stages_as_they_are(counter: Counter) -> None:
    def kept() -> list[tuple[object, ...]]:
        query = select(history.c.entity_key, history.c.day, history.c.value).where(history.c.field == STAGE_BY_RULE)
        with counter.desk.database.transaction() as tx:
            return sorted(map(tuple, tx.execute(query)), key=repr)

    before = kept()
    assert {stage for _, _, stage in before} == {"land", "adopt", "expand", "renew", None}
    score(counter.desk.database, counter.desk.policy, day=TODAY)
    assert kept() == before


def test_layer_8_says_who_has_access_and_does_not_use_it(counter: Counter) -> None:
    said = lines(counter, "account acme features")
    assert "61 of 120 licences are active" in said
    assert "45 licences have never had a user" in said
    assert "59 use it regularly (3 of the last 4 weeks), 2 now and then, 16 not at all" in said
    assert "• acme-070 · last used 31 days ago" in said
    confident = said.split("They use it with confidence\n")[1].splitlines()
    assert confident[0].endswith(" features")
    assert confident[5] == "and 54 more"
    assert "• Month close · Core\n" in said, "the card says 4 of 6 core features"
    assert "Month close · Core · 6 of 9\nSimilar: 9 accounts of mid-market with 60 to 240 licences" in said
    assert "Parecidas: 9 cuentas de mid-market con 60 a 240 licencias" in lines(
        counter, "account acme funciones", lang="es"
    )
    by_money = lines(counter, "account quayside freight features")
    assert "Similar: 8 accounts of smb with US$219 to US$877 MRR" in by_money
    assert "Quién usa qué" in lines(counter, "account acme", lang="es")
    assert not counter.asked("account zzzzqqq features").answered


@pytest.mark.parametrize(("typed", "cohort"), [("funnel month", "2026-10"), ("embudo trimestre", "2026-Q4")])
def test_the_funnel_by_cohort_of_entry(counter: Counter, typed: str, cohort: str) -> None:
    said = lines(counter, f"journey {typed}", by="sofia@example.com")
    assert cohort in said
    assert "retained: nobody due yet" in said
    assert "external" in said


def test_a_relationship_is_shown_with_what_the_data_say(counter: Counter) -> None:
    said = lines(counter, "journey", by="sofia@example.com")
    assert "• enterprise · dedicated · " in said
    assert "“A named CSM and a yearly plan make them grow”" in said
    assert "Net revenue retention (NRR): " in said
    assert "expected: at least 105" in said
    assert "hold so far" in said


def test_a_relationship_without_figures_says_so(sample_database) -> None:
    text = (HOUSE / "sample" / "policy.yaml").read_text("utf-8").replace("kpi: nrr", "kpi: readiness")
    desk = bot.desk(settings(sample_database), TODAY)
    counter = Counter(replace(desk, policy=load(text)))
    assert "no data yet" in lines(counter, "journey segment:enterprise", by="sofia@example.com")
    desk.exports.shutdown()
    desk.database.close()


@pytest.mark.parametrize(
    "typed", ["journey stage:dance", "journey acme mine", "journey zzzzqqq", "journey funnel acme"]
)
def test_what_is_neither_account_nor_scope_is_refused(counter: Counter, typed: str) -> None:
    assert not counter.asked(typed).answered


def test_a_misspelt_scope_offers_what_was_meant(counter: Counter) -> None:
    reply = counter.asked("journey segmnt:smb")
    assert (reply.answered, reply.offered) == (False, ("journey segment:smb",))


def test_a_scope_without_customers_is_said_never_a_zero(counter: Counter) -> None:
    assert lines(counter, "journey segment:nothing").splitlines()[0] == "No account here stands in a stage."


def test_every_hypothesis_is_about_a_metric_that_there_is() -> None:
    from typing import get_args

    from domain.kpis.kpis import METRICS

    assert set(get_args(Kpi)) == set(METRICS)
    assert RelationshipPolicy(segment="smb", type="automated").kpi is None
