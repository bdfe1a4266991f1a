"""The database keeps nothing that opens a door: after a whole story no cell holds a token or an address to answer."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

from slack_sdk import WebClient
from sqlalchemy import select

from handlers.delivery import digest_plan, jobs
from handlers.delivery.delivery import run
from handlers.delivery.office import Office
from handlers.slack.doors import Doors
from playground import Fault
from storage.database import Database
from storage.delivery import jobs as rows
from storage.tables import metadata
from tests.stage import Stage

ANA = "ana@example.com"
SECRET = re.compile(r"xox[a-z]-|xapp-|hooks\.slack|/commands/|response_url|trigger_id|hunter2", re.IGNORECASE)


def told(stage: Stage) -> None:
    """What a day brings: answers, forms, a file, a digest, an error that names an address, what was refused."""
    stage.answer(ANA, "/health", "acme")
    stage.answer(ANA, "/cs", "who has the blue logo")
    stage.answer("gail@acme.example", "/health", "acme")
    hands = stage.slack.as_user(ANA)
    said = stage.answer(ANA, "/cs", "digest-settings")
    hands.click(said, text="Settings…")
    stage.slack.wait(lambda: hands.modal)
    stage.after(ANA, lambda h: h.submit({"place": "there", "channel": "C0SUCCESS"}))
    stage.answer(ANA, "/log", "acme they liked it")
    stage.answer(ANA, "/export", "plan acme")
    stage.after(ANA, lambda h: h.upload("plan.xlsx", b"no workbook"))


def delivered(stage: Stage) -> None:
    nine = replace(stage.desk, clock=lambda: datetime(2026, 11, 23, 18, tzinfo=UTC))
    digest_plan.plan(nine)
    line = WebClient(token=stage.slack.bot_token, base_url=stage.slack.api_url, timeout=5, retry_handlers=[])
    stage.failing.add("chat.postMessage")
    stage.slack.fail_next("chat.postMessage", Fault(error="channel_not_found"))
    office = Office(nine, Doors(), line, digest_plan.RENDER)
    run(office)

    def fails(_office: Office) -> None:
        raise OSError("postgresql://apuntador:hunter2@db.internal does not answer")

    table = {"fails": jobs.Job(fails, jobs.daily(5))}
    assert jobs.tick(office, table, "tests") == []
    with nine.database.changing() as tx:
        rows.bring_forward(tx, "fails", to=nine.clock())
    assert jobs.tick(office, table, "tests") == ["fails"]


def cells(database: Database) -> list[tuple[str, str]]:
    with database.transaction() as tx:
        return [
            (f"{table.name}.{name}", value if isinstance(value, str) else json.dumps(value, default=str))
            for table in metadata.sorted_tables
            for row in tx.execute(select(table)).mappings()
            for name, value in row.items()
            if value is not None
        ]


def test_no_column_holds_a_secret(stage: Stage) -> None:
    told(stage)
    delivered(stage)
    found = cells(stage.desk.database)
    secrets = (stage.slack.bot_token, stage.slack.app_token, stage.slack.signing_secret)
    leaked = {where for where, said in found if SECRET.search(said) or any(secret in said for secret in secrets)}
    assert not leaked
    held = {where.partition(".")[0] for where, _ in found}
    assert {"outbox", "changes", "heard", "frames", "questions", "exports", "people"} <= held, "the story was told"
