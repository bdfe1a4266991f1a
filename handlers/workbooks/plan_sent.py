"""An edited plan as it was sent: read, told apart from others, and kept until whoever sent it confirms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.accounts import Account
from domain.folding import fold
from handlers.ask import Ask, Refused, refusal
from handlers.gestures import check_may_write
from handlers.workbooks.plan_cells import Reader, Said
from handlers.workbooks.plan_cells import Refused as RefusedCell
from handlers.workbooks.plan_packing import packed, packed_values, unpacked, unpacked_values
from handlers.workbooks.plan_state import PlanState, plan_state
from handlers.workbooks.plan_work import labels
from storage import accounts, exports
from storage.database import Transaction
from storage.exports import Export
from words import N_

UNREADABLE: Mapping[str, str] = {
    "not_a_workbook": N_("That is not an Excel workbook (.xlsx)."),
    "encrypted": N_("The workbook is protected by a password, or an old Excel file: save it as .xlsx without one."),
    "too_large": N_("The workbook is larger than an account plan can be: at most 10 MB."),
    "macros": N_("The workbook holds macros: save it as .xlsx without them."),
    "external_links": N_("The workbook refers to other files: break the links and save it again."),
    "corrupt": N_("The workbook is damaged: open it, save it again and send me that."),
    "no_export_id": N_(
        "The workbook carries no export id: it is none of my account plans, or its first sheet is gone."
    ),
}


@dataclass(frozen=True)
class Sent:
    """A plan that was read: of which export, what it says, and what its sheets lack."""

    export: Export
    account: Account
    said: Said
    lacking: tuple[str, ...]
    absent_sheets: tuple[str, ...]


def received(ask: Ask, content: bytes) -> Sent:
    """Raises Refused: for a viewer, a file that is no plan of ours, and one of an account out of sight."""
    from reports.edited_plan import Unreadable, read  # noqa: PLC0415  half a second that only a workbook is worth
    from reports.plan_columns import SHEETS  # noqa: PLC0415

    check_may_write(ask.caller, ask.words)
    try:
        plan = read(content)
    except Unreadable as wrong:
        raise _refused(ask.words._(UNREADABLE[wrong.code])) from None
    with ask.database.transaction() as tx:
        export, account = _export(tx, ask, plan.export_ids)
        state = plan_state(tx, ask, account)
        said = _reader(ask, state).said(plan, unpacked(export.content["rows"]))
    gone = tuple(ask.words._(title) for entity, title in SHEETS.items() if entity not in plan.entities)
    held = {entity for entity, _, _ in export.content["rows"]}
    absent = tuple(
        ask.words._(SHEETS[entity]) for entity in SHEETS if entity in held and ask.words._(SHEETS[entity]) in gone
    )
    return Sent(export, account, said, plan.without_ids, absent)


def _export(tx: Transaction, ask: Ask, ids: Iterable[str]) -> tuple[Export, Account]:
    """An id that nobody gave out, or of an account out of sight: answered alike."""
    for export_id in ids:
        export = exports.get(tx, export_id[:32])
        account = accounts.get(tx, export.account, ask.scope) if export and export.account else None
        if export is None or account is None or export.kind != "plan":
            continue
        if export.customer_safe:
            said = ask.words._("This is the customer's copy: it has no rows of ours to read back. Edit your own plan.")
            raise _refused(said)
        if "rows" not in export.content:
            said = ask.words._("This plan is older than its way back: export it again and edit that one.")
            raise _refused(said)
        return export, account
    raise _refused(ask.words._("I know no account plan with this export id that you may edit."))


def _reader(ask: Ask, state: PlanState) -> Reader:
    found: dict[str, str] = {}
    for email, said in state.stages.ours.items():
        name = fold(said)
        found[name] = "" if name in found else email
    emails = {fold(email): email for email in state.stages.ours}
    shown = {fold(label): email for email, label in labels(state.stages.ours).items()}
    stood = {fold(task.owner): task.owner for task in state.tasks if task.owner}
    held = {fold(goal.owner): goal.owner for goal in state.goals.values() if goal.owner}
    contacts: dict[str, str] = {}
    for contact in state.contacts.values():
        contacts[fold(contact.name)] = "" if fold(contact.name) in contacts else contact.contact_id
    return Reader(ask.words, stood | held | found | shown | emails, contacts)


def keep(tx: Transaction, ask: Ask, sent: Sent) -> str:
    """The name under which it waits for a click."""
    who = ask.caller.email or "operator"
    return exports.keep_edited(tx, sent.account.number, _packed(sent), who=who, at=ask.now)


def _packed(sent: Sent) -> dict[str, Any]:
    said = sent.said
    return {
        "of": sent.export.export_id,
        "rows": packed(said.rows),
        "new": [packed_values(values) for values in said.new],
        "places": [[*key, name, place.sheet, place.cell] for (key, name), place in said.places.items()],
        "new_places": [{name: [at.sheet, at.cell] for name, at in places.items()} for places in said.new_places],
        "refused": [[one.place.sheet, one.place.cell, one.why, one.given] for one in said.refused],
        "lacking": list(sent.lacking),
        "absent": list(sent.absent_sheets),
    }


def kept(tx: Transaction, ask: Ask, name: str) -> Sent:
    """What this person sent and was shown; of somebody else's there is nothing."""
    from reports.edited_plan import Place  # noqa: PLC0415

    found = exports.get(tx, name[:32])
    if found is None or found.kind != exports.EDITED or found.who != (ask.caller.email or "operator"):
        raise _refused(ask.words._("There is no edited plan of yours to apply: send me the file again."))
    content = found.content
    export, account = _export(tx, ask, [content["of"]])
    said = Said(
        rows={key: dict(values) for key, values in unpacked(content["rows"]).items()},
        new=[dict(unpacked_values("tasks", values)) for values in content["new"]],
        places={((entity, row), field): Place(sheet, cell) for entity, row, field, sheet, cell in content["places"]},
        new_places=[{field: Place(*at) for field, at in places.items()} for places in content["new_places"]],
        refused=[RefusedCell(Place(sheet, cell), why, given) for sheet, cell, why, given in content["refused"]],
    )
    return Sent(export, account, said, tuple(content["lacking"]), tuple(content["absent"]))


def _refused(said: str) -> Refused:
    return refusal(said)
