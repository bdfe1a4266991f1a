"""What a reviewed plan writes, in one transaction, as one gesture that can be taken back."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from domain.facts import Call, Outcome, RenewalCall
from domain.outcomes import is_at_target
from domain.playbooks.playbooks import Side
from domain.playbooks.plays import Task
from domain.policies.policy_experience import Channel
from domain.workbooks.edited_plans import Value, Values
from handlers.ask import Ask
from handlers.outcomes.goal_progress import goal_values
from handlers.workbooks.plan_review import Review
from handlers.workbooks.plan_state import PlanState
from storage import changes
from storage.database import Transaction
from storage.facts import renewal_calls
from storage.playbooks import plays, tasks

BY_FORM = "modal"
OWN_HOURS = 0.0


def write(tx: Transaction, ask: Ask, found: Review) -> int | None:
    """The last of its changes, None where nothing changed. The review is of this transaction."""
    by: dict[str, Any] = {
        "who": ask.caller.email or "operator", "at": ask.now, "origin": changes.gesture(BY_FORM, ask.token),
        "on": ask.today,
    }  # fmt: skip
    made = [change for change in _written(tx, found, by) if change is not None]
    return max(made, default=None)


def _written(tx: Transaction, found: Review, by: Mapping[str, Any]) -> Iterator[int | None]:
    state, on = found.state, by["on"]
    for (entity, row_id), values in sorted(found.by_row.items()):
        if entity == "outcomes":
            said = outcome_values(state, state.outcomes[row_id], values, on)
            yield changes.edit(tx, "outcomes", {"outcome_id": row_id}, said, **by)
        elif entity == "goals":
            said = goal_values(state.goals[row_id], values, on)
            yield changes.edit(tx, "goals", {"goal_id": row_id}, said, **by)
        elif entity == "contacts":
            yield changes.edit(tx, "contacts", {"contact_id": row_id}, values, **by)
        elif entity == "renewal_calls":
            yield _call(tx, state, date.fromisoformat(row_id), values, by)
    yield from plays.write_tasks(tx, found.moved, by)
    for play in found.plays:
        yield changes.edit(tx, "plays", {"play_id": play.play_id}, {"event_on": play.event_on}, **by)
    for task_id, values in (found.merge.added or {}).items():
        yield tasks.add(tx, new_task(state, task_id, values, by), **by)


def outcome_values(state: PlanState, stood: Outcome, values: Values, on: date) -> dict[str, Value]:
    """At the target it is reached; who confirmed it is named by id, whoever expects it where nobody is named."""
    said = dict(values)
    now = {name: said.get(name, getattr(stood, name)) for name in ("baseline", "target", "current")}
    there = is_at_target(now["baseline"], now["target"], now["current"])
    if stood.achieved_on is None and there and {"current", "target"} & said.keys():
        said["achieved_on"] = on
    if "confirmed_by" in said or "confirmed_on" in said:
        by = said.get("confirmed_by", stood.confirmed_by)
        ids = {contact.name: contact_id for contact_id, contact in state.contacts.items()}
        confirmed = said.get("confirmed_on", stood.confirmed_on)
        said["confirmed_by"] = (ids.get(str(by), by) if by else stood.contact_id) if confirmed else None
        if confirmed and stood.achieved_on is None:
            said["achieved_on"] = said.get("achieved_on", confirmed)
    return said


def _call(tx: Transaction, state: PlanState, ends_on: date, values: Values, by: Mapping[str, Any]) -> int | None:
    """The amount and the competitor stay while the call is the same."""
    stood = state.call(ends_on)
    call = cast("Call", values.get("call", stood.call if stood else None))
    reason = values.get("reason", stood.reason if stood else None)
    same = stood is not None and stood.call == call
    said = RenewalCall(
        "csm", call, by["on"], ends_on, None if reason is None else str(reason),
        stood.competitor if same and stood else None, stood.annual if same and stood else None,
    )  # fmt: skip
    return renewal_calls.give(tx, state.account.number, said, who=by["who"], at=by["at"], origin=by["origin"])


def new_task(state: PlanState, task_id: str, values: Values, by: Mapping[str, Any]) -> Task:
    """Somebody's own: of the back stage and of whoever writes it, unless the row says otherwise."""
    status = cast("Any", values.get("status") or "open")
    done = status != "open"
    owner = values.get("owner") or (by["who"] if "@" in by["who"] else state.account.csm)
    return Task(
        task_id=task_id,
        account=state.account.number,
        side=cast("Side", values.get("side") or "back"),
        due_on=cast("date", values["due_on"]),
        title=str(values["title"]),
        owner=str(owner) if owner else None,
        contact_id=cast("str | None", values.get("contact_id")),
        channel=cast("Channel | None", values.get("channel")),
        hours=float(str(values.get("hours") or OWN_HOURS)),
        status=status,
        done_on=by["on"] if done else None,
        done_by=by["who"] if done else None,
        note=cast("str | None", values.get("note")),
    )
