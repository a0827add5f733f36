"""Distances and scores of two weighted distributions on the line, from their merged steps.

With F and G the two distribution functions (C. Villani, "Topics in optimal transportation", 2003, section
2.2; G. Szekely and M. Rizzo, "Energy statistics", Journal of Statistical Planning and Inference 143, 2013,
doi 10.1016/j.jspi.2013.03.018):

    W_1 = int |F - G| dx,    W_r^r = int |F^-1(u) - G^-1(u)|^r du,
    2 E|X - Y| - E|X - X'| - E|Y - Y'| = 2 int (F - G)^2 dx

Equal inputs give exactly 0: both functions are summed in the same order. Arguments: values `x` and masses `p` of one
distribution, shape (n,), `y` and `q` of the other, shape (m,). A function costs a few sorts.
"""

from __future__ import annotations

import numpy as np

from scenred.arrays import Float64, weighted_sum


def merged_steps(x: Float64, p: Float64, y: Float64, q: Float64) -> tuple[Float64, Float64, Float64]:
    """Return the gaps between the values of both, and F and G on each gap, each of shape (n + m - 1,).

    Examples
    --------
    >>> merged_steps(np.zeros(1), np.ones(1), np.array([1.0, 3.0]), np.full(2, 0.5))
    (array([1., 2.]), array([1., 1.]), array([0. , 0.5]))
    """
    values = np.concatenate([x, y])
    order = np.argsort(values, kind="stable")
    of_one = np.concatenate([p, np.zeros(len(y))])[order]
    of_other = np.concatenate([np.zeros(len(x)), q])[order]
    return np.diff(values[order]), np.cumsum(of_one)[:-1], np.cumsum(of_other)[:-1]


def first_distance(x: Float64, p: Float64, y: Float64, q: Float64) -> float:
    """Return W_1 of two weighted distributions on the line.

    Examples
    --------
    >>> first_distance(np.zeros(1), np.ones(1), np.array([1.0, 3.0]), np.full(2, 0.5))
    2.0
    """
    gaps, F, G = merged_steps(x, p, y, q)
    return float(weighted_sum(gaps, np.abs(F - G)))


def order_distance(x: Float64, p: Float64, y: Float64, q: Float64, order: float) -> float:
    """Return W_r^r of two weighted distributions on the line, without the root.

    Examples
    --------
    >>> order_distance(np.zeros(1), np.ones(1), np.array([1.0, 3.0]), np.full(2, 0.5), 2.0)
    5.0
    """
    if order == 1:
        return first_distance(x, p, y, q)
    sorted_x, shares_x = cumulated(x, p)
    sorted_y, shares_y = cumulated(y, q)
    levels = np.sort(np.concatenate([shares_x, shares_y]))
    widths = np.diff(levels, prepend=0.0)
    apart = at_levels(sorted_x, shares_x, levels) - at_levels(sorted_y, shares_y, levels)
    return float(weighted_sum(widths, np.abs(apart) ** order))


def cumulated(values: Float64, masses: Float64) -> tuple[Float64, Float64]:
    """Return the sorted values, and the distribution function at each; the last is exactly 1."""
    order = np.argsort(values, kind="stable")
    shares = np.cumsum(masses[order])
    return values[order], shares / shares[-1]


def at_levels(values: Float64, shares: Float64, levels: Float64) -> Float64:
    """Return the quantiles at levels from 0 to 1: the smallest value whose share reaches each, up to rounding.

    `values` and `shares` are those of `cumulated`.

    Examples
    --------
    >>> at_levels(*cumulated(np.array([3.0, 1.0]), np.array([0.25, 0.75])), np.array([0.5, 0.75, 0.8]))
    array([1., 1., 3.])
    """
    places = np.searchsorted(shares, levels - 1e-12)
    return np.asarray(values[np.minimum(places, len(values) - 1)])


def mean_absolute_to(x: Float64, p: Float64) -> Float64:
    """Return the mean absolute difference of each value k to all: sum_i p_i |x_i - x_k|.

    Examples
    --------
    >>> mean_absolute_to(np.array([0.0, 1.0, 4.0]), np.array([0.5, 0.25, 0.25]))
    array([1.25, 1.25, 2.75])
    """
    order = np.argsort(x, kind="stable")
    out = np.empty(len(x))
    out[order] = _mean_absolute(x[order], p[order])
    return out


def _mean_absolute(x: Float64, p: Float64) -> Float64:
    """Return x_k (2 P_k - 1) + S - 2 S_k for sorted values, cumulated masses P and cumulated moments S."""
    shares, moments = np.cumsum(p), np.cumsum(p * x)
    return np.asarray(x * (2 * shares - shares[-1]) + moments[-1] - 2 * moments)


def first_sums(x: Float64, p: Float64, y: Float64, q: Float64) -> tuple[float, float, Float64]:
    """Return W_1, int (F - G)^2 dx, and `mean_absolute_to(x, p)`.

    Examples
    --------
    >>> first_sums(np.array([3.0, 1.0]), np.full(2, 0.5), np.zeros(1), np.ones(1))
    (2.0, 1.5, array([1., 1.]))
    """
    order, order_y = np.argsort(x, kind="stable"), np.argsort(y, kind="stable")
    x, p = x[order], p[order]
    means = np.empty(len(x))
    means[order] = _mean_absolute(x, p)
    gaps, F, G = merged_steps(x, p, y[order_y], q[order_y])
    apart = F - G
    return float(weighted_sum(gaps, np.abs(apart))), float(weighted_sum(gaps, apart**2)), means
