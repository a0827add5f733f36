"""How many scenarios are enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from scenred import (
    RequestError,
    ScenarioSet,
    ScenredWarning,
    UsageError,
    curve,
    generate,
    pairwise_distances,
    reduce,
    smallest,
)
from scenred.options import Method, Work
from scenred.reduction import size

Draw = Callable[..., ScenarioSet]


@pytest.mark.parametrize("method", ["kmedoids", "exact", "forward", "backward"])
@pytest.mark.parametrize("tolerance", [0.75, 0.5, 0.25, 0.05])
def test_one_scenario_fewer_would_lose_more(random_set: Draw, method: Method, tolerance: float) -> None:
    days = random_set(70, n_steps=1, weighted=True)
    distances = pairwise_distances(days)

    found = smallest(days, distances, tolerance, method=method)

    k = len(found.medoids)
    assert found.relative_cost <= tolerance
    assert found.gap is not None
    assert reduce(days, distances, k - 1, method=method).relative_cost > tolerance


def test_fixed_scenarios_are_the_least(random_set: Draw) -> None:
    days = random_set(30)
    distances = pairwise_distances(days)

    found = smallest(days, distances, 0.99, fixed=[3, 8, 20])

    assert {3, 8, 20} <= set(found.medoids.tolist())
    assert len(found.medoids) >= 3


@pytest.mark.parametrize("tolerance", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_tolerance_out_of_range_is_refused(random_set: Draw, tolerance: float) -> None:
    days = random_set(5)

    with pytest.raises(RequestError, match="scenred needs a share of the cost between 0 and 1"):
        smallest(days, pairwise_distances(days), tolerance)


def test_number_and_tolerance_contradict_each_other(random_set: Draw) -> None:
    with pytest.raises(UsageError, match="choose one"):
        generate(random_set(5), 2, tolerance=0.5)


@pytest.mark.parametrize("method", get_args(Method))
def test_curve_has_a_row_for_every_size(random_set: Draw, method: Method) -> None:
    days = random_set(40, weighted=True)

    table = curve(days, pairwise_distances(days), 60, method=method)

    assert table.columns.tolist() == ["k", "cost", "relative_cost", "lower_bound", "gap", "wasserstein"]
    assert table["k"].tolist() == list(range(1, 41))
    assert table["cost"].iloc[-1] == 0
    assert (table["lower_bound"] <= table["cost"]).all()
    if method not in ("alternating", "random"):
        assert (np.diff(table["cost"]) <= 0).all()
    if method in ("kmedoids", "exact"):
        assert table["relative_cost"].iloc[0] == 1
        assert (table["gap"] <= (1e-4 if method == "kmedoids" else 0)).all()


def test_curve_agrees_with_single_reductions(random_set: Draw) -> None:
    days = random_set(80, weighted=True)
    distances = pairwise_distances(days, "pointwise", order=2)

    table = curve(days, distances, 12).set_index("k")

    for k in (1, 4, 12):
        single = reduce(days, distances, k)
        assert table.loc[k, "cost"] == pytest.approx(single.cost, rel=1e-4)
        assert table.loc[k, "wasserstein"] == pytest.approx(single.wasserstein, rel=1e-4)


def test_curve_without_bounds_leaves_them_empty(random_set: Draw) -> None:
    days = random_set(12)

    table = curve(days, pairwise_distances(days), 3, bound=False)

    assert table[["lower_bound", "gap"]].isna().all(axis=None)


def test_curve_is_the_same_on_any_number_of_threads(random_set: Draw) -> None:
    days = random_set(120, weighted=True)
    distances = pairwise_distances(days)

    one, two = (curve(days, distances, 15, n_threads=threads) for threads in (1, 2))

    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_curve_that_runs_out_of_time_says_where_it_ends(random_set: Draw) -> None:
    days = random_set(30)

    with pytest.warns(ScenredWarning, match="the curve was stopped at 1 scenarios"):
        table = size.curve(days, pairwise_distances(days), 20, work=Work(time_left=lambda: 0.0))

    assert table["k"].tolist() == [1]


def test_curve_of_nothing_is_refused(random_set: Draw) -> None:
    days = random_set(5)

    with pytest.raises(RequestError, match="at least 1"):
        curve(days, pairwise_distances(days), 0)
