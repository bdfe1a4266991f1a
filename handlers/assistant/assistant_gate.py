"""Who may wait for a model now: so many at once, and nobody for a while after it failed again and again.

Kept in this process, as the pace of persons is: it holds off what hangs; with replicas each finds out for itself.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from domain.policies.policy_assistant import AssistantPolicy
from handlers.assistant.assistant_line import Unhelped


class Gate:
    """Open, shut (so many failures in a row) or ajar: after the pause one goes through, and its fate decides."""

    def __init__(self, policy: AssistantPolicy, *, now: Callable[[], float] = time.monotonic) -> None:
        self._policy, self._now = policy, now
        self._inside, self._failures, self._shut_until = 0, 0, 0.0
        self._lock = Lock()

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Raises Unhelped where nobody may pass; what is raised inside counts."""
        self._enter()
        try:
            yield
        except Unhelped as unhelped:
            self._count(failed=unhelped.down)
            raise
        else:
            self._count(failed=False)
        finally:
            with self._lock:
                self._inside -= 1

    def _enter(self) -> None:
        with self._lock:
            if self._failures >= self._policy.failures:
                if self._now() < self._shut_until:
                    raise Unhelped("resting")
                self._shut_until = self._now() + self._policy.pause_seconds
            if self._inside >= self._policy.at_once:
                raise Unhelped("busy")
            self._inside += 1

    def _count(self, *, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if failed and self._failures >= self._policy.failures:
                self._shut_until = self._now() + self._policy.pause_seconds
