"""For every candidate a list of the points that it serves below their ceiling, and what they add to a bound.

Only pairs whose cost is below the price of the point count in the bound of `lagrangian.py`, and no price may pass
its ceiling. So the lists hold all that the bound needs, in far less memory than the matrix. As candidates are opened
or closed, the lists are narrowed.

Arguments: costs[j, i] of serving point i by candidate j, shape (n, n), float32; `rows` of shape (m,), the candidates;
`ceilings` of shape (n,).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scenred.arrays import Float32, Float64, Int64
from scenred.kernels.jit import as_compiled, compiled
from scenred.kernels.threads import for_bands

UInt32 = npt.NDArray[np.uint32]

# States of a candidate.
FREE, OPEN, CLOSED = 0, 1, 2
# Lists with this many pairs are not copied where a copy would drop less than a quarter.
LARGE = 1 << 20


class Lists(NamedTuple):
    """The points that each candidate serves below their ceiling, and the costs; row a is first[a] to first[a + 1]."""

    first: Int64
    points: UInt32
    costs: Float32


@compiled
def _count_below(costs: Any, rows: Any, ceilings: Any, counts: Any) -> None:
    """Count, for every candidate, the points that it serves below their ceiling."""
    for position in range(rows.shape[0]):
        row = costs[rows[position]]
        count = 0
        for i in range(row.shape[0]):
            count += row[i] < ceilings[i]
        counts[position] = count


@compiled
def _fill_lists(costs: Any, rows: Any, ceilings: Any, lists: Any) -> None:
    """Write the pairs below the ceilings."""
    first, points, list_costs = lists
    for position in range(rows.shape[0]):
        row = costs[rows[position]]
        place = first[position]
        stop = first[position + 1]
        for i in range(row.shape[0]):
            if row[i] < ceilings[i] and place < stop:
                points[place] = i
                list_costs[place] = row[i]
                place += 1


@compiled
def _cap(lists: Any, ceilings: Any, states: Any) -> None:
    """Lower the ceilings to the costs of the open candidates: no point pays more."""
    first, points, costs = lists
    for candidate in range(states.shape[0]):
        if states[candidate] == OPEN:
            for place in range(first[candidate], first[candidate + 1]):
                ceilings[points[place]] = min(ceilings[points[place]], np.float64(costs[place]))


@compiled
def _survey(lists: Any, ceilings: Any, states: Any, candidates: Any, kept: Any, position: Any) -> Any:
    """List the free candidates and the points that they serve below the ceilings; count both, and the pairs."""
    first, points, costs = lists
    n_candidates = n_kept = n_pairs = 0
    for candidate in range(states.shape[0]):
        if states[candidate] == FREE:
            candidates[n_candidates] = candidate
            n_candidates += 1
            for place in range(first[candidate], first[candidate + 1]):
                point = points[place]
                if costs[place] < ceilings[point]:
                    n_pairs += 1
                    if position[point] < 0:
                        position[point] = n_kept
                        kept[n_kept] = point
                        n_kept += 1
    return n_candidates, n_kept, n_pairs


@compiled
def narrow(lists: Any, ceilings: Any, states: Any) -> Any:
    """Return the lists of the free candidates below the lowered ceilings, their candidates and their points."""
    first, points, costs = lists
    n, m = ceilings.shape[0], states.shape[0]
    _cap(lists, ceilings, states)
    candidates, kept, position = np.empty(m, np.int64), np.empty(n, np.int64), np.full(n, -1, np.int32)
    n_candidates, n_kept, n_pairs = _survey(lists, ceilings, states, candidates, kept, position)
    if 4 * n_pairs >= 3 * points.shape[0] and n_pairs >= LARGE:  # a copy would cost more memory than it saves time
        return lists, np.arange(m), np.arange(n)
    narrow_first = np.zeros(n_candidates + 1, np.int64)
    narrow_points, narrow_costs = np.empty(n_pairs, np.uint32), np.empty(n_pairs, np.float32)
    count = 0
    for row in range(n_candidates):
        for place in range(first[candidates[row]], first[candidates[row] + 1]):
            if costs[place] < ceilings[points[place]]:
                narrow_points[count] = position[points[place]]
                narrow_costs[count] = costs[place]
                count += 1
        narrow_first[row + 1] = count
    return (narrow_first, narrow_points, narrow_costs), candidates[:n_candidates], kept[:n_kept]


@compiled
def sum_gains(lists: Any, weights: Any, prices: Any, states: Any, gains: Any) -> int:
    """Write the gain of every candidate at these prices, 0 if it is closed; count the pairs."""
    first, points, costs = lists
    n_pairs = 0
    for candidate in range(gains.shape[0]):
        gain = 0.0
        if states[candidate] != CLOSED:
            n_pairs += first[candidate + 1] - first[candidate]
            for place in range(first[candidate], first[candidate + 1]):
                i = points[place]
                gain += weights[i] * max(prices[i] - costs[place], 0.0)
        gains[candidate] = gain
    return n_pairs


@compiled
def subgradient(lists: Any, prices: Any, chosen: Any, out: Any) -> None:
    """Write 1 less the number of chosen candidates that serve a point below its price, for every point."""
    first, points, costs = lists
    for i in range(out.shape[0]):
        out[i] = 1.0
    for candidate in range(chosen.shape[0]):
        if chosen[candidate]:
            for place in range(first[candidate], first[candidate + 1]):
                if costs[place] < prices[points[place]]:
                    out[points[place]] -= 1.0


def count_below(costs: Float32, rows: Int64, ceilings: Float64, n_threads: int | None = None) -> Int64:
    """Count, for every candidate of `rows`, the points that it serves below their ceiling, shape (m,)."""
    counts = np.empty(len(rows), np.int64)
    costs, rows, ceilings = as_compiled(costs, rows, ceilings)

    def count(begin: int, stop: int) -> None:
        _count_below(costs, rows[begin:stop], ceilings, counts[begin:stop])

    for_bands(count, len(rows), n_threads)
    return counts


def lists_below(costs: Float32, rows: Int64, ceilings: Float64, n_threads: int | None = None) -> Lists:
    """List, for every candidate of `rows`, the points that it serves below their ceiling: O(n m) steps, 8 bytes a pair.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0))).astype(np.float32)
    >>> lists_below(line, np.array([0, 3]), np.array([2.0, 2.0, 2.0, 0.5])).points
    array([0, 1, 2, 3], dtype=uint32)
    """
    first = np.zeros(len(rows) + 1, np.int64)
    first[1:] = np.cumsum(count_below(costs, rows, ceilings, n_threads))
    lists = Lists(first, np.empty(first[-1], np.uint32), np.empty(first[-1], np.float32))
    costs, rows, ceilings = as_compiled(costs, rows, ceilings)

    def fill(begin: int, stop: int) -> None:
        _fill_lists(costs, rows[begin:stop], ceilings, (first[begin : stop + 1], lists.points, lists.costs))

    for_bands(fill, len(rows), n_threads)
    return lists
