"""Starts and single losses against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenred.kernels.pairwise import pairwise_costs
from scenred.kernels.seeding import served_alone, spread_start


def test_served_alone_equals_the_matrix_product() -> None:
    generator = np.random.default_rng(7)
    costs, weights = pairwise_costs(generator.random((301, 3)), 1.0), generator.random(301)

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
