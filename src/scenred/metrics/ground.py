"""What makes a ground metric definite for a scenario set: scales, weights, shift cost, directions."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from scenred.errors import InputError, RequestError, nearest_name
from scenred.model import GroundMetric, ScenarioSet
from scenred.notes import note
from scenred.options import GroundOptions
from scenred.options.ground import DEFAULT_DIRECTIONS, DEFAULT_SHIFT_COST, WITH_SHIFT_COST

HOURLY_DAY = 24


def ground_metric(scenarios: ScenarioSet, options: GroundOptions = GroundOptions()) -> GroundMetric:
    """Make a ground metric definite by the scenario set that it measures.

    Raises
    ------
    RequestError
        If the metric is precomputed, or a weight names no column or has no meaning.
    InputError
        If all columns are constant.
    """
    if options.metric == "precomputed":
        raise RequestError("a precomputed metric is a matrix", advice="give the matrix")
    scales = scales_by_column(scenarios)
    weights = weights_by_column(scenarios, options.column_weights or {})
    shift_cost = step_hours = None
    if options.metric in WITH_SHIFT_COST:
        shift_cost = float(DEFAULT_SHIFT_COST if options.shift_cost is None else options.shift_cost)
        step_hours = _step_hours(scenarios, shift_cost)
    is_sliced = options.metric == "sliced"
    return GroundMetric(
        name=options.metric,
        order=float(options.order),
        scales=scales,
        column_weights=weights,
        shift_cost=shift_cost,
        step_hours=step_hours,
        directions=(options.directions or DEFAULT_DIRECTIONS) if is_sliced else None,
    )


def scales_by_column(scenarios: ScenarioSet) -> tuple[float, ...]:
    """Return what the metric divides each column by: its capacity, else its largest absolute value.

    A column that is constant has no scale and is divided by 1, with a `ScenredWarning`; an InputError is raised if all
    are constant.

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
            f"every column is constant ({', '.join(scenarios.names)}), so all periods are equal and there is "
            "nothing to reduce",
            advice="name columns that vary",
            place=place,
        )
    if names:
        verb = "is" if len(names) == 1 else "are"
        note(f"{place}: {', '.join(names)} {verb} constant and cannot distinguish scenarios; scale 1 is used")
    largest = np.abs(values).max(axis=(0, 1))
    return tuple(
        column.capacity if column.capacity is not None else 1.0 if is_one else float(top)
        for column, top, is_one in zip(scenarios.columns, largest, is_constant, strict=True)
    )


def weights_by_column(scenarios: ScenarioSet, weights: Mapping[str, float]) -> tuple[float, ...]:
    """Return the weight of each column, 1 by default; raise a RequestError if a name or a weight has no meaning."""
    for name, weight in weights.items():
        if name not in scenarios.names:
            raise RequestError(f"a weight names column {name!r}", advice=nearest_name(name, scenarios.names))
        if not (math.isfinite(weight) and weight >= 0):
            raise RequestError(f"the weight of {name!r} is {weight}", "a finite number of at least 0")
    result = tuple(float(weights.get(name, 1.0)) for name in scenarios.names)
    if not any(result):
        raise RequestError("all columns have weight 0", advice="give at least one a weight above 0")
    return result


def _step_hours(scenarios: ScenarioSet, shift_cost: float) -> float:
    """Return the length of a step in hours; where it is not known, a step counts as an hour, with a warning."""
    if scenarios.step is not None:
        return float(scenarios.step.total_seconds() / 3600)
    if scenarios.n_steps not in (1, HOURLY_DAY) and shift_cost > 0:
        note(
            f"the table does not tell how long its {scenarios.n_steps} steps are; the shift cost takes one step as "
            "one hour; give a column of times, or a shift cost for a step"
        )
    return 1.0
