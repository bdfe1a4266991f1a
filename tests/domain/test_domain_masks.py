from domain.assistant.masks import Masks


def test_the_same_name_has_the_same_mark_and_comes_back() -> None:
    masks = Masks()
    acme, ana, globex = masks.hide("A", "acme"), masks.hide("P", "ana"), masks.hide("A", "globex")
    assert (acme, ana, globex, masks.hide("A", "acme")) == ("«A1»", "«P1»", "«A2»", "«A1»")
    assert masks.restored("«A2» and A1's CSM « P1 »; A3, BA1 and A10 are nobody") == (
        "globex and acme's CSM ana; A3, BA1 and A10 are nobody"
    )


def test_a_mark_is_only_what_was_given_away_for_that_kind() -> None:
    masks = Masks()
    masks.hide("A", "acme")
    assert [masks.meant("A", mark) for mark in ("A1", "«A1»", "A2", "P1", "acme", "A1 A1")] == ["acme"] * 2 + [None] * 4
    assert masks.meant("P", "A1") is None
