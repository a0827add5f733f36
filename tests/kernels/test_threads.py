"""Blocks of work on several threads."""

from __future__ import annotations

from threading import Event, current_thread

import pytest

from scenred import RequestError
from scenred.kernels.threads import BAND, for_bands, map_blocks, n_processors


@pytest.mark.parametrize("n_threads", [None, 1, 2, 5])
def test_results_come_in_the_order_of_the_items(n_threads: int | None) -> None:
    assert list(map_blocks(abs, range(-50, 0), n_threads)) == list(range(50, 0, -1))


def test_fewer_than_one_thread_is_refused() -> None:
    with pytest.raises(RequestError, match="0 threads"):
        list(map_blocks(abs, [1], 0))


def test_machine_has_a_processor() -> None:
    assert n_processors() >= 1


@pytest.mark.parametrize("n", [0, 1, BAND, BAND + 1, 3 * BAND])
def test_bands_cover_every_row_once(n: int) -> None:
    rows: list[int] = []

    for_bands(lambda first, stop: rows.extend(range(first, stop)), n, 1)

    assert rows == list(range(n))


@pytest.mark.parametrize("n_threads", [1, 3])
def test_an_interrupt_stops_blocks_that_run(n_threads: int) -> None:
    """A block that runs on is told to stop before its end is waited for."""
    stopped = Event()

    def wait(number: int) -> bool:
        return number == 0 or stopped.wait(30)

    blocks = map_blocks(wait, range(4), n_threads, stopped.set)
    next(blocks)
    with pytest.raises(KeyboardInterrupt):
        blocks.throw(KeyboardInterrupt)  # type: ignore[attr-defined]  # a generator

    assert stopped.is_set()


def test_one_thread_leaves_the_caller_free() -> None:
    (name,) = map_blocks(lambda _item: current_thread().name, [0], 1)

    assert name != current_thread().name
