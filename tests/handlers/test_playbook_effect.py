"""What a playbook did, told from a portfolio that was started by the draw and renewed, or not, months later."""

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

import bot
from handlers.ask import Ask, Desk
from handlers.playbooks import play_wave
from storage.database import Database
from storage.importing import imports
from storage.renewals import revenue
from storage.tables import accounts, plays, tasks
from tests.domain.plays import activity, book
from tests.stage import Counter, read, settings
from words import Words

START, ENDS, LATER = date(2026, 3, 2), date(2026, 6, 1), date(2026, 9, 1)
MANY = 60
CONTRACT = ("subscription_id", "account_id", "product", "starts_on", "ends_on", "arr", "currency", "term_months")


def keep(share: float = 0.5, wave: int = 200) -> dict[str, object]:
    """A playbook for whose contract ends soon, started by the draw."""
    made = book(
        activity("B1", "D+1", hours=0.1),
        activity("F1", "D+3", needs=("B1",), hours=0.1),
        name="keep",
        title={"en": "Keep them", "es": "Que se queden"},
        kpi={"name": "renewal-rate", "moves": "up"},
        clients={"any": [{"when": {"end_days": {"at_most": 120}}}], "wave": wave, "hold_out": {"share": share}},
        goal={
            "measure": "result",
            "statement": {"en": "Stays", "es": "Sigue"},
            "target": {"done": True},
            "due": "D+90",
        },
    )
    return made.model_dump(mode="json", exclude_unset=True)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "keep.yaml").write_text(yaml.safe_dump(keep()), encoding="utf-8")
    return tmp_path


@contextmanager
def on(database: Database, shelf: Path, day: date) -> Iterator[Desk]:
    desk = bot.desk(settings(database, playbooks=shelf / "playbooks"), day)
    yield desk
    desk.exports.shutdown()
    desk.database.close()


def bring(desk: Desk, shelf: Path, **files: Iterable[dict[str, object]]) -> None:
    """Import files on the desk's day."""
    for name, rows in files.items():
        held = list(rows)
        with (shelf / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(held[0]))
            writer.writeheader()
            writer.writerows(held)
    given = [shelf / f"{name}.csv" for name in files]
    now = datetime(desk.today.year, desk.today.month, desk.today.day, tzinfo=UTC)
    report = imports.run(desk.database, given, policy=desk.policy, who="tests", now=now, today=desk.today)
    assert report.ok, report
    with desk.database.changing() as tx:
        revenue.rebuild(tx, 1, 999, grace_days=desk.policy.grace_days, currency=desk.policy.currency)


def contract(number: int, starts_on: date) -> dict[str, object]:
    row = (f"S{number}", f"a{number}", "Core", starts_on, starts_on.replace(year=starts_on.year + 1), 12000, "USD", 12)
    return dict(zip(CONTRACT, row, strict=True))


def portfolio(desk: Desk, shelf: Path, many: int = MANY) -> None:
    ana = {"email": "ana@example.com", "name": "Ana", "role": "lead", "function": "csm", "capacity_hours": 40}
    bring(
        desk, shelf,
        people=[ana],
        accounts=[
            {"account_id": f"a{n}", "name": f"Account {n}", "csm": "ana@example.com", "tier": 3} for n in range(many)
        ],
        subscriptions=[contract(n, date(2025, 6, 1)) for n in range(many)],
    )  # fmt: skip


def wave(desk: Desk, gesture: str = "V1") -> None:
    """As the form's button starts it."""
    asked = Ask(desk, Counter(desk).person("ana@example.com"), Words("en"), "keep all", token=gesture)
    play_wave.save(asked, "")


def by_status(desk: Desk) -> dict[str, list[str]]:
    with desk.database.transaction() as tx:
        rows = tx.execute(
            select(plays.c.status, accounts.c.account_id)
            .join_from(plays, accounts, plays.c.account == accounts.c.number)
            .order_by(accounts.c.number)
        ).all()
    return {status: [name for held, name in rows if held == status] for status, _ in rows}


