"""Ground metrics against scipy and their definitions."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import ot
import pandas as pd
import pytest
from scipy.stats import spearmanr, wasserstein_distance

from scenred import (
    Column,
    DistanceMatrix,
    GroundMetric,
    InputError,
    RequestError,
    ScenarioSet,
    ScenredWarning,
    distances_to,
    ground_metric,
    pairwise_distances,
    precomputed_distances,
    read_input,
)
from scenred.metrics import measured, member_costs, thin
from scenred.metrics.embedding import directions
from scenred.options import GroundOptions, Metric

Draw = Callable[..., ScenarioSet]
METRICS: list[Metric] = ["duration", "pointwise", "wasserstein", "sliced"]


def part(days: ScenarioSet, first: int, last: int) -> ScenarioSet:
    n = last - first
    return replace(days, values=days.values[first:last], probabilities=np.full(n, 1 / n), labels=())


def test_duration_is_the_sum_of_wasserstein_distances_of_the_columns(random_set: Draw) -> None:
    days = random_set(6, n_steps=24, n_columns=3)
    tops = days.values.max(axis=(0, 1))

    distances = pairwise_distances(days, "duration").distances()

    for i in range(6):
        for j in range(6):
            expected = sum(wasserstein_distance(days.values[i, :, c], days.values[j, :, c]) / tops[c] for c in range(3))
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

    told, untold = (
        pairwise_distances(ScenarioSet((column,), values, halves), "pointwise").distances()
        for column in (Column("wind", "wind", 100.0), Column("wind"))
    )

    assert told[0, 1] == pytest.approx(0.2)
    assert untold[0, 1] == pytest.approx(20 / 30)


def test_scaling_a_column_changes_nothing(random_set: Draw) -> None:
    days = random_set(8)
    scaled = replace(days, values=days.values * [1.0, 4096.0])

    assert np.array_equal(pairwise_distances(days).costs, pairwise_distances(scaled).costs)


def test_a_column_of_zeros_counts_nothing(random_set: Draw) -> None:
    days = random_set(4)
    values = np.concatenate([days.values, np.zeros((4, 4, 1))], axis=2)
    more = replace(days, columns=(*days.columns, Column("dark")), values=values)

    with pytest.warns(ScenredWarning, match="dark is constant and cannot distinguish scenarios; scale 1") as told:
        dark = pairwise_distances(more, "wasserstein")

    np.testing.assert_allclose(dark.costs, pairwise_distances(days, "wasserstein").costs, rtol=1e-6)
    assert dark.ground.scales[2] == 1.0
    assert len(told) == 1


@pytest.mark.parametrize("metric", METRICS)
def test_costs_to_members_are_the_matrix_before_rounding(random_set: Draw, metric: Metric) -> None:
    matrix = pairwise_distances(random_set(30), metric, order=2)
    members = np.array([4, 2, 29])

    exact = member_costs(matrix, members)

    assert exact.dtype == np.float64
    np.testing.assert_allclose(exact, matrix.costs[:, members], rtol=1e-6)


def test_costs_to_members_of_a_given_matrix_are_its_rows() -> None:
    given = DistanceMatrix(np.array([[0, 1], [5, 0]], dtype=np.float32), GroundMetric("precomputed", 1.0))

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
        pairwise_distances(random_set(5), "pointwise", **options)  # type: ignore[arg-type]


def test_costs_that_vanish_are_refused_also_if_the_first_scenario_is_the_largest() -> None:
    falling = ScenarioSet((Column("wind"),), np.array([[[0.9]], [[0.1]]]), np.array([0.5, 0.5]))

    with pytest.raises(RequestError, match="beyond single precision"):
        pairwise_distances(falling, "pointwise", column_weights={"wind": 1e-35})


@pytest.mark.parametrize(("n", "n_steps"), [(5, 1), (1, 5)])
def test_nothing_is_said_of_the_shift_cost_where_nothing_can_move(random_set: Draw, n: int, n_steps: int) -> None:
    distances = pairwise_distances(replace(random_set(n, n_steps), step=pd.Timedelta(hours=1)), "wasserstein")

    assert distances.movement is not None
    assert distances.movement.moved_share == 0


def test_slices_of_one_column_without_a_shift_cost_are_its_duration_curve(random_set: Draw) -> None:
    days = random_set(6, n_columns=1)

    with pytest.warns(ScenredWarning, match="the shift cost is 0"):
        sliced = pairwise_distances(days, "sliced", shift_cost=0, directions=3)

    np.testing.assert_allclose(sliced.costs, pairwise_distances(days, "duration").costs, rtol=1e-6, atol=1e-12)


def test_a_thin_set_is_evenly_spaced_from_the_first_to_the_last(random_set: Draw) -> None:
    days = random_set(10)

    few = thin(days, 4)

    assert np.array_equal(few.values, days.values[[0, 3, 6, 9]])
    assert few.probabilities.tolist() == [0.25] * 4


@pytest.mark.parametrize("metric", METRICS)
def test_scenarios_that_are_all_alike_cost_nothing(metric: Metric) -> None:
    alike = ScenarioSet(
        (Column("wind"),), np.tile([[0.2], [0.7]], (3, 1, 1)), np.full(3, 1 / 3), step=pd.Timedelta(hours=1)
    )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)  # nothing moves
        assert not pairwise_distances(alike, metric).costs.any()


def test_a_set_whose_columns_are_all_constant_is_refused() -> None:
    flat = ScenarioSet((Column("wind"), Column("pv")), np.ones((3, 2, 2)), np.full(3, 1 / 3))

    with pytest.raises(InputError, match="every column is constant \\(wind, pv\\)"):
        pairwise_distances(flat)


def test_unknown_metric_is_refused_with_the_nearest(random_set: Draw) -> None:
    with pytest.raises(RequestError, match="did you mean 'duration'"):
        pairwise_distances(random_set(3), "durations")  # type: ignore[arg-type]


@pytest.mark.parametrize("metric", METRICS)
def test_matrix_larger_than_what_is_left_is_refused_with_what_fits(random_set: Draw, metric: Metric) -> None:
    with mock.patch("scenred.metrics.distances.memory_left", return_value=200_000):
        with pytest.raises(RequestError, match=r"take .* use fewer or longer periods: (\d+) fit") as refusal:
            pairwise_distances(random_set(300), metric)
        most = int(str(refusal.value).split()[-2])
        pairwise_distances(random_set(most), metric)
        with pytest.raises(RequestError, match="fit"):
            pairwise_distances(random_set(most + 1), metric)


def test_given_matrix_larger_than_what_is_left_is_refused(random_set: Draw) -> None:
    with (
        mock.patch("scenred.metrics.distances.memory_left", return_value=20_000),
        pytest.raises(RequestError, match="use fewer or longer periods: 28 fit"),
    ):
        precomputed_distances(random_set(30), np.zeros((30, 30)))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("order", [1, 2])
def test_distances_to_a_few_are_those_of_the_matrix(random_set: Draw, metric: Metric, order: int) -> None:
    days = random_set(20, n_steps=24)
    few = replace(days, values=days.values[[3, 11]], probabilities=np.array([0.5, 0.5]), labels=())

    some = distances_to(days, few, ground_metric(days, metric, order=order))

    np.testing.assert_allclose(some, pairwise_distances(days, metric, order=order).distances()[:, [3, 11]], rtol=1e-6)


def test_distances_to_another_kind_of_set_are_refused(random_set: Draw) -> None:
    days = random_set(3)
    ground = ground_metric(days, "pointwise")

    with pytest.raises(RequestError, match="4 steps of column0, column1, the other 5 of column0, column1"):
        distances_to(days, random_set(3, n_steps=5), ground)
    with pytest.raises(RequestError, match="of 2 columns and a set has 1"):
        distances_to(days, random_set(3, n_columns=1), ground)
    with pytest.raises(RequestError, match="knows the pairs of its matrix only"):
        distances_to(days, days, GroundMetric("precomputed", 1.0))


def test_exact_transport_lies_between_forgetting_and_keeping_the_clock(random_set: Draw) -> None:
    days = random_set(12, n_steps=24, n_columns=1)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        free, some, dear = (
            pairwise_distances(days, "wasserstein", shift_cost=cost).costs for cost in (0.0, 0.05, 100.0)
        )

    np.testing.assert_allclose(free, pairwise_distances(days, "duration").costs, rtol=1e-6)
    np.testing.assert_allclose(dear, pairwise_distances(days, "pointwise").costs, rtol=1e-6)
    assert (free <= some).all()
    assert (some <= dear).all()
    assert free.sum() < some.sum() < dear.sum()


def test_the_coincidence_of_columns_is_seen_by_transport_and_not_by_duration() -> None:
    together = [[0.0, 0.0], [1.0, 1.0]]
    apart = [[0.0, 1.0], [1.0, 0.0]]
    days = ScenarioSet(
        (Column("wind"), Column("pv")),
        np.array([together, apart]),
        np.array([0.5, 0.5]),
        step=pd.Timedelta("1h"),
    )

    with pytest.warns(ScenredWarning, match="the shift cost is 0: the metric forgets the clock"):
        free = pairwise_distances(days, "wasserstein", shift_cost=0.0)

    assert pairwise_distances(days, "duration").costs[0, 1] == 0
    assert free.costs[0, 1] == 1


def test_a_step_of_a_quarter_hour_moves_at_a_quarter_of_the_shift_cost() -> None:
    values = np.array([[[1.0], [0.0], [0.0]], [[0.0], [0.0], [1.0]]])
    sets = {
        length: ScenarioSet((Column("wind"),), values, np.array([0.5, 0.5]), step=pd.Timedelta(length))
        for length in ("1h", "15min")
    }

    hourly, quarters = (
        pairwise_distances(days, "wasserstein", shift_cost=cost)
        for days, cost in ((sets["1h"], 0.05), (sets["15min"], 0.2))
    )

    assert hourly.costs[0, 1] == quarters.costs[0, 1]
    assert hourly.movement is not None
    assert quarters.movement is not None
    assert hourly.movement.moved_share == quarters.movement.moved_share == 1
    assert hourly.movement.mean_shift_hours == 4 * quarters.movement.mean_shift_hours == pytest.approx(4 / 3)


def test_a_table_that_does_not_tell_its_step_is_taken_as_hourly_and_that_is_said(random_set: Draw) -> None:
    untold = replace(random_set(5), step=None)

    with pytest.warns(ScenredWarning, match="takes one step as one hour"):
        hourly = pairwise_distances(untold, "wasserstein")

    assert np.array_equal(hourly.costs, pairwise_distances(random_set(5), "wasserstein").costs)


@pytest.mark.parametrize("metric", ["wasserstein", "sliced"])
def test_a_shift_cost_that_lets_nothing_move_is_told(random_set: Draw, metric: Metric) -> None:
    with pytest.warns(
        ScenredWarning,
        match=r"no effect: nothing moves in time for \d+\.\d% of the p.*, or choose metric='pointwise'",
    ):
        pairwise_distances(random_set(9), metric, shift_cost=50.0)


def test_the_matrix_knows_what_moves(random_set: Draw) -> None:
    days = random_set(9)

    assert pairwise_distances(days, "pointwise").movement is None
    movement = pairwise_distances(days, "wasserstein").movement
    assert movement is not None
    assert 0.5 < movement.moved_share <= 1
    assert 0 < movement.mean_shift_hours < 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"metric": "wasserstein", "shift_cost": -0.1},
            "shift cost is -0.1; scenred needs a finite",
        ),
        ({"metric": "sliced", "shift_cost": np.inf}, "shift cost is inf; scenred needs a finite"),
        ({"metric": "sliced", "shift_cost": np.nan}, "shift cost is nan"),
        (
            {"metric": "sliced", "directions": 0},
            "number of directions is 0; scenred needs a whole number of at least 1 and at most 100000",
        ),
        ({"metric": "pointwise", "shift_cost": 0.1}, "'pointwise' has no shift cost"),
        ({"metric": "wasserstein", "directions": 3}, "'wasserstein' has no directions"),
        ({"metric": "precomputed"}, "give the matrix"),
        ({"metric": "wasserstein", "order": 0.5}, "at least 1"),
        ({"metric": "sliced", "shift_cost": 1e300, "order": 2}, "drowns the values in rounding"),
    ],
)
def test_bad_metrics_are_refused(random_set: Draw, options: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        pairwise_distances(random_set(3), **options)


def test_sliced_tracks_the_exact_metric(sample_path: Path) -> None:
    days = read_input(sample_path, wind=["wind_greensboro"], pv=["pv_greensboro"])
    above = np.triu_indices(days.n_scenarios, 1)

    exact, sliced = (pairwise_distances(days, metric).costs[above] for metric in ("wasserstein", "sliced"))

    assert spearmanr(exact, sliced).statistic > 0.95


@pytest.mark.parametrize("order", [1.0, 2.0])
def test_sliced_equals_projected_transport_by_pot(random_set: Draw, order: float) -> None:
    days = random_set(4, n_steps=24)
    scaled = days.values / days.values.max(axis=(0, 1))
    hours = np.broadcast_to(0.1 * np.arange(24)[:, None], (4, 24, 1))
    atoms = np.concatenate([scaled, hours], axis=2)
    axes = directions(7, 3)
    mean_cost = 1 / 2 if order == 1 else 1 / 3  # of projecting a unit vector of three dimensions

    ours = pairwise_distances(days, "sliced", shift_cost=0.1, directions=7, order=order).costs

    for i in range(4):
        for j in range(4):
            one, other = atoms[i] @ axes.T, atoms[j] @ axes.T
            costs = [ot.wasserstein_1d(one[:, m], other[:, m], p=order) for m in range(7)]
            assert ours[i, j] == pytest.approx(np.mean(costs) / mean_cost, rel=1e-6, abs=1e-12)


def test_precomputed_rows_are_served_by_columns(random_set: Draw) -> None:
    given = np.array([[0.0, 9.0, 9.0], [1.0, 0.0, 9.0], [1.0, 9.0, 0.0]])  # 0 serves the others cheaply

    matrix = precomputed_distances(random_set(3), given, order=2)

    assert member_costs(matrix, np.array([0])).ravel().tolist() == [0, 1, 1]
    assert member_costs(matrix, np.array([1])).ravel().tolist() == [81, 0, 81]
    assert matrix.costs[0].tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.zeros((2, 2)), r"shape \(2, 2\) and there are 3 periods; scenred needs shape \(3, 3\)"),
        (np.zeros(3), r"shape \(3,\)"),
        (np.full((3, 3), np.nan), "holds nan in row 0, column 0"),
        ([[0, 1, 1], [1, 0, np.inf], [1, 1, 0]], "holds inf in row 1, column 2; scenred needs finite"),
        ([[0, 1, 1], [1, 0, 2], [-1, 1, 0]], "holds -1.0 in row 2, column 0; scenred needs finite"),
        ([[0, 1, 1], [1, 3, 2], [1, 1, 0]], "holds 3.0 in row 1, column 1; scenred needs 0 on the diagonal"),
    ],
)
def test_bad_matrices_are_refused(random_set: Draw, matrix: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        precomputed_distances(random_set(3), matrix)


@pytest.mark.parametrize("told", [{"shift_cost": 0.1}, {"directions": 3}, {"column_weights": {"column0": 2.0}}])
def test_a_matrix_has_settled_the_metric(random_set: Draw, told: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="has settled the"):
        precomputed_distances(random_set(2), np.zeros((2, 2)), **told)


def test_a_matrix_is_the_metric_and_another_one_is_refused(random_set: Draw) -> None:
    given = np.array([[0.0, 9.0], [1.0, 0.0]])

    matrix = measured(random_set(2), GroundOptions(order=2), matrix=given)

    assert (matrix.ground.name, matrix.costs[0, 1]) == ("precomputed", 1.0)
    with pytest.raises(RequestError, match="a matrix is given, and metric 'duration'; leave one of them out"):
        measured(random_set(2), GroundOptions("duration"), matrix=given)


def test_blocks_of_threads_change_no_bit(random_set: Draw) -> None:
    days = random_set(1100)
    ground = ground_metric(days, "sliced")

    one, three = (distances_to(days, thin(days, 7), ground, n_threads=threads) for threads in (1, 3))

    assert np.array_equal(one, three)
    assert np.array_equal(one[600:700], distances_to(part(days, 600, 700), thin(days, 7), ground))


@pytest.mark.parametrize("metric", ["wasserstein", "sliced"])
def test_threads_change_no_bit(random_set: Draw, metric: Metric) -> None:
    days = random_set(150, n_steps=24)

    runs = [pairwise_distances(days, metric, n_threads=threads) for threads in (1, 2, 5)]

    assert len({run.costs.tobytes() for run in runs}) == 1
    assert len({run.movement for run in runs}) == 1
