"""Exact optimal transport from many sources to a few targets, by successive shortest paths between the targets.

Sources first go to the target that is cheapest at given prices, which is optimal for the masses that arrive there. Then
mass moves from targets with too much to targets with too little, each time along the cheapest path (R. K. Ahuja, T. L.
Magnanti, J. B. Orlin, "Network flows", 1993, section 9.7). It departs from the book in one way: the graph has the k
targets as its nodes only. From j to l leads the source at j that moves at the least extra cost, costs[i, l] -
costs[i, j]. No step needs a tolerance for the size of costs or masses.

Arguments: costs of shape (n, k), infinite where no mass may move; `weights` of shape (n,) and `masses` of shape (k,),
at least 0, with equal sums but for rounding; `prices` of shape (k,).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from scenred.arrays import Float64
from scenred.kernels.jit import as_compiled, compiled

# Pairs that are visited between two returns to Python, about a tenth of a second.
PIECE_VISITS = 100_000_000
# What is left of a source at a target, as a share of its weight, is rounding below this: moved on, it would go around.
RESIDUE = 1e-15
# Moves of mass for each source and target: beyond, rounding has made the search run in circles.
MOST_MOVES = 40


@compiled
def _link(costs: Any, plan: Any, j: int, extra: Any, movers: Any) -> None:
    """Find the source at target j that moves to each other target at the least extra cost."""
    k = costs.shape[1]
    for target in range(k):
        extra[j, target] = np.inf
        movers[j, target] = -1
    for i in range(costs.shape[0]):
        if plan[i, j] > 0.0:
            for target in range(k):
                more = costs[i, target] - costs[i, j]
                if target != j and more < extra[j, target]:
                    extra[j, target] = more
                    movers[j, target] = i


@compiled
def _paths(extra: Any, prices: Any, over: Any, distances: Any, before: Any) -> int:
    """Find the cheapest paths from targets with too much to the others; return the nearest with too little, or -1."""
    k = prices.shape[0]
    done = np.zeros(k, np.bool_)
    for j in range(k):
        distances[j] = 0.0 if over[j] > 0.0 else np.inf
        before[j] = -1
    for _ in range(k):
        nearest = -1
        for j in range(k):
            if not done[j] and distances[j] < np.inf and (nearest < 0 or distances[j] < distances[nearest]):
                nearest = j
        if nearest < 0:
            return -1
        if over[nearest] < 0.0:
            for j in range(k):
                prices[j] += min(distances[j], distances[nearest])
            return nearest
        done[nearest] = True
        for j in range(k):
            if not done[j] and extra[nearest, j] < np.inf:
                reduced = extra[nearest, j] + prices[nearest] - prices[j]
                distance = distances[nearest] + max(reduced, 0.0)  # below 0 by rounding only
                if distance < distances[j]:
                    distances[j] = distance
                    before[j] = nearest
    return -1


@compiled
def _path_to(end: int, before: Any, movers: Any, path: Any, sources: Any) -> int:
    """List the targets of the path to `end`, last first, and the sources that move between them; return its length.

    A source that would move twice in a row moves once: what it holds at the target between is no limit.
    """
    length = 0
    path[0] = end
    while before[path[length]] >= 0:
        j = before[path[length]]
        i = movers[j, path[length]]
        if length > 0 and sources[length - 1] == i:
            path[length] = j
        else:
            sources[length] = i
            length += 1
            path[length] = j
    return length


@compiled
def _move(weights: Any, plan: Any, over: Any, path: Any, sources: Any, length: int) -> None:
    """Move as much along a path as it carries."""
    end, start = path[0], path[length]
    amount = min(-over[end], over[start])
    for place in range(length):
        amount = min(amount, plan[sources[place], path[place + 1]])
    over[start] -= amount
    over[end] += amount
    for place in range(length):
        i, j = sources[place], path[place + 1]
        plan[i, path[place]] += amount
        plan[i, j] -= amount
        if plan[i, j] <= RESIDUE * weights[i]:
            plan[i, j] = 0.0


@compiled
def _balance(costs: Any, weights: Any, plan: Any, over: Any, prices: Any, links: Any, most: int) -> bool:
    """Make at most so many moves of mass; return whether there is none left to make."""
    k = prices.shape[0]
    extra, movers = links
    distances, before = np.empty(k), np.empty(k, np.int64)
    path, sources = np.empty(k, np.int64), np.empty(k, np.int64)
    for _ in range(most):
        end = _paths(extra, prices, over, distances, before)
        if end < 0:
            return True
        length = _path_to(end, before, movers, path, sources)
        _move(weights, plan, over, path, sources, length)
        for place in range(length + 1):
            _link(costs, plan, path[place], extra, movers)
    return False


def optimal_plan(costs: Float64, weights: Float64, masses: Float64, prices: Float64) -> tuple[Float64, float]:
    """Return the mass that moves from every source to every target at the least cost, and the mass left over.

    What is left over, as a sum of what targets have too much, is the difference of the sums by rounding. It is larger
    where infinite costs bar the way, or where the moves do not end, of which there are 40 for each source and target at
    most. The nearer the prices are to optimal ones, the fewer moves there are; each takes n k steps for a target on its
    path.

    Examples
    --------
    >>> costs = np.array([[0.0, 3.0], [1.0, 2.0], [4.0, 0.0]])
    >>> optimal_plan(costs, np.full(3, 0.25), np.array([0.25, 0.5]), np.zeros(2))[0]
    array([[0.25, 0.  ],
           [0.  , 0.25],
           [0.  , 0.25]])
    """
    n, k = costs.shape
    costs, weights = as_compiled(np.ascontiguousarray(costs), np.ascontiguousarray(weights))
    near = np.argmin(costs - prices, axis=1)
    plan = np.zeros((n, k))
    plan[np.arange(n), near] = weights
    over = np.array([math.fsum(weights[near == j]) for j in range(k)]) - masses
    extra, movers = np.empty((k, k)), np.empty((k, k), np.int64)
    for j in range(k):
        _link(costs, plan, j, extra, movers)
    prices = prices.copy()
    most = max(PIECE_VISITS // (n * k), 1)
    for _ in range(0, MOST_MOVES * (n + k), most):
        if _balance(costs, weights, plan, over, prices, (extra, movers), most):
            break
    return plan, float(over[over > 0].sum())
