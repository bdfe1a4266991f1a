"""The rules of the house that a test can hold."""

import ast
import inspect
from pathlib import Path

import pytest
import yaml
from importlinter.cli import lint_imports

from handlers.capabilities import CAPABILITIES
from handlers.slack import listeners
from words.catalog import extracted, read

HOUSE = Path(__file__).parent.parent
FLOORS = ("handlers", "reports", "storage", "words", "domain", "playground")
BOLT = {
    "ack", "action", "body", "client", "command", "context", "error", "event", "logger", "message", "next", "next_",
    "options", "payload", "req", "resp", "respond", "say", "shortcut", "view",
}  # fmt: skip


def sources() -> list[Path]:
    return [file for floor in FLOORS for file in sorted((HOUSE / floor).rglob("*.py"))]


def test_imports_point_inwards(monkeypatch) -> None:
    """Its logging is left out: it would silence ours in the tests that come after."""
    monkeypatch.setattr("importlinter.cli._configure_logging", lambda *_, **__: None)
    assert lint_imports(config_filename=str(HOUSE / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("file", sources(), ids=lambda f: str(f.relative_to(HOUSE)))
def test_only_bot_reads_the_environment(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    read = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}]
    assert not read, f"{file} reads the environment in line {read[0].lineno}"


@pytest.mark.parametrize("file", sources(), ids=lambda f: str(f.relative_to(HOUSE)))
def test_nothing_is_built_at_import(file: Path) -> None:
    """No app, client, engine or scheduler stands in a module."""
    built = {"App", "WebClient", "Database", "create_engine", "Flask", "ThreadPoolExecutor", "Settings"}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            name = node.value.func
            assert not (isinstance(name, ast.Name) and name.id in built), f"{file}:{node.lineno}"


@pytest.mark.parametrize(
    "listener",
    [f for _, f in inspect.getmembers(listeners, inspect.isfunction)
     if f.__module__ == listeners.__name__ and not f.__name__.startswith("_") and f.__name__ != "register"],
    ids=lambda f: f.__name__,
)  # fmt: skip
def test_listeners_ask_only_for_what_is_provided(listener) -> None:
    """Bolt hands None, without a word, to an argument that it does not know."""
    assert set(inspect.signature(listener).parameters) <= BOLT | set(listeners.PROVIDED)


def test_the_manifest_names_the_commands_that_answer() -> None:
    manifest = yaml.safe_load((HOUSE / "manifest.yaml").read_text(encoding="utf-8"))
    commands = {command["command"] for command in manifest["features"]["slash_commands"]}
    assert commands == {f"/{word}" for word in CAPABILITIES if not CAPABILITIES[word].hidden} | {"/cs"}


def test_every_sentence_is_in_spanish() -> None:
    spanish, source = read("es"), extracted()
    wanted = {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m for m in source if m.id}
    translated = {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m for m in spanish if m.id}
    said = {key for key, m in translated.items() if all([m.string] if isinstance(m.string, str) else m.string)}
    assert sorted(map(str, set(wanted) - said)) == []
    assert sorted(map(str, set(translated) - set(wanted))) == [], "no longer said"
    assert [m.id for m in spanish if m.id and m.fuzzy] == []


def test_translations_keep_the_placeholders() -> None:
    for message in read("es"):
        forms = [message.id] if isinstance(message.id, str) else message.id
        translations = [message.string] if isinstance(message.string, str) else message.string
        known = set.union(*map(_placeholders, forms))
        for form, translation in zip(forms, translations, strict=True):
            assert _placeholders(translation) <= known, message.id
            assert _placeholders(form) - {"n"} <= _placeholders(translation), message.id


def _placeholders(sentence: str) -> set[str]:
    return {part.split("}")[0] for part in sentence.split("{")[1:]}
