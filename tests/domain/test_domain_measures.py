from datetime import date
from decimal import Decimal

import pytest

from domain.accounts import Account, Contact
from domain.facts import Answer, Invoice, Ticket, Usage
from domain.health.measures import (
    core_features,
    csat_ces,
    invoices,
    licences,
    mrr_calls,
    nps,
    outcomes,
    sponsor,
    tickets,
    touch,
    use,
)
from domain.money import Money
from domain.policies.policy import load
from domain.subscriptions import Month
from tests.domain.build import ACME, DAY, POLICY, acme, ago, call, outcome, usd, version

RULES = POLICY.rules
NOTHING = dict.fromkeys(("usage", "tickets_on", "touched_on", "invoices_on"))
EMPTY = NOTHING | dict.fromkeys(("versions", "contacts", "tickets", "answers", "outcomes", "calls"), ())


@pytest.mark.parametrize(
    "measure",
    [licences, core_features, use, outcomes, nps, csat_ces, tickets, touch, sponsor, invoices, mrr_calls],
)
def test_silence_is_missing_neither_nothing_nor_full(measure):
    found = measure(acme(**EMPTY), RULES)
    assert (found.state, found.value, found.fraction, found.fact_on) == ("missing", None, None, None)


def aged(months, percent):
    since = date(2026 - months // 12, 11 - months % 12, 20)
    usage = Usage(ago(1), percent, "users")
    seats = (version(starts_on=since, ends_on=None, seats=100),)
    return licences(acme(account=Account(1, "a", "A", customer_since=since), usage=usage, versions=seats), RULES)


@pytest.mark.parametrize(("months", "band"), [(4, "green"), (8, "yellow"), (14, "red")])
def test_60_percent_of_licences_is_green_at_4_months_yellow_at_8_red_at_14(months, band):
    assert RULES.band(round(aged(months, 60).fraction * 100)) == band


def test_licences_slide_with_age_and_rise_with_use():
    assert aged(4, 60).fraction > aged(6, 60).fraction > aged(8, 60).fraction > aged(10, 60).fraction
    fractions = [aged(8, percent).fraction for percent in (0, 20, 40, 60, 80, 100, 120)]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)


def test_licences_of_acme():
    found = licences(acme(), RULES)
    assert found.parts == {"active": 61, "seats": 120, "basis": "users"}
    assert found.value == Decimal("50.8")
    assert found.fact_on == ago(1)
    assert licences(acme(versions=(version(),)), RULES).state == "missing"


def test_usage_that_stopped_arriving_is_stale():
    old = Usage(ago(15), 61, "users", Decimal(1), 1, Decimal(1), 1, 4, 6, ago(15))
    for measure in (licences, core_features, use):
        assert measure(acme(usage=old), RULES).state == "stale"
    new = Usage(ago(14), 61, "users", Decimal(1), 1, Decimal(1), 1, 4, 6, ago(14))
    assert licences(acme(usage=new), RULES).state == "fresh"


@pytest.mark.parametrize(
    ("recent", "earlier", "value", "fraction"),
    [(68, 100, -32, 0.2), (100, 100, 0, 1), (150, 100, 50, 1), (50, 100, -50, 0), (5, 0, 100, 1), (0, 0, -100, 0)],
)
def test_use(recent, earlier, value, fraction):
    found = use(acme(usage=Usage(ago(1), 1, "users", Decimal(recent), 20, Decimal(earlier), 20)), RULES)
    assert found.value == value
    assert found.fraction == pytest.approx(fraction)
    assert found.parts["since"] == date(2026, 10, 26)


def test_use_needs_a_day_on_each_side():
    assert use(acme(usage=Usage(ago(1), 1, "users", Decimal(5), 1, Decimal(0), 0)), RULES).state == "missing"
    assert use(acme(usage=Usage(ago(1), 1, "users", Decimal(5), 0, Decimal(5), 3)), RULES).state == "missing"


def test_core_features():
    assert core_features(acme(), RULES).fraction == pytest.approx(4 / 6)
    assert core_features(acme(usage=Usage(ago(1), core_used=0, core_total=0)), RULES).state == "missing"


def test_outcomes_weigh_by_stakeholder():
    sponsored = (outcome("o1", 5, "c1"), outcome("o2", 10, "nobody"))
    assert outcomes(acme(outcomes=sponsored), RULES).value == Decimal("66.7")
    assert outcomes(acme(), RULES).parts == {"on_track": 1, "total": 2}
    assert outcomes(acme(), RULES).value == 60


