"""Mean Euclidean distance between two weighted clouds of points, tile by tile: no matrix of all pairs."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import numpy.typing as npt

from scenred.kernels.compiled import map_blocks
from scenred.kernels.pairwise import costs_between

Float64 = npt.NDArray[np.float64]

TILE = 1024


def mean_distance(x: Float64, p: Float64, y: Float64, q: Float64, n_threads: int | None = None) -> float:
    """Compute sum_ij p_i q_j ||x_i - y_j||.

    Parameters
    ----------
    x, p : ndarray of shapes (n, d) and (n,)
    y, q : ndarray of shapes (m, d) and (m,)
        The same objects as `x` and `p` for the mean distance within one cloud, which halves the work.
    n_threads : int, optional

    Returns
    -------
    float

    Notes
    -----
    n m d differences, half of them within one cloud; 8 MB a thread. Tiles are added in a fixed order, so
    the sum does not depend on the threads.

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
    apart = np.sqrt(costs_between(x[rows], y[columns], 2.0))
    return (2.0 if is_one and at[1] > at[0] else 1.0) * float(p[rows] @ (apart @ q[columns]))
