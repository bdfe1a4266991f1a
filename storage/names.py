"""Names made comparable: without marks, case or punctuation; and their trigrams, for a search that forgives typos."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[^\w]+|_+")


def fold(text: str) -> str:
    """`Logística  Peña, S.A.` and `logistica pena s a` are one name."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(_NOT_WORD.sub(" ", bare.casefold()).split())


def trigrams(folded: str) -> frozenset[str]:
    """Every run of three characters of each word, the word padded as PostgreSQL's pg_trgm pads it."""
    padded = (f"  {word} " for word in folded.split())
    return frozenset(word[start : start + 3] for word in padded for start in range(len(word) - 2))
