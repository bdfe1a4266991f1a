import pytest

from words import Words, countries


@pytest.mark.parametrize(
    ("typed", "code"),
    [("mx", "MX"), ("México", "MX"), ("España", "ES"), ("spain", "ES"), ("UK", "GB"), ("EE. UU.", "US"),
     ("Atlantis", None), ("EU", None), ("", None)],
)  # fmt: skip
def test_a_country_by_name_or_letters_in_either_language(typed: str, code: str | None) -> None:
    assert countries.code_of(typed) == code


def test_the_nearest_are_named_in_the_reader_s_language() -> None:
    assert countries.nearest(Words("es"), "Mejico")[0] == "México"
    assert countries.nearest(Words("en"), "Germny")[0] == "Germany"
    assert countries.called(Words("es"), "de") == "Alemania"
