"""An edited plan for a script: `import-plan --json`."""

from typing import Any

from domain.workbooks.edited_plans import Key
from handlers.workbooks.plan_packing import packed_values
from handlers.workbooks.plan_review import Review
from handlers.workbooks.plan_sent import Sent


def as_json(sent: Sent, found: Review, *, applied: bool) -> dict[str, Any]:
    """For `import-plan --json`; values as they are kept, not as they are shown."""
    merge = found.merge
    return {
        "account": sent.account.account_id,
        "export_id": sent.export.export_id,
        "applied": applied,
        "changed": [
            {**_place(sent, each.key, each.field), **packed_values({"before": each.before, "after": each.after})}
            for each in merge.changed
        ],
        "added": [{"id": name, **packed_values(values)} for name, values in (merge.added or {}).items()],
        "moved_with_them": [
            {"id": each.before.task_id, "status": each.after.status,
             **packed_values({"before": each.before.due_on, "after": each.after.due_on})}
            for each in found.followed
        ],
        "conflicts": [
            {**_place(sent, each.key, each.field),
             **packed_values({"base": each.base, "theirs": each.theirs, "ours": each.ours}), "gone": each.gone}
            for each in merge.conflicts
        ],
        "refused": [
            {"sheet": one.place.sheet, "cell": one.place.cell, "given": one.given, "why": one.why}
            for one in found.refused
        ],
        "unknown_rows": [list(key) for key in merge.unknown],
        "rows_not_in_the_file": len(merge.absent),
        "sheets_without_ids": list(sent.lacking),
        "sheets_not_in_the_file": list(sent.absent_sheets),
        "unchanged": merge.unchanged,
    }  # fmt: skip


def _place(sent: Sent, key: Key, field: str) -> dict[str, str]:
    place = sent.said.places.get((key, field))
    at = {"sheet": place.sheet, "cell": place.cell} if place else {}
    return {**at, "entity": key[0], "id": key[1], "field": field}
