"""Divergences of each column's values on common bins."""

from __future__ import annotations

import math

import numpy as np

from scenred.arrays import Float64, weighted_sum
from scenred.evaluation.set_pair import SetPair
from scenred.model import Score

N_BINS = 50
# Share of a uniform distribution that is mixed in, so that Kullback-Leibler stays finite.
SMOOTHING = 1e-6


def divergence_scores(pair: SetPair) -> list[Score]:
    """Return both Kullback-Leibler divergences (smoothed) and Jensen-Shannon (not smoothed), by column."""
    scores = []
    for number, name in enumerate(pair.original.names):
        one, other = shares_on_bins(*pair.column(number))
        smooth_one, smooth_other = _smoothed(one), _smoothed(other)
        middle = (one + other) / 2
        values = {
            "kullback_leibler": kullback_leibler(smooth_one, smooth_other),
            "kullback_leibler_reverse": kullback_leibler(smooth_other, smooth_one),
            "jensen_shannon": (kullback_leibler(one, middle) + kullback_leibler(other, middle)) / 2,
        }
        scores += [Score("divergences", what, max(value, 0.0), "nat", name) for what, value in values.items()]
    return scores


def shares_on_bins(x: Float64, p: Float64, y: Float64, q: Float64) -> tuple[Float64, Float64]:
    """Return both distributions on 50 bins of equal width over the range of all values.

    Values of probability zero are not there any more, so they do not widen the range.
    """
    low, high = min(x.min(), y.min()), max(x.max(), y.max())
    if low == high:
        return np.ones(1), np.ones(1)
    one, other = (np.histogram(values, N_BINS, (low, high), weights=masses)[0] for values, masses in ((x, p), (y, q)))
    return one / one.sum(), other / other.sum()


def kullback_leibler(one: Float64, other: Float64) -> float:
    """Compute sum_b one_b ln(one_b / other_b) [nat]; infinite where `other` lacks mass.

    Examples
    --------
    >>> kullback_leibler(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    inf
    """
    has_mass = one > 0
    if (other[has_mass] == 0).any():
        return math.inf
    return float(weighted_sum(one[has_mass], np.log(one[has_mass] / other[has_mass])))


def _smoothed(shares: Float64) -> Float64:
    return np.asarray((1 - SMOOTHING) * shares + SMOOTHING / len(shares))
