"""Scales, powers and shift costs that floats cannot hold are refused before a kernel runs, with advice that works."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from scenred import Column, RequestError, ScenarioSet, ScenredWarning, generate
from scenred.errors import Setting
from scenred.kernels.transport import pairwise_transport

METRICS = ("wasserstein", "sliced", "pointwise", "duration")


def days(capacity: float | None = None, factor: float = 1.0) -> ScenarioSet:
    values = np.random.default_rng(1).random((9, 24, 2))
    values[:, :, 0] *= factor
    return ScenarioSet((Column("wind", "wind", capacity), Column("pv", "pv")), values, np.full(9, 1 / 9))


def followed(capacity: float | None, advice: Any, options: dict[str, Any]) -> tuple[float | None, dict[str, Any]]:
    """Return the capacity and the options that a piece of advice sets."""
    settings = [part for part in advice if isinstance(part, Setting)]
    assert len(settings) == 1
    if settings[0].option == "capacity":
        assert isinstance(settings[0].value, dict)
        return settings[0].value["wind"], options
    changed = {**options, settings[0].option: settings[0].value}
    if changed["metric"] not in ("wasserstein", "sliced"):
        changed.pop("shift_cost", None)
    return capacity, changed


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    ("capacity", "options"),
    [
        (1e-310, {"order": 2}),
        (1e-300, {"order": 3}),
        (1e-300, {}),
        (1e-30, {"order": 2}),
        (1e-5, {"order": 10}),
        (1e300, {}),
        (1e300, {"order": 10}),
    ],
)
def test_a_capacity_far_from_the_values_is_refused_with_one_that_works(
    metric: str, capacity: float, options: dict[str, Any]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        given = {"metric": metric, **options}
        both = ScenarioSet((Column("wind", "wind", capacity),), days().values[:, :, :1], np.full(9, 1 / 9))
        with pytest.raises(RequestError) as refused:
            generate(both, 3, **given)
        assert "\n" not in str(refused.value)
        new, changed = followed(capacity, refused.value.advice, given)
        wind = (Column("wind", "wind", new),)
        found = generate(ScenarioSet(wind, both.values, both.probabilities), 3, **changed)

    assert np.isfinite(found.cost)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("order", [1, 2, 10])
def test_a_column_below_the_range_of_floats_is_refused(metric: Any, order: float) -> None:
    with pytest.raises(
        RequestError, match=r"wind up to 9.9.*e-311 divided by .* beyond double precision.*leave the column"
    ):
        generate(days(factor=1e-310), 3, metric=metric, order=order)


@pytest.mark.parametrize(("order", "shift_cost"), [(30, 0.05), (1, 1e-300), (2, 1e-9)])
def test_a_shift_cost_that_rounding_hides_is_refused(order: float, shift_cost: float) -> None:
    options: dict[str, Any] = {"metric": "wasserstein", "order": order, "shift_cost": shift_cost}
    with pytest.raises(RequestError, match="rounding hides the move") as refused:
        generate(days(), 3, **options)

    _, changed = followed(None, refused.value.advice, options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        assert generate(days(), 3, **changed).cost > 0


def test_an_order_beyond_all_use_is_refused() -> None:
    with pytest.raises(
        RequestError, match=r"the order is 1e\+308; scenred needs a number of at least 1 and at most 100"
    ):
        generate(days(), 3, order=1e308)


def test_costs_of_a_high_order_say_what_rounding_leaves_open() -> None:
    points = np.random.default_rng(2).random((6, 1, 24))
    hours = (0.05 * np.arange(24.0)) ** 10

    *_, rounding = pairwise_transport(points, hours, 10.0)

    assert 0 < rounding < 1e-13


def test_a_matrix_beyond_single_precision_is_refused() -> None:
    matrix = np.array([[0.0, 1e200], [1e200, 0.0]])
    two = ScenarioSet((Column("wind"),), np.array([0.0, 1.0]).reshape(2, 1, 1), np.full(2, 0.5))

    with pytest.raises(RequestError, match="the largest cost is inf, beyond single precision"):
        generate(two, 1, metric="precomputed", matrix=matrix, order=3)
