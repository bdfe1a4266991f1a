"""What an edited plan would do: laid over what stands, each edit held against the rules that forms have too."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.days import is_too_far
from domain.playbooks.plays import Moved, Play
from domain.playbooks.workdays import Workdays
from domain.renewals.checkpoints import decides_from
from domain.workbooks.edited_plans import Edit, Key, Merge, Rows, Value, Values, merge
from domain.workbooks.edited_tasks import tasks_after
from handlers.ask import Ask
from handlers.workbooks.plan_cells import Refused, Said
from handlers.workbooks.plan_packing import packed_values
from handlers.workbooks.plan_state import PlanState
from words import Words

MOST_HOURS = Decimal(200)
Wrong = dict[str, str]
"""By field: why it is not taken."""


@dataclass(frozen=True)
class Review:
    """merge: without what is refused; moved: every task that changes; plays: those whose event moves."""

    state: PlanState
    said: Said
    merge: Merge
    refused: tuple[Refused, ...]
    moved: tuple[Moved, ...]
    plays: tuple[Play, ...]

    @property
    def by_row(self) -> Mapping[Key, Values]:
        found: dict[Key, dict[str, Value]] = {}
        for edit in self.merge.changed:
            found.setdefault(edit.key, {})[edit.field] = edit.after
        return found

    @property
    def followed(self) -> tuple[Moved, ...]:
        """Tasks that change though the file says nothing of them."""
        edited = {row_id for entity, row_id in self.by_row if entity == "tasks"}
        return tuple(each for each in self.moved if each.before.task_id not in edited)

    @property
    def empty(self) -> bool:
        return not self.merge.changed and not self.merge.added

    @property
    def clean(self) -> bool:
        return not self.refused and not self.merge.conflicts and not self.merge.unknown


def review(ask: Ask, state: PlanState, base: Rows, said: Said, export_id: str) -> Review:
    ids = new_ids(export_id, said.new)
    found = merge(base, said.rows, state.rows(), dict(zip(ids, said.new, strict=True)))
    refused = list(said.refused)
    wrong = _wrong(ask, state, found)
    refused += [Refused(said.places[key, name], why) for key, fields in wrong.items() for name, why in fields.items()]
    kept = tuple(edit for edit in found.changed if edit.field not in wrong.get(edit.key, {}))
    added, faults = _new(ask.words, found.added or {}, dict(zip(ids, said.new_places, strict=True)), ask.today)
    found = replace(found, changed=kept, added=added)
    edits = _of_tasks(kept)
    moved, plays = tasks_after(
        state.stages.tasks, state.plays, state.stages.books, edits,
        workdays=Workdays(state.account.country), today=ask.today, who=ask.caller.email or "operator",
    )  # fmt: skip
    return Review(state, said, found, (*refused, *faults), moved, plays)


def new_ids(export_id: str, new: Sequence[Values]) -> list[str]:
    """The same for the same row of the same export: sent twice, it is one task; two alike rows are two."""
    found: list[str] = []
    for values in new:
        content = {name: value for name, value in packed_values(values).items() if value is not None}
        said = json.dumps([export_id, content], sort_keys=True, ensure_ascii=False)
        digest = "W" + hashlib.sha256(said.encode()).hexdigest()[:12]
        count = sum(one.partition("-")[0] == digest for one in found)
        found.append(f"{digest}-{count + 1}" if count else digest)
    return found


def _of_tasks(edits: Sequence[Edit]) -> dict[str, Values]:
    found: dict[str, dict[str, Value]] = {}
    for edit in edits:
        if edit.key[0] == "tasks":
            found.setdefault(edit.key[1], {})[edit.field] = edit.after
    return dict(found)


def _wrong(ask: Ask, state: PlanState, found: Merge) -> dict[Key, Wrong]:
    ours = state.rows()
    by_row: dict[Key, dict[str, Value]] = {}
    for edit in found.changed:
        by_row.setdefault(edit.key, {})[edit.field] = edit.after
    checked = {}
    for key, edits in by_row.items():
        fields = RULES[key[0]](ask, state, key[1], {**ours[key], **edits})
        # A rule may blame a field that was left as it is: then the edit that made it wrong is refused.
        named = {name if name in edits else next(iter(edits)): why for name, why in fields.items()}
        if named:
            checked[key] = named
    return checked


def _empty(words: Words, values: Values, *names: str) -> Wrong:
    return {name: words._("cannot be empty") for name in names if values.get(name) is None}


def _ahead(words: Words, before: date | None, after: Value, today: date) -> str | None:
    """What is wrong with a day that is to come."""
    if not isinstance(after, date) or after == before:
        return None
    if is_too_far(after, today):
        return words._("this day is more than ten years ahead")
    return words._("this day has passed: choose one still to come") if after < today else None


def _future(words: Words, after: Value, today: date) -> str | None:
    ahead = isinstance(after, date) and after > today
    return words._("this day is still to come") if ahead else None


def _filled(**wrong: str | None) -> Wrong:
    return {name: why for name, why in wrong.items() if why}


def _outcome(ask: Ask, state: PlanState, row_id: str, values: Values) -> Wrong:
    words, stood = ask.words, state.outcomes[row_id]
    still = values["target"] is not None and values["target"] == values["baseline"]
    confirmed = _future(words, values["confirmed_on"], ask.today)
    reached, on = stood.achieved_on, values["confirmed_on"]
    if reached and isinstance(on, date) and on < reached:
        confirmed = words._("it was reached on {day}: it cannot be confirmed before", day=words.day(reached))
    unsaid = values["confirmed_on"] is not None and values["confirmed_by"] is None and stood.contact_id is None
    return _empty(words, values, "statement") | _filled(
        target=words._("the target is where they started: nothing would have to change") if still else None,
        due_on=_ahead(words, stood.due_on, values["due_on"], ask.today),
        confirmed_on=confirmed,
        confirmed_by=words._("write who confirmed it") if unsaid else None,
    )


def _goal(ask: Ask, state: PlanState, row_id: str, values: Values) -> Wrong:
    words, stood = ask.words, state.goals[row_id]
    still = stood.baseline is not None and values["target"] == stood.baseline
    return _empty(words, values, "target", "due_on") | _filled(
        due_on=_ahead(words, stood.due_on, values["due_on"], ask.today),
        target=words._("the target is where they started: nothing would have to change") if still else None,
    )


def _task(ask: Ask, state: PlanState, row_id: str, values: Values) -> Wrong:
    words, stood = ask.words, state.by_task[row_id]
    wrong = _empty(words, values, "due_on", "status", "hours")
    moved = values["due_on"] != stood.due_on
    if moved and values["status"] != "open":
        wrong["due_on"] = words._("only an open task can be moved")
    elif past := _ahead(words, stood.due_on, values["due_on"], ask.today):
        wrong["due_on"] = past
    if values["status"] == "skipped" and stood.status != "skipped" and not values["note"]:
        wrong["status"] = words._("what is left out needs its reason in the note")
    return wrong | _hours(words, values.get("hours"))


def _hours(words: Words, hours: Value) -> Wrong:
    off = isinstance(hours, Decimal) and not 0 <= hours <= MOST_HOURS
    return (
        {"hours": words._("is outside of the scale, {lowest} to {highest}", lowest=0, highest=MOST_HOURS)}
        if off
        else {}
    )


def _contact(ask: Ask, _state: PlanState, _row_id: str, values: Values) -> Wrong:
    return _filled(left_on=_future(ask.words, values["left_on"], ask.today))


def _call(ask: Ask, state: PlanState, row_id: str, values: Values) -> Wrong:
    words, renewal = ask.words, state.renewals[date.fromisoformat(row_id)]
    wrong = _empty(words, values, "call")
    if values["call"] == "monitor" and ask.today >= decides_from(renewal):
        wrong["call"] = words._("the decision is near: “monitor” is no call any more")
    if values["call"] not in {None, "renew"} and not values["reason"]:
        wrong["call"] = words._("a call other than “renew” needs its reason beside it")
    return wrong


RULES: Mapping[str, Callable[[Ask, PlanState, str, Values], Wrong]] = {
    "outcomes": _outcome,
    "goals": _goal,
    "tasks": _task,
    "contacts": _contact,
    "renewal_calls": _call,
}


def _new(
    words: Words, added: Mapping[str, Values], places: Mapping[str, Mapping[str, Any]], today: date
) -> tuple[dict[str, Values], list[Refused]]:
    """A new task has a title and a day; whatever is wrong with it, the whole row waits."""
    kept: dict[str, Values] = {}
    refused: list[Refused] = []
    for name, values in added.items():
        where = next(iter(places[name].values()))
        wrong = _empty(words, values, "title", "due_on") | _hours(words, values.get("hours"))
        if past := _ahead(words, None, values.get("due_on"), today):
            wrong["due_on"] = past
        if wrong:
            refused += [
                Refused(places[name].get(field, where), f"{_header(words, field)}: {why}")
                for field, why in wrong.items()
            ]
        else:
            kept[name] = values
    return kept, refused


def _header(words: Words, field: str) -> str:
    from reports.plan_columns import header  # noqa: PLC0415  with openpyxl behind it

    return header(words, "tasks", field)
