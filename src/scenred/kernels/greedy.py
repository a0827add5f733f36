"""Greedy choices of medoids: one added at a time, or one removed at a time.

Forward selection and simultaneous backward reduction: H. Heitsch and W. Roemisch, "Scenario reduction algorithms
in stochastic programming", Computational Optimization and Applications 24, 2003, 187-206,
doi 10.1023/A:1021805924152 (algorithms 2.4 and 2.2). The results are those of the paper, with less work:

- Forward: the gain of a candidate only falls as medoids are added, so an earlier gain is an upper bound. That holds
  in floating point too: every term falls and the order of the sum stays. Only candidates whose old gain exceeds the
  best new one are summed again (M. Minoux, "Accelerated greedy algorithms for maximizing submodular set functions",
  1978).
- Backward: the two nearest of the candidates that are left are kept for every point. A removal concerns only the
  points that lose one of them.

Arguments: costs[j, i] of serving point i by candidate j, shape (n, n), float32, rows contiguous; `weights` of shape
(n,), at least 0. `should_stop` is asked several times a second; by default it is always False.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from scenred.arrays import Float32, Float64, Int64
from scenred.kernels.jit import as_compiled, compiled
from scenred.kernels.threads import BAND, map_blocks

# Numbers that are read between two calls of `should_stop`, about a tenth of a second.
PIECE_VISITS = 50_000_000


@compiled
def _gain(row: Any, weights: Any, near_cost: Any) -> float:
    """Return what a candidate saves, in four sums that the processor adds in parallel."""
    a = b = c = d = 0.0
    whole = row.shape[0] - row.shape[0] % 4
    for i in range(0, whole, 4):
        a += weights[i] * max(near_cost[i] - row[i], 0.0)
        b += weights[i + 1] * max(near_cost[i + 1] - row[i + 1], 0.0)
        c += weights[i + 2] * max(near_cost[i + 2] - row[i + 2], 0.0)
        d += weights[i + 3] * max(near_cost[i + 3] - row[i + 3], 0.0)
    for i in range(whole, row.shape[0]):
        a += weights[i] * max(near_cost[i] - row[i], 0.0)
    return (a + b) + (c + d)


@compiled
def _fill_gains(costs: Any, weights: Any, near_cost: Any, first: int, stop: int, gains: Any) -> None:
    """Write the gains of a band of candidates."""
    for candidate in range(first, stop):
        gains[candidate] = _gain(costs[candidate], weights, near_cost)


@compiled
def _add_best(costs: Any, weights: Any, near_cost: Any, gains: Any) -> int:
    """Return the candidate of the largest gain, the lower on ties, and serve the points by it."""
    n = costs.shape[0]
    is_new = np.zeros(n, np.bool_)
    best = 0
    for _ in range(n + 1):  # each round sums one gain
        best = 0
        for candidate in range(1, n):
            if gains[candidate] > gains[best]:
                best = candidate
        if is_new[best]:
            break
        gains[best] = _gain(costs[best], weights, near_cost)
        is_new[best] = True
    gains[best] = -1.0  # never again
    row = costs[best]
    for i in range(n):
        near_cost[i] = min(near_cost[i], np.float64(row[i]))
    return best


def forward_selection(
    costs: Float32,
    weights: Float64,
    first: Int64,
    k: int,
    n_threads: int | None = None,
    should_stop: Callable[[], bool] = bool,
) -> Int64:
    """Add to the `first` medoids, at least one, the one that lowers the loss most, until there are k <= n.

    n**2 steps for the first gains, then a few rows of length n for each medoid; k n**2 in the worst case.

    Returns
    -------
    ndarray of int64
        k medoids in the order of their choice, the lower index on ties; fewer if `should_stop()` was true.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(6.0), np.arange(6.0))).astype(np.float32)
    >>> forward_selection(line, np.ones(6), np.array([2]), 3)
    array([2, 4, 0])
    """
    n = len(costs)
    costs, weights = as_compiled(costs, weights)
    near_cost = costs[first].min(axis=0).astype(np.float64)
    gains = np.empty(n)
    (fixed_near,) = as_compiled(near_cost)

    def fill(begin: int) -> None:
        _fill_gains(costs, weights, fixed_near, begin, min(begin + BAND, n), gains)

    for _ in map_blocks(fill, range(0, n, BAND), n_threads):
        if should_stop():
            return first
    gains[first] = -1.0
    added: list[int] = []
    while len(added) < k - len(first) and not should_stop():
        added.append(_add_best(costs, weights, near_cost, gains))
    return np.concatenate([first, np.array(added, dtype=np.int64)])


@compiled
def _nearest_left(costs: Any, kept: Any, point: int, other: int) -> int:
    """Return the kept candidate, other than `other`, that serves a point cheapest; -1 for none."""
    best = -1
    for candidate in kept:
        if candidate != other and (best < 0 or costs[candidate, point] < costs[best, point]):
            best = candidate
    return best


@compiled
def _first_two(costs: Any, first: int, stop: int, near: Any, second: Any, near_cost: Any, second_cost: Any) -> None:
    """Update the two nearest candidates of every point with those from `first` to `stop`, row by row of the matrix."""
    for candidate in range(first, stop):
        row = costs[candidate]
        for i in range(row.shape[0]):
            if row[i] < near_cost[i]:
                second[i] = near[i]
                second_cost[i] = near_cost[i]
                near[i] = candidate
                near_cost[i] = row[i]
            elif row[i] < second_cost[i]:
                second[i] = candidate
                second_cost[i] = row[i]


@compiled
def _remove(costs: Any, weights: Any, is_held: Any, state: Any, n_kept: int, goal: int) -> None:
    """Remove candidates from the first `n_kept` of `kept` until `goal` are left."""
    near, second, harm, kept = state
    n = costs.shape[0]
    while n_kept > goal:
        least = -1
        for position in range(n_kept):  # the last on ties
            candidate = kept[position]
            if not is_held[candidate] and (least < 0 or harm[candidate] <= harm[kept[least]]):
                least = position
        gone = kept[least]
        for position in range(least, n_kept - 1):
            kept[position] = kept[position + 1]
        n_kept -= 1
        for i in range(n):
            if near[i] == gone or second[i] == gone:
                if near[i] == gone:
                    near[i] = second[i]
                else:
                    harm[near[i]] -= weights[i] * (np.float64(costs[gone, i]) - costs[near[i], i])
                second[i] = _nearest_left(costs, kept[:n_kept], i, near[i])
                if second[i] >= 0:
                    harm[near[i]] += weights[i] * (np.float64(costs[second[i], i]) - costs[near[i], i])


def backward_reduction(
    costs: Float32, weights: Float64, held: Int64, k: int, should_stop: Callable[[], bool] = bool
) -> Int64:
    """Remove the candidate whose removal raises the loss least, one after the other, until k < n are left.

    The `held` candidates, at most k, are never removed. About 3 n**2 steps.

    Returns
    -------
    ndarray of int64
        k candidates, increasing; more if `should_stop()` was true.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(6.0), np.arange(6.0))).astype(np.float32)
    >>> backward_reduction(line, np.array([1, 1, 1, 1, 1, 9.0]), np.array([0]), 2)
    array([0, 5])
    """
    n = len(costs)
    is_held = np.zeros(n, np.bool_)
    is_held[held] = True
    costs, weights = as_compiled(costs, weights)
    near, second = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    near_cost, second_cost = np.full(n, np.inf, np.float32), np.full(n, np.inf, np.float32)
    kept = np.arange(n)
    band = max(PIECE_VISITS // n, 1)
    for first in range(0, n, band):
        _first_two(costs, first, min(first + band, n), near, second, near_cost, second_cost)
        if should_stop():
            return kept
    harm = np.bincount(near, weights * (second_cost.astype(np.float64) - near_cost), n)
    n_kept = n
    while n_kept > k and not should_stop():
        goal = max(n_kept - max(PIECE_VISITS // (32 * n), 1), k)
        _remove(costs, weights, is_held, (near, second, harm, kept), n_kept, goal)
        n_kept = goal
    return kept[:n_kept].copy()
