"""A playbook is looked at, started, steered and taken back in the workspace; hours and the draw decide a wave."""

import pytest
from sqlalchemy import func, select

from playground import Message
from storage.tables import goals, plays, tasks
from tests.stage import Counter, Stage

ANA, SOFIA, VIC = "ana@example.com", "sofia@example.com", "vic@example.com"


def rows(stage: Stage, table=plays) -> list[dict]:
    with stage.desk.database.transaction() as tx:
        return [dict(row) for row in tx.execute(select(table)).mappings()]


def opened(stage: Stage, person: str, said: Message, label: str):
    hands = stage.slack.as_user(person)
    hands.click(said, text=label)
    stage.slack.wait(lambda: hands.modal)
    return hands


def started(stage: Stage, command: str = "start low-adoption globex") -> Message:
    opened(stage, ANA, stage.answer(ANA, "/playbook", command), "Start…")
    return stage.after(ANA, lambda hands: hands.submit({"why": "They asked for help"}))


def test_the_shelf_holds_the_ten(counter: Counter) -> None:
    said = counter.asked("playbook list")
    assert said.text == "10 playbooks"


def test_it_shows_whom_it_fits_and_why_and_the_five_steps(stage: Stage) -> None:
    said = stage.answer(ANA, "/playbook", "show low-adoption all").plain
    for step in ("1 · KPI", "2 · Clients", "3 · Goal", "4 · Priority", "5 · Plan", "Follow-up"):
        assert step in said
    assert "Minera Cerro Plomo" in said
    assert "active licences" in said


def test_a_csm_looks_at_her_own_book(stage: Stage) -> None:
    assert "Minera Cerro Plomo" not in stage.answer(ANA, "/playbook", "show low-adoption").plain


def test_one_that_does_not_fit_says_what_is_lacking(stage: Stage) -> None:
    assert "weeks yet" in stage.answer(ANA, "/playbook", "start low-adoption acme").plain


def test_a_start_writes_play_goal_and_tasks_and_is_taken_back_as_one(stage: Stage) -> None:
    said = started(stage)
    assert "runs on Globex" in said.text
    (play,) = rows(stage)
    assert (play["status"], play["assigned"], play["owner"], play["reason"]) == (
        "running", "chosen", ANA, "They asked for help",
    )  # fmt: skip
    assert {goal["goal_id"] for goal in rows(stage, goals)} >= {play["goal_id"]}
    assert len(rows(stage, tasks)) >= 10
    stage.slack.as_user(ANA).click(said, text="Undo")
    stage.slack.wait(lambda: not rows(stage))
    assert not rows(stage, tasks)


def test_it_does_not_run_twice_on_an_account(stage: Stage) -> None:
    started(stage)
    said = stage.answer(ANA, "/playbook", "start low-adoption globex")
    assert "cannot start" in said.text
    assert len(rows(stage)) == 1


def test_submitted_twice_it_starts_once(stage: Stage) -> None:
    hands = opened(stage, ANA, stage.answer(ANA, "/playbook", "start low-adoption globex"), "Start…")
    view = hands.modal
    stage.after(ANA, lambda h: h.submit({"why": "x"}, view=view))
    stage.after(ANA, lambda h: h.submit({"why": "x"}, view=view))
    assert len(rows(stage)) == 1


def test_stopping_needs_a_written_result(stage: Stage) -> None:
    started(stage)
    hands = opened(stage, ANA, stage.answer(ANA, "/playbook", "stop low-adoption globex"), "Stop…")
    assert "skipped" in hands.modal.plain
    assert not hands.submit({"result": "missed", "note": " "}).ok
    said = stage.after(ANA, lambda h: h.submit({"result": "missed", "note": "Habit: nobody had the time"}))
    assert "ended on Globex" in said.text
    (play,) = rows(stage)
    assert (play["status"], play["result"], play["note"]) == ("stopped", "missed", "Habit: nobody had the time")
    assert {task["status"] for task in rows(stage, tasks)} == {"skipped"}


