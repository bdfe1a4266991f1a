"""Every table. Text ids of accounts live once, in `accounts`; everything else holds the account's number.

A table of DATA.md bears its file's name and columns, with three exceptions: `account_id` is `account` (the number),
`stage` is `laer_stage` (accounts) or `side` (touches), and a price is `annual`, exact. An empty part of a key is ''.
Each row names the import that last wrote it (None: a person) and the day on which it became known.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.types import Addresses, Amount, Json, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(name: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True, nullable=False)


def account_key() -> Column[int]:
    return Column("account", Integer, ForeignKey("accounts.number"), primary_key=True, nullable=False)


def account() -> Column[int]:
    return Column("account", Integer, ForeignKey("accounts.number"), nullable=False, index=True)


def origin() -> tuple[Column[Any], ...]:
    return (Column("import_id", Integer), Column("known_on", Date, nullable=False))


def fact(name: str, *columns: Any, **kwargs: Any) -> Table:
    """A table that imports and people write; what an import brought is found account by account."""
    made = Table(name, metadata, *columns, *origin(), Column("extra", Json), **kwargs)
    Index(None, *(made.c[column] for column in ("import_id", "account") if column in made.c))
    return made


accounts = Table(
    "accounts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("account_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False, index=True),
    Column("segment", Text, index=True),
    Column("tier", Text),
    Column("csm", Text, index=True),
    Column("ae", Text),
    Column("parent_id", Text, index=True),
    Column("customer_since", Date),
    Column("country", String(2)),
    Column("language", Text),
    Column("currency", String(3)),
    Column("industry", Text),
    Column("domains", Text),
    Column("relationship", Text),
    Column("laer_stage", Text),
    Column("fit", Text),
    Column("potential_mrr", Amount),
    Column("crm_url", Text),
    Column("slack_channel", Text),
    *origin(),
    Column("extra", Json),
)
Index(None, accounts.c.import_id)

account_trigrams = Table("account_trigrams", metadata, key("trigram", String(3)), account_key())
Index("ix_account_trigrams_account", account_trigrams.c.account)

identifiers = fact("identifiers", key("system"), key("external_id"), account())
account_team = fact("account_team", account_key(), key("function"), key("email"))

people = fact(
    "people",
    key("email"),
    Column("name", Text),
    Column("aliases", Text),
    Column("slack_id", Text, unique=True),
    Column("role", Text, nullable=False),
    Column("function", Text),
    Column("time_zone", Text),
    Column("country", String(2)),
    Column("language", Text),
    Column("capacity_hours", Float),
    Column("manager", Text, index=True),
    Column("digest_hour", SmallInteger),
    Column("digest_channel", Text),
    Column("away_from", Date),
    Column("away_until", Date),
    Column("deputy", Text),
)

contacts = fact(
    "contacts",
    key("contact_id"),
    account(),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("department", Text),
    Column("role", Text),
    Column("left_on", Date),
)

subscriptions = fact(
    "subscriptions",
    key("subscription_id"),
    key("starts_on", Date),
    account(),
    Column("product", Text, nullable=False, default=""),
    Column("ends_on", Date, index=True),
    Column("annual", Amount, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("seats", Integer),
    Column("term_months", Integer),
    Column("auto_renew", Boolean, nullable=False, default=False),
    Column("notice_days", Integer),
    Column("status", Text, nullable=False, default="active"),
    Column("cancelled_on", Date),
    Column("notice_given_on", Date),
    Column("cancel_reason", Text),
    Column("competitor", Text),
    Column("renews", Text),
    Column("change_reason", Text),
)

mrr = fact(
    "mrr", account_key(), key("month", Date), Column("annual", Amount, nullable=False), Column("currency", String(3))
)

features = fact("features", key("feature"), Column("product", Text), Column("core", Boolean, nullable=False))

usage = fact(
    "usage",
    account_key(),
    key("day", Date),
    key("product"),
    key("feature"),
    Column("active_users", Integer),
    Column("active_users_28d", Integer),
    Column("events", Integer),
)

usage_users = fact(
    "usage_users",
    account_key(),
    key("day", Date),
    key("user"),
    key("feature"),
    Column("contact_id", Text),
    Column("events", Integer),
)

tickets = fact(
    "tickets",
    key("ticket_id"),
    account(),
    Column("contact_id", Text),
    Column("opened_at", Moment, nullable=False),
    Column("first_response_at", Moment),
    Column("closed_at", Moment),
    Column("severity", Text),
    Column("category", Text),
    Column("escalated", Boolean, nullable=False, default=False),
    Column("reopened", Boolean, nullable=False, default=False),
    Column("csat_binary", Text),
    Column("closed_known_on", Date),
)
Index("ix_tickets_opened_at", tickets.c.opened_at)
Index("ix_tickets_closed_at", tickets.c.closed_at)

surveys = fact(
    "surveys",
    key("response_id"),
    account(),
    Column("contact_id", Text),
    Column("kind", Text, nullable=False),
    Column("score", Integer),
    Column("sent_at", Moment),
    Column("answered_at", Moment),
    Column("comment", Text),
)

touches = fact(
    "touches",
    key("touch_id"),
    account(),
    Column("at", Moment, nullable=False),
    Column("channel", Text),
    Column("direction", Text),
    Column("csm", Text),
    Column("contacts", Text),
    Column("subject", Text),
    Column("minutes", Integer),
    Column("side", Text),
    Column("note", Text),
)
Index("ix_touches_account_at", touches.c.account, touches.c.at)

invoices = fact(
    "invoices",
    key("invoice_id"),
    account(),
    Column("issued_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("paid_on", Date),
    Column("amount", Amount, nullable=False),
    Column("currency", String(3), nullable=False),
)
Index("ix_invoices_issued_on", invoices.c.issued_on)
Index("ix_invoices_paid_on", invoices.c.paid_on)

orders = fact(
    "orders",
    key("order_id"),
    account(),
    Column("ordered_on", Date, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("currency", String(3), nullable=False),
)

costs = fact(
    "costs",
    Column("account", Integer, primary_key=True, nullable=False, autoincrement=False),
    key("month", Date),
    key("kind"),
    key("purpose"),
    key("currency", String(3)),
    Column("amount", Amount, nullable=False),
)

milestones = fact(
    "milestones", account_key(), key("milestone"), key("contact_id"), Column("reached_on", Date, nullable=False)
)

outcomes = fact(
    "outcomes",
    key("outcome_id"),
    account(),
    Column("contact_id", Text),
    Column("statement", Text, nullable=False),
    Column("measure", Text),
    Column("baseline", Amount),
    Column("target", Amount),
    Column("current", Amount),
    Column("due_on", Date),
    Column("achieved_on", Date),
    Column("confirmed_by", Text),
    Column("confirmed_on", Date),
)

goals = fact(
    "goals",
    key("goal_id"),
    account(),
    Column("playbook", Text),
    Column("kpi", Text, nullable=False),
    Column("baseline", Amount),
    Column("target", Amount, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("current", Amount),
    Column("owner", Text),
    Column("outcome_id", Text),
    Column("statement", Text),
    Column("achieved_on", Date),
)

referrals = fact(
    "referrals",
    key("referral_id"),
    account(),
    Column("contact_id", Text),
    Column("kind", Text),
    Column("asked_on", Date),
    Column("referred_name", Text),
    Column("introduced_on", Date),
    Column("converted_on", Date),
)

sentiments = fact(
    "sentiments",
    account_key(),
    key("given_on", Date),
    Column("csm", Text),
    Column("value", Text, nullable=False),
    Column("note", Text),
)

renewal_calls = fact(
    "renewal_calls",
    account_key(),
    key("renewal_on", Date),
    key("given_on", Date),
    key("by"),
    Column("call", Text, nullable=False),
    Column("reason", Text),
    Column("competitor", Text),
    Column("annual", Amount),
)

experience_checks = fact(
    "experience_checks",
    account_key(),
    key("item"),
    key("checked_on", Date),
    Column("met", Boolean, nullable=False),
    Column("note", Text),
)

plays = fact(
    "plays",
    key("play_id"),
    account(),
    Column("playbook", Text, nullable=False, index=True),
    Column("version", Integer, ForeignKey("playbooks.version"), nullable=False),
    Column("status", String(8), nullable=False),
    Column("assigned", String(8), nullable=False),
    Column("reason", Text),
    Column("wave", Integer),
    Column("subject", Text, nullable=False, default=""),
    Column("contact_id", Text),
    Column("owner", Text),
    Column("eligible_on", Date, nullable=False),
    Column("started_on", Date),
    Column("event_on", Date),
    Column("decision_on", Date),
    Column("paused_on", Date),
    Column("ended_on", Date),
    Column("result", Text),
    Column("note", Text),
    Column("goal_id", Text),
    Column("score_before", SmallInteger),
    Column("kpi_before", Amount),
    Column("potential", Float),
    CheckConstraint("status in ('waiting', 'held_out', 'running', 'paused', 'ended', 'stopped')", name="status"),
    CheckConstraint("assigned in ('rule', 'hold_out', 'capacity', 'chosen')", name="assigned"),
)
Index("ix_plays_status", plays.c.status, plays.c.owner)

tasks = fact(
    "tasks",
    key("task_id"),
    account(),
    Column("play_id", Text, index=True),
    Column("activity", Text),
    Column("turn", Integer, nullable=False, default=1),
    Column("title", Text),
    Column("side", String(8), nullable=False),
    Column("function", Text),
    Column("owner", Text),
    Column("helpers", Addresses),
    Column("contact_id", Text),
    Column("channel", Text),
    Column("due_on", Date, nullable=False),
    Column("at", Moment),
    Column("hours", Float, nullable=False, default=0),
    Column("status", String(8), nullable=False, default="open"),
    Column("done_on", Date),
    Column("done_by", Text),
    Column("note", Text),
    CheckConstraint("side in ('front', 'back', 'customer')", name="side"),
    CheckConstraint("status in ('open', 'done', 'skipped')", name="status"),
)
Index("ix_tasks_owner_due_on", tasks.c.owner, tasks.c.status, tasks.c.due_on)
Index("ix_tasks_due_on", tasks.c.status, tasks.c.due_on)

history = Table(
    "history",
    metadata,
    key("entity"),
    key("entity_key"),
    key("field"),
    key("day", Date),
    Column("account", Integer, ForeignKey("accounts.number"), nullable=False, index=True),
    Column("value", Text),
    Column("known_on", Date, nullable=False),
    Column("assumed", Boolean, nullable=False, default=False),
    Column("import_id", Integer, index=True),
)

revenue_changes = Table(
    "revenue_changes",
    metadata,
    account_key(),
    key("day", Date),
    key("known_on", Date),
    key("currency", String(3)),
    key("kind", String(10)),
    Column("delta", Amount, nullable=False),
)

usage_last = Table(
    "usage_last",
    metadata,
    account_key(),
    key("kind", String(7)),
    key("name"),
    Column("last_day", Date, nullable=False),
    CheckConstraint("kind in ('user', 'feature')", name="kind"),
)
Index("ix_usage_last_account_last_day", usage_last.c.account, usage_last.c.kind, usage_last.c.last_day)

usage_rolling = Table(
    "usage_rolling",
    metadata,
    account_key(),
    Column("day", Date, nullable=False),
    Column("known_on", Date, nullable=False),
    Column("newest_on", Date),
    Column("feature_on", Date),
    Column("user_on", Date),
    Column("recent_events", Integer, nullable=False),
    Column("recent_active", Integer, nullable=False),
    Column("recent_days", SmallInteger, nullable=False),
    Column("recent_event_days", SmallInteger, nullable=False),
    Column("earlier_events", Integer, nullable=False),
    Column("earlier_active", Integer, nullable=False),
    Column("earlier_days", SmallInteger, nullable=False),
    Column("earlier_event_days", SmallInteger, nullable=False),
    Column("peak", Integer),
    Column("unique_28d", Integer),
    Column("unique_on", Date),
)

# since: the earliest day of a fact that came, changed or went (None: any day).
dirty = Table("dirty", metadata, account_key(), key("what", String(8)), Column("since", Date))

policies = Table(
    "policies",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("content", Json, nullable=False),
    Column("first_day", Date, nullable=False),
)

playbooks = Table(
    "playbooks",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("content", Json, nullable=False),
    Column("first_day", Date, nullable=False),
)

# What a night has learned from the company's own history: parameters, figures and the day; one row of each name.
fits = Table(
    "fits", metadata, key("name"), Column("day", Date, nullable=False), Column("content", Json, nullable=False)
)

scores = Table(
    "scores",
    metadata,
    account_key(),
    key("day", Date),
    Column("score", SmallInteger),
    Column("state", String(10), nullable=False),
    Column("cap", Text),
    Column("coverage", SmallInteger, nullable=False),
    Column("at_risk", Boolean, nullable=False, default=False),
    Column("policy", Integer, ForeignKey("policies.version"), nullable=False),
)
Index("ix_scores_day_state", scores.c.day, scores.c.state, scores.c.score, scores.c.account)

factors = Table(
    "factors",
    metadata,
    account_key(),
    key("day", Date),
    key("measure"),
    Column("points", SmallInteger, nullable=False),
    Column("weight", SmallInteger, nullable=False),
    Column("value", Float),
    Column("fact_on", Date),
)
Index("ix_factors_day", factors.c.day)

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False, index=True),
    Column("who", Text),
    Column("origin", Text, nullable=False),
    Column("files", Json, nullable=False),
    Column("state", String(8), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("report", Json),
    CheckConstraint("state in ('merging', 'done', 'undone')", name="state"),
)

import_progress = Table(
    "import_progress",
    metadata,
    Column("import_id", Integer, ForeignKey("imports.id"), primary_key=True),
    key("entity"),
    Column("merged", Integer, nullable=False),
    Column("counts", Json, nullable=False),
)

before_images = Table(
    "before_images",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False, index=True),
    Column("entity", Text, nullable=False),
    Column("key", Json, nullable=False),
    Column("before", Json, nullable=False),
)

parked = Table(
    "parked",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False, index=True),
    Column("entity", Text, nullable=False),
    Column("entity_key", Text, nullable=False),
    Column("account_ref", Text, nullable=False, index=True),
    Column("payload", Json, nullable=False),
    Column("known_on", Date, nullable=False),
    UniqueConstraint("entity", "entity_key"),
)

sources = Table(
    "sources",
    metadata,
    key("name"),
    Column("newest_fact_on", Date),
    Column("arrived_at", Moment, nullable=False),
    Column("row_count", Integer, nullable=False),
)

edited = Table(
    "edited",
    metadata,
    key("entity"),
    key("entity_key"),
    key("column"),
    Column("imported", Json),
    Column("reported", Json),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("who", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("origin", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("entity_key", Text, nullable=False),
    Column("account", Integer, index=True),
    Column("before", Json),
    Column("after", Json),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)
Index("ix_changes_origin", changes.c.origin)
Index("ix_changes_entity_key", changes.c.entity_key, changes.c.entity)

exports = Table(
    "exports",
    metadata,
    key("export_id", String(32)),
    Column("account", Integer, index=True),
    Column("kind", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("customer_safe", Boolean, nullable=False),
    Column("content", Json, nullable=False),
)

# account 0: of no account, such as a source that stopped. waiting: noticed, not yet for as long as its signal asks.
# standing: what it was ranked by; quiet: it holds since the policy changed, so nobody is told unasked.
alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("account", Integer, nullable=False, default=0, index=True),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("severity", String(8), nullable=False),
    Column("params", Json, nullable=False),
    Column("standing", Json, nullable=False),
    Column("priority", Float, nullable=False, default=0),
    Column("quiet", Boolean, nullable=False, default=False),
    Column("told", String(8), nullable=False),
    Column("owner", Text, index=True),
    Column("opened_on", Date, nullable=False),
    Column("seen_on", Date, nullable=False),
    Column("status", String(8), nullable=False),
    Column("claimed_by", Text),
    Column("claimed_on", Date),
    Column("snoozed_until", Date),
    Column("snooze_reason", Text),
    Column("escalated_on", Date),
    Column("closed_on", Date),
    Column("closed_why", Text),
    Column("acted_on", Date),
    Column("wrong_by", Text),
    Column("wrong_on", Date),
    Column("playbook", Text),
    CheckConstraint("status in ('waiting', 'open', 'closed')", name="status"),
    CheckConstraint("severity in ('urgent', 'high', 'normal', 'good')", name="severity"),
)
Index(
    "ix_alerts_one_open", alerts.c.account, alerts.c.kind, alerts.c.reason, unique=True,
    sqlite_where=alerts.c.status != "closed", postgresql_where=alerts.c.status != "closed",
)  # fmt: skip
Index("ix_alerts_status_owner", alerts.c.status, alerts.c.owner)

# told_on: the business day that a message is about; at most one of a key is ever delivered.
# due_at is of the business clock; held_until, tried_at and posted_at are of real time. tried_at: Slack may have it.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("person", Text),
    Column("channel", Text),
    Column("told_on", Date, nullable=False),
    Column("content", Json, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("status", String(8), nullable=False),
    Column("holder", Text),
    Column("held_until", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("tried_at", Moment),
    Column("error", Text),
    Column("posted_to", Text),
    Column("ts", Text),
    Column("posted_at", Moment),
    CheckConstraint("status in ('queued', 'claimed', 'posted', 'parked', 'merged')", name="status"),
)
Index("ix_outbox_status_due_at", outbox.c.status, outbox.c.due_at)

jobs = Table(
    "jobs",
    metadata,
    key("name"),
    Column("due_at", Moment, nullable=False),
    Column("holder", Text),
    Column("held_until", Moment),
    Column("began_at", Moment),
    Column("done_at", Moment),
    Column("error", Text),
)

# Slack tells an event again where it did not hear that it came.
heard = Table("heard", metadata, key("event_id"), Column("at", Moment, nullable=False, index=True))

# When a channel may be posted to again: Slack's pace is kept by all replicas together.
paces = Table("paces", metadata, key("channel"), Column("free_at", Moment, nullable=False))

questions = Table(
    "questions",
    metadata,
    key("folded"),
    key("language", String(2)),
    Column("said", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
)

# What was answered last in a conversation: place is a channel, or a thread in it. For a while only.
frames = Table(
    "frames",
    metadata,
    key("place"),
    key("person"),
    Column("command", Text, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)

leases = Table("leases", metadata, key("name"), Column("holder", Text, nullable=False), Column("until", Moment))

ENTITIES: dict[str, Table] = {
    table.name: table
    for table in (
        people, accounts, identifiers, account_team, contacts, features, subscriptions, mrr, usage, usage_users,
        tickets, surveys, touches, invoices, orders, costs, milestones, outcomes, goals, referrals, sentiments,
        renewal_calls, experience_checks, plays, tasks,
    )
}  # fmt: skip
# What people change is recorded of these.
RECORDED: dict[str, Table] = {**ENTITIES, alerts.name: alerts, exports.name: exports}