def renew(desk: Desk, shelf: Path, those: Iterable[str]) -> None:
    bring(desk, shelf, subscriptions=[contract(int(name[1:]), ENDS) for name in those])


def effect(desk: Desk, asked: str = "playbook effect keep", **more: str) -> str:
    return "\n".join(read(Counter(desk).asked(asked, **more)))


def treat(
    database: Database, shelf: Path, renewed: Callable[[dict[str, list[str]]], list[str]]
) -> dict[str, list[str]]:
    with on(database, shelf, START) as desk:
        portfolio(desk, shelf)
        wave(desk)
        held = by_status(desk)
    with on(database, shelf, date(2026, 5, 20)) as desk:
        renew(desk, shelf, renewed(held))
    return held


def helps(held: dict[str, list[str]]) -> list[str]:
    """Nine of ten of those that started, three of ten of those that were held out."""
    started, out = held["running"], held["held_out"]
    return [*started[: len(started) * 9 // 10], *out[: len(out) * 3 // 10]]


def test_a_playbook_that_helped_is_told_with_its_sign_and_its_interval(database: Database, shelf: Path) -> None:
    held = treat(database, shelf, helps)
    assert min(map(len, held.values())) >= 20
    with on(database, shelf, LATER) as desk:
        said = effect(desk)
        spoken = effect(desk, "playbook efecto keep", lang="es")
    assert "+" in said.split(" against those without it")[0]
    assert "It moved as it should" in said
    assert f"{len(held['running'])} accounts with it beside {len(held['held_out'])}" in said
    assert f"Starts: {len(held['running'])} by the draw" in said
    assert "the draw decided who started" in said
    assert "Adjusted for the score before and the rank in the wave" in said
    assert "intervalo" in spoken
    assert "sorteo" in spoken


def test_one_that_harmed_is_told_as_such(sqlite_database: Database, shelf: Path) -> None:
    treat(sqlite_database, shelf, lambda held: [*held["held_out"], *held["running"][:5]])
    with on(sqlite_database, shelf, LATER) as desk:
        said = effect(desk)
    assert "−" in said.split(" against those without it")[0]
    assert "It moved the wrong way" in said


def test_nothing_is_told_before_the_decisions_have_come(sqlite_database: Database, shelf: Path) -> None:
    treat(sqlite_database, shelf, helps)
    with on(sqlite_database, shelf, date(2026, 6, 10)) as desk:
        said = effect(desk)
    assert "No result is known yet" in said
    assert "The next result comes on" in said
    assert "interval" not in said


def test_what_became_known_after_the_look_changes_nothing(database: Database, shelf: Path) -> None:
    held = treat(database, shelf, helps)
    with on(database, shelf, LATER) as desk:
        before = effect(desk)
        renew(desk, shelf, held["held_out"])
        assert effect(desk) == before


def test_what_a_csm_chose_is_not_told(sqlite_database: Database, shelf: Path) -> None:
    treat(sqlite_database, shelf, helps)
    with sqlite_database.changing() as tx:
        tx.execute(plays.update().where(plays.c.status == "running").values(assigned="chosen"))
    with on(sqlite_database, shelf, LATER) as desk:
        assert "a CSM chose every start" in effect(desk)


def test_too_few_are_told_as_too_few(sqlite_database: Database, shelf: Path) -> None:
    held = treat(sqlite_database, shelf, helps)
    few = held["held_out"][:3]
    with sqlite_database.changing() as tx:
        of_few = select(accounts.c.number).where(accounts.c.account_id.in_(few))
        tx.execute(plays.delete().where(plays.c.status == "held_out", plays.c.account.not_in(of_few)))
    with on(sqlite_database, shelf, LATER) as desk:
        said = effect(desk)
    assert f"Too few to say: {len(held['running'])} started, 3 left out; 20 a side are needed" in said


def test_nobody_sees_an_effect_of_accounts_out_of_sight(sqlite_database: Database, shelf: Path) -> None:
    treat(sqlite_database, shelf, helps)
    with on(sqlite_database, shelf, LATER) as desk:
        own = replace(desk, policy=desk.policy.model_copy(update={"visibility": "own"}))
        with sqlite_database.changing() as tx:
            tx.execute(accounts.update().values(csm="cleo@example.com"))
        assert "It has not been started yet" in effect(own, "playbook effect keep mine")


def test_without_a_draw_it_is_adjusted_and_activities_are_a_hint(sqlite_database: Database, shelf: Path) -> None:
    (shelf / "playbooks" / "keep.yaml").write_text(yaml.safe_dump(keep(0.35)), encoding="utf-8")
    with on(sqlite_database, shelf, START) as desk:
        portfolio(desk, shelf, 100)
        wave(desk)
        held = by_status(desk)
    renewed = [name for name in [*held["running"], *held["held_out"]] if int(name[1:]) % 4]
    with on(sqlite_database, shelf, date(2026, 5, 20)) as desk:
        renew(desk, shelf, renewed)
    with sqlite_database.changing() as tx:
        tx.execute(plays.update().values(assigned="capacity", score_before=40 + plays.c.account % 20, potential=None))
        tx.execute(plays.update().where(plays.c.status == "held_out").values(status="waiting"))
        called = (tasks.c.activity == "F1") & (tasks.c.account % 2 == 0)
        tx.execute(tasks.update().where(called).values(status="done", done_on=START))
    (shelf / "playbooks" / "keep.yaml").write_text(yaml.safe_dump(keep(0)), encoding="utf-8")
    with on(sqlite_database, shelf, LATER) as desk:
        said = effect(desk)
    assert "It may have done nothing: the interval holds zero." in said
    assert "compared where they resemble one another" in said
    assert "Adjusted for the score before" in said
    assert "the rank was not recorded" in said
    assert "only a hint" in said
    assert "• F1: " in said


def test_the_draw_is_among_those_whose_turn_it_is(sqlite_database: Database, shelf: Path) -> None:
    """Else those that it held out would rank lower than those that started."""
    (shelf / "playbooks" / "keep.yaml").write_text(yaml.safe_dump(keep(0.3, wave=15)), encoding="utf-8")
    with on(sqlite_database, shelf, START) as desk:
        portfolio(desk, shelf)
        wave(desk)
        held = by_status(desk)
        turn = sorted(f"a{n}" for n in range(MANY))[: len(held["running"]) + len(held["held_out"])]
        assert sorted([*held["running"], *held["held_out"]]) == turn
        wave(desk, "V2")
        assert set(held["held_out"]) <= set(by_status(desk)["held_out"])
        assert not set(held["held_out"]) & set(by_status(desk)["running"])


def test_those_that_waited_are_taken_by_the_next_wave(sqlite_database: Database, shelf: Path) -> None:
    """And what they were until then stays what others are compared with."""
    lasting = keep(0, wave=20)
    (shelf / "playbooks" / "keep.yaml").write_text(yaml.safe_dump(lasting), encoding="utf-8")
    with on(sqlite_database, shelf, START) as desk:
        portfolio(desk, shelf)
        with sqlite_database.changing() as tx:
            tx.exec_driver_sql("update people set capacity_hours = 6")
        wave(desk)
        first = by_status(desk)
        assert first["running"]
        wave(desk, "V2")
        again = by_status(desk)
        assert len(again["waiting"]) == len(set(again["waiting"])), "nobody waits twice"
        assert again["running"] == first["running"], "no hours came free"
        assert f"{len(again['waiting'])} wait" in effect(desk, "playbook show keep")
    with on(sqlite_database, shelf, START.replace(day=30)) as desk:
        wave(desk, "V3")
        assert by_status(desk) == again, "work that is late still takes the hours"
        with sqlite_database.changing() as tx:
            tx.exec_driver_sql("update tasks set status = 'done'")
        wave(desk, "V4")
        now = by_status(desk)
    assert set(first["waiting"]) & set(now["running"])
    assert set(now["stopped"]) <= set(again["waiting"])
    assert not set(now["stopped"]) & set(now["waiting"])
