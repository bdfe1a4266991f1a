"""What the columns of an account plan are called that may be edited, and the words that they take."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from domain.workbooks.edited_plans import FIELDS, OF_NEW, Kind
from reports import looks
from reports.looks import Look
from reports.pages import Column
from words import N_, Words
from words.terms import CALLS, CHANNELS, ROLES, term

Row = TypeVar("Row")
Lists = Mapping[tuple[str, str], str]
"""By entity and field: the range of the words that a column offers."""
ROW = N_("Row")
LOOKS: Mapping[Kind, Look] = {"number": looks.EDIT_NUMBER, "day": looks.EDIT_DAY}
SHEETS: Mapping[str, str] = {
    "outcomes": N_("Outcomes"),
    "goals": N_("Goals"),
    "tasks": N_("Tasks"),
    "contacts": N_("Contacts"),
    "renewal_calls": N_("Renewal"),
}
HEADERS: Mapping[str, Mapping[str, str]] = {
    "outcomes": {
        "statement": N_("Outcome"), "measure": N_("Measure"), "baseline": N_("Baseline"), "current": N_("Current"),
        "target": N_("Target"), "due_on": N_("Due on"), "confirmed_on": N_("Confirmed"),
        "confirmed_by": N_("Confirmed by"),
    },
    "goals": {
        "statement": N_("Goal"), "current": N_("Current"), "target": N_("Target"), "due_on": N_("Due on"),
        "owner": N_("Owner"),
    },
    "tasks": {
        "due_on": N_("Day"), "title": N_("Task"), "side": N_("Side"), "channel": N_("Channel"),
        "contact_id": N_("For whom"), "owner": N_("Owner"), "hours": N_("Hours"), "status": N_("Status"),
        "note": N_("Note"),
    },
    "contacts": {
        "role": N_("Role"), "department": N_("Department"), "email": N_("E-mail"), "left_on": N_("Left"),
    },
    "renewal_calls": {"call": N_("The CSM's call"), "reason": N_("Why")},
}  # fmt: skip
TASK_SIDES: Mapping[str, str] = {"front": N_("front stage"), "back": N_("back stage"), "customer": N_("theirs")}
TASK_STATES: Mapping[str, str] = {"open": N_("open"), "done": N_("done"), "skipped": N_("left out")}
CHOICES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("tasks", "status"): TASK_STATES,
    ("tasks", "side"): TASK_SIDES,
    ("tasks", "channel"): CHANNELS,
    ("contacts", "role"): ROLES,
    ("renewal_calls", "call"): CALLS,
}
ABOUT: Mapping[tuple[str, str], str] = {
    ("outcomes", "current"): N_("Where they are today, in the unit of the measure; at the target it is reached."),
    ("outcomes", "confirmed_on"): N_("The day on which the customer said so in their own words, not ours."),
    ("goals", "statement"): N_("Specific: what will be so, for whom, and by when."),
    ("goals", "current"): N_("Where it is today. Progress follows; at the target it counts as reached."),
    ("goals", "due_on"): N_("The day by which it is to be reached. The days left are counted from the date above."),
    ("tasks", "due_on"): N_("Another day moves what depends on it too; the answer says what moved."),
    ("tasks", "status"): N_("open, done or left out; what is left out needs its reason in the note."),
    ("tasks", "owner"): N_("One of ours: by name as in the list, or by e-mail. Empty: nobody yet."),
    ("tasks", "hours"): N_("Hours of ours that it takes."),
    ("tasks", "title"): N_("Write new tasks into the empty lines below: they become tasks of your own."),
    ("contacts", "left_on"): N_("The day on which they left; empty: they are still there."),
    ("renewal_calls", "call"): N_("Your call on this renewal, with its reason beside it. “monitor” counts no more near "
                                  "the decision."),
}  # fmt: skip


def header(words: Words, entity: str, field: str) -> str:
    return words._(HEADERS[entity][field])


def about(words: Words, entity: str, field: str) -> str:
    said = ABOUT.get((entity, field))
    return words._(said) if said else ""


def label(words: Words, entity: str, field: str, code: str | None) -> str:
    """A code as its column shows it."""
    return term(words, CHOICES[entity, field], code)


def editable(
    words: Words, entity: str, field: str, width: float, value: Callable[[Row], Any], *, choices: str = ""
) -> Column[Row]:
    """A column of a field that may be edited: in sight, unlocked, its text never cut."""
    look = LOOKS.get({**FIELDS[entity], **OF_NEW.get(entity, {})}[field], looks.EDIT)
    return Column(header(words, entity, field), width, value, look, about(words, entity, field), choices, whole=True)
