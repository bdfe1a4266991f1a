"""The tasks of a playbook on one account: who does what when, on working days, each need before what needs it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

from domain.accounts import Contact
from domain.conditions import all_hold
from domain.fact_kinds import Situation
from domain.health.evidence import SIDES, present
from domain.playbooks.playbooks import MOMENT, Activity, Playbook
from domain.playbooks.plays import LEARN, Play, Task, by_day, web
from domain.playbooks.workdays import Workdays
from domain.reasons import Reason

MOST_TURNS = 400
LEARN_HOURS = 0.5
SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: lead: the manager of the account's CSM; team: e-mails by function; country: whose days off count."""

    csm: str | None = None
    lead: str | None = None
    team: Mapping[str, str] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()
    tier: str | None = None
    country: str | None = None

    @property
    def workdays(self) -> Workdays:
        return Workdays(self.country)

    def owner(self, function: str | None) -> str | None:
        """Whose a function is on this account; None where nobody bears it."""
        if function in {None, "csm"}:
            return self.csm
        return self.lead if function == "lead" else self.team.get(str(function))

    def helpers(self, functions: Iterable[str], owner: str | None) -> tuple[str, ...]:
        """Who takes part beside the owner: those of the functions that somebody bears."""
        found = (self.owner(function) for function in functions)
        return tuple(dict.fromkeys(email for email in found if email and email != owner))

    def contact(self, role: str | None, day: date) -> str | None:
        """Theirs with this role who is still there, sponsor and who decides for each other; None where nobody is."""
        side = next((roles for roles in SIDES.values() if role in roles), (role,))
        here = [c for c in self.contacts if c.role in side and present(c, day)]
        first = sorted(here, key=lambda contact: contact.role != role)
        return first[0].contact_id if role and first else None


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say of one activity: a reason with its code (plan_…)."""

    activity: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks by day; left_out: activities that do not hold for this account; outcome_missing: marked, never blocked."""

    tasks: tuple[Task, ...]
    left_out: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    outcome_missing: bool = False


def plan(playbook: Playbook, play: Play, cast: Cast, known: Situation, *, has_outcome: bool = True) -> Plan:
    """The tasks of a play from its dates: started_on (D), event_on (E), decision_on (R); ids from play_id.

    Nothing is due before the start. A task whose anchor has no date is left out, and it is said.
    """
    notes: list[Note] = []
    left_out, tasks = [], []
    for activity in playbook.plan:
        days = _days(activity, play, playbook, cast.workdays)
        if activity.when is not None and not all_hold(activity.when, known):
            left_out.append(activity.id)
        elif not days:
            left_out.append(activity.id)
            notes.append(Note(activity.id, Reason("plan_no_date", {"activity": activity.id})))
        else:
            tasks += _tasks(activity, days, play, playbook, cast)
            notes += [*_cast_notes(activity, play, cast), *_squeezed(activity, play)]
    settled = settle(tasks, playbook)
    notes += _pulled(tasks, settled)
    first = () if has_outcome else (_learn(play, cast),)
    ordered = (*first, *sorted(settled, key=by_day))
    return Plan(ordered, tuple(left_out), tuple(notes), outcome_missing=not has_outcome)


def default_event(playbook: Playbook, started_on: date, workdays: Workdays) -> date | None:
    """The first day of an event whose preparation begins at the start; None where the playbook has no event."""
    offsets = [_offset(moment) for a in playbook.plan for moment in a.day if moment[0] == "E"]
    if not offsets:
        return None
    return workdays.next(started_on + timedelta(max(-min(offsets), 0)))


def day_of(moment: str, play: Play, workdays: Workdays) -> date | None:
    """D+3, E-2, R-90 of a play as a working day, no earlier than its start; None where the anchor has no date."""
    day = counted(moment, play)
    return None if day is None else _working(day, moment, play, workdays)


def counted(moment: str, play: Play) -> date | None:
    """The calendar day of a moment, whatever day it falls on."""
    anchor = {"D": play.started_on, "E": play.event_on, "R": play.decision_on}[moment[0]]
    return None if anchor is None else anchor + timedelta(_offset(moment))


def settle(tasks: Sequence[Task], playbook: Playbook) -> list[Task]:
    """No open need is due after what needs it: it is pulled to that day."""
    known = web(tasks, playbook)
    found = {task.task_id: task for task in tasks}
    ahead = [task for task in tasks if task.status == "open"]
    while ahead:
        task = found[ahead.pop().task_id]
        for need in known.needs.get(task.task_id, ()):
            stands = found[need.task_id]
            if stands.status == "open" and stands.due_on > task.due_on:
                found[need.task_id] = replace(stands, due_on=task.due_on)
                ahead.append(found[need.task_id])
    return list(found.values())


