"""Greedy choices against their plain definitions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenred.kernels.greedy import backward_reduction, forward_selection
from scenred.kernels.pairwise import pairwise_costs

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]


def drawn(n: int, seed: int) -> tuple[Float32, Float64]:
    generator = np.random.default_rng(seed)
    costs = generator.random((n, n)).astype(np.float32)
    np.fill_diagonal(costs, 0)
    return costs, generator.random(n) + 0.01


def plain_forward(costs: Float32, weights: Float64, k: int) -> list[int]:
    near = np.full(len(costs), np.inf)
    chosen: list[int] = []
    for _ in range(k):
        loss = np.minimum(costs.astype(np.float64), near) @ weights
        loss[chosen] = np.inf
        chosen.append(int(np.argmin(loss)))
        near = np.minimum(near, costs[chosen[-1]])
    return chosen


def plain_backward(costs: Float32, weights: Float64, k: int, held: set[int]) -> list[int]:
    kept = list(range(len(costs)))
    exact = costs.astype(np.float64)
    while len(kept) > k:
        free = [candidate for candidate in kept if candidate not in held]
        left = {gone: weights @ exact[[j for j in kept if j != gone]].min(axis=0) for gone in free}
        kept.remove(min(left, key=left.__getitem__))
    return kept


@given(n=st.integers(2, 60), k=st.integers(1, 12), seed=st.integers(0, 10_000))
def test_forward_selection_is_the_plain_loop(n: int, k: int, seed: int) -> None:
    costs, weights = drawn(n, seed)
    k = min(k, n)
    expected = plain_forward(costs, weights, k)

    found = forward_selection(costs, weights, np.array(expected[:1]), k, n_threads=2)

    assert found.tolist() == expected


def test_forward_selection_keeps_the_first_and_takes_no_twin_before_all_is_served() -> None:
    line = np.abs(np.subtract.outer(np.arange(8.0) // 2, np.arange(8.0) // 2)).astype(np.float32)

    found = forward_selection(line, np.ones(8), np.array([3]), 4)

    assert found[0] == 3
    assert sorted(found // 2) == [0, 1, 2, 3]


@given(n=st.integers(3, 25), k=st.integers(1, 10), seed=st.integers(0, 10_000), n_held=st.integers(0, 2))
def test_backward_reduction_removes_what_costs_least(n: int, k: int, seed: int, n_held: int) -> None:
    costs, weights = drawn(n, seed)
    k = min(max(k, n_held), n - 1)
    held = np.arange(n_held) * 2 % n if k >= n_held else np.empty(0, np.int64)

    found = backward_reduction(costs, weights, held, k)

    assert found.tolist() == plain_backward(costs, weights, k, set(held.tolist()))


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_threads_change_nothing(n_threads: int) -> None:
    costs = pairwise_costs(np.random.default_rng(0).random((700, 4)), 1.0)

    found = forward_selection(costs, np.ones(700), np.array([5]), 20, n_threads)

    assert found.tolist() == forward_selection(costs, np.ones(700), np.array([5]), 20, 1).tolist()


def test_forward_selection_stops_when_it_is_time() -> None:
    costs, weights = drawn(50, 1)
    asked = iter([False, False, False, True])

    found = forward_selection(costs, weights, np.array([4]), 10, 1, lambda: next(asked))

    assert found.tolist() == forward_selection(costs, weights, np.array([4]), 3).tolist()


def test_backward_reduction_stops_when_it_is_time() -> None:
    costs, weights = drawn(50, 1)

    found = backward_reduction(costs, weights, np.array([4]), 10, lambda: True)

    assert found.tolist() == list(range(50))


def test_backward_reduction_in_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    costs, weights = drawn(60, 2)
    whole = backward_reduction(costs, weights, np.array([4]), 7).tolist()

    monkeypatch.setattr("scenred.kernels.greedy.PIECE_VISITS", 32 * 60 * 3)

    assert backward_reduction(costs, weights, np.array([4]), 7).tolist() == whole


def test_copies_are_selected_once_each() -> None:
    chosen = forward_selection(np.zeros((5, 5), np.float32), np.ones(5), np.array([2]), 5)

    assert chosen.tolist() == [2, 0, 1, 3, 4]
