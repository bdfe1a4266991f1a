from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.accounts import Account
from domain.cases import case
from domain.facts import Facts, Milestone, Usage
from domain.journey import Usual, journey, reasons, situation, stage_on, stays_of, usual_times
from domain.policies.policy import Policy, PolicyError, load
from domain.reasons import PARAMETERS
from tests.domain.build import ACME, ALL, DAY, POLICY, acme, ago, version


def of(facts, policy=POLICY):
    return case(facts, policy, in_use=ALL, then=None)


def stage(facts, *past, policy=POLICY):
    return stage_on(facts, of(facts, policy), policy, past)


def young(days, **more):
    """A customer of so many days with a year's contract."""
    account = Account(7, "new", "New", segment="smb", customer_since=ago(days))
    held = (version(starts_on=ago(days), ends_on=ago(days - 365), seats=10),)
    return Facts(account, DAY, versions=held, **more)


def settled(active=10, **more):
    """Three months old, all green: only licences are supplied."""
    used = Usage(ago(1), active, "users", Decimal(10), 20, Decimal(10), 20)
    return Facts(young(100).account, DAY, versions=young(100).versions, usage=used, **more)


def only_licences(facts, past=(), policy=POLICY):
    found = case(facts, policy, in_use=frozenset({"licences"}), then=None)
    return stage_on(facts, found, policy, past), reasons(facts, found, policy, past)


def test_landing_ends_with_first_value_or_with_onboarding():
    value = Milestone("first_value", ago(2))
    assert stage(young(10)) == "land"
    assert stage(young(44)) == "land"
    assert stage(young(45)) == "adopt"
    assert stage(young(10, milestones=(value,))) == "adopt"


def test_another_product_lands_again_though_the_first_had_its_value():
    held = (
        version("a", ago(400), ago(-200), product="suite"),
        version("b", ago(20), ago(-345), product="suite", renews="a"),
    )
    facts = Facts(young(400).account, DAY, versions=held, milestones=(Milestone("first_value", ago(300)),))
    assert stage(facts) == "adopt", "a renewal under another id is no other product"
    more = version("c", ago(20), ago(-345), product="analytics")
    assert stage(Facts(facts.account, DAY, versions=(*held, more), milestones=facts.milestones)) == "land"


def test_renewal_comes_first_and_only_in_the_second_half_of_a_term():
    assert stage(acme(day=date(2026, 12, 1))) == "renew", "60 days of notice before 31 March"
    assert stage(acme(day=date(2026, 10, 1))) == "adopt"
    quarterly = young(60)
    held = (version(starts_on=ago(10), ends_on=ago(-81), term_months=3),)
    assert stage(Facts(quarterly.account, DAY, versions=held)) == "adopt", "81 of 91 days are left"
    monthly = (version(starts_on=ago(80), ends_on=ago(-10), term_months=1, auto_renew=True),)
    assert stage(Facts(young(80).account, DAY, versions=monthly)) == "adopt", "month to month is always near"


def test_who_gave_notice_is_in_renewal_and_who_left_in_none():
    gone = version(starts_on=ago(100), ends_on=ago(-265), notice_given_on=ago(3))
    assert stage(Facts(young(100).account, DAY, versions=(gone,))) == "renew"
    former = version(starts_on=ago(500), ends_on=ago(135))
    assert stage(Facts(young(500).account, DAY, versions=(former,))) is None


def test_expansion_begins_at_90_percent_and_lasts_above_80():
    assert only_licences(settled(9))[0] == "expand"
    assert only_licences(settled(8))[0] == "adopt"
    wide = Facts(settled().account, DAY, versions=(version(starts_on=ago(100), ends_on=ago(-265), seats=100),))
    used = {n: Usage(ago(1), n, "users", Decimal(10), 20, Decimal(10), 20) for n in (85, 80)}
    staying = Facts(wide.account, DAY, versions=wide.versions, usage=used[85])
    leaving = Facts(wide.account, DAY, versions=wide.versions, usage=used[80])
    assert only_licences(staying, [(ago(9), "expand")])[0] == "expand"
    assert only_licences(staying, [(ago(9), "adopt")])[0] == "adopt"
    assert only_licences(leaving, [(ago(9), "expand")])[0] == "adopt"


def test_what_is_not_known_never_holds():
    silent = Facts(settled().account, DAY, versions=settled().versions)
    assert only_licences(silent)[0] == "adopt"


