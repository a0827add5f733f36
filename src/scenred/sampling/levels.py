"""Quantile functions as lines between levels: their value at a level, and the level of a value."""

from __future__ import annotations

import numpy as np

from scenred.arrays import Float64


def values_at(levels: Float64, quantiles: Float64, wanted: Float64) -> Float64:
    """Return the quantiles at the wanted levels, shape (..., n).

    The levels, shape (n_levels,), increase from 0 to 1; the quantiles have shape (..., n_levels); `wanted`, 0 to 1, has
    shape (..., n), its leading axes as those of the quantiles, or 1.

    Examples
    --------
    >>> values_at(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.0, 4.0]), np.array([0.25, 0.75]))
    array([0., 2.])
    """
    wanted = np.broadcast_to(wanted, (*quantiles.shape[:-1], np.shape(wanted)[-1]))
    piece = np.clip(np.searchsorted(levels, wanted, side="right") - 1, 0, len(levels) - 2)
    share = (wanted - levels[piece]) / (levels[piece + 1] - levels[piece])
    low = np.take_along_axis(quantiles, piece, -1)
    return np.asarray(low + share * (np.take_along_axis(quantiles, piece + 1, -1) - low))


def ranks_of(levels: Float64, quantiles: Float64, values: Float64, share: Float64 | float = 0.5) -> Float64:
    """Return P(X < x) + share P(X = x) for each value, under its own quantile function.

    Levels and quantiles are those of `values_at`; values, shares and the result have the quantiles' leading axes.

    Examples
    --------
    >>> atom_below = np.array([[0.0, 0.0, 4.0]])
    >>> [ranks_of(np.array([0.0, 0.5, 1.0]), atom_below, np.array([x]))[0] for x in (0.0, 2.0)]
    [np.float64(0.25), np.float64(0.75)]
    """
    x = values[..., None]
    under = (quantiles < x).sum(-1)
    upto = (quantiles <= x).sum(-1)
    n = len(levels)
    left, right = np.clip(under - 1, 0, n - 1), np.clip(under, 0, n - 1)
    low = np.take_along_axis(quantiles, left[..., None], -1)[..., 0]
    high = np.take_along_axis(quantiles, right[..., None], -1)[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(high > low, (values - low) / (high - low), 0.0)
    between = levels[left] + np.clip(inside, 0, 1) * (levels[right] - levels[left])
    is_at = upto > under
    at = levels[right] + np.asarray(share) * (levels[np.clip(upto - 1, 0, n - 1)] - levels[right])
    return np.where(is_at, at, np.where(under == 0, 0.0, np.where(under == n, 1.0, between)))
