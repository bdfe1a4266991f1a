"""The tables that end docs/playbooks.md, written from the code: `python -m reports.playbook_guide`."""

from collections.abc import Iterator
from pathlib import Path

from domain.fact_kinds import KINDS, OF_PLAY, SPOKEN
from domain.playbooks.merge import FIELDS
from words.facts import NAMES

PAGE = Path(__file__).parent.parent / "docs" / "playbooks.md"
HEADING = "## The fields of a text\n"
ASKED = {
    "percent": "number, in %",
    "points": "number, in points",
    "days": "number, of days",
    "count": "number",
    "money": "number, of money",
    "flag": "true or false",
    "word": "word",
    "words": "word",
}


def tables() -> str:
    """The fields, then the facts."""
    return "\n".join([HEADING, *_fields(), "", "## The facts of a rule", "", *_facts(), ""])


def _fields() -> Iterator[str]:
    yield "| field | what it holds |"
    yield "|---|---|"
    yield from (f"| `{name}` | {said} |" for name, said in FIELDS.items())


def _facts() -> Iterator[str]:
    yield "| fact | asked as | what it is |"
    yield "|---|---|---|"
    for name, kind in KINDS.items():
        asked = ", ".join(f"`{word}`" for word in SPOKEN[name]) if name in SPOKEN else ASKED[kind]
        only = " (of a running play: only in `follow_up`)" if name in OF_PLAY else ""
        yield f"| `{name}` | {asked} | {NAMES[name]}{only} |"


if __name__ == "__main__":
    written = PAGE.read_text(encoding="utf-8").split(HEADING)[0]
    PAGE.write_text(written + tables(), encoding="utf-8")
