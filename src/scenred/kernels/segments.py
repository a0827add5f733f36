"""The best N contiguous groups of sorted weighted values: exact k-medians and k-means on the line.

An optimal quantiser of a sample has contiguous cells, so dynamic programming over the last cell finds the
optimum: D[q][j] = min_i D[q-1][i] + cost(i, j). The cost satisfies the quadrangle inequality, so the best i never
decreases with j, and each layer takes n log n costs by divide and conquer (X. Wu, "Optimal quantization by
matrix searching", Journal of Algorithms 12, 1991, doi 10.1016/0196-6774(91)90039-2; A. Groenlund et al., "Fast
exact k-means, k-medians and Bregman divergence clustering in 1D", arXiv 1701.07204).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenred.kernels.compiled import as_compiled, compiled

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]


@compiled
def _median(i: int, j: int, through: Any) -> int:
    """Find the weighted median of values i to j-1, the lower one of two."""
    half = 0.5 * (through[i] + through[j])
    low, high = i, j - 1
    while low < high:
        middle = (low + high) // 2
        if through[middle + 1] >= half:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def _cost(i: int, j: int, x: Any, through: Any, firsts: Any, seconds: Any, order: int) -> Any:
    """Give the least sum of w |x - z|^order over values i to j-1; the last three arrays cumulate w, w x, w x^2."""
    if order == 2:
        mass, first = through[j] - through[i], firsts[j] - firsts[i]
        return max(seconds[j] - seconds[i] - first * first / mass, 0.0)
    m = _median(i, j, through)
    z = x[m]
    left = z * (through[m] - through[i]) - (firsts[m] - firsts[i])
    right = firsts[j] - firsts[m] - z * (through[j] - through[m])
    return max(left + right, 0.0)


@compiled
def _layers(k: int, x: Any, through: Any, firsts: Any, seconds: Any, order: int, splits: Any) -> None:
    """Write into splits[q, j] where the last of q+1 groups of the first j values begins."""
    n = len(x)
    before = np.empty(n + 1)
    now = np.empty(n + 1)
    stack = np.empty((128, 4), np.int64)
    before[0] = 0.0
    for j in range(1, n + 1):
        before[j] = _cost(0, j, x, through, firsts, seconds, order)
        splits[0, j] = 0
    for q in range(1, k):
        stack[0, 0], stack[0, 1], stack[0, 2], stack[0, 3] = q + 1, n, q, n - 1
        top = 1
        while top:
            top -= 1
            first, last, low, high = stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3]
            if first > last:
                continue
            j = (first + last) // 2
            best, at = np.inf, low
            for i in range(low, min(high, j - 1) + 1):
                value = before[i] + _cost(i, j, x, through, firsts, seconds, order)
                if value < best:
                    best, at = value, i
            now[j], splits[q, j] = best, at
            stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = first, j - 1, low, at
            top += 1
            stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = j + 1, last, at, high
            top += 1
        before[:] = now


def best_segments(values: Float64, weights: Float64, k: int, order: int) -> tuple[Int64, Float64]:
    """Cut sorted values into the k groups of least total cost.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Increasing, each once.
    weights : ndarray of shape (n,)
        Above 0.
    k : int
        From 1 to n.
    order : {1, 2}
        1: sum of w |x - median|; 2: sum of w (x - mean)^2.

    Returns
    -------
    begins : ndarray of shape (k,)
        Index of the first value of each group.
    centres : ndarray of shape (k,)
        Median (the lower one) or mean of each group.

    Notes
    -----
    k n log n costs, each of which at order 1 looks for a median in log n steps; 4 k n bytes.

    Examples
    --------
    >>> best_segments(np.array([0.0, 1.0, 8.0, 9.0]), np.ones(4), 2, 2)
    (array([0, 2]), array([0.5, 8.5]))
    """
    n = len(values)
    middle = float(weights @ values / weights.sum())
    x = values - middle  # sums of squares lose fewer digits around 0
    moments = (weights, weights * x, weights * x * x)
    through, firsts, seconds = (np.concatenate([[0.0], np.cumsum(terms)]) for terms in moments)
    splits = np.zeros((k, n + 1), np.int32)
    x, through, firsts, seconds = as_compiled(x, through, firsts, seconds)
    _layers(k, x, through, firsts, seconds, order, splits)
    begins = np.empty(k, np.int64)
    end = n
    for q in range(k - 1, -1, -1):
        end = begins[q] = splits[q, end]
    ends = np.append(begins[1:], n)
    if order == 2:
        centres = [np.average(values[i:j], weights=weights[i:j]) for i, j in zip(begins, ends, strict=True)]
    else:
        centres = [values[_median(int(i), int(j), through)] for i, j in zip(begins, ends, strict=True)]
    return begins, np.array(centres, dtype=np.float64)
