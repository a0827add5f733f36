"""A ground metric made definite, and the ground costs of all pairs of a scenario set."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scenred.arrays import Float32, Float64, Int64, read_only
from scenred.errors import InputError
from scenred.options.ground import Metric


@dataclass(frozen=True, slots=True)
class GroundMetric:
    """A ground metric's name and the numbers that make it definite; empty or None where the metric has none."""

    name: Metric
    order: float  # r >= 1
    scales: tuple[float, ...] = ()  # what each column is divided by, in the unit of its values
    column_weights: tuple[float, ...] = ()
    shift_cost: float | None = None  # of moving by one hour, in capacity
    step_hours: float | None = None  # where there is a shift cost
    directions: int | None = None  # of the sliced metric


@dataclass(frozen=True, slots=True)
class Movement:
    """What the optimal plans of a transport metric do in time, over all pairs of different scenarios."""

    moved_share: float  # of the pairs whose optimal plan moves mass in time, 0 to 1
    mean_shift_hours: float  # that an atom is moved by, over all atoms of all pairs


@dataclass(frozen=True, slots=True, eq=False)
class DistanceMatrix:
    """The ground costs c_ij = d(x_i, x_j)^r of all pairs of a scenario set.

    Parameters
    ----------
    costs : ndarray of shape (n, n), float32
        costs[j, i] of serving i by j: finite, at least 0, zero diagonal.
    points : ndarray, float64, optional
        What the costs were computed from, kept because the matrix is rounded to float32: an embedding of shape
        (n, d), clouds of shape (n, c, t), or the given costs; None where the matrix is all that is known.
    movement : Movement, optional
        What the optimal plans do in time; None for a metric without plans.
    rounding : float
        What any cost may lie above the true one by, next to the rounding to float32.
    """

    costs: Float32
    ground: GroundMetric
    points: Float64 | None = None
    movement: Movement | None = None
    rounding: float = 0.0

    def __post_init__(self) -> None:
        if self.costs.ndim != 2 or self.costs.shape[0] != self.costs.shape[1]:
            raise InputError(f"a cost matrix has shape {self.costs.shape}", "a square one")
        costs = read_only(np.ascontiguousarray(self.costs, dtype=np.float32))
        lowest, highest = costs.min(), costs.max()
        if not (lowest >= 0 and np.isfinite(highest)) or costs.diagonal().any():
            raise InputError(
                f"a cost matrix holds costs from {lowest} to {highest}",
                "finite costs of at least 0 and 0 on the diagonal",
            )
        object.__setattr__(self, "costs", costs)

    def part(self, rows: Int64) -> DistanceMatrix:
        """Return the matrix of some scenarios; what the plans of all pairs do in time is not known of a part."""
        points = self.points
        if points is not None:
            points = points[np.ix_(rows, rows)] if self.ground.name == "precomputed" else points[rows]
        costs = self.costs[np.ix_(rows, rows)]
        costs.setflags(write=False)  # so that the matrix is taken as it is, not copied
        return DistanceMatrix(costs, self.ground, points, rounding=self.rounding)

    def distances(self) -> Float64:
        """Return the ground distances d = c^(1/r), shape (n, n)."""
        return np.asarray(self.costs, dtype=np.float64) ** (1.0 / self.order)

    def root(self, costs: Float64) -> Float64:
        """Return the distances of some costs, shape (n,), by the C library: powers of numpy depend on the processor."""
        if self.order in (1, 2):  # exact on every processor
            return costs if self.order == 1 else np.sqrt(costs)
        return np.array([math.pow(cost, 1.0 / self.order) for cost in costs.tolist()])

    @property
    def order(self) -> float:
        """Order r of the ground metric."""
        return self.ground.order
