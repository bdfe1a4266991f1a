"""The process ends between any two steps of the delivery: the next one tells each message once all the same."""

import itertools
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from handlers.delivery.delivery import LEASE, PACE, STEPS
from tests.faults.rig import Rig, dies, note

PLACES = range(len(STEPS) + 1)
HOUSE = Path(__file__).parent.parent.parent


def killed_at(place: int) -> tuple:
    return (*STEPS[:place], dies)


@pytest.mark.parametrize("reader", [{"person": "ana"}, {"channel": "CTEAM"}], ids=["person", "channel"])
def test_killed_once_at_each_place(rig: Rig, reader: dict[str, str], count) -> None:
    ended: Counter[str] = Counter()
    for place in PLACES:
        rig.queue(note(f"m{place}", **reader))
        rig.real.move(PACE)
        assert rig.stop_after(killed_at(place))
        rig.real.move(LEASE * 2)
        ended += rig.run_on()
        assert rig.told()[f"m{place}"] == 1, f"killed before step {place}"
    once = rig.each_once(*(f"m{place}" for place in PLACES))
    assert ended == {"posted": STEPS.index(STEPS[-1]), "found": 1}
    count(f"{len(PLACES)} deaths, {once} messages, each once; {dict(ended)}")


def test_killed_twice_at_each_two_places(rig: Rig, count) -> None:
    """A message that stands there already is found again by whoever comes after the one who found it and died."""
    pairs = [*itertools.product(PLACES, PLACES)]
    for first, second in pairs:
        rig.queue(note(f"{first}{second}", person="ben"))
        rig.real.move(PACE)
        for place in (first, second):
            rig.stop_after(killed_at(place))
            rig.real.move(LEASE * 2)
        rig.run_on()
    once = rig.each_once(*(f"{first}{second}" for first, second in pairs))
    count(f"{len(pairs)} pairs of deaths, {once} messages, each once")


def test_killed_while_others_hold_on(rig: Rig) -> None:
    """Before the lease is over nobody else sends it, and what else is due goes."""
    rig.queue(note("first", person="ana"), note("second", person="ben"))
    rig.stop_after(killed_at(5))
    assert rig.run() == {"posted": 1}
    assert rig.run() == {}
    rig.real.move(LEASE * 2)
    assert rig.run() == {"posted": 1}
    rig.each_once("first", "second")


def test_processes_that_really_end(shared: Rig, count) -> None:
    """`os._exit` between any two steps, in processes of their own, with leases by the database's clock made short."""
    keys = [f"p{place}" for place in PLACES]
    shared.queue(
        *(note(key, person=person) for key, person in zip(keys, ["ana", "ben", "cleo", "dora"] * 2, strict=True))
    )
    where = [sys.executable, "-m", "tests.faults.ending", shared.database.url, shared.slack.api_url]
    done = subprocess.run(
        [*where, shared.slack.bot_token], cwd=HOUSE, capture_output=True, text=True, timeout=180, check=True
    )
    assert done.stdout.split() == ["9"] * len(PLACES), done.stderr
    shared.real.move(LEASE * 100)
    ended = shared.run_on()
    once = shared.each_once(*keys)
    count(f"{len(PLACES)} processes ended by os._exit, {once} messages, each once; then {dict(ended)}")
