"""Figures for Prometheus: how much is asked, how fast it is answered, what is refused, what waits and how fresh it is.

Labels are words of the product, never an account, a person or what was typed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from storage import freshness, outbox
from storage.database import FAILURES

if TYPE_CHECKING:
    from handlers.ask import Desk

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
        }  # fmt: skip
        for name, figure in made.items():
            object.__setattr__(self, name, figure)


@dataclass(frozen=True, eq=False)
class State(Collector):
    """Read from the database whenever somebody scrapes."""

    desk: "Desk"

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = list(self._figures())
        except FAILURES:
            found = []
        yield _gauge("apuntador_database_up", "1 where the database answers", float(bool(found)))
        yield from found

    def _figures(self) -> Iterator[GaugeMetricFamily]:
        now = datetime.now(UTC)
        with self.desk.database.transaction() as tx:
            oldest = outbox.oldest_age(tx, now=self.desk.clock())
            waiting = outbox.counts(tx)
            scored = freshness.scored_on(tx)
            sources = freshness.sources(tx)
        yield _gauge(
            "apuntador_outbox_oldest_seconds", "How long the oldest due message has waited",
            oldest.total_seconds() if oldest else 0,
        )  # fmt: skip
        states = GaugeMetricFamily("apuntador_outbox_messages", "Messages by state", labels=["state"])
        for state, count in sorted(waiting.items()):
            states.add_metric([state], count)
        yield states
        if scored:
            yield _gauge("apuntador_score_age_days", "Days since the newest scores", (self.desk.today - scored).days)
        ages = GaugeMetricFamily("apuntador_source_age_seconds", "Since a source arrived last", labels=["source"])
        for source in sources:
            ages.add_metric([source.name], (now - source.arrived_at).total_seconds())
        yield ages


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=value)


def publish(desk: "Desk", host: str, port: int) -> Callable[[], None]:
    """Answer scrapes; returns how that ends."""
    desk.figures.registry.register(State(desk))
    server, thread = start_http_server(port, host, registry=desk.figures.registry)

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return stop
