"""The sections alerts and signals of policy.yaml: what is noticed, who is told, and how much of it."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from domain.alerts.alerts import Severity, Told
from domain.conditions import Where
from domain.fact_kinds import KINDS
from domain.policies.problems import Settings, nearest, problem

Days = Annotated[int, Field(ge=0, le=3660)]
Detected = Literal["over_capacity", "source_stopped"]
DETECTED: tuple[Detected, ...] = ("over_capacity", "source_stopped")
"""Signals of no account: they ask no facts."""
SCORED = {
    "colour", "colour_30d", "score", "change_7d", "change_30d", "above_risk", "held_above_risk", "above_green",
    "held_above_green", "coverage", "at_risk", "critical", "licences_for_age", "onboarding", "stage", "rule_call",
    "calls_agree", "touch_late_days",
}  # fmt: skip
"""Facts that are the policy's making: another policy makes another of the same data."""


def _one_or_more(given: Any) -> Any:
    return [given] if isinstance(given, dict) else given


def _fact(name: str) -> str:
    if name not in KINDS and not name.startswith("x_"):
        raise problem("unknown_fact", fact=name, nearest=nearest(name, list(KINDS)) or "")
    return name


Alternatives = Annotated[tuple[Where, ...], BeforeValidator(_one_or_more)]
FactName = Annotated[str, BeforeValidator(_fact)]


class Label(Settings):
    en: Annotated[str, Field(min_length=1, max_length=200)] = Field(description="In English")
    es: Annotated[str, Field(min_length=1, max_length=200)] = Field(description="In Spanish")

    def of(self, language: str) -> str:
        return self.es if language == "es" else self.en


class SignalPolicy(Settings):
    """One rule over accounts: of what it notices there is one open alert for each account."""

    on: bool = Field(True, description="false: it is not looked for; what is open closes")
    when: Alternatives = Field((), description="Facts as in docs/playbooks.md; it is noticed where one of these holds")
    unless: Alternatives = Field((), description="It is not noticed where one of these holds")
    leave: Alternatives = Field((), description="It closes when one of these holds; empty: when none of `when` does")
    days: Days = Field(0, description="It must have been noticed for so many days before anybody is told")
    severity: Severity = Field(
        "normal", description="urgent (told at once), high (goes to the manager on silence), normal, or good news"
    )
    tell: Told = Field("csm", description="csm, lead (the CSM's manager) or admin")
    playbook: str | None = Field(None, description="The playbook that is proposed")
    each: FactName | None = Field(None, description="A fact: one alert for each of its values, such as checkpoint")
    due: FactName | None = Field(None, description="A fact in days ahead: the nearer, the more urgent")
    show: tuple[FactName, ...] = Field((), description="Facts that are told besides those of `when`")
    leaving: bool = Field(False, description="true: of accounts that have given notice too")
    label: Label | None = Field(None, description="Of a signal of yours: how it is said, {en: …, es: …}")

    @cached_property
    def digest(self) -> str:
        """16 hexadecimal digits of what it notices; who is told and how is no part of it."""
        asked = self.model_dump(mode="json", include={"on", "when", "unless", "leave", "days", "each", "leaving"})
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def scored(self) -> bool:
        """It rests on what the policy makes of the facts."""
        return any(fact in SCORED for one in (*self.when, *self.unless) for fact in one)


class AlertPolicy(Settings):
    cap: Annotated[int, Field(ge=1, le=20)] = Field(
        5, description="So many alerts need a person a day; the rest counts"
    )
    escalate_days: Annotated[int, Field(ge=0, le=60)] = Field(
        3, description="Working days without an answer after which urgent and high go to the manager; 0: never"
    )
    source_days: Annotated[int, Field(ge=1, le=365)] = Field(
        3, description="Working days without new facts after which a source has stopped"
    )
    over_capacity: Annotated[float, Field(ge=0.1, le=10)] = Field(
        1.1, description="A person's hours of a week, over those that they have, from which their manager is told"
    )


DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "at_risk": {
        "when": {"held_above_risk": {"at_most": -1}},
        "leave": {"above_risk": {"at_least": 5}},
        "severity": "high", "playbook": "at-risk-rescue", "show": ["score", "change_30d"],
    },
    "band_drop": {
        "when": {"held_above_green": {"at_most": -1}, "colour": "yellow", "colour_30d": "green"},
        "leave": [
            {"above_green": {"at_least": 5}}, {"colour": "red"}, {"colour_30d": ["yellow", "red"]},
        ],
        "show": ["score", "change_30d"],
    },
    "score_fall": {
        "when": [{"change_30d": {"at_most": -15}}, {"change_7d": {"at_most": -10}}],
        "leave": {"change_30d": {"at_least": -5}},
        "severity": "high", "show": ["score", "change_30d", "change_7d"],
    },
    "usage_collapse": {
        "when": {"use": {"at_most": -40}}, "leave": {"use": {"at_least": -25}},
        "severity": "urgent", "playbook": "at-risk-rescue",
    },
    "licences_low": {
        "when": {"licences_for_age": {"at_most": 49}, "onboarding": False},
        "leave": {"licences_for_age": {"at_least": 60}},
        "days": 7, "playbook": "low-adoption", "show": ["licences"],
    },
    "licences_full": {
        "when": {"licences": {"at_least": 95}}, "leave": {"licences": {"at_most": 89}},
        "days": 7, "playbook": "licence-expansion",
    },
    "feature_abandoned": {"when": {"abandoned_features": {"at_least": 1}}, "playbook": "low-adoption"},
    "champion_left": {
        "when": {"champion_left_days": {"at_most": 60}}, "severity": "high", "playbook": "champion-left",
    },
    "sponsor_left": {
        "when": {"sponsor_left_days": {"at_most": 60}}, "severity": "high", "playbook": "champion-left",
    },
    "sponsor_silent": {
        "when": {"sponsor_days": {"at_least": 90}}, "leave": {"sponsor_days": {"at_most": 60}},
    },
    "key_silent": {
        "when": {"key_silent_days": {"at_least": 45}}, "unless": {"sponsor_days": {"at_least": 90}},
    },
    "low_answer": {
        "when": {"low_answer_days": {"at_most": 60}}, "severity": "high", "playbook": "detractor-recovery",
    },
    "ticket_surge": {
        "when": {"tickets_7d": {"at_least": 4}, "ticket_growth": {"at_least": 100}},
        "leave": {"tickets_7d": {"at_most": 2}},
    },
    "critical_ticket": {
        "when": {"escalated_critical": {"at_least": 1}},
        "severity": "urgent", "playbook": "at-risk-rescue", "show": ["critical_days"],
    },
    "invoice_overdue": {
        "when": {"overdue_days": {"at_least": 15}}, "leaving": True, "show": ["overdue_invoices"],
    },
    "silence": {"when": {"touch_late_days": {"at_least": 7}}, "show": ["touch_days"]},
    "no_data": {
        "when": [{"colour": "unknown"}, {"usage_age": {"at_least": 14}}], "days": 7, "show": ["coverage"],
    },
    "checkpoint": {
        "when": {"checkpoint_days": {"at_most": 14}}, "unless": {"checkpoint": ["decision", "passed"]},
        "each": "checkpoint", "due": "decision_days", "show": ["decision_days"], "playbook": "renewal-120",
    },
    "decision_near": {
        "when": {"decision_days": {"at_least": 0, "at_most": 14}},
        "severity": "high", "due": "decision_days", "show": ["automatic"],
    },
    "call_missing": {
        "when": {"call_missing": True}, "severity": "high", "due": "decision_days", "show": ["decision_days"],
    },
    "calls_disagree": {
        "when": {"calls_agree": False, "decision_days": {"at_least": 0, "at_most": 120}},
        "due": "decision_days", "show": ["rule_call", "csm_call"],
    },
    "notice_given": {
        "when": [{"leaving": True, "notice_days": {"at_most": 60}}],
        "severity": "high", "leaving": True, "show": ["end_days", "cancel_reason"],
    },
    "goal_behind": {"when": {"goals_behind": {"at_least": 1}}},
    "outcome_overdue": {"when": {"outcome_overdue_days": {"at_least": 1}}},
    "front_unready": {"when": {"unready_days": {"at_most": 3}}, "severity": "high", "due": "unready_days"},
    "follow_up": {"when": {"follow_up_days": {"at_most": 6}}},
    "promoter": {
        "when": {"unasked_promoter_days": {"at_most": 60}, "colour": ["green", "yellow"]},
        "severity": "good", "playbook": "promoter-referral",
    },
    "recovered": {
        "when": {"above_green": {"at_least": 5}, "colour": "green", "colour_30d": ["yellow", "red"]},
        "severity": "good", "show": ["score", "change_30d"],
    },
    "outcome_reached": {
        "when": {"achieved_days": {"at_most": 7}}, "unless": {"confirmed_days": {"at_most": 30}}, "severity": "good",
    },
    "outcome_confirmed": {
        "when": {"confirmed_days": {"at_most": 7}}, "severity": "good", "playbook": "promoter-referral",
    },
    "over_capacity": {"tell": "lead"},
    "source_stopped": {"tell": "admin", "severity": "high"},
}  # fmt: skip


def with_defaults(given: Any) -> Any:
    """What a file says of a signal of ours changes that part of it."""
    if not isinstance(given, dict):
        return given
    return {
        name: {**DEFAULTS.get(name, {}), **({} if own is None else own)}
        if own is None or isinstance(own, dict)
        else own
        for name, own in given.items()
    }


def known(signals: dict[str, SignalPolicy]) -> dict[str, SignalPolicy]:
    """Raises for one that asks nothing."""
    if any(not signal.when and name not in DETECTED for name, signal in signals.items()):
        raise problem("nothing_asked")
    return signals


OURS: Mapping[str, SignalPolicy] = {name: SignalPolicy.model_validate(given) for name, given in DEFAULTS.items()}
