"""Compile a loop once per machine, and run blocks of work on several threads.

Kernels release the interpreter's lock, so plain threads share them. A kernel computes a block of its
result from its arguments alone: which thread runs which block changes nothing in the numbers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import numba
import numpy.typing as npt

from scenred.errors import RequestError

Function = TypeVar("Function", bound=Callable[..., Any])
Item = TypeVar("Item")
Result = TypeVar("Result")


def compiled(function: Function) -> Function:
    """Compile `function` at its first call and keep the machine code on disk.

    Where no folder can be written (neither beside the package nor the user's cache), the code is
    compiled again in every process.
    """
    compile_with: Any = partial(numba.njit, nogil=True, error_model="numpy")
    try:
        kernel: Function = compile_with(cache=True)(function)
    except RuntimeError:  # numba found no folder for its cache
        kernel = compile_with()(function)
    return kernel


def n_processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def physical_memory() -> int | None:
    """Give this machine's memory in bytes, or None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def map_blocks(
    function: Callable[[Item], Result], items: Iterable[Item], n_threads: int | None = None
) -> Iterator[Result]:
    """Yield `function(item)` for every item, in the items' order, from several threads.

    Parameters
    ----------
    function : callable
        Spends its time in a kernel.
    items : iterable
        One argument per block of work.
    n_threads : int, optional
        At least 1; as many as there are processors unless told.

    Examples
    --------
    >>> list(map_blocks(abs, [-2, 1, -3], n_threads=2))
    [2, 1, 3]
    """
    threads = n_processors() if n_threads is None else n_threads
    if threads < 1:
        raise RequestError(f"{threads} threads are asked for; scenred needs at least 1")
    if threads == 1:
        yield from map(function, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(function, items)


def as_compiled(*arrays: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
    """Give read-only views: numba compiles another kernel for arrays that may be written."""
    views = [array.view() for array in arrays]
    for view in views:
        view.setflags(write=False)
    return views
