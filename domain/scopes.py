"""Which accounts a question is about: mine, team, all, and key:value filters that combine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from domain.folding import fold

Known = Mapping[str, Mapping[str, str]]
LONGEST_RUN = 4
CLOSE = 0.75
WHOSE: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("mine", "my accounts", "my book", "my customers", "own", "mias", "las mias", "mios", "mi cartera"),
            *("mis cuentas", "mis clientes", "propias"),
        ),
        "own",
    ),
    **dict.fromkeys(
        (
            "team",
            "the team",
            "my team",
            "our team",
            "team's",
            "equipo",
            "el equipo",
            "mi equipo",
            "del equipo",
            "todo el equipo",
            "the whole team",
        ),
        "team",
    ),
    **dict.fromkeys(
        (
            *("all", "everyone", "everybody", "all accounts", "whole company", "the whole company", "company"),
            *("across the company", "todo", "toda", "todos", "todas", "de todos", "todas las cuentas", "toda la base"),
            *("toda la cartera", "cartera completa", "la empresa", "la empresa entera", "toda la empresa"),
        ),
        "all",
    ),
}
KEYS: Mapping[str, str] = {
    **dict.fromkeys(("segment", "segmento"), "segment"),
    **dict.fromkeys(("csm", "owner", "responsable"), "csm"),
    **dict.fromkeys(("band", "color", "colour", "banda", "semaforo", "salud", "health"), "band"),
    **dict.fromkeys(("stage", "etapa", "fase"), "stage"),
    **dict.fromkeys(("tier", "nivel", "categoria"), "tier"),
}
VALUES: Known = {
    "band": {
        **dict.fromkeys(("red", "rojo", "roja", "en rojo"), "red"),
        **dict.fromkeys(("yellow", "amarillo", "amarilla", "amber", "ambar", "en amarillo"), "yellow"),
        **dict.fromkeys(("green", "verde", "en verde"), "green"),
        **dict.fromkeys(("unknown", "grey", "gray", "gris", "blanco", "sin datos", "desconocida"), "unknown"),
        **dict.fromkeys(("onboarding", "new", "nueva", "nuevo"), "onboarding"),
        **dict.fromkeys(("leaving", "se van", "saliente"), "leaving"),
    },
    "stage": {
        **dict.fromkeys(("land", "aterrizaje", "aterrizar"), "land"),
        **dict.fromkeys(("adopt", "adoption", "adopcion", "adoptar"), "adopt"),
        **dict.fromkeys(("expand", "expansion", "expandir"), "expand"),
        **dict.fromkeys(("renew", "renewal", "renovacion", "renovar"), "renew"),
    },
}


@dataclass(frozen=True, slots=True)
class Filter:
    """kind: own, team, all (value empty), segment, csm, band, stage, tier, or a column x_*."""

    kind: str
    value: str = ""


class NotAScope(ValueError):
    """A filter names something that is not there; `nearest` are those that look alike."""

    def __init__(self, word: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(word)
        self.word, self.nearest = word, nearest


def take(words: Sequence[str], *, known: Known | None = None) -> tuple[tuple[Filter, ...], list[str]]:
    """The filters among the words, at any place, and the words without them; raises NotAScope.

    known: for segment, csm, tier, x_*: what people may type → the value; a kind that it holds refuses others, a kind
    that it lacks takes the value as typed. Case, accents and marks at the ends do not matter.
    """
    left, filters, rest = _quoted(words), [], []
    while left:
        found, used = _first(left, known or {})
        if found:
            filters.append(found)
        else:
            rest.append(left[0])
        left = left[used:]
    return tuple(dict.fromkeys(filters)), rest


def misspelt(words: Sequence[str]) -> tuple[str, ...]:
    """What the words with a colon may have meant: `segmnt:smb` is segment:smb."""
    parts = [(fold(key), value) for key, colon, value in (word.partition(":") for word in words) if colon and value]
    near = ((get_close_matches(key, KEYS, n=1, cutoff=CLOSE), value) for key, value in parts)
    return tuple(f"{KEYS[found[0]]}:{value}" for found, value in near if found)


def _first(words: Sequence[str], known: Known) -> tuple[Filter | None, int]:
    """The filter that the words begin with, and how many words it takes; one word where it is none."""
    key, colon, value = words[0].partition(":")
    kind = KEYS.get(fold(key)) or (fold(key) if fold(key).startswith("x_") else None)
    if colon and kind and value.strip():
        return Filter(kind, _value(kind, value.strip().strip("\"'"), words[0], known)), 1
    for length in range(min(LONGEST_RUN, len(words)), 0, -1):
        whose = WHOSE.get(" ".join(map(fold, words[:length])))
        if whose:
            return Filter(whose), length
    return None, 1


def _value(kind: str, value: str, word: str, known: Known) -> str:
    choices = VALUES.get(kind) or known.get(kind)
    if choices is None:
        return value
    by_fold = {fold(name): meant for name, meant in choices.items()}
    if fold(value) in by_fold:
        return by_fold[fold(value)]
    raise NotAScope(word, tuple(by_fold[close] for close in get_close_matches(fold(value), by_fold, n=3)))


def _quoted(words: Sequence[str]) -> list[str]:
    """segment:"mid market" as one word again."""
    joined: list[str] = []
    left = iter(words)
    for word in left:
        if ':"' in word and word.count('"') == 1:
            more = []
            for following in left:
                more.append(following)
                if '"' in following:
                    break
            joined.append(" ".join([word, *more]))
        else:
            joined.append(word)
    return joined
