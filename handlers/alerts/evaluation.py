"""What the signals notice on a day, and what becomes of the alerts: a page of accounts at a time, each day once."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from domain.alerts.alerts import NO_ACCOUNT, Action, Alert, Key, Night, Signal
from domain.alerts.alerts import evaluate as judged
from domain.alerts.noticing import asked_now, notice, owners_of, quiet_kinds
from domain.alerts.rules import Watched, ready
from domain.cases import Case
from domain.facts import Facts
from domain.playbooks.capacity import loads, monday
from domain.playbooks.workdays import Workdays
from domain.policies.policy import Policy
from domain.reasons import Plain
from domain.risks import why
from domain.seen import Seen
from handlers.accounts.cases import cases
from handlers.accounts.situations import seen
from handlers.accounts.watching import Ground, ground
from storage import accounts
from storage.alerts import nights, watching
from storage.database import Database, Transaction
from storage.importing.garbage import few_collections
from storage.playbooks import tasks
from storage.scope import operator

WEEK = timedelta(7)
STATE = "(state)"
PAGE = 4000
STEADY = {"usage", "usage_users", "tickets", "touches"}
"""Files that bring something new on most working days; in others nothing new for days says nothing."""


@dataclass(frozen=True)
class Evaluated:
    """How many alerts this run opened, closed, escalated; a second run of a day has nothing to do."""

    day: date
    opened: int = 0
    closed: int = 0
    escalated: int = 0


@dataclass(frozen=True)
class Sitting:
    """The same for every page of a day; `done` counts what was decided.

    mark: the day, the state of the data and what is asked of them; before: that of the last evaluation.
    """

    ground: Ground
    watched: Watched
    night: Night
    managers: Mapping[str, str]
    mark: Mapping[str, str]
    before: Mapping[str, str] | None
    done: Counter[str] = field(default_factory=Counter)

    @property
    def policy(self) -> Policy:
        return self.ground.policy


@few_collections()
def evaluate(database: Database, policy: Policy, *, day: date) -> Evaluated:
    """Evaluate every account. Who is to be told follows from `due`; what does not wait: the policy's alerts.urgent."""
    with database.transaction() as tx:
        sitting = sit(tx, policy, day)
        if sitting.before == sitting.mark:
            return Evaluated(day)
        ranges = list(accounts.number_ranges(tx, operator(), PAGE))
    for first, last in ranges:
        with database.transaction() as tx:
            found = _cases(tx, sitting, first, last)
            made = page(tx, sitting, found, first=first, last=last)
        with database.changing() as tx:
            write(tx, sitting, made)
    return close(database, sitting)


def foreseen(database: Database, policy: Policy, *, day: date) -> Iterator[tuple[Action, ...]]:
    """What `evaluate` would do, a page at a time; nothing is written."""
    with database.transaction() as tx:
        sitting = sit(tx, policy, day)
        ranges = list(accounts.number_ranges(tx, operator(), PAGE))
        yield _of_the_house(tx, sitting)
    for first, last in ranges:
        with database.transaction() as tx:
            yield page(tx, sitting, _cases(tx, sitting, first, last), first=first, last=last)


def sit(tx: Transaction, policy: Policy, day: date, *, scored: date | None = None) -> Sitting:
    """`day` must not lie before the last that was evaluated; scored: the day that is being scored along with it."""
    watched = ready(policy.watched)
    on = ground(tx, policy, day, watched.facts)
    before = watching.asked_before(tx)
    night = Night(
        day,
        quiet=quiet_kinds(policy.watched, policy.digest, before),
        escalate_days=policy.alerts.escalate_days,
        workdays=Workdays(policy.country),
    )
    mark = {STATE: f"{day} {watching.state(tx, scored)}", **asked_now(policy.watched, policy.digest)}
    return Sitting(on, watched, night, watching.managers(tx), mark, before)


