"""Choices that are held to conditions, against all choices tried."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenred import (
    Column,
    DistanceMatrix,
    GroundMetric,
    RequestError,
    ScenarioSet,
    pairwise_distances,
    reduce,
    smallest,
)
from scenred.options import Method
from scenred.reduction.held_rows import HeldRows

Draw = Callable[..., ScenarioSet]


def draw(n: int, seed: int, kind: str) -> tuple[ScenarioSet, DistanceMatrix]:
    """Draw a set and costs of a kind; ties and copies are where held choices go wrong."""
    generator = np.random.default_rng(seed)
    places = generator.random((n, 2))
    if kind == "copies":
        places = places[generator.integers(0, max(n // 2, 1), n)]
    costs = np.abs(places[:, None] - places[None]).sum(axis=2)
    if kind == "asymmetric":
        costs = generator.random((n, n))
        np.fill_diagonal(costs, 0)
    masses = generator.random(n) + 0.01
    days = ScenarioSet((Column("x"),), np.arange(float(n)).reshape(n, 1, 1), masses / masses.sum())
    return days, DistanceMatrix(costs.astype(np.float32), GroundMetric("precomputed", 1.0))


def cost_of(days: ScenarioSet, costs: np.ndarray, chosen: tuple[int, ...], alone: list[int]) -> float:
    """Serve every point by its nearest medoid; those that represent only themselves serve nobody else."""
    served = costs[list(chosen)].copy()
    for place, row in enumerate(chosen):
        if row in alone:
            served[place] = np.inf
            served[place, row] = 0
    return float(days.probabilities @ served.min(axis=0))


@pytest.mark.parametrize("method", get_args(Method))
@pytest.mark.parametrize("kind", ["plane", "copies", "asymmetric"])
@given(
    n=st.integers(2, 9),
    k=st.integers(1, 9),
    counts=st.tuples(*[st.integers(0, 3)] * 3),
    seed=st.integers(0, 9999),
)
def test_conditioned_choice_and_bound_against_all_choices(
    method: Method, kind: str, n: int, k: int, counts: tuple[int, int, int], seed: int
) -> None:
    days, distances = draw(n, seed, kind)
    order = np.random.default_rng(seed).permutation(n).tolist()
    excluded = order[: min(counts[0], n - 1)]
    rest = order[len(excluded) :]
    k = min(k, len(rest))
    fixed = rest[: min(counts[1], k)]
    alone = fixed[: min(counts[2], len(fixed), k if k == n else k - 1)]

    found = reduce(
        days,
        distances,
        k,
        method=method,
        fixed=fixed,
        excluded=excluded,
        alone=alone,
        n_starts=2,
        n_threads=1,
    )

    costs = distances.costs.astype(np.float64)
    choices = [c for c in combinations(sorted(rest), k) if set(fixed) <= set(c)]
    best = min(cost_of(days, costs, choice, alone) for choice in choices)
    assert tuple(found.medoids.tolist()) in choices
    assert found.cost == pytest.approx(cost_of(days, costs, tuple(found.medoids.tolist()), alone), rel=1e-6)
    assert found.lower_bound is not None
    assert found.lower_bound <= best + 1e-12
    if found.is_optimal:
        assert found.cost == pytest.approx(best, rel=1e-6, abs=1e-12)
    if method == "exact":
        assert found.is_optimal


def test_who_represents_only_itself_keeps_its_own_probability(random_set: Draw) -> None:
    days = random_set(40, weighted=True)

    found = reduce(days, pairwise_distances(days), 5, alone=[7, 30], fixed=[12])

    masses = dict(zip(found.medoids.tolist(), found.scenarios.probabilities, strict=True))
    assert masses[7] == days.probabilities[7]
    assert masses[30] == days.probabilities[30]
    assert masses[12] > days.probabilities[12]


def test_the_fewest_within_a_tolerance_hold_the_conditions(random_set: Draw) -> None:
    days = random_set(30)
    distances = pairwise_distances(days)

    found = smallest(days, distances, 0.5, fixed=[3], excluded=[0, 1], alone=[4])
    fewer = reduce(days, distances, len(found.medoids) - 1, fixed=[3], excluded=[0, 1], alone=[4])

    assert {3, 4} <= set(found.medoids.tolist())
    assert not {0, 1} & set(found.medoids.tolist())
    assert found.relative_cost <= 0.5 < fewer.relative_cost


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fixed": [2], "excluded": [2]}, "scenario 2 is fixed and excluded"),
        ({"excluded": [0, 1, 2]}, "3 scenarios are asked for and 2 of 5 are not excluded"),
        ({"excluded": [5]}, "an excluded scenario has index 5; there are 0 to 4"),
        ({"alone": [0, 1, 2]}, "all 3 scenarios represent only themselves"),
        ({"alone": [0, 1], "fixed": [2, 3]}, "4 scenarios are fixed and only 3 may stay"),
    ],
)
def test_impossible_conditions_are_refused(random_set: Draw, options: dict[str, Any], message: str) -> None:
    days = random_set(5)

    with pytest.raises(RequestError, match=message):
        reduce(days, pairwise_distances(days), 3, **options)


@pytest.mark.parametrize(
    ("fixed", "alone", "least"), [([], [], 1), ([1, 2], [], 2), ([], [1, 2, 3], 4), ([0], [1, 2], 3), ([], range(6), 6)]
)
def test_the_fewest_are_what_stays_and_one_for_the_rest(fixed: list[int], alone: list[int], least: int) -> None:
    assert HeldRows.of(fixed, alone=alone).least(6) == least
