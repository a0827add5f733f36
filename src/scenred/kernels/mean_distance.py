"""Mean Euclidean distance between two weighted clouds of points, tile by tile, without a matrix of all pairs."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from scenred.arrays import Float64
from scenred.kernels.jit import as_compiled, compiled
from scenred.kernels.threads import map_blocks

TILE = 512


@compiled
def _mean_of_tile(rows: Any, columns: Any, p: Any, q: Any) -> Any:
    """Sum p_i q_j ||rows[i] - columns[:, j]||, four coordinates in one pass over the row's sums."""
    n, d = rows.shape
    whole = d - d % 4
    sums = np.empty(len(q))
    total = 0.0
    for i in range(n):
        sums[:] = 0.0
        for k in range(0, whole, 4):
            a, b, c, e = rows[i, k], rows[i, k + 1], rows[i, k + 2], rows[i, k + 3]
            for j in range(len(sums)):
                first, second = a - columns[k, j], b - columns[k + 1, j]
                third, fourth = c - columns[k + 2, j], e - columns[k + 3, j]
                sums[j] += (first * first + second * second) + (third * third + fourth * fourth)
        for k in range(whole, d):
            for j in range(len(sums)):
                sums[j] += (rows[i, k] - columns[k, j]) ** 2
        of_row = 0.0
        for j in range(len(sums)):
            sums[j] = math.sqrt(sums[j])
        for j in range(len(sums)):
            of_row += q[j] * sums[j]
        total += p[i] * of_row
    return total


def mean_distance(x: Float64, p: Float64, y: Float64, q: Float64, n_threads: int | None = None) -> float:
    """Return sum_ij p_i q_j ||x_i - y_j|| of points `x` of shape (n, d) with masses `p`, and `y`, `q` of shape (m, d).

    With `y` the same object as `x` it is the mean distance within one cloud, for half of the n m d differences. The sum
    does not depend on the threads.

    Examples
    --------
    >>> points, masses = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([0.5, 0.5])
    >>> mean_distance(points, masses, points, masses)
    2.5
    """
    is_one = x is y
    tiles = [(i, j) for i in range(0, len(x), TILE) for j in range(0, len(y), TILE) if not is_one or j >= i]
    return math.fsum(map_blocks(partial(_tile, x, p, y, q, is_one), tiles, n_threads))


def _tile(x: Float64, p: Float64, y: Float64, q: Float64, is_one: bool, at: tuple[int, int]) -> float:
    rows, columns = slice(at[0], at[0] + TILE), slice(at[1], at[1] + TILE)
    arrays = as_compiled(x[rows], np.ascontiguousarray(y[columns].T), p[rows], q[columns])
    return (2.0 if is_one and at[1] > at[0] else 1.0) * float(_mean_of_tile(*arrays))
