import json

from domain.fact_kinds import KINDS
from domain.playbooks.merge import FIELDS
from domain.playbooks.playbooks import Activity
from reports.playbook_guide import HEADING, PAGE, tables
from reports.playbook_schema import FILE, schema


def test_the_schema_for_editors_is_what_the_model_says() -> None:
    assert FILE.read_text(encoding="utf-8") == schema(), "run python -m reports.playbook_schema"


def test_every_key_and_fact_is_explained() -> None:
    found = json.loads(schema())
    parts = [found, *found["$defs"].values()]
    bare = [name for part in parts for name, key in part["properties"].items() if "description" not in key]
    assert set(bare) - {"message"} == set(), "an editor shows nothing beside these"


def test_the_guide_ends_with_every_field_and_every_fact() -> None:
    written, said = PAGE.read_text(encoding="utf-8"), tables()
    assert written.endswith(HEADING + said.removeprefix(HEADING)), "run python -m reports.playbook_guide"
    assert [name for name in (*FIELDS, *KINDS) if f"| `{name}` |" not in said] == []


def test_the_example_of_the_guide_has_keys_that_there_are() -> None:
    example = PAGE.read_text(encoding="utf-8").split("    - id: F2")[1].split("\n\n")[0]
    keys = {line.strip().split(":")[0] for line in example.splitlines() if line.startswith("      ")}
    assert keys <= set(Activity.model_fields)
    assert {"side", "needs", "contingency"} <= keys
