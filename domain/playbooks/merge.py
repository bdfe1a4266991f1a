"""What a text of a playbook may hold: the merge fields, and a message's one purpose and one question."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from domain.policies.problems import ReasonCode, nearest

FIELDS: Mapping[str, str] = {
    "account.name": "the account",
    "contact.name": "whom the activity is for",
    "contact.first_name": "whom the activity is for, as one speaks to them",
    "subject.name": "the person that the play is about",
    "subject.first_name": "the person that the play is about, as one speaks of them",
    "champion.name": "the champion",
    "champion.first_name": "the champion, as one speaks of them",
    "sponsor.name": "the sponsor, or who decides",
    "sponsor.first_name": "the sponsor, as one speaks of them",
    "me.name": "who does the activity",
    "me.first_name": "who does the activity, as they sign",
    "csm.name": "the account's CSM",
    "goal.statement": "the play's goal in words; not in the goal's own statement",
    "goal.baseline": "the goal's measure at the start, with its unit",
    "goal.target": "what the goal's measure is to reach, with its unit",
    "goal.current": "the goal's measure today, with its unit",
    "goal.due": "the goal's day",
    "outcome.statement": "the required outcome that the play serves, in the customer's words",
    "outcome.current": "where that outcome stands",
    "outcome.target": "what that outcome is to reach",
    "outcome.due_on": "that outcome's day",
    "licences.active": "people active in 28 days",
    "licences.seats": "licences in force",
    "licences.percent": "active licences",
    "features.used": "core features used",
    "features.total": "core features of what they bought",
    "use.now": "use a day in the last 28 days",
    "use.before": "use a day in the 28 days before, where it was more",
    "use.fall": "how much less it is in %, where it fell: 44 %",
    "similar.gain": "how many points the upper quarter of similar accounts gained with this playbook",
    "segment.days": "how many days accounts of the segment take to the first value",
    "similar.median": "how many points they gained on the median",
    "renewal.ends_on": "the end of the contract",
    "renewal.decision_on": "until when one can decide",
    "renewal.amount": "what renews, a year",
    "renewal.rule_call": "the rule's renewal call",
    "renewal.csm_call": "the CSM's renewal call",
    "growth.amount": "what could still be sold a month",
    "ticket.count": "critical or escalated tickets that are open, where there are any",
    "ticket.since": "the day on which the oldest of them was opened",
    "risk.cause": "what speaks against the account most, as a clause",
    "answer.score": "the survey answer that the play is about",
    "answer.day": "the day of that answer",
    "answer.comment": "what was written with it",
    "departure.reason": "why the account left",
    "departure.day": "the day on which it left",
    "event.day": "the day of the front-stage event that the play prepares",
    "task.day": "the day of this task",
    "task.turn": "which one of a series it is: 1, 2, 3",
    "review.last_on": "the day of the last review",
}
"""Values are text in the language of whom they are shown to (a customer's: the contact's, else the account's), with
unit and format: 51 %, US$ 96,000, 26 February. What is not known has no field; a text asks whether it is defined."""
MOST_WORDS = 120
TAG, FIELD = re.compile(r"{%.*?%}", re.DOTALL), re.compile(r"{{.*?}}", re.DOTALL)
FieldsOf = Callable[[str], Iterable[str]]
Wrong = tuple[str, ReasonCode, dict[str, str | int | float]]


def wrong_texts(content: Mapping[str, Any], fields_of: FieldsOf) -> Iterator[Wrong]:
    """Key, reason and detail of all that is wrong with the texts of a playbook's content."""
    for key, text in _texts(content):
        yield from _wrong_fields(key, text, fields_of)
        if key.rsplit(".", 2)[-2:-1] == ["text"] and ".message." in key:
            yield from _wrong_message(key, text)


def words_in(text: str) -> int:
    """As a reader counts them; a field is one."""
    return len(FIELD.sub("x", TAG.sub(" ", text)).split())


def _texts(content: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Everything that is said in both languages, by its dotted key."""
    if isinstance(content, Mapping):
        said = content.keys() == {"en", "es"}
        for name, value in content.items():
            at = f"{key}.{name}" if key else str(name)
            if said:
                yield at, value
            else:
                yield from _texts(value, at)
    elif isinstance(content, list | tuple):
        for number, value in enumerate(content):
            yield from _texts(value, f"{key}.{number}")


def _wrong_fields(key: str, text: str, fields_of: FieldsOf) -> Iterator[Wrong]:
    try:
        asked = sorted(fields_of(text))
    except ValueError as error:
        yield key, "wrong_template", {"value": str(error)}
        return
    for field in asked:
        if field not in FIELDS:
            close = nearest(field, list(FIELDS))
            detail: dict[str, str | int | float] = {"value": field, "nearest": close} if close else {"value": field}
            yield key, "wrong_field", detail


def _wrong_message(key: str, text: str) -> Iterator[Wrong]:
    if (count := words_in(text)) > MOST_WORDS:
        yield key, "too_long", {"value": count, "limit": MOST_WORDS}
    spoken = FIELD.sub("", TAG.sub("", text))
    asked, opened = len(re.findall(r"\?+", spoken)), spoken.count("¿")
    if asked != 1 or opened != (1 if key.endswith(".es") else 0):
        yield key, "one_question", {"value": asked}
