"""bot.py audit: who changed what, when; and whether the record of it is whole."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from handlers.ask import Ask
from storage import audit, chain
from storage.audit import Entry
from storage.chain import Walked
from storage.database import Database
from words import Words

SHOWN = 60


def entries(ask: Ask, *, account: str, who: str, since: date | None, before: int | None, limit: int) -> Sequence[Entry]:
    """The newest changes first; `account` is an id."""
    begin = datetime.combine(since, time(), ZoneInfo(ask.policy.time_zone)) if since else None
    with ask.database.transaction() as tx:
        return audit.entries(tx, account=account, who=who, since=begin, before=before, limit=limit)


def verified(database: Database, anchor: str) -> Walked:
    with database.transaction() as tx:
        return chain.walk(tx, anchor=anchor)


def lines(found: Sequence[Entry], words: Words, time_zone: str, limit: int) -> Iterator[str]:
    if not found:
        yield words._("No changes.")
    for entry in found:
        what = entry.entity_key if entry.account in {None, entry.entity_key} else f"{entry.account} {entry.entity_key}"
        at = words.moment(entry.at, time_zone)
        yield f"{entry.id}  {at}  {entry.who or '?'}  {entry.origin.partition('/')[0]}  {entry.entity} {what}"
        yield from (f"    {line}" for line in _differences(entry))
    if len(found) == limit:
        yield words._("The ones before: bot.py audit --before {id}", id=found[-1].id)


def _differences(entry: Entry) -> Iterator[str]:
    before, after = entry.before or {}, entry.after or {}
    for name in sorted({*before, *after}):
        yield f"{name}: {_short(before.get(name))} → {_short(after.get(name))}"


def _short(value: Any) -> str:
    """On one line, whatever it holds."""
    said = "—" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def verdict(walked: Walked, words: Words) -> Iterator[str]:
    if walked.broken is not None:
        yield words._(
            "The record was tampered with: change {id} is not what was recorded, or what came before it is gone.",
            id=walked.broken,
        )
        yield words._("Compare it with a backup; everything before it is as it was recorded.")
        return
    if not walked.anchored:
        yield words._("The record was tampered with: no change bears the hash that you kept.")
        yield words._("Changes were taken from its end, or all of it was written anew. Compare it with a backup.")
        return
    yield words.ngettext("{n} change, as it was recorded.", "{n} changes, all as they were recorded.", walked.count)
    if walked.head:
        yield words._("Its newest hash: {hash}", hash=walked.head)
        yield words._(
            "Keep it outside of this database: bot.py audit --verify {hash} will tell if something was taken from the"
            " end.",
            hash=walked.head[:16],
        )


def as_json(found: Sequence[Entry], limit: int) -> dict[str, Any]:
    """`before`: ask with it for the page after this one."""
    return {
        "changes": [_entry(entry) for entry in found],
        "before": found[-1].id if len(found) == limit else None,
    }


def _entry(entry: Entry) -> Mapping[str, Any]:
    said = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    return {**said, "at": entry.at.isoformat()}


def verdict_as_json(walked: Walked) -> dict[str, Any]:
    return {
        "whole": walked.whole,
        "changes": walked.count,
        "head": walked.head or None,
        "tampered": walked.broken,
        "anchored": walked.anchored,
    }
