"""bot.py doctor says what is wrong and how to mend it, and is silent where all is well."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, text, update

import bot
from handlers.verbs import doctor_data, doctor_slack, doctor_verb
from handlers.verbs.doctor import Surroundings
from handlers.verbs.doctor_findings import MENDS, SAID
from playground import Playground
from storage.append_only import release
from storage.database import Database
from storage.tables import changes, jobs, outbox, people, scores, sources, subscriptions
from tests.stage import TODAY, Counter, settings

NOW = datetime.combine(TODAY, time(12), UTC)


@pytest.fixture
def slack() -> Iterator[Playground]:
    with Playground(people=[], manifest=bot.yaml.safe_load(bot.MANIFEST.read_text(encoding="utf-8"))) as slack:
        yield slack


@pytest.fixture
def at(sample_database: Database, slack: Playground) -> Surroundings:
    """All is well: people are linked, what arrived is of today, a rate for each currency."""
    Path(sample_database.url.removeprefix("sqlite:///")).chmod(0o600)
    with sample_database.changing() as tx:
        tx.execute(update(sources).values(arrived_at=NOW))
        tx.execute(update(people).values(slack_id="U0" + people.c.email))
    return surroundings(bot.boxed(settings(sample_database), slack))


def surroundings(chosen: bot.Settings) -> Surroundings:
    from dataclasses import replace

    return replace(bot.surroundings(chosen), clock=lambda: NOW)


def run(at: Surroundings, *arguments: str) -> Result:
    return CliRunner().invoke(doctor_verb.verb(lambda: at), arguments)


def wrong(at: Surroundings) -> list[str]:
    said = json.loads(run(at, "--json").stdout)
    return [check["code"] for check in said["checks"] if check["state"] != "ok"]


def test_all_is_well(at: Surroundings) -> None:
    done = run(at)
    assert done.exit_code == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "All is well."
    assert run(at, "--lang", "es").stdout.splitlines()[-1] == "Todo está bien."


BREAKS: dict[str, Callable] = {
    "never_scored": lambda tx: tx.execute(delete(scores)),
    "score_old": lambda tx: tx.execute(delete(scores).where(scores.c.day >= TODAY - timedelta(1))),
    "nothing_imported": lambda tx: tx.execute(delete(sources)),
    "sources_stopped": lambda tx: tx.execute(
        update(sources).where(sources.c.name == "usage").values(arrived_at=NOW - timedelta(8))
    ),
    "no_admin": lambda tx: tx.execute(update(people).where(people.c.role == "admin").values(role="csm")),
    "nobody": lambda tx: tx.execute(delete(people)),
    "managers_unknown": lambda tx: tx.execute(
        update(people).where(people.c.email == "ana@example.com").values(manager="gone@example.com")
    ),
    "unlinked": lambda tx: tx.execute(update(people).where(people.c.email == "ana@example.com").values(slack_id=None)),
    "room_barred": lambda tx: tx.execute(
        update(people).where(people.c.email == "ana@example.com").values(digest_channel="C0VANISHED")
    ),
    "zone_unknown": lambda tx: tx.execute(
        update(people).where(people.c.email == "ana@example.com").values(time_zone="Mars/Olympus")
    ),
    "rates_missing": lambda tx: tx.execute(update(subscriptions).values(currency="ZAR")),
    "job_failed": lambda tx: job(tx, NOW + timedelta(minutes=10), error="KeyError"),
    "jobs_late": lambda tx: job(tx, NOW - timedelta(hours=2)),
    "parked": lambda tx: message(tx, "parked", error="channel_not_found"),
    "outbox_old": lambda tx: message(tx, "queued"),
    "tampered": lambda tx: tamper(tx),  # noqa: PLW0108  defined below
}


def job(tx, due_at: datetime, **more: str) -> None:
    tx.execute(jobs.insert().values(name="evaluate", due_at=due_at, **more))


def message(tx, status: str, **more: str) -> None:
    row = {"key": "k", "kind": "digest", "person": "ana@example.com", "told_on": TODAY, "content": {}, "attempts": 0}
    tx.execute(outbox.insert().values(**row, due_at=NOW - timedelta(hours=2), status=status, **more))


def tamper(tx) -> None:
    row = {"who": "x", "at": NOW, "origin": "modal", "entity": "people", "entity_key": "x", "previous_hash": ""}
    tx.execute(changes.insert().values(**row, hash="not what it should be"))
    release(tx, "changes")


@pytest.mark.parametrize(("code", "break_it"), BREAKS.items(), ids=BREAKS)
def test_each_thing_that_is_wrong_is_named_with_its_mending(
    at: Surroundings, sample_database: Database, code: str, break_it: Callable
) -> None:
    with sample_database.changing() as tx:
        break_it(tx)
    assert wrong(at) == [code]
    look = {"managers_unknown", "unlinked", "sources_stopped", "jobs_late", "room_barred"}
    assert run(at).exit_code == (0 if code in look else 1)


def test_slack(at: Surroundings, slack: Playground) -> None:
    from dataclasses import replace

    assert wrong(replace(at, bot_token="")) == ["no_bot_token"]
    assert wrong(replace(at, bot_token="xoxb-wrong")) == ["slack_refuses"]
    assert wrong(replace(at, signing_secret="")) == ["no_signing_secret"]
    assert wrong(replace(at, app_token="xapp-wrong")) == ["app_token_refused"]
    assert wrong(replace(at, app_token=slack.app_token)) == []
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write", "canvases:write"]}}}
    assert wrong(replace(at, manifest=manifest)) == ["scopes_missing"]
    (told,) = doctor_slack._clock("Sun, 22 Nov 2026 12:00:00 GMT", datetime(2026, 11, 22, 12, 6, tzinfo=UTC))
    assert (told.code, told.params) == ("clock_wrong", {"seconds": 360})
    nobody = bot.client(bot.Settings(_env_file=None, slack_api_url="http://127.0.0.1:9/api/"), "xoxb-1")
    assert wrong(replace(at, client=lambda _token: nobody)) == ["slack_silent"]


def test_policy_and_playbooks(at: Surroundings, tmp_path: Path) -> None:
    from dataclasses import replace

    policy, playbooks = tmp_path / "policy.yaml", tmp_path / "playbooks"
    playbooks.mkdir()
    (playbooks / "mine.yaml").write_text("kpi: nonsense", encoding="utf-8")
    policy.write_text("currency: dollars\ngrace: 7\n", encoding="utf-8")
    assert {"policy_wrong"} < set(wrong(replace(at, policy=policy)))
    assert "playbook_wrong" in wrong(replace(at, playbooks=playbooks))
    assert "policy_missing" in wrong(replace(at, policy=tmp_path / "gone.yaml", policy_asked=True))


def test_the_database(at: Surroundings, tmp_path: Path, sample_database: Database, monkeypatch) -> None:
    from dataclasses import replace

    assert wrong(replace(at, database_url=f"sqlite:///{tmp_path}/gone.db")) == ["no_database"]
    assert not (tmp_path / "gone.db").exists(), "a doctor makes nothing"
    (tmp_path / "torn.db").write_bytes(b"no database at all" * 400)
    (tmp_path / "torn.db").chmod(0o600)
    assert wrong(replace(at, database_url=f"sqlite:///{tmp_path}/torn.db")) == ["damaged"]
    for address in ("nonsense", "mysql://me:hunter2@host/x", "elsewhere://host"):
        assert wrong(replace(at, database_url=address)) == ["not_an_address"]
    unreachable = replace(at, database_url="postgresql://me:hunter2@127.0.0.1:9/x")
    assert wrong(unreachable) == ["unreachable"]
    assert "hunter2" not in run(unreachable).stdout + repr(unreachable)
    Path(sample_database.url.removeprefix("sqlite:///")).chmod(0o644)
    assert wrong(at) == ["world_readable"]
    monkeypatch.setattr(doctor_data, "LITTLE_MB", 1 << 40)
    assert wrong(at) == ["world_readable", "disk_full"]
    with sample_database.changing() as tx:
        tx.execute(text("update alembic_version set version_num = '0000'"))
    assert "not_migrated" in wrong(at)


def test_on_postgresql(postgres_database: Database, at: Surroundings) -> None:
    from dataclasses import replace

    assert set(wrong(replace(at, database_url=postgres_database.url))) == {"never_scored", "nothing_imported", "nobody"}


def test_what_is_wrong_is_always_told_with_its_mending(counter: Counter) -> None:
    fine = {code for code in SAID if code.endswith("_fine")} | {"policy_default", "by_socket", "by_http"}
    assert set(MENDS) == set(SAID) - fine
