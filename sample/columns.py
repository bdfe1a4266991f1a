"""The files of the data contract that the sample writes: their columns, keys, and which columns hold time."""

COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "accounts": "account_id name segment tier csm ae parent_id customer_since country language currency industry "
        "domains relationship stage fit potential_mrr crm_url slack_channel x_region x_reason_changed",
        "identifiers": "account_id system external_id",
        "account_team": "account_id function email",
        "people": "email name aliases slack_id role function time_zone country language capacity_hours manager",
        "contacts": "contact_id account_id name email department role left_on",
        "subscriptions": "subscription_id account_id product starts_on ends_on mrr arr amount interval currency seats "
        "term_months auto_renew notice_days status cancelled_on notice_given_on cancel_reason competitor renews "
        "change_reason",
        "mrr": "account_id month mrr currency",
        "features": "feature product core",
        "usage": "account_id day product feature active_users active_users_28d events",
        "usage_users": "account_id day user contact_id feature events",
        "tickets": "ticket_id account_id contact_id opened_at first_response_at closed_at severity category escalated "
        "reopened csat_binary",
        "surveys": "response_id account_id contact_id kind score sent_at answered_at comment",
        "touches": "touch_id account_id at channel direction csm contacts subject minutes stage note",
        "invoices": "invoice_id account_id issued_on due_on paid_on amount currency",
        "orders": "order_id account_id ordered_on amount currency",
        "costs": "account_id month kind purpose amount currency",
        "milestones": "account_id contact_id milestone reached_on",
        "outcomes": "outcome_id account_id contact_id statement measure baseline target current due_on achieved_on "
        "confirmed_by confirmed_on",
        "goals": "goal_id account_id playbook kpi baseline target due_on current owner",
        "referrals": "referral_id account_id contact_id kind asked_on referred_name introduced_on converted_on",
        "sentiments": "account_id given_on csm value note",
        "renewal_calls": "account_id renewal_on given_on by call reason",
        "experience_checks": "account_id item checked_on met note",
    }.items()
}

KEYS: dict[str, tuple[str, ...]] = {
    name: tuple(key.split())
    for name, key in {
        "accounts": "account_id",
        "identifiers": "system external_id",
        "account_team": "account_id function email",
        "people": "email",
        "contacts": "contact_id",
        "subscriptions": "subscription_id starts_on",
        "mrr": "account_id month",
        "features": "feature",
        "usage": "account_id day product feature",
        "usage_users": "account_id day user feature",
        "tickets": "ticket_id",
        "surveys": "response_id",
        "touches": "touch_id",
        "invoices": "invoice_id",
        "orders": "order_id",
        "costs": "account_id month kind purpose currency",
        "milestones": "account_id milestone contact_id",
        "outcomes": "outcome_id",
        "goals": "goal_id",
        "referrals": "referral_id",
        "sentiments": "account_id given_on",
        "renewal_calls": "account_id renewal_on given_on by",
        "experience_checks": "account_id item checked_on",
    }.items()
}

DATES = frozenset({
    "customer_since", "left_on", "starts_on", "ends_on", "cancelled_on", "notice_given_on", "day", "issued_on",
    "due_on", "paid_on", "ordered_on", "reached_on", "achieved_on", "confirmed_on", "asked_on", "introduced_on",
    "converted_on", "given_on", "renewal_on", "checked_on",
})  # fmt: skip
TIMES = frozenset({"opened_at", "first_response_at", "closed_at", "sent_at", "answered_at", "at"})
MONTHS = frozenset({"month"})
FUTURE = frozenset({"ends_on", "due_on", "cancelled_on", "renewal_on"})
