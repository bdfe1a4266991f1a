from __future__ import annotations

import pytest
from stagehand import MANIFEST, Stagehand

from playground import Channel, Person, Playground

PEOPLE = [
    Person("U1", "Ana Ruiz", "ana@example.com", locale="es-ES", tz="Europe/Madrid", title="CSM", role="CSM"),
    Person("U2", "Sofía Vega", "sofia@example.com", locale="es-MX", tz="America/Mexico_City", role="CS lead"),
    Person("U3", "Tom Baker", "tom@example.com", tz="Europe/London", role="Guest", is_restricted=True),
]
CHANNELS = [
    Channel("C1", "general", members=["U1", "U2"]),
    Channel("C2", "customers", kind="private", members=["U1"], with_app=False),
    Channel("C3", "acme-shared", members=["U1", "U3"], is_ext_shared=True),
]


def box(**more: object) -> Playground:
    given = {"people": PEOPLE, "channels": CHANNELS, "manifest": MANIFEST, "retry_delays": (0, 0, 0), **more}
    return Playground(**given)


@pytest.fixture
def slack():
    with box() as found:
        yield found


@pytest.fixture
def hand(slack):
    """The small app, connected by signed HTTP."""
    hand = Stagehand(slack)
    yield hand
    hand.stop()


@pytest.fixture
def open_box():
    """Boxes with other settings than the usual ones."""
    opened = []

    def build(**more: object) -> Playground:
        opened.append(box(**more).start())
        return opened[-1]

    yield build
    for found in opened:
        found.stop()
