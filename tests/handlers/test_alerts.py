"""/alerts: what needs somebody, who takes it, what is put off or wrong; rules; sharing out accounts."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from domain.fact_kinds import OF_ACCOUNT
from domain.situations import Made
from handlers.accounts.cases import cases
from handlers.accounts.situations import seen
from handlers.accounts.watching import ground
from handlers.alerts import alert_acts, urgent
from handlers.alerts.alert_acts import read_snooze
from handlers.alerts.alert_report import as_json, lines
from handlers.alerts.due import due, due_of
from handlers.alerts.evaluation import evaluate
from handlers.ask import SEEN, Ask, Invalid
from handlers.delivery import digest_plan
from handlers.verbs.scoring import score
from storage import changes
from storage.alerts import alerts
from storage.scope import operator
from storage.tables import accounts, people
from storage.tables import alerts as rows
from tests.stage import TODAY, Counter, Stage, read
from words import Words

ANA, BEN, SOFIA, MARTA = "ana@example.com", "ben@example.com", "sofia@example.com", "marta@example.com"


def noticed(desk):
    evaluate(desk.database, desk.policy, day=TODAY)


@pytest.fixture
def alert_stage(stage: Stage) -> Stage:
    noticed(stage.desk)
    return stage


@pytest.fixture
def alert_counter(counter: Counter) -> Counter:
    noticed(counter.desk)
    return counter


def of(desk, account: str, kind: str):
    with desk.database.transaction() as tx:
        query = select(rows.c.id).join_from(rows, accounts, rows.c.account == accounts.c.number)
        number = tx.execute(query.where(accounts.c.account_id == account, rows.c.kind == kind)).scalar_one()
        found = alerts.get(tx, number, operator())
    assert found
    return found.alert


def test_what_closed_by_itself_is_said_to_be_over(alert_counter: Counter) -> None:
    with alert_counter.desk.database.changing() as tx:
        number = tx.execute(select(rows.c.id).where(rows.c.owner == ANA, rows.c.status == "open").limit(1)).scalar_one()
        tx.execute(update(rows).where(rows.c.id == number).values(status="closed", closed_on=TODAY))
    ask = Ask(alert_counter.desk, alert_counter.person(ANA), Words("en"), text=str(number))
    for reply in (alert_acts.take(ask), alert_acts.save_snooze(ask, alert_acts.Snoozed(TODAY + timedelta(3), "later"))):
        assert reply.text.startswith("That is over: ")


def test_a_book_in_the_order_of_money_urgency_and_what_can_be_done(alert_counter: Counter) -> None:
    said = read(alert_counter.asked("alerts"))
    assert said[0].endswith("accounts need somebody")
    assert "money at risk × urgency × what can still be done" in said[1]
    firsts = [line for line in said if line[:1].isdecimal()][1:]
    assert "Globex" in firsts[0]
    assert "a critical ticket is escalated" in firsts[0]
    assert "US$96,000" in firsts[0]
    assert any("Norte Logística · the champion left 3 days ago" in line for line in firsts)
    assert any("the CSM's renewal call is missing" in line and "Industrias Pérez" in line for line in firsts)
    assert any("goes to Sofía Vega on Thu 26" in line for line in said), "announced before it goes"
    spanish = "\n".join(read(alert_counter.asked("alerts", lang="es")))
    assert "el champion se fue hace 3 días" in spanish


def test_pages_and_scopes(alert_counter: Counter) -> None:
    first, second = (read(alert_counter.asked(f"alerts team page:{n}", by=SOFIA)) for n in (1, 2))
    assert [line[:3] for line in first if line[:1].isdecimal()][1:] == ["1  ", "2  ", "3  ", "4  ", "5  "]
    assert "6  " in [line[:3] for line in second]
    assert "all accounts" in "\n".join(read(alert_counter.asked("alerts all")))
    one = read(alert_counter.asked("alerts acme"))
    assert one[0] == "Acme Corp: 3 alerts"
    assert "Initech" in "\n".join(read(alert_counter.asked("alerts good")))
    refused = alert_counter.asked("alerts segmnt:smb")
    assert not refused.answered


def after_click(stage: Stage, person: str, shown, text: str, says: str):
    """The same message after a click, once it says so."""
    hands = stage.slack.as_user(person)
    hands.click(shown, text=text)

    def now():
        return next(m for m in stage.slack.messages(seen_by=hands.person.id) if m.ts == shown.ts)

    stage.slack.wait(lambda: says in now().plain)
    return now()


def test_two_people_at_once_give_one_result_and_the_second_is_told(alert_stage: Stage) -> None:
    anas, sofias = alert_stage.answer(ANA, "/alerts"), alert_stage.answer(SOFIA, "/alerts", "csm:ana@example.com")
    now = after_click(alert_stage, ANA, anas, "I'll take it", "Globex is yours")
    assert "Give it back" in now.buttons
    later = after_click(alert_stage, SOFIA, sofias, "Me encargo", "Ana Ruiz se adelantó y tiene Globex")
    assert "la tiene Ana Ruiz" in later.plain
    alert = of(alert_stage.desk, "globex", "critical_ticket")
    assert (alert.claimed_by, alert.claimed_on, alert.acted_on) == (ANA, TODAY, TODAY)
    assert of(alert_stage.desk, "globex", "at_risk").claimed_by == ANA, "all that is open there"
    back = after_click(alert_stage, ANA, now, "Give it back", "Globex is free again")
    assert "Give it back" not in back.buttons
    with alert_stage.desk.database.transaction() as tx:
        assert changes.verify(tx) is None


def test_a_refusal_leaves_the_list_as_it_is(alert_stage: Stage) -> None:
    shown = alert_stage.answer(BEN, "/alerts")
    with alert_stage.desk.database.changing() as tx:
        tx.execute(update(people).where(people.c.email == BEN).values(role="viewer"))
    refused = alert_stage.after(BEN, lambda hands: hands.click(shown, text="I'll take it"))
    assert refused.plain.startswith("You may read and not write.")
    seen = alert_stage.slack.messages(seen_by=alert_stage.slack.as_user(BEN).person.id)
    assert next(m for m in seen if m.ts == shown.ts).plain == shown.plain


def test_what_another_took_leaves_my_list(alert_counter: Counter) -> None:
    number = of(alert_counter.desk, "globex", "critical_ticket").id
    alert_counter.asked(f"alert-take {number}", by=SOFIA)
    assert "Globex" not in "\n".join(read(alert_counter.asked("alerts")))
    assert "Sofía Vega has it" in "\n".join(read(alert_counter.asked("alerts all")))
    assert "Ana" not in read(alert_counter.asked(f"alert-take {number}"))[0]
    assert "Sofía Vega was quicker" in read(alert_counter.asked(f"alert-take {number}"))[0]


def test_taking_back_a_click(alert_counter: Counter) -> None:
    number = of(alert_counter.desk, "globex", "critical_ticket").id
    reply = alert_counter.asked(f"alert-take {number}")
    undo = next(
        e["value"] for block in reply.blocks for e in block.get("elements", ()) if e.get("value", "")[:4] == "undo"
    )
    alert_counter.asked(undo)
    assert of(alert_counter.desk, "globex", "critical_ticket").claimed_by is None
    assert of(alert_counter.desk, "globex", "at_risk").claimed_by is None, "the whole gesture"


def test_a_wrong_alert_counts_against_its_rule_and_stays_away(alert_counter: Counter) -> None:
    number = of(alert_counter.desk, "norte-logistica", "champion_left").id
    assert "Noted as wrong: Norte Logística" in read(alert_counter.asked(f"alert-wrong {number} alerts"))[0]
    noticed(alert_counter.desk)
    assert "the champion left" not in "\n".join(read(alert_counter.asked("alerts")))
    rules = read(alert_counter.asked("alerts rules this month"))
    assert "Champion left: 1 raised · 0 acted on (0 %) · 1 called wrong · 1 open" in [
        r.replace("\xa0", " ") for r in rules
    ]


def test_snoozed_until_a_day_of_ones_own(alert_stage: Stage) -> None:
    shown = alert_stage.answer(ANA, "/alerts", "norte")
    hands = alert_stage.slack.as_user(ANA)
    hands.choose(shown, "form.4", "Snooze…")
    alert_stage.slack.wait(lambda: hands.modal)
    assert "the champion left" in hands.modal.plain
    until = TODAY + timedelta(3)
    said = alert_stage.after(ANA, lambda h: h.submit({"until": until.isoformat(), "why": "a new one starts"}))
    assert "Norte Logística is back on Thursday 26 November" in said.plain
    alert = of(alert_stage.desk, "norte-logistica", "champion_left")
    assert (alert.snoozed_until, alert.snooze_reason) == (until, "a new one starts")
    assert "Norte" not in alert_stage.answer(ANA, "/alerts").plain


def test_all_of_an_account_is_put_off_together_and_taken_back_together(alert_stage: Stage) -> None:
    shown = alert_stage.answer(ANA, "/alerts", "globex")
    hands = alert_stage.slack.as_user(ANA)
    hands.choose(shown, "form.4", "Snooze…")
    alert_stage.slack.wait(lambda: hands.modal)
    assert "alerts of this account too" in hands.modal.plain
    entered = {"until": "2026-11-26", "why": "they are on holiday", "others": ["all"]}
    said = alert_stage.after(ANA, lambda h: h.submit(entered))
    assert "Globex" not in alert_stage.answer(ANA, "/alerts").plain
    hands.click(said, text="Undo")
    alert_stage.slack.wait(lambda: of(alert_stage.desk, "globex", "at_risk").snoozed_until is None)
    assert of(alert_stage.desk, "globex", "critical_ticket").snoozed_until is None


@pytest.mark.parametrize(
    ("until", "why", "field"), [(TODAY, "x", "until"), (TODAY + timedelta(400), "x", "until"), (TODAY, " ", "until"),
                                (TODAY + timedelta(1), " ", "why")]
)  # fmt: skip
def test_a_snooze_needs_a_day_ahead_and_a_reason(until, why, field) -> None:
    with pytest.raises(Invalid) as refused:
        read_snooze(Words("en"), TODAY, {"until": until.isoformat(), "why": why})
    assert list(refused.value.errors) == [field]


def test_a_day_ahead_is_the_reader_s_and_also_one_that_is_typed(alert_counter: Counter) -> None:
    """In Los Angeles it is still yesterday where the company has begun its Tuesday."""
    alert = of(alert_counter.desk, "globex", "critical_ticket")
    late = replace(alert_counter.desk, clock=lambda: datetime(2026, 11, 24, 7, tzinfo=UTC))
    ana = replace(alert_counter.person(ANA), time_zone="America/Los_Angeles")
    shown = alert_acts.view_snooze(Ask(late, ana, Words("en"), text=str(alert.id)))
    entered = {"until": "2026-11-24", "why": "x", SEEN: shown["private_metadata"]}
    assert read_snooze(Words("en"), late.today, entered).until == late.today
    for day in ("2020-01-01", TODAY.isoformat(), "9999-12-31"):
        assert not alert_counter.asked(f"snooze-now {alert.id} {day}").answered, day
    assert of(alert_counter.desk, "globex", "critical_ticket").snoozed_until is None


@pytest.mark.parametrize(
    ("lang", "asked", "until"),
    [("en", "/cs snooze globex until saturday", "2026-11-28"), ("en", "/snooze globex for two weeks", "2026-12-07"),
     ("en", "/snooze till tomorrow globex", "2026-11-24"), ("en", "/snooze globex until 15 december", "2026-12-15"),
     ("es", "/snooze globex hasta el domingo", "2026-11-29"), ("es", "/snooze globex por una semana", "2026-11-30"),
     ("es", "/snooze globex hasta el 15 de diciembre", "2026-12-15")],
)  # fmt: skip
def test_a_command_takes_the_words_of_time_of_a_sentence(alert_counter: Counter, lang, asked, until) -> None:
    said = alert_counter.asked(asked, lang=lang)
    assert said.pending, said.text
    assert said.blocks[1]["accessory"]["value"].endswith(f" {until}")


def test_what_was_called_wrong_is_said_to_be_so_whoever_clicks_again(alert_counter: Counter) -> None:
    number = of(alert_counter.desk, "globex", "critical_ticket").id
    alert_counter.asked(f"alert-wrong {number}")
    for click, by in ((f"alert-wrong {number}", ANA), (f"alert-take {number}", SOFIA)):
        assert alert_counter.asked(click, by=by).text == "It was called wrong already: Globex."
    assert of(alert_counter.desk, "globex", "critical_ticket").claimed_by is None


def test_who_may_only_read_takes_nothing(alert_counter: Counter) -> None:
    number = of(alert_counter.desk, "globex", "critical_ticket").id
    with alert_counter.desk.database.changing() as tx:
        tx.execute(update(people).where(people.c.email == BEN).values(role="viewer"))
    assert not alert_counter.asked(f"alert-take {number}", by=BEN).answered
    assert of(alert_counter.desk, "globex", "critical_ticket").claimed_by is None


def test_each_ones_share_with_the_cap_and_the_rest_counted(alert_counter: Counter) -> None:
    shares = {each.person.email: each for each in due(alert_counter.desk, TODAY)}
    ana = shares[ANA]
    assert len(ana.need) == alert_counter.desk.policy.alerts.cap
    assert ana.waiting == 1
    assert ana.need[0].listed.name == "Globex"
    assert {each.alert.kind for each in ana.need[0].also} >= {"at_risk", "calls_disagree"}
    assert ana.good
    assert SOFIA not in shares, "nothing of hers, nothing unanswered yet"


def test_what_is_new_at_an_account_that_another_took_says_who_is_at_it(alert_counter: Counter) -> None:
    desk = alert_counter.desk
    new = of(desk, "globex", "critical_ticket").id
    alert_counter.asked(f"alert-take {of(desk, 'globex', 'at_risk').id}", by=SOFIA)
    with desk.database.changing() as tx:
        tx.execute(update(rows).where(rows.c.claimed_by == SOFIA).values(claimed_on=TODAY - timedelta(7)))
        tx.execute(update(rows).where(rows.c.id == new).values(claimed_by=None, claimed_on=None))
    at_once = urgent.render(desk, {"alert": new}, alert_counter.person(ANA), Words("en"))
    for said in (alert_counter.asked("digest"), alert_counter.asked("alerts"), at_once):
        shown = "\n".join(read(said))
        assert shown.count("Sofía Vega took the account's other alerts on 16 Nov") == 1
        assert "Globex" in shown
    spanish = "\n".join(read(alert_counter.asked("digest", lang="es")))
    assert "Sofía Vega tiene las otras alertas de la cuenta desde el 16 nov" in spanish
    assert "took the account's" not in "\n".join(read(alert_counter.asked("alerts", by=SOFIA))), "her own"


def test_absence_and_silence(alert_counter: Counter) -> None:
    desk = alert_counter.desk
    with desk.database.changing() as tx:
        away = {"away_from": TODAY, "away_until": TODAY + timedelta(1), "deputy": BEN}
        tx.execute(update(people).where(people.c.email == ANA).values(**away))
    assert due_of(desk, alert_counter.person(ANA), TODAY).need == ()
    bens = due_of(desk, alert_counter.person(BEN), TODAY)
    assert (bens.need[0].listed.name, bens.need[0].instead_of_name) == ("Globex", "Ana Ruiz")
    own = replace(desk, policy=desk.policy.model_copy(update={"visibility": "own"}))
    shown = read(Counter(own).asked("alerts", by=BEN))
    assert any("Globex" in line for line in shown)
    assert any("instead of Ana Ruiz" in line for line in shown)
    number = of(desk, "acme", "critical_ticket").id
    assert "Acme Corp is yours." in read(Counter(own).asked(f"alert-take {number}", by=BEN))[0]
    assert not Counter(own).asked(f"alert-take {number}", by=MARTA).answered, "no business of hers"
    thursday = TODAY + timedelta(3)
    evaluate(desk.database, desk.policy, day=thursday)
    sofias = due_of(desk, alert_counter.person(SOFIA), thursday)
    assert sofias.need[0].escalated
    assert all(item.listed.alert.severity in {"urgent", "high"} for item in sofias.need)
    anas = due_of(desk, alert_counter.person(ANA), thursday).need
    assert anas[0].told_too == "Sofía Vega", "it stays with its owner too, who reads where it went"


def test_where_a_whole_line_is_away_an_admin_reads_for_whom_they_stand_in(alert_counter: Counter) -> None:
    with alert_counter.desk.database.changing() as tx:
        line = people.c.email.in_((ANA, SOFIA))
        tx.execute(update(people).where(line).values(away_from=TODAY, away_until=TODAY + timedelta(1)))
    said = "\n".join(read(alert_counter.asked("digest", by="tom@example.com")))
    assert "Nothing urgent" not in said
    assert re.search(r"Globex.*\n.*instead of Ana Ruiz", said)
    assert "What needs you goes to Tom Hale meanwhile." in "\n".join(read(alert_counter.asked("digest")))
    urgently = [message for message in digest_plan.foreseen(alert_counter.desk) if message.kind == "urgent"]
    assert "tom@example.com" in {message.person for message in urgently}


def test_a_lead_assigns_what_nobody_has(alert_stage: Stage) -> None:
    with alert_stage.desk.database.changing() as tx:
        tx.execute(update(accounts).where(accounts.c.account_id == "globex").values(csm=None))
        tx.execute(update(rows).where(rows.c.owner == ANA).values(owner=None))
    shown = alert_stage.answer(SOFIA, "/alerts", "unowned")
    assert "Globex" in shown.plain
    hands = alert_stage.slack.as_user(SOFIA)
    hands.click(shown, text="Asignar…")
    alert_stage.slack.wait(lambda: hands.modal)
    said = alert_stage.after(SOFIA, lambda h: h.submit({"csm": BEN}))
    assert "ahora es de Ben Carter" in said.plain
    with alert_stage.desk.database.transaction() as tx:
        assert tx.execute(select(accounts.c.csm).where(accounts.c.account_id == "globex")).scalar_one() == BEN
        assert changes.verify(tx) is None
    assert of(alert_stage.desk, "globex", "critical_ticket").owner == BEN
    load = alert_stage.answer(SOFIA, "/alerts", "load").plain
    assert "*Ben Carter* · 9 cuentas" in load


def test_only_a_lead_shares_out(alert_counter: Counter) -> None:
    assert not alert_counter.asked("alerts load").answered
    assert not alert_counter.asked("alerts unowned").answered


def test_a_night_that_scores_notices_the_same(counter: Counter, alert_counter: Counter) -> None:
    def found(desk):
        with desk.database.transaction() as tx:
            query = select(rows.c.account, rows.c.kind, rows.c.reason, rows.c.severity, rows.c.status)
            return sorted(tuple(row) for row in tx.execute(query))

    desk = alert_counter.desk
    before = found(desk)
    with desk.database.changing() as tx:
        tx.execute(rows.delete())
    score(desk.database, desk.policy, day=TODAY, noticing=True)
    assert found(desk) == before
    assert evaluate(desk.database, desk.policy, day=TODAY).opened == 0


def test_days_that_nobody_scored_are_caught_up_without_alerts_of_their_own(alert_counter: Counter) -> None:
    desk, later = alert_counter.desk, TODAY + timedelta(5)
    assert score(desk.database, desk.policy, day=later, noticing=True).days[-5:] == tuple(
        TODAY + timedelta(n) for n in range(1, 6)
    )
    with desk.database.transaction() as tx:
        assert set(tx.execute(select(rows.c.opened_on)).scalars()) == {TODAY, later}


def test_a_dry_run_says_what_would_be_and_writes_nothing(counter: Counter) -> None:
    foreseen = as_json(counter.desk, dry=True)["foreseen"]
    assert {"what": "open", "account": "Norte Logística", "kind": "champion_left", "quiet": False} in foreseen
    with counter.desk.database.transaction() as tx:
        assert tx.execute(select(rows)).all() == []
    noticed(counter.desk)
    after = as_json(counter.desk, dry=True)
    assert after["foreseen"] == []
    (ana,) = [each for each in after["alerts"] if each["person"] == ANA]
    assert (ana["need"][0]["account"], ana["waiting"]) == ("globex", 1)
    said = [list(lines(counter.desk, Words(language), dry=False)) for language in ("en", "es")]
    assert any("Globex · urgent · a critical ticket is escalated" in line for line in said[0])
    assert any("Globex · urgente · hay un ticket crítico escalado" in line for line in said[1])
    tomorrow = replace(counter.desk, clock=lambda: counter.desk.clock() + timedelta(400))
    assert any(line.startswith("cierra: ") for line in lines(tomorrow, Words("es"), dry=True))


def test_whatever_a_rule_asks_is_loaded(prompter: Counter) -> None:
    policy, whole = prompter.desk.policy, {"first": 1, "last": 10_000, "scope": operator()}
    with prompter.desk.database.transaction() as tx:
        all_ = ground(tx, policy, TODAY)
        found = cases(tx, policy, day=TODAY, in_use=all_.in_use, version=all_.version, **whole)
        known = {number: Made(each) for number, each in seen(tx, all_, found, **whole).items()}
        told = set()
        for fact in OF_ACCOUNT:
            narrow = seen(tx, replace(all_, facts=frozenset({fact})), found, **whole)
            assert {number: Made(each)[fact] for number, each in narrow.items()} == {
                number: made[fact] for number, made in known.items()
            }, fact
            told |= {fact for made in known.values() if made[fact]}
    assert {"stage", "running", "asked_days", "goals_behind", "follow_up_days", "fit", "change_7d"} <= told


def test_a_source_that_stopped_is_told_to_whoever_administers(alert_counter: Counter) -> None:
    desk = alert_counter.desk
    evaluate(desk.database, desk.policy, day=TODAY + timedelta(7))
    assert "nothing new since" not in "\n".join(read(alert_counter.asked("alerts all")))
    said = "\n".join(read(alert_counter.asked("alerts", by="tom@example.com")))
    assert "usage: nothing new since 20 Nov" in said or "usage: nada nuevo" in said


def test_a_playbook_that_runs_there_is_not_proposed_again(alert_stage: Stage) -> None:
    said = alert_stage.answer(ANA, "/alerts", "globex")
    assert "Start “At-risk rescue”" in said.buttons
    hands = alert_stage.slack.as_user(ANA)
    hands.click(said, text="Start “At-risk rescue”")
    alert_stage.slack.wait(lambda: hands.modal)
    alert_stage.after(ANA, lambda h: h.submit({"why": "The ticket"}))
    assert "Start “At-risk rescue”" not in alert_stage.answer(ANA, "/alerts", "globex").buttons
