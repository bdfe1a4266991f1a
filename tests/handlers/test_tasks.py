"""What is due is listed with its hours, done by a click, moved with what depends on it, left out with a reason."""

import re
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from icalendar import Calendar
from sqlalchemy import insert, select, update

import bot
from domain.playbooks.plays import Moved, Task
from handlers.ask import Ask, Invalid
from handlers.playbooks import play_start
from handlers.tasks import task_forms
from handlers.tasks.task_matter import moved_lines
from playground import Message
from playground.limits import message_faults
from storage.database import Database
from storage.playbooks import tasks
from storage.tables import accounts, people
from storage.tables import tasks as rows_of
from tests.stage import TODAY, Counter, Stage, read, settings
from words import Words

ANA, SOFIA, VIC, LUIS, OWEN = (f"{name}@example.com" for name in ("ana", "sofia", "vic", "luis", "owen"))


def row(at: Stage | Counter, activity: str, account: str, turn: int = 1) -> dict:
    query = select(rows_of).join_from(rows_of, accounts, rows_of.c.account == accounts.c.number)
    named = (rows_of.c.activity == activity, rows_of.c.turn == turn, accounts.c.account_id == account)
    with at.desk.database.transaction() as tx:
        return dict(tx.execute(query.where(*named)).mappings().one())


def number(at: Stage | Counter, account: str) -> int:
    with at.desk.database.transaction() as tx:
        return tx.execute(select(accounts.c.number).where(accounts.c.account_id == account)).scalar_one()


def added(at: Stage | Counter, task_id: str, **more: object) -> None:
    """Somebody's own task."""
    known = {"account": number(at, "acme"), "side": "back", "due_on": TODAY, "title": "Call", "owner": ANA, "hours": 1}
    with at.desk.database.changing() as tx:
        task = Task(task_id=task_id, **known | more)
        tasks.add(tx, task, who=ANA, at=at.desk.clock(), origin="modal", on=TODAY)


def pressable(said: Message) -> list[dict]:
    return [element for block in said.blocks for element in block.get("elements", ()) if element["type"] == "button"]


def opened(stage: Stage, said: Message, option: str, task_id: str, person: str = ANA):
    """A form out of the menu of a task."""
    hands = stage.slack.as_user(person)
    place = next(
        (block["block_id"], element["action_id"])
        for block in said.blocks
        for element in block.get("elements", ())
        if any(each.get("value") == f"{option} {task_id}" for each in element.get("options", ()))
    )
    hands.choose(said, place[1], f"{option} {task_id}", block_id=place[0])
    stage.slack.wait(lambda: hands.modal)
    return hands


def test_what_is_due_stands_by_account_and_side_with_hours_against_hours(prompter: Counter) -> None:
    said = read(prompter.asked("tasks"))
    assert said[0] == "6 tasks · about 2 h 05 · my tasks"
    assert said[1] == "28 h 30 free this week, of 34 h"
    accounts_in_order = [line for line in said if line in {"Globex", "Clínica Alameda", "Norte Logística"}]
    assert len(accounts_in_order) == len(set(accounts_in_order)) == 3
    norte = said[said.index("Norte Logística") :]
    sides = [line.partition(" · ")[0] for line in norte if line.startswith(("front stage", "back stage", "theirs"))]
    assert sides == sorted(sides, reverse=True), "front before back"


def test_in_spanish(prompter: Counter) -> None:
    said = read(prompter.asked("tasks", lang="es"))
    assert said[0] == "6 tareas · unas 2 h 05 · mis tareas"
    assert "hoy" in said[3]
    assert "en escena · correo · Julián Otero · Recuperación de detractores" in said


def test_a_lead_sees_the_team_s_with_their_owners_and_a_scope_those_of_its_accounts(prompter: Counter) -> None:
    said = "\n".join(read(prompter.asked("tasks", by=SOFIA)))
    assert "the team" in said
    assert "Ana Ruiz" in said
    assert prompter.asked("tasks csm:luis@example.com").text.startswith("0 tasks")
    assert "Name" not in prompter.asked("tasks tier:1 segment:enterprise").text


