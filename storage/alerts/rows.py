"""An alert as its row, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from domain.alerts.alerts import Alert, Signal, Standing
from domain.money import Money
from storage.importing.images import plain
from storage.tables import alerts

NAMES = tuple(field.name for field in fields(Alert))
COLUMNS = tuple(alerts.c[name] for name in NAMES)
PARAMS, STANDING = NAMES.index("params"), NAMES.index("standing")
SAID = ("severity", "told", "owner", "playbook")


def read(row: Sequence[Any]) -> Alert:
    """Of a row that begins with COLUMNS."""
    values = [*row[: len(NAMES)]]
    values[PARAMS], values[STANDING] = dict(values[PARAMS]), _standing(values[STANDING])
    return Alert(*values)


def taken(signal: Signal) -> dict[str, Any]:
    """What a new alert takes over from its signal."""
    return {
        "severity": signal.severity,
        "told": signal.told,
        "owner": signal.owner,
        "playbook": signal.playbook,
        "params": plain(signal.params),
        "standing": _kept(signal.standing),
        "priority": signal.standing.priority,
    }


def otherwise(signal: Signal, alert: Alert) -> dict[str, Any]:
    """What of that is not in the alert yet."""
    found = {name: value for name in SAID if (value := getattr(signal, name)) != getattr(alert, name)}
    if alert.params != signal.params:
        found["params"] = plain(signal.params)
    if alert.standing != signal.standing:
        found |= {"standing": _kept(signal.standing), "priority": signal.standing.priority}
    return found


def _kept(found: Standing) -> dict[str, Any]:
    kept = {
        "at_stake": found.at_stake,
        "urgency": found.urgency,
        "chance": found.chance,
        "colour": found.colour,
        "score": found.score,
        "decision_on": found.decision_on and found.decision_on.isoformat(),
        "ends_on": found.ends_on and found.ends_on.isoformat(),
    }
    money = found.annual
    return kept | {"annual": plain(money.amount), "currency": money.currency} if money else kept


def _standing(kept: Mapping[str, Any]) -> Standing:
    decision, ends = kept["decision_on"], kept["ends_on"]
    return Standing(
        kept["at_stake"],
        kept["urgency"],
        kept["chance"],
        Money(Decimal(kept["annual"]), kept["currency"]) if "annual" in kept else None,
        kept["colour"],
        kept["score"],
        date.fromisoformat(decision) if decision else None,
        date.fromisoformat(ends) if ends else None,
    )
