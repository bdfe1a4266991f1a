"""What Prometheus scrapes: the figures of this process, and what the database says whenever somebody asks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from handlers.ask import Desk
from storage import freshness
from storage.database import FAILURES
from storage.delivery import outbox


@dataclass(frozen=True, eq=False)
class State(Collector):
    """Read from the database whenever somebody scrapes."""

    desk: Desk

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


def publish(desk: Desk, host: str, port: int) -> Callable[[], None]:
    """Answer scrapes; returns how that ends."""
    desk.figures.registry.register(State(desk))
    server, thread = start_http_server(port, host, registry=desk.figures.registry)

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return stop
