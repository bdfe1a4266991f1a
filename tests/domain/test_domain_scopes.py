import pytest

from domain.scopes import Filter, NotAScope, take


def of(text, **known):
    filters, rest = take(text.split(), known=known or None)
    return [f"{f.kind}:{f.value}" if f.value else f.kind for f in filters], " ".join(rest)


@pytest.mark.parametrize(
    ("text", "filters", "rest"),
    [
        ("mine", ["own"], ""),
        ("las mías", ["own"], ""),
        ("Mis Cuentas en riesgo", ["own"], "en riesgo"),
        ("mi cartera", ["own"], ""),
        ("TEAM", ["team"], ""),
        ("contratos en todo el equipo", ["team"], "contratos en"),
        ("todo", ["all"], ""),
        ("across the company", ["all"], ""),
        ("toda la base", ["all"], ""),
        ("segment:enterprise", ["segment:enterprise"], ""),
        ("Segmento:Enterprise team", ["segment:Enterprise", "team"], ""),
        ("band:ROJO", ["band:red"], ""),
        ("color:amarilla", ["band:yellow"], ""),
        ("etapa:adopción", ["stage:adopt"], ""),
        ("nivel:1 x_región:LATAM", ["tier:1", "x_region:LATAM"], ""),
        ('segment:"mid market" acme', ["segment:mid market"], "acme"),
        ("team team", ["team"], ""),
        ("salesforce:0012 acme", [], "salesforce:0012 acme"),
        ("segment: enterprise", [], "segment: enterprise"),
        ("acme", [], "acme"),
    ],
)
def test_take(text, filters, rest):
    assert of(text) == (filters, rest)


def test_known_values_are_found_whatever_their_case_and_accents():
    people = {"Sofía Vega": "sofia@example.com", "Ana": "ana@example.com", "ana@example.com": "ana@example.com"}
    assert of("csm:ana csm:ANA@example.com", csm=people)[0] == ["csm:ana@example.com"]
    assert of('csm:"sofia vega"', csm=people)[0] == ["csm:sofia@example.com"]
    assert of("segmento:pyme", segment={"PYME": "smb"})[0] == ["segment:smb"]


@pytest.mark.parametrize(("word", "nearest"), [("band:reed", ("red",)), ("stage:adot", ("adopt",)), ("band:zzz", ())])
def test_a_value_that_is_not_there_is_refused_with_the_nearest(word, nearest):
    with pytest.raises(NotAScope) as caught:
        take([word])
    assert caught.value.word == word
    assert caught.value.nearest[:1] == nearest


def test_an_unknown_segment_is_refused_where_segments_are_known():
    with pytest.raises(NotAScope) as caught:
        take(["segment:enterprize"], known={"segment": {"enterprise": "enterprise"}})
    assert caught.value.nearest == ("enterprise",)


def test_filters_are_values():
    assert take(["all"]) == ((Filter("all"),), [])
