from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from domain.accounts import Account
from domain.health.health import MEASURES
from domain.money import Money
from domain.policies.policy import load
from domain.reasons import Reason
from domain.renewals.renewals import renewals, soonest
from domain.risks import Case, risks
from tests.domain.build import DAY, POLICY, ago, scored, usd, version

ALERT = (Reason("use_fell", {"percent": 50, "since": DAY}),)


def case(name, fraction=0.3, days=60, annual=10000, change=None, critical=(), **more):
    health = scored(dict.fromkeys(MEASURES, fraction) if fraction is not None else {})
    end = {"starts_on": ago(300), "ends_on": None if days is None else DAY + timedelta(days)}
    renewal = soonest(renewals([version(**(end | more))], today=DAY, grace_days=30))
    money = usd(annual) if isinstance(annual, int) else annual
    return Case(Account(1, name, name), health, renewal, money, change, critical)


def of(*cases, policy=POLICY):
    return risks(cases, policy, DAY)


def names(found):
    return [risk.account.account_id for risk in found]


def codes(one, policy=POLICY):
    return [reason.code for risk in of(one, policy=policy) for reason in risk.reasons]


def test_who_is_at_risk_and_why():
    assert codes(case("red")) == ["score_red"]
    assert codes(case("line", 0.495)) == []
    assert codes(case("line", 0.55), load("health: {at_risk_below: 60}")) == ["score_red"]
    assert codes(case("critical", 0.9, critical=ALERT)) == ["use_fell"]
    assert codes(case("fell", 0.6, change=-10)) == ["score_fell"]
    assert codes(case("fell a little", 0.6, change=-9)) == []
    assert codes(case("unknown", None, 90)) == ["unknown_before_decision"]
    assert codes(case("unknown, far", None, 91)) == []
    assert codes(case("unknown, by notice", None, 120, auto_renew=True, notice_days=30)) == ["unknown_before_decision"]
    assert codes(case("monthly", None, 20, term_months=1)) == []
    assert codes(case("all", 0.3, critical=ALERT)) == ["score_red", "use_fell"]


def test_the_order_is_money_times_urgency_times_what_can_be_done():
    assert names(of(case("small", annual=1000), case("large", annual=90000))) == ["large", "small"]
    assert names(of(case("later", days=300), case("sooner", days=30))) == ["sooner", "later"]
    assert names(of(case("worse", 0.1), case("bad", 0.4))) == ["worse", "bad"]
    missed = case("missed", days=60, auto_renew=True, notice_days=61)
    assert names(of(missed, case("in time", days=7))) == ["in time", "missed"]
    assert names(of(case("b"), case("a"))) == ["a", "b"]


def test_each_says_what_put_it_there():
    many = [case(f"{n}", days=60) for n in range(5)]
    found = {r.account.account_id: r.placed_by for r in of(*many, case("rich", annual=990000), case("soon", days=0))}
    assert (found["rich"], found["soon"]) == ("money", "urgency")


def test_leaving_ones_stand_apart():
    gone = case("gone", days=20, annual=9999999, notice_given_on=ago(3))
    gone = replace(gone, health=replace(gone.health, state="leaving", score=None))
    found = of(gone, case("small", annual=10))
    assert names(found) == ["small", "gone"]
    assert [risk.leaving for risk in found] == [False, True]
    assert found[1].reasons == (Reason("gave_notice", {"since": ago(3), "ends_on": DAY + timedelta(20)}),)


def test_former_customers_are_not_at_risk():
    former = case("former", critical=ALERT)
    assert of(replace(former, health=replace(former.health, state="former", score=None))) == ()


def test_currencies_are_compared_by_the_rate_table():
    euro = case("euro", annual=Money(Decimal(10000), "EUR"))
    dollar = case("dollar", annual=10500)
    assert names(of(euro, dollar)) == ["dollar", "euro"]
    assert names(of(euro, dollar, policy=load("rates: {worth: {EUR: 1.08}}"))) == ["euro", "dollar"]


def test_an_account_without_amount_or_date_is_listed_last():
    assert names(of(case("bare", annual=None, days=None), case("known"))) == ["known", "bare"]
    assert of() == ()
