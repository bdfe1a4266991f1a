"""The questions section of policy.yaml: what is kept of questions in vain, and phrases of the organisation's own."""

from typing import Annotated, Literal

from pydantic import Field

from domain.policies.problems import Settings

Command = Annotated[
    str, Field(pattern=r"^[a-z][^{}]*(\{(account|playbook|metric|period|scope)\??\}[^{}]*)*$", max_length=200)
]
Say = Annotated[str, Field(min_length=2, max_length=500)]


class QuestionPolicy(Settings):
    """phrases: by language, a command with its {slots} and what people say for it, as in words/sentences."""

    keep: bool = Field(True, description="Keep questions that were not understood, without names, for `unanswered`")
    phrases: dict[Literal["en", "es"], dict[Command, tuple[Say, ...]]] = Field(
        default_factory=dict, description='Your own ways to ask: {en: {"health {account}": ["(pulse check)"]}}'
    )
