"""Slack answers late, wrongly or not at all: every message is told once, and no channel waits for another."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from handlers.delivery.delivery import EVENT, LEASE, PACE
from playground import Fault
from tests.faults.rig import Rig, note

SECOND = timedelta(seconds=1)
READERS = [{"person": name} for name in ("ana", "ben", "cleo", "dora")] + [{"channel": "CTEAM"}, {"channel": "CLEADS"}]


def posts(rig: Rig) -> int:
    return sum(request.method == "chat.postMessage" for request in rig.slack.requests)


def test_a_channel_takes_one_message_a_second(rig: Rig, count) -> None:
    keys = [f"k{n}" for n in range(10)]
    rig.queue(*(note(key, channel="CTEAM") for key in keys), note("ana", person="ana"))
    assert rig.run() == {"posted": 2}, "the first of each"
    for _ in range(9):
        assert rig.run() == {}, "its second is not over"
        rig.real.move(PACE)
        assert rig.run() == {"posted": 1}
    rig.each_once("ana", *keys)
    said = [message.text for message in rig.slack.messages("CTEAM")]
    assert [text.split()[-1] for text in said] == keys, "in their order"
    count(f"{posts(rig)} posts for {len(keys) + 1} messages, none before its second")


def test_retry_after_is_waited_for_and_others_go(rig: Rig) -> None:
    rig.slack.fail_next("chat.postMessage", Fault(status=429, retry_after=30))
    rig.queue(*(note(f"{n}{name}", channel=name) for n in range(2) for name in ("CTEAM", "CLEADS", "COTHER")))
    assert rig.run() == {"slowed": 1, "posted": 2}, "the first waits, the others do not"
    for _ in range(29):
        rig.real.move(SECOND)
        rig.run()
        assert not rig.slack.messages("CTEAM")
    assert posts(rig) == 5
    rig.real.move(SECOND)
    assert rig.run() == {"posted": 1}
    rig.run_on(by=SECOND)
    rig.each_once(*(f"{n}{name}" for n in range(2) for name in ("CTEAM", "CLEADS", "COTHER")))
    assert [m.text.split()[-1] for m in rig.slack.messages("CTEAM")] == ["0CTEAM", "1CTEAM"], "in their order"


def test_a_storm_of_429(rig: Rig, count) -> None:
    keys = [f"{n}" for n in range(30)]
    rig.queue(*(note(key, **READERS[int(key) % len(READERS)]) for key in keys))
    rig.slack.fail_next("chat.postMessage", Fault(status=429, retry_after=2), times=60)
    rig.slack.fail_next("users.info", Fault(status=429, retry_after=1), times=7)
    rig.slack.fail_next("conversations.members", Fault(status=429, retry_after=1), times=3)
    ended = rig.run_on(by=SECOND, most=500)
    once = rig.each_once(*keys)
    count(f"{ended['slowed']} refusals for speed, {once} messages, each once, {posts(rig)} posts")
    assert ended["slowed"] == 70


ACCEPTED = [
    Fault(status=500, accepted=True),
    Fault(status=503, error="service_unavailable", accepted=True),
    Fault(error="internal_error", accepted=True),
    Fault(cut=True, accepted=True),
]


@pytest.mark.parametrize("fault", ACCEPTED, ids=["500", "503", "internal_error", "cut"])
def test_accepted_and_not_said(rig: Rig, fault: Fault, count) -> None:
    """Slack has the message and its answer is lost: it is found, not sent again; also where looking fails at first."""
    keys = [f"k{n}" for n in range(len(READERS))]
    rig.queue(*(note(key, **reader) for key, reader in zip(keys, READERS, strict=True)))
    rig.slack.fail_next("chat.postMessage", fault, times=len(keys))
    assert rig.run() == {"failed": len(keys)}
    assert rig.told() == Counter(keys), "Slack has them all"
    rig.slack.fail_next("conversations.history", Fault(status=500), times=2)
    rig.slack.fail_next("conversations.history", Fault(status=429, retry_after=3), times=2)
    ended = rig.run_on()
    assert ended == {"failed": 2, "slowed": 2, "found": len(keys)}
    count(f"{rig.each_once(*keys)} messages accepted without an answer, each once, {posts(rig)} posts")


def test_found_among_many(rig: Rig) -> None:
    """However much was written since, and however wrong our clock is."""
    rig.slack.fail_next("chat.postMessage", Fault(cut=True, accepted=True), times=2)
    rig.queue(note("team", channel="CTEAM"), note("leads", channel="CLEADS"))
    rig.real.move(timedelta(days=400))
    rig.run()
    for channel, written in (("CTEAM", 990), ("CLEADS", 3)):
        for _ in range(written):
            rig.slack.workspace.post(channel, "UANA", "hello")
    assert rig.run_on() == {"found": 2}
    rig.each_once("team", "leads")


def test_refused_and_not_said(rig: Rig) -> None:
    """The same from outside, and Slack does not have it: then it goes again."""
    rig.queue(note("ana", person="ana"), note("team", channel="CTEAM"))
    rig.slack.fail_next("chat.postMessage", Fault(status=500))
    rig.slack.fail_next("chat.postMessage", Fault(cut=True))
    assert rig.run() == {"failed": 2}
    assert rig.run_on() == {"posted": 2}
    rig.each_once("ana", "team")


def test_taken_late_between_two_tries(rig: Rig) -> None:
    """Looked for, not there, refused for speed, and only then taken in: before the next try it is looked for again."""
    rig.queue(note("team", channel="CTEAM"))
    rig.slack.fail_next("chat.postMessage", Fault(cut=True))
    rig.slack.fail_next("chat.postMessage", Fault(status=429, retry_after=5))
    assert rig.run() == {"failed": 1}
    rig.real.move(LEASE)
    assert rig.run() == {"slowed": 1}
    metadata = {"event_type": EVENT, "event_payload": {"key": "team"}}
    rig.slack.workspace.post("CTEAM", rig.slack.workspace.app.id, "at last", metadata=metadata)
    assert rig.run_on() == {"found": 1}
    rig.each_once("team")


def test_waits_longer_each_time(rig: Rig) -> None:
    rig.queue(note("ana", person="ana"))
    rig.slack.fail_next("chat.postMessage", Fault(status=500), times=9)
    assert rig.run() == {"failed": 1}
    for seconds in (5, 10, 20, 40, 80, 160, 320, 600, 600):
        rig.real.move(SECOND * (seconds - 1))
        assert rig.run() == {}, f"before {seconds} seconds"
        rig.real.move(SECOND)
        rig.run()
    rig.each_once("ana")


@pytest.mark.parametrize("seed", range(2))
def test_everything_goes_wrong(rig: Rig, seed: int, count) -> None:
    """A fault in every second call, of every kind, in an order that chance decides, while the process dies too."""
    chance = random.Random(seed)
    keys = [f"k{n}" for n in range(24)]
    rig.queue(*(note(key, **chance.choice(READERS)) for key in keys))
    kinds = [
        lambda: Fault(status=500, accepted=chance.random() < 0.5),
        lambda: Fault(cut=True, accepted=chance.random() < 0.5),
        lambda: Fault(status=429, retry_after=chance.randint(1, 20)),
        lambda: Fault(error="fatal_error", accepted=chance.random() < 0.5),
        Fault,
        Fault,
        Fault,
    ]
    methods = ("chat.postMessage", "conversations.history", "conversations.open", "users.info",
               "conversations.info", "conversations.members", "auth.test")  # fmt: skip
    faults = 0
    for method in methods:
        for _ in range(30 if method == "chat.postMessage" else 12):
            rig.slack.fail_next(method, chance.choice(kinds)())
            faults += 1
    ended: Counter[str] = Counter()
    deaths = 0
    from tests.faults.test_killed import PLACES, killed_at

    while rig.waiting():
        if chance.random() < 0.3:
            deaths += rig.stop_after(killed_at(chance.choice(PLACES)))
        ended += rig.run()
        rig.real.move(LEASE * chance.random() * 3)
    once = rig.each_once(*keys)
    count(f"{faults} faults planned, {deaths} deaths, {once} messages, each once; {dict(ended)}")