def test_what_is_late_is_said_and_a_paused_play_rests(prompter: Counter) -> None:
    added(prompter, "late", due_on=TODAY - timedelta(3), title="Send the minutes")
    said = prompter.asked("tasks")
    assert "1 late" in said.text
    assert "☐ Send the minutes · 1 h · late: Fri 20" in read(said)


def test_done_by_one_click_changes_the_list_in_place_and_is_taken_back(on_stage: Stage) -> None:
    said = on_stage.answer(ANA, "/tasks")
    hands = on_stage.slack.as_user(ANA)
    task = row(on_stage, "C1", "globex")
    hands.click(said, text="✓ Done")
    on_stage.slack.wait(lambda: row(on_stage, "C1", "globex")["status"] == "done")
    on_stage.slack.wait(lambda: "✓ Done: Name their owner" in on_stage.slack.last(seen_by=hands.person.id).plain)
    done = row(on_stage, "C1", "globex")
    assert (done["done_by"], done["done_on"]) == (ANA, TODAY)
    now = on_stage.slack.last(seen_by=hands.person.id)
    assert now.ts == said.ts, "in place"
    assert "5 tasks" in now.plain
    hands.click(now, text="Undo")
    on_stage.slack.wait(lambda: row(on_stage, "C1", "globex")["status"] == "open")
    assert row(on_stage, "C1", "globex") == task


