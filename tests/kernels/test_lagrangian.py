"""The Lagrangian bound against all choices tried, and against its own formula."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from scenred.kernels.candidate_lists import CLOSED, FREE, OPEN, lists_below
from scenred.kernels.lagrangian import MEMORY, Prices, ascend

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]
PACE: dict[str, Any] = {"length": 1.0, "patience": 15, "least_length": 1e-3, "most_iterations": 500}


def drawn(n: int, seed: int) -> tuple[Float32, Float64]:
    """Draw costs that are not symmetric, and weights of which some are 0."""
    generator = np.random.default_rng(seed)
    costs = generator.random((n, n)).astype(np.float32)
    np.fill_diagonal(costs, 0)
    return costs, generator.random(n) * (generator.random(n) > 0.2)


def losses(costs: Float32, weights: Float64, k: int) -> dict[tuple[int, ...], float]:
    exact = costs.astype(np.float64)
    return {choice: float(weights @ exact[list(choice)].min(axis=0)) for choice in combinations(range(len(costs)), k)}


@given(n=st.integers(3, 9), k=st.integers(1, 4), seed=st.integers(0, 10_000), low=st.booleans())
def test_bound_at_any_prices_is_below_every_choice(n: int, k: int, seed: int, low: bool) -> None:
    costs, weights = drawn(n, seed)
    k = min(k, n)
    values = np.random.default_rng(seed + 1).random(n) * (0.3 if low else 1.5)
    start = Prices(values.copy(), np.zeros(n, np.int8), np.zeros(n))
    lists = lists_below(costs, np.arange(n), np.full(n, 2.0))

    one = ascend(lists, weights, np.full(n, 2.0), start, k, upper=9.0, cut=9.0, **{**PACE, "most_iterations": 1})

    gains = (weights * np.maximum(values - costs.astype(np.float64), 0)).sum(axis=1)
    formula = weights @ values - np.sort(gains)[n - k :].sum()
    assert one.bound == pytest.approx(formula, abs=1e-12)
    assert one.bound <= min(losses(costs, weights, k).values()) + 1e-12


@given(n=st.integers(4, 9), k=st.integers(2, 4), seed=st.integers(0, 10_000))
def test_fixed_candidates_agree_with_every_choice_below_the_cut(n: int, k: int, seed: int) -> None:
    costs, weights = drawn(n, seed)
    tried = losses(costs, weights, k)
    best = min(tried.values())
    cut = best * 1.05
    start = Prices(np.full(n, 0.3), np.zeros(n, np.int8), np.zeros(n))
    lists = lists_below(costs, np.arange(n), np.full(n, 2.0))

    found = ascend(lists, weights, np.full(n, 2.0), start, k, upper=best, cut=cut, **PACE)

    assert min(found.bound, cut) <= best + 1e-12 or found.bound == pytest.approx(best)
    for choice, loss in tried.items():
        if loss < cut * (1 - 1e-12):
            assert all(start.states[member] != CLOSED for member in choice)
            assert set(np.flatnonzero(start.states == OPEN).tolist()) <= set(choice)


@given(n=st.integers(5, 9), k=st.integers(2, 4), seed=st.integers(0, 10_000))
def test_open_and_closed_candidates_are_respected(n: int, k: int, seed: int) -> None:
    costs, weights = drawn(n, seed)
    states = np.full(n, FREE, np.int8)
    states[0], states[1] = OPEN, CLOSED
    start = Prices(np.full(n, 0.3), states, np.zeros(n))
    lists = lists_below(costs, np.arange(n), np.full(n, 2.0))

    found = ascend(lists, weights, np.full(n, 2.0), start, k, upper=9.0, cut=9.0, **PACE)

    allowed = [loss for choice, loss in losses(costs, weights, k).items() if 0 in choice and 1 not in choice]
    assert found.bound <= min(allowed) + 1e-12
    assert found.chosen[0]
    assert not found.chosen[1]
    assert found.chosen.sum() == k


def test_bound_is_infinite_where_too_few_candidates_are_left() -> None:
    costs, weights = drawn(5, 1)
    start = Prices(np.full(5, 0.3), np.array([OPEN, CLOSED, CLOSED, CLOSED, FREE], np.int8), np.zeros(5))
    lists = lists_below(costs, np.arange(5), np.full(5, 2.0))

    assert ascend(lists, weights, np.full(5, 2.0), start, 3, upper=9.0, cut=9.0, **PACE).bound == np.inf


def test_many_candidates_give_a_bound_that_all_prices_prove() -> None:
    """Most iterations look at few candidates only; what is reported must hold for all."""
    generator = np.random.default_rng(3)
    places = generator.random((600, 2))
    costs = np.abs(places[:, None] - places[None]).sum(axis=2).astype(np.float32)
    weights, ceilings = generator.random(600), np.full(600, 0.8)
    start = Prices(np.full(600, 0.3), np.zeros(600, np.int8), np.zeros(600))

    found = ascend(
        lists_below(costs, np.arange(600), ceilings), weights, ceilings, start, 4, upper=90.0, cut=1e9, **PACE
    )

    gains = (weights * np.maximum(start.values - costs.astype(np.float64), 0)).sum(axis=1)
    assert found.bound == pytest.approx(weights @ start.values - np.sort(gains)[-4:].sum(), rel=1e-12)


@pytest.mark.parametrize("n", [40, 1100])  # lists of more than a million pairs are not copied
def test_open_candidates_serve_and_closed_ones_do_not_in_long_lists_too(n: int) -> None:
    costs = np.random.default_rng(5).random((n, n)).astype(np.float32)
    costs[0] = 1.0
    weights, ceilings, values = np.ones(n), np.full(n, 2.0), np.full(n, 0.5)
    states = np.full(n, FREE, np.int8)
    states[0], states[1] = OPEN, CLOSED
    start = Prices(values.copy(), states, np.zeros(n))
    lists = lists_below(costs, np.arange(n), ceilings)

    one = ascend(lists, weights, ceilings, start, 3, upper=900.0, cut=900.0, **{**PACE, "most_iterations": 1})

    gains = np.maximum(0.5 - costs.astype(np.float64), 0).sum(axis=1)
    best = 2 + np.argsort(-gains[2:])[:2]
    assert one.bound == pytest.approx(0.5 * n - gains[best].sum(), rel=1e-12)
    assert set(np.flatnonzero(one.chosen).tolist()) == {0, *best.tolist()}


@given(seed=st.integers(0, 10_000), share=st.floats(0.0, 0.5))
def test_all_candidates_are_fixed_that_reduced_costs_decide(seed: int, share: float) -> None:
    n, k = 9, 3
    costs, weights = drawn(n, seed)
    values = np.full(n, 0.5)
    gains = (weights * np.maximum(values - costs.astype(np.float64), 0)).sum(axis=1)
    order = np.argsort(-gains, kind="stable")
    least, next_best = gains[order[k - 1]], gains[order[k]]
    bound = float(weights @ values - gains[order[:k]].sum())
    cut = bound + share * float(gains.max() - gains.min()) + 1e-9
    start = Prices(values.copy(), np.zeros(n, np.int8), np.zeros(n))
    lists = lists_below(costs, np.arange(n), np.full(n, 2.0))

    ascend(lists, weights, np.full(n, 2.0), start, k, upper=9.0, cut=cut, **{**PACE, "most_iterations": 1})

    opened = {j for j in order[:k].tolist() if bound + gains[j] - next_best >= cut}
    closed = {j for j in order[k:].tolist() if bound + least - gains[j] >= cut}
    assert set(np.flatnonzero(start.states == OPEN).tolist()) == opened
    assert set(np.flatnonzero(start.states == CLOSED).tolist()) == closed


def relaxed(costs: Float32, weights: Float64, k: int) -> float:
    """Solve the linear relaxation of k-medoids: shares x[j, i] <= y[j], each point served once, y in sum k."""
    n = len(costs)
    served = np.hstack([np.tile(np.eye(n), n), np.zeros((n, n))])
    opened = np.hstack([np.zeros(n * n), np.ones(n)])
    within = np.hstack([np.eye(n * n), -np.repeat(np.eye(n), n, axis=0)])
    objective = np.concatenate([(costs.astype(np.float64) * weights).ravel(), np.zeros(n)])
    found = linprog(objective, within, np.zeros(n * n), np.vstack([served, opened]), np.append(np.ones(n), k), (0, 1))
    return float(found.fun)


@pytest.mark.parametrize("seed", range(4))
def test_ascent_comes_close_to_the_linear_relaxation(seed: int) -> None:
    n, k = 16, 4
    costs, _ = drawn(n, seed)
    weights = np.random.default_rng(seed).random(n) + 0.1
    start = Prices(np.full(n, 0.3), np.zeros(n, np.int8), np.zeros(n))
    best = min(losses(costs, weights, k).values())

    found = ascend(
        lists_below(costs, np.arange(n), np.full(n, 2.0)), weights, np.full(n, 2.0), start, k,
        upper=best, cut=1e9, length=1.0, patience=10, least_length=1e-3, most_iterations=400,
    )  # fmt: skip

    bound = relaxed(costs, weights, k)
    assert bound * (1 - 1e-4) <= found.bound <= bound * (1 + 1e-9)
    assert start.share.sum() == pytest.approx(k * (1 - (1 - MEMORY) ** found.n_iterations))
    assert found.length == 0.5**10
    assert found.n_iterations < 250
