"""Every cost that is reported is the transport cost to the probabilities that are written; POT is the referee."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from scenred import Column, Reduction, ScenarioSet, ScenredWarning, generate, pairwise_distances
from scenred.metrics import member_costs
from scenred.reduction.price import transport_cost

CONDITIONS: list[dict[str, Any]] = [
    {},
    {"preserve": "mean"},
    {"preserve": "mean:a", "min_probability": 0.03},
    {"equal_probabilities": True},
    {"min_probability": 0.05, "max_probability": 0.4},
    {"preserve": "mean", "keep": ["max:a"]},
    {"preserve": "mean", "keep": ["max:a"], "extreme_weight": "single"},
]


def days_with_an_outlier(seed: int, outlier: float, weights: str = "equal") -> ScenarioSet:
    """Return 14 days of two columns, one of which has a day far beyond the others."""
    generator = np.random.default_rng(seed)
    values = generator.random((14, 6, 2))
    values[generator.integers(14), :, 0] = outlier
    probabilities = np.full(14, 1 / 14)
    if weights == "small":
        probabilities = np.where(np.arange(14) % 3 == 0, 1e-12, 1.0)
        probabilities /= probabilities.sum()
    groups = tuple("ab"[number % 2] for number in range(14))
    return ScenarioSet((Column("a"), Column("b")), values, probabilities, groups=groups)


def transport_of(found: Reduction, order: float) -> float:
    """Return the transport cost from the original to the scenarios as they are written, by POT."""
    import ot

    p, q = found.original.probabilities, found.scenarios.probabilities
    costs = member_costs(pairwise_distances(found.original, metric="pointwise", order=order), found.medoids)
    return float(ot.emd2(p, q * (p.sum() / q.sum()), costs, numItermax=1_000_000))


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
@pytest.mark.parametrize(("outlier", "order"), [(0.5, 1), (99999.0, 1), (1e6, 1), (300.0, 2), (20.0, 4)])
def test_reported_cost_is_that_of_the_written_probabilities(
    condition: dict[str, Any], outlier: float, order: float
) -> None:
    for seed, weights in ((1, "equal"), (2, "small")):
        days = days_with_an_outlier(seed, outlier, weights)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScenredWarning)
            found = generate(days, 4, metric="pointwise", order=order, **condition)

        if "extreme_weight" in condition:  # nothing may move to it: the cost without that may be lower
            assert found.cost >= transport_of(found, order) * (1 - 1e-9)
        else:
            assert found.cost == pytest.approx(transport_of(found, order), rel=1e-8)
        assert found.lower_bound is not None
        assert found.lower_bound <= found.cost
        if found.payments:
            assert found.payments[-1].after == found.cost
        if "preserve" in condition:
            off = (found.scenarios.probabilities @ found.scenarios.values.mean(axis=1))[0]
            means = days.values.mean(axis=1)[:, 0]
            assert abs(off - days.probabilities @ means) <= 1e-10 * np.abs(means).max()


@pytest.mark.parametrize("condition", [{}, {"preserve": "mean:b"}, {"equal_probabilities": True}], ids=str)
def test_costs_of_groups_are_those_of_the_written_probabilities(condition: dict[str, Any]) -> None:
    import ot

    days = days_with_an_outlier(5, 99999.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        found = generate(days, 6, metric="pointwise", group_by="group", **condition)

    costs = member_costs(pairwise_distances(days, metric="pointwise"), found.medoids)
    total = 0.0
    for name in "ab":
        inside, kept = np.array(days.groups) == name, np.array(found.scenarios.groups) == name
        p, q = days.probabilities[inside], found.scenarios.probabilities[kept]
        total += ot.emd2(p, q * (p.sum() / q.sum()), costs[np.ix_(inside, kept)])
    assert found.cost == pytest.approx(total, rel=1e-8)


@pytest.mark.parametrize("outlier", [99999.0, 1e6])
def test_true_means_cost_the_least_next_to_an_outlier(outlier: float) -> None:
    """With three scenarios and one mean one probability is free: all its values are tried."""
    days = days_with_an_outlier(3, outlier)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        found = generate(days, 3, metric="pointwise", preserve="mean:a")

    costs = member_costs(pairwise_distances(days, metric="pointwise"), found.medoids)
    means = days.values.mean(axis=1)[found.medoids, 0]
    q = found.scenarios.probabilities
    free = np.cross(np.ones(3), means - np.sort(means)[1])
    free /= np.abs(free).max()
    ends = [-share / step for share, step in zip(q, free, strict=True) if step]
    low, high = max(end for end in ends if end <= 0), min(end for end in ends if end >= 0)
    closed = np.zeros(costs.shape, dtype=bool)
    tried = (np.clip(q + step * free, 0, 1) for step in np.linspace(low, high, 200))
    least = min(transport_cost(costs, days.probabilities, other / other.sum(), closed) for other in tried)
    assert found.cost <= least * (1 + 1e-6)


def test_an_optimum_of_costs_that_storage_loses_is_not_called_proven() -> None:
    values = np.array([0.0, 1e-60, 3e-60, 7e-60, 1.0]).reshape(5, 1, 1)
    days = ScenarioSet((Column("a"),), values, np.full(5, 0.2))

    found = generate(days, 3, metric="pointwise", fixed=[0, 1])

    assert 0 < found.cost < 1e-59
    assert found.lower_bound == 0
    assert not found.is_optimal
    assert found.gap == 1
    assert found.statistics.status != "optimal"
