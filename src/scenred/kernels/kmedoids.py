"""Weighted k-medoids on a cost matrix: FasterPAM swap search.

The search follows E. Schubert and P. J. Rousseeuw, "Fast and eager k-medoids clustering: O(k) runtime
improvement of the PAM, CLARA, and CLARANS algorithms", Information Systems 101, 2021, 101804,
doi 10.1016/j.is.2021.101804: one sweep over the points evaluates a candidate against all k medoids at
once (their algorithm 3), and an improving swap is made at once (section 4.3). It departs in three ways:

- Points have weights, candidates have none.
- A sweep first marks the points nearer to the candidate than to their second medoid. Only those (a few in a
  hundred) can change a loss.
- After a swap, the next medoid of orphaned points is searched medoid by medoid along rows of the matrix, not point
  by point down its columns.

Arguments: costs[j, i] of serving point i by candidate j, shape (n, n), float32, finite, at least 0, rows contiguous;
`weights` of shape (n,), at least 0; `medoids` of shape (k,), distinct, the first `n_fixed` stay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scenred.arrays import Float32, Float64, Int64
from scenred.kernels.jit import as_compiled, compiled

# A swap must lower the loss by this share of it; less is rounding.
TOLERANCE = 1e-12
# Numbers that are read between two calls of `should_stop`, about a tenth of a second.
PIECE_VISITS = 100_000_000


class Clusters(NamedTuple):
    """For every point the slots of its two nearest medoids and their costs; for every slot its removal loss."""

    near: npt.NDArray[np.uint32]
    second: npt.NDArray[np.uint32]
    near_cost: Float32
    second_cost: Float32
    removal_loss: Float64


@compiled
def _take_second(costs: Any, medoids: Any, clusters: Any, points: Any) -> None:
    """Find the nearest medoid other than `near` for the given points, the lower slot on ties."""
    near, second, _, second_cost, _ = clusters
    for point in points:
        second_cost[point] = np.inf
    for slot in range(medoids.shape[0]):
        row = costs[medoids[slot]]
        for point in points:
            if row[point] < second_cost[point] and near[point] != slot:
                second_cost[point] = row[point]
                second[point] = slot


@compiled
def _sum_losses(weights: Any, clusters: Any) -> float:
    """Sum the removal losses; return the loss sum_i weight_i near_cost_i.

    All are summed again after every swap. Rounding of updates would add up, and swaps might never end.
    """
    near, _, near_cost, second_cost, removal_loss = clusters
    loss = 0.0
    removal_loss[:] = 0.0
    for i in range(near.shape[0]):
        loss += weights[i] * near_cost[i]
        removal_loss[near[i]] += weights[i] * (np.float64(second_cost[i]) - near_cost[i])
    return loss


@compiled
def _assign(costs: Any, weights: Any, medoids: Any, clusters: Any) -> float:
    """Fill `clusters`; return the loss."""
    near, _, near_cost, _, _ = clusters
    n = costs.shape[1]
    near_cost[:] = np.inf
    for slot in range(medoids.shape[0]):
        row = costs[medoids[slot]]
        for i in range(n):
            if row[i] < near_cost[i]:
                near_cost[i] = row[i]
                near[i] = slot
    _take_second(costs, medoids, clusters, np.arange(n))
    return _sum_losses(weights, clusters)


@compiled
def _mark(row: Any, second_cost: Any, marks: Any, busy: Any, marked: Any) -> int:
    """List in `marked` the points that `row` serves below their second cost; return their number.

    No branch depends on the data. `marks` is a zeroed scratch of bytes, a multiple of eight long.
    """
    for i in range(row.shape[0]):
        marks[i] = row[i] < second_cost[i]
    words = marks.view(np.uint64)
    n_busy = 0
    for word in range(words.shape[0]):
        busy[n_busy] = word
        n_busy += words[word] != 0
    count = 0
    for position in range(n_busy):
        for i in range(8 * busy[position], 8 * busy[position] + 8):
            marked[count] = i
            count += marks[i]
    return count


@compiled
def _best_swap(row: Any, weights: Any, clusters: Any, n_fixed: int, scratch: Any) -> Any:
    """Return the slot whose medoid the candidate of `row` should replace, and the change of the loss.

    Algorithm 3 of the paper: `shared` is the change that every swap with this candidate makes, `loss[slot]` what the
    removal of that slot's medoid adds.
    """
    near, _, near_cost, second_cost, removal_loss = clusters
    marks, busy, marked, loss = scratch
    for slot in range(loss.shape[0]):  # a slice assignment would compile two seconds longer
        loss[slot] = removal_loss[slot]
    shared = 0.0
    for position in range(_mark(row, second_cost, marks, busy, marked)):
        i = marked[position]
        cost = np.float64(row[i])
        nearest = np.float64(near_cost[i])
        shared += weights[i] * (min(cost, nearest) - nearest)
        loss[near[i]] += weights[i] * (max(cost, nearest) - second_cost[i])
    best = n_fixed
    for slot in range(n_fixed + 1, loss.shape[0]):
        if loss[slot] < loss[best]:
            best = slot
    return best, loss[best] + shared


@compiled
def _swap(costs: Any, weights: Any, medoids: Any, clusters: Any, slot: int, candidate: int) -> float:
    """Replace the medoid of `slot` by `candidate`, update `clusters`, return the loss."""
    near, second, near_cost, second_cost, _ = clusters
    medoids[slot] = candidate
    row = costs[candidate]
    orphaned = np.empty(row.shape[0], np.int64)
    n_orphaned = 0
    for i in range(row.shape[0]):
        if near[i] == slot:
            if row[i] < second_cost[i]:
                near_cost[i] = row[i]
            else:
                near[i] = second[i]
                near_cost[i] = second_cost[i]
                orphaned[n_orphaned] = i
                n_orphaned += 1
        elif row[i] < near_cost[i]:
            second[i] = near[i]
            second_cost[i] = near_cost[i]
            near[i] = slot
            near_cost[i] = row[i]
        elif row[i] < second_cost[i]:
            second[i] = slot
            second_cost[i] = row[i]
        elif second[i] == slot:
            orphaned[n_orphaned] = i
            n_orphaned += 1
    _take_second(costs, medoids, clusters, orphaned[:n_orphaned])
    return _sum_losses(weights, clusters)


@compiled
def _descend(
    costs: Any, weights: Any, medoids: Any, is_medoid: Any, clusters: Any, n_fixed: int, place: Any, most: int
) -> Any:
    """Try `most` candidates and make every swap that improves, until n in a row did not lower the loss.

    `place` continues the last call: the lowest loss, the next candidate, the number that did not lower the loss, the
    number of swaps.
    """
    n, k = costs.shape[0], medoids.shape[0]
    words = (n + 7) // 8
    marks, busy = np.zeros(8 * words, np.uint8), np.empty(words + 1, np.uint32)
    scratch = (marks, busy, np.empty(n + 8, np.uint32), np.empty(k))
    lowest, candidate, unimproved, n_swaps = place
    for _ in range(most):
        if unimproved == n or lowest <= 0.0:
            break
        unimproved += 1
        if not is_medoid[candidate]:
            slot, change = _best_swap(costs[candidate], weights, clusters, n_fixed, scratch)
            if change < -TOLERANCE * lowest:
                n_swaps += 1
                is_medoid[medoids[slot]] = False
                is_medoid[candidate] = True
                loss = _swap(costs, weights, medoids, clusters, slot, candidate)
                if loss < lowest:  # always, except for rounding; the search ends because no loss occurs twice
                    lowest = loss
                    unimproved = 0
        candidate = (candidate + 1) % n
    return lowest, candidate, unimproved, n_swaps


def swap_search(
    costs: Float32,
    weights: Float64,
    medoids: Int64,
    n_fixed: int = 0,
    should_stop: Callable[[], bool] = bool,
    on_swaps: Callable[[int], None] | None = None,
) -> Int64:
    """Improve k medoids, 2 <= k <= n, by eager swaps until no single swap lowers the loss, or `should_stop()`.

    The fixed medoids come first, the rest in no order. A few sweeps over all candidates, O(n**2) each; O(n) memory
    next to the matrix. `should_stop` is asked several times a second, by default it is always False; `on_swaps` is
    called with the number of swaps at the end.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(6.0), np.arange(6.0))).astype(np.float32)
    >>> np.sort(swap_search(line, np.ones(6), np.array([0, 1])))
    array([1, 4])
    """
    medoids = medoids.copy()
    n, k = len(costs), len(medoids)
    if k in (n_fixed, n):
        return medoids
    near, second = np.zeros(n, np.uint32), np.zeros(n, np.uint32)
    clusters = Clusters(near, second, np.empty(n, np.float32), np.empty(n, np.float32), np.empty(k))
    is_medoid = np.zeros(n, np.bool_)
    is_medoid[medoids] = True
    costs, weights = as_compiled(costs, weights)
    most = max(PIECE_VISITS // n, 1)
    place = (_assign(costs, weights, medoids, clusters), 0, 0, 0)
    while place[2] < n and place[0] > 0 and not should_stop():
        place = _descend(costs, weights, medoids, is_medoid, clusters, n_fixed, place, most)
    if on_swaps is not None:
        on_swaps(place[3])
    return medoids
