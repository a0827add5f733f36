"""Exact optimal transport between clouds of equally many atoms of equal mass, for many pairs of clouds.

A cloud is a scenario: one atom per step, at (time, value_1 ... value_C). Between two clouds of T atoms of
mass 1/T some optimal plan is a permutation (Birkhoff; G. Peyre and M. Cuturi, "Computational optimal
transport", 2019, Proposition 2.1), so the transport cost is an assignment problem over the atom costs

    c_st = time_costs[abs(s - t)] + sum_c abs(x_sc - y_tc)^r,    cost = 1/T min over permutations sum_s c_s,p(s).

Three ways make it fast. Each is proven for the pair at hand, so every cost is exact:

- *No solve.* For r = 1 let one cloud move by at most kappa from each step to the next. Then c_st >= c_ss
  (or c_st >= c_tt) for all s, t by the triangle inequality, and staying is optimal.
- *Band.* Atoms are first matched only within the steps whose time cost is at most the largest c_ss. That alone
  proves nothing: a long move can close a chain of short ones. But if the duals u, v satisfy
  u_s + v_t <= time_costs[band + 1] outside the band, they are feasible for all pairs of atoms, and the plan is
  optimal. Otherwise the band is doubled.
- *A good start* and shortest augmenting paths: see assignment.py.

Arguments: finite points of shape (n, C, T), laid out column by column, points[i, c, s]; `time_costs` of shape (T,),
the cost of moving an atom by 0, 1, ... steps: 0 first, never decreasing; the order r >= 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from scenred.arrays import Float32, Float64
from scenred.kernels.assignment import solve_assignment
from scenred.kernels.jit import as_compiled, compiled
from scenred.kernels.threads import map_blocks

# Blocks of work that the pairs are cut into: enough for even shares and for progress.
BLOCKS = 128
# An optimum is missed by at most this share of the largest dual: each is rounded a few times.
ROUNDED = 8 * 2.0**-52


@compiled
def _fill_costs(x: Any, y: Any, away: Any, order: float, band: int, costs: Any) -> None:
    """Write the atom costs within the band; `away` holds the time costs of -T + 1 ... T - 1 steps."""
    n_steps = costs.shape[0]
    for s in range(n_steps):
        first = max(0, s - band)
        width = min(n_steps, s + band + 1) - first
        row = costs[s, first : first + width]
        hours = away[n_steps - 1 - s + first : n_steps - 1 - s + first + width]
        for t in range(width):  # a slice assignment would compile longer
            row[t] = hours[t]
        for column in range(x.shape[0]):
            value = x[column, s]
            others = y[column, first : first + width]
            if order == 1.0:
                for t in range(width):
                    row[t] += abs(value - others[t])
            elif order == 2.0:
                for t in range(width):
                    row[t] += (value - others[t]) * (value - others[t])
            else:
                for t in range(width):
                    row[t] += abs(value - others[t]) ** order


@compiled
def _is_proven(costs: Any, time_costs: Any, band: int, duals: Any, columns: Any, highest: Any) -> bool:
    """Return whether the duals are feasible outside the band too, by their largest values on either side."""
    n_steps = costs.shape[0]
    if band >= n_steps - 1:
        return True
    least = time_costs[band + 1]
    highest[0] = duals[0]
    for t in range(1, n_steps):
        highest[t] = max(highest[t - 1], duals[t])
    for s in range(band + 1, n_steps):
        column = columns[s]
        if costs[s, column] - duals[column] + highest[s - band - 1] > least:
            return False
    highest[n_steps - 1] = duals[n_steps - 1]
    for t in range(n_steps - 2, -1, -1):
        highest[t] = max(highest[t + 1], duals[t])
    for s in range(n_steps - band - 1):
        column = columns[s]
        if costs[s, column] - duals[column] + highest[s + band + 1] > least:
            return False
    return True


@compiled
def _cost_of_staying(x: Any, y: Any, order: float) -> Any:
    """Return the sum of c_ss over all steps, and the largest."""
    total = 0.0
    largest = 0.0
    for s in range(x.shape[1]):
        cost = 0.0
        for column in range(x.shape[0]):
            difference = abs(x[column, s] - y[column, s])
            cost += difference if order == 1.0 else difference**order
        total += cost
        largest = max(largest, cost)
    return total, largest


@compiled
def _transport(x: Any, y: Any, away: Any, order: float, scratch: Any) -> Any:
    """Return the sum of the atom costs of an optimal plan, the sum of the steps it moves by, and the largest dual."""
    costs, duals, highest, columns, rows, solver = scratch
    n_steps = costs.shape[0]
    time_costs = away[n_steps - 1 :]
    staying, largest = _cost_of_staying(x, y, order)
    if staying == 0.0:
        return 0.0, 0, 0.0
    if not staying < np.inf:  # some number is not finite: no comparison below would hold
        return np.inf, 0, 0.0
    band = 0
    while band < n_steps - 1 and time_costs[band + 1] <= largest:
        band += 1
    if 2 * band >= n_steps:  # saves too little for the risk of solving twice
        band = n_steps - 1
    while True:
        _fill_costs(x, y, away, order, band, costs)
        solve_assignment(costs, band, duals, columns, rows, solver)
        if _is_proven(costs, time_costs, band, duals, columns, highest):
            break
        band = min(2 * band + 1, n_steps - 1)
    total = 0.0
    shift = 0
    for s in range(n_steps):
        total += costs[s, columns[s]]
        shift += abs(s - columns[s])
        largest = max(largest, abs(duals[s]))
    if total >= staying:  # equal except for rounding: the plan that moves nothing
        return staying, 0, largest
    return total, shift, largest


@compiled
def _scratch(n_steps: int) -> Any:
    return (
        np.empty((n_steps, n_steps)),
        np.empty(n_steps),
        np.empty(n_steps),
        np.empty(n_steps, np.int64),
        np.empty(n_steps, np.int64),
        (np.empty(n_steps, np.int64), np.empty(n_steps), np.empty(n_steps), np.empty(n_steps, np.int64)),
    )


@compiled
def _fill_costs_to(clouds: Any, order: float, first: int, after: bool, out: Any, stop: Any) -> Any:
    """Write the costs of points first .. first + len(out) to the others, until stop[0]; count what moves.

    `clouds` is that of `_arranged`: both sets, their steepest moves one after the other (empty if they prove nothing),
    and the time costs of -T + 1 ... T - 1 steps. If `after`, only pairs i < j are written. The largest dual comes last.
    """
    points, others, steep, away = clouds
    n_steps = (away.shape[0] + 1) // 2
    scratch = _scratch(n_steps)
    n_moved = 0
    shift = 0
    largest = 0.0
    for position in range(out.shape[0]):
        i = first + position
        for j in range(i + 1 if after else 0, others.shape[0]):
            if stop[0]:
                return n_moved, shift, largest
            if steep.shape[0] > 0 and min(steep[i], steep[points.shape[0] + j]) <= away[n_steps]:
                total, _ = _cost_of_staying(points[i], others[j], order)
                steps = 0
            else:
                total, steps, dual = _transport(points[i], others[j], away, order, scratch)
                largest = max(largest, dual)
            out[position, j] = total / n_steps
            n_moved += steps > 0
            shift += steps
    return n_moved, shift, largest


def pairwise_transport(
    points: Float64,
    time_costs: Float64,
    order: float,
    *,
    n_threads: int | None = None,
    on_fraction: Callable[[float], None] | None = None,
) -> tuple[Float32, float, float, float]:
    """Return the exact transport cost W_r^r of every pair of clouds.

    Returns
    -------
    costs : ndarray of shape (n, n), float32
        Symmetric with a zero diagonal; computed in float64.
    moved : float
        Share of the pairs whose plan moves mass in time.
    shift : float
        Mean number of steps an atom moves, over all atoms of all pairs.
    rounding : float
        What a cost may lie above the least one by, for the duals that prove it are rounded.

    Notes
    -----
    n**2 / 2 assignment problems of T atoms: 3 to 9 microseconds each at 24 steps, 130 at 168. `on_fraction` is called
    with the share of the pairs that are done, from 0 to 1.

    Examples
    --------
    >>> ramp = np.array([[[0.0, 1.0, 1.0]], [[0.0, 0.0, 1.0]]])
    >>> pairwise_transport(ramp, np.array([0.0, 0.25, 0.5]), 1.0)[0][0, 1]
    np.float32(0.33333334)
    """
    n, n_steps = len(points), len(time_costs)
    out = np.zeros((n, n), dtype=np.float32)
    clouds = _arranged(points, points, time_costs, order)
    pairs = max(n * (n - 1) // 2, 1)
    n_moved = shift = 0
    largest = 0.0
    ended = np.zeros(1, dtype=bool)

    def fill(rows: tuple[int, int]) -> tuple[int, int, int, float]:
        first, stop = rows
        return stop, *_fill_costs_to(clouds, float(order), first, True, out[first:stop], ended)

    for stop, moved, steps, dual in map_blocks(fill, _even_blocks(n), n_threads, partial(ended.fill, True)):
        n_moved += moved
        shift += steps
        largest = max(largest, dual)
        if on_fraction is not None:
            on_fraction(1.0 - (n - stop) * (n - stop - 1) / 2 / pairs)
    _mirror(out)
    return out, n_moved / pairs, shift / pairs / n_steps, ROUNDED * largest


def transport_costs_to(
    points: Float64, others: Float64, time_costs: Float64, order: float, *, n_threads: int | None = None
) -> Float64:
    """Return the exact transport cost W_r^r of n clouds to m others, shape (n, m), float64: n m assignment problems.

    Examples
    --------
    >>> ramp = np.array([[[0.0, 1.0, 1.0]], [[0.0, 0.0, 1.0]]])
    >>> transport_costs_to(ramp, ramp[:1], np.array([0.0, 0.9, 1.8]), 1.0).round(6)
    array([[0.      ],
           [0.333333]])
    """
    n = len(points)
    out = np.empty((n, len(others)))
    clouds = _arranged(points, others, time_costs, order)

    ended = np.zeros(1, dtype=bool)

    def fill(rows: tuple[int, int]) -> None:
        first, stop = rows
        _fill_costs_to(clouds, float(order), first, False, out[first:stop], ended)

    edges = np.linspace(0, n, min(n, BLOCKS) + 1).astype(int).tolist()
    for _ in map_blocks(fill, pairwise(edges), n_threads, partial(ended.fill, True)):
        pass
    return out


def _arranged(points: Float64, others: Float64, time_costs: Float64, order: float) -> tuple[Float64, ...]:
    """Return the clouds as `_fill_costs_to` needs them."""
    is_proof = order == 1 and len(time_costs) > 1
    steep = np.concatenate([steepest_moves(points), steepest_moves(others)]) if is_proof else np.empty(0)
    return tuple(as_compiled(points, others, steep, np.concatenate([time_costs[:0:-1], time_costs])))


def steepest_moves(points: Float64) -> Float64:
    """Return each cloud's largest move in value, summed over columns, from one step to the next, shape (n,)."""
    with np.errstate(invalid="ignore"):  # not a number: no proof
        return np.asarray(np.abs(np.diff(points, axis=2)).sum(axis=1).max(axis=1))


def _even_blocks(n: int) -> Sequence[tuple[int, int]]:
    """Cut rows 0 .. n into blocks that hold about equally many pairs i < j."""
    shares = np.linspace(0.0, 1.0, min(n, BLOCKS) + 1)
    edges = np.unique(np.rint(n * (1.0 - np.sqrt(1.0 - shares))).astype(int)).tolist()
    return list(pairwise(edges))


def _mirror(out: Float32) -> None:
    """Copy the upper half of a matrix to the lower, block by block for the cache."""
    n = len(out)
    for first in range(0, n, 512):
        for left in range(first, n, 512):
            rows, columns = slice(first, first + 512), slice(left, left + 512)
            if left > first:
                out[columns, rows] = out[rows, columns].T
            else:
                block = out[rows, columns]
                block += np.triu(block, 1).T
