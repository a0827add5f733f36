"""Swap search against brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenred.kernels.kmedoids import swap_search
from scenred.kernels.pairwise import pairwise_costs

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]


def random_costs(n: int, seed: int) -> Float32:
    return pairwise_costs(np.random.default_rng(seed).random((n, 3)), 1.0)


def loss(costs: Float32, weights: Float64, medoids: npt.NDArray[np.int64]) -> float:
    return float(weights @ costs[medoids].min(axis=0).astype(np.float64))


def best_loss(costs: Float32, weights: Float64, k: int, fixed: tuple[int, ...] = ()) -> float:
    choices = combinations(range(len(costs)), k)
    return min(loss(costs, weights, np.array(c)) for c in choices if set(fixed) <= set(c))


@given(n=st.integers(4, 8), k=st.integers(2, 4), seed=st.integers(0, 10_000), weighted=st.booleans())
def test_best_of_all_starts_is_the_optimum_of_brute_force(n: int, k: int, seed: int, weighted: bool) -> None:
    costs = random_costs(n, seed)
    weights = np.random.default_rng(seed + 1).random(n) if weighted else np.ones(n)

    starts = combinations(range(n), k)
    found = min(loss(costs, weights, swap_search(costs, weights, np.array(start))) for start in starts)

    assert found == pytest.approx(best_loss(costs, weights, k), rel=1e-12)


@given(n=st.integers(10, 60), k=st.integers(2, 8), seed=st.integers(0, 10_000))
def test_no_single_swap_improves_the_result(n: int, k: int, seed: int) -> None:
    costs = random_costs(n, seed)
    weights = np.random.default_rng(seed).random(n)

    medoids = swap_search(costs, weights, np.arange(k))

    reached = loss(costs, weights, medoids)
    for slot in range(k):
        for candidate in set(range(n)) - set(medoids.tolist()):
            swapped = medoids.copy()
            swapped[slot] = candidate
            assert loss(costs, weights, swapped) >= reached - 1e-9


def test_asymmetric_costs_serve_columns_by_rows() -> None:
    generator = np.random.default_rng(5)
    costs = generator.random((30, 30)).astype(np.float32)
    np.fill_diagonal(costs, 0)
    weights = np.ones(30)

    medoids = swap_search(costs, weights, np.array([0, 1, 2]))

    others = (swap_search(costs, weights, generator.choice(30, 3, replace=False)) for _ in range(300))
    assert min(loss(costs, weights, other) for other in others) == pytest.approx(
        best_loss(costs, weights, 3), rel=1e-12
    )
    assert loss(costs, weights, medoids) < loss(costs, weights, np.array([0, 1, 2]))


def test_fixed_medoids_stay_in_front() -> None:
    costs = random_costs(40, 6)

    medoids = swap_search(costs, np.ones(40), np.array([7, 3, 0, 1]), 2)

    assert medoids[:2].tolist() == [7, 3]
    assert len(set(medoids.tolist())) == 4


def test_points_that_all_coincide_end_the_search() -> None:
    costs = np.zeros((20, 20), dtype=np.float32)

    medoids = swap_search(costs, np.ones(20), np.array([4, 2, 9]))

    assert len(set(medoids.tolist())) == 3


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("k", [4, 5, 9])
def test_search_ends_where_nothing_is_left_to_lose(k: int, weighted: bool) -> None:
    generator = np.random.default_rng(k)
    places = generator.random((5, 4))[generator.integers(0, 5, 400)]
    costs = pairwise_costs(places, 1.0)
    weights = generator.random(400) if weighted else np.full(400, 1 / 400)

    medoids = swap_search(costs, weights, generator.choice(400, k, replace=False))

    assert len(set(medoids.tolist())) == k


def test_weight_zero_points_cost_nothing() -> None:
    line = np.abs(np.subtract.outer(np.arange(6.0), np.arange(6.0))).astype(np.float32)
    weights = np.array([1.0, 0, 0, 0, 0, 1])

    medoids = swap_search(line, weights, np.array([2, 3]))

    assert sorted(medoids.tolist()) == [0, 5]


def test_swap_search_in_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(5)
    costs = generator.random((90, 90)).astype(np.float32)
    start = np.arange(6)
    whole = swap_search(costs, np.ones(90), start).tolist()

    monkeypatch.setattr("scenred.kernels.kmedoids.PIECE_VISITS", 90 * 7)

    assert swap_search(costs, np.ones(90), start).tolist() == whole


def test_swap_search_that_has_no_time_keeps_its_start() -> None:
    costs = np.random.default_rng(5).random((90, 90)).astype(np.float32)

    assert swap_search(costs, np.ones(90), np.arange(6), 0, lambda: True).tolist() == list(range(6))
