"""Answers to surveys."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Select, func, select

from domain.facts import Answer
from storage.database import Transaction
from storage.facts.asof import UNTIL, AsOf, known
from storage.tables import accounts, surveys
from storage.within import Condition, Within


def latest(tx: Transaction, within: Within, seen: AsOf) -> dict[int, list[Answer]]:
    """By account: each contact's latest answer of a kind, newest first; one without a contact counts by itself.

    An answer whose day nobody told is of the day on which it was asked for.
    """
    found: dict[int, list[Answer]] = defaultdict(list)
    for number, kind, score, at, contact, comment in within.ask(tx, _latest, **seen.values).all():
        found[number].append(Answer(kind, score, seen.on(at), contact or None, comment))
    return found


def _latest(where: Condition) -> Select[Any]:
    who = func.coalesce(func.nullif(surveys.c.contact_id, ""), "response " + surveys.c.response_id)
    at = func.coalesce(surveys.c.answered_at, surveys.c.sent_at)
    newest = (at.desc(), surveys.c.response_id.desc())
    rank = func.row_number().over(partition_by=(surveys.c.account, surveys.c.kind, who), order_by=newest)
    of = (surveys.c[name] for name in ("account", "kind", "score", "contact_id", "comment", "response_id"))
    ranked = (
        select(*of, at.label("at"), rank.label("rank"))
        .join_from(surveys, accounts, surveys.c.account == accounts.c.number)
        .where(where, surveys.c.score.is_not(None), at < UNTIL, known(surveys))
        .subquery()
    )
    columns = (ranked.c[name] for name in ("account", "kind", "score", "at", "contact_id", "comment"))
    return select(*columns).where(ranked.c.rank == 1).order_by(ranked.c.at.desc(), ranked.c.response_id)
