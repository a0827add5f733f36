"""Proper scores of the reduced set as a forecast of the original's scenarios."""

from __future__ import annotations

import numpy as np

from scenred.arrays import Float64, weighted_sum
from scenred.evaluation.set_pair import SetPair
from scenred.kernels.distributions_1d import merged_steps
from scenred.kernels.mean_distance import mean_distance
from scenred.kernels.variogram import variogram_sums
from scenred.model import Score


def proper_scores(pair: SetPair, n_threads: int | None) -> list[Score]:
    """Return energy score, variogram score and CRPS, each also as the excess over the original's own score."""
    x, y = _points(pair.whole), _points(pair.kept)
    own = mean_distance(x, pair.p, x, pair.p, n_threads) / 2
    energy = energy_score(x, pair.p, y, pair.q, n_threads)
    excess, spread = variogram_sums(x, pair.p, y, pair.q, n_threads)
    scores = [
        Score("scores", "energy_score", energy, "capacity"),
        Score("scores", "energy_score_excess", max(energy - own, 0.0), "capacity"),
        Score("scores", "variogram_score", excess + spread, "capacity"),
        Score("scores", "variogram_score_excess", excess, "capacity"),
    ]
    for number, name in enumerate(pair.original.names):
        value, above = crps(pair.whole[:, :, number], pair.p, pair.kept[:, :, number], pair.q)
        scores.append(Score("scores", "crps", value, "capacity", name))
        scores.append(Score("scores", "crps_excess", above, "capacity", name))
    return scores


def energy_score(x: Float64, p: Float64, y: Float64, q: Float64, n_threads: int | None = None) -> float:
    """Compute sum_ij p_i q_j ||x_i - y_j|| - 1/2 sum_jk q_j q_k ||y_j - y_k||; x are the observations."""
    return mean_distance(x, p, y, q, n_threads) - mean_distance(y, q, y, q, n_threads) / 2


def energy_excess(pair: SetPair, own: float) -> Score:
    """Return the excess of the energy score over `own`, that of the original against itself."""
    value = energy_score(_points(pair.whole), pair.p, _points(pair.kept), pair.q) - own
    return Score("scores", "energy_score_excess", max(value, 0.0), "capacity")


def own_energy_score(pair: SetPair) -> float:
    """Compute the energy score of the original against itself: half its mean distance."""
    x = _points(pair.whole)
    return mean_distance(x, pair.p, x, pair.p) / 2


def _points(values: Float64) -> Float64:
    return np.ascontiguousarray(values.reshape(len(values), -1))


def crps(x: Float64, p: Float64, y: Float64, q: Float64) -> tuple[float, float]:
    """Average int (F - G)^2 + F (1 - F) over the steps of one column, and its first part alone.

    x of shape (n, t) are the observations, y of shape (m, t) the forecast's members, p and q their masses.
    """
    total = above = 0.0
    for step in range(x.shape[1]):
        gaps, F, G = merged_steps(x[:, step], p, y[:, step], q)
        apart = float(weighted_sum(gaps, (F - G) ** 2))
        above += apart
        total += apart + float(weighted_sum(gaps, F * (1 - F)))
    return total / x.shape[1], above / x.shape[1]
