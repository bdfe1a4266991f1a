"""One open alert for each account, kind and reason; it grows, waits, goes on, and closes by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.alerts import ABOVE, crossings, declining, raised, wandering
from domain.alerts.alerts import Alert, Night, Signal, applied, escalates_on, evaluate
from domain.playbooks.workdays import Workdays

DAY = date(2026, 11, 23)
ANA = "ana@x.com"
KINDS = st.sampled_from(["at_risk", "silence", "checkpoint"])
SIGNALS = st.builds(
    Signal,
    account=st.integers(1, 4),
    kind=KINDS,
    reason=st.sampled_from(["", "90"]),
    severity=st.sampled_from(["urgent", "high", "normal", "good"]),
    params=st.dictionaries(st.sampled_from(["score", "use"]), st.integers(-3, 3), max_size=2),
    days=st.sampled_from([0, 7]),
    owner=st.sampled_from([None, ANA]),
)


def noticed(**more):
    return Signal(1, **{"kind": "at_risk", "severity": "high", "owner": ANA, "params": {"score": 41}, **more})


def after(alerts, signals, day=DAY, **more):
    return applied(alerts, evaluate(alerts, signals, Night(day, **more)), day)


@given(st.lists(st.tuples(st.integers(0, 9), st.lists(SIGNALS, max_size=8)), max_size=6), st.randoms())
def test_evaluated_twice_is_evaluated_once_in_any_order(nights, random):
    alerts: tuple[Alert, ...] = ()
    day = DAY
    for gap, signals in nights:
        day += timedelta(gap)
        unique = list({signal.key: signal for signal in signals}.values())
        shuffled, others = random.sample(unique, len(unique)), random.sample(alerts, len(alerts))
        made = evaluate(alerts, unique, Night(day))
        assert made == evaluate(others, shuffled, Night(day)), "the order of accounts does not matter"
        alerts = applied(alerts, made, day)
        assert evaluate(alerts, unique, Night(day)) == (), "a second run of the day has nothing to do"
        keys = [alert.key for alert in alerts]
        assert len(keys) == len(set(keys)), "never two open of one key"


def test_it_grows_instead_of_repeating():
    first = after((), [noticed()])
    third = after(first, [noticed(params={"score": 30})], DAY + timedelta(15))
    assert [alert.id for alert in third] == [alert.id for alert in first]
    (alert,) = third
    assert alert.weeks(DAY + timedelta(15)) == 3
    assert (alert.opened_on, alert.params) == (DAY, {"score": 30}), "it says what is so now"


def test_what_must_last_is_told_only_when_it_has():
    signal = noticed(days=7)
    (waiting,) = after((), [signal])
    assert waiting.status == "waiting"
    assert not waiting.asks(DAY)
    assert [a.verb for a in evaluate((waiting,), [signal], Night(DAY + timedelta(6)))] == []
    (opened,) = after((waiting,), [signal], DAY + timedelta(7))
    assert (opened.status, opened.opened_on) == ("open", DAY + timedelta(7))
    assert after((waiting,), [], DAY + timedelta(1)) == (), "it has to begin anew"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, "over"),
        ({"leaving": {1}}, "leaving"),
        ({"asked": {"silence"}}, "off"),
        ({"staying": {(1, "at_risk", "")}}, None),
    ],
)
def test_it_closes_by_itself_with_why(more, why):
    alerts = after((), [noticed()])
    found = [action.why for action in evaluate(alerts, [], Night(DAY + timedelta(1), **more)) if action.verb == "close"]
    assert found == ([why] if why else [])


def test_what_was_called_wrong_does_not_come_back_until_it_was_over():
    (alert,) = after((), [noticed()])
    wrong = replace(alert, wrong_by=ANA, wrong_on=DAY)
    (still,) = after((wrong,), [noticed()], DAY + timedelta(1))
    assert (still.id, still.asks(DAY + timedelta(1))) == (alert.id, False)
    assert after((still,), [], DAY + timedelta(2)) == ()


def test_silence_goes_to_the_manager_after_working_days_and_once():
    (alert,) = after((), [noticed()])
    thursday = date(2026, 11, 26)
    assert escalates_on(alert, 3, Workdays()) == thursday, "announced before it goes"
    assert escalates_on(replace(alert, opened_on=date(2026, 11, 20)), 3, Workdays()) == date(2026, 11, 25), "a weekend"
    before = evaluate((alert,), [noticed()], Night(thursday - timedelta(1)))
    assert "escalate" not in [action.verb for action in before]
    (gone,) = after((alert,), [noticed()], thursday)
    assert gone.escalated_on == thursday
    again = evaluate((gone,), [noticed()], Night(thursday + timedelta(1)))
    assert "escalate" not in [action.verb for action in again]


@pytest.mark.parametrize(
    "change",
    [
        {"claimed_by": ANA}, {"wrong_by": ANA}, {"snoozed_until": DAY + timedelta(20)}, {"severity": "normal"},
        {"owner": None}, {"quiet": True}, {"told": "lead"},
    ],
)  # fmt: skip
def test_what_somebody_answered_or_may_wait_goes_nowhere(change):
    (alert,) = after((), [noticed()])
    signal = noticed(**{name: value for name, value in change.items() if name in {"severity", "owner", "told"}})
    made = evaluate((replace(alert, **change),), [signal], Night(DAY + timedelta(10)))
    assert "escalate" not in [action.verb for action in made]


def test_a_snooze_ends_on_its_day():
    (alert,) = after((), [noticed()])
    snoozed = replace(alert, snoozed_until=DAY + timedelta(3))
    assert [snoozed.asks(DAY + timedelta(n)) for n in (0, 2, 3)] == [False, False, True]
    assert escalates_on(snoozed, 3, Workdays()) == date(2026, 12, 1), "its days are counted anew"


def test_a_changed_policy_opens_without_telling():
    (alert,) = after((), [noticed()], quiet={"at_risk"})
    assert alert.quiet
    (kept,) = after((alert,), [noticed(params={"score": 1})], DAY + timedelta(1))
    assert kept.quiet, "nor on the days after"


def test_noise_alone_raises_little_and_no_decline_is_missed():
    from random import Random

    random, many = Random(5), 60
    noise = [wandering(random, ABOVE) for _ in range(many)]
    assert sum(map(crossings, noise)) / many > 1.5, "one line would raise about two a year"
    assert sum(map(raised, noise)) / many <= 0.7
    assert all(raised(declining(random)) for _ in range(many))
