"""Words as people type them: without case, accents and marks."""

import unicodedata
from functools import lru_cache

MARKS = "¿?¡!.,;:()\"'“”«»"


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents, ñ as n, and without marks at either end."""
    return bare(text.strip().strip(MARKS))


def bare(text: str) -> str:
    """Lower case without accents; what else stands in it, stays."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()
