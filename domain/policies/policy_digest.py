"""The digests section of policy.yaml: when people hear from the bot unasked."""

from typing import Annotated

from pydantic import Field

from domain.policies.problems import Settings

Hour = Annotated[int, Field(ge=0, le=23)]


class DigestPolicy(Settings):
    hour: Hour = Field(9, description="The hour of the digest, in each person's time zone; they may choose another")
    quiet_from: Hour = Field(20, description="From this hour on nobody is told anything, not even what is urgent")
    quiet_until: Hour = Field(8, description="Until this hour; what was urgent meanwhile comes then")
    calls_days: Annotated[int, Field(ge=1, le=14)] = Field(7, description="Days of curtain calls ahead")
    channels: dict[str, str] = Field(
        default_factory=dict,
        description="A lead's e-mail, and the id of the channel that hears of the team on Mondays: {sofia@…: C0123456}",
    )
