from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.effects.eligible import Eligible, Look, awaited, look, subject
from tests.domain.plays import MONDAY, book, play

USE = book(lasts=60)
STAY = book(lasts=60, kpi={"name": "renewal-rate", "moves": "up"})
DECIDES = MONDAY + timedelta(100)
DRAWN = book(clients={"any": [{"when": {"stage": "adopt"}}], "hold_out": {"share": 0.2, "tiers": [3]}})


def eligible(**more: object) -> Eligible:
    given = {"decision_on": DECIDES, "assigned": "capacity", "kpi_before": Decimal(40), "score_before": 55, **more}
    return Eligible(play(**given), USE, customer=7, tier="3", notice_days=30)


def waiting(ended_on: date | None = None) -> Eligible:
    return eligible(status="waiting", started_on=None, ended_on=ended_on)


def test_everybody_is_looked_at_the_same_time_after_they_were_eligible() -> None:
    days = {look(each, USE, 30).until for each in (eligible(), waiting(), eligible(started_on=MONDAY + timedelta(9)))}
    assert days == {MONDAY + timedelta(60)}


def test_a_renewal_is_looked_at_once_it_is_decided() -> None:
    assert look(eligible(), STAY, 20).until == DECIDES + timedelta(30 + 20)
    assert look(eligible(decision_on=None), STAY, 20) is None


@pytest.mark.parametrize(("days", "seen"), [(59, False), (60, False), (61, True)])
def test_who_waited_counts_until_its_own_start(days: int, seen: bool) -> None:
    assert (look(waiting(MONDAY + timedelta(days)), USE, 30) is not None) is seen


def test_a_result_comes_on_its_day_and_not_before() -> None:
    looks = [Look(str(days), 1, MONDAY, MONDAY + timedelta(days)) for days in (10, 20, 30)]
    come, next_on = awaited(looks, MONDAY + timedelta(20))
    assert ([each.play_id for each in come], next_on) == (["10", "20"], MONDAY + timedelta(30))


def test_what_was_before_counts_only_of_the_same_kpi() -> None:
    assert subject(eligible(), USE, None, None).kpi_before == 40
    assert subject(eligible(), STAY, None, None).kpi_before is None


def test_an_activity_counts_when_it_was_done_by_the_look() -> None:
    each = replace(eligible(), done=(("F1", MONDAY), ("F2", MONDAY + timedelta(61))))
    assert subject(each, USE, look(each, USE, 0), 1.0).done == {"F1"}
    assert subject(each, USE, None, None).done == frozenset()


@pytest.mark.parametrize(
    ("assigned", "tier", "drawn"),
    [("hold_out", "3", True), ("capacity", "3", True), ("capacity", "1", False), ("chosen", "3", False)],
)
def test_the_draw_counts_where_it_reaches(assigned: str, tier: str, drawn: bool) -> None:
    each = replace(eligible(assigned=assigned), book=DRAWN, tier=tier)
    assert subject(each, DRAWN, None, None).drawn is drawn
