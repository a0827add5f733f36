"""What makes a ground metric definite for a scenario set: scales, weights, shift cost, directions."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import get_args

import numpy as np

from scenred.errors import InputError, RequestError, ScenredWarning, nearest_name
from scenred.model import GroundMetric, ScenarioSet
from scenred.options import Metric

# Chosen by evidence: docs/decisions/0001-default-metric.md.
DEFAULT_METRIC: Metric = "sliced"
DEFAULT_SHIFT_COST = 0.05
DEFAULT_DIRECTIONS = 32

WITH_SHIFT_COST = ("wasserstein", "sliced")
MOST_DIRECTIONS = 100_000
HOURLY_DAY = 24


def ground_metric(
    scenarios: ScenarioSet,
    metric: Metric = DEFAULT_METRIC,
    *,
    order: float = 1,
    shift_cost: float | None = None,
    directions: int | None = None,
    column_weights: Mapping[str, float] | None = None,
) -> GroundMetric:
    """Make a ground metric definite by the scenario set it is to measure.

    Parameters
    ----------
    scenarios : ScenarioSet
        Gives the scales (capacities, else largest absolute values) and the length of a step.
    metric : {'duration', 'pointwise', 'wasserstein', 'sliced'}
    order : float
        r >= 1.
    shift_cost : float, optional
        For `wasserstein` and `sliced`: what moving all columns by one hour costs, in capacity; at least 0;
        0.05 unless told.
    directions : int, optional
        For `sliced`: from 1 to 100,000; 32 unless told.
    column_weights : mapping of str to float, optional
        Weight by column name, at least 0 and not all 0; 1 unless told.

    Returns
    -------
    GroundMetric
        For `distances_to`; a scenario set measured by it needs the same columns and steps.

    Raises
    ------
    RequestError
        For an unknown metric or column, or a number out of range.
    InputError
        When all columns are constant.

    Examples
    --------
    >>> from scenred import Column
    >>> two = ScenarioSet((Column("wind", "wind", 50.0),), np.array([[[20.0]], [[9.0]]]), np.array([0.5, 0.5]))
    >>> ground_metric(two, "pointwise").scales
    (50.0,)
    """
    if metric not in get_args(Metric):
        raise RequestError(f"there is no metric {metric!r}; {nearest_name(metric, get_args(Metric))}")
    if metric == "precomputed":
        raise RequestError("a precomputed metric is a matrix; give the matrix")
    _check_order(order)
    moves = metric in WITH_SHIFT_COST
    if shift_cost is not None and not moves:
        raise RequestError(f"metric {metric!r} has no shift cost; leave it out, or choose 'wasserstein'")
    if directions is not None and metric != "sliced":
        raise RequestError(f"metric {metric!r} has no directions; leave them out, or choose 'sliced'")
    shift_cost = DEFAULT_SHIFT_COST if shift_cost is None else shift_cost
    if not (math.isfinite(shift_cost) and shift_cost >= 0):
        raise RequestError(f"the shift cost is {shift_cost}; scenred needs a finite number of at least 0")
    directions = DEFAULT_DIRECTIONS if directions is None else directions
    if not 1 <= directions <= MOST_DIRECTIONS:
        raise RequestError(f"{directions} directions are asked for; choose from 1 to {MOST_DIRECTIONS}")
    return GroundMetric(
        name=metric,
        order=float(order),
        scales=scales_by_column(scenarios),
        column_weights=weights_by_column(scenarios, column_weights),
        shift_cost=float(shift_cost) if moves else None,
        step_hours=_step_hours(scenarios, shift_cost) if moves else None,
        directions=directions if metric == "sliced" else None,
    )


def precomputed_metric(
    order: float, shift_cost: float | None, directions: int | None, column_weights: Mapping[str, float] | None
) -> GroundMetric:
    """Make the metric of a given matrix definite, and refuse what a matrix has already settled."""
    _check_order(order)
    told = {"shift cost": shift_cost, "directions": directions, "column weights": column_weights or None}
    for what, value in told.items():
        if value is not None:
            raise RequestError(f"a precomputed matrix has settled the {what}; leave them out")
    return GroundMetric(name="precomputed", order=float(order))


def scales_by_column(scenarios: ScenarioSet) -> tuple[float, ...]:
    """Give what the metric divides each column by: its capacity, else its largest absolute value.

    A column that is constant has no scale and is divided by 1, with a `ScenredWarning`.

    Raises
    ------
    InputError
        When all columns are constant: every scenario is the same.

    Examples
    --------
    >>> from scenred import Column
    >>> columns = (Column("wind", "wind", capacity=50.0), Column("pv", "pv"))
    >>> scales_by_column(ScenarioSet(columns, np.array([[[20.0, 4.0]], [[9.0, 0.0]]]), np.array([0.5, 0.5])))
    (50.0, 4.0)
    """
    values = scenarios.values
    is_constant = (values == values[0, 0]).all(axis=(0, 1))
    constant = [column for column, is_one in zip(scenarios.columns, is_constant, strict=True) if is_one]
    names = [column.name for column in constant if column.capacity is None]
    place = scenarios.source.name if scenarios.source is not None else "the scenario set"
    if is_constant.all() and scenarios.n_scenarios > 1:
        raise InputError(
            f"{place}: every column is constant ({', '.join(scenarios.names)}), so all periods are alike and there is "
            "nothing to reduce; name columns that vary"
        )
    if names:
        warnings.warn(
            f"{place}: {', '.join(names)} {'is constant and tells' if len(names) == 1 else 'are constant and tell'} "
            "no scenario from another; scale 1 is used",
            ScenredWarning,
            stacklevel=3,
        )
    largest = np.abs(values).max(axis=(0, 1))
    return tuple(
        column.capacity if column.capacity is not None else 1.0 if is_one else float(top)
        for column, top, is_one in zip(scenarios.columns, largest, is_constant, strict=True)
    )


def weights_by_column(scenarios: ScenarioSet, weights: Mapping[str, float] | None) -> tuple[float, ...]:
    """Give each column its weight, 1 unless told, and refuse unknown names and bad weights."""
    told = dict(weights or {})
    for name, weight in told.items():
        if name not in scenarios.names:
            raise RequestError(f"a weight names column {name!r}; {nearest_name(name, scenarios.names)}")
        if not (math.isfinite(weight) and weight >= 0):
            raise RequestError(f"the weight of {name!r} is {weight}; scenred needs a number of at least 0")
    result = tuple(float(told.get(name, 1.0)) for name in scenarios.names)
    if not any(result):
        raise RequestError("all columns have weight 0; give at least one a weight above 0")
    return result


def _check_order(order: float) -> None:
    if not (math.isfinite(order) and order >= 1):
        raise RequestError(f"the order is {order}; scenred needs a finite number of at least 1")


def _step_hours(scenarios: ScenarioSet, shift_cost: float) -> float:
    """Give the length of a step in hours; a table that does not tell is taken as hourly, and that is said."""
    if scenarios.step is not None:
        return float(scenarios.step.total_seconds() / 3600)
    if scenarios.n_steps not in (1, HOURLY_DAY) and shift_cost > 0:
        warnings.warn(
            f"the table does not tell how long its {scenarios.n_steps} steps are; the shift cost takes one step as "
            "one hour; give a column of times, or a shift cost for a step",
            ScenredWarning,
            stacklevel=3,
        )
    return 1.0
