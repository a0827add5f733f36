"""Swap search and starts against brute force and plain NumPy."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenred.kernels.kmedoids import served_alone, spread_start, swap_search
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


def test_weight_zero_points_cost_nothing() -> None:
    line = np.abs(np.subtract.outer(np.arange(6.0), np.arange(6.0))).astype(np.float32)
    weights = np.array([1.0, 0, 0, 0, 0, 1])

    medoids = swap_search(line, weights, np.array([2, 3]))

    assert sorted(medoids.tolist()) == [0, 5]


def test_served_alone_equals_the_matrix_product() -> None:
    costs, weights = random_costs(301, 7), np.random.default_rng(7).random(301)

    alone = served_alone(costs, weights, n_threads=2)

    np.testing.assert_allclose(alone, costs.astype(np.float64) @ weights, rtol=1e-13)


@given(n=st.integers(3, 30), seed=st.integers(0, 1000), distinct=st.integers(1, 5))
def test_start_is_distinct_even_among_copies(n: int, seed: int, distinct: int) -> None:
    positions = np.random.default_rng(seed).integers(0, distinct, n).astype(float)
    costs = np.abs(np.subtract.outer(positions, positions)).astype(np.float32)
    k = min(n, 6)

    medoids = spread_start(costs, np.ones(n), np.array([1]), k, np.random.default_rng(seed))

    assert medoids[0] == 1
    assert len(set(medoids.tolist())) == k


def test_start_prefers_far_and_heavy_points() -> None:
    line = np.abs(np.subtract.outer(np.arange(3.0), np.arange(3.0))).astype(np.float32)
    weights = np.array([1.0, 1.0, 8.0])
    none = np.array([0])

    seeds = (np.random.default_rng(seed) for seed in range(2000))
    second = [spread_start(line, weights, none, 2, seed)[1] for seed in seeds]

    share = np.mean(np.array(second) == 2)
    assert share == pytest.approx(16 / 17, abs=0.02)  # weight times cost: 1 against 16
