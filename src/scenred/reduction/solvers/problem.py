"""Weighted k-medoids as arrays: the problem, a choice of medoids, and how much work it may take."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from scenred.arrays import Float32, Float64, Int64

# A cost in float32 misses the true one by at most this share of it: half a unit in the last of 24 places.
STORAGE = 2.0**-24
# Losses nearer than this share are one: finer than the storage of the costs can tell.
INDIFFERENCE = STORAGE
# Numbers that may be visited on the way to an optimum that nobody asked for.
EASY_VISITS = 20_000_000
# Numbers that may be visited unless the optimum is asked for: some seconds.
MOST_VISITS = 4e9


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Ask for the k medoids of least loss, sum_i weight_i min_j costs[j, i].

    Parameters
    ----------
    costs : ndarray of shape (n, n), float32
        costs[j, i] of serving point i by candidate j; not always symmetric.
    weights : ndarray of shape (n,)
        At least 0.
    k : int
        1 to n.
    held : ndarray of int64
        Candidates that are medoids in any case, at most k, increasing.
    quantum : float
        Every loss is a multiple of it; 0 where nothing is known.
    closed : ndarray of int64
        Candidates that serve all at the largest cost there is, for they may not be medoids.
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
        """Give every point's cost to its nearest medoid, shape (n,)."""
        chosen = list(medoids)
        near: Float32 = self.costs[chosen[0]].copy()
        for medoid in chosen[1:]:
            np.minimum(near, self.costs[medoid], out=near)
        return near

    def choice(self, medoids: Iterable[int]) -> Choice:
        """Give medoids their loss, exactly rounded."""
        ordered = tuple(sorted(int(medoid) for medoid in medoids))
        return Choice(math.fsum((self.weights * self.near_costs(ordered)).tolist()), ordered)

    def cut(self, loss: float) -> float:
        """Give the bound that proves a choice of this loss optimal: no other lies between, as far as costs tell."""
        return min(loss * (1 - INDIFFERENCE), loss - self.quantum * (1 - 1e-3))

    def is_proven(self, bound: float, loss: float) -> bool:
        """Say whether a bound leaves no room below a loss but for the rounding of costs to float32."""
        return bound >= min(loss * (1 - 2 * INDIFFERENCE), loss - self.quantum * (1 - 1e-3))

    def rounded_up(self, bound: float, loss: float) -> float:
        """Raise a bound to a known loss when no other loss lies between them."""
        return loss if bound >= loss - self.quantum * (1 - 1e-3) else bound


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """Hold a choice of medoids, increasing; of two the one with less loss is less, then that of lower rows."""

    loss: float
    medoids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Effort:
    """Say how much work a search may do.

    Parameters
    ----------
    gap : float
        Stop when the loss is proven to lie within this share of the optimum; 0 asks for the optimum.
    n_starts, seed, n_threads
        As in `reduce`.
    most_visits : float
        Numbers that the bound may visit, about 3e8 a second; infinite where the gap must be reached.
    time_left : callable
        Gives the seconds that are left, asked between steps of the work; when none are, it ends with what there is.
    on_fraction : callable
        Told the share of the work done.
    """

    gap: float = 1e-4
    n_starts: int = 10
    seed: int = 0
    n_threads: int | None = None
    most_visits: float = MOST_VISITS
    time_left: Callable[[], float] = lambda: math.inf
    on_fraction: Callable[[float], None] = lambda _fraction: None

    def should_stop(self) -> bool:
        """Say whether no time is left."""
        return self.time_left() <= 0

    def goal(self, loss: float) -> float:
        """Give the bound that is as near to a loss as was asked for."""
        return loss * (1 - max(self.gap - 4 * STORAGE, 0.0))

    def is_reached(self, bound: float, loss: float) -> bool:
        """Say whether a bound is as near to a loss as was asked for."""
        return bound >= self.goal(loss)

    def is_enough(self, bound: float, loss: float, visits: float) -> bool:
        """Say whether to stop: the gap is reached, and the optimum would take more than a tenth of a second."""
        return visits > EASY_VISITS and self.is_reached(bound, loss)


@dataclass(frozen=True, slots=True)
class Solution:
    """Hold a choice, and a bound below which no other has its loss; 0 where none was asked for."""

    choice: Choice
    bound: float | None

    def is_proven(self, problem: Problem) -> bool:
        """Say whether no other choice is better, as far as costs in float32 can tell."""
        return self.bound is not None and problem.is_proven(self.bound, self.choice.loss)


def quantum(costs: Float32, weights: Float64) -> float:
    """Give the number of which every loss is a multiple, or 0.

    Examples
    --------
    >>> quantum(np.array([[0, 3], [5, 0]], dtype=np.float32), np.array([0.5, 0.5]))
    0.5
    """
    if not (weights == weights[0]).all() or costs.max() >= 1 / STORAGE:
        return 0.0
    return float(weights[0]) if all((row == np.rint(row)).all() for row in costs) else 0.0
