"""What each metric is called and how it is explained: English msgids by the codes of the registry."""

from collections.abc import Mapping
from dataclasses import dataclass

from words import N_


@dataclass(frozen=True)
class Explained:
    """label; formula in words; numerator and denominator, '' where there is none."""

    label: str
    formula: str
    numerator: str = ""
    denominator: str = ""


METRICS: Mapping[str, Explained] = {
    "nrr": Explained(
        N_("Net revenue retention (NRR)"),
        N_("MRR at the end of the accounts that paid at the start ÷ their MRR at the start"),
        N_("MRR at the end of the accounts that paid at the start"),
        N_("MRR at the start"),
    ),
    "grr": Explained(
        N_("Gross revenue retention (GRR)"),
        N_("sum of the lower of start and end of each account ÷ sum of the starts (snapshot method)"),
        N_("MRR kept: the lower of start and end of each account"),
        N_("MRR at the start"),
    ),
    "renewal-rate": Explained(
        N_("Gross renewal rate"),
        N_("MRR renewed ÷ MRR due for renewal, each contract at most with what was due"),
        N_("MRR renewed, at most what was due"),
        N_("MRR due for renewal"),
    ),
    "churn": Explained(
        N_("Logo churn rate"),
        N_("accounts that paid at the start and not at the end ÷ accounts that paid at the start"),
        N_("accounts that paid at the start and not at the end"),
        N_("accounts that paid at the start"),
    ),
    "revenue-churn": Explained(
        N_("Revenue churn, gross"),
        N_("(churn + contraction) ÷ MRR at the start"),
        N_("churn and contraction"),
        N_("MRR at the start"),
    ),
    "net-revenue-churn": Explained(
        N_("Revenue churn, net"),
        N_("(churn + contraction − expansion) ÷ MRR at the start; below zero it is net expansion"),
        N_("churn and contraction less expansion"),
        N_("MRR at the start"),
    ),
    "net-growth": Explained(
        N_("Net growth"),
        N_("(closing − opening) ÷ opening MRR, new business included"),
        N_("closing less opening MRR"),
        N_("MRR at the start"),
    ),
    "mrr": Explained(N_("MRR"), N_("a twelfth of the annual amounts in force on the last day")),
    "arr": Explained(N_("ARR"), N_("the annual amounts in force on the last day, 12 × MRR")),
    "quick-ratio": Explained(
        N_("Quick ratio"),
        N_("(new + expansion) ÷ (churn + contraction); reactivation is a line of its own"),
        N_("new and expansion"),
        N_("churn and contraction"),
    ),
    "clv": Explained(
        N_("Customer lifetime value (CLV)"),
        N_(
            "expected remaining margin of the contracts that stand, by survival (sBG from 5 renewals on, else "
            "Kaplan-Meier), discounted ÷ their accounts"
        ),
        N_("expected remaining margin from the next renewal on"),
        N_("accounts with a contract that comes up for renewal"),
    ),
    "retention": Explained(
        N_("Customer retention rate"),
        N_("accounts that paid at the start and at the end ÷ accounts that paid at the start"),
        N_("accounts that paid at the start and at the end"),
        N_("accounts that paid at the start"),
    ),
    "retention-cost": Explained(
        N_("Customer retention cost"),
        N_("(retention costs + the CSMs' time × their hourly rate) ÷ accounts retained"),
        N_("retention spend"),
        N_("accounts retained"),
    ),
    "cost-ratio": Explained(
        N_("Cost ratio"),
        N_("retention spend of a retained account ÷ acquisition spend of a new one"),
        N_("retention spend of a retained account"),
        N_("acquisition spend of a new account"),
    ),
    "repeat-purchase": Explained(
        N_("Repeat purchase rate"),
        N_("accounts with orders on two days or more ÷ accounts with an order"),
        N_("accounts with orders on two days or more"),
        N_("accounts with an order"),
    ),
    "nps": Explained(
        N_("NPS"), N_("% of 9 and 10 − % of 0 to 6"), N_("promoters less detractors"), N_("contacts who answered")
    ),
    "csat": Explained(
        N_("Satisfaction (CSAT)"), N_("answers of 4 and 5 ÷ all"), N_("answers of 4 and 5"), N_("contacts who answered")
    ),
    "ces": Explained(
        N_("Customer effort (CES)"),
        N_("mean from 1 to 7, where 7 is very easy"),
        N_("sum of the scores"),
        N_("contacts who answered"),
    ),
    "licences": Explained(
        N_("Active license utilization"),
        N_("distinct users active in the last 28 days ÷ seats in force"),
        N_("users active in 28 days"),
        N_("seats in force"),
    ),
    "core-features": Explained(
        N_("Core features, breadth"),
        N_("core features used in the last 28 days ÷ core features of the account's products"),
        N_("core features used in 28 days"),
        N_("core features of their products"),
    ),
    "core-depth": Explained(
        N_("Core features, depth"),
        N_("users of core features in the last 28 days ÷ seats in force"),
        N_("users of core features in 28 days"),
        N_("seats in force"),
    ),
    "time-to-value": Explained(
        N_("Time to value"),
        N_("median days from customer to first value; who is not there yet counts as later than all who are"),
        "",
        N_("accounts that came in the period"),
    ),
    "activation": Explained(
        N_("Activation rate"), N_("activated ÷ acquired"), N_("accounts activated"), N_("accounts acquired")
    ),
    "conversion": Explained(
        N_("Conversion rate"), N_("converted ÷ activated"), N_("accounts converted"), N_("accounts activated")
    ),
    "retained": Explained(
        N_("Retained after the first renewal"),
        N_("accounts that paid on after their first renewal, or month 12 without one ÷ accounts that came to it"),
        N_("accounts that paid on after it"),
        N_("accounts that came to their first renewal, or month 12"),
    ),
    "referral": Explained(
        N_("Referral rate"),
        N_("paying accounts that recommended us ÷ paying accounts"),
        N_("paying accounts that recommended us"),
        N_("accounts that pay at the end"),
    ),
    "outcomes": Explained(
        N_("Required outcomes"),
        N_("outcomes reached and confirmed by the customer ÷ outcomes due"),
        N_("outcomes reached and confirmed by the customer"),
        N_("outcomes due"),
    ),
    "readiness": Explained(
        N_("Front-stage readiness"),
        N_("front-stage activities held with every need done ÷ those held"),
        N_("front-stage activities held with every need done"),
        N_("front-stage activities held"),
    ),
}
COHORTS: Mapping[str, str] = {
    "paying_at_start": N_("accounts that paid at the start; new and reactivated ones are not among them"),
    "everyone": N_("all accounts of the scope"),
    "standing": N_("accounts with a contract that comes up for renewal and of which no notice is known"),
    "due_contracts": N_("contracts whose term ends in the period, month-to-month ones left out"),
    "buyers": N_("accounts with one-off orders"),
    "contacts": N_("each contact with the latest answer of the period"),
    "with_seats": N_("accounts with seats and with data of their use"),
    "with_use": N_("accounts with data of the use of features"),
    "came": N_("accounts that became customers in the period"),
    "acquired": N_("accounts acquired in the period"),
    "first_renewal": N_("accounts whose first term ended in the period; their first year, where no term ends"),
    "paying_at_end": N_("accounts that pay at the end"),
    "due_outcomes": N_("required outcomes due in the period"),
}
PERIODS: Mapping[str, str] = {
    "whole": N_("the whole period; it opens at the end of the day before"),
    "last_day": N_("the last day of the period"),
    "last_28_days": N_("the 28 days up to the last day of the period"),
    "until_now": N_("who came in the period, and what they have reached until today"),
}
UNDEFINED: Mapping[str, str] = {
    "nobody_paid_at_start": N_("nobody paid at the start"),
    "no_accounts": N_("there is no account in this scope"),
    "no_revenue": N_("no contract or monthly figure is known"),
    "no_rate": N_("an amount has no exchange rate"),
    "no_losses": N_("nothing was lost"),
    "nothing_due": N_("nothing was due"),
    "nothing_to_renew": N_("no contract comes up for renewal"),
    "no_renewals_yet": N_("no contract has come up for renewal yet"),
    "nobody_lost": N_("nobody was lost yet"),
    "no_margin": N_("the policy names no margin"),
    "nobody_retained": N_("nobody was retained"),
    "no_spend": N_("no retention spend was supplied"),
    "no_acquisition_spend": N_("no acquisition spend was supplied"),
    "nobody_new": N_("no account was new"),
    "no_orders": N_("nobody ordered"),
    "no_answers": N_("nobody answered"),
    "no_seats_or_use": N_("no account has both seats and data of its use"),
    "no_core_features": N_("no data of the use of core features"),
    "no_core_users": N_("no account has both seats and data of who uses core features"),
    "nobody_came": N_("nobody came in the period"),
    "most_still_open": N_("half of them or more are not there yet"),
    "nobody_activated": N_("nobody was activated"),
    "nobody_due": N_("nobody came to a first renewal, or to month 12"),
    "nobody_pays": N_("nobody pays"),
    "no_plays": N_("no front-stage activity was held"),
}
LINES: Mapping[str, str] = {
    "opening": N_("opening"),
    "new": N_("new"),
    "expansion": N_("expansion"),
    "reactivation": N_("reactivation"),
    "indexation": N_("indexation"),
    "fx": N_("FX"),
    "contraction": N_("contraction"),
    "churn": N_("churn"),
    "closing": N_("closing"),
}
PARTS: Mapping[str, str] = {
    "flow": N_("by the flow method"),
    "contracts": N_("contracts due"),
    "pending": N_("of it within the grace, undecided"),
    "at_start": N_("paid at the start"),
    "stayed": N_("of these stayed"),
    "at_end": N_("pay at the end"),
    "new": N_("new"),
    "costs": N_("costs"),
    "csm_time": N_("the CSMs' time"),
    "minutes": N_("minutes of touches"),
    "per_arr_retained": N_("share of the ARR retained"),
    "acquisition_spend": N_("acquisition spend"),
    "new_accounts": N_("new accounts"),
    "retained": N_("accounts retained"),
    "promoters": N_("promoters"),
    "passives": N_("passives"),
    "detractors": N_("detractors"),
    "mean": N_("mean"),
    "n": N_("answers"),
    "asked": N_("asked"),
    "response_rate": N_("response rate"),
    "accounts": N_("accounts"),
    "without_data": N_("accounts without data"),
    "by_peak": N_("accounts counted by their peak day"),
    "reached": N_("there"),
    "open": N_("not there yet"),
    "external": N_("external"),
    "internal": N_("internal"),
    "introduced": N_("referrals"),
    "converted": N_("converted"),
    "unconfirmed": N_("reached, not confirmed"),
    "method": N_("method"),
    "margin": N_("margin"),
    "discount": N_("discount of a year"),
    "timing": N_("timing"),
    "survival_of": N_("survival as of"),
    "a_year": N_("they pay a year"),
    "contracts_here": N_("contracts that stand"),
    "without_curve": N_("contracts left out, for nobody of their kind was lost yet"),
    "contracts_seen": N_("contracts that survival is known from"),
    "contracts_lost": N_("of these lost"),
    "alpha": "α",
    "beta": "β",
    "simple": N_("simple form, one average rate: a year's revenue of an account × margin ÷ a year's logo churn"),
    "simple_undefined_because": N_("simple form not defined"),
}
CODES: Mapping[str, str] = {
    **UNDEFINED,
    "sbg": "sBG",
    "kaplan_meier": "Kaplan-Meier",
    "kaplan_meier+sbg": N_("sBG and Kaplan-Meier, by segment"),
    "revenue": N_("none in the policy: revenue"),
    "from_next_renewal": N_("each term at its start, discounted back to the next renewal"),
}
PERCENTS = frozenset({"flow", "per_arr_retained", "response_rate", "margin", "discount"})
AMOUNTS = frozenset({"pending", "costs", "csm_time", "acquisition_spend", "a_year", "simple"})
