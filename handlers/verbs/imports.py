"""What an import did, in the reader's words: for the terminal, and as JSON."""

from collections.abc import Iterator
from typing import Any

from storage.importing.imports import FileReport, Refusal, Report, Undone, Warned
from words import N_, Words

SHOWN = 10

REASONS = {
    "required": N_("is required"),
    "not_a_date": N_("is not a date"),
    "no_such_day": N_("there is no such day"),
    "not_a_time": N_("is not a time"),
    "ambiguous_date": N_("day and month cannot be told apart; write this in the policy: {setting} (or mdy)"),
    "in_the_future": N_("lies in the future"),
    "not_a_number": N_("is not a number"),
    "ambiguous_number": N_(
        "thousands and decimals cannot be told apart; write this in the policy: {setting} (or comma)"
    ),
    "not_whole": N_("is not a whole number"),
    "too_small": N_("is less than {limit}"),
    "too_large": N_("is more than {limit}"),
    "too_many_decimals": N_("has more than four decimals, or is too large; a year's price can be given as arr"),
    "not_a_flag": N_("is neither yes nor no"),
    "not_an_email": N_("is not an e-mail address"),
    "not_a_country": N_("is not a country's two-letter code"),
    "not_a_currency": N_("is not a currency's three-letter code"),
    "not_a_choice": N_("is none of: {choices}"),
    "too_long": N_("is longer than {limit} characters"),
    "spaces_in_id": N_("an id with two spaces in a row, or a line's end, cannot be named in a command"),
    "too_many_cells": N_("the row has more cells than the header"),
    "ambiguous_person": N_("several people bear this name, give the e-mail: {people}"),
    "taken": N_("belongs to {owner} already"),
    "last_admin": N_("nobody would be left who administers: make somebody else admin first"),
    "currency_mismatch": N_("the amount says {sign} and the row says {currency}"),
    "currency_not_here": N_("the amount is in the contract's currency: write it without a sign"),
    "formula_without_value": N_("a formula whose result was never saved: open the file in Excel and save it"),
    "excel_error": N_("an Excel error instead of a value"),
    "end_before_start": N_("the end comes before the start"),
    "off_scale": N_("is outside of the scale, {lowest} to {highest}"),
    "several_prices": N_("several prices ({columns}): give one"),
    "no_price": N_("no price: give mrr, arr, or amount with interval"),
    "amount_without_interval": N_("amount and interval go together"),
    "duplicate": N_("the same key with other content is in line {line}"),
    "both_revenues": N_("the account has rows in {other}: an account has subscriptions or mrr, not both"),
    "invalid": N_("is not valid"),
}
UNREADABLE = {
    "no_such_file": N_("there is no such file"),
    "not_a_data_file": N_("its name is none of the files that are imported (docs/data.md)"),
    "unreadable": N_("it cannot be opened"),
    "empty": N_("it is empty"),
    "binary": N_("it is not a text file (line {line})"),
    "wrong_encoding": N_("it is not written in {encoding}"),
    "cell_too_large": N_("line {line} has a cell of more than {limit} characters"),
    "missing_columns": N_("required columns are missing: {columns}. Found: {found}"),
    "encrypted": N_("the workbook is protected by a password"),
    "old_excel": N_("an old Excel file (.xls): save it as .xlsx"),
    "not_a_workbook": N_("it is not an Excel workbook"),
    "corrupt": N_("the workbook is damaged"),
    "too_large_inflated": N_("the workbook inflates to more than is read ({limit} MB)"),
}
WARNINGS = {
    "unknown_person": N_("nobody in the people file is called {name}: kept as it is written"),
    "above_seats": N_("{account}: {active} active users with {seats} seats ({days} days)"),
    "usage_outside_subscription": N_("{account}: use outside of any subscription ({days} days, last {newest})"),
}
NOT_UNDONE = {
    "no_such_import": N_("There is no import {import_id}."),
    "already_undone": N_("Import {import_id} was undone already."),
    "too_late": N_("Import {import_id} is more than {days} days old: it can no longer be undone."),
    "last_admin": N_(
        "Without import {import_id} nobody would be left who administers: "
        "import a people file with another admin first."
    ),
}
LEFT = {
    "edited": N_("edited since"),
    "later_import": N_("changed by a later import"),
    "needed": N_("other rows need it"),
}


def reason(refusal: Refusal, words: Words) -> str:
    """Why a row was refused."""
    said = _said(REASONS, refusal.code, refusal.params, words)
    given = words._("“{value}”", value=refusal.value) if refusal.value else ""
    where = " ".join(part for part in (refusal.column, given) if part)
    return f"{where}: {said}" if where else said


def _said(sentences: dict[str, str], code: str, params: Any, words: Words) -> str:
    shown = {name: words.listed(map(str, each)) if isinstance(each, list) else each for name, each in params.items()}
    return words._(sentences[code], **shown)


def answer(report: Report | Undone, words: Words) -> str:
    """The report for a terminal."""
    lines = _undone(report, words) if isinstance(report, Undone) else _imported(report, words)
    return "\n".join(lines)


def _imported(report: Report, words: Words) -> Iterator[str]:
    for file in report.files:
        yield f"{file.name}: {_outcome(file, words)}"
        yield from (f"  {line}" for line in _details(file, words))
    for entity, count in report.landed.items():
        yield words.ngettext(
            "{n} parked row of {file} has landed", "{n} parked rows of {file} have landed", count, file=entity
        )
    if report.ignored:
        yield words._("Not data files, ignored: {names}", names=", ".join(report.ignored))
    yield _closing(report, words)


