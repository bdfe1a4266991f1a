"""The digest: who needs me today, in which order; planned once a person and day; the lead's Monday; one's own hour."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from domain.alerts.alerts import NO_ACCOUNT, Action, Signal
from domain.alerts.digests import due_at
from handlers.alerts import urgent
from handlers.ask import Ask, Desk
from handlers.delivery import digest_plan
from handlers.digests import digest, digest_settings
from storage import people, tables
from storage.alerts import nights
from storage.delivery import outbox
from storage.delivery.outbox import Message
from tests.handlers.test_tasks import row
from tests.stage import TODAY, Counter, Stage, read
from words import Words

ANA, SOFIA = "ana@example.com", "sofia@example.com"
MONEY = re.compile(r"[$€]|US|MX")


@pytest.fixture
def told(counter: Counter) -> Counter:
    digest_plan.plan(counter.desk)
    return counter


def queued(desk: Desk) -> list[Message]:
    with desk.database.transaction() as tx:
        return outbox.waiting(tx)


def moved(desk: Desk, moment: datetime) -> Desk:
    return Desk(**{**vars(desk), "clock": lambda: moment})


def test_the_free_hours_of_a_day_are_said_to_be_the_week_s(prompter: Counter) -> None:
    heading = next(line for line in read(prompter.asked("digest")) if line.startswith("YOUR DAY"))
    assert heading.endswith("free this week)")


def test_what_is_left_out_of_my_day_has_its_hours_too(prompter: Counter) -> None:
    lines = read(prompter.asked("digest"))
    heading = next(line for line in lines if line.startswith("YOUR DAY"))
    shown = [line for line in lines if line.startswith("☐ ")]
    assert heading.startswith("YOUR DAY · 6 tasks, about 2 h 05")
    assert [line.rpartition("(")[2] for line in shown[1:]] == ["5 min)", "15 min)"]
    assert "and 3 more, 1 h 45" in lines
    assert "y 3 más, 1 h 45" in read(prompter.asked("digest", lang="es"))


def test_curtain_calls_stand_by_date_and_what_is_not_ready_is_marked(prompter: Counter) -> None:
    need = row(prompter, "B4", "acme")["task_id"]
    with prompter.desk.database.changing() as tx:
        late, on = update(tables.tasks).where(tables.tasks.c.task_id == need), tables.tasks.c.due_on
        tx.execute(late.values(due_on=TODAY - timedelta(3)))
        tx.execute(update(tables.tasks).where(on == TODAY).values(status="done", done_on=TODAY))
    lines = read(prompter.asked("digest"))
    calls = lines[lines.index("CURTAIN CALLS") + 1 :][:3]
    assert [line.partition(" · ")[0] for line in calls] == ["Wed 25", "Thu 26", "Fri 27"]
    assert [next(sign for sign in line if sign in "🔴🔸✅") for line in calls] == ["🔸", "🔴", "🔴"]


def test_it_names_those_who_need_me_first_and_counts_the_rest(told: Counter) -> None:
    lines = read(told.asked("digest"))
    heading = next(line for line in lines if line.startswith("THEY NEED YOU TODAY"))
    shown, total = map(int, re.findall(r"\d+", heading))
    assert shown == told.desk.policy.alerts.cap < total
    assert next(line for line in lines if line.startswith("1 ")).split(" · ")[0].endswith("Globex")
    assert "GOOD NEWS" in lines


def test_in_spanish(told: Counter) -> None:
    lines = read(told.asked("digest", lang="es"))
    assert lines[0].startswith("☀️ Buenos días, Ana. Lunes 23 de noviembre")
    assert any(line.startswith("TE NECESITAN HOY") for line in lines)


def test_a_locked_screen_shows_neither_names_nor_money(told: Counter) -> None:
    said = told.asked("digest").text
    assert not MONEY.search(said)
    assert not any(name in said for name in ("Globex", "Acme", "Ana"))


def test_each_person_s_digest_of_a_day_is_queued_once(told: Counter) -> None:
    before = [message.key for message in queued(told.desk)]
    assert digest_plan.plan(told.desk) == 0
    assert [message.key for message in queued(told.desk)] == before
    assert before.count(f"digest:{ANA}:{TODAY.isoformat()}") == 1
    assert not digest_plan.foreseen(told.desk)


def test_one_whose_time_zone_nobody_knows_lives_by_the_company_s_and_keeps_nobody_from_theirs(told: Counter) -> None:
    with told.desk.database.changing() as tx:
        tx.execute(update(tables.people).where(tables.people.c.email == ANA).values(time_zone="Mars/Olympus"))
    for asked in ("digest", "alerts", "stage", "tasks"):
        assert told.asked(asked).answered, asked
    with told.desk.database.changing() as tx:
        tx.execute(delete(tables.outbox))
    assert {ANA, SOFIA} <= {message.person for message in digest_plan.foreseen(told.desk)}


def test_a_viewer_gets_none(told: Counter) -> None:
    assert not [message for message in queued(told.desk) if message.person == "vic@example.com"]


def test_what_was_missed_is_merged_into_the_next_one(told: Counter) -> None:
    tomorrow = moved(told.desk, told.desk.clock() + timedelta(1))
    digest_plan.plan(tomorrow)
    mine = [message for message in queued(tomorrow) if message.kind == "digest" and message.person == ANA]
    assert [message.told_on for message in mine] == [TODAY + timedelta(1)]


def test_one_that_comes_late_says_so(told: Counter) -> None:
    with told.desk.database.transaction() as tx:
        ana = people.by_email(tx, ANA)
    content = {"told_on": (TODAY - timedelta(3)).isoformat(), "late": True}
    said = digest.render(told.desk, content, ana, Words("en"))
    assert "it comes late" in "\n".join(read(said))


def test_a_lead_s_monday_tells_of_the_team_and_tuesday_does_not(told: Counter) -> None:
    assert any("week of 23 November" in line for line in read(told.asked("digest", by=SOFIA)))
    ask = Ask(told.desk, told.person(SOFIA), Words("en"), capability="digest")
    assert "week of" not in "\n".join(read(digest.of(ask, TODAY + timedelta(1), late=False)))


def without_owner(at: Counter) -> None:
    with at.desk.database.changing() as tx:
        tx.execute(update(tables.accounts).where(tables.accounts.c.account_id == "globex").values(csm=None))
        tx.execute(update(tables.alerts).where(tables.alerts.c.owner == ANA).values(owner=None))


@pytest.mark.parametrize("who", [SOFIA, "tom@example.com"])
def test_what_is_nobodys_is_told_each_day_to_who_may_assign_it(told: Counter, who: str) -> None:
    without_owner(told)
    ask = Ask(told.desk, told.person(who), Words("en"), capability="digest")
    for day in (TODAY, TODAY + timedelta(1)):
        said = "\n".join(read(digest.of(ask, day, late=False)))
        assert said.count("Nobody's: ") == 1
        assert "Nothing urgent" not in said


def test_who_has_no_accounts_is_not_sent_to_call_them(told: Counter) -> None:
    said = read(told.asked("digest", by="tom@example.com"))
    assert said[1] == "Nothing urgent today."


def answered_all(at: Stage | Counter) -> None:
    with at.desk.database.changing() as tx:
        tx.execute(update(tables.alerts).values(status="closed", closed_on=TODAY))


def test_a_quiet_day_names_whom_to_speak_to_with_a_message_ready(stage: Stage) -> None:
    answered_all(stage)
    said, hands = stage.answer(ANA, "/cs", "digest"), stage.slack.as_user(ANA)
    assert "Nothing urgent today." in said.plain
    assert "If you have 15 minutes: Globex · nobody has spoken to the sponsor for 96 days." in said.plain
    hands.click(said, text="Prepare a message…")
    stage.slack.wait(lambda: hands.modal)
    text = next(b["element"]["initial_value"] for b in hands.modal.body["blocks"] if b.get("block_id") == "text")
    assert text.startswith("Hello Neil,\n\nWe last spoke on ")
    assert "at Globex now" in text
    assert hands.submit({"subject": " "}).errors
    logged = stage.after(ANA, lambda h: h.submit({"subject": "15 minutes", "text": "When does it suit you?"}))
    assert logged.plain.startswith("✓ Logged as sent: 15 minutes · Globex")
    with stage.desk.database.transaction() as tx:
        made = tx.execute(select(tables.touches).where(tables.touches.c.subject == "15 minutes")).one()
    assert (made.channel, made.direction, made.csm, bool(made.contacts)) == ("email", "out", ANA, True)


def test_a_quiet_day_in_spanish_and_where_nobody_waits(counter: Counter) -> None:
    answered_all(counter)
    waits = "Si tienes 15 minutos: Globex · lleva 96 días sin hablar con su patrocinador ejecutivo."
    assert waits in read(counter.asked("digest", lang="es"))
    with counter.desk.database.changing() as tx:
        tx.execute(delete(tables.factors).where(tables.factors.c.measure == "sponsor"))
    assert "15 minutos" not in "\n".join(read(counter.asked("digest", lang="es")))


def test_data_that_stopped_are_told_to_all_and_asked_of_who_administers(told: Counter) -> None:
    with told.desk.database.changing() as tx:
        late = Signal(NO_ACCOUNT, "source_stopped", "usage_users", severity="high", told="admin",
                      params={"source": "usage_users", "since": "2026-11-20"})  # fmt: skip
        nights.write(tx, [Action("open", late)], TODAY)
    line = "Data: usage by person: nothing new since 20 Nov. Whoever administers me knows."
    assert line in read(told.asked("digest"))
    assert "Datos: uso por persona: nada nuevo desde el 20 nov. Ya lo sabe quien administra." in read(
        told.asked("digest", lang="es")
    )
    toms = read(told.asked("digest", by="tom@example.com"))
    assert line not in toms
    assert "1  ⚙️ usage by person: nothing new since 20 Nov" in toms


def test_it_says_when_use_came_today_where_its_reader_is(told: Counter) -> None:
    came = datetime(2026, 11, 23, 12, 10, tzinfo=UTC)
    with told.desk.database.changing() as tx:
        tx.execute(update(tables.sources).where(tables.sources.c.name == "usage").values(arrived_at=came))
    assert "Data: usage arrived at 6:10 today." in read(told.asked("digest"))
    assert "Datos: el uso llegó hoy (6:10)." in read(told.asked("digest", lang="es"))
    with told.desk.database.changing() as tx:
        yesterday = came - timedelta(1)
        tx.execute(update(tables.sources).where(tables.sources.c.name == "usage").values(arrived_at=yesterday))
    assert "usage arrived" not in "\n".join(read(told.asked("digest")))


def test_a_lead_s_monday_says_what_the_playbook_that_was_started_most_did(prompter: Counter) -> None:
    line = "Playbook “Low adoption”: too few to say (4 and 0)"
    assert line in read(prompter.asked("digest", by=SOFIA))
    assert "Playbook «Baja adopción»: muy pocos casos para concluir (4 y 0)" in read(
        prompter.asked("digest", by=SOFIA, lang="es")
    )


def test_no_csm_is_ranked_before_a_lead(told: Counter) -> None:
    lines = "\n".join(read(told.asked("digest", by=SOFIA)))
    assert not any(name in lines for name in ("Ana Ruiz", "Luis Ortega", "Marta Gil", "Ben Carter", "Chloe Evans"))


def test_nothing_is_told_at_night(counter: Counter) -> None:
    night = moved(counter.desk, datetime(2026, 11, 24, 5, tzinfo=UTC))
    digest_plan.plan(night)
    due = [message for message in queued(night) if message.kind == "urgent"]
    assert all(message.due_at.astimezone(UTC).hour >= 13 for message in due if message.person == ANA)


def test_at_night_it_is_told_to_who_is_there_in_the_morning(counter: Counter) -> None:
    chosen(counter, away_from=TODAY + timedelta(1), away_until=TODAY + timedelta(9), deputy="ben@example.com")
    digest_plan.evaluate(counter.desk.database, counter.desk.policy, day=TODAY)
    with counter.desk.database.changing() as tx:
        tx.execute(update(tables.people).where(tables.people.c.email == "ben@example.com").values(digest_hour=12))
    tonight = moved(counter.desk, datetime(2026, 11, 24, 5, tzinfo=UTC))
    urgently = [message for message in digest_plan.foreseen(tonight) if message.kind == "urgent"]
    assert ANA not in {message.person for message in urgently}
    assert "ben@example.com" in {message.person for message in urgently}


def test_what_was_urgent_and_is_taken_since_is_not_told_again(told: Counter) -> None:
    with told.desk.database.transaction() as tx:
        ana = people.by_email(tx, ANA)
    said = urgent.render(told.desk, {"alert": 0, "told_on": TODAY.isoformat()}, ana, Words("en"))
    assert said.text == "Something was urgent, and it is settled by now."


def test_one_chooses_one_s_own_hour_and_absence(stage: Stage) -> None:
    hands = stage.slack.as_user(ANA)
    said = stage.answer(ANA, "/cs", "digest")
    hands.click(said, text="Hour, channel, absence…")
    stage.slack.wait(lambda: hands.modal)
    wrong = hands.submit({"hour": "7", "language": "en", "away_from": "2026-12-04", "away_until": "2026-12-01"})
    assert wrong.errors
    assert "Mexico" in hands.submit({"country": "Mexic"}).errors["country"]
    assert hands.submit({"place": "there"}).errors["channel"] == "Choose the channel."
    shared = hands.submit({"place": "there", "channel": "C0ACME"})
    assert shared.errors["channel"].startswith("People outside the organisation, or guests, read there.")
    kept = {
        "hour": "7",
        "language": "es",
        "country": "españa",
        "place": "there",
        "channel": "C0SUCCESS",
        "away_from": "2026-12-01",
        "away_until": "2026-12-04",
        "deputy": "ben@example.com",
    }
    answer = stage.after(ANA, lambda h: h.submit(kept))
    assert "7:00" in answer.text
    assert "tu resumen" in answer.text, "in the language that was chosen, whatever Slack's is"
    with stage.desk.database.transaction() as tx:
        ana = people.by_email(tx, ANA)
    assert ana is not None
    assert (ana.digest_hour, ana.deputy, ana.away(date(2026, 12, 2))) == (7, "ben@example.com", True)
    assert (ana.country, ana.digest_channel, ana.language) == ("ES", "C0SUCCESS", "es")
    assert due_at(ana, stage.desk.policy, date(2026, 12, 8)) is None, "a holiday of Spain and not of Mexico"
    assert "Buenos días" in stage.answer(ANA, "/cs", "digest").plain
    hands.click(answer, text="Deshacer")
    stage.slack.wait(lambda: settled(stage).country == "MX")
    assert settled(stage).digest_channel is settled(stage).language is settled(stage).deputy is None
    assert stage.answer(ANA, "/cs", "digest").plain.startswith("*☀️ Good morning")


def test_who_may_only_read_sets_what_is_theirs_and_is_promised_no_digest(stage: Stage) -> None:
    vic = "vic@example.com"
    hands, said = stage.slack.as_user(vic), stage.answer(vic, "/cs", "digest")
    assert "Digest at" not in stage.answer(vic, "/cs", "digest-settings").plain
    hands.click(said, text="Hour, channel, absence…")
    stage.slack.wait(lambda: hands.modal)
    assert "Hour of the digest" not in hands.modal.plain
    answer = stage.after(vic, lambda h: h.submit({"language": "es", "away_until": "2026-12-04"}))
    assert answer.plain.startswith("✓ Tus ajustes quedaron guardados.")
    assert settled(stage, vic).away(date(2026, 12, 2))
    assert settled(stage, vic).digest_hour is None


def settled(stage: Stage, email: str = ANA):
    with stage.desk.database.transaction() as tx:
        found = people.by_email(tx, email)
    assert found is not None
    return found


def chosen(at: Counter, **more: object) -> None:
    """Ana saves her settings, as they stand but for what is given."""
    entered = {"hour": 9, "channel": None, "language": "en", "country": "MX", "away_from": None, "away_until": None,
               "deputy": None, **more}  # fmt: skip
    digest_settings.save(Ask(at.desk, at.person(ANA), Words("en")), digest_settings.Entered(**entered))  # type: ignore[arg-type]


def due_of_hers(desk: Desk) -> datetime:
    return next(m.due_at for m in queued(desk) if m.key == f"digest:{ANA}:{TODAY.isoformat()}").astimezone(UTC)


def test_what_waits_already_goes_by_the_hour_and_the_absence_that_hold_now(told: Counter) -> None:
    nine = datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert due_of_hers(told.desk) == nine
    chosen(told, hour=11)
    assert due_of_hers(told.desk) == nine + timedelta(hours=2)
    chosen(told, away_from=TODAY, away_until=TODAY + timedelta(1))
    assert due_of_hers(told.desk) == nine + timedelta(2), "with the next one, which takes its place"
    told.asked(f"undo {last_change(told.desk)}")
    digest_plan.plan(told.desk)
    assert due_of_hers(told.desk) == nine + timedelta(hours=2), "also where it was taken back"


def test_one_that_was_put_off_for_the_night_stays_so(told: Counter) -> None:
    night, morning = datetime(2026, 11, 24, 3, tzinfo=UTC), datetime(2026, 11, 24, 14, tzinfo=UTC)
    with told.desk.database.changing() as tx:
        outbox.move(tx, f"digest:{ANA}:{TODAY.isoformat()}", morning)
    digest_plan.plan(moved(told.desk, night))
    assert due_of_hers(told.desk) == morning


def last_change(desk: Desk) -> int:
    with desk.database.transaction() as tx:
        return tx.execute(select(func.max(tables.changes.c.id))).scalar_one()


def test_who_is_away_is_told_who_stands_in_and_that_one_for_whom(told: Counter) -> None:
    chosen(told, away_from=TODAY, away_until=TODAY + timedelta(1), deputy="ben@example.com")
    for asked in ("digest", "home"):
        said = "\n".join(read(told.asked(asked)))
        assert "You are away until 24 Nov 2026. What needs you goes to Ben Carter meanwhile." in said
        assert "Nothing urgent" not in said
    with told.desk.database.transaction() as tx:
        query = select(tables.alerts.c.id).where(tables.alerts.c.owner == ANA, tables.alerts.c.severity == "urgent")
        number = tx.execute(query.limit(1)).scalar_one()
        ben = people.by_email(tx, "ben@example.com")
    urgently = read(urgent.render(told.desk, {"alert": number}, ben, Words("en")))
    assert "instead of Ana Ruiz" in "\n".join(urgently)


def test_the_colours_add_up_to_the_accounts(told: Counter) -> None:
    total, _, colours = read(told.asked("digest"))[0].rpartition(" · ")[2].partition(" accounts: ")
    assert int(total) == sum(map(int, re.findall(r"\d+", colours)))


def test_a_digest_in_a_channel_leaves_the_post_to_everybody(told: Counter) -> None:
    ana = told.person(ANA)
    content = {"told_on": TODAY.isoformat(), "room": True}
    said = digest.render(told.desk, content, ana, Words("en"))
    pressed = [e["action_id"] for b in said.blocks for e in b.get("elements", ()) if "action_id" in e]
    assert any(action.startswith("ask.") for action in pressed)
    assert not any(action.startswith("turn.") for action in pressed)
    astray = digest.render(told.desk, {**content, "room": False, "detour": "is_archived"},
                           replace(ana, digest_channel="C0SUCCESS"), Words("en"))  # fmt: skip
    assert "<#C0SUCCESS>" in astray.blocks[-1]["elements"][0]["text"]
    assert "This channel is archived." in astray.blocks[-1]["elements"][0]["text"]
