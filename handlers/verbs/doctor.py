"""bot.py doctor: what is wrong, and how to mend it; nothing is changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from slack_sdk import WebClient

from domain.policies.policy import Policy, PolicyError, load
from handlers.assistant.assistant_line import Endpoint
from handlers.problems import explained
from handlers.shelf import shelf
from handlers.verbs import doctor_assistant, doctor_data, doctor_slack
from handlers.verbs.doctor_findings import MENDS, SAID, Finding, bad, good, look
from storage import people
from storage.database import Database, Unreachable
from words import Words

__all__ = ["Finding", "Surroundings", "as_json", "examine", "lines"]

SIGNS: Mapping[Literal["ok", "look", "bad"], str] = {"ok": "✓", "look": "!", "bad": "✗"}


@dataclass(frozen=True)
class Surroundings:
    """What bot.py was given; secrets are never shown."""

    database_url: str = field(repr=False)
    policy: Path
    policy_asked: bool
    playbooks: Path
    manifest: Mapping[str, Any]
    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    client: Callable[[str], WebClient]
    addresses: Callable[[Policy], Mapping[str, str]]
    endpoint: Callable[[Policy], Endpoint | None] = lambda _: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def examine(at: Surroundings, words: Words) -> list[Finding]:
    """Every check, each for itself: one that fails hides no other."""
    found: list[Finding] = []
    policy = Policy()
    for finding in _policy(at, words):
        found.append(finding)
        policy = finding.params.get("policy", policy)
    found += _guarded("playbooks", lambda: _playbooks(at, words))
    found += _guarded("slack", lambda: _slack(at))
    found += _guarded("assistant", lambda: doctor_assistant.checks(at.endpoint(policy), policy.assistant))
    try:
        database = Database(at.database_url)
    except Unreachable:
        return [*found, bad("database", "not_an_address")]
    try:
        found += _of_data(at, database, policy)
    finally:
        database.close()
    return found


def _of_data(at: Surroundings, database: Database, policy: Policy) -> Iterator[Finding]:
    checks = doctor_data.checks(database, policy, at.clock(), at.addresses(policy))
    for name, check in checks.items():
        found = _guarded(name, check)
        yield from found
        if name == "database" and any(each.state == "bad" and each.code != "world_readable" for each in found):
            return
    yield from _guarded("channels", lambda: _rooms(at, database, policy))


def _rooms(at: Surroundings, database: Database, policy: Policy) -> Iterator[Finding]:
    with database.transaction() as tx:
        chosen = {person.email: person.digest_channel for person in people.every(tx) if person.digest_channel}
    yield from doctor_slack.rooms(_line(at), policy.digests.channels, chosen)


def _guarded(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except Exception as error:  # noqa: BLE001  a doctor goes on to the next
        return [bad(name, "check_failed", kind=type(error).__name__)]


def _policy(at: Surroundings, words: Words) -> Iterator[Finding]:
    if not at.policy.exists():
        code = "policy_missing" if at.policy_asked else "policy_default"
        yield (bad if at.policy_asked else good)("policy", code, file=str(at.policy))
        return
    try:
        yield good("policy", "policy_fine", file=str(at.policy), policy=load(at.policy.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        yield bad("policy", "policy_unreadable", file=str(at.policy), kind=type(error).__name__)
    except PolicyError as wrong:
        for problem in wrong.problems:
            yield bad("policy", "policy_wrong", why=explained(problem, words))


def _playbooks(at: Surroundings, words: Words) -> Iterator[Finding]:
    found = shelf(at.playbooks)
    for problem in found.refused:
        yield bad("playbooks", "playbook_wrong", why=explained(problem, words))
    if not found.playbooks:
        yield look("playbooks", "playbooks_none", folder=str(at.playbooks))
    elif not found.refused:
        yield good("playbooks", "playbooks_fine", count=len(found.playbooks))


def _slack(at: Surroundings) -> Iterator[Finding]:
    yield from doctor_slack.checks(_line(at), datetime.now(UTC))


def _line(at: Surroundings) -> doctor_slack.Line:
    return doctor_slack.Line(at.bot_token, at.app_token, at.signing_secret, at.client, at.manifest)


def lines(found: Sequence[Finding], words: Words) -> Iterator[str]:
    for finding in found:
        yield f"{SIGNS[finding.state]} {said(finding, words)}"
        if finding.state != "ok":
            yield f"    {mend(finding, words)}"
    wrong = sum(finding.state == "bad" for finding in found)
    if wrong:
        yield words.ngettext("{n} thing is wrong.", "{n} things are wrong.", wrong)
    elif any(finding.state == "look" for finding in found):
        yield words._("Nothing is wrong; what is marked with ! is worth a look.")
    else:
        yield words._("All is well.")


def said(finding: Finding, words: Words) -> str:
    return words._(SAID[finding.code], **_shown(finding, words))


def mend(finding: Finding, words: Words) -> str:
    return words._(MENDS[finding.code], **_shown(finding, words))


def _shown(finding: Finding, words: Words) -> dict[str, Any]:
    def shown(value: Any) -> Any:
        if isinstance(value, timedelta):
            return words.number(round(value.total_seconds() / 3600, 1))
        return words.listed(map(str, value)) if isinstance(value, list | tuple) else value

    return {name: shown(value) for name, value in finding.params.items() if name != "policy"}


def as_json(found: Sequence[Finding], words: Words) -> dict[str, Any]:
    return {"ok": not any(finding.state == "bad" for finding in found), "checks": [_one(each, words) for each in found]}


def _one(finding: Finding, words: Words) -> dict[str, Any]:
    told = {"check": finding.check, "state": finding.state, "code": finding.code, "said": said(finding, words)}
    return told | ({"mend": mend(finding, words)} if finding.state != "ok" else {})
