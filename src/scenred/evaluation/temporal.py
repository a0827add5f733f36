"""Errors of what happens within a period: ramps, autocorrelation, profile of the day, lulls."""

from __future__ import annotations

import numpy as np

from scenred.arrays import Float64, weighted_sum
from scenred.evaluation.joint import correlation
from scenred.evaluation.set_pair import SetPair, flat
from scenred.kernels.distributions_1d import first_distance
from scenred.model import Score

RAMP_HOURS = (1, 3, 6)
LONGEST_LAG_HOURS = 12
LULL = 0.1


def temporal_scores(pair: SetPair) -> list[Score]:
    """Return the group `time`, by column; lulls also of all columns together."""
    scores: list[Score] = []
    for number, name in enumerate(pair.original.names):
        scores += [ramp_score(pair, number, hours) for hours in RAMP_HOURS]
        one, other = (_autocorrelations(pair, values, masses, number) for values, masses in _both(pair))
        error = float(np.sqrt(np.mean((one - other) ** 2))) if len(one) else None
        scores.append(Score("time", "autocorrelation_error", error, "correlation", name))
        one, other = (weighted_sum(masses, values[:, :, number]) for values, masses in _both(pair))
        scores.append(Score("time", "profile_error", float(np.sqrt(np.mean((one - other) ** 2))), "capacity", name))
        scores.append(_lull_score(name, pair, pair.whole[:, :, number], pair.kept[:, :, number]))
    return [*scores, _lull_score(None, pair, pair.whole.mean(axis=2), pair.kept.mean(axis=2))]


def ramp_score(pair: SetPair, number: int, hours: int) -> Score:
    """Return W_1 between the distributions of the changes over some hours; not defined across periods."""
    lag = round(hours / pair.step_hours)
    value = None
    if abs(lag * pair.step_hours - hours) < 1e-9 and 0 < lag < pair.whole.shape[1]:
        one, other = (v[:, lag:, number] - v[:, :-lag, number] for v, _ in _both(pair))
        value = first_distance(*flat(one, pair.p), *flat(other, pair.q))
    return Score("time", f"ramp_{hours}h_distance", value, "capacity", pair.original.names[number])


def longest_lulls(values: Float64, step_hours: float) -> Float64:
    """Return the longest time below 10 % of capacity within each period [h], shape (n,).

    Examples
    --------
    >>> longest_lulls(np.array([[0.0, 0.05, 0.5, 0.0], [0.2, 0.3, 0.4, 0.5]]), 1.0)
    array([2., 0.])
    """
    current, longest = np.zeros(len(values)), np.zeros(len(values))
    for is_low in (values < LULL).T:
        current = (current + 1) * is_low
        np.maximum(longest, current, out=longest)
    return longest * step_hours


def _lull_score(name: str | None, pair: SetPair, whole: Float64, kept: Float64) -> Score:
    one, other = longest_lulls(whole, pair.step_hours), longest_lulls(kept, pair.step_hours)
    means = float(weighted_sum(pair.p, one)), float(weighted_sum(pair.q, other))
    return Score("time", "lull_distance", first_distance(one, pair.p, other, pair.q), "h", name, *means)


def _autocorrelations(pair: SetPair, values: Float64, masses: Float64, number: int) -> Float64:
    """Correlate steps with those 1, 2, ... steps later, up to 12 hours, within periods."""
    n_lags = min(values.shape[1] - 1, int(LONGEST_LAG_HOURS / pair.step_hours))
    column = values[:, :, number]
    return np.array(
        [correlation(column[:, lag:].ravel(), *flat(column[:, :-lag], masses)) for lag in range(1, n_lags + 1)]
    )


def _both(pair: SetPair) -> list[tuple[Float64, Float64]]:
    return [(pair.whole, pair.p), (pair.kept, pair.q)]
