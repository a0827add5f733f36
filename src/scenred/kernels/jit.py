"""Compile a loop once per machine.

Kernels release the interpreter's lock, so that threads can share the work (see `threads.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import numpy.typing as npt

from scenred.kernels.configuration import load_numba

load_numba()  # before anything imports it

import numba  # noqa: E402
from numba.core.event import Event, Listener, install_listener  # noqa: E402

from scenred.kernels.cache import KernelCache, NoCache  # noqa: E402

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile `function` at its first call and keep the machine code on disk.

    The code is compiled again in every process, with a note, if it cannot be kept; see `cache`.
    """
    kernel: Any = numba.njit(nogil=True, error_model="numpy")(function)
    if kernel is not function:  # compilation is not disabled
        try:
            kernel._cache = KernelCache(function)
        except RuntimeError:  # numba found none
            kernel._cache = NoCache("no folder for compiled kernels can be written")
        except OSError as error:
            kernel._cache = NoCache(str(error))
    return cast("Function", kernel)


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
