"""Waves of a playbook, and the room that a start makes between plays."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

import bot
from handlers.ask import Ask, Refused
from handlers.playbooks import play_start, play_wave
from storage.database import Database
from storage.tables import plays, tasks
from tests.stage import TODAY, Counter, Stage, read, settings
from words import Words

SOFIA, ANA = "sofia@example.com", "ana@example.com"


@pytest.fixture
def later(sample_database: Database) -> Iterator[Counter]:
    """The day after."""
    desk = bot.desk(settings(sample_database), TODAY + timedelta(1))
    yield Counter(desk)
    desk.exports.shutdown()
    desk.database.close()


def asking(counter: Counter, text: str, gesture: str = "V1") -> Ask:
    return Ask(counter.desk, counter.person(SOFIA), Words("en"), text, token=gesture)


def started(counter: Counter, gesture: str = "V1", why: str = "") -> str:
    return play_wave.save(asking(counter, "low-adoption all", gesture), why).text


def rows(counter: Counter, table=plays) -> list[dict]:
    with counter.desk.database.transaction() as tx:
        return [dict(row) for row in tx.execute(select(table)).mappings()]


def few(counter: Counter) -> None:
    """Two accounts a wave, nobody left out: so that there is a second one."""
    shelf = counter.desk.playbooks
    book = shelf.playbooks["low-adoption"]
    clients = book.clients.model_copy(update={"wave": 2})
    shelf.playbooks["low-adoption"] = book.model_copy(update={"clients": clients})


def test_a_second_wave_is_the_second_and_both_are_told_of(counter: Counter, later: Counter) -> None:
    few(counter)
    few(later)
    assert "wave 1" in started(counter, why="The pilot")
    assert "wave 2" in started(later, "V2")
    made = sorted((play["wave"], play["started_on"]) for play in rows(later) if play["started_on"])
    assert made == [(1, TODAY)] * 2 + [(2, TODAY + timedelta(1))] * 2
    assert {play["reason"] for play in rows(later) if play["wave"] == 1} == {"The pilot"}
    for asked in ("playbook show low-adoption all", "playbook plays low-adoption all", "playbook effect low-adoption"):
        told = "\n".join(read(later.asked(asked, by=SOFIA)))
        assert told.index("Wave 2, 24 Nov 2026: 2 accounts") < told.index("Wave 1, 23 Nov 2026: 2 accounts"), asked


def test_sent_twice_it_is_one_wave(counter: Counter) -> None:
    few(counter)
    started(counter)
    with pytest.raises(Refused, match="already"):
        started(counter)
    assert len(rows(counter)) == 2


def test_a_wave_that_fits_nobody_says_why_and_what_to_do(counter: Counter) -> None:
    with pytest.raises(Refused) as refused:
        play_wave.view(asking(counter, "win-back mine"))
    said = "\n".join(read(refused.value.reply))
    assert "fits nobody here" in said
    assert "looked at" in said
    assert refused.value.reply.offered == ("playbook show win-back all",)
    shown = "\n".join(read(counter.asked("playbook show win-back", by=ANA)))
    assert "come back, or start it on one account" in shown


def test_a_wave_without_hours_says_so(counter: Counter) -> None:
    with counter.desk.database.changing() as tx:
        tx.exec_driver_sql("update people set capacity_hours = 0")
    said = play_wave.save(asking(counter, "low-adoption all"), "")
    assert "starts on nobody" in said.text
    assert "no hours free" in "\n".join(read(said))


def test_a_start_shows_what_moves_for_it_moves_it_and_is_taken_back_whole(on_stage: Stage) -> None:
    hands = on_stage.slack.as_user(ANA)
    offered = on_stage.answer(ANA, "/playbook", "start champion-left acme")
    assert "so that nobody hears from us too often" in offered.plain
    assert "Alice Novak hears from “Quarterly review” on Fri 27" in offered.plain
    hands.click(offered, text="Start…")
    on_stage.slack.wait(lambda: hands.modal)
    assert "so that nobody hears from us too often" in hands.modal.plain
    said = on_stage.after(ANA, lambda h: h.submit({}))
    assert "Tue 1 → 4 Dec" in said.plain


def test_what_another_play_yields_is_written_and_undone_with_the_start(prompter: Counter) -> None:
    """The front stage of a rescue goes first."""
    before = {task["task_id"]: task["due_on"] for task in rows(prompter, tasks)}
    text = "at-risk-rescue alimentos-dona-elvira"
    made = play_start.save(asking(prompter, text, "V7"), play_start.Entered("They asked", None, None, None))
    now = {task["task_id"]: task["due_on"] for task in rows(prompter, tasks)}
    moved = {name for name, day in before.items() if now[name] != day}
    assert moved
    assert "Low adoption, Result to the sponsor" in "\n".join(read(made))
    undo = re.search(r"undo \d+", str(made.blocks))
    assert undo
    assert "Taken back" in prompter.asked(undo[0], by=SOFIA).text
    assert {task["task_id"]: task["due_on"] for task in rows(prompter, tasks)} == before


def test_a_day_that_cannot_move_asks_for_a_reason(prompter: Counter) -> None:
    view = play_start.view(asking(prompter, "renewal-120 acme"))
    said = str(view)
    assert "F2 stays on 1 Dec, and “Quarterly review” speaks to the same person" in said
    why = next(block for block in view["blocks"] if block.get("block_id") == "why")
    assert not why.get("optional")
