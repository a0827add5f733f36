"""Compile a loop once per machine.

Kernels release the interpreter's lock, so that threads can share the work (see `threads.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import numba
import numpy.typing as npt
from numba.core.event import Event, Listener, install_listener

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile `function` at its first call and keep the machine code on disk.

    The code is compiled again in every process if neither the folder of the package nor the user's cache can be
    written.
    """
    compile_with: Any = partial(numba.njit, nogil=True, error_model="numpy")
    try:
        kernel: Function = compile_with(cache=True)(function)
    except RuntimeError:  # numba found no folder for its cache
        kernel = compile_with()(function)
    return kernel


@contextmanager
def on_compilation(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell()` whenever numba begins to compile a kernel within the block.

    It is not called for kernels that numba loads from its cache. The call comes from the thread that compiles, one
    at a time.
    """
    with install_listener("numba:compile", _Compilation(tell)):
        yield


class _Compilation(Listener):
    def __init__(self, tell: Callable[[], None]) -> None:
        self.tell = tell

    def on_start(self, event: Event) -> None:  # noqa: ARG002
        self.tell()

    def on_end(self, event: Event) -> None:
        """Do nothing: numba asks for this method."""


def as_compiled(*arrays: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
    """Return read-only views: numba compiles another kernel for arrays that may be written."""
    views = [array.view() for array in arrays]
    for view in views:
        view.setflags(write=False)
    return views
