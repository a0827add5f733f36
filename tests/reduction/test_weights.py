"""Probabilities under conditions, against POT and scipy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import scenred
from scenred import (
    RequestError,
    ScenarioSet,
    ScenredError,
    ScenredWarning,
    UsageError,
    generate,
    pairwise_distances,
)
from scenred.metrics import member_costs
from scenred.options import Conditions
from scenred.reduction.constraints.weights import WeightTargets, reweigh, targets_for
from scenred.reduction.constraints.weights_lp import FeasibleWeights

Draw = Any


def means_of(*columns: str) -> WeightTargets:
    """Return the condition that the means of some columns hold."""
    return WeightTargets(columns, 0.0, 1.0, equal=False)


def means(days: ScenarioSet) -> np.ndarray:
    """Return the mean of every column."""
    return np.asarray(days.probabilities @ days.values.mean(axis=1))


@pytest.mark.parametrize("group_by", [None, "group"])
@pytest.mark.parametrize(
    "condition",
    [
        {"preserve": "mean"},
        {"preserve": "mean:column1", "min_probability": 0.02},
        {"equal_probabilities": True},
        {"min_probability": 0.06, "max_probability": 0.2},
    ],
)
def test_conditions_hold_at_the_least_transport_cost(
    random_set: Draw, condition: dict[str, Any], group_by: str | None
) -> None:
    import ot

    days = random_set(60, weighted=True)
    groups = tuple("ab"[number % 2] for number in range(60))
    days = ScenarioSet(days.columns, days.values, days.probabilities, step=days.step, groups=groups)
    free = generate(days, 10, group_by=group_by)

    found = generate(days, 10, group_by=group_by, **condition)

    q = found.scenarios.probabilities
    assert found.medoids.tolist() == free.medoids.tolist()
    assert abs(q.sum() - 1) <= 1e-12
    chosen = [1] if ":" in condition.get("preserve", "") else [0, 1] if "preserve" in condition else []
    assert np.abs(means(found.scenarios) - means(days))[chosen].max(initial=0) < 1e-9
    assert q.min() >= condition.get("min_probability", 0) - 1e-15
    assert q.max() <= condition.get("max_probability", 1) + 1e-15
    paid = found.payments[-1]
    assert paid.before == free.cost
    assert paid.after == found.cost >= free.cost
    costs = member_costs(pairwise_distances(days), found.medoids)
    if group_by is None:
        assert found.cost == pytest.approx(ot.emd2(days.probabilities, q, costs), rel=1e-9)
    else:
        for group in "ab":
            inside = np.array(found.scenarios.groups) == group
            assert q[inside].sum() == pytest.approx(days.probabilities["ab".index(group) :: 2].sum(), abs=1e-12)


def test_no_other_probabilities_with_true_means_cost_less(random_set: Draw) -> None:
    days = random_set(25, weighted=True)
    distances = pairwise_distances(days)
    found = reweigh(scenred.reduce(days, distances, 6), distances, means_of("column0", "column1"))

    costs = member_costs(distances, found.medoids)
    kept = days.values[found.medoids].mean(axis=1)
    rows = [np.repeat(np.eye(25), 6, axis=1), np.tile(kept.T, 25)]
    right = np.concatenate([days.probabilities, means(days)])
    best = linprog(costs.ravel(), A_eq=np.vstack(rows), b_eq=right)

    assert found.cost == pytest.approx(best.fun, rel=1e-7)


def test_what_represents_itself_alone_keeps_its_probability(random_set: Draw) -> None:
    days = random_set(40)

    found = generate(days, 8, keep=["min:column0"], extreme_weight="single", preserve="mean")

    place = found.medoids.tolist().index(found.extremes[0].row)
    assert found.scenarios.probabilities[place] == 1 / 40
    assert np.abs(means(found.scenarios) - means(days)).max() < 1e-9
    assert [paid.condition for paid in found.payments] == ["1 extreme", "mean of column0, column1"]


def test_a_condition_that_is_met_already_costs_nothing(random_set: Draw) -> None:
    days = random_set(40)

    found = generate(days, 4, min_probability=1e-3)

    assert found.payments[0].before == pytest.approx(found.payments[0].after, rel=1e-12)
    np.testing.assert_allclose(found.scenarios.probabilities, generate(days, 4).scenarios.probabilities, rtol=1e-9)


def test_a_scenario_without_probability_is_noted() -> None:
    values = np.array([0.0, 0.0, 0.0, 0.1, 1.0, 1.0]).reshape(6, 1, 1)
    days = ScenarioSet((scenred.Column("wind"),), values, np.array([0.3, 0.2, 0.1, 0.0, 0.2, 0.2]))

    with pytest.warns(ScenredWarning, match=r"1 of 3 scenarios have probability 0 \(the first is scenario 2\)"):
        found = generate(days, 3, metric="pointwise", preserve="mean", fixed=[3])

    assert found.scenarios.probabilities.tolist() == pytest.approx([0.6, 0, 0.4])
    least = generate(days, 3, metric="pointwise", preserve="mean", fixed=[3], min_probability=0.01)
    assert least.scenarios.probabilities.min() == 0.01


def test_map_shares_stay_those_of_the_clusters(random_set: Draw) -> None:
    found = generate(random_set(50), 5, preserve="mean")

    shares = found.to_map()["scenario"].value_counts().sort_index() / 50
    assert shares.tolist() == generate(random_set(50), 5).scenarios.probabilities.tolist()


@pytest.mark.parametrize("condition", [{"preserve": "mean"}, {"equal_probabilities": True}, {}])
def test_counts_are_whole_and_sum_to_the_periods(random_set: Draw, condition: dict[str, Any]) -> None:
    found = generate(random_set(50), 7, **condition)

    assert found.counts.sum() == 50
    assert np.abs(found.counts - 50 * found.scenarios.probabilities).max() < 1


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"preserve": "median"}, UsageError, "only the mean can be preserved"),
        ({"preserve": "mean:column9"}, RequestError, "did you mean 'column"),
        ({"preserve": "mean", "equal_probabilities": True}, UsageError, "choose equal probabilities"),
        ({"min_probability": 0.5}, RequestError, "3 scenarios cannot have probabilities from 0.5 to 1 each"),
        ({"max_probability": 0.2}, RequestError, "sum to 0 at least and 0.6 at most"),
        ({"min_probability": 2.0}, RequestError, "the least probability is 2;"),
        ({"min_probability": 0.3, "max_probability": 0.2}, RequestError, "cannot have probabilities"),
    ],
)
def test_impossible_conditions_are_refused(
    random_set: Draw, options: dict[str, Any], error: type[ScenredError], message: str
) -> None:
    with pytest.raises(error, match=message):
        generate(random_set(9), 3, **options)


def test_unreachable_mean_names_its_column_and_the_miss() -> None:
    values = np.array([[0.0, 5], [1, 5], [2, 5], [9, 5]]).reshape(4, 1, 2)
    days = ScenarioSet((scenred.Column("wind"), scenred.Column("pv", "pv", 5.0)), values, np.full(4, 0.25))
    distances = pairwise_distances(days, "pointwise")
    low = scenred.reduce(days, distances, 2, fixed=[0, 1])

    with pytest.raises(
        RequestError,
        match=r"mean of wind is 3 and these 2 scenarios reach 1, 2 off \(by itself it can be 0 to 1\)",
    ):
        reweigh(low, distances, means_of("wind", "pv"))


def test_columns_of_several_texts_are_in_the_order_of_the_set(random_set: Draw) -> None:
    days = random_set(3)

    targets = targets_for(days, Conditions(preserve=["mean:column1", "mean: column0"]))

    assert targets is not None
    assert targets.columns == ("column0", "column1")
    assert targets_for(days, Conditions()) is None


def test_probabilities_are_corrected_by_the_least_squares() -> None:
    """Three scenarios whose means lie 1 below, at, and 1 above the wanted one."""
    feasible = FeasibleWeights(
        np.ones((1, 3)), np.ones(1), np.array([[-1.0], [0.0], [1.0]]), low=np.zeros(3), high=np.ones(3)
    )

    corrected = feasible.corrected(np.array([0.3, 0.3, 0.4]))

    assert corrected.tolist() == pytest.approx([0.35, 0.3, 0.35])


def test_groups_that_nothing_was_chosen_by_bind_no_probability(random_set: Draw) -> None:
    """With k = n no scenario represents another group's period."""
    days = random_set(6, weighted=True)
    grouped = replace(days, groups=("a", "a", "a", "a", "a", "b"))

    found = generate(grouped, 6, equal_probabilities=True)

    np.testing.assert_allclose(found.scenarios.probabilities, 1 / 6, rtol=1e-12)
