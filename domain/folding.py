"""Words as people type them: without case, accents and marks."""

import unicodedata
from functools import lru_cache

MARKS = "¿?¡!.,;:()\"'“”«»"


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents, ñ as n, and without marks at either end."""
    plain = unicodedata.normalize("NFKD", text.strip().strip(MARKS).casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
