"""policy.yaml, `limits`: how much one person may ask, and how large a file may be."""

from typing import Annotated

from pydantic import Field

from domain.policies.problems import Settings


class LimitsPolicy(Settings):
    requests_a_minute: Annotated[int, Field(ge=1, le=6000)] = Field(
        60, description="What one person may ask a minute of one process; n replicas allow n times"
    )
    burst: Annotated[int, Field(ge=1, le=1000)] = Field(20, description="What one person may ask at once")
    upload_mb: Annotated[int, Field(ge=1, le=100)] = Field(
        10, description="How many MB a file sent to the bot may have"
    )
