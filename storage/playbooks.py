"""Versions of playbooks, by the digest of what they say; a play keeps the one that it was started with."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import insert, select

from domain.playbooks import Playbook
from storage.database import Transaction
from storage.tables import playbooks


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
    query = select(playbooks.c.version, playbooks.c.content).where(playbooks.c.version.in_(wanted))
    return {row.version: Playbook.model_validate(row.content) for row in tx.execute(query)}


def _content(playbook: Playbook) -> dict[str, object]:
    return playbook.model_dump(mode="json", exclude_unset=True)
