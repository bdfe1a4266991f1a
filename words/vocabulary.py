"""Every word that the product itself says in a language, in small letters; so that any other is somebody's own."""

import re
from functools import lru_cache

from babel import Locale
from babel.messages.pofile import read_po

from words import LANGUAGES, catalog_file

EXAMPLE = re.compile(r"`[^`]*`|\{[^}]*\}")
WORD = re.compile(r"[^\W\d_]+")
SPANISH = LANGUAGES[1]


@lru_cache(maxsize=len(LANGUAGES))
def vocabulary(language: str) -> frozenset[str]:
    """Without the examples between backticks, which name accounts; with months and days of the week."""
    with catalog_file(SPANISH).open("rb") as source:
        messages = [message for message in read_po(source, locale=SPANISH) if message.id]
    said = (message.id if language == "en" else message.string for message in messages)
    texts = [text for one in said for text in ([one] if isinstance(one, str) else one or ())]
    found = {word.casefold() for text in texts for word in WORD.findall(EXAMPLE.sub(" ", text))}
    return frozenset(found | {word.casefold() for name in _calendar(language) for word in WORD.findall(name)})


def _calendar(language: str) -> list[str]:
    locale = Locale(language)
    kinds = (*locale.months.values(), *locale.days.values())
    return [name for widths in kinds for names in widths.values() for name in names.values()]
