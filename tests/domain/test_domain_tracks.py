"""The two tracks of a renewal, in calls and in money."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.money import Money
from domain.renewals.renewals import renewals
from domain.renewals.tracks import Line, Weights, counted, forecast, tracks
from tests.domain.build import DAY, ago, call, version

D = date
END = D(2027, 1, 20)
WEIGHTS = Weights(Decimal("0.7"), Decimal("0.5"), Decimal("0.1"))


def line(*calls, annual=1000, due=None, **more):
    given = {"starts_on": D(2026, 1, 20), "ends_on": END, "annual": annual, **more}
    (found,) = renewals([version(**given)], today=DAY, grace_days=30)
    return Line(found, tracks(calls, found, DAY), Decimal(due if due is not None else annual))


def said(by, value, **more):
    return replace(call(by, value, renewal_on=END), **more)


def amount(value, **more):
    found = counted(line(said("csm", value, **more)), "csm", WEIGHTS)
    return found and found.amount


def test_each_call_counts_its_part():
    assert [amount(c) for c in ("renew", "reduce", "at_risk", "lose")] == [1000, 700, 500, 100]
    assert amount("monitor") is None
    assert counted(line(), "final", WEIGHTS) is None


def test_an_amount_that_was_given_counts_instead_of_the_share():
    assert amount("reduce", annual=Decimal(400)) == 400
    of_two = line(said("csm", "reduce", annual=Decimal(400)), annual=300, due=1200)
    assert counted(of_two, "csm", WEIGHTS).amount == 100, "of several contracts each bears its part"


def test_the_newest_word_of_each_voice_stands():
    found = line(said("csm", "renew", given_on=ago(3)), said("csm", "lose", given_on=ago(9)), said("rule", "at_risk"))
    assert {v: c.call for v, c in found.tracks.calls.items()} == {"rule": "at_risk", "csm": "renew"}
    assert found.tracks.disagree
    assert found.tracks.missing == ("final",)
    assert not line(said("csm", "renew"), said("rule", "renew")).tracks.disagree


def test_another_renewals_call_is_not_this_ones_but_the_rules_is():
    found = line(call("csm", "lose", renewal_on=D(2026, 12, 1)), call("rule", "at_risk", renewal_on=D(2026, 12, 1)))
    assert {v: c.call for v, c in found.tracks.calls.items()} == {"rule": "at_risk"}
    gone = line(call("rule", "lose", renewal_on=D(2025, 12, 1)))
    assert not gone.tracks.calls, "a renewal of the past says nothing of this one"


@pytest.mark.parametrize(("days", "missing"), [(91, ("final",)), (90, ("csm", "final"))])
def test_monitor_is_no_call_inside_ninety_days(days, missing):
    ends_on = DAY + timedelta(days)
    assert line(call("csm", "monitor", renewal_on=ends_on), ends_on=ends_on).tracks.missing == missing


def test_the_forecast_of_a_period_by_voice_and_currency():
    euro = line(said("final", "lose"), annual=500)
    version_in_euro = replace(euro.renewal.version, annual=Money(Decimal(500), "EUR"))
    lines = [
        line(said("rule", "at_risk"), said("csm", "renew")),
        line(said("rule", "renew"), said("csm", "monitor")),
        replace(euro, renewal=replace(euro.renewal, version=version_in_euro)),
        line(notice_given_on=D(2026, 11, 1)),
    ]
    found = forecast(lines, WEIGHTS)
    assert found.sums["rule"].called == {"USD": 1500}
    assert found.sums["rule"].open == {"EUR": 500}
    assert found.sums["csm"].called == {"USD": 1000}
    assert found.sums["csm"].open == {"USD": 1000, "EUR": 500}
    assert found.sums["final"].called == {"EUR": 50, "USD": 0}
    assert (found.disagree, found.missing) == (2, {"csm": 2, "final": 2})


def test_of_a_leaver_nothing_is_asked_and_nothing_counted():
    found = line(said("csm", "renew"), notice_given_on=D(2026, 11, 1))
    assert (found.tracks.calls, found.tracks.missing) == ({}, ())
    assert [counted(found, voice, WEIGHTS).amount for voice in ("rule", "csm", "final")] == [0, 0, 0]
