"""The registry of metrics. What each is called and how it is explained stands in words/metrics.py."""

from collections.abc import Mapping

from domain.kpis import kpis_customers as customers
from domain.kpis import kpis_money as money
from domain.kpis.kpis_values import Counted, Kpi, Metric

__all__ = ["METRICS", "Counted", "Kpi", "Metric"]

CONTRACTS = ("subscriptions", "mrr")
NOBODY = (money.NOBODY, "no_rate")
SPENT = ("no_spend", "nobody_retained", "no_rate")
USE = ("usage", "usage_users", "features", "subscriptions")

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("nrr", "ratio", "percent", "up", ("revenue",), "paying_at_start", "whole", NOBODY, CONTRACTS,
               money.nrr, "moved_of_cohort"),
        Metric("grr", "ratio", "percent", "up", ("revenue",), "paying_at_start", "whole", NOBODY, CONTRACTS,
               money.grr, "lost"),
        Metric("renewal-rate", "ratio", "percent", "up", ("renewals",), "due_contracts", "whole",
               ("nothing_due", "no_rate"), ("subscriptions",), money.renewal_rate),
        Metric("churn", "ratio", "percent", "down", ("revenue",), "paying_at_start", "whole", NOBODY, CONTRACTS,
               money.logo_churn, "gone"),
        Metric("revenue-churn", "ratio", "percent", "down", ("revenue",), "everyone", "whole", NOBODY, CONTRACTS,
               money.revenue_churn, "lost"),
        Metric("net-revenue-churn", "ratio", "percent", "down", ("revenue",), "everyone", "whole", NOBODY, CONTRACTS,
               money.net_revenue_churn, "moved"),
        Metric("net-growth", "ratio", "percent", "up", ("revenue",), "everyone", "whole", NOBODY, CONTRACTS,
               money.net_growth, "moved"),
        Metric("mrr", "money", "money", "up", ("revenue",), "everyone", "last_day", ("no_revenue", "no_rate"),
               CONTRACTS, money.month, "moved"),
        Metric("arr", "money", "money", "up", ("revenue",), "everyone", "last_day", ("no_revenue", "no_rate"),
               CONTRACTS, money.year, "moved"),
        Metric("quick-ratio", "ratio", "times", "up", ("revenue",), "everyone", "whole",
               ("no_losses", "no_revenue", "no_rate"), CONTRACTS, money.quick_ratio, "moved"),
        Metric("clv", "money", "money", "up", ("revenue", "margin", "lifetimes"), "standing", "last_day",
               ("nothing_to_renew", "no_renewals_yet", "nobody_lost", "no_rate"), ("subscriptions",),
               money.lifetime_value),
        Metric("retention", "ratio", "percent", "up", ("revenue",), "paying_at_start", "whole", NOBODY, CONTRACTS,
               money.retention, "gone"),
        Metric("retention-cost", "money", "money", "down", ("revenue", "spend"), "paying_at_start", "whole", SPENT,
               ("costs", "touches", *CONTRACTS), money.retention_cost),
        Metric("cost-ratio", "ratio", "times", "down", ("revenue", "spend"), "everyone", "whole",
               (*SPENT, "no_acquisition_spend", "nobody_new"), ("costs", "touches", *CONTRACTS), money.cost_ratio),
        Metric("repeat-purchase", "ratio", "percent", "up", ("orders",), "buyers", "whole", ("no_orders",),
               ("orders",), customers.repeat_purchase),
        Metric("nps", "score", "signed", "up", ("surveys",), "contacts", "whole", ("no_answers",), ("surveys",),
               customers.nps),
        Metric("csat", "ratio", "percent", "up", ("surveys",), "contacts", "whole", ("no_answers",), ("surveys",),
               customers.csat),
        Metric("ces", "score", "score", "up", ("surveys",), "contacts", "whole", ("no_answers",), ("surveys",),
               customers.ces),
        Metric("licences", "ratio", "percent", "up", ("licences",), "with_seats", "last_28_days",
               ("no_seats_or_use",), USE, customers.licences),
        Metric("core-features", "ratio", "percent", "up", ("core",), "with_use", "last_28_days",
               ("no_core_features",), USE, customers.core_features),
        Metric("core-depth", "ratio", "percent", "up", ("core",), "with_seats", "last_28_days", ("no_core_users",),
               USE, customers.core_depth),
        Metric("time-to-value", "days", "days", "down", ("entries",), "came", "until_now",
               ("nobody_came", "most_still_open"), ("milestones", "accounts", "subscriptions"),
               customers.time_to_value),
        Metric("activation", "ratio", "percent", "up", ("entries",), "acquired", "until_now", ("nobody_came",),
               ("milestones",), customers.activation),
        Metric("conversion", "ratio", "percent", "up", ("entries",), "acquired", "until_now", ("nobody_activated",),
               ("milestones",), customers.conversion),
        Metric("retained", "ratio", "percent", "up", ("anniversaries",), "first_renewal", "whole", ("nobody_due",),
               CONTRACTS, customers.retained),
        Metric("referral", "ratio", "percent", "up", ("referrals",), "paying_at_end", "whole", ("nobody_pays",),
               ("referrals", *CONTRACTS), customers.referred),
        Metric("outcomes", "ratio", "percent", "up", ("outcomes",), "due_outcomes", "whole", ("nothing_due",),
               ("outcomes",), customers.outcomes),
        Metric("readiness", "ratio", "percent", "up", ("plays",), "everyone", "whole", ("no_plays",), (),
               customers.readiness),
    )
}  # fmt: skip
