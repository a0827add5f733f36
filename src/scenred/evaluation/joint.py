"""Errors of what columns do together: correlations, and low wind with low PV."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from scenred.arrays import Float64, weighted_sum
from scenred.evaluation.set_pair import SetPair, flat
from scenred.kernels.distributions_1d import at_levels, cumulated
from scenred.model import Score

LOW_STEP = 0.1
LOW_PERIODS = 0.25


def joint_scores(pair: SetPair) -> list[Score]:
    """Return the group `together`: errors of correlation by pair of columns, and of low wind with low PV."""
    kinds = [column.kind for column in pair.original.columns]
    scores = pearson_scores(pair)
    ranked = [
        [_ranks(*flat(values[:, :, c], masses)) for c in range(len(kinds))]
        for values, masses in ((pair.whole, pair.p), (pair.kept, pair.q))
    ]
    scores += _correlation_scores("spearman_error", pair, *ranked)
    if {"wind", "pv"} <= set(kinds):
        scores += _coincidence(pair, *(np.array([kind == want for kind in kinds]) for want in ("wind", "pv")))
    return scores


def pearson_scores(pair: SetPair) -> list[Score]:
    """Return the error of Pearson's correlation of every pair of columns."""
    both = [[values[:, :, c].ravel() for c in range(values.shape[2])] for values in (pair.whole, pair.kept)]
    return _correlation_scores("pearson_error", pair, *both)


def correlation(x: Float64, y: Float64, masses: Float64) -> float:
    """Compute Pearson's correlation with masses; 0 where one of them is constant.

    Examples
    --------
    >>> round(correlation(np.array([0.0, 1.0, 2.0]), np.array([0.0, 2.0, 4.0]), np.full(3, 1 / 3)), 12)
    1.0
    """
    if x.min() == x.max() or y.min() == y.max():
        return 0.0
    total = masses.sum()
    x, y = x - weighted_sum(masses, x) / total, y - weighted_sum(masses, y) / total
    apart = np.sqrt(weighted_sum(masses, x * x) * weighted_sum(masses, y * y))
    return float(weighted_sum(masses, x * y) / apart)


def _ranks(values: Float64, masses: Float64) -> Float64:
    """Return the mass below each value plus half the mass at it."""
    unique, inverse = np.unique(values, return_inverse=True)
    at = np.bincount(inverse, masses, len(unique))
    return np.asarray((np.cumsum(at) - at / 2)[inverse])


def _correlation_scores(what: str, pair: SetPair, whole: list[Float64], kept: list[Float64]) -> list[Score]:
    steps = pair.whole.shape[1]
    p, q = np.repeat(pair.p / steps, steps), np.repeat(pair.q / steps, steps)
    names = pair.original.names
    scores = []
    for a, b in combinations(range(len(names)), 2):
        one, other = correlation(whole[a], whole[b], p), correlation(kept[a], kept[b], q)
        between = f"{names[a]}, {names[b]}"
        scores.append(Score("together", what, other - one, "correlation", between, one, other))
    return scores


def _coincidence(pair: SetPair, is_wind: npt.NDArray[np.bool_], is_pv: npt.NDArray[np.bool_]) -> list[Score]:
    """Compare the share of steps, and of periods, in which wind and PV are low together."""
    wind, pv = ([v[:, :, which].mean(axis=2) for v in (pair.whole, pair.kept)] for which in (is_wind, is_pv))
    p, q = pair.p, pair.q
    steps = [
        float(weighted_sum(masses, ((w < LOW_STEP) & (s < LOW_STEP)).mean(axis=1)))
        for w, s, masses in zip(wind, pv, (p, q), strict=True)
    ]
    limits = [at_levels(*cumulated(v[0].mean(axis=1), p), np.array([LOW_PERIODS]))[0] for v in (wind, pv)]
    periods = [
        float(weighted_sum(masses, (w.mean(axis=1) <= limits[0]) & (s.mean(axis=1) <= limits[1])))
        for w, s, masses in zip(wind, pv, (p, q), strict=True)
    ]
    return [
        Score("together", f"low_{what}_error", reduced - original, "share", None, original, reduced)
        for what, (original, reduced) in (("steps", steps), ("periods", periods))
    ]
