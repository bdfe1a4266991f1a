"""The playbooks section of policy.yaml: how much of us one contact gets to see, and how much a team can do."""

from typing import Annotated

from pydantic import Field

from domain.policies.problems import Settings


class PlaybookPolicy(Settings):
    front_cap_days: Annotated[int, Field(ge=0, le=60)] = Field(
        5, description="Working days between messages of two plays to the same contact; 0: no cap"
    )
    front_first: tuple[str, ...] = Field(
        ("at-risk-rescue", "renewal-120"), description="Whose front stage wins where two plays meet; the others wait"
    )
    weekly_hours: Annotated[float, Field(ge=0, le=80)] = Field(
        20, description="Hours a week for plays of a person whose capacity_hours is not told"
    )
    fit_weeks: Annotated[int, Field(ge=1, le=26)] = Field(
        6, description="Weeks ahead in which a start must fit the hours of those who do it"
    )
    gains_days: Annotated[int, Field(ge=28, le=730)] = Field(
        90, description="Days over which the gains of similar accounts are looked at"
    )
    least_peers: Annotated[int, Field(ge=1, le=1000)] = Field(
        8, description="Similar accounts that there must be before a goal is held against them"
    )
