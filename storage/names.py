"""Names made comparable: without marks, case or punctuation; and their trigrams, for a search that forgives typos."""

import re
from collections.abc import Iterator

from domain.folding import bare

_NOT_WORD = re.compile(r"[^\w]+|_+")


def fold(text: str) -> str:
    """`Logística  Peña, S.A.` and `logistica pena s a` are one name."""
    return " ".join(_NOT_WORD.sub(" ", bare(text)).split())


def trigrams(folded: str) -> frozenset[str]:
    """Every run of three characters of each word, the word padded as PostgreSQL's pg_trgm pads it."""
    padded = (f"  {word} " for word in folded.split())
    return frozenset(word[start : start + 3] for word in padded for start in range(len(word) - 2))


def listed(text: str | None) -> Iterator[str]:
    """The names in a cell that holds several, separated by ; or ,"""
    return (name.strip() for name in re.split("[;,]", text or "") if name.strip())
