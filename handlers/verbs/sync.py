"""bot.py sync: what the company's warehouse has that is new, imported as any file is."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from handlers.ask import Desk
from handlers.verbs import imports as imported
from storage.importing import feeds
from storage.importing.import_report import Report
from storage.sources.sql import SourceFailed
from words import N_, Words

log = logging.getLogger("apuntador.sync")

FAILED = {
    "no_such_source": N_("the policy has no source “{name}” with a query. It has: {names}"),
    "no_url": N_("its address is missing: set {variable}"),
    "bad_url": N_("{variable} is not a database's address (postgresql://user:password@host/database)"),
    "no_driver": N_("no driver for {driver} is installed; {variable} asks for it"),
    "unreachable": N_("{address} does not answer: {why}"),
    "unknown_parameter": N_("its query has parameters that nobody fills: {names}. Only :since is filled"),
    "query_failed": N_("its query failed: {why}"),
    "query_failed_at": N_("its query failed at line {line}, at “{near}”: {why}"),
}
SURROUNDINGS = ("no_url", "bad_url", "no_driver", "unreachable")


@dataclass(frozen=True)
class Pulled:
    """What became of one source: either is None."""

    name: str
    report: Report | None = None
    failed: SourceFailed | None = None

    @property
    def ok(self) -> bool:
        return self.report is not None and self.report.ok


def names(desk: Desk) -> tuple[str, ...]:
    return tuple(feeds.feeds(desk.policy))


def pull(desk: Desk, name: str, words: Words, *, who: str, since: date | None = None) -> Pulled:
    """One source; what is wrong with it is told, not raised, so that the next one has its turn."""
    try:
        report = feeds.sync(
            desk.database,
            name,
            desk.sources,
            policy=desk.policy,
            who=who,
            now=datetime.now(UTC),
            today=desk.today,
            since=since,
            reason=lambda refusal: imported.reason(refusal, words),
        )
    except SourceFailed as failed:
        return Pulled(name, failed=failed)
    return Pulled(name, report)


def pull_all(desk: Desk) -> None:
    """Every SQL source of the policy, one after the other; what fails is logged, and the others go on."""
    words = Words(desk.policy.language, desk.policy.country)
    for name in names(desk):
        pulled = pull(desk, name, words, who="sources")
        if pulled.failed:
            log.error("source %s gave nothing: %s (bot.py sync says why)", name, pulled.failed.code)
        elif not pulled.ok:
            log.warning("source %s: rows were refused (bot.py sync shows them)", name)


def said(failed: SourceFailed, words: Words) -> str:
    code = "query_failed_at" if failed.params.get("line") else failed.code
    shown = {name: words.listed(each) if isinstance(each, list) else each for name, each in failed.params.items()}
    return words._(FAILED[code], **shown)


def lines(found: Sequence[Pulled], words: Words) -> Iterator[str]:
    for each in found:
        if each.report:
            yield imported.answer(each.report, words)
        if each.failed:
            yield f"{each.name}: {said(each.failed, words)}"
    if not found:
        yield words._("The policy has no source with a query: see sources: in policy.example.yaml.")


def as_json(found: Sequence[Pulled], words: Words) -> list[Mapping[str, Any]]:
    return [_as_json(each, words) for each in found]


def _as_json(each: Pulled, words: Words) -> Mapping[str, Any]:
    if each.report:
        return {"source": each.name, "ok": each.ok, **imported.as_json(each.report, words)}
    failed = each.failed
    error = {"code": failed.code, **failed.params, "reason": said(failed, words)} if failed else None
    return {"source": each.name, "ok": False, "error": error}
