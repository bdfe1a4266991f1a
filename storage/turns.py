"""Few at once, in the order in which they came, and nobody waits for one who takes long."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

AT_ONCE = 4
LONGEST_S = 0.1


class Turns:
    """Few have a turn at once. One that lasts longer than a tenth of a second goes to the next; its reader reads on.

    A turn is handed to the first in line: were it let go for whoever comes, a newcomer would take it before the one who
    is woken for it, who would wait all over again.
    """

    def __init__(self, at_once: int = AT_ONCE, longest_s: float = LONGEST_S) -> None:
        self._at_once, self._longest_s = at_once, longest_s
        self._lock, self._line, self._ends = Lock(), deque[Lock](), dict[Lock, float]()

    @contextmanager
    def one(self) -> Iterator[None]:
        mine = Lock()
        mine.acquire()
        self._line.append(mine)
        while not mine.acquire(timeout=self._hand_out()):
            pass
        try:
            yield
        finally:
            self._hand_out(mine)

    def _hand_out(self, over: object = None) -> float:
        """The turns that are free, over or too long go to the first in line; the seconds until the next is too long."""
        with self._lock:
            now = monotonic()
            self._ends = {held: ends for held, ends in self._ends.items() if held is not over and ends > now}
            while self._line and len(self._ends) < self._at_once:
                first = self._line.popleft()
                self._ends[first] = now + self._longest_s
                first.release()
            return max(min(self._ends.values(), default=now) - now, 0)
