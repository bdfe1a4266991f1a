"""The phrases of each language, read once; with those that an organisation adds."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from domain.sentences import Grammar, extended, grammar
from words import LANGUAGES

FOLDER = Path(__file__).parents[2] / "words" / "sentences"
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@lru_cache(maxsize=len(LANGUAGES))
def phrases_of(language: str) -> Grammar:
    """As the file has them: every scalar is text, so that `no` and `on` are words."""
    text = (FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    return grammar(yaml.load(text, Loader=LOADER))  # noqa: S506  a base loader makes only texts


def phrasebook(language: str, own: Mapping[Any, Mapping[str, tuple[str, ...]]]) -> Grammar:
    """own: language → command → ways to say it."""
    more = own.get(language)
    return extended(phrases_of(language), more) if more else phrases_of(language)


@lru_cache(maxsize=1)
def sayable() -> frozenset[str]:
    """The capabilities that a sentence can come to; what only a button does is not among them."""
    return frozenset(one.command.split()[0] for language in LANGUAGES for one in phrases_of(language).sentences)
