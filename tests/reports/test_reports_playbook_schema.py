import json
from pathlib import Path

from domain.merge import FIELDS
from domain.situations import KINDS
from reports.playbook_schema import FILE, schema

GUIDE = Path(FILE).parent / "playbooks.md"


def test_the_schema_for_editors_is_what_the_model_says() -> None:
    assert FILE.read_text(encoding="utf-8") == schema(), "run python -m reports.playbook_schema"


def test_every_key_and_fact_is_explained() -> None:
    found = json.loads(schema())
    parts = [found, *found["$defs"].values()]
    bare = [name for part in parts for name, key in part["properties"].items() if "description" not in key]
    assert set(bare) - {"message"} == set(), "an editor shows nothing beside these"


def test_the_guide_names_every_field_and_every_fact() -> None:
    written = GUIDE.read_text(encoding="utf-8")
    assert [name for name in (*FIELDS, *KINDS) if f"`{name}`" not in written] == []
