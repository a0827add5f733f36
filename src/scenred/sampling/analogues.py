"""Margins from the hours whose forecasts were most like this one: their errors, or a beta distribution of them.

`beta`: A. Fabbri, T. Gomez San Roman, J. Rivier Abbad, V. Mendez Quezada, "Assessment of the cost associated with wind
generation prediction errors in a liberalized electricity market", IEEE Transactions on Power Systems 20, 2005, doi
10.1109/TPWRS.2005.852148: the usual parametric form, by mean and variance given the forecast level; hours at either
bound stay atoms.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenred.arrays import Bool, Float64, Int64
from scenred.sampling.levels import ranks_of

LEVELS = np.concatenate([[0.0, 0.005], np.arange(1, 50) / 50 - 0.01, [0.99, 0.995, 1.0]])
# Hours before and after the step whose errors count as its own.
NEIGHBOUR_HOURS = 2
# Number of similar hours that make a margin, at most a tenth of all.
N_SIMILAR, LARGEST_SHARE = 100, 0.1


def fit_similar(
    forecast: Float64, actual: Float64, dark: Bool, quantiles_of: Callable[[Float64], Float64]
) -> tuple[Float64, Callable[[Float64], Float64], Float64]:
    """Sort the past hours of every step by forecast, so that similar ones are neighbours; see `fit_margins`.

    `quantiles_of` goes from the observations after similar forecasts, shape (n, m), to quantiles of shape
    (n, n_levels). The ranks come from margins that know the value itself.
    """
    n_steps, n_columns = forecast.shape[1:]
    pools = {}
    for column in range(n_columns):
        for step in range(n_steps):
            nearby = np.arange(max(step - NEIGHBOUR_HOURS, 0), min(step + NEIGHBOUR_HOURS + 1, n_steps))
            light = ~dark[:, nearby, column]
            if not light.any():
                continue
            f, a = forecast[:, nearby, column][light], actual[:, nearby, column][light]
            order = np.argsort(f, kind="stable")
            pools[step, column] = f[order], a[order]

    def predict(wanted: Float64) -> Float64:
        out = np.zeros((*wanted.shape, len(LEVELS)))
        for (step, column), (f, a) in pools.items():
            x, near = wanted[:, step, column], _nearest(f, wanted[:, step, column])
            moved = np.clip(x[:, None] + (a[near] - f[near]), 0.0, 1.0)
            # an hour at a bound stays there: its error belongs to its own forecast, the atom to all like it
            observed = np.where((a[near] == 0) | (a[near] == 1), a[near], moved)
            out[:, step, column] = quantiles_of(np.sort(observed, axis=1))
        return out

    quantiles = np.sort(predict(forecast), axis=-1)
    return LEVELS, predict, ranks_of(LEVELS, quantiles, actual)


def _nearest(sorted_values: Float64, x: Float64) -> Int64:
    """Return the places of the values nearest to each x, which are neighbours; shape (n, m)."""
    n = len(sorted_values)
    size = int(np.clip(LARGEST_SHARE * n, min(n, 20), N_SIMILAR))
    firsts = np.clip(np.searchsorted(sorted_values, x)[:, None] - np.arange(size, -1, -1), 0, n - size)
    reach = np.maximum(
        np.abs(x[:, None] - sorted_values[firsts]), np.abs(sorted_values[firsts + size - 1] - x[:, None])
    )
    best = np.take_along_axis(firsts, np.argmin(reach, axis=1)[:, None], 1)
    return np.asarray(best + np.arange(size), dtype=np.int64)


def sample_quantiles(observed: Float64) -> Float64:
    """Return the quantiles of the values themselves; beyond the outermost the margin ends."""
    places = np.clip(LEVELS * observed.shape[1] - 0.5, 0, observed.shape[1] - 1)
    low = np.floor(places).astype(np.int64)
    high = np.minimum(low + 1, observed.shape[1] - 1)
    return np.asarray(observed[:, low] + (places - low) * (observed[:, high] - observed[:, low]))


def beta_quantiles(observed: Float64) -> Float64:
    """Return the quantiles of a beta distribution with the mean and variance of what lies between the bounds."""
    from scipy.special import betaincinv

    inside = (observed > 0) & (observed < 1)
    count = np.maximum(inside.sum(1), 1)
    mean = np.where(inside, observed, 0).sum(1) / count
    mean = np.clip(mean, 1e-6, 1 - 1e-6)
    variance = np.where(inside, (observed - mean[:, None]) ** 2, 0).sum(1) / count
    variance = np.clip(variance, 1e-8, 0.98 * mean * (1 - mean))
    size = mean * (1 - mean) / variance - 1
    empty, full = ((observed == bound).mean(1)[:, None] for bound in (0.0, 1.0))
    rest = np.maximum(1 - empty - full, 1e-12)
    shares = np.clip((LEVELS - empty) / rest, 0.0, 1.0)
    shares[shares < 1e-12] = 0.0  # rounding, which the inverse does not take
    return np.asarray(betaincinv((mean * size)[:, None], ((1 - mean) * size)[:, None], shares))
