"""Compile a loop once per machine.

Kernels release the interpreter's lock, so that threads can share the work (see `threads.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from inspect import isfunction
from pathlib import Path
from types import CodeType
from typing import Any, TypeVar

import numba
import numpy.typing as npt
from numba.core.event import Event, Listener, install_listener
from numba.extending import is_jitted

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


def will_compile(*functions: Callable[..., Any]) -> bool:
    """Return whether numba will compile a kernel that one of these functions calls, as it is not on disk.

    Nothing is compiled. Any entry for this processor and source counts, whatever the types of its arguments: about
    0.1 ms a kernel. While the functions run, `on_compilation` gives the exact answer.
    """
    return not all(_is_on_disk(kernel) for function in functions for kernel in _called(function))


def _called(function: Any) -> Iterator[Any]:
    """Yield the kernels that a function calls itself, or through other functions of its module."""
    codes = [function.__code__]
    for code in codes:
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
        for name in code.co_names:
            found = function.__globals__.get(name)
            if is_jitted(found):
                yield found
            elif isfunction(found) and found.__module__ == function.__module__ and found is not function:
                yield from _called(found)


def _is_on_disk(kernel: Any) -> bool:
    """Return whether this process has loaded the kernel, or can load it from numba's cache."""
    if kernel.signatures or not hasattr(kernel._cache, "_cache_file"):  # no folder can be written
        return bool(kernel.signatures)
    file, key = kernel._cache._cache_file, kernel._cache._index_key(None, kernel.targetctx.codegen())
    return any(
        found[1:] == key[1:] and Path(file._data_path(name)).exists()
        for found, name in file._load_index().items()
    )


def as_compiled(*arrays: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
    """Return read-only views: numba compiles another kernel for arrays that may be written."""
    views = [array.view() for array in arrays]
    for view in views:
        view.setflags(write=False)
    return views