@pytest.mark.parametrize(
    ("given", "on_track"),
    [
        ({"current": "5.9"}, 1),
        ({"current": 6}, 0),
        ({"current": 10, "achieved_on": ago(180)}, 1),
        ({"current": 10, "achieved_on": ago(181)}, None),
        ({"current": 4, "due_on": ago(1)}, 0),
        ({"current": 10, "due_on": DAY}, 0),
        ({"current": None}, None),
        ({"current": None, "due_on": ago(1)}, 0),
        ({"current": 9, "due_on": None}, 1),
        ({"current": 10, "due_on": None}, 0),
        ({"current": 3, "baseline": Decimal(3)}, 1),
    ],
)
def test_on_track_is_not_behind_a_straight_line(given, on_track):
    found = outcomes(acme(outcomes=(outcome(**given),)), RULES)
    assert found.parts.get("on_track") == on_track


def test_outcomes_grow_stale():
    assert outcomes(acme(outcomes=(outcome(current_on=ago(121), recorded_on=ago(300)),)), RULES).state == "stale"


def survey(kind, score, days=10, contact="c1"):
    return Answer(kind, score, ago(days), contact)


def test_nps_is_the_mean_of_the_fresh_answers():
    found = nps(acme(answers=(survey("nps", 9), survey("nps", 5), survey("nps", 0, 181), survey("csat", 1))), RULES)
    assert (found.value, found.fact_on) == (7, ago(10))
    assert found.parts == {"n": 2, "promoters": 1, "detractors": 1, "nps": 0, "lowest": 5}
    assert found.fraction == pytest.approx(0.62)


def test_an_old_answer_is_stale_with_its_day():
    found = csat_ces(acme(), RULES)
    assert (found.state, found.fact_on, found.fraction) == ("stale", date(2026, 5, 14), None)


def test_csat_and_ces_share_a_scale():
    found = csat_ces(acme(answers=(survey("csat", 5), survey("ces", 1), survey("ces", 4))), RULES)
    assert found.value == 50
    assert (found.parts["csat"], found.parts["ces"], found.parts["n"]) == (5, Decimal("2.5"), 3)


def test_no_open_tickets_is_a_fact_while_the_feed_is_fresh():
    assert tickets(acme(tickets=()), RULES).fraction == 1
    assert tickets(acme(tickets=(), tickets_on=ago(15)), RULES).state == "stale"
    assert tickets(acme(tickets=(Ticket("t", ago(3)),), tickets_on=None), RULES).state == "missing"


def test_burden_of_tickets():
    found = tickets(acme(), RULES)
    assert (found.value, found.parts["critical_escalated"], found.parts["critical_days"]) == (56, 1, 6)
    closed = Ticket("t2", ago(60), "critical", reopened=True, closed_on=ago(1))
    assert tickets(acme(tickets=(closed,)), RULES).value == 10
    assert tickets(acme(tickets=(Ticket("t3", ago(300), "low"),)), RULES).value == 21
    assert tickets(acme(tickets=(Ticket("t4", ago(1), "unheard of"),)), RULES).value == 4


@pytest.mark.parametrize(("days", "fraction"), [(0, 1), (21, 1), (42, 0.5), (84, 0), (200, 0)])
def test_touch_against_the_cadence_of_the_segment(days, fraction):
    found = touch(acme(touched_on=ago(days)), RULES)
    assert (found.value, found.fraction, found.parts["cadence"]) == (days, fraction, 21)


def people(*rows):
    return tuple(
        Contact(str(n), "x", role=r, last_touch_on=spoken, left_on=left) for n, (r, spoken, left) in enumerate(rows)
    )


@pytest.mark.parametrize(
    ("contacts", "fraction", "role", "days"),
    [
        ([("sponsor", 10, None), ("champion", 20, None)], 1, "champion", 20),
        ([("sponsor", 60, None), ("champion", 20, None)], 0.6, "sponsor", 60),
        ([("decision_maker", 60, None), ("sponsor", 200, None), ("champion", 20, None)], 0.6, "sponsor", 60),
        ([("champion", 60, None)], 0.3, "champion", 60),
        ([("champion", 60, None), ("sponsor", 10, 5)], 0.3, "champion", 60),
        ([("champion", 10, 5)], 0, None, None),
        ([("sponsor", None, None), ("champion", 20, None)], 0, "sponsor", None),
    ],
)
def test_sponsor_and_champion_present_and_spoken_to(contacts, fraction, role, days):
    rows = [(r, spoken and ago(spoken), left and ago(left)) for r, spoken, left in contacts]
    found = sponsor(acme(contacts=people(*rows)), RULES)
    assert found.fraction == pytest.approx(fraction)
    assert (found.parts["role"], found.parts["days"]) == (role, days)


