"""The script that an analyst would write for the columns that `score` fills, on the same database: pandas, no rules."""

import sqlite3
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.spent import Spent, spending

USE = "select account, day, feature, active_users, events from usage where day > ?"
WEIGHTS = {"trend": 20, "licences": 20, "features": 15, "touch": 15, "revenue": 15, "fresh": 15}


def scores(file: Path, day: date) -> Spent:
    """Read, group, weigh, write back: from 0 to 100 a measure, the average a score, a band by two lines."""
    import_module("pandas")  # not what is measured
    with spending() as spent:
        connection = sqlite3.connect(file)
        found = _joined(connection, day)
        measures = _measures(found, day)
        weights = measures.notna() * list(WEIGHTS.values())
        found["score"] = (measures.fillna(0) * weights).sum(axis=1) / weights.sum(axis=1)
        found["state"] = found["score"].map(_state)
        found[["score", "state"]].join(measures).to_sql("analyst_scores", connection, if_exists="replace")
        connection.close()
    return spent


def _state(score: float) -> str:
    return "green" if score >= 75 else "yellow" if score >= 50 else "red"


def _joined(connection: sqlite3.Connection, day: date) -> Any:
    """An account a row, with what its measures are made of."""
    import pandas as pd  # noqa: PLC0415

    middle = (day - timedelta(28)).isoformat()
    use = pd.read_sql(USE, connection, params=[(day - timedelta(56)).isoformat()])
    by_day = use.groupby(["account", "day"]).agg(events=("events", "sum"), active=("active_users", "max")).reset_index()
    recent, earlier = by_day[by_day["day"] > middle], by_day[by_day["day"] <= middle]
    contracts = pd.read_sql("select account, annual, seats, ends_on from subscriptions", connection)
    touches = pd.read_sql("select account, max(at) as touched from touches group by account", connection)
    found = pd.read_sql("select number as account, account_id, name, csm, segment from accounts", connection)
    parts = (
        recent.groupby("account").agg(recent=("events", "mean"), peak=("active", "max"), last=("day", "max")),
        earlier.groupby("account").agg(earlier=("events", "mean")),
        use[use["day"] > middle].groupby("account").agg(features=("feature", "nunique")),
        contracts.groupby("account").agg(annual=("annual", "sum"), seats=("seats", "sum"), ends=("ends_on", "min")),
        touches.set_index("account"),
    )
    return found.set_index("account").join(list(parts))


def _measures(found: Any, day: date) -> Any:
    import pandas as pd  # noqa: PLC0415

    touched = (pd.Timestamp(day) - pd.to_datetime(found["touched"], format="ISO8601").dt.tz_localize(None)).dt.days
    last = (pd.Timestamp(day) - pd.to_datetime(found["last"])).dt.days
    columns = {
        "trend": found["recent"] / found["earlier"] * 100,
        "licences": found["peak"] / found["seats"] * 100,
        "features": found["features"] / found["features"].max() * 100,
        "touch": 100 - touched * 2,
        "revenue": found["annual"].gt(0) * 100.0,
        "fresh": 100 - last * 5,
    }
    return pd.DataFrame(columns).clip(0, 100)