def test_it_pauses_and_goes_on(stage: Stage) -> None:
    started(stage)
    opened(stage, ANA, stage.answer(ANA, "/playbook", "pause low-adoption globex"), "Pause…")
    stage.after(ANA, lambda h: h.submit({}))
    assert rows(stage)[0]["status"] == "paused"
    opened(stage, ANA, stage.answer(ANA, "/playbook", "resume low-adoption globex"), "Go on…")
    stage.after(ANA, lambda h: h.submit({}))
    assert rows(stage)[0]["status"] == "running"


def test_a_wave_starts_whom_the_hours_allow_and_the_draw_keeps_some_out(stage: Stage) -> None:
    said = stage.answer(SOFIA, "/playbook", "show at-risk-rescue all")
    hands = opened(stage, SOFIA, said, next(b for b in said.buttons if b.startswith("Iniciar con las primeras")))
    assert "Inician ahora" in hands.modal.plain
    stage.after(SOFIA, lambda h: h.submit({}))
    made = rows(stage)
    assert {play["status"] for play in made} <= {"running", "waiting", "held_out"}
    assert {play["assigned"] for play in made} <= {"hold_out", "capacity"}
    with stage.desk.database.transaction() as tx:
        of_running = tx.execute(select(func.count(func.distinct(tasks.c.play_id)))).scalar_one()
    assert of_running == sum(play["status"] == "running" for play in made) > 0


def test_who_may_only_read_starts_nothing(stage: Stage) -> None:
    said = stage.answer(VIC, "/playbook", "start low-adoption globex")
    refused = stage.after(VIC, lambda hands: hands.click(said, text="Start…"))
    assert "read and not write" in refused.plain
    assert not rows(stage)


def test_a_start_asked_at_the_terminal_awaits_its_click(counter: Counter) -> None:
    said = counter.asked("playbook start low-adoption globex")
    assert said.pending


def test_an_unknown_playbook_is_refused_with_the_nearest(counter: Counter) -> None:
    said = counter.asked("playbook show low-adopton")
    assert not said.answered
    assert said.offered == ("playbook show low-adoption",)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("playbook show low-adoption segment:smbb", "playbook show low-adoption segment:smb"),
        ("playbook plays segmento:smbb", "playbook plays segmento:smb"),
        ("playbook effect low-adoption tier:11", "playbook effect low-adoption tier:1"),
        ("risks band:redd team", "risks band:red team"),
    ],
)
def test_a_scope_that_is_mistyped_is_offered_put_right(counter: Counter, typed: str, offered: str) -> None:
    said = counter.asked(typed)
    assert not said.answered
    assert said.offered[:1] == (offered,)
    assert counter.asked(offered).answered


def test_a_result_is_reached_when_somebody_says_so_and_can_be_taken_back(stage: Stage) -> None:
    started(stage, "start quarterly-review globex")
    opened(stage, ANA, stage.answer(ANA, "/playbook", "plays quarterly-review"), "Goal reached…")
    said = stage.after(ANA, lambda hands: hands.submit({}))
    assert "is reached" in said.text
    shown = stage.answer(ANA, "/playbook", "plays quarterly-review")
    assert "reached · due" in shown.plain
    assert "Goal reached…" not in shown.buttons
    stage.slack.as_user(ANA).click(said, text="Undo")
    (play,) = rows(stage)
    kept = select(goals.c.current, goals.c.achieved_on).where(goals.c.goal_id == play["goal_id"])

    def as_it_was() -> bool:
        with stage.desk.database.transaction() as tx:
            return tx.execute(kept).one() == (0, None)

    stage.slack.wait(as_it_was)


def test_the_effect_is_a_click_away_and_what_a_csm_chose_cannot_be_told(stage: Stage) -> None:
    started(stage)
    shown = stage.answer(ANA, "/playbook", "show low-adoption")
    said = stage.after(ANA, lambda hands: hands.click(shown, text="Its effect"))
    assert "Cannot tell: a CSM chose every start" in said.plain
    assert "1 account started" in said.plain
    assert "Before and after is never shown" in said.plain
