"""What people call a metric, folded (no case, no accents), in English and Spanish."""

from collections.abc import Mapping, Sequence

from domain.folding import fold

LONGEST_RUN = 7
SAID: Mapping[str, tuple[str, ...]] = {
    "nrr": ("net revenue retention", "ndr", "net dollar retention", "retencion neta", "retencion neta de ingresos"),
    "grr": ("gross revenue retention", "gdr", "retencion bruta", "retencion bruta de ingresos"),
    "renewal-rate": (
        *("renewal rate", "gross renewal rate", "renewals rate", "tasa de renovacion", "tasa bruta de renovacion"),
        *("% de renovacion", "porcentaje de renovacion"),
    ),
    "churn": (
        *("logo churn", "churn rate", "logo churn rate", "customer churn", "tasa de churn", "churn de clientes"),
        *("tasa de churn de clientes", "tasa de abandono", "tasa de cancelacion", "tasa de desercion", "abandono"),
        *("tasa de fuga", "fuga", "desercion", "bajas", "cancelaciones", "perdida de clientes"),
    ),
    "revenue-churn": (
        *("revenue churn", "gross revenue churn", "mrr churn", "churn de ingresos", "churn bruto de ingresos"),
        *("perdida de ingresos", "churn de mrr"),
    ),
    "net-revenue-churn": ("net revenue churn", "net churn", "churn neto", "churn neto de ingresos"),
    "net-growth": (
        *("net growth", "net account growth", "growth", "crecimiento neto", "crecimiento", "crecimiento de la cuenta"),
        *("tasa neta de crecimiento de la cuenta",),
    ),
    "mrr": (
        *("monthly recurring revenue", "ingreso mensual recurrente", "ingresos mensuales recurrentes", "mensualidad"),
        *("ingresos recurrentes mensuales", "facturacion mensual"),
    ),
    "arr": ("annual recurring revenue", "ingreso anual recurrente", "ingresos anuales recurrentes"),
    "quick-ratio": ("quick ratio", "ratio rapido"),
    "clv": (
        *("ltv", "customer lifetime value", "lifetime value", "valor de vida", "valor de vida del cliente"),
        *("valor del ciclo de vida", "clv simple", "simple clv", "valor de vida simple"),
    ),
    "retention": (
        *("retention rate", "customer retention", "customer retention rate", "logo retention", "retencion"),
        *("tasa de retencion", "tasa de retencion de clientes", "retencion de clientes", "retencion de logos"),
    ),
    "retention-cost": (
        *("retention cost", "customer retention cost", "crc", "gasto de retencion", "gasto de retencion por cliente"),
        *("coste de retencion", "costo de retencion"),
    ),
    "cost-ratio": ("cost ratio", "ratio de gasto", "ratio de costes", "ratio de costos"),
    "repeat-purchase": (*("repeat purchase", "repeat purchase rate", "recompra", "tasa de recompra"),),
    "nps": ("net promoter score",),
    "csat": ("customer satisfaction", "satisfaction", "satisfaccion", "satisfaccion del cliente"),
    "ces": ("customer effort score", "effort", "customer effort", "esfuerzo", "esfuerzo del cliente"),
    "licences": (
        *("licence", "license", "licenses", "active licences", "active licenses", "licence utilization", "seats"),
        *("active license utilization", "licencias", "licencias activas", "uso de licencias", "% de licencias usadas"),
    ),
    "core-features": (
        *("core features", "breadth", "adoption", "adoption of core features", "core adoption", "funciones clave"),
        *("funcionalidades clave", "amplitud", "amplitud de adopcion", "adopcion"),
    ),
    "core-depth": ("core depth", "depth", "depth of adoption", "profundidad", "profundidad de adopcion"),
    "time-to-value": (
        *("time to value", "ttv", "time to first value", "tiempo hasta el primer valor", "tiempo a valor"),
        *("tiempo al valor",),
    ),
    "activation": ("activation rate", "activacion", "tasa de activacion"),
    "conversion": ("conversion rate", "tasa de conversion"),
    "retained": ("retained accounts", "funnel retention", "retenidas", "retenidos"),
    "referral": ("referrals", "referral rate", "referidos", "tasa de referidos", "recomendaciones", "referred"),
    "outcomes": ("outcome", "required outcomes", "resultados", "resultados requeridos"),
    "readiness": ("ready", "front stage readiness", "preparacion", "escenario listo"),
}
NAMES: Mapping[str, str] = {
    **{said: name for name, words in SAID.items() for said in words},
    **{name: name for name in SAID},
    **{name.replace("-", " "): name for name in SAID},
}


def take(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """The longest run of words, at any place, that is a metric; and the words without it."""
    for length in range(min(len(words), LONGEST_RUN), 0, -1):
        for start in range(len(words) - length + 1):
            name = NAMES.get(fold(" ".join(words[start : start + length])))
            if name:
                return name, [*words[:start], *words[start + length :]]
    return None, list(words)
