"""Metrics of recurring revenue and of what is spent for it; formulas as in docs/metrics.md."""

from collections.abc import Mapping
from decimal import Decimal

from domain.kpis.kpis_values import CENT, NONE, Counted, Kpi, Part, mrr, share, undefined
from domain.renewals.worth import Expected
from domain.waterfall import Revenue, monthly

NOBODY = "nobody_paid_at_start"
YEAR = Decimal("365.25")


def nrr(counted: Counted) -> Kpi:
    """End ÷ start of the accounts that paid at the start."""
    held = counted.revenue
    return _of_opening(held, held.cohort_closing, {})


def grr(counted: Counted) -> Kpi:
    """Σ min(start, end) ÷ Σ start (snapshot); the flow form beside it counts every loss on the way."""
    held = counted.revenue
    opening = _opening(held)
    flow = share(opening - held.cohort_losses, opening, NOBODY).value
    return _of_opening(held, held.kept, {"method": "snapshot", "flow": flow})


def revenue_churn(counted: Counted) -> Kpi:
    held = counted.revenue
    return _of_opening(held, held.waterfall.losses, {})


def net_revenue_churn(counted: Counted) -> Kpi:
    held = counted.revenue
    return _of_opening(held, held.waterfall.losses - held.waterfall.expansion, {})


def net_growth(counted: Counted) -> Kpi:
    held = counted.revenue
    return _of_opening(held, held.waterfall.closing - held.waterfall.opening, {})


def month(counted: Counted) -> Kpi:
    held = counted.revenue
    if not held.accounts:
        return undefined("no_revenue")
    return Kpi(mrr(held.waterfall.closing), parts=_parts(held))


def year(counted: Counted) -> Kpi:
    held = counted.revenue
    if not held.accounts:
        return undefined("no_revenue")
    return Kpi(held.waterfall.closing.quantize(CENT), parts=_parts(held))


def quick_ratio(counted: Counted) -> Kpi:
    held = counted.revenue
    lines = held.waterfall
    if not held.accounts:
        return undefined("no_revenue")
    return _in_months(share(lines.new + lines.expansion, lines.losses, "no_losses", _parts(held)))


def logo_churn(counted: Counted) -> Kpi:
    logos = counted.revenue.logos
    return share(logos.at_start - logos.stayed, logos.at_start, NOBODY, _logos(counted.revenue))


def retention(counted: Counted) -> Kpi:
    logos = counted.revenue.logos
    return share(logos.stayed, logos.at_start, NOBODY, _logos(counted.revenue))


def renewal_rate(counted: Counted) -> Kpi:
    held = counted.renewals
    parts: dict[str, Part] = {"contracts": held.contracts, "pending": mrr(held.pending)}
    return _in_months(share(held.renewed, held.due, "nothing_due", parts))


def retention_cost(counted: Counted) -> Kpi:
    """Spend ÷ accounts retained; ÷ ARR retained beside it."""
    spend, parts = _retention_spend(counted)
    stayed = counted.revenue.logos.stayed
    if spend is None:
        return undefined("no_spend", parts=parts)
    if not stayed:
        return undefined("nobody_retained", denominator=NONE, parts=parts)
    parts["per_arr_retained"] = share(spend, counted.revenue.kept, NOBODY).value
    return Kpi((spend / stayed).quantize(CENT), spend, Decimal(stayed), parts)


def cost_ratio(counted: Counted) -> Kpi:
    """Retention spend a retained account ÷ acquisition spend a new one."""
    spend, parts = _retention_spend(counted)
    logos, acquisition = counted.revenue.logos, counted.spend.acquisition
    if spend is None or not counted.spend.acquisition_told:
        return undefined("no_spend" if spend is None else "no_acquisition_spend", parts=parts)
    if not logos.stayed or not logos.new:
        return undefined("nobody_new" if logos.stayed else "nobody_retained", parts=parts)
    parts |= {"acquisition_spend": acquisition.quantize(CENT), "new_accounts": logos.new, "retained": logos.stayed}
    kept, won = (spend / logos.stayed).quantize(CENT), (acquisition / logos.new).quantize(CENT)
    return share(kept, won, "no_acquisition_spend", parts)


