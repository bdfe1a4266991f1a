"""What a rule noticed, and what a person is told: one open alert for each account, kind and reason."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from domain.health.scores import State
from domain.money import Money
from domain.playbooks.workdays import Workdays
from domain.reasons import Plain

Severity = Literal["urgent", "high", "normal", "good"]
Told = Literal["csm", "lead", "admin"]
Status = Literal["waiting", "open", "closed"]
Closed = Literal["over", "leaving", "off", "gone"]
"""over: what it was about holds no more; leaving: the account has gone or goes; off: the policy no longer asks."""
Verb = Literal["wait", "drop", "open", "keep", "escalate", "close"]
Key = tuple[int, str, str]
WEEK = 7
NO_ACCOUNT = 0
ESCALATED: tuple[Severity, ...] = ("urgent", "high")


@dataclass(frozen=True, slots=True)
class Standing:
    """What an alert is ranked by, as the evaluation found it.

    annual: as given; at_stake: money a year at risk in the organisation's currency; urgency, chance: 0..1, as in
    domain/risks. `priority` is their product.
    """

    at_stake: float = 0.0
    urgency: float = 0.0
    chance: float = 1.0
    annual: Money | None = None
    colour: State | None = None
    score: int | None = None
    decision_on: date | None = None
    ends_on: date | None = None

    @property
    def priority(self) -> float:
        return self.at_stake * self.urgency * self.chance


@dataclass(frozen=True, slots=True)
class Signal:
    """A fact that a rule noticed. account: its number, 0 where it is of none.

    params: the facts that the rule asked for and shows, by name. days: how long it must have been noticed before
    anybody is told. owner: the e-mail of who is told, None: nobody's, or the admins' where there is no account.
    """

    account: int
    kind: str
    reason: str = ""
    severity: Severity = "normal"
    told: Told = "csm"
    params: Mapping[str, Plain] = field(default_factory=dict)
    days: int = 0
    owner: str | None = None
    playbook: str | None = None
    standing: Standing = Standing()

    @property
    def key(self) -> Key:
        return self.account, self.kind, self.reason


@dataclass(frozen=True, slots=True)
class Alert:
    """What stands of a signal. waiting: noticed on opened_on, not yet for as long as its signal asks.

    seen_on: the last day on which it held. quiet: it holds since the policy changed: it is on lists, and nobody is
    told unasked. One that was called wrong stays open, out of everybody's sight, until what it was about is over.
    snoozed_until: the first day on which it is back. acted_on: first claimed, answered by a play, or a touch logged.
    """

    id: int
    account: int
    kind: str
    reason: str
    severity: Severity
    told: Told
    params: Mapping[str, Plain]
    owner: str | None
    opened_on: date
    seen_on: date
    status: Status = "open"
    playbook: str | None = None
    standing: Standing = Standing()
    quiet: bool = False
    claimed_by: str | None = None
    claimed_on: date | None = None
    snoozed_until: date | None = None
    snooze_reason: str | None = None
    escalated_on: date | None = None
    closed_on: date | None = None
    closed_why: Closed | None = None
    acted_on: date | None = None
    wrong_by: str | None = None
    wrong_on: date | None = None

    @property
    def key(self) -> Key:
        return self.account, self.kind, self.reason

    def days(self, day: date) -> int:
        """The how manieth day it is, from 1."""
        return (day - self.opened_on).days + 1

    def weeks(self, day: date) -> int:
        """The how manieth week it is, from 1."""
        return (day - self.opened_on).days // WEEK + 1

    def snoozed(self, day: date) -> bool:
        """`day`: of the person who looks, in their time zone."""
        return self.snoozed_until is not None and day < self.snoozed_until

    def asks(self, day: date) -> bool:
        """Somebody is still to answer it: it is open, nobody's yet, not put off and not called wrong."""
        return self.status == "open" and not (self.claimed_by or self.wrong_by or self.snoozed(day))


@dataclass(frozen=True, slots=True)
class Action:
    """What becomes of one alert. wait, open: a new row, or the waiting one; keep: it holds still; drop: a waiting one
    that did not last; escalate: it goes to the manager; close: with why."""

    verb: Verb
    signal: Signal | None = None
    alert: Alert | None = None
    why: Closed | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Night:
    """How a day is evaluated. staying: what is not noticed any more and has not left its line behind either.

    quiet: kinds that are made of the facts otherwise than the last time. asked: kinds that the policy asks for,
    None: all. leaving: accounts that go or have gone. escalate_days: working days without an answer; 0: never.
    """

    day: date
    staying: Collection[Key] = frozenset()
    quiet: Collection[str] = frozenset()
    asked: Collection[str] | None = None
    leaving: Collection[int] = frozenset()
    escalate_days: int = 3
    workdays: Workdays = field(default_factory=Workdays)


