"""Errors of each column's values: mean, spread, quantiles, duration curve, extremes."""

from __future__ import annotations

import math

import numpy as np

from scenred.arrays import Float64, weighted_sum
from scenred.evaluation.set_pair import SetPair
from scenred.kernels.distributions_1d import at_levels, cumulated, order_distance
from scenred.model import Score

QUANTILES = (0.05, 0.5, 0.95)


def marginal_scores(pair: SetPair) -> list[Score]:
    """Return the group `marginal`, by column; the energies also of all columns together."""
    scores = []
    for number, name in enumerate(pair.original.names):
        x, p, y, q = pair.column(number)
        spreads = (_spread(values, masses) for values, masses in ((x, p), (y, q)))
        scores += [
            mean_error(pair, number),
            _relative("deviation_error", name, *spreads),
            *_quantile_errors(name, x, p, y, q),
            curve_error(pair, number),
            _difference("largest_value_error", name, float(x.max()), float(y.max())),
            _difference("smallest_value_error", name, float(x.min()), float(y.min())),
        ]
    return scores + energy_extremes(pair)


def curve_error(pair: SetPair, number: int) -> Score:
    """Return the root mean square difference of the two duration curves: W_2 of the values."""
    distance = math.sqrt(order_distance(*pair.column(number), 2))
    return Score("marginal", "duration_curve_rmse", distance, "capacity", pair.original.names[number])


def energy_extremes(pair: SetPair) -> list[Score]:
    """Compare the largest and smallest energy of a period, as mean capacity factor, by column and of all."""
    whole, kept = pair.whole.mean(axis=1), pair.kept.mean(axis=1)
    pairs: list[tuple[str | None, Float64, Float64]] = [(None, whole.mean(axis=1), kept.mean(axis=1))]
    if whole.shape[1] > 1:
        pairs += [(name, whole[:, c], kept[:, c]) for c, name in enumerate(pair.original.names)]
    return [
        _difference(f"{what}_energy_error", name, float(pick(one)), float(pick(other)))
        for name, one, other in pairs
        for what, pick in (("largest", np.max), ("smallest", np.min))
    ]


def mean_error(pair: SetPair, number: int) -> Score:
    """Return the error of a column's mean, and so of its energy, relative to the original's."""
    x, p, y, q = pair.column(number)
    return _relative("energy_error", pair.original.names[number], float(weighted_sum(p, x)), float(weighted_sum(q, y)))


def _spread(values: Float64, masses: Float64) -> float:
    return math.sqrt(weighted_sum(masses, (values - weighted_sum(masses, values)) ** 2))


def _quantile_errors(name: str, x: Float64, p: Float64, y: Float64, q: Float64) -> list[Score]:
    levels = np.array(QUANTILES)
    one, other = at_levels(*cumulated(x, p), levels), at_levels(*cumulated(y, q), levels)
    return [
        _difference(f"quantile_{level * 100:02.0f}_error", name, float(a), float(b))
        for level, a, b in zip(QUANTILES, one, other, strict=True)
    ]


def _relative(what: str, name: str, original: float, reduced: float) -> Score:
    """Divide the difference by the original; not defined where that is 0 and the reduced set is not."""
    value = 0.0 if original == reduced else None if original == 0 else (reduced - original) / abs(original)
    return Score("marginal", what, value, "share", name, original, reduced)


def _difference(what: str, name: str | None, original: float, reduced: float) -> Score:
    return Score("marginal", what, reduced - original, "capacity", name, original, reduced)
