from datetime import date

import pytest

from domain.periods import take
from domain.slips import finger_slip, one_slip


@pytest.mark.parametrize(
    ("word", "other", "one", "finger"),
    [("teh", "the", True, True), ("iin", "in", True, True), ("whch", "which", True, True), ("wjy", "why", True, True),
     ("csv", "clv", True, False), ("vias", "mias", True, False), ("risk", "tasks", False, False)],
)  # fmt: skip
def test_a_wrong_key_lies_beside_the_right_one(word: str, other: str, one: bool, finger: bool) -> None:
    assert (one_slip(word, other), finger_slip(word, other)) == (one, finger)


@pytest.mark.parametrize("said", ["que viene y", "y esta", "a este"])
def test_and_is_no_year(said: str) -> None:
    assert take(said.split(), today=date(2026, 11, 23), fiscal_year_start=1, forward=True)[0] is None
