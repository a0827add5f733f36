"""Weighted k-medoids as arrays: the problem, a choice of medoids, and a solution with its bound."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from scenred.arrays import Float32, Float64, Int64
from scenred.model import SearchStatistics

# A cost in float32 misses the true one by at most this share of it: half a unit in the last of 24 places.
STORAGE = 2.0**-24
# Where float32 has no more such places, near 0, it misses by at most this.
LEAST_STEP = 2.0**-149
# Losses nearer than this share are one: finer than the storage of the costs can tell.
INDIFFERENCE = STORAGE


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """The k medoids of least loss are sought, sum_i weight_i min_j costs[j, i].

    Parameters
    ----------
    costs : ndarray of shape (n, n), float32
        costs[j, i] of serving point i by candidate j; not always symmetric.
    weights : ndarray of shape (n,)
        At least 0.
    held, closed : ndarray of int64
        Candidates that are medoids in any case, at most k, increasing; and those that serve all at the largest cost
        there is, for they may not be medoids.
    quantum : float
        Every loss is a multiple of it; 0 where none is known.
    """

    costs: Float32
    weights: Float64
    k: int
    held: Int64
    quantum: float = 0.0
    closed: Int64 = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def n(self) -> int:
        """Number of points, and of candidates."""
        return len(self.costs)

    def near_costs(self, medoids: Iterable[int]) -> Float32:
        """Return every point's cost to its nearest medoid, shape (n,)."""
        chosen = list(medoids)
        near: Float32 = self.costs[chosen[0]].copy()
        for medoid in chosen[1:]:
            np.minimum(near, self.costs[medoid], out=near)
        return near

    def choice(self, medoids: Iterable[int]) -> Choice:
        """Return medoids with their loss, exactly rounded."""
        ordered = tuple(sorted(int(medoid) for medoid in medoids))
        return Choice(math.fsum((self.weights * self.near_costs(ordered)).tolist()), ordered)

    def cut(self, loss: float) -> float:
        """Return the bound that proves a choice of this loss optimal: no other lies between, as far as costs tell."""
        return min(loss * (1 - INDIFFERENCE), loss - self.quantum * (1 - 1e-3))

    def is_proven(self, bound: float, loss: float) -> bool:
        """Return whether a bound leaves no room below a loss except the rounding of costs to float32."""
        return bound >= min(loss * (1 - 2 * INDIFFERENCE), loss - self.quantum * (1 - 1e-3))

    def rounded_up(self, bound: float, loss: float) -> float:
        """Return the known loss if no other loss lies between it and a bound, else the bound."""
        return loss if bound >= loss - self.quantum * (1 - 1e-3) else bound


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """A choice of medoids, increasing; ordered by loss, then by rows."""

    loss: float
    medoids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """A choice, a bound that the loss of no choice undercuts (None where none was asked for), and the work done."""

    choice: Choice
    bound: float | None
    statistics: SearchStatistics = SearchStatistics()

    def is_proven(self, problem: Problem) -> bool:
        """Return whether no other choice is better, as far as costs in float32 can tell."""
        return self.bound is not None and problem.is_proven(self.bound, self.choice.loss)


def bound_of_costs(bound: float, rounding: float) -> float:
    """Return the bound of the true costs: they may lie by their `rounding`, and that to float32, below the stored ones.

    Half of what is taken off for float32 leaves room for a small rounding.
    """
    return max(bound * (1 - 2 * STORAGE) - LEAST_STEP - max(rounding - STORAGE * bound, 0.0), 0.0)


def quantum(costs: Float32, weights: Float64) -> float:
    """Return the number of which every loss is a multiple, or 0.

    Examples
    --------
    >>> quantum(np.array([[0, 3], [5, 0]], dtype=np.float32), np.array([0.5, 0.5]))
    0.5
    """
    if not (weights == weights[0]).all() or costs.max() >= 1 / STORAGE:
        return 0.0
    return float(weights[0]) if all((row == np.rint(row)).all() for row in costs) else 0.0