def test_two_who_click_at_once_give_one_result(prompter: Counter) -> None:
    task_id = row(prompter, "C1", "globex")["task_id"]
    start, said = Barrier(2), {}

    def click(who: str) -> None:
        start.wait()
        said[who] = prompter.asked(f"tasks done {task_id}", by=who).text

    threads = [Thread(target=click, args=(who,)) for who in (ANA, SOFIA)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first = row(prompter, "C1", "globex")["done_by"]
    other = SOFIA if first == ANA else ANA
    assert said[first].startswith("Done: ")
    assert "is done already: " + prompter.person(first).name in said[other]


def test_a_viewer_may_read_and_not_write(prompter: Counter) -> None:
    task_id = row(prompter, "C1", "globex")["task_id"]
    assert "may read and not write" in prompter.asked(f"tasks done {task_id}", by=VIC).text
    assert row(prompter, "C1", "globex")["status"] == "open"
    assert "no such task" in prompter.asked("tasks done nothing").text


def test_later_says_what_moves_with_it_and_is_taken_back_as_one(on_stage: Stage) -> None:
    said = on_stage.answer(ANA, "/tasks", "week")
    task = row(on_stage, "B4", "acme")
    while f"task-later {task['task_id']}" not in str(said.blocks):
        said = after_turn(on_stage, said, "Next page")
    hands = opened(on_stage, said, "task-later", task["task_id"])
    assert "It moves along if you go past its day: The review, Thu 26" in hands.modal.plain
    answer = on_stage.after(ANA, lambda hands: hands.submit({"to": "2026-11-30", "why": "The data come on Friday"}))
    assert "Moved to Mon 30: Usage report by area · Acme Corp" in answer.text
    assert "The review: Thu 26 → Mon 30" in answer.plain
    review = row(on_stage, "F2", "acme")
    assert review["due_on"].isoformat() == "2026-11-30"
    assert review["at"].isoformat() == "2026-11-30T16:00:00+00:00", "its hour goes with it"
    assert row(on_stage, "B4", "acme")["note"] == "The data come on Friday"
    hands.click(answer, text="Undo")
    on_stage.slack.wait(lambda: row(on_stage, "F2", "acme")["due_on"].isoformat() == "2026-11-26")
    assert row(on_stage, "B4", "acme") == task


@pytest.mark.parametrize(("lang", "last", "more"), [("en", "• Call: Mon 23 → 22 Jan", "and 3 more"),
                                                    ("es", "• Call: lun 23 → 22 ene", "y 3 más")])  # fmt: skip
def test_far_days_of_moved_tasks_name_their_month_and_only_what_moved_counts(
    counter: Counter, lang: str, last: str, more: str
) -> None:
    ask = Ask(counter.desk, counter.person(ANA), Words(lang))
    task = Task("T", 1, "back", TODAY, title="Call")
    stays = Moved(task, replace(task, note="Asked"))
    far = Moved(task, replace(task, due_on=TODAY + timedelta(60)))
    said = moved_lines(ask, [stays, *[far] * 11, stays], None)
    assert said[-2:] == [last, more]
    assert len(said) == 9
    assert moved_lines(ask, [stays], None) == []


def after_turn(stage: Stage, said: Message, label: str) -> Message:
    hands = stage.slack.as_user(ANA)
    before = said.plain
    hands.click(said, text=label)
    stage.slack.wait(lambda: stage.slack.last(seen_by=hands.person.id).plain != before)
    return stage.slack.last(seen_by=hands.person.id)


def test_pages_show_each_task_once(on_stage: Stage) -> None:
    said = on_stage.answer(ANA, "/tasks", "week")
    seen = []
    while True:
        seen += [b["value"].split()[2] for b in pressable(said) if b["value"].startswith("tasks done ")]
        if "Next page" not in said.buttons:
            break
        said = after_turn(on_stage, said, "Next page")
    assert len(seen) == len(set(seen)) > 10


def test_a_click_leaves_the_page_that_is_read(on_stage: Stage) -> None:
    second = after_turn(on_stage, on_stage.answer(ANA, "/tasks", "week"), "Next page")
    first, *others = [b["value"].split()[2] for b in pressable(second) if b["value"].startswith("tasks done ")]
    now = after_turn(on_stage, second, "✓ Done")
    shown = [b["value"].split()[2] for b in pressable(now) if b["value"].startswith("tasks done ")]
    assert shown[: len(others)] == others
    assert first not in shown


def test_the_event_moves_with_what_is_counted_from_it_and_gets_an_hour(prompter: Counter, on_stage: Stage) -> None:
    said = on_stage.answer(ANA, "/tasks", "week")
    task = row(on_stage, "F2", "acme")
    while f"task-later {task['task_id']}" not in str(said.blocks):
        said = after_turn(on_stage, said, "Next page")
    opened(on_stage, said, "task-later", task["task_id"])
    on_stage.after(ANA, lambda hands: hands.submit({"to": "2026-12-03", "at": "09:30"}))
    moved = row(on_stage, "F2", "acme")
    assert moved["at"].isoformat() == "2026-12-03T15:30:00+00:00", "in Ana's own time"
    assert row(on_stage, "B4", "acme")["due_on"].isoformat() == "2026-12-01"
    assert row(on_stage, "F3", "acme")["due_on"].isoformat() == "2026-12-04"


def test_a_day_that_nobody_plans_for_is_refused_beside_its_field() -> None:
    far, words = {"to": "9999-12-31", "due_on": "9999-12-31", "event_on": "9999-12-31"}, Words("en")
    for read_form, more, field in (
        (task_forms.read_later, {}, "to"),
        (task_forms.read_add, {"title": "Ring", "account": "acme"}, "due_on"),
        (play_start.read, {}, "event_on"),
    ):
        with pytest.raises(Invalid) as refused:
            read_form(words, TODAY, far | more)
        assert refused.value.errors == {field: "Choose a day within ten years."}
    for target in ("1e30", "NaN", "0.00001"):
        with pytest.raises(Invalid) as refused:
            play_start.read(words, TODAY, {"target": target})
        assert "target" in refused.value.errors


def test_left_out_needs_a_reason(on_stage: Stage) -> None:
    said = on_stage.answer(ANA, "/tasks")
    task = row(on_stage, "B2", "norte-logistica")
    hands = opened(on_stage, said, "task-skip", task["task_id"])
    assert "That will stand in doubt" in hands.modal.plain
    assert hands.submit({"why": "  "}).errors
    answer = on_stage.after(ANA, lambda hands: hands.submit({"why": "They know us"}))
    assert answer.text.startswith("Left out: Inheritance")
    kept = row(on_stage, "B2", "norte-logistica")
    assert (kept["status"], kept["note"]) == ("skipped", "They know us")


def test_one_s_own_task_is_added(on_stage: Stage) -> None:
    hands = on_stage.slack.as_user(ANA)
    hands.click(on_stage.answer(ANA, "/tasks", "add acme"), text="Add a task…")
    on_stage.slack.wait(lambda: hands.modal)
    assert hands.submit({"title": "Ask for the file", "due_on": "2026-11-01"}).errors
    answer = on_stage.after(ANA, lambda hands: hands.submit(
        {"title": "Ask *for* the <file>", "due_on": "2026-11-23", "hours": "0.5"}
    ))  # fmt: skip
    assert "On your list" in answer.text
    assert "☐ Ask for the &lt;file&gt; · 30 min · today" in str(on_stage.answer(ANA, "/tasks").blocks)


def test_on_a_sunday_the_week_is_the_next_one(played_database: Database) -> None:
    desk = bot.desk(settings(played_database), TODAY - timedelta(1))
    said = read(Counter(desk).asked("tasks"))
    assert re.search(r"^2\d h( \d\d)? free this week, of 34 h$", said[1])
    assert int(Counter(desk).asked("tasks week").text.split()[0]) > 10
    desk.exports.shutdown()
    desk.database.close()


def full_day(at: Stage | Counter) -> None:
    for n in range(3):
        added(at, f"own-{n}", title=f"Report {n}", hours=2 + n)
    with at.desk.database.changing() as tx:
        tx.execute(update(people).where(people.c.email == ANA).values(capacity_hours=14))


def test_more_than_the_hours_is_offered_to_be_moved_and_never_by_itself(on_stage: Stage) -> None:
    full_day(on_stage)
    said = on_stage.answer(ANA, "/tasks")
    assert "⚠ It is 11 h 05 and you have 8 h 30 free: I suggest moving 1" in said.plain
    hands = on_stage.slack.as_user(ANA)
    hands.click(said, text="See which…")
    on_stage.slack.wait(lambda: hands.modal)
    answer = on_stage.after(ANA, lambda hands: hands.submit({}))
    assert "moved to Mon 30" in answer.text
    assert "Report 1" in answer.plain, "the one that suffices"
    assert "8 tasks · about 8 h 05" in on_stage.answer(ANA, "/tasks").text
    hands.click(answer, text="Undo")
    on_stage.slack.wait(lambda: "9 tasks" in on_stage.answer(ANA, "/tasks").text)


def test_the_calendar_is_readable_and_its_ids_stay(prompter: Counter) -> None:
    first, second = (Calendar.from_ical(prompter.asked("tasks ics").files[0].build()) for _ in range(2))
    events = {str(event["uid"]): event for event in first.walk("VEVENT")}
    assert set(events) == {str(event["uid"]) for event in second.walk("VEVENT")}
    review = events[f"{row(prompter, 'F2', 'acme')['task_id']}@apuntador"]
    assert str(review["summary"]) == "Acme Corp: The review"
    assert review.decoded("dtstart").isoformat() == "2026-11-26T16:00:00+00:00"
    assert "Novak" not in first.to_ical().decode(), "nobody's name"
    with prompter.desk.database.transaction() as tx:
        theirs = {task.task.task_id for task in tasks.due(tx, prompter_scope(prompter), until=TODAY, owners=(LUIS,))}
    assert not theirs & set(events)


def test_who_takes_part_has_it_among_the_own_tasks(prompter: Counter) -> None:
    said = read(prompter.asked("tasks mine week", by=OWEN))
    assert said[0] == "2 tasks · about 1 h 30 · my tasks"
    review = said.index("☐ The review · 1 h · Thu 26 11:00")
    assert said[review + 1] == "front stage · meeting · Alice Novak · with Ana Ruiz · Quarterly review"
    assert "Owen: 2, 1 h 30" in " ".join(read(prompter.asked("tasks team week", by=SOFIA)))


def prompter_scope(counter: Counter):
    from storage.scope import Scope

    return Scope(counter.person(ANA), counter.desk.policy.visibility)


def test_slack_s_limits_hold_for_long_and_hostile_titles(prompter: Counter) -> None:
    for n in range(30):
        added(prompter, f"long-{n}", title="<!channel> *w* " * 30, side=("front", "back")[n % 2])
    with prompter.desk.database.changing() as tx:
        tx.execute(insert(people), [{"email": "x@x.com", "name": "X", "role": "csm", "known_on": TODAY}])
    for asked in ("tasks", "tasks all", "stage acme", "stage", "account acme", "health acme"):
        reply = prompter.asked(asked)
        assert not message_faults(list(reply.blocks)), asked
        assert "<!channel>" not in str(reply.blocks)
