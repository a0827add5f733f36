"""Laws of the nouns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from scenred import (
    Column,
    DistanceMatrix,
    GroundMetric,
    InputError,
    Reduction,
    RequestError,
    ScenarioSet,
    generate,
)

WIND = (Column("wind"),)


def test_values_must_be_finite() -> None:
    with pytest.raises(InputError, match=r"hold nan at index \(1, 0, 0\)"):
        ScenarioSet(WIND, np.array([[[0.0]], [[np.nan]]]), np.array([0.5, 0.5]))


def test_probabilities_must_sum_to_1() -> None:
    with pytest.raises(InputError, match=r"sum to 0\.9; .*divide them"):
        ScenarioSet(WIND, np.zeros((2, 1, 1)), np.array([0.5, 0.4]))


def test_probabilities_must_not_be_negative() -> None:
    with pytest.raises(InputError, match="at least 0"):
        ScenarioSet(WIND, np.zeros((2, 1, 1)), np.array([1.5, -0.5]))


def test_digits_lost_in_a_file_are_made_up_for() -> None:
    third = ScenarioSet(WIND, np.zeros((3, 1, 1)), np.full(3, 0.3333333))

    assert third.probabilities.sum() == pytest.approx(1, abs=1e-15)


def test_columns_must_be_unique() -> None:
    with pytest.raises(InputError, match="'wind' is duplicated"):
        ScenarioSet((Column("wind"), Column("wind")), np.zeros((1, 1, 2)), np.ones(1))


def test_starts_must_not_decrease() -> None:
    starts = pd.DatetimeIndex(["2019-01-02", "2019-01-01"])

    with pytest.raises(InputError, match="not ordered by start"):
        ScenarioSet(WIND, np.zeros((2, 1, 1)), np.array([0.5, 0.5]), starts=starts)


def test_labels_must_be_unique() -> None:
    with pytest.raises(InputError, match="same label"):
        ScenarioSet(WIND, np.zeros((2, 1, 1)), np.array([0.5, 0.5]), labels=("a", "a"))


def test_arrays_are_read_only(random_set: Callable[..., ScenarioSet]) -> None:
    with pytest.raises(ValueError, match="read-only"):
        random_set(3).values[0, 0, 0] = 1


def test_writing_to_the_callers_array_changes_no_set() -> None:
    mine = np.zeros((1, 1, 1))
    days = ScenarioSet(WIND, mine, np.ones(1))

    mine[0, 0, 0] = 1

    assert days.values[0, 0, 0] == 0


@pytest.mark.parametrize("costs", [[[0, np.inf], [1, 0]], [[0, np.nan], [1, 0]], [[0, -1], [1, 0]], [[1, 1], [1, 0]]])
def test_costs_must_be_finite_and_not_negative(costs: list[list[float]]) -> None:
    with pytest.raises(InputError, match="finite costs of at least 0"):
        DistanceMatrix(np.array(costs, dtype=np.float32), GroundMetric("precomputed", 1.0))


@pytest.mark.parametrize("name", ["scenario", "probability", "start", "step", "time"])
def test_column_may_not_be_called_as_the_head_of_the_table(name: str) -> None:
    with pytest.raises(InputError, match=f"'{name}' has the name of a column of the scenario table"):
        ScenarioSet((Column(name),), np.zeros((1, 1, 1)), np.ones(1))


def test_unknown_layout_is_refused(random_set: Callable[..., ScenarioSet]) -> None:
    with pytest.raises(RequestError, match="no layout 'Long'"):
        random_set(2).to_frame("Long")  # type: ignore[arg-type]


def test_cost_matrix_must_be_square() -> None:
    with pytest.raises(InputError, match="square"):
        DistanceMatrix(np.zeros((2, 3), dtype=np.float32), GroundMetric("pointwise", 1.0))


def test_wide_table_holds_one_row_per_scenario(random_set: Callable[..., ScenarioSet]) -> None:
    original = random_set(3, n_steps=2)

    wide = original.to_frame("wide")

    assert list(wide.columns) == [
        "scenario", "probability", "column0_0", "column0_1", "column1_0", "column1_1",
    ]  # fmt: skip
    assert wide["column1_0"].tolist() == original.values[:, 0, 1].tolist()


def test_probability_of_equal_periods_is_their_share_to_the_last_digit(
    hourly_frame: Callable[..., pd.DataFrame],
) -> None:
    reduction = generate(hourly_frame(24 * 365), 4)

    counts = np.bincount(reduction.assignment)
    assert reduction.scenarios.probabilities.tolist() == [count / 365 for count in counts.tolist()]


def with_probabilities(probabilities: npt.NDArray[np.float64], n: int) -> Reduction:
    """Set the probabilities of scenarios that represent n periods."""
    k = len(probabilities)
    days = ScenarioSet(WIND, np.arange(float(n)).reshape(n, 1, 1), np.full(n, 1 / n))
    return Reduction(
        original=days,
        ground=GroundMetric("pointwise", 1.0),
        medoids=np.arange(k),
        assignment=np.minimum(np.arange(n), k - 1),
        distances=np.zeros(n),
        probabilities=probabilities,
        cost=0.0,
        single_cost=1.0,
        method="kmedoids",
    )


@pytest.mark.parametrize("n", [49, 98, 103, 107, 161, 365])
def test_counts_of_whole_shares_are_the_shares(n: int) -> None:
    """In float64 49 / 49 is 1, and 49 * (1 / 49) is less."""
    for first in range(1, n):
        found = with_probabilities(np.array([first / n, 1 - first / n]), n)

        assert found.counts.tolist() == [first, n - first]


@pytest.mark.parametrize(
    ("shares", "counts"),
    [
        ([91.25, 91.25, 91.25, 91.25], [92, 91, 91, 91]),  # the first of equals
        ([121.6, 121.7, 121.7], [121, 122, 122]),
        ([0.4, 364.6], [0, 365]),
        ([0, 364.5, 0.5], [0, 365, 0]),
        ([3, 3, 359], [3, 3, 359]),
    ],
)
def test_counts_round_the_largest_remainders_up(shares: list[float], counts: list[int]) -> None:
    found = with_probabilities(np.array(shares) / 365, 365)

    assert found.counts.tolist() == counts
