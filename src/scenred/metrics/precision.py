"""Whether float64 and float32 hold what a ground metric makes of a scenario set: checked before any kernel runs."""

from __future__ import annotations

import math

import numpy as np

from scenred.arrays import Float32, Float64
from scenred.errors import RequestError, Setting, Text
from scenred.model import GroundMetric, ScenarioSet

# The matrix of costs is float32, which ends at 3.4e38: the largest that costs may sum to.
LARGEST_COST = 1e37
# A move by one step must cost more than this share of the largest difference in value, or rounding hides it.
LEAST_SHARE = 2.0**-50
# Time may be this many times as long as the values are high: in `sliced` both share the digits of one float64.
LARGEST_RATIO = 1e8
# Scaled values beyond this have another scale than their own.
FAR = 1e3
# The largest cost must leave room for smaller ones in float32.
SMALLEST_COST = 1e-30
# Orders that are always advised first, from the largest.
ADVISED = (10, 8, 6, 5, 4, 3, 2, 1)


def check_points(scenarios: ScenarioSet, ground: GroundMetric, points: Float64) -> None:
    """Raise a RequestError if scaled values, shape (n, n_steps, n_columns), or their powers leave the range."""
    spans = np.maximum(points.max(axis=(0, 1)), 0.0) - np.minimum(points.min(axis=(0, 1)), 0.0)
    wrong = ~np.isfinite(spans)
    if wrong.any():
        raise _beyond(scenarios, ground, int(np.argmax(wrong)), "beyond double precision")
    if not _fits(spans, ground.order):
        order = next((one for one in ADVISED if one < ground.order and _fits(spans, one)), None)
        if order is None or spans.max() > FAR:
            raise _beyond(scenarios, ground, int(np.argmax(spans)), "beyond single precision")
        raise RequestError(
            f"differences of up to {spans.max():g} to the power of order {ground.order:g} are beyond single precision",
            advice=("choose ", Setting("order", order)),
        )


def check_moves(scenarios: ScenarioSet, ground: GroundMetric, points: Float64) -> None:
    """Raise a RequestError if rounding hides what a move by one step costs next to differences in value."""
    step = (ground.shift_cost or 0.0) * (ground.step_hours or 0.0)
    spans = points.max(axis=(0, 1)) - points.min(axis=(0, 1))
    if step == 0 or points.shape[1] == 1 or _shows(step, spans, ground.order):
        return
    if spans.max() > FAR:
        raise _beyond(
            scenarios, ground, int(np.argmax(spans)), f"so large that rounding hides a shift cost of {step:g}"
        )
    order = next((one for one in ADVISED if one < ground.order and _shows(step, spans, one)), None)
    advice: Text = ("choose ", Setting("metric", "pointwise"), ", to which it amounts")
    if order is not None:
        advice = ("choose ", Setting("order", order))
    raise RequestError(
        f"a move by one step costs {step:g} and values differ by up to {spans.max():g}: to the power of order "
        f"{ground.order:g} rounding hides the move",
        advice=advice,
    )


def check_hours(scenarios: ScenarioSet, ground: GroundMetric, points: Float64, hours: Float64) -> None:
    """Raise a RequestError if what moving by many steps costs, shape (n_steps,), hides the values next to it."""
    if hours[-1] <= LARGEST_RATIO * np.abs(points).max():
        return
    advice: Text = ("choose ", Setting("metric", "pointwise"), ", to which it amounts")
    near = _near_capacity(scenarios, ground)
    if near is not None:
        advice = ("give a capacity near the values, such as ", near)
    raise RequestError(f"the shift cost {ground.shift_cost:g} drowns the values in rounding", advice=advice)


def check_costs(scenarios: ScenarioSet, ground: GroundMetric, costs: Float32, points: Float64) -> None:
    """Raise a RequestError if float32 cannot hold the costs: infinite, or all near 0 where scenarios differ."""
    highest = costs.max()
    apart = float((points.max(axis=0) - points.min(axis=0)).max())
    if np.isfinite(highest) and not (apart > 0 and highest < SMALLEST_COST):
        return
    met = f"the largest cost is {highest:g}, beyond single precision"
    for column, scale in zip(scenarios.columns, ground.scales, strict=False):
        largest = float(np.abs(scenarios.values[:, :, scenarios.names.index(column.name)]).max())
        if column.capacity is not None and 0 < largest < scale / FAR and _is_plain(largest):
            raise RequestError(
                met, advice=("give a capacity near the values, such as ", _capacity(column.name, largest))
            )
    order = next((one for one in ADVISED if one < ground.order and _is_single(apart, one)), None)
    if order is not None and ground.name != "precomputed":
        raise RequestError(met, advice=("choose ", Setting("order", order)))
    raise RequestError(met, advice="choose a lower order, or weights and distances nearer to 1")


def _near_capacity(scenarios: ScenarioSet, ground: GroundMetric) -> Setting | None:
    """Return another capacity for the first column whose values are far below its own; None if there is none."""
    for place, (column, scale) in enumerate(zip(scenarios.columns, ground.scales, strict=False)):
        largest = float(np.abs(scenarios.values[:, :, place]).max())
        if column.capacity is not None and 0 < largest < scale / FAR and _is_plain(largest):
            return _capacity(column.name, largest)
    return None


def _capacity(name: str, largest: float) -> Setting:
    """Return the setting of a capacity that is a column's largest value."""
    return Setting("capacity", {name: largest})


def _is_single(apart: float, order: float) -> bool:
    """Return whether a power of a difference lies well within single precision."""
    if not 0 < apart < math.inf:
        return False
    return math.log(SMALLEST_COST) < order * math.log(apart) < math.log(LARGEST_COST)


def _fits(spans: Float64, order: float) -> bool:
    with np.errstate(over="ignore"):
        return bool((spans**order).sum() <= LARGEST_COST)


def _shows(step: float, spans: Float64, order: float) -> bool:
    with np.errstate(over="ignore", under="ignore"):
        cost = np.float64(step) ** order
        return bool(cost > 0 and cost >= LEAST_SHARE * (spans**order).sum())


def _beyond(scenarios: ScenarioSet, ground: GroundMetric, place: int, what: str) -> RequestError:
    """Return the refusal of a column whose scale or weight is too far from its values."""
    column, scale, weight = scenarios.columns[place], ground.scales[place], ground.column_weights[place]
    largest = float(np.abs(scenarios.values[:, :, place]).max())
    factor = weight ** (1 / ground.order)
    if column.capacity is not None and largest > 0 and _is_plain(largest) and math.isfinite(factor / largest):
        advice: Text = ("give a capacity near the values, such as ", _capacity(column.name, largest))
    elif weight != 1:
        advice = ("give the column a weight nearer to 1 with ", Setting("column_weights"))
    else:
        advice = "leave the column out, or give its values in another unit"
    met = f"values of {column.name} up to {largest:g} divided by {scale:g}"
    met += "" if weight == 1 else f" with weight {weight:g}"
    return RequestError(f"{met} are {what}", advice=advice)


def _is_plain(number: float) -> bool:
    """Return whether a number and its reciprocal have all their digits."""
    return float(np.finfo(np.float64).tiny) <= number <= 1 / float(np.finfo(np.float64).tiny)
