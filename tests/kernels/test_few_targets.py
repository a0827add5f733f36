"""The transport to a few targets against POT, and the conditions of its plan."""

from __future__ import annotations

import numpy as np
import pytest

from scenred.kernels.few_targets import optimal_plan


def draw(seed: int, n: int, k: int, levels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    costs = generator.integers(0, levels, (n, k)) / levels
    weights, masses = generator.dirichlet(np.full(n, 0.3)), generator.dirichlet(np.ones(k))
    return costs, weights, masses


@pytest.mark.parametrize(("n", "k"), [(1, 1), (5, 1), (4, 4), (12, 3), (60, 20)])
@pytest.mark.parametrize("levels", [1, 3, 1_000_000])
def test_plan_has_the_cost_of_an_independent_solver(n: int, k: int, levels: int) -> None:
    import ot

    for seed in range(5):
        costs, weights, masses = draw(seed, n, k, levels)

        plan, left = optimal_plan(costs, weights, masses, np.zeros(k))

        assert left <= 1e-15
        assert plan.min() >= 0
        assert np.abs(plan.sum(axis=1) - weights).max() <= 1e-15
        assert np.abs(plan.sum(axis=0) - masses).max() <= 1e-14
        assert (plan * costs).sum() == pytest.approx(ot.emd2(weights, masses, costs), rel=1e-9, abs=1e-15)


def test_any_prices_lead_to_the_least_cost() -> None:
    costs, weights, masses = draw(3, 40, 8, 1_000_000)

    free, _ = optimal_plan(costs, weights, masses, np.zeros(8))
    priced, _ = optimal_plan(costs, weights, masses, np.random.default_rng(1).normal(size=8))

    assert (priced * costs).sum() == pytest.approx((free * costs).sum(), rel=1e-12)


@pytest.mark.parametrize("size", [1e-300, 1e-10, 1e10, 1e300])
def test_the_unit_of_costs_changes_nothing(size: float) -> None:
    costs, weights, masses = draw(4, 30, 6, 1_000_000)

    plan, _ = optimal_plan(costs, weights, masses, np.zeros(6))
    other, _ = optimal_plan(costs * size, weights, masses, np.zeros(6))

    assert (other * costs).sum() == pytest.approx((plan * costs).sum(), rel=1e-12)


def test_a_small_mass_next_to_a_large_cost_is_not_lost() -> None:
    costs = np.array([[0.0, 1.0], [1e-12, 1.0], [1.0, 0.0]])

    plan, _ = optimal_plan(costs, np.array([0.5, 0.5 - 1e-12, 1e-12]), np.array([1 - 2e-12, 2e-12]), np.zeros(2))

    assert (plan * costs).sum() == pytest.approx(1e-12 + 0.5e-12, rel=1e-3)


def test_mass_that_may_not_move_is_left_over() -> None:
    costs = np.array([[0.0, np.inf], [np.inf, 0.0]])

    plan, left = optimal_plan(costs, np.array([0.5, 0.5]), np.array([0.75, 0.25]), np.zeros(2))

    assert left == 0.25
    assert plan.tolist() == [[0.5, 0.0], [0.0, 0.5]]