def test_a_company_writes_its_own_rules():
    policy = load(
        "journey: {expand: {enter: [{licences: {at_least: 50}}], again: [{licences: {at_least: 95}}], leave: []}}"
    )
    facts = settled(9)
    assert only_licences(facts, policy=policy)[0] == "expand"
    been = [(ago(50), "expand"), (ago(40), "adopt")]
    assert only_licences(facts, been, policy)[0] == "adopt", "anew only at 95 %"
    assert only_licences(settled(10), been, policy)[0] == "expand"


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("journey: {land: {enter: [{}]}}", "journey.land.enter.0", "nothing_asked"),
        ("journey: {land: {enter: [{licences: {}}]}}", "journey.land.enter.0.licences", "nothing_asked"),
        ("journey: {land: {enter: [{licence: {at_least: 1}}]}}", "journey.land.enter.0.licence", "unknown_key"),
        ("journey: {adopt: {enter: []}}", "journey.adopt.enter", "unknown_key"),
        ("relationships: [{segment: smb, type: cold}]", "relationships.0.type", "not_allowed"),
        ("relationships: [{segment: smb, type: automated, kpi: fun}]", "relationships.0.kpi", "not_allowed"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(text, key, reason):
    with pytest.raises(PolicyError) as caught:
        load(text)
    assert (caught.value.problems[0].key, caught.value.problems[0].reason_code) == (key, reason)


def test_the_journey_says_why_since_when_and_what_would_move_it_on():
    facts = acme(day=date(2026, 10, 1))
    found = journey(facts, of(facts), POLICY, [(date(2026, 4, 1), "land"), (date(2026, 5, 15), "adopt")], {})
    assert (found.stage, found.by, found.since, found.days, found.at_least) == (
        "adopt", "rule", date(2026, 5, 15), 139, False,
    )  # fmt: skip
    assert [stay.stage for stay in found.stays] == ["land", "adopt"]
    ways = {way.to: [reason.code for reason in way.wants] for way in found.onward}
    assert ways == {"expand": ["wants_colour", "wants_least_percent"], "renew": ["wants_decision"]}
    assert (found.usual, found.stuck) == (Usual(180), False)


def test_every_reason_has_its_parameters():
    for facts in (acme(), acme(day=date(2026, 12, 1)), young(3), settled()):
        found = journey(facts, of(facts), POLICY, (), {})
        for reason in (*found.why, *(want for way in found.onward for want in way.wants)):
            assert set(reason.params) == set(PARAMETERS[reason.code]), reason


def test_a_stage_that_a_person_gave_stands_and_is_not_dated():
    facts = acme(account=Account(1, "acme", "Acme", customer_since=date(2026, 3, 31), laer_stage="Land"))
    found = journey(facts, of(facts), POLICY, [(ago(100), "adopt")], {})
    assert (found.stage, found.ruled, found.by, found.since) == ("land", "renew", "person", None)
    assert [reason.code for reason in found.why] == ["stage_given"]
    assert found.onward == (), "no rule moves it"


def test_stuck_is_longer_than_the_segments_usual_time():
    facts = acme(day=date(2026, 10, 1))
    past = [(date(2026, 4, 1), "land"), (date(2026, 5, 15), "adopt")]
    usual = {("enterprise", "adopt"): Usual(90, 12)}
    assert journey(facts, of(facts), POLICY, past, usual).stuck
    assert not journey(facts, of(facts), POLICY, past, {("smb", "adopt"): Usual(90, 12)}).stuck


def test_stages_are_entered_again_and_the_first_one_may_be_older():
    rows = [(ago(90), "adopt"), (ago(60), "renew"), (ago(30), None), (ago(20), "adopt")]
    stays = stays_of(rows)
    assert [(s.stage, s.first, s.until, s.whole) for s in stays] == [
        ("adopt", ago(90), ago(60), False),
        ("renew", ago(60), ago(30), True),
        ("adopt", ago(20), None, True),
    ]


def test_the_usual_time_is_a_median_of_enough_stays():
    ended = [("SMB", "land", days) for days in (10, 20, 30, 40, 500)] + [("smb", "adopt", 3)] * 4
    assert usual_times(ended, Policy().journey) == {("smb", "land"): Usual(30, 5)}


def test_what_a_rule_may_ask_is_known_by_name():
    asked = situation(acme(), of(acme()), POLICY)
    assert asked["licences"] == Decimal("50.8")
    assert asked["days_to_decide"] == (date(2027, 3, 31) - timedelta(60) - DAY).days
    assert (asked["onboarding"], asked["first_value"]) == (False, False)
    assert ACME.name == "Acme Corp"


def test_a_stage_that_a_person_gave_counts_from_the_day_on_which_it_was_given_and_again():
    facts = acme(account=Account(1, "acme", "Acme", customer_since=date(2026, 3, 31), laer_stage="land"))
    past = [(ago(100), "adopt"), (ago(15), "renew")]
    told = [(ago(80), "land", False), (ago(60), None, False), (ago(10), "land", False)]
    found = journey(facts, of(facts), POLICY, past, {("", "land"): Usual(4, 9)}, told)
    assert (found.stage, found.by, found.since, found.days, found.stuck) == ("land", "person", ago(10), 10, True)
    assert [(s.stage, s.first, s.until, s.by, s.whole) for s in found.stays] == [
        ("adopt", ago(100), ago(80), "rule", False),
        ("land", ago(80), ago(60), "person", True),
        ("adopt", ago(60), ago(15), "rule", True),
        ("renew", ago(15), ago(10), "rule", True),
        ("land", ago(10), None, "person", True),
    ]


def test_a_stage_whose_day_is_assumed_may_be_older():
    stays = stays_of([(ago(100), "adopt")], [(ago(3), "expand", True), (ago(1), "expand", False)])
    assert [(s.stage, s.first, s.whole) for s in stays] == [("adopt", ago(100), False), ("expand", ago(3), False)]