@pytest.mark.parametrize("rows", [[("user", ago(3), None)], [("sponsor", None, None), ("champion", None, None)]])
def test_roles_or_talks_that_nobody_records_are_missing(rows):
    assert sponsor(acme(contacts=people(*rows)), RULES).state == "missing"


def bill(due, paid=None):
    return Invoice("i", due, due, Decimal(10), "USD", paid)


def test_invoices():
    assert invoices(acme(), RULES).fraction == 1
    late = invoices(acme(invoices=(bill(ago(30)), bill(ago(1)), bill(DAY), bill(ago(90), paid=ago(2)))), RULES)
    assert (late.value, late.parts, late.fraction) == (30, {"overdue": 2, "days": 30}, 0.4)


def trend(*versions, months=(), calls=(), policy=POLICY):
    return mrr_calls(acme(versions=versions, months=months, calls=calls), policy.rules)


def test_mrr_trend_and_calls():
    flat = version()
    assert trend(flat).fraction == 1
    assert trend(flat, calls=(call("rule", "at_risk"), call("csm", "renew"))).fraction == pytest.approx(0.6)
    assert trend(flat, calls=(call("rule", "renew"), call("csm", "renew"))).fraction == 1
    fallen = trend(version(ends_on=ago(10)), version(starts_on=ago(10), ends_on=None, annual=10500))
    assert (fallen.value, fallen.fraction) == (Decimal("-12.5"), 0.5)
    assert trend(version(starts_on=ago(30))).value == 0


def test_only_the_latest_calls_for_a_renewal_to_come_count():
    first, then = call("csm", "renew", given_on=ago(9)), call("final", "lose", given_on=ago(2))
    assert trend(version(), calls=(then, first, call("rule", "lose"))).parts["agreed"] is True
    past = call("csm", "renew", renewal_on=ago(1))
    assert trend(version(), calls=(past, call("rule", "lose"))).parts["agreed"] is None


def test_the_rules_call_of_the_day_itself_waits_for_the_next():
    today = call("rule", "at_risk", given_on=DAY)
    assert trend(version(), calls=(today, call("csm", "renew"))).parts["agreed"] is None
    assert trend(version(), calls=(call("rule", "renew"), today, call("csm", "renew"))).parts["agreed"] is True


def test_mrr_of_monthly_figures_and_of_two_currencies():
    assert trend(months=(Month(date(2026, 1, 1), usd(1200)), Month(date(2026, 11, 1), usd(900)))).value == -25
    euro = version(starts_on=ago(10), ends_on=None)
    euro = type(euro)(**{f: getattr(euro, f) for f in euro.__slots__} | {"annual": Money(Decimal(12000), "EUR")})
    assert trend(version(ends_on=ago(10)), euro).state == "missing"
    assert trend(version(ends_on=ago(10)), euro, policy=load("rates: {worth: {EUR: 0.9}}")).value == -10


def test_the_account_is_acme():
    assert acme().account is ACME


def test_the_edges_of_a_day():
    def weight(*given):
        return tickets(acme(tickets=given), RULES).value

    assert weight(Ticket("t", DAY)) == 4
    assert weight(Ticket("t", ago(-1))) == 0
    assert weight(Ticket("t", ago(3), closed_on=DAY)) == 0
    assert weight(Ticket("t", ago(3), closed_on=ago(-1))) == 4
    assert weight(Ticket("t", ago(5))) == 4
    assert weight(Ticket("t", ago(6))) == 5
    left_today = people(("champion", ago(3), None), ("sponsor", ago(3), DAY))
    assert sponsor(acme(contacts=left_today), RULES).parts["sponsor"] is False
    leaves_tomorrow = people(("champion", ago(3), None), ("sponsor", ago(3), ago(-1)))
    assert sponsor(acme(contacts=leaves_tomorrow), RULES).parts["sponsor"] is True
