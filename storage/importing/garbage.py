"""Fewer collections of garbage while there is much work on rows, which make no cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

ALLOCATIONS = 100_000


@contextmanager
def few_collections() -> Iterator[None]:
    """Looking for cycles among rows would take a fifth of the time of an import or a night."""
    usual = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
