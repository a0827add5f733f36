"""Run blocks of work on several threads.

A kernel computes a block of its result from its arguments alone. So the numbers do not depend on which thread runs
which block. `n_threads` is at least 1; by default it is the number of processors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from scenred.errors import RequestError

Item = TypeVar("Item")
Result = TypeVar("Result")

# Rows that a thread takes at a time.
BAND = 256


def n_processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_blocks(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    n_threads: int | None = None,
    on_end: Callable[[], None] = lambda: None,
) -> Iterator[Result]:
    """Yield `function(item)` for every item, in the order of the items, from other threads than this one.

    The function should spend its time in a kernel, which releases the interpreter's lock: this thread then hears of an
    interrupt. `on_end` is called where an interrupt or another error ends the work early, to stop kernels that run.

    Examples
    --------
    >>> list(map_blocks(abs, [-2, 1, -3], n_threads=2))
    [2, 1, 3]
    """
    threads = n_processors() if n_threads is None else n_threads
    if threads < 1:
        raise RequestError(f"{threads} threads are asked for; scenred needs at least 1")
    with ThreadPoolExecutor(threads) as pool:
        try:
            yield from pool.map(function, items)
        except BaseException:
            on_end()
            raise


def for_bands(fill: Callable[[int, int], None], n: int, n_threads: int | None = None) -> None:
    """Call `fill(first, stop)` for bands of rows that together are 0 to n, on several threads."""
    for _ in map_blocks(lambda first: fill(first, min(first + BAND, n)), range(0, n, BAND), n_threads):
        pass
