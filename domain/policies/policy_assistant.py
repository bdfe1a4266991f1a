"""policy.yaml, `assistant`: what a language model may be told, and how long it is waited for."""

from typing import Annotated, Literal

from pydantic import Field

from domain.policies.problems import Settings


class AssistantPolicy(Settings):
    """Nothing leaves the machine without ASSISTANT_URL, whatever stands here."""

    api: Literal["openai", "anthropic"] = Field("openai", description="What the endpoint at ASSISTANT_URL speaks")
    names: Literal["masked", "plain"] = Field(
        "masked", description="Accounts, people, e-mails and what else is no word of ours leave as «A1», «P1», «N1»"
    )
    amounts: Literal["masked", "plain"] = Field("plain", description="Sums of money leave as «M1», or as they are")
    figures: bool = Field(True, description="Whether an answer's figures may leave, for a sentence above them")
    timeout_seconds: Annotated[float, Field(gt=0, le=30)] = Field(
        6, description="How long a person waits for the model in all; then the answer stands without it"
    )
    at_once: Annotated[int, Field(ge=1, le=16)] = Field(4, description="How many questions may wait for it at once")
    failures: Annotated[int, Field(ge=1, le=100)] = Field(
        3, description="After how many failures in a row it is left alone"
    )
    pause_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(60, description="For how long it is left alone then")
