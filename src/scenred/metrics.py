"""Ground metrics: how far apart two scenarios are.

Every metric here is an embedding: scenarios become points whose L_r costs are the ground costs, so one
blocked kernel serves all. Columns are divided by their capacity, or by their largest absolute value, and
weighted inside the metric only.

=============  ====================================================================================
`pointwise`    (1/T sum_t sum_c w_c abs(x_tc - y_tc)^r)^(1/r): the clock, exactly
`duration`     the same between duration curves (each column sorted): how much, not when. For r = 1
               the weighted sum over columns of the 1-D Wasserstein distance of the values
=============  ====================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from scenred.errors import RequestError, nearest_name
from scenred.kernels.compiled import physical_memory
from scenred.kernels.pairwise import costs_to, pairwise_costs
from scenred.model import DistanceMatrix, ScenarioSet

Float64 = npt.NDArray[np.float64]
Metric = Literal["duration", "pointwise"]

# The largest cost must leave room for smaller ones in float32.
SMALLEST_COST = 1e-30

METRICS: dict[str, Callable[[Float64], Float64]] = {
    "duration": lambda values: np.sort(values, axis=1),
    "pointwise": lambda values: values,
}


def pairwise_distances(
    scenarios: ScenarioSet,
    metric: Metric = "duration",
    *,
    order: float = 1,
    column_weights: Mapping[str, float] | None = None,
    n_threads: int | None = None,
    on_fraction: Callable[[float], None] | None = None,
) -> DistanceMatrix:
    """Compute the ground costs of all pairs of a scenario set.

    Parameters
    ----------
    scenarios : ScenarioSet
    metric : {'duration', 'pointwise'}
    order : float
        r >= 1; the matrix holds d**r.
    column_weights : mapping of str to float, optional
        Weight by column name, at least 0 and not all 0; 1 unless told.
    n_threads : int, optional
        At least 1; as many as there are processors unless told. The result does not depend on it.
    on_fraction : callable, optional
        Told the share of the work done, from 0 to 1.

    Returns
    -------
    DistanceMatrix
        `costs` of shape (n, n), float32, `costs[i, j] = d(x_i, x_j)**r` with d in capacity.

    Raises
    ------
    RequestError
        For an unknown metric or column, an order or weight out of range, or a matrix larger than this
        machine's memory.

    Notes
    -----
    n**2 t c / 2 differences and 4 n**2 bytes.

    Examples
    --------
    >>> import scenred
    >>> early, late = [[1.0], [0.0], [0.0]], [[0.0], [0.0], [1.0]]
    >>> days = ScenarioSet((scenred.Column("wind"),), np.array([early, late]), np.array([0.5, 0.5]))
    >>> pairwise_distances(days, "duration").distances()[0, 1]
    np.float64(0.0)
    >>> round(pairwise_distances(days, "pointwise").distances()[0, 1], 6)
    np.float64(0.666667)
    """
    if metric not in METRICS:
        raise RequestError(f"there is no metric {metric!r}; {nearest_name(metric, get_args(Metric))}")
    if not (math.isfinite(order) and order >= 1):
        raise RequestError(f"the order is {order}; scenred needs a finite number of at least 1")
    weights = weights_by_column(scenarios, column_weights)
    scales = scales_by_column(scenarios)
    factors = np.array(weights) ** (1 / order) / np.array(scales) / scenarios.n_steps ** (1 / order)
    points = np.asfortranarray(METRICS[metric](scenarios.values * factors).reshape(scenarios.n_scenarios, -1))
    _check_memory(scenarios.n_scenarios)
    costs = pairwise_costs(points, order, n_threads=n_threads, on_fraction=on_fraction)
    _check_range(costs, points)
    costs.setflags(write=False)  # so that the matrix is taken as it is, not copied
    return DistanceMatrix(
        costs=costs,
        order=float(order),
        metric=metric,
        scales=scales,
        column_weights=weights,
        points=points,
    )


def member_costs(distances: DistanceMatrix, members: npt.NDArray[np.int64]) -> Float64:
    """Give the ground costs of every scenario to a few members, shape (n, m), as exactly as known."""
    if distances.points is None:
        return distances.costs[members].T.astype(np.float64)
    return costs_to(distances.points, members, distances.order)


def scales_by_column(scenarios: ScenarioSet) -> tuple[float, ...]:
    """Give what the metric divides each column by: its capacity, else its largest value, else 1.

    Examples
    --------
    >>> from scenred import Column
    >>> columns = (Column("wind", "wind", capacity=50.0), Column("pv", "pv"))
    >>> scales_by_column(ScenarioSet(columns, np.array([[[20.0, 4.0]]]), np.array([1.0])))
    (50.0, 4.0)
    """
    largest = np.abs(scenarios.values).max(axis=(0, 1))
    return tuple(
        column.capacity if column.capacity is not None else float(top) or 1.0
        for column, top in zip(scenarios.columns, largest, strict=True)
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


def _check_range(costs: npt.NDArray[np.float32], points: Float64) -> None:
    """Refuse costs that float32 cannot hold: infinite, or all 0 where scenarios differ."""
    highest = costs.max()
    differ = bool((points != points[0]).any())
    if not np.isfinite(highest) or (differ and highest < SMALLEST_COST):
        raise RequestError(
            f"the largest cost is {highest:g}, beyond single precision; choose a lower order, or weights and "
            "capacities nearer to the values"
        )


def _check_memory(n: int) -> None:
    """Refuse a matrix that cannot fit, before the system kills the process for it."""
    needed, memory = 4 * n * n, physical_memory()
    if memory is not None and needed > 0.9 * memory:
        raise RequestError(
            f"the distances of {n} scenarios take {needed / 1e9:.0f} GB and this machine has "
            f"{memory / 1e9:.0f} GB; use fewer or longer periods"
        )
