"""Every word that the bot answers to."""

from collections.abc import Mapping

from handlers import (
    account,
    export,
    forecast,
    health,
    help,  # noqa: A004
    journey,
    kpi,
    renewal_call,
    renewals,
    risks,
    sentiment,
    touch,
)
from handlers.ask import Capability
from words import N_

CAPABILITIES: Mapping[str, Capability] = {
    "health": Capability(
        health.answer,
        N_("[ACCOUNT]"),
        N_("why an account is red, yellow or green; without a name your book, worst first"),
        more=(N_("`/health acme factors` lists every factor, `/health acme history` draws the last 12 months."),),
    ),
    "account": Capability(
        account.answer, N_("ACCOUNT"), N_("who they are: contacts, contracts, outcomes, open tickets, last touches")
    ),
    "renewals": Capability(
        renewals.answer,
        N_("[PERIOD] [SCOPE]"),
        N_("who renews, until when one can decide, what it is worth"),
        more=(
            N_("`/renewals call acme` gives your call on a renewal; a period gone by shows what was decided and why."),
            N_("PERIOD: 30d, 4 months, 2026-11, 2026-Q4, next quarter … Without one: the next 90 days."),
            N_("SCOPE: mine, team, all, segment:enterprise, csm:ana@example.com, band:red, tier:1, x_region:latam …"),
        ),
    ),
    "kpi": Capability(
        kpi.answer,
        N_("[NAME] [PERIOD] [SCOPE]"),
        N_("the metrics of the base: one with its formula filled in, or the scorecard of all"),
        more=(
            N_("NAME: nrr, grr, churn, net-growth, nps, licences … in your own words too; `/kpi` alone shows them all."),
            N_("PERIOD: 30d, 4 months, 2026-11, 2026-Q3, last quarter … Without one: the last 12 months."),
        ),
    ),
    "risks": Capability(risks.answer, N_("[SCOPE]"), N_("what is at risk, and why, the most urgent money first")),
    "journey": Capability(
        journey.answer,
        N_("[ACCOUNT] [SCOPE]"),
        N_("where customers stand on their way: land, adopt, expand, renew; who is stuck; the funnel"),
        more=(
            N_("`/journey acme` says since when, why, and what would move it on; `/journey stage:adopt` lists them."),
            N_("`/journey funnel month` and `/journey funnel quarter` show the funnel by the time of entry."),
        ),
    ),
    "export": Capability(
        export.answer, N_("plan ACCOUNT [customer-safe]"), N_("the account plan as an Excel workbook")
    ),
    "forecast": Capability(
        forecast.answer,
        N_("[ACCOUNT] [SCOPE]"),
        N_("how long customers stay, and what they are still worth"),
        hidden=True,
    ),
    "help": Capability(help.answer, N_("[WORD]"), N_("this list, or how one word is used")),
    "touch": Capability(touch.answer, N_("ACCOUNT"), N_("log a touch"), form=touch.FORM, hidden=True),
    "sentiment": Capability(
        sentiment.answer, N_("ACCOUNT"), N_("give your sentiment"), form=sentiment.FORM, hidden=True
    ),
    "renewal-call": Capability(
        renewal_call.answer,
        N_("ACCOUNT"),
        N_("give your call on a renewal"),
        form=renewal_call.FORM,
        hidden=True,
    ),
}
