"""Versions of the policy, by the digest of what influences scores."""

from datetime import date

from sqlalchemy import bindparam, insert, select

from domain.policies.policy import Policy
from storage.database import Transaction
from storage.tables import policies, scores

_CURRENT = select(policies.c.version).where(policies.c.digest == bindparam("digest"))


def current(tx: Transaction, policy: Policy) -> int | None:
    """The version under which this policy has scored; None where it has not yet."""
    return tx.execute(_CURRENT, {"digest": policy.digest}).scalar_one_or_none()


def version(tx: Transaction, policy: Policy, *, day: date) -> int:
    """The version of this policy, a new one from `day` on where its digest is new."""
    known = current(tx, policy)
    if known is not None:
        return known
    content = policy.model_dump(mode="json", exclude={"sources"})
    row = {"digest": policy.digest, "content": content, "first_day": day}
    return int(tx.execute(insert(policies).values(row).returning(policies.c.version)).scalar_one())


def last_used(tx: Transaction) -> tuple[int, int] | None:
    """The version of the newest scores, with its grace days."""
    newest = select(scores.c.policy).order_by(scores.c.day.desc()).limit(1).scalar_subquery()
    row = tx.execute(select(policies.c.version, policies.c.content).where(policies.c.version == newest)).one_or_none()
    return None if row is None else (row.version, int(row.content["grace_days"]))


def needs_rescoring(tx: Transaction, policy: Policy) -> bool:
    """The newest scores were made under another policy."""
    used = last_used(tx)
    return used is not None and used[0] != current(tx, policy)
