"""Seeded medoids for the start of a search, and the loss of every candidate as the only medoid.

The start is the k-means++ rule on costs: D. Arthur and S. Vassilvitskii, "k-means++: the advantages of
careful seeding", SODA 2007. Arguments: costs[j, i] of serving point i by candidate j, shape (n, n), float32;
`weights` of shape (n,), at least 0, not all 0.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from scenred.arrays import Float32, Float64, Int64
from scenred.kernels.jit import as_compiled, compiled
from scenred.kernels.threads import for_bands


@compiled
def _spread_start(costs: Any, weights: Any, medoids: Any, n_fixed: int, uniforms: Any) -> None:
    """Fill the slots from n_fixed on by the k-means++ rule: a point's chance is weight times cost.

    The first medoid is drawn by weight alone. If all costs are 0, the lowest free index is taken.
    """
    n = costs.shape[1]
    near_cost = np.ones(n)
    free = np.ones(n, np.bool_)
    for slot in range(medoids.shape[0]):
        if slot >= n_fixed:
            total = 0.0
            for i in range(n):
                total += weights[i] * near_cost[i]
            goal = uniforms[slot] * total
            choice = -1
            reached = 0.0
            for i in range(n):
                chance = weights[i] * near_cost[i]
                reached += chance
                if free[i] and chance > 0.0:
                    choice = i
                    if reached > goal:
                        break
            if choice < 0:
                choice = int(np.argmax(free))
            medoids[slot] = choice
        row = costs[medoids[slot]]
        free[medoids[slot]] = False
        for i in range(n):
            near_cost[i] = row[i] if slot == 0 else min(near_cost[i], row[i])


@compiled
def _served_alone(costs: Any, weights: Any, out: Any, first: int, stop: int) -> None:
    """Write the loss of each candidate as the only medoid."""
    for candidate in range(first, stop):
        row = costs[candidate]
        even = 0.0
        odd = 0.0
        for i in range(0, row.shape[0] - 1, 2):
            even += weights[i] * row[i]
            odd += weights[i + 1] * row[i + 1]
        if row.shape[0] % 2 == 1:
            even += weights[-1] * row[-1]
        out[candidate] = even + odd


def spread_start(costs: Float32, weights: Float64, fixed: Int64, k: int, seed: np.random.Generator) -> Int64:
    """Draw k distinct medoids by the k-means++ rule, the `fixed` first; O(n k) steps and k uniform numbers of `seed`.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0))).astype(np.float32)
    >>> spread_start(line, np.ones(4), np.array([3]), 2, np.random.default_rng(0))
    array([3, 0])
    """
    medoids = np.empty(k, np.int64)
    medoids[: len(fixed)] = fixed
    costs, weights = as_compiled(costs, weights)
    _spread_start(costs, weights, medoids, len(fixed), seed.random(k))
    return medoids


def served_alone(costs: Float32, weights: Float64, n_threads: int | None = None) -> Float64:
    """Return the loss of every candidate as the only medoid, sum_i weight_i costs[j, i], shape (n,); O(n**2) steps.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0))).astype(np.float32)
    >>> served_alone(line, np.ones(4))
    array([6., 4., 4., 6.])
    """
    out = np.empty(len(costs))
    costs, weights = as_compiled(costs, weights)
    for_bands(partial(_served_alone, costs, weights, out), len(costs), n_threads)
    return out
