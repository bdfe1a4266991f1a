"""What Prometheus reads: words and outcomes, ages, refusals; no name of anybody. And how much one person may ask."""

import re
from datetime import timedelta
from urllib.request import urlopen

import pytest
from prometheus_client import generate_latest
from sqlalchemy import insert, select

from domain.policies.policy_limits import LimitsPolicy
from handlers.scrapes import State, publish
from handlers.slack.pace import Pace
from storage.tables import accounts, outbox, people
from tests.stage import TODAY, Counter, Stage, raised


def scraped(stage: Stage | Counter) -> dict[str, float]:
    said = generate_latest(stage.desk.figures.registry).decode()
    lines = (line.rpartition(" ") for line in said.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_commands_by_word_and_outcome_and_refusals_by_reason(stage: Stage) -> None:
    stage.answer("ana@example.com", "/health", "acme")
    stage.answer("ana@example.com", "/cs", "health acme")
    stage.answer("ana@example.com", "/cs", "hleath acme")
    stage.answer("ana@example.com", "/health", "x" * 3000)
    stage.answer("gail@acme.example", "/health", "acme")
    stage.answer("ana@example.com", "/health", "acme", channel="C0ACME")
    card = stage.answer("vic@example.com", "/health", "acme")
    stage.after("vic@example.com", lambda hands: hands.click(card, text="Log a touch"))
    found = scraped(stage)
    assert found['apuntador_commands_total{command="health",outcome="answered"}'] == 3
    assert found['apuntador_commands_total{command="unknown",outcome="refused"}'] == 2
    reasons = {re.search('"(.*)"', name)[1]: n for name, n in found.items() if name.startswith("apuntador_refused_tot")}
    assert reasons == {"not_understood": 1, "too_long": 1, "outsider": 1, "outsiders_read": 1, "role": 1}
    assert found['apuntador_command_seconds_count{command="health"}'] == 5


def test_what_waits_and_how_fresh_it_is_over_http(counter: Counter) -> None:
    desk = counter.desk
    with desk.database.changing() as tx:
        waits = {"kind": "digest", "person": "ana@example.com", "told_on": TODAY, "content": {}, "status": "queued"}
        tx.execute(insert(outbox).values(key="k", due_at=desk.clock() - timedelta(minutes=3), attempts=0, **waits))
    stop = publish(desk, "127.0.0.1", port := free_port())
    try:
        said = urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30).read().decode()
    finally:
        stop()
    found = dict(line.rsplit(" ", 1) for line in said.splitlines() if not line.startswith("#"))
    assert float(found["apuntador_outbox_oldest_seconds"]) == 180
    assert float(found['apuntador_outbox_messages{state="queued"}']) == 1
    assert float(found["apuntador_score_age_days"]) == 0
    assert float(found['apuntador_source_age_seconds{source="accounts"}']) > 0
    assert float(found["apuntador_database_up"]) == 1


def free_port() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_database_that_does_not_answer_is_a_figure_too(counter: Counter, tmp_path) -> None:
    from dataclasses import replace

    from storage.database import Database

    gone = replace(counter.desk, database=Database(f"sqlite:///{tmp_path}/nowhere/x.db"))
    assert [(family.name, family.samples[0].value) for family in State(gone).collect()] == [
        ("apuntador_database_up", 0)
    ]


def test_no_label_names_anybody(stage: Stage) -> None:
    for text in ("Acme Corp", "Acme", "ana@example.com", "zzz"):
        stage.answer("ana@example.com", "/health", text)
    stage.answer("ana@example.com", "/cs", "Acme Corp")
    stage.desk.figures.registry.register(State(stage.desk))
    said = generate_latest(stage.desk.figures.registry).decode()
    with stage.desk.database.transaction() as tx:
        names = [*tx.execute(select(accounts.c.name)).scalars(), *tx.execute(select(people.c.email)).scalars(), "zzz"]
    assert not [name for name in names if name.lower() in said.lower()]


def test_a_burst_is_let_through_and_then_a_steady_number() -> None:
    now = [0.0]
    pace = Pace(LimitsPolicy(requests_a_minute=60, burst=3), now=lambda: now[0])
    assert [pace.wait("U1") for _ in range(3)] == [0, 0, 0]
    assert pace.wait("U1") == pytest.approx(1)
    assert pace.wait("U2") == 0, "another person is not held up"
    now[0] += 1
    assert [pace.wait("U1"), pace.wait("U1")] == [0, pytest.approx(1)]
    now[0] += 3600
    assert [pace.wait("U1") for _ in range(4)] == [0, 0, 0, pytest.approx(1)]


def test_who_asks_too_fast_is_told_when_to_ask_again_in_their_language(sample_database, tmp_path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("limits: {requests_a_minute: 1, burst: 2}", encoding="utf-8")
    with raised(sample_database, policy=policy) as stage:
        stage.slack.as_user("luis@example.com").speak("es")
        card = stage.answer("luis@example.com", "/health", "acme")
        said = [stage.answer("luis@example.com", "/health", "acme").plain for _ in range(2)]
        assert "Acme" in said[0]
        assert said[1].startswith("Es más de lo que puedo responder: como mucho 1 ")
        pressed = stage.after("luis@example.com", lambda hands: hands.click(card, text=card.buttons[0]))
        assert pressed.plain.startswith("Es más de lo que puedo responder")
        assert "Acme" in stage.answer("ben@example.com", "/health", "acme").plain
        assert scraped(stage)['apuntador_refused_total{reason="pace"}'] == 2
