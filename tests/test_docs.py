"""What can be set or asked is written down, in both languages."""

from pathlib import Path

import pytest

import bot
from handlers.capabilities import CAPABILITIES

HOUSE = Path(__file__).parent.parent
READMES = ("README.md", "README.es.md")


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_is_in_the_readme(readme: str) -> None:
    written = (HOUSE / readme).read_text(encoding="utf-8")
    assert [name.upper() for name in bot.Settings.model_fields if f"`{name.upper()}`" not in written] == []


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_in_the_readme(readme: str) -> None:
    written = (HOUSE / readme).read_text(encoding="utf-8")
    shown = [word for word, capability in CAPABILITIES.items() if not capability.hidden]
    assert [word for word in shown if f"| `/{word}" not in written] == []


@pytest.mark.parametrize("readme", READMES)
def test_pictures_and_pages_that_are_named_exist(readme: str) -> None:
    written = (HOUSE / readme).read_text(encoding="utf-8")
    named = [part.split(")")[0] for part in written.split("](")[1:]]
    assert [name for name in named if "://" not in name and not (HOUSE / name).exists()] == []
