"""How an edited plan is told: what changes, what came, what both sides changed, which cells are refused and why."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from domain.playbooks.plays import Moved
from domain.workbooks.edited_plans import Conflict, Edit, Key, Value, Values
from handlers.ask import Ask, Reply
from handlers.blocks import Block, actions, bullets, button, clipped, context, named, section
from handlers.outcomes.measuring import PERCENT
from handlers.undo import undo_button
from handlers.workbooks.plan_review import Review
from handlers.workbooks.plan_sent import Sent
from handlers.workbooks.plan_work import owner_label
from words import Words

SHOWN, LONGEST = 8, 90


def summary(ask: Ask, sent: Sent, found: Review, name: str | None) -> Reply:
    """`name`: under which it waits for the click, None where there is nothing to apply."""
    words, account = ask.words, sent.account
    if found.empty:
        said = words._("The plan of {name} changes nothing.", name=named(account.name))
    else:
        said = words._("The plan of {name}: {counts}.", name=named(account.name), counts=_counts(words, found))
    apply = button(words._("Apply"), "turn", f"import-plan {name}", style="primary") if name else None
    see = button(words._("See the card"), "ask", f"health {account.account_id}")
    return Reply(said, (section(said), *_details(ask, sent, found), actions(apply, see)), pending=name is not None)


def applied(ask: Ask, sent: Sent, found: Review, made: int | None) -> Reply:
    words, account = ask.words, sent.account
    if made is None:
        said = words._("The plan of {name} changes nothing.", name=named(account.name))
    else:
        counts = _counts(words, found)
        said = words._("Applied to {name}: {counts}.", name=named(account.name), counts=counts)
    see = button(words._("See the two stages"), "ask", f"stage {account.account_id}")
    sign = "✓" if made else "•"
    return Reply(said, (section(f"{sign} {said}"), *_details(ask, sent, found), actions(see, undo_button(words, made))))


def _counts(words: Words, found: Review) -> str:
    merge = found.merge
    changed, added, followed = len(merge.changed), len(merge.added or {}), len(found.followed)
    parts = [
        (changed, words.ngettext("{n} value changes", "{n} values change", changed)),
        (added, words.ngettext("{n} new task", "{n} new tasks", added)),
        (followed, words.ngettext("{n} task follows", "{n} tasks follow", followed)),
    ]
    return ", ".join(said for count, said in parts if count)


def _details(ask: Ask, sent: Sent, found: Review) -> Iterator[Block]:
    words, merge = ask.words, found.merge
    yield from _group(words, words._("Changes"), [_change(ask, sent, found, each) for each in merge.changed])
    yield from _group(words, words._("New tasks"), [_added(ask, each) for each in (merge.added or {}).values()])
    yield from _group(words, words._("What moves with them"), [_moved(ask, found, each) for each in found.followed])
    yield from _group(
        words, words._("Changed on both sides: I leave them as they are here"),
        [_conflict(ask, sent, found, each) for each in merge.conflicts],
    )  # fmt: skip
    yield from _group(
        words, words._("Cells that I cannot take"),
        [_refused_cell(words, one.place.sheet, one.place.cell, one.given, one.why) for one in found.refused],
    )  # fmt: skip
    notes = list(_notes(words, sent, found))
    if notes:
        yield context(*notes)


def _group(words: Words, title: str, lines: Sequence[str]) -> Iterator[Block]:
    if lines:
        yield section(f"*{title}*", *bullets(words, lines, SHOWN))


def _notes(words: Words, sent: Sent, found: Review) -> Iterator[str]:
    merge = found.merge
    same = merge.unchanged
    yield words.ngettext("{n} value is as it was.", "{n} values are as they were.", same)
    if sent.absent_sheets:
        names = words.listed(sent.absent_sheets)
        yield words._("Not in the file, and so not touched: {names}.", names=names)
    absent = len(merge.absent)
    if absent and not sent.absent_sheets:
        yield words.ngettext(
            "{n} row is not in the file: taking a row out deletes nothing.",
            "{n} rows are not in the file: taking rows out deletes nothing.",
            absent,
        )
    if sent.lacking:
        names = words.listed(sent.lacking)
        yield words._("Without the column of row ids I cannot read: {names}.", names=names)
    if merge.unknown:
        yield words.ngettext(
            "{n} row is of no plan that I exported: new rows are taken on the sheet of tasks only, without an id.",
            "{n} rows are of no plan that I exported: new rows are taken on the sheet of tasks only, without an id.",
            len(merge.unknown),
        )


def _change(ask: Ask, sent: Sent, found: Review, each: Edit) -> str:
    before, after = (_shown(ask, found, each.key, each.field, value) for value in (each.before, each.after))
    return f"{_where(ask, sent, found, each.key, each.field)}: {before} → {after}"


def _conflict(ask: Ask, sent: Sent, found: Review, each: Conflict) -> str:
    where = _where(ask, sent, found, each.key, each.field)
    if each.gone:
        return ask.words._("{where}: it is gone meanwhile", where=where)
    base, theirs, ours = (_shown(ask, found, each.key, each.field, v) for v in (each.base, each.theirs, each.ours))
    return ask.words._("{where}: was {base}, in the file {theirs}, here {ours}", where=where, base=base, theirs=theirs,
                       ours=ours)  # fmt: skip


def _where(ask: Ask, sent: Sent, found: Review, key: Key, field: str) -> str:
    """Sheet and cell, whose row it is, and the column."""
    from reports.plan_columns import header  # noqa: PLC0415  with openpyxl behind it

    place = sent.said.places.get((key, field))
    at = f"{place.sheet} {place.cell} · " if place else ""
    return f"{at}{_row(ask, found, key)} · {header(ask.words, key[0], field)}"


def _row(ask: Ask, found: Review, key: Key) -> str:
    """What the row is about, as it is called here."""
    state, (entity, row_id) = found.state, key
    if entity == "tasks" and row_id in state.by_task:
        return named(state.stages.title(ask.words, state.by_task[row_id]), 50)
    if entity == "outcomes" and row_id in state.outcomes:
        return named(state.outcomes[row_id].statement, 50)
    if entity == "goals" and row_id in state.goals:
        return named(state.goals[row_id].statement or row_id, 50)
    if entity == "contacts" and row_id in state.contacts:
        return named(state.contacts[row_id].name, 50)
    return ask.words.day(date.fromisoformat(row_id)) if entity == "renewal_calls" else named(row_id, 50)


def _shown(ask: Ask, found: Review, key: Key, field: str, value: Value) -> str:
    from reports.plan_columns import CHOICES, label  # noqa: PLC0415

    words = ask.words
    if value is None:
        return words._("(empty)")
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, Decimal):
        goal = found.state.goals.get(key[1]) if key[0] == "goals" else None
        return words.percent(value / 100) if goal and goal.kpi in PERCENT else words.number(value)
    if (key[0], field) in CHOICES:
        return label(words, key[0], field, value)
    said = owner_label(found.state, value) if field == "owner" else value
    return words._("“{text}”", text=named(said or value, LONGEST))


def _added(ask: Ask, values: Values) -> str:
    due = values["due_on"]
    day = ask.words.day(due) if isinstance(due, date) else ""
    return f"{day} · {named(str(values['title']), LONGEST)}"


def _moved(ask: Ask, found: Review, each: Moved) -> str:
    title = named(found.state.stages.title(ask.words, each.after), 60)
    if each.after.status != each.before.status:
        return ask.words._("{task}: not needed any more", task=title)
    return ask.words._("{task}: {before} → {after}", task=title, before=ask.words.day(each.before.due_on),
                       after=ask.words.day(each.after.due_on))  # fmt: skip


def _refused_cell(words: Words, sheet: str, cell: str, given: str, why: str) -> str:
    said = f" {words._('“{value}”', value=named(given, 40))}" if given else ""
    return clipped(f"{sheet} {cell}{said}: {why}", 300)
