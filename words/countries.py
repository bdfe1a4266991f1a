"""Countries: how each is called, and which is meant by a name or by its two letters."""

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from babel import Locale

from words import LANGUAGES, Words

CODE = re.compile(r"[A-Z]{2}")
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
CLOSE = 0.75


def called(words: Words, code: str) -> str:
    """Its name; a code that nobody knows stays as it is."""
    return str(words.locale.territories.get(code.upper(), code))


def code_of(typed: str) -> str | None:
    """By its name in a language that is spoken here, or by its code; case and accents do not matter."""
    return _by_name().get(_folded(typed))


def nearest(words: Words, typed: str) -> list[str]:
    """Up to three names that look alike."""
    names = {_folded(called(words, code)): called(words, code) for code in set(_by_name().values())}
    return [names[name] for name in get_close_matches(_folded(typed), names, n=3, cutoff=CLOSE)]


@cache
def _by_name() -> Mapping[str, str]:
    found = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if CODE.fullmatch(code) and code not in NO_COUNTRIES:
                found[_folded(str(name))] = found[_folded(code)] = code
    return found | COMMON


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.strip(" ."))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


COMMON = {"uk": "GB", "usa": "US", "ee. uu": "US", "eeuu": "US", "england": "GB", "inglaterra": "GB"}
