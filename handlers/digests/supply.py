"""How new the data are: when use came today, and what comes no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.alerts.digests import zone
from handlers.alerts.alert_card import told
from handlers.ask import Ask
from handlers.blocks import Block, context
from storage.alerts import alerts
from storage.database import Transaction
from storage.importing import feeds
from storage.scope import operator
from words import Words

USE, NAMED = "usage", 3


@dataclass(frozen=True)
class Supply:
    """came: when use came, where its reader is, if it did so on the day; stopped: what comes no more, as clauses."""

    came: datetime | None = None
    stopped: tuple[str, ...] = ()


NOTHING = Supply()


def supply(tx: Transaction, ask: Ask, day: date) -> Supply:
    """Whoever administers is asked about what stopped, and not told of it here."""
    found = alerts.page(tx, operator(), day=day, kinds=("source_stopped",), limit=NAMED)
    stopped = [group[0].alert for group in found.groups]
    came = feeds.arrived(tx, USE)
    here = came.astimezone(ZoneInfo(zone(ask.caller, ask.policy))) if came else None
    fresh = here is not None and here.date() == day and all(each.params.get("source") != USE for each in stopped)
    said = () if ask.caller.role == "admin" else tuple(told(ask, each) for each in stopped)
    return Supply(here if fresh else None, said)


def freshness(words: Words, found: Supply) -> Iterator[Block]:
    parts = [*found.stopped]
    if found.came:
        parts.insert(0, words._("usage arrived at {time} today", time=f"{found.came.hour}:{found.came:%M}"))
    if found.stopped:
        yield context(words._("Data: {what}. Whoever administers me knows.", what="; ".join(parts)))
    elif parts:
        yield context(words._("Data: {what}.", what=parts[0]))