def evaluate(alerts: Iterable[Alert], noticed: Iterable[Signal], night: Night) -> tuple[Action, ...]:
    """What becomes of the alerts of some accounts, all that are not closed, after what was noticed of them.

    Said twice it changes nothing more; the order of either does not matter.
    """
    standing = {alert.key: alert for alert in alerts}
    found = {signal.key: signal for signal in noticed}
    made = [action for key in sorted(found) if (action := _met(found[key], standing.get(key), night))]
    made += [
        action for key in sorted(standing) if key not in found if (action := _unmet(standing[key], night)) is not None
    ]
    return (*made, *_escalated(found, standing, made, night))


def _met(signal: Signal, alert: Alert | None, night: Night) -> Action | None:
    since = night.day if alert is None else alert.opened_on
    if alert is None or alert.status == "waiting":
        if (night.day - since).days < signal.days:
            return Action("wait", signal) if alert is None else None
        return Action("open", signal, alert, quiet=signal.kind in night.quiet)
    return Action("keep", signal, alert) if _differs(alert, signal, night.day) else None


def _differs(alert: Alert, signal: Signal, day: date) -> bool:
    return alert.seen_on != day or _renewed(alert, signal) != alert


def _renewed(alert: Alert, signal: Signal) -> Alert:
    return replace(alert, **{name: getattr(signal, name) for name in COPIED})


def _unmet(alert: Alert, night: Night) -> Action | None:
    if alert.status == "waiting":
        return Action("drop", alert=alert)
    if night.asked is not None and alert.kind not in night.asked:
        return Action("close", alert=alert, why="off")
    if alert.account in night.leaving:
        return Action("close", alert=alert, why="leaving")
    if alert.key in night.staying:
        return Action("keep", alert=alert) if alert.seen_on != night.day else None
    return Action("close", alert=alert, why="over")


def _escalated(
    found: Mapping[Key, Signal], standing: Mapping[Key, Alert], made: Iterable[Action], night: Night
) -> Iterator[Action]:
    """Of those that stay open, as they are from now on."""
    closing = {action.alert.key for action in made if action.verb == "close" and action.alert}
    for key in sorted(standing.keys() - closing):
        alert = standing[key]
        goes_on = _goes_on(alert, found.get(key, alert), night.escalate_days, night.workdays)
        if goes_on is not None and goes_on <= night.day and alert.asks(night.day):
            yield Action("escalate", alert=alert)


def escalates_on(alert: Alert, days: int, workdays: Workdays) -> date | None:
    """The day on which it goes to the manager where nobody answers; None where it does not, or has gone.

    After a snooze the days are counted anew.
    """
    return _goes_on(alert, alert, days, workdays)


def _goes_on(alert: Alert, said: Alert | Signal, days: int, workdays: Workdays) -> date | None:
    """said: what it says from now on."""
    if not days or alert.escalated_on or alert.quiet or said.severity not in ESCALATED or said.told != "csm":
        return None
    if alert.status != "open" or alert.claimed_by or alert.wrong_by or said.owner is None:
        return None
    return workdays.forward(max(alert.opened_on, alert.snoozed_until or alert.opened_on), days)


def applied(alerts: Iterable[Alert], actions: Iterable[Action], day: date) -> tuple[Alert, ...]:
    """The alerts after what was decided, as storage writes them; new ones get ids below 0."""
    after = {alert.key: alert for alert in alerts}
    for number, action in enumerate(actions, 1):
        key = action.signal.key if action.signal else action.alert.key if action.alert else (0, "", "")
        if action.verb in {"drop", "close"}:
            del after[key]
        elif action.verb == "escalate":
            after[key] = replace(after[key], escalated_on=day)
        elif action.signal is None:
            after[key] = replace(after[key], seen_on=day)
        else:
            after[key] = _became(action, action.signal, after.get(key), day, -number)
    return tuple(after.values())


def _became(action: Action, signal: Signal, alert: Alert | None, day: date, new: int) -> Alert:
    if action.verb == "keep" and alert:
        return replace(_renewed(alert, signal), seen_on=day)
    values = {name: getattr(signal, name) for name in COPIED}
    status: Status = "waiting" if action.verb == "wait" else "open"
    number = alert.id if alert else new
    return Alert(number, *signal.key, **values, opened_on=day, seen_on=day, status=status, quiet=action.quiet)


COPIED = ("severity", "told", "params", "owner", "playbook", "standing")
"""What an alert takes over from its signal, each time that it holds."""
