"""Compilation."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numba

from scenred.kernels.jit import compiled


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

    assert kernel(4) == 8
