"""What is done by itself: each job is due by a row in the database, claimed there, and caught up with once."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.hours import next_hour, next_of_every
from domain.policies.policy import Policy
from handlers.ask import Desk
from handlers.delivery.office import Office
from handlers.delivery.undelivered import mend
from handlers.verbs.scoring import score
from storage import exports
from storage.delivery import heard, jobs, leases, paces
from storage.importing import leftovers

log = logging.getLogger("apuntador.jobs")

LEASE = timedelta(minutes=5)
RETRY = timedelta(minutes=10)
REMEMBERED = timedelta(days=1)
UNCONFIRMED = timedelta(days=7)


@dataclass(frozen=True)
class Job:
    """next: when it is due after a moment. then: what is due as soon as it is done."""

    run: Callable[[Office], object]
    next: Callable[[datetime, Policy], datetime]
    then: str = ""


def daily(hour: int) -> Callable[[datetime, Policy], datetime]:
    """At an hour of the organisation's time zone."""
    return lambda now, policy: next_hour(now, hour, policy.time_zone)


def every(step: timedelta) -> Callable[[datetime, Policy], datetime]:
    return lambda now, _policy: next_of_every(now, step)


def timetable(
    *, sources: Callable[[Desk], object] | None = None, evaluate: Callable[[Desk], object] | None = None
) -> dict[str, Job]:
    """In the order in which they are done where several are due, each on what the one before it made.

    sources: pulls what the policy names. evaluate: notices, and queues what people are told.
    """
    table = {}
    if sources is not None:
        table["sources"] = Job(lambda office: sources(office.desk), daily(4), then="score")
    table["score"] = Job(_score, daily(5), then="evaluate")
    if evaluate is not None:
        table["evaluate"] = Job(lambda office: evaluate(office.desk), every(timedelta(minutes=15)))
    table["tend"] = Job(tend, every(timedelta(hours=1)))
    return table


def _score(office: Office) -> None:
    score(office.desk.database, office.desk.policy, day=office.desk.today, noticing=True)


def tend(office: Office) -> None:
    """Try again what could not be delivered; forget what nobody asks for any more."""
    mend(office)
    with office.desk.database.changing() as tx:
        before = office.moment(tx) - REMEMBERED
        heard.purge(tx, before=before)
        paces.purge(tx, before=before)
        leases.purge(tx, before=before)
        exports.purge(tx, office.desk.clock() - UNCONFIRMED)
    leftovers.purge(before)


def tick(office: Office, table: Mapping[str, Job], holder: str) -> list[str]:
    """Do what is due, in this thread; the names, in order. What was missed is done once, not once for each time."""
    desk = office.desk
    with desk.database.changing() as tx:
        jobs.plan(tx, {name: job.next(desk.clock(), desk.policy) for name, job in table.items()})
    did = []
    while name := _claimed(office, table, holder):
        _do(office, name, table[name], holder)
        did.append(name)
    return did


def _claimed(office: Office, table: Mapping[str, Job], holder: str) -> str | None:
    with office.desk.database.changing() as tx:
        now = office.moment(tx)
        names = tuple(table)
        return jobs.claim(tx, names, due_by=office.desk.clock(), now=now, holder=holder, until=now + LEASE)


def _do(office: Office, name: str, job: Job, holder: str) -> None:
    desk, error = office.desk, None
    try:
        job.run(office)
    except Exception as failure:
        log.exception("job %s failed", name)
        error = type(failure).__name__  # its message may hold an address or what somebody wrote; the log says where
    now, regular = desk.clock(), job.next(desk.clock(), desk.policy)
    with desk.database.changing() as tx:
        due_at = regular if error is None else min(regular, now + RETRY)
        jobs.done(tx, name, holder, due_at=due_at, at=office.moment(tx), error=error)
        if job.then and error is None:
            jobs.bring_forward(tx, job.then, to=now)


def hold_on(office: Office, holder: str) -> None:
    """Renew the lease of what this process is doing."""
    with office.desk.database.changing() as tx:
        jobs.renew(tx, holder, until=office.moment(tx) + LEASE)
