"""Scenarios as points whose L_r costs are the ground costs, or as clouds of atoms for exact transport.

The sliced metric follows N. Bonneel, J. Rabin, G. Peyre, H. Pfister, "Sliced and Radon Wasserstein
barycenters of measures", Journal of Mathematical Imaging and Vision 51, 2015, doi 10.1007/s10851-014-0506-3:
project the atoms on many directions, sort, and compare place by place (their equation 8). It departs from
them in two ways: directions come from a low-discrepancy sequence, the same for every run; and the result is
divided by what a shift of length 1 would cost on average, so that it is in the unit of the exact metric.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from scenred.arrays import Float64
from scenred.errors import RequestError
from scenred.metrics.precision import check_hours, check_moves, check_points
from scenred.model import GroundMetric, ScenarioSet


def embed(scenarios: ScenarioSet, ground: GroundMetric) -> Float64:
    """Return points between which the L_r cost is the ground cost d^r, in Fortran order; not for `wasserstein`.

    They have n_steps * n_columns dimensions, or directions * n_steps for `sliced`.
    """
    values = weighted(scenarios, ground)
    n, n_steps, _ = values.shape
    if ground.name == "sliced":
        check_hours(scenarios, ground, values, _hours(n_steps, ground))
        return _sliced(values, ground)
    if ground.name == "duration":
        values = np.sort(values, axis=1)
    return np.asfortranarray(values.reshape(n, -1) / n_steps ** (1 / ground.order))


def clouds(scenarios: ScenarioSet, ground: GroundMetric) -> Float64:
    """Return scaled and weighted values as the transport kernel takes them, shape (n, n_columns, n_steps)."""
    points = weighted(scenarios, ground)
    check_moves(scenarios, ground, points)
    return np.ascontiguousarray(points.transpose(0, 2, 1))


def time_costs(n_steps: int, ground: GroundMetric) -> Float64:
    """Return the cost, to the power r, of moving an atom by 0, 1, ... steps; shape (n_steps,)."""
    with np.errstate(over="ignore"):  # infinite: no atom moves
        return np.asarray(_hours(n_steps, ground) ** ground.order, dtype=np.float64)


def weighted(scenarios: ScenarioSet, ground: GroundMetric) -> Float64:
    """Return values divided by scale and multiplied by weight^(1/r), shape (n, n_steps, n_columns).

    Raise a RequestError if they or their powers leave the range of floats.
    """
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        factors = np.array(ground.column_weights) ** (1 / ground.order) / np.array(ground.scales)
        points = np.asarray(scenarios.values * factors)
    check_points(scenarios, ground, points)
    return points


def directions(n_directions: int, n_dimensions: int) -> Float64:
    """Spread directions evenly over the unit sphere, the same at every call; one of length 1 in each row.

    Points of the additive recurrence with the generalised golden ratio (M. Roberts, "The unreasonable
    effectiveness of quasirandom sequences", 2018) fill the unit cube evenly; normal quantiles, divided by
    their length, carry them to the sphere.

    Examples
    --------
    >>> np.linalg.norm(directions(5, 3), axis=1).round(12)
    array([1., 1., 1., 1., 1.])
    """
    ratio = 2.0
    for _ in range(64):  # the root of ratio**(d + 1) = ratio + 1, by iteration
        ratio = (1.0 + ratio) ** (1.0 / (n_dimensions + 1))
    steps = ratio ** -np.arange(1.0, n_dimensions + 1)
    cube = (0.5 + np.arange(1, n_directions + 1)[:, None] * steps) % 1.0
    quantile = NormalDist().inv_cdf
    normal = np.array(
        [[quantile(min(max(number, 1e-9), 1 - 1e-9)) for number in row] for row in cube.tolist()],
        dtype=np.float64,
    )
    lengths = np.sqrt((normal * normal).sum(axis=1, keepdims=True))
    return np.asarray(normal / lengths, dtype=np.float64)


def moved_by_slices(scenarios: ScenarioSet, ground: GroundMetric) -> float:
    """Return the share of projected scenarios whose steps do not stay in the order of the clock."""
    values = weighted(scenarios, ground)
    check_hours(scenarios, ground, values, _hours(scenarios.n_steps, ground))
    moved = [
        ((np.diff(place, axis=1) < 0).any(axis=1) & (np.diff(place, axis=1) > 0).any(axis=1)).mean()
        for place in _projected(values, ground)
    ]
    return float(np.mean(moved))


def _sliced(values: Float64, ground: GroundMetric) -> Float64:
    """Project, sort and lay side by side, direction by direction."""
    n, n_steps, n_columns = values.shape
    n_directions = ground.directions or 1
    mean_cost = _mean_cost(n_columns + (ground.shift_cost != 0), ground.order)
    factor = (1.0 / (mean_cost * n_steps * n_directions)) ** (1 / ground.order)
    points = np.empty((n, n_directions * n_steps), order="F")
    for number, place in enumerate(_projected(values * factor, ground, factor)):
        place.sort(axis=1)
        points[:, number * n_steps : (number + 1) * n_steps] = place
    return points


def _projected(values: Float64, ground: GroundMetric, factor: float = 1.0) -> Iterator[Float64]:
    """Yield the places of all atoms along one direction after the other, shape (n, n_steps)."""
    n, n_steps, n_columns = values.shape
    hours = _hours(n_steps, ground) * factor
    moves = ground.shift_cost != 0
    for axis in directions(ground.directions or 1, n_columns + moves):
        place = np.zeros((n, n_steps))
        for column in range(n_columns):  # sums in a fixed order, whatever library multiplies matrices
            place += axis[column] * values[:, :, column]
        if moves:
            place += axis[-1] * hours
        yield place


def _mean_cost(n_dimensions: int, order: float) -> float:
    """Return the mean of abs(<a, e>)^r over directions a of the sphere, e any direction.

    Raise a RequestError if the order is so high that the mean is 0.
    """
    try:
        mean = math.exp(
            math.lgamma((order + 1) / 2)
            + math.lgamma(n_dimensions / 2)
            - math.lgamma((n_dimensions + order) / 2)
            - math.lgamma(0.5)
        )
    except OverflowError:
        mean = 0.0
    if mean > 0:
        return mean
    raise RequestError(f"the order is {order:g}, beyond double precision", advice="choose a lower order, such as 2")


def _hours(n_steps: int, ground: GroundMetric) -> Float64:
    """Return the cost of moving by 0, 1, ... steps: their hours times the shift cost."""
    return np.arange(float(n_steps)) * ((ground.step_hours or 0.0) * (ground.shift_cost or 0.0))
