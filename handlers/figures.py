"""Figures for Prometheus: how much is asked, how fast it is answered, what is refused.

Labels are words of the product, never an account, a person or what was typed.
"""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)


def _registry() -> CollectorRegistry:
    return CollectorRegistry()


@dataclass(frozen=True)
class Figures:
    """Of this process; replicas are added up by whoever scrapes them."""

    registry: CollectorRegistry = field(default_factory=_registry)
    commands: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    refused: Counter = field(init=False)
    assistant: Counter = field(init=False)

    def __post_init__(self) -> None:
        made = {
            "commands": Counter(
                "apuntador_commands", "What was asked, by word and outcome", ["command", "outcome"],
                registry=self.registry,
            ),
            "seconds": Histogram(
                "apuntador_command_seconds", "From Slack's request to what was said", ["command"], buckets=BUCKETS,
                registry=self.registry,
            ),
            "refused": Counter(
                "apuntador_refused", "What was refused, by reason", ["reason"], registry=self.registry
            ),
            "assistant": Counter(
                "apuntador_assistant", "What came of asking the language model, by step", ["step", "outcome"],
                registry=self.registry,
            ),
        }  # fmt: skip
        for name, figure in made.items():
            object.__setattr__(self, name, figure)