def page(
    tx: Transaction, sitting: Sitting, found: Sequence[tuple[Facts, Case]], *, first: int, last: int
) -> tuple[Action, ...]:
    """What becomes of the alerts of the accounts numbered first…last, of which `found` are the cases of the day."""
    held = nights.held(tx, first, last)
    looked = seen(tx, sitting.ground, found, first=first, last=last, scope=operator())
    noticed: list[Signal] = []
    staying: set[Key] = set()
    leaving: set[int] = set()
    for number, each in looked.items():
        owners = owners_of(each.facts.account.csm, sitting.managers)
        told = notice(_today(each, sitting), sitting.watched, held.get(number, ()), owners)
        noticed += told.signals
        staying |= told.staying
        if told.leaving:
            leaving.add(number)
    standing = (alert for number, those in held.items() if number in looked for alert in those)
    return judged(standing, noticed, _night(sitting, staying, leaving))


def _today(each: Seen, sitting: Sitting) -> Seen:
    """At risk by what is found now, not by what the last night left; where a rule asks."""
    if "at_risk" not in sitting.watched.facts:
        return each
    return replace(each, at_risk=bool(why(each.case, sitting.policy)))


def write(tx: Transaction, sitting: Sitting, made: Iterable[Action]) -> None:
    actions = list(made)
    nights.write(tx, actions, sitting.night.day)
    sitting.done.update(action.verb for action in actions)


def close(database: Database, sitting: Sitting) -> Evaluated:
    """What is of no account, and what is known of all at the end."""
    day = sitting.night.day
    with database.changing() as tx:
        write(tx, sitting, _of_the_house(tx, sitting))
        gone = nights.close_gone(tx, day)
        nights.mark_acted(tx, day)
        if sitting.ground.version is not None:
            watching.keep_asked(tx, day, sitting.mark)
    done = sitting.done
    return Evaluated(day, done["open"], done["close"] + gone, done["escalate"])


def _cases(tx: Transaction, sitting: Sitting, first: int, last: int) -> list[tuple[Facts, Case]]:
    on = sitting.ground
    return cases(
        tx, on.policy, first=first, last=last, day=on.day, in_use=on.in_use, version=on.version, scope=operator()
    )


def _night(sitting: Sitting, staying: Collection[Key] = (), leaving: Collection[int] = ()) -> Night:
    return replace(sitting.night, staying=staying, leaving=leaving, asked=sitting.policy.watched)


def _of_the_house(tx: Transaction, sitting: Sitting) -> tuple[Action, ...]:
    standing: list[Alert] = nights.held(tx, NO_ACCOUNT, NO_ACCOUNT).get(NO_ACCOUNT, [])
    return judged(standing, (*_crowded(tx, sitting), *_stopped(tx, sitting)), _night(sitting))


def _crowded(tx: Transaction, sitting: Sitting) -> Iterator[Signal]:
    """People whose open tasks of this week or the next need more than the hours that they have."""
    policy, kind = sitting.policy, "over_capacity"
    if kind not in policy.watched:
        return
    signal, week = policy.watched[kind], monday(sitting.night.day)
    taken = tasks.taken(tx, since=week, until=week + 2 * WEEK - timedelta(1))
    told = set()
    for load in loads(taken, tasks.staff(tx), default=policy.playbooks.weekly_hours):
        if load.hours <= load.capacity * policy.alerts.over_capacity or load.whose in told or not load.hours:
            continue
        told.add(load.whose)
        params: dict[str, Plain] = {"person": load.whose, "week": load.week.isoformat()}
        params |= {"hours": round(load.hours, 1), "capacity": load.capacity}
        above = sitting.managers.get(load.whose.lower())
        yield Signal(NO_ACCOUNT, kind, load.whose, signal.severity, signal.tell, params, signal.days, above)


def _stopped(tx: Transaction, sitting: Sitting) -> Iterator[Signal]:
    """Steady files that have brought nothing new for working days."""
    policy, kind = sitting.policy, "source_stopped"
    if kind not in policy.watched:
        return
    signal, night = policy.watched[kind], sitting.night
    before = night.workdays.back(night.day, policy.alerts.source_days)
    for name, newest in sorted(watching.silent_sources(tx, before).items()):
        if name in STEADY:
            params: dict[str, Plain] = {"source": name, "since": newest.isoformat()}
            yield Signal(NO_ACCOUNT, kind, name, signal.severity, signal.tell, params, signal.days)
