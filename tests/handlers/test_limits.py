"""Slack's limits, and its signs for mentions and links, hold for any data."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import bot
from handlers.answers import answer
from handlers.terminal import OPERATOR
from handlers.verbs import scoring
from playground.limits import message_faults
from storage.database import Database
from storage.importing import imports
from tests.stage import TODAY, Counter, raised, settings
from words import Words

HOSTILE = "<!channel> & *bold* `code` ~no~ _so_ <@U0ANA> <https://evil.example|click> :tada: @here\nsecond line "
NAMES = {
    "long": "Wide " * 100,
    "hostile": HOSTILE * 4,
    "rtl": "חברת \u202eהדוגמה\u202c בע״מ",
    "emoji": "👩‍👩‍👧‍👦 Família 🏳️‍🌈 " * 12,
    "cjk": "株式会社" * 120,
    "bare": "***",
}
OTHERS = ("luis", "marta", "ben", "chloe", "sofia", "tom", "vic")
OWNER = {"csm": "ana@example.com"}


def rows() -> dict[str, list[dict[str, object]]]:
    people = [{"email": "ana@example.com", "name": "Ana " + HOSTILE, "role": "csm"},
              *({"email": f"{name}@example.com", "name": name, "role": "csm"} for name in OTHERS)]  # fmt: skip
    accounts = [{"account_id": key, "name": name.strip(), "segment": HOSTILE[:60], "x_note": name.strip()[:500]} | OWNER
                for key, name in NAMES.items()]  # fmt: skip
    accounts += [{"account_id": f"child-{n}", "name": f"Child {n} {HOSTILE}", "parent_id": "hostile"} | OWNER
                 for n in range(100)]  # fmt: skip
    accounts += [{"account_id": "k" * 120, "name": "Long key"} | OWNER]
    subscriptions = [
        {"subscription_id": f"s{n}", "account_id": account["account_id"], "product": f"P{m} <!here>" + "x" * 60,
         "starts_on": TODAY - timedelta(300), "ends_on": TODAY + timedelta(n % 80), "arr": 999_999_999 + n,
         "currency": "USD", "seats": 10, "term_months": 12, "auto_renew": "true", "notice_days": 5}
        for m in range(4) for n, account in enumerate(accounts, start=m * 1000)
    ]  # fmt: skip
    contacts = [{"contact_id": f"c{n}", "account_id": "hostile", "name": HOSTILE + str(n), "department": HOSTILE,
                 "role": "user"} for n in range(300)]  # fmt: skip
    outcomes = [{"outcome_id": f"o{n}", "account_id": "hostile", "contact_id": f"c{n}", "statement": HOSTILE * 5,
                 "target": 9, "current": 1, "due_on": TODAY + timedelta(n)} for n in range(60)]  # fmt: skip
    tickets = [{"ticket_id": f"<!channel>{n}", "account_id": "hostile", "severity": "critical", "escalated": "true",
                "category": "<@U0ANA>", "opened_at": TODAY - timedelta(n)} for n in range(60)]  # fmt: skip
    return {"people": people, "accounts": accounts, "subscriptions": subscriptions, "contacts": contacts,
            "outcomes": outcomes, "tickets": tickets}  # fmt: skip


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Database:
    folder: Path = tmp_path_factory.mktemp("crowded")
    for name, lines in rows().items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            headers = list(dict.fromkeys(key for line in lines for key in line))
            writer = csv.DictWriter(file, headers)
            writer.writeheader()
            writer.writerows(lines)
    database = Database(f"sqlite:///{folder / 'crowded.db'}")
    at = bot.desk(settings(database), TODAY)
    bot.terminal.prepare(at.database)
    now = datetime.now(UTC)
    report = imports.run(at.database, [folder], policy=at.policy, who="tests", now=now, today=TODAY)
    assert report.ok, [file for file in report.files if file.refused or file.error]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scoring, "READINGS_OF_HISTORY", 10_000)  # five days instead of a year's
        scoring.score(at.database, at.policy, day=TODAY)
    at.database.close()
    database.close()
    return database


@pytest.fixture
def counter(crowded: Database) -> Iterator[Counter]:
    desk = bot.desk(settings(crowded), TODAY)
    yield Counter(desk)
    desk.exports.shutdown()
    desk.database.close()


QUESTIONS = [
    "health", "renewals 90d", "renewals 90d page:40", "renewals 90d page:41", "risks", "risks page:2", "help", "help x",
    "health child", *(f"{word} {key}" for word in ("health", "account", "journey", "outcomes", "touch", "sentiment",
                                                        "export plan")
                      for key in (*NAMES, "k" * 120)),
    *(f"health {key} {more}" for key in NAMES for more in ("factors", "history")),
    *(f"health {name.strip()}" for name in NAMES.values()), f"health {HOSTILE}", f"renewals {HOSTILE}",
    f"renewals csm:{HOSTILE}", f"renewals segment:{HOSTILE}", HOSTILE, f"help {HOSTILE}", f"export {HOSTILE}",
    "x" * 40_000, "health " + "x" * 1990, "cs " * 13_000, "health " + "aé1 " * 480, "renewals " + "x_a:1 " * 330,
    "health\nhostile", "/cs\thealth hostile", "²", "health after:red,1,99999999999999999999", "renewals page:²",
    "health after:nonsense,1,2", "journey", "journey stage:adopt", "journey stage:adopt page:40", "journey page:²",
    f"journey segment:{HOSTILE}", f"journey funnel {HOSTILE}", "journey funnel month", "journey " + "x_a:1 " * 330,
    *(f"account {key} features" for key in NAMES),
    "\u0000", "", " ", "/", "cs cs cs", "health '; drop table accounts; --", "health %", "health _", "health \\",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_answer_breaks_a_limit_of_slack(counter: Counter, language: str) -> None:
    for question in QUESTIONS:
        reply = counter.asked(question, lang=language)
        blocks = json.loads(json.dumps(reply.blocks))
        assert not message_faults(blocks), question[:80]
        assert reply.text.strip(), question[:80]
        assert len(reply.text) < 4000
        for block in blocks:
            for text in re.findall(r'"type": "mrkdwn", "text": "((?:[^"\\]|\\.)*)"', json.dumps(block)):
                assert "<" not in text, text
                assert ">" not in text, text
                assert "\\u202e" not in text, text
            assert '"text": " "' not in json.dumps(block), question[:80]


@pytest.mark.parametrize("language", ["en", "es"])
def test_forms_hold_any_account(counter: Counter, language: str) -> None:
    from handlers.ask import Ask
    from playground.arguments import check_view
    from words import Words

    for word in ("touch", "sentiment", "renewal-call", "outcome", "experience"):
        form = counter.desk.capabilities[word].form
        for key in NAMES:
            ask = Ask(counter.desk, counter.person("ana@example.com"), Words(language), key, word)
            check_view(json.loads(json.dumps({**form.view(ask), "private_metadata": json.dumps({"about": key})})))


def test_every_renewal_can_be_paged_to(counter: Counter) -> None:
    """More than 400 end in the period: the first 400 are listed once, and the last page says so."""
    seen, question = [], "renewals 90d"
    for _ in range(60):
        reply = counter.asked(question)
        seen += [json.dumps(block["text"]) for block in reply.blocks[2:] if block["type"] == "section"]
        buttons = [e for b in reply.blocks if b["type"] == "actions" for e in b["elements"]]
        following = [e["value"] for e in buttons if e["action_id"].startswith("turn")]
        if not following:
            break
        (question,) = following
    assert len(seen) == len(set(seen)) == 400
    assert "Only the first 400 are listed" in json.dumps(reply.blocks)
    assert re.fullmatch(r"4\d\d renewals", reply.text)


def test_the_workbook_of_the_crowded_account_is_made(counter: Counter) -> None:
    reply = counter.asked("export plan hostile")
    assert reply.files[0].build().startswith(b"PK")
    assert not re.search(r"[<>/\\\n]", reply.files[0].name)


def test_slack_takes_it_all_and_nothing_becomes_a_mention(crowded: Database) -> None:
    with raised(crowded) as stage:
        for text in (
            "health hostile",
            "account hostile",
            "renewals 90d",
            "risks",
            "health emoji",
            "health rtl",
            HOSTILE,
        ):
            said = stage.after("ana@example.com", lambda h, text=text: h.command("/cs", text))
            assert said.text
        said = stage.after("ana@example.com", lambda h: h.say("x" * 40_000))
        assert "2,000" in said.plain
        card = stage.answer("ana@example.com", "/health", "hostile")
        ana = stage.slack.as_user("ana@example.com")
        ana.click(card, text="Log a touch")
        stage.slack.wait(lambda: ana.modal)
        stage.after("ana@example.com", lambda h: h.submit({"subject": HOSTILE[:190].replace("\n", " ")}))
        stage.answer("ana@example.com", "/account", "hostile")
        stage.answer("ana@example.com", "/export", "plan hostile")
        stage.slack.wait(lambda: stage.slack.files("U0ANA"))
        for request in stage.slack.requests:
            if request.method in {"ack", "response_url", "chat.postMessage"}:
                assert not re.search(r"<[!@#h]", json.dumps(request.args)), request.args


def test_a_sign_that_postgresql_cannot_hold_is_no_failure(postgres_database: Database) -> None:
    desk = bot.desk(settings(postgres_database), TODAY)
    for question in ("health a\0b", "health crm:\0", "risks segment:\0"):
        assert answer(desk, OPERATOR, Words("en"), question)[1].text
    desk.exports.shutdown()
    desk.database.close()
