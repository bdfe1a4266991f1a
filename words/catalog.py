"""Keeping the catalogs: `python -m words.catalog` brings every msgid of the source into each language's file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from words import LANGUAGES, catalog_file

HOUSE = Path(__file__).parent.parent
FLOORS = ("handlers", "reports", "words")
KEYWORDS = {"_": None, "N_": None, "NN_": (1, 2), "NC_": ((1, "c"), 2), "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def extracted() -> Catalog:
    """Every message of the source, without the lines on which they stand."""
    catalog = Catalog(charset="utf-8")
    for floor in FLOORS:
        for _file, _line, message, _comments, context in _messages(HOUSE / floor):
            catalog.add(message, context=context, flags=())
    return catalog


def _messages(folder: Path) -> Iterator[Any]:
    yield from extract_from_dir(str(folder), [("**.py", "python")], keywords=KEYWORDS)


def read(language: str) -> Catalog:
    with catalog_file(language).open("rb") as source:
        return read_po(source, locale=language)


def update(language: str) -> None:
    catalog = read(language) if catalog_file(language).exists() else Catalog(locale=language, charset="utf-8")
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog_file(language).parent.mkdir(parents=True, exist_ok=True)
    with catalog_file(language).open("wb") as target:
        write_po(target, catalog, width=120, no_location=True, sort_output=True, omit_header=False)


if __name__ == "__main__":
    for spoken in LANGUAGES[1:]:
        update(spoken)
