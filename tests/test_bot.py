"""bot.py for real: processes of its own, in front of a fake workspace, with whatever the environment holds."""

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import bot
from playground import Playground
from storage.database import Database
from tests.stage import HOUSE, TODAY, settings

HOSTILE = {
    "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "hostile", "SLACK_SCOPES": "chat:write",
    "SLACK_USER_SCOPES": "chat:write", "SLACK_INSTALL_PATH": "/slack/install", "SLACK_STATE_SECRET": "hostile",
    "SLACK_VERIFICATION_TOKEN": "hostile", "SLACK_WEBHOOK_URL": "http://127.0.0.1:1/", "SLACK_BASE_URL": "http://no/",
}  # fmt: skip


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    given = {"DATABASE_URL": f"sqlite:///{folder / 'bot.db'}", "HOST": "127.0.0.1", "PYTHONPATH": str(HOUSE)}
    return kept | given | more


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A verb in a process of its own, in an empty folder."""
    return subprocess.run(
        [sys.executable, str(HOUSE / "bot.py"), *arguments],
        cwd=folder, env=environment(folder, **more), capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextmanager
def served(slack: Playground, folder: Path, *, socket_mode: bool = False, **more: str) -> Iterator[tuple]:
    """`bot.py serve` until the block ends; the process and its port."""
    port = free_port()
    told = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": slack.bot_token, "PORT": str(port),
            "SLACK_APP_TOKEN": slack.app_token if socket_mode else "", "POLICY": str(HOUSE / "sample" / "policy.yaml"),
            "SLACK_SIGNING_SECRET": slack.signing_secret}  # fmt: skip
    log = (folder / "serve.log").open("w+")
    process = subprocess.Popen([sys.executable, str(HOUSE / "bot.py"), "serve"], cwd=folder,
                               env=environment(folder, **told | more), stderr=log, stdout=log)  # fmt: skip
    try:
        slack.wait(lambda: process.poll() is not None or status(port, "/readyz") == 200, seconds=90)
        assert process.poll() is None, (folder / "serve.log").read_text()
        slack.app_url = f"http://127.0.0.1:{port}/slack/events"
        yield process, port
    finally:
        process.kill()
        process.wait()
        log.close()


@pytest.fixture
def slack(sample_database: Database) -> Iterator[Playground]:
    at = bot.desk(settings(sample_database), TODAY)
    with bot.box(at, "en") as box:
        at.exports.shutdown()
        at.database.close()
        yield box


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_what_was_acknowledged_is_answered_before_the_end(slack, sample_database, tmp_path, socket_mode) -> None:
    """Forty commands; the order to stop comes when some are answered and most wait."""
    with served(slack, tmp_path, socket_mode=socket_mode, DATABASE_URL=sample_database.url, **HOSTILE) as (
        process,
        port,
    ):
        if socket_mode:
            slack.wait(lambda: slack.sockets.connected)
        assert (status(port, "/healthz"), status(port, "/readyz")) == (200, 200)
        assert status(port, "/slack/install") == 404, "no OAuth"
        assert status(port, "/slack/oauth_redirect") == 404
        people = [slack.as_user(f"{name}@example.com") for name in ("ana", "luis", "ben", "sofia")]
        acknowledged = []

        def ask(hands) -> None:
            acknowledged.extend(hands.command("/health", "acme").ok for _ in range(10))

        asking = [threading.Thread(target=ask, args=(hands,)) for hands in people]
        for thread in asking:
            thread.start()
        slack.wait(lambda: any("100" in m.plain for h in people for m in slack.messages(seen_by=h.person.id)))
        process.send_signal(signal.SIGTERM)
        for thread in asking:
            thread.join()
        assert process.wait(90) == 0, (tmp_path / "serve.log").read_text()
        answered = [m for h in people for m in slack.messages(seen_by=h.person.id) if " 100" in m.plain]
        assert len(acknowledged) == 40
        assert len(answered) >= sum(acknowledged) > 0, (sum(acknowledged), len(answered))
        log = (tmp_path / "serve.log").read_text()
        assert "WARNING" not in log, log
        for secret in (slack.bot_token, slack.signing_secret, slack.app_token, "hostile"):
            assert secret not in log


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["SLACK_SIGNING_SECRET"]),
        ({"SLACK_APP_TOKEN": "xapp-1"}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "signing", "DATABASE_URL": "sqlite:////nowhere/a.db"},
         ["DATABASE_URL", "/nowhere/a.db"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "signing", "DATABASE_URL": "postgresql://u:pw1234@127.0.0.1:1/"},
         ["DATABASE_URL", "127.0.0.1"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "signing", "HOST": "no.such.invalid"}, ["no.such"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_serve_says_what_it_lacks(tmp_path: Path, given: dict[str, str], said: list[str]) -> None:
    done = run(tmp_path, "serve", **given)
    assert done.returncode == 3, done.stderr
    for word in said:
        assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert "pw1234" not in done.stderr + done.stdout
    assert not done.stdout


def test_a_port_that_is_taken_and_a_token_that_is_wrong(slack, tmp_path: Path) -> None:
    given = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": "signing"}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(tmp_path, "serve", PORT=str(taken.getsockname()[1]), **given)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False), done.stderr
    done = run(tmp_path, "serve", PORT="0", SLACK_APP_TOKEN="xapp-wrong", **given)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False), done.stderr
    assert "invalid_auth" in done.stderr
    assert "xapp-wrong" not in done.stderr


def test_serve_says_that_it_is_ready_and_that_slack_does_not_take_its_token(slack, sample_database, tmp_path) -> None:
    with served(slack, tmp_path, DATABASE_URL=sample_database.url, SLACK_BOT_TOKEN="xoxb-wrong") as (_process, port):
        log = tmp_path / "serve.log"
        slack.wait(lambda: "SLACK_BOT_TOKEN: invalid_auth" in log.read_text())
        assert f"ready: {slack.api_url}, at port {port}" in log.read_text()
        assert status(port, "/readyz") == 200, "a token is not the database's matter"
        assert "xoxb-wrong" not in log.read_text()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"PORT": "many"}, "PORT"), ({"SLACK_API_URL": "https://slack.com"}, "SLACK_API_URL"),
        ({"COMMAND_NAMES": "not json"}, "COMMAND_NAMES"), ({"COMMAND_PREFIX": "with space"}, "COMMAND_PREFIX"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_settings_that_cannot_be_used(tmp_path: Path, given: dict[str, str], said: str) -> None:
    done = run(tmp_path, "ask", "/help", SLACK_BOT_TOKEN="xoxb-secret-1", **given)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "xoxb-secret" not in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    ("policy", "said"),
    [("currency: [", "policy.yaml"), ("curency: USD", "currency"), (b"\xff\xfe\x00", "policy.yaml"),
     ("visibility: none", "visibility")],
    ids=["not YAML", "unknown key", "not text", "not allowed"],
)  # fmt: skip
def test_a_policy_that_cannot_be_used(tmp_path: Path, policy: str | bytes, said: str) -> None:
    (tmp_path / "policy.yaml").write_bytes(policy if isinstance(policy, bytes) else policy.encode())
    done = run(tmp_path, "ask", "/help")
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_policy_that_is_named_and_not_there_is_said(tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "/help", POLICY="/nowhere/polcy.yaml")
    assert done.returncode == 0
    assert "/nowhere/polcy.yaml" in done.stderr
    assert run(tmp_path, "ask", "/help").stderr == ""


def test_settings_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('COMMAND_NAMES={"health": "salud"}\nSOMETHING_ELSE=1\n', encoding="utf-8")
    assert "/salud" in run(tmp_path, "ask", "/help").stdout
