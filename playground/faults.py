"""Things that go wrong on purpose: what the next call of a method answers instead of its answer."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One of: Slack's `error`, an HTTP `status`, seconds to `hang` before the usual answer, or a `cut` connection.

    Where it was `accepted`, the call has done its work before its answer is spoiled: what a bot cannot tell apart.
    """

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    hang: float = 0
    cut: bool = False
    accepted: bool = False


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: dict[str, deque[Fault]] = defaultdict(deque)

    def plan(self, method: str, fault: Fault, *, times: int = 1) -> None:
        with self._lock:
            self._planned[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        with self._lock:
            planned = self._planned[method]
            return planned.popleft() if planned else None
