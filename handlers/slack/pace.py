"""How much one person may ask: a burst at once, and then a steady number a minute.

Kept in this process: with replicas each counts for itself, so a person may ask as many times more as there are of them.
It holds off what runs away; it is no quota.
"""

import time
from collections.abc import Callable
from threading import Lock

from cachetools import LRUCache

from domain.policies.policy_limits import LimitsPolicy

REMEMBERED = 10_000
MINUTE = 60


class Pace:
    """By person, the moment at which all that they asked would be worked off (the generic cell rate algorithm)."""

    def __init__(self, limits: LimitsPolicy, *, now: Callable[[], float] = time.monotonic) -> None:
        self._step = MINUTE / limits.requests_a_minute
        self._ahead = self._step * limits.burst
        self._done_at: LRUCache[str, float] = LRUCache(REMEMBERED)
        self._now = now
        self._lock = Lock()

    def wait(self, slack_id: str) -> float:
        """0 where a person may ask now, which counts; else the seconds after which they may."""
        with self._lock:
            now = self._now()
            done_at = max(self._done_at.get(slack_id, now), now) + self._step
            if done_at - now > self._ahead:
                return done_at - now - self._ahead
            self._done_at[slack_id] = done_at
            return 0
