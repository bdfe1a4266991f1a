"""Few at once, and nobody waits for one who takes long."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic

AT_ONCE = 4
LONGEST_S = 0.1


class Turns:
    """Few have a turn at once. One that lasts longer than a tenth of a second goes to the next; its reader reads on."""

    def __init__(self, at_once: int = AT_ONCE, longest_s: float = LONGEST_S) -> None:
        self._at_once, self._longest_s = at_once, longest_s
        self._free, self._ends = Condition(), dict[object, float]()

    @contextmanager
    def one(self) -> Iterator[None]:
        mine = object()
        with self._free:
            while len(self._ends) >= self._at_once:
                first, ends = next(iter(self._ends.items()))
                if (left := ends - monotonic()) > 0:
                    self._free.wait(left)
                else:
                    del self._ends[first]
            self._ends[mine] = monotonic() + self._longest_s
        try:
            yield
        finally:
            with self._free:
                if self._ends.pop(mine, None) is not None:
                    self._free.notify()
