"""Slips of the keys: a letter too many, too few, wrong, or two in each other's place."""

from rapidfuzz.distance import OSA

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
PLACES = {key: (row, place) for row, keys in enumerate(ROWS) for place, key in enumerate(keys)}


def one_slip(word: str, other: str) -> bool:
    """Whether one slip makes one of the other, or they are the same."""
    return abs(len(word) - len(other)) <= 1 and OSA.distance(word, other, score_cutoff=1) <= 1


def finger_slip(word: str, other: str) -> bool:
    """As `one_slip`, and a wrong key lies beside the right one: another real word seldom does."""
    if not one_slip(word, other):
        return False
    wrong = [pair for pair in zip(word, other, strict=False) if pair[0] != pair[1]]
    return len(word) != len(other) or len(wrong) != 1 or _beside(*wrong[0])


def _beside(one: str, other: str) -> bool:
    if not {one, other} <= PLACES.keys():
        return False
    return all(abs(here - there) <= 1 for here, there in zip(PLACES[one], PLACES[other], strict=True))
