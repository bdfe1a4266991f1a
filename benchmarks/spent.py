"""What a piece of work costs, in a process of its own, so that the peak of one is not that of another."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import Any


@dataclass
class Spent:
    """Seconds; memory: MB that the process has needed at most, before and after."""

    wall: float = 0.0
    cpu: float = 0.0
    memory: tuple[float, float] = (0.0, 0.0)


def alone(work: Callable[..., Spent], *arguments: Any) -> Spent:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


@contextmanager
def spending() -> Iterator[Spent]:
    """Filled in when the block is left."""
    spent, wall, cpu, before = Spent(), perf_counter(), process_time(), peak()
    yield spent
    spent.wall, spent.cpu, spent.memory = perf_counter() - wall, process_time() - cpu, (before, peak())


def peak() -> float:
    """Of this program; getrusage would count what the parent had needed when it forked."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
