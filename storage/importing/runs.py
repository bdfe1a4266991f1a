"""Values in order that are too many to hold: sorted runs in files of their own, merged as they are read."""

import heapq
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

Value = TypeVar("Value")
LENGTH = 5000


def in_order(values: Iterable[Value], key: Callable[[Value], Any], *, length: int = LENGTH) -> Iterator[Value]:
    """As `sorted`, holding no more than `length` values and one of each run."""
    left = iter(values)
    with ExitStack() as files:
        runs: list[Iterator[Value]] = []
        while run := sorted(islice(left, length), key=key):
            if len(run) < length and not runs:
                yield from run
                return
            runs.append(_kept(run, files.enter_context(TemporaryFile())))
        yield from heapq.merge(*runs, key=key)


def _kept(run: list[Value], file: IO[bytes]) -> Iterator[Value]:
    for value in run:
        pickle.dump(value, file, pickle.HIGHEST_PROTOCOL)
    file.seek(0)
    return _read(file, len(run))


def _read(file: IO[bytes], count: int) -> Iterator[Value]:
    for _ in range(count):
        yield pickle.load(file)  # noqa: S301
