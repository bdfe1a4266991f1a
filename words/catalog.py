"""Keeping the catalogs: `python -m words.catalog` brings every msgid of the source into each language's file."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from words import LANGUAGES, catalog_file

HOUSE = Path(__file__).parent.parent
FLOORS = ("handlers", "reports", "words")
# Which arguments of a call are messages: (context, singular, plural), by place.
CALLS: Mapping[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "N_": (None, 0, None),
    "NN_": (None, 0, 1),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
}


def extracted() -> Catalog:
    """Every message of the source; read from the syntax tree, which sees into f-strings on every version of Python."""
    catalog = Catalog(charset="utf-8")
    for floor in FLOORS:
        for file in sorted((HOUSE / floor).rglob("*.py")):
            for context, message in _messages(ast.parse(file.read_text(encoding="utf-8"))):
                catalog.add(message, context=context)
    return catalog


def _messages(tree: ast.AST) -> Iterator[tuple[str | None, str | tuple[str, str]]]:
    for call in ast.walk(tree):
        name = _name(call.func) if isinstance(call, ast.Call) else ""
        if not isinstance(call, ast.Call) or name not in CALLS:
            continue
        context, singular, plural = (None if at is None else _literal(call, at) for at in CALLS[name])
        if singular is not None:
            yield context, (singular, plural) if plural is not None else singular


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _literal(call: ast.Call, at: int) -> str | None:
    argument = call.args[at] if at < len(call.args) else None
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def read(language: str) -> Catalog:
    with catalog_file(language).open("rb") as source:
        return read_po(source, locale=language)


def update(language: str) -> None:
    catalog = read(language) if catalog_file(language).exists() else Catalog(locale=language, charset="utf-8")
    made = catalog.creation_date
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.creation_date = made
    catalog.obsolete.clear()
    catalog_file(language).parent.mkdir(parents=True, exist_ok=True)
    with catalog_file(language).open("wb") as target:
        write_po(target, catalog, width=120, no_location=True, sort_output=True, omit_header=False)


if __name__ == "__main__":
    for spoken in LANGUAGES[1:]:
        update(spoken)