def lifetime_value(counted: Counted) -> Kpi:
    """Expected remaining margin ÷ accounts, by survival; the simple form stands beside it."""
    held = counted.lifetimes
    because = _unforeseen(held)
    simple = simple_lifetime_value(counted)
    parts: dict[str, Part] = {"simple": simple.value, "simple_undefined_because": simple.undefined_because}
    if because:
        return undefined(because, parts=parts)
    worth = held.worth.quantize(CENT)
    return Kpi((worth / held.accounts).quantize(CENT), worth, Decimal(held.accounts), {**_survival(held), **parts})


def _unforeseen(held: Expected) -> str | None:
    if not held.contracts and not held.unknown:
        return "nothing_to_renew"
    if not held.renewed_ever:
        return "no_renewals_yet"
    return None if held.contracts else "nobody_lost"


def _survival(held: Expected) -> dict[str, Part]:
    """How it was made; of one curve its parameters too."""
    parts: dict[str, Part] = {
        "method": "+".join(sorted(held.methods)),
        "margin": "revenue" if held.margin is None else held.margin,
        "discount": held.discount,
        "timing": "from_next_renewal",
        "survival_of": held.curves_of.isoformat() if held.curves_of else None,
        "a_year": held.annual.quantize(CENT),
        "contracts_here": held.contracts,
        "without_curve": held.unknown or None,
        "contracts_seen": sum(curve.lives for curve in held.used),
        "contracts_lost": sum(curve.lost for curve in held.used),
    }
    if len(held.used) == 1 and (only := held.used[0]).alpha is not None and only.beta is not None:
        parts |= {name: Decimal(str(round(of, 3))) for name, of in (("alpha", only.alpha), ("beta", only.beta))}
    return parts


def simple_lifetime_value(counted: Counted) -> Kpi:
    """A year's revenue of an account x margin ÷ a year's logo churn: one average rate for everybody."""
    held = counted.revenue
    if counted.margin is None:
        return undefined("no_margin")
    churn = share(held.logos.at_start - held.logos.stayed, held.logos.at_start, NOBODY)
    if churn.value is None or not churn.value:
        return undefined(churn.undefined_because or "no_losses")
    if not held.logos.at_end:
        return undefined("nobody_retained")
    arpa = (held.waterfall.closing / held.logos.at_end).quantize(CENT)
    a_year = (churn.value * YEAR / counted.days).quantize(CENT * CENT)
    earned = (arpa * counted.margin).quantize(CENT)
    return Kpi((earned / a_year).quantize(CENT), earned, a_year)


def _retention_spend(counted: Counted) -> tuple[Decimal | None, dict[str, Part]]:
    """Costs and the CSMs' hours; None where neither was ever told."""
    spend = counted.spend
    hours = None if spend.hourly is None else (spend.hourly * spend.minutes / 60).quantize(CENT)
    parts: dict[str, Part] = {"costs": spend.retention, "csm_time": hours, "minutes": spend.minutes}
    if spend.shared_left_out:
        parts["shared_costs"] = "left_out"
    if not spend.retention_told and not hours:
        return None, parts
    return spend.retention + (hours or NONE), parts


def _of_opening(held: Revenue, amount: Decimal, more: Mapping[str, Part]) -> Kpi:
    return _in_months(share(amount, _opening(held), NOBODY, {**more, **_parts(held)}))


def _opening(held: Revenue) -> Decimal:
    """At the rates of the period: what other rates made of it is no growth."""
    return held.waterfall.opening + held.waterfall.fx


def _parts(held: Revenue) -> dict[str, Part]:
    return {**monthly(held.waterfall)}


def _logos(held: Revenue) -> dict[str, Part]:
    logos = held.logos
    return {"at_start": logos.at_start, "stayed": logos.stayed, "at_end": logos.at_end, "new": logos.new}


def _in_months(kpi: Kpi) -> Kpi:
    """The ratio of the exact annual amounts, told with monthly ones."""
    part, whole = (None if amount is None else mrr(amount) for amount in (kpi.numerator, kpi.denominator))
    return Kpi(kpi.value, part, whole, kpi.parts, kpi.undefined_because)
