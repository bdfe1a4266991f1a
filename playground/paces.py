"""How often Slack lets an app call, as buckets that fill again: one a method, and for posts one a conversation."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from playground.workspace import Clock

POST = "chat.postMessage"


@dataclass(frozen=True, slots=True)
class Pace:
    """`burst` calls at once, then one more every so many seconds."""

    burst: int
    seconds: float


def a_minute(calls: int) -> Pace:
    return Pace(calls, 60 / calls)


# Slack names tiers, a second a post, and "short bursts"; how short, and the workspace's cap, it does not say.
CONVERSATION = Pace(4, 1)
WORKSPACE = a_minute(300)
TIERS = {1: a_minute(1), 2: a_minute(20), 3: a_minute(50), 4: a_minute(100)}
METHODS = {
    1: ("apps.connections.open",),
    2: ("conversations.list", "users.list"),
    4: (
        "chat.postEphemeral",
        "conversations.members",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "files.info",
        "users.info",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    ),
}
UNLIMITED = ("api.test", "auth.test", "chat.getPermalink")
TIER = {method: tier for tier, methods in METHODS.items() for method in methods}


class Paces:
    """Whoever calls too often is told how many seconds to wait; what was told so does not count as a call."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._free_at: dict[tuple[str, ...], float] = {}

    def seconds_to_wait(self, method: str, channel: str) -> int:
        """0 where the call may be made, and then it counts; else what `Retry-After` says."""
        with self._lock:
            now, due = self._clock(), list(buckets(method, channel))
            waits = [self._full_until(key, pace, now) - now for key, pace in due]
            if any(wait > 0 for wait in waits):
                return math.ceil(max(waits))
            for key, pace in due:
                self._free_at[key] = max(self._free_at.get(key, now), now) + pace.seconds
            return 0

    def _full_until(self, key: tuple[str, ...], pace: Pace, now: float) -> float:
        """When there is room for one more: a bucket of five calls is full while its calls reach five paces ahead."""
        return self._free_at.get(key, now) - (pace.burst - 1) * pace.seconds - 1e-9


def buckets(method: str, channel: str) -> Iterator[tuple[tuple[str, ...], Pace]]:
    if method == POST:
        yield (POST, channel), CONVERSATION
        yield (POST,), WORKSPACE
    elif method not in UNLIMITED:
        yield (method,), TIERS[TIER.get(method, 3)]
