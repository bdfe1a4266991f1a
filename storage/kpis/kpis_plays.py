"""Front-stage activities that were held in a period, and how many of them with all that they needed."""

from sqlalchemy import ColumnElement, select

from domain.periods import Period
from domain.playbooks.readiness import held_ready
from storage.database import Transaction
from storage.playbooks import playbooks, tasks
from storage.tables import accounts
from storage.tables import plays as play_rows
from storage.tables import tasks as task_rows

PAGE = 1000


def readiness(tx: Transaction, within: ColumnElement[bool], period: Period) -> tuple[int, int]:
    """Ready, and all; a few plays' tasks are read at a time, for what an activity needs stands in its playbook."""
    held = (task_rows.c.side == "front", task_rows.c.status == "done")
    query = (
        select(play_rows.c.play_id, play_rows.c.version)
        .join_from(task_rows, play_rows, task_rows.c.play_id == play_rows.c.play_id)
        .join(accounts, accounts.c.number == task_rows.c.account)
        .where(within, *held, task_rows.c.done_on.between(period.first, period.last))
        .distinct()
    )
    versions = dict(tx.execute(query).all())
    books, ids = playbooks.of_versions(tx, versions.values()), sorted(versions)
    ready = every = 0
    for start in range(0, len(ids), PAGE):
        for play_id, mine in tasks.of_plays_within(tx, ids[start : start + PAGE], within).items():
            found = held_ready(mine, books[versions[play_id]], period.first, period.last)
            ready, every = ready + sum(found), every + len(found)
    return ready, every