def _offset(moment: str) -> int:
    found = MOMENT.match(moment)
    return int(found[2] or 0) if found else 0


def _working(day: date, moment: str, play: Play, workdays: Workdays) -> date:
    found = workdays.next(day) if moment[0] == "D" else workdays.previous(day)
    start = play.started_on
    return found if start is None or found >= start else workdays.next(start)


def _days(activity: Activity, play: Play, playbook: Playbook, workdays: Workdays) -> list[date]:
    """Each moment, or the recurrence that begins with the first of them, bounded by the play's end."""
    first = activity.day[0]
    if activity.repeats is None:
        found = (day_of(moment, play, workdays) for moment in activity.day)
        return sorted({day for day in found if day is not None})
    begins = counted(first, play)
    if begins is None:
        return []
    until = (play.started_on or begins) + timedelta(playbook.lasts)
    return sorted({_working(day, first, play, workdays) for day in _recurring(activity.repeats, begins, until)})


def _recurring(rule: str, begins: date, until: date) -> Iterator[date]:
    """Days of an RFC 5545 rule, none after `until`, at most MOST_TURNS."""
    found = rrulestr(rule, dtstart=datetime.combine(begins, time()))
    for moment in islice(found, MOST_TURNS):
        if moment.date() > until:
            return
        yield moment.date()


def _tasks(activity: Activity, days: Sequence[date], play: Play, playbook: Playbook, cast: Cast) -> list[Task]:
    tier = playbook.priority.tier(cast.tier)
    channel, owner = activity.channel, cast.owner(activity.owner) or cast.csm
    made = Task(
        task_id="",
        account=play.account,
        side=activity.side,
        due_on=days[0],
        play_id=play.play_id,
        activity=activity.id,
        function=activity.owner,
        owner=owner,
        helpers=cast.helpers(activity.together, owner),
        contact_id=_contact(activity, play, cast),
        channel=tier.instead.get(channel, channel) if channel else None,
        hours=0.0 if activity.side == "customer" else round(activity.hours * tier.effort, 2),
    )
    return [
        replace(made, task_id=task_id(play.play_id, activity.id, turn), turn=turn, due_on=day)
        for turn, day in enumerate(days, 1)
    ]


def task_id(play_id: str, activity: str, turn: int) -> str:
    return f"{play_id}-{activity}-{turn}"


def _contact(activity: Activity, play: Play, cast: Cast) -> str | None:
    """By role; the subject, and on the front stage no role, is the person that the play is about, if there is one."""
    if play.contact_id and (activity.contact == SUBJECT or (activity.contact is None and activity.side == "front")):
        return play.contact_id
    return cast.contact(_role(activity), play.started_on or play.eligible_on)


def _role(activity: Activity) -> str | None:
    return "champion" if activity.contact == SUBJECT else activity.contact


def _cast_notes(activity: Activity, play: Play, cast: Cast) -> Iterator[Note]:
    """Who is missing, and who steps in."""
    named = {"activity": activity.id}
    if activity.owner and cast.owner(activity.owner) is None:
        code = "plan_csm_steps_in" if cast.csm else "plan_nobody"
        yield Note(activity.id, Reason(code, {**named, "function": activity.owner}))
    for function in activity.together:
        if cast.owner(function) is None:
            yield Note(activity.id, Reason("plan_no_helper", {**named, "function": function}))
    if activity.contact and _contact(activity, play, cast) is None:
        yield Note(activity.id, Reason("plan_no_contact", {**named, "role": _role(activity)}))


def _squeezed(activity: Activity, play: Play) -> Iterator[Note]:
    """Its day had passed when the play started."""
    day, start = counted(activity.day[0], play), play.started_on
    if day and start and day < start:
        yield Note(activity.id, Reason("plan_squeezed", {"activity": activity.id, "from_day": day, "to_day": start}))


def _pulled(planned: Sequence[Task], settled: Sequence[Task]) -> Iterator[Note]:
    for before, after in zip(planned, settled, strict=True):
        if before.due_on != after.due_on and before.activity:
            days = {"from_day": before.due_on, "to_day": after.due_on}
            yield Note(before.activity, Reason("plan_pulled", {"activity": before.activity, **days}))


def _learn(play: Play, cast: Cast) -> Task:
    start = cast.workdays.next(play.started_on or play.eligible_on)
    return Task(
        task_id=task_id(play.play_id, LEARN, 1),
        account=play.account,
        side="back",
        due_on=start,
        play_id=play.play_id,
        activity=LEARN,
        function="csm",
        owner=cast.csm,
        hours=LEARN_HOURS,
    )
