"""The targets section of policy.yaml: what each metric is to reach, and where that says something."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from domain.days import whole_months
from domain.kpis.kpis_names import NAMES, SAID
from domain.periods import DAY, Period
from domain.policies.problems import Settings, nearest, problem

YEAR = 12
# what they come to depends on how long the period is: their targets are of a year
OF_A_YEAR = frozenset(
    {"nrr", "grr", "churn", "retention", "revenue-churn", "net-revenue-churn", "net-growth", "retention-cost",
     "repeat-purchase", "referral"}
)  # fmt: skip
# what they come to depends on how many accounts are asked about: the target of all is no target of a part
OF_A_BASE = frozenset({"mrr", "arr"})


class Target(Settings):
    """As the metric is shown: ratios in %, NPS in points, days, money. A bare number is `default`."""

    default: Decimal | None = Field(None, description="What is aimed at; of mrr and arr by the whole base")
    segments: dict[str, Decimal] = Field(default_factory=dict, description="By segment; others take the default")

    @model_validator(mode="before")
    @classmethod
    def _bare_number(cls, data: Any) -> Any:
        return data if data is None or isinstance(data, dict) else {"default": data}


def _is_metric(name: str) -> str:
    if name not in SAID:
        close = nearest(name, list(NAMES))
        raise problem("unknown_metric", nearest=NAMES[close] if close else "")
    return name


Targets = dict[Annotated[str, AfterValidator(_is_metric)], Target]


def target(
    targets: Mapping[str, Target], name: str, *, segment: str | None = None, narrowed: bool = False
) -> Decimal | None:
    """What the metric is to reach for a segment, or for all; `narrowed`: only some accounts are asked about."""
    held = targets.get(name)
    if held is None:
        return None
    if narrowed and name in OF_A_BASE:
        return None
    of_segment = {key.casefold(): value for key, value in held.segments.items()}.get((segment or "").casefold())
    if of_segment is not None or not segment:
        return held.default if of_segment is None else of_segment
    return None if name in OF_A_BASE else held.default


def compares(name: str, period: Period) -> bool:
    """Whether a figure of the period can be held against a target: one of a year only for a year."""
    return name not in OF_A_YEAR or whole_months(period.first, period.last + DAY) == YEAR
