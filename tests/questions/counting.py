"""Questions with the command that each must equal: how many are right, offered, refused, wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from domain.accounts import Person
from handlers.answers import answered, meant
from handlers.ask import Ask, Desk
from handlers.questions.questions import understand
from words import Words

HERE = Path(__file__).parent
Verdict = Literal["right", "offered", "refused", "wrong"]


@dataclass(frozen=True)
class Counted:
    """offered: the reading that was wanted is among the buttons, or nothing was wanted."""

    question: Mapping[str, Any]
    verdict: Verdict
    command: str
    offered: tuple[str, ...]

    @property
    def must_be_right(self) -> bool:
        return self.question.get("same_as") is not None


def questions(*names: str) -> Iterator[dict[str, Any]]:
    for name in names:
        for each in yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8")):
            yield {"lang": name if len(name) == 2 else "en", **each}


def counted(desk: Desk, caller: Person, question: Mapping[str, Any]) -> Counted:
    words = Words(question["lang"], caller.country)
    before = question.get("after", "")
    after = meant(desk, caller, words, before) if before else ""
    text, wanted = question["text"], question.get("same_as")
    found = understand(Ask(desk, caller, words, text=text), text, after)
    if not found.command:
        return Counted(question, "offered" if found.offered else "refused", "", found.offered)
    return Counted(question, _verdict(desk, caller, words, found.command, wanted), found.command, ())


def _verdict(desk: Desk, caller: Person, words: Words, command: str, wanted: str | None) -> Verdict:
    """The same command is right; another is, if it gives the same blocks."""
    if wanted is None or command == wanted.removeprefix("/"):
        return "right" if wanted else "wrong"
    one, other = (answered(desk, caller, words, asked).reply for asked in (f"/{command}", wanted))
    return "right" if one.blocks == other.blocks and one.answered == other.answered else "wrong"
