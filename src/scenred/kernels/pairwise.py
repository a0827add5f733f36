"""All pairs of L_r costs between points, blocked for the cache and mirrored.

For one row and one coordinate of a tile the inner loop runs over the columns of the tile, which are contiguous in
memory. The processor adds them in parallel without reordering a sum, so a cost does not depend on its tile or thread.
Sums are float64; only the finished cost is rounded to float32.

Arguments: finite points of shape (n, d), copied unless float64 in Fortran order; others of shape (m, d); the order
r >= 1. Orders 1 and 2 have their own loops, others need the slower power function.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from scenred.arrays import Float32, Float64
from scenred.kernels.jit import compiled
from scenred.kernels.threads import map_blocks

TILE = 128


@compiled
def _add_absolute(row: Any, columns: Any, first: int, sums: Any) -> None:
    """Add sum_d abs(row[d] - columns[d, first + j]) to sums[j], four coordinates in one pass over `sums`."""
    width = sums.shape[0]
    whole = row.shape[0] - row.shape[0] % 4
    for dim in range(0, whole, 4):
        a, b, c, d = row[dim], row[dim + 1], row[dim + 2], row[dim + 3]
        others_a = columns[dim, first : first + width]
        others_b = columns[dim + 1, first : first + width]
        others_c = columns[dim + 2, first : first + width]
        others_d = columns[dim + 3, first : first + width]
        for j in range(width):
            sums[j] += (abs(a - others_a[j]) + abs(b - others_b[j])) + (abs(c - others_c[j]) + abs(d - others_d[j]))
    for dim in range(whole, row.shape[0]):
        others = columns[dim, first : first + width]
        for j in range(width):
            sums[j] += abs(row[dim] - others[j])


@compiled
def _add_powers(row: Any, columns: Any, order: float, first: int, sums: Any) -> None:
    """Add sum_d abs(row[d] - columns[d, first + j])**order to sums[j]."""
    width = sums.shape[0]
    for dim in range(row.shape[0]):
        value = row[dim]
        others = columns[dim, first : first + width]
        if order == 2.0:
            for j in range(width):
                sums[j] += (value - others[j]) * (value - others[j])
        else:
            for j in range(width):
                sums[j] += abs(value - others[j]) ** order


@compiled
def _fill_tile(rows: Any, columns: Any, order: float, first: int, out: Any) -> None:
    """Write sum_d abs(rows[i, d] - columns[d, first + j])**order to out[i, j]; `out` is a view."""
    n_rows, width = out.shape
    sums = np.empty(width)
    for i in range(n_rows):
        sums[:] = 0.0
        if order == 1.0:
            _add_absolute(rows[i], columns, first, sums)
        else:
            _add_powers(rows[i], columns, order, first, sums)
        for j in range(width):
            out[i, j] = sums[j]


@compiled
def _fill_band(points: Any, columns: Any, order: float, tile: int, out: Any, first: int) -> int:
    """Fill rows first .. first + tile of `out` from the diagonal on, and their mirror image; return `first`."""
    n = points.shape[0]
    stop = min(first + tile, n)
    for left in range(first, n, tile):
        right = min(left + tile, n)
        _fill_tile(points[first:stop], columns, order, left, out[first:stop, left:right])
        if left > first:
            for j in range(left, right):
                for i in range(first, stop):
                    out[j, i] = out[i, j]
    return first


def pairwise_costs(
    points: Float64,
    order: float,
    *,
    n_threads: int | None = None,
    on_fraction: Callable[[float], None] | None = None,
) -> Float32:
    """Return the L_r cost of every pair of points, to the power r, rounded to float32.

    out[i, j] = sum_d abs(points[i, d] - points[j, d])**r, symmetric with a zero diagonal: n**2 d / 2 differences and
    4 n**2 bytes. `on_fraction` is called with the share of the pairs that are done, from 0 to 1.

    Examples
    --------
    >>> pairwise_costs(np.array([[0.0, 0.0], [1.0, 2.0]]), 1.0)
    array([[0., 3.],
           [3., 0.]], dtype=float32)
    """
    n = len(points)
    rows = np.asfortranarray(points, dtype=np.float64)  # its transpose is contiguous without a copy
    out = np.empty((n, n), dtype=np.float32)
    fill = partial(_fill_band, rows, rows.T, float(order), TILE, out)
    for first in map_blocks(fill, range(0, n, TILE), n_threads):
        if on_fraction is not None:
            on_fraction(1.0 - (max(n - first - TILE, 0) / n) ** 2)
    return out


def costs_between(points: Float64, others: Float64, order: float) -> Float64:
    """Return the L_r cost of every point to a few others, to the power r, shape (n, m), float64: n m d differences.

    Examples
    --------
    >>> costs_between(np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[1.0, 2.0]]), 1.0)
    array([[3.],
           [0.]])
    """
    rows = np.asfortranarray(points, dtype=np.float64)
    out = np.empty((len(rows), len(others)))
    _fill_tile(rows, np.ascontiguousarray(others.T), float(order), 0, out)
    return out
