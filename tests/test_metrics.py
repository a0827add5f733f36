"""Ground metrics against scipy and their definitions."""

from __future__ import annotations

from collections.abc import Callable
from unittest import mock

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from scenred import Column, DistanceMatrix, RequestError, ScenarioSet, pairwise_distances
from scenred.metrics import member_costs

Draw = Callable[..., ScenarioSet]


def test_duration_is_the_sum_of_wasserstein_distances_of_the_columns(random_set: Draw) -> None:
    days = random_set(6, n_steps=24, n_columns=3)
    tops = days.values.max(axis=(0, 1))

    distances = pairwise_distances(days, "duration").distances()

    for i in range(6):
        for j in range(6):
            expected = sum(
                wasserstein_distance(days.values[i, :, c], days.values[j, :, c]) / tops[c] for c in range(3)
            )
            assert distances[i, j] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_pointwise_follows_its_formula(random_set: Draw, order: int) -> None:
    days = random_set(5, n_steps=24)
    weights = {"column0": 2.0, "column1": 0.5}
    scaled = days.values / days.values.max(axis=(0, 1))

    distances = pairwise_distances(days, "pointwise", order=order, column_weights=weights).distances()

    difference = np.abs(scaled[:, None] - scaled[None]) ** order
    expected = (difference * [2.0, 0.5]).sum(axis=(2, 3)) / 24
    np.testing.assert_allclose(distances, expected ** (1 / order), rtol=1e-6)


def test_matrix_holds_the_distance_to_the_order() -> None:
    two = ScenarioSet((Column("wind", "wind", 1.0),), np.array([[[0.0]], [[0.25]]]), np.array([0.5, 0.5]))

    matrix = pairwise_distances(two, "pointwise", order=2)

    assert matrix.costs[0, 1] == 0.0625
    assert matrix.distances()[0, 1] == 0.25


def test_capacity_scales_instead_of_the_maximum() -> None:
    values = np.array([[[10.0]], [[30.0]]])
    halves = np.array([0.5, 0.5])

    told = pairwise_distances(ScenarioSet((Column("wind", "wind", 100.0),), values, halves)).distances()
    untold = pairwise_distances(ScenarioSet((Column("wind"),), values, halves)).distances()

    assert told[0, 1] == pytest.approx(0.2)
    assert untold[0, 1] == pytest.approx(20 / 30)


def test_scaling_a_column_changes_nothing(random_set: Draw) -> None:
    days = random_set(8)
    scaled = ScenarioSet(days.columns, days.values * [1.0, 4096.0], days.probabilities)

    assert np.array_equal(pairwise_distances(days).costs, pairwise_distances(scaled).costs)


def test_a_column_of_zeros_counts_nothing(random_set: Draw) -> None:
    days = random_set(4)
    values = np.concatenate([days.values, np.zeros((4, 4, 1))], axis=2)
    more = ScenarioSet((*days.columns, Column("dark")), values, days.probabilities)

    np.testing.assert_allclose(pairwise_distances(more).costs, pairwise_distances(days).costs, rtol=1e-6)


def test_costs_to_members_are_the_matrix_before_rounding(random_set: Draw) -> None:
    matrix = pairwise_distances(random_set(30), order=2)
    members = np.array([4, 2, 29])

    exact = member_costs(matrix, members)

    assert exact.dtype == np.float64
    np.testing.assert_allclose(exact, matrix.costs[:, members], rtol=1e-6)


def test_costs_to_members_of_a_given_matrix_are_its_rows() -> None:
    given = DistanceMatrix(np.array([[0, 1], [5, 0]], dtype=np.float32), 1.0, "given", (), ())

    assert member_costs(given, np.array([1])).tolist() == [[5.0], [0.0]]


@pytest.mark.parametrize("order", [0.5, np.nan, np.inf])
def test_order_below_1_or_not_finite_is_refused(random_set: Draw, order: float) -> None:
    with pytest.raises(RequestError, match="at least 1"):
        pairwise_distances(random_set(3), order=order)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"colum0": 1.0}, "did you mean 'column0'"),
        ({"column0": -1.0}, "at least 0"),
        ({"column0": np.inf}, "at least 0"),
        ({"column0": 0.0, "column1": 0.0}, "all columns have weight 0"),
    ],
)
def test_bad_weights_are_refused(random_set: Draw, weights: dict[str, float], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        pairwise_distances(random_set(3), column_weights=weights)


@pytest.mark.parametrize(
    "options", [{"column_weights": {"column0": 1e42}}, {"column_weights": {"column0": 1e-35, "column1": 0}}]
)
def test_costs_beyond_single_precision_are_refused(random_set: Draw, options: dict[str, object]) -> None:
    with pytest.raises(RequestError, match="beyond single precision"):
        pairwise_distances(random_set(5), **options)  # type: ignore[arg-type]


def test_scenarios_that_are_all_alike_cost_nothing() -> None:
    alike = ScenarioSet((Column("wind"),), np.ones((3, 2, 1)), np.full(3, 1 / 3))

    assert not pairwise_distances(alike).costs.any()


def test_unknown_metric_is_refused_with_the_nearest(random_set: Draw) -> None:
    with pytest.raises(RequestError, match="did you mean 'duration'"):
        pairwise_distances(random_set(3), "durations")  # type: ignore[arg-type]


def test_matrix_larger_than_the_machine_is_refused(random_set: Draw) -> None:
    with (
        mock.patch("scenred.metrics.physical_memory", return_value=100),
        pytest.raises(RequestError, match="use fewer or longer periods"),
    ):
        pairwise_distances(random_set(30))
