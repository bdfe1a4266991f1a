"""The playbooks of a folder: those that can be used, and why the others cannot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from domain.playbooks.playbook_files import load, placed, strangers
from domain.playbooks.playbooks import Playbook
from domain.policies.problems import PlainLoader, PolicyError, Problem, ReasonCode
from words.templates import fields_of

BIGGEST = 100_000
MOST_ALIASES = 20
ENDINGS = {".yaml", ".yml"}


@dataclass(frozen=True)
class Shelf:
    """By name, in the order of names."""

    playbooks: Mapping[str, Playbook] = field(default_factory=dict)
    refused: tuple[Problem, ...] = ()


def shelf(folder: Path) -> Shelf:
    """Every YAML file that lies in the folder itself; a wrong one is refused, the others go on working."""
    files = sorted(_files(folder), key=lambda file: file.name)
    names = {file.stem for file in files}
    found: dict[str, Playbook] = {}
    refused: list[Problem] = []
    for file in files:
        try:
            if file.stem in found:
                raise _refusal(file, "same_name", value=file.stem)
            found[file.stem] = _read(file, names)
        except PolicyError as error:
            refused += error.problems
    return Shelf({name: found[name] for name in sorted(found)}, tuple(refused))


def _files(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return ()
    return (file for file in folder.iterdir() if file.suffix in ENDINGS and file.is_file() and not file.is_symlink())


def _read(file: Path, names: Iterable[str]) -> Playbook:
    text = _text(file)
    found = _loaded(text, file.name)
    unknown = strangers(found, sorted(names), file=file.name)
    if unknown:
        raise PolicyError(tuple(placed(one, text) for one in unknown))
    return found


@lru_cache(128)
def _loaded(text: str, name: str) -> Playbook:
    return load(text, file=name, fields_of=fields_of)


def _text(file: Path) -> str:
    """Raises for what is too big, or would be once its aliases are written out."""
    try:
        with file.open("rb") as source:
            content = source.read(BIGGEST + 1)
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise _refusal(file, "unreadable") from None
    if len(content) > BIGGEST:
        raise _refusal(file, "too_big", limit=BIGGEST)
    if _aliases(text) > MOST_ALIASES:
        raise _refusal(file, "too_big", limit=MOST_ALIASES)
    return text


def _aliases(text: str) -> int:
    if "&" not in text:
        return 0
    try:
        return sum(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=PlainLoader))
    except yaml.YAMLError:
        return 0


def _refusal(file: Path, code: ReasonCode, **detail: str | int) -> PolicyError:
    return PolicyError((Problem(file.name, "", code, detail),))
