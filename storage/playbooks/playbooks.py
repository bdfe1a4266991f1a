"""Versions of playbooks, by the digest of what they say; a play keeps the one that it was started with."""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from sqlalchemy import Text, bindparam, cast, insert, select

from domain.playbooks.playbooks import Playbook
from storage.database import Transaction
from storage.tables import playbooks

READ = 256

_OF_VERSIONS = select(playbooks.c.version, cast(playbooks.c.content, Text)).where(
    playbooks.c.version.in_(bindparam("versions", expanding=True))
)


def version(tx: Transaction, playbook: Playbook, *, day: date) -> int:
    """The version of this playbook, a new one from `day` on where its digest is new."""
    known = current(tx, playbook)
    if known is not None:
        return known
    row = {"name": playbook.name, "digest": playbook.digest, "first_day": day, "content": _content(playbook)}
    return int(tx.execute(insert(playbooks).values(row).returning(playbooks.c.version)).scalar_one())


def current(tx: Transaction, playbook: Playbook) -> int | None:
    """The version under which this playbook is kept; None where nothing was started with it yet."""
    return tx.execute(select(playbooks.c.version).where(playbooks.c.digest == playbook.digest)).scalar_one_or_none()


def of_versions(tx: Transaction, versions: Iterable[int]) -> dict[int, Playbook]:
    """By version, as they were when they were kept."""
    wanted = sorted(set(versions))
    if not wanted:
        return {}
    return {version: _playbook(content) for version, content in tx.execute(_OF_VERSIONS, {"versions": wanted})}


@lru_cache(READ)
def _playbook(content: str) -> Playbook:
    return Playbook.model_validate(json.loads(content))


def _content(playbook: Playbook) -> dict[str, object]:
    return playbook.model_dump(mode="json", exclude_unset=True)
