"""Playbooks and plays by hand, small enough to see through."""

from datetime import date
from typing import Any

from domain.accounts import Contact
from domain.playbooks.playbooks import Playbook
from domain.playbooks.plays import Play
from domain.playbooks.schedule import Cast, Plan, plan

MONDAY = date(2026, 11, 23)
CAST = Cast(
    csm="ana@x.com",
    lead="sofia@x.com",
    team={"support": "sid@x.com"},
    contacts=(Contact("c1", "Eva", role="champion"), Contact("c2", "Raúl", role="sponsor", left_on=date(2026, 1, 1))),
    tier="1",
)


def said(text: str) -> dict[str, str]:
    return {"en": text, "es": text}


def activity(name: str, day: Any, *, needs: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    side = {"F": "front", "B": "back", "C": "customer"}[name[0]]
    who = {"contact": "champion"} if side == "customer" else {"owner": "csm"}
    return {"id": name, "side": side, "title": said(name), "day": day, "needs": list(needs), **who, **more}


RESCUE = (
    activity("B1", "D+1", hours=1),
    activity("B2", "D+2", needs=("B1",), owner="support"),
    activity("F1", "D+3", needs=("B2",), contact="champion", channel="call", hours=0.5),
    activity("C1", "D+6"),
    activity("F2", "D+7", needs=("C1", "F1"), contact="champion", channel="meeting", hours=1),
)


def book(*activities: dict[str, Any], name: str = "rescue", **more: Any) -> Playbook:
    return Playbook.model_validate(
        {
            "name": name,
            "title": said(name),
            "summary": said("What it is for"),
            "kpi": {"name": "licences", "moves": "up"},
            "clients": {"any": [{"when": {"stage": "adopt"}}]},
            "goal": {"measure": "licences", "statement": said("More"), "target": {"by": 20}, "due": "D+90"},
            "plan": list(activities or RESCUE),
            "follow_up": {"days": ["D+30"], "rules": [{"verdict": "continue", "say": said("Go on")}]},
            **more,
        }
    )


def play(**more: Any) -> Play:
    given = {
        "play_id": "P1",
        "account": 1,
        "playbook": "rescue",
        "version": 1,
        "status": "running",
        "assigned": "chosen",
        "eligible_on": MONDAY,
        "started_on": MONDAY,
        "owner": "ana@x.com",
    }
    return Play(**{**given, **more})


def planned(playbook: Playbook, of: Play | None = None, cast: Cast = CAST, **known: Any) -> Plan:
    return plan(playbook, of or play(), cast, known)
