"""Compilation and threads."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numba
import pytest

from scenred import RequestError
from scenred.kernels.jit import compiled, map_blocks, n_processors, physical_memory


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


@pytest.mark.parametrize("n_threads", [None, 1, 2, 5])
def test_results_come_in_the_order_of_the_items(n_threads: int | None) -> None:
    assert list(map_blocks(double, range(50), n_threads)) == [2 * item for item in range(50)]


def test_fewer_than_one_thread_is_refused() -> None:
    with pytest.raises(RequestError, match="0 threads"):
        list(map_blocks(double, [1], 0))


def test_machine_has_a_processor_and_some_memory() -> None:
    assert n_processors() >= 1
    memory = physical_memory()
    assert memory is None or memory > 2**26