def _closing(report: Report, words: Words) -> str:
    if not any(file.entity and not file.error for file in report.files):
        return words._("Nothing was imported.")
    if report.checked:
        return words._("Only checked: nothing was written.")
    if report.already_imported and not any(f.added or f.changed or f.removed for f in report.files):
        return words._("These files were imported before; nothing changed. Import {id}.", id=report.import_id)
    return words._("Import {id}. To take it back: bot.py import --undo {id}", id=report.import_id)


def _outcome(file: FileReport, words: Words) -> str:
    if file.error:
        return _said(UNREADABLE, file.error.code, file.error.params, words)
    counts = [
        (file.added, words.ngettext("{n} added", "{n} added", file.added)),
        (file.changed, words.ngettext("{n} changed", "{n} changed", file.changed)),
        (file.removed, words.ngettext("{n} removed", "{n} removed", file.removed)),
        (file.unchanged, words.ngettext("{n} unchanged", "{n} unchanged", file.unchanged)),
        (
            file.parked,
            words.ngettext("{n} parked (account not known yet)", "{n} parked (accounts not known yet)", file.parked),
        ),
        (file.refused, words.ngettext("{n} refused", "{n} refused", file.refused)),
    ]
    return ", ".join(said for count, said in counts if count) or words._("no rows")


def _details(file: FileReport, words: Words) -> Iterator[str]:
    for header, nearest in file.unknown_columns:
        if nearest:
            yield words._("column “{header}” is not known; did you mean {nearest}?", header=header, nearest=nearest)
        else:
            yield words._("column “{header}” is not known; name it x_… to keep it", header=header)
    for refusal in file.refusals[:SHOWN]:
        yield words._("line {line}: {reason}", line=refusal.line, reason=reason(refusal, words))
    if file.refused_file:
        yield words._("all refused rows, with the reason: {path}", path=file.refused_file)
    for warning in file.warnings[:SHOWN]:
        yield _said(WARNINGS, warning.code, warning.params, words)
    if (more := len(file.warnings) - SHOWN) > 0:
        yield words.ngettext("and {n} more warning", "and {n} more warnings", more)
    for conflict in file.conflicts[:SHOWN]:
        yield words._(
            "{entity} {key}: {column} was edited to “{standing}” and the file says “{imported}”: the edit stands",
            entity=conflict.entity, key=conflict.key, column=conflict.column,
            standing=conflict.standing, imported=conflict.imported,
        )  # fmt: skip


def _undone(undone: Undone, words: Words) -> Iterator[str]:
    if undone.error:
        yield _said(NOT_UNDONE, undone.error.code, undone.error.params, words)
        return
    yield words._(
        "Import {id} is undone: {removed} rows removed, {restored} restored.",
        id=undone.import_id, removed=words.number(undone.removed), restored=words.number(undone.restored),
    )  # fmt: skip
    for left in undone.left[:SHOWN]:
        because = words._(LEFT[left.because])
        yield words._("  left as it is: {entity} {key} ({because})", entity=left.entity, key=left.key, because=because)
    if (more := len(undone.left) - SHOWN) > 0:
        yield words.ngettext("  and {n} more", "  and {n} more", more)


def as_json(report: Report | Undone, words: Words) -> dict[str, Any]:
    """The report for scripts: stable codes, and the reader's words beside them."""
    if isinstance(report, Undone):
        return {
            "import_id": report.import_id,
            "ok": report.ok,
            "restored": report.restored,
            "removed": report.removed,
            "left": [{"file": each.entity, "key": each.key, "because": each.because} for each in report.left],
            "error": _coded(report.error, NOT_UNDONE, words),
        }
    return {
        "import_id": report.import_id,
        "ok": report.ok,
        "checked": report.checked,
        "already_imported": report.already_imported,
        "resumed": report.resumed,
        "files": [_file(file, words) for file in report.files],
        "landed": dict(report.landed),
        "ignored": list(report.ignored),
    }


def _file(file: FileReport, words: Words) -> dict[str, Any]:
    counts = ("added", "changed", "unchanged", "removed", "parked", "refused")
    return {
        "name": file.name,
        "file": file.entity,
        **{name: getattr(file, name) for name in counts},
        "refusals": [_refusal(refusal, words) for refusal in file.refusals],
        "refused_file": str(file.refused_file) if file.refused_file else None,
        "unknown_columns": [{"column": header, "nearest": nearest} for header, nearest in file.unknown_columns],
        "warnings": [_coded(warning, WARNINGS, words) for warning in file.warnings],
        "conflicts": [
            {
                "key": conflict.key,
                "column": conflict.column,
                "standing": conflict.standing,
                "imported": conflict.imported,
            }
            for conflict in file.conflicts
        ],
        "error": _coded(file.error, UNREADABLE, words),
    }


def _refusal(refusal: Refusal, words: Words) -> dict[str, Any]:
    return {
        "line": refusal.line,
        "column": refusal.column,
        "value": refusal.value,
        "code": refusal.code,
        "reason": _said(REASONS, refusal.code, refusal.params, words),
    }


def _coded(told: Warned | None, sentences: dict[str, str], words: Words) -> dict[str, Any] | None:
    if told is None:
        return None
    return {"code": told.code, **told.params, "reason": _said(sentences, told.code, told.params, words)}
