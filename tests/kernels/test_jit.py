"""Compilation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import numba

from scenred.kernels.greedy import backward_reduction
from scenred.kernels.jit import _called, _is_on_disk, compiled


def double(value: int) -> int:
    return 2 * value


def test_kernel_compiles_also_where_no_cache_can_be_written() -> None:
    def njit(*arguments: Any, cache: bool = False, **options: Any) -> Any:
        if cache:
            return mock.Mock(side_effect=RuntimeError("cannot cache function: no locator available"))
        return real(*arguments, **options)

    real = numba.njit
    with mock.patch.object(numba, "njit", njit):
        kernel = compiled(double)

    assert not _is_on_disk(kernel)
    assert kernel(4) == 8
    assert _is_on_disk(kernel)


REPORT = """
import numpy as np
from scenred.kernels.jit import on_compilation, will_compile
from scenred.kernels.variogram import variogram_sums

told = []
asked = will_compile(variogram_sums)
with on_compilation(lambda: told.append(1)):
    variogram_sums(np.eye(2), np.full(2, 0.5), np.eye(2), np.full(2, 0.5), 2)
print(asked, bool(told), will_compile(variogram_sums))
"""


def reported(**environment: str) -> tuple[str, ...]:
    """Run a kernel in a new process; return whether it is asked, told and asked again to compile."""
    command = [sys.executable, "-c", REPORT]
    process = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return tuple(process.stdout.split())


def test_compilation_is_foreseen_and_told_only_until_the_code_is_on_disk(tmp_path: Path) -> None:
    cache = str(tmp_path)

    assert reported(NUMBA_CACHE_DIR=cache, NUMBA_DISABLE_JIT="1") == ("False", "False", "False")
    assert reported(NUMBA_CACHE_DIR=cache) == ("True", "True", "False")
    assert reported(NUMBA_CACHE_DIR=cache) == ("False", "False", "False")
    assert reported(NUMBA_CACHE_DIR=cache, NUMBA_CPU_NAME="generic") == ("True", "True", "False")


def test_every_kernel_that_a_function_calls_is_asked_for() -> None:
    assert {kernel.__name__ for kernel in _called(backward_reduction)} == {"_first_two", "_remove"}
