"""Costs of all pairs against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from scenred.kernels.pairwise import TILE, costs_between, pairwise_costs


@pytest.mark.parametrize("n", [1, 2, TILE - 1, TILE, TILE + 1, 3 * TILE + 7])
def test_order_1_equals_cityblock(n: int) -> None:
    points = np.random.default_rng(n).normal(size=(n, 9))

    costs = pairwise_costs(points, 1.0)

    np.testing.assert_allclose(costs, cdist(points, points, "cityblock"), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(("order", "metric"), [(2.0, "sqeuclidean"), (3.0, "minkowski")])
def test_other_orders_equal_the_power_of_minkowski(order: float, metric: str) -> None:
    points = np.random.default_rng(1).normal(size=(140, 5))
    expected = cdist(points, points, metric, **({"p": 3} if metric == "minkowski" else {}))

    costs = pairwise_costs(points, order)

    np.testing.assert_allclose(costs, expected ** (3 if metric == "minkowski" else 1), rtol=1e-5, atol=1e-10)


def test_matrix_is_symmetric_to_the_bit_with_a_zero_diagonal() -> None:
    points = np.random.default_rng(2).random((300, 48))

    costs = pairwise_costs(points, 1.0)

    assert np.array_equal(costs, costs.T)
    assert not costs.diagonal().any()


@pytest.mark.parametrize("order", [1.0, 2.0, 1.5])
def test_number_of_threads_changes_no_bit(order: float) -> None:
    points = np.random.default_rng(3).random((3 * TILE + 5, 7))

    one = pairwise_costs(points, order, n_threads=1)
    three = pairwise_costs(points, order, n_threads=3)

    assert one.tobytes() == three.tobytes()


def test_progress_rises_to_one() -> None:
    fractions: list[float] = []

    pairwise_costs(np.zeros((5 * TILE, 2)), 1.0, on_fraction=fractions.append)

    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_costs_to_a_few_members_are_exact() -> None:
    points = np.random.default_rng(4).random((50, 6))
    members = np.array([3, 40])

    costs = costs_between(points, points[members], 1.0)

    np.testing.assert_allclose(costs, cdist(points, points[members], "cityblock"), rtol=1e-14)
