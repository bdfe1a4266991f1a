"""What the signals of the policy notice of one account: lines with a distance, what is not known, whose it is."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from domain.accounts import Contact
from domain.alerts.alerts import Alert
from domain.alerts.noticing import asked_now, notice, owners_of, quiet_kinds
from domain.alerts.rules import ready
from domain.cases import case
from domain.facts import Answer, Ticket, Usage
from domain.health.scores import Then
from domain.policies.policy import Policy, PolicyError, load
from domain.policies.policy_alerts import DEFAULTS
from domain.seen import Seen, Watch
from tests.domain.build import ALL, DAY, POLICY, acme, ago, call, outcome, version

HOUSE = Path(__file__).parents[2]
OWNERS = {"csm": "ana@x.com", "lead": "sofia@x.com", "admin": None}


def seen(policy=POLICY, *, then=None, watch=None, **more):
    facts = acme(**more)
    return Seen(facts, case(facts, policy, in_use=ALL, then=then), policy, watch=watch or Watch())


def of(one, open_=()):
    return notice(one, ready(one.policy.watched), open_, OWNERS)


def kinds(one):
    return {signal.kind for signal in of(one).signals}


def signal(one, kind):
    return next(each for each in of(one).signals if each.kind == kind)


def standing(kind, reason=""):
    return Alert(1, 1, kind, reason, "high", "csm", {}, "ana@x.com", DAY, DAY)


def test_the_line_is_crossed_by_two_readings_and_left_with_a_distance():
    score = seen().case.health.score
    assert score == 58
    risky = load(f"health: {{at_risk_below: {score + 1}}}")
    assert "at_risk" not in kinds(seen(risky)), "one reading says nothing"
    assert "at_risk" not in kinds(seen(risky, watch=Watch(score_week=score + 5))), "a week ago it was above"
    assert "at_risk" in kinds(seen(risky, watch=Watch(score_week=score)))
    for line, stays in ((score, True), (score - 4, True), (score - 5, False)):
        better = seen(load(f"health: {{at_risk_below: {line}}}"))
        assert bool(of(better, [standing("at_risk")]).staying) is stays, line


def test_critical_signals_do_not_wait():
    assert signal(seen(), "critical_ticket").severity == "urgent"
    collapsed = Usage(ago(1), 61, "users", Decimal(50), 20, Decimal(100), 20)
    assert signal(seen(usage=collapsed), "usage_collapse").params == {"use": -50.0}
    assert "usage_collapse" not in kinds(seen())


def test_silence_of_the_data_closes_nothing():
    stale = seen(usage=Usage(ago(40), 61, "users", Decimal(1), 20, Decimal(1), 20))
    assert of(stale, [standing("usage_collapse")]).staying
    assert not of(seen(), [standing("low_answer")]).staying, "no low answer is known to be no low answer"


def test_who_left_and_who_is_silent():
    gone = Contact("c1", "Champion", role="champion", left_on=ago(3))
    assert signal(seen(contacts=(gone,)), "champion_left").playbook == "champion-left"
    follows = Contact("c2", "New", role="champion")
    assert "champion_left" not in kinds(seen(contacts=(gone, follows)))
    assert "key_silent" in kinds(seen()), "74 days, while the champion answers"


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"answers": (Answer("nps", 3, ago(3), "c2"),), "touched_on": ago(9)}, "low_answer"),
        ({"answers": (Answer("csat", 1, ago(3)),)}, "low_answer"),
        ({"answers": (Answer("ces", 2, ago(3)),)}, "low_answer"),
        ({"touched_on": ago(40)}, "silence"),
        ({"tickets": tuple(Ticket(f"t{n}", ago(n)) for n in range(5))}, "ticket_surge"),
        ({"outcomes": (outcome("o1", due_on=ago(2)),)}, "outcome_overdue"),
        ({"calls": (call("rule", "at_risk"), call("csm", "renew"))}, "calls_disagree"),
        ({"answers": (Answer("nps", 9, ago(3), "c2"),)}, "promoter"),
        ({"outcomes": (outcome("o1", achieved_on=ago(2)),)}, "outcome_reached"),
        ({"outcomes": (outcome("o1", achieved_on=ago(9), confirmed_on=ago(2)),)}, "outcome_confirmed"),
    ],
)
def test_a_fact_and_its_signal(facts, kind):
    assert kind in kinds(seen(**facts))


def test_a_rule_may_ask_that_there_is_none():
    policy = load(
        "signals: {calm: {when: {open_tickets: {at_most: 0}}, label: {en: A, es: B}}, "
        "either: {when: [{tickets_7d: {at_least: 1}}, {segment: enterprise}], label: {en: A, es: B}}, "
        "loud: {when: {tickets_7d: {at_least: 1}, segment: enterprise}, label: {en: A, es: B}}}"
    )
    assert kinds(seen(policy, tickets=())) & {"calm", "either", "loud"} == {"calm", "either"}
    assert kinds(seen(policy)) & {"calm", "either", "loud"} == {"either", "loud"}


def test_checkpoints_are_told_one_by_one():
    contract = version("s1", starts_on=ago(300), ends_on=DAY + timedelta(115))
    one = signal(seen(versions=(contract,)), "checkpoint")
    assert one.reason == "120"
    assert not of(seen(versions=(contract,)), [standing("checkpoint", "180")]).staying, "the one before is over"
    assert one.standing.urgency == pytest.approx(90 / (90 + 115), abs=0.01)


def test_who_leaves_has_said_so_and_no_more():
    contract = version("s1", ends_on=DAY + timedelta(60), notice_given_on=ago(4), cancel_reason="price")
    found = of(seen(versions=(contract,)))
    assert {each.kind for each in found.signals} == {"notice_given"}
    assert found.leaving


def test_what_a_play_needs():
    watched = Watch(goals_behind=1, unready_on=DAY + timedelta(3), follow_up_on=DAY, abandoned=2)
    found = kinds(seen(watch=watched))
    assert {"goal_behind", "front_unready", "follow_up", "feature_abandoned"} <= found
    assert "front_unready" not in kinds(seen(watch=Watch(unready_on=DAY + timedelta(4))))


def test_good_news():
    well = seen(watch=Watch(), then=Then(40, {}, ago(30)))
    better = replace(well.case, health=replace(well.case.health, score=84, state="green"), change_30d=30)
    assert signal(replace(well, case=better), "recovered").severity == "good"


def test_whose_it_is_and_what_it_weighs():
    assert owners_of("Ana@x.com", {"ana@x.com": "sofia@x.com"}) == OWNERS
    assert owners_of(None, {}) == {"csm": None, "lead": None, "admin": None}
    urgent, normal = signal(seen(), "critical_ticket"), signal(seen(), "key_silent")
    assert urgent.standing.at_stake == pytest.approx(48000 * 0.7)
    assert urgent.standing.priority > normal.standing.priority


def test_a_policy_changes_a_part_and_adds_its_own():
    policy = load(
        "signals: {usage_collapse: {severity: high}, silence: {on: false}, "
        "mine: {when: [{nps: {at_most: 8}}, {x_region: latam}], label: {en: A, es: B}}}"
    )
    assert policy.watched["usage_collapse"].severity == "high"
    assert policy.watched["usage_collapse"].when == Policy().watched["usage_collapse"].when
    assert "silence" not in policy.watched
    assert "mine" in kinds(seen(policy))


@pytest.mark.parametrize(
    ("text", "key", "reason", "close"),
    [
        ("{mine: {when: {critcal_tickets: {at_least: 1}}}}", "signals.mine.when.0", "unknown_fact", "critical_tickets"),
        ("{mine: {when: {colour: purple}}}", "signals.mine.when.0", "wrong_condition", None),
        ("{at_risk: {sevrity: high}}", "signals.at_risk.sevrity", "unknown_key", "severity"),
        ("{checkpoint: {due: decision_day}}", "signals.checkpoint.due", "unknown_fact", "decision_days"),
        ("{mine: {severity: high}}", "signals", "nothing_asked", None),
    ],
)
def test_a_wrong_rule_is_refused_with_the_nearest(text, key, reason, close):
    with pytest.raises(PolicyError) as refused:
        load(f"signals: {text}")
    (problem,) = refused.value.problems
    assert (problem.key, problem.reason_code) == (key, reason)
    assert problem.detail.get("nearest") == close


def test_only_what_is_asked_otherwise_is_quiet():
    policy = Policy()
    before = asked_now(policy.watched, policy.digest)
    assert quiet_kinds(policy.watched, policy.digest, None) == frozenset(), "the first time"
    assert quiet_kinds(policy.watched, policy.digest, before) == frozenset()
    lines = quiet_kinds(policy.watched, "another", before)
    assert "at_risk" in lines
    assert "critical_ticket" not in lines, "a ticket is a ticket under every policy"
    stricter = load("signals: {invoice_overdue: {when: {overdue_days: {at_least: 1}}}}")
    assert quiet_kinds(stricter.watched, stricter.digest, before) == {"invoice_overdue"}
    louder = load("signals: {invoice_overdue: {severity: urgent}}")
    assert quiet_kinds(louder.watched, louder.digest, before) == frozenset()


def test_the_example_shows_every_signal_as_it_is():
    shown = (HOUSE / "policy.example.yaml").read_text("utf-8").split("ask no facts:\n")[1].split("# signals:")[0]
    assert yaml.safe_load("\n".join(line.removeprefix("#") for line in shown.splitlines())) == DEFAULTS
