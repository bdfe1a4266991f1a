"""docs/playbook.schema.json, for editors, written from the model: `python -m reports.playbook_schema`."""

import json
from pathlib import Path

from domain.playbooks.playbooks import Playbook
from words.facts import NAMES

FILE = Path(__file__).parent.parent / "docs" / "playbook.schema.json"


def schema() -> str:
    """The JSON Schema of a playbook's file."""
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Playbook.model_json_schema()}
    for name, form in found["$defs"]["Where"]["properties"].items():
        form["description"] = NAMES[name]
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema(), encoding="utf-8")
