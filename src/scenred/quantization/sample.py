"""Optimal quantisers of samples: exact at order 1 and 2, settled from there at others."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from scenred.arrays import Float64, Int64, weighted_sum
from scenred.errors import RequestError, SolverError
from scenred.kernels.grouping_1d import best_segments, is_resolved
from scenred.model import Quantizer
from scenred.notes import note

MOST_STEPS = 1_000
# This number of different values takes a gigabyte.
MOST_VALUES = 1_500_000
# At order 1, points cheaper than this share of one point's cost may not be the best: rounding is that of one point.
LEAST = 1e-6
# The smallest number that keeps all its digits.
TINY = float(np.finfo(np.float64).tiny)
# Weights further apart cost the optimum digits.
WIDEST = 1e6


def quantise_sample(sample: npt.ArrayLike, weights: npt.ArrayLike | None, n_points: int, order: float) -> Quantizer:
    """Find the best points of a weighted sample.

    The paper's formula needs a density; for a sample its form for a flat density is taken, on the levels of the
    distribution function: the quantiles at (2 q - 1) / (2 N).

    Raises
    ------
    RequestError
        If the sample is not one-dimensional and finite, has fewer different values than points or more than
        memory holds, or a distortion is too large for a number.
    """
    x, p = _checked(sample, weights)
    if n_points > len(x):
        raise RequestError(
            f"{n_points} points are asked for and the sample has {len(x)} different values",
            advice=f"choose from 1 to {len(x)}",
        )
    if len(x) > MOST_VALUES:
        raise RequestError(
            f"the sample has {len(x):,} different values; scenred takes up to {MOST_VALUES:,} in a gigabyte of memory",
            advice="round the values, or give fewer",
        )
    begins, centres = best_segments(x, p, n_points, 1 if order < 1.5 else 2)
    if order not in (1, 2):
        exponent = int(np.frexp(np.abs(x).max())[1])
        begins, centres = _settled(np.ldexp(x, -exponent), p, np.ldexp(centres, -exponent), order)
        centres = np.ldexp(centres, exponent)
    of_value = np.searchsorted(begins, np.arange(len(x)), side="right") - 1
    levels = (2 * np.arange(1, n_points + 1) - 1) / (2 * n_points)
    formula = x[np.minimum(np.searchsorted(np.cumsum(p), levels - 1e-12), len(x) - 1)]
    different = np.unique(formula)
    nearest = different[np.searchsorted(different[1:] / 2 + different[:-1] / 2, x)]
    distortion = _distortion(x, p, centres[of_value], order)
    if distortion == 0 and n_points < len(x):
        note(
            f"the distortion of order {order:g} is too small for a number, and given as 0; the points are right; "
            "multiply the sample by a power of ten to see it"
        )
    one = _distortion(x, p, np.full(len(x), x[len(x) // 2]), order)
    return Quantizer(
        points=centres,
        probabilities=np.bincount(of_value, p, n_points).astype(np.float64),
        order=float(order),
        distortion=distortion,
        formula_points=formula,
        formula_distortion=_distortion(x, p, nearest, order),
        residual=0.0,
        is_optimal=order in (1, 2)
        and is_resolved(x)
        and float(p.max() / p.min()) <= WIDEST
        and (order == 2 or n_points == len(x) or distortion >= LEAST * one),
    )


def _distortion(x: Float64, p: Float64, centres: Float64, order: float) -> float:
    """Return the mean of |x - centre|^order, scaled by a power of two on the way; 0 if no number is that small."""
    apart = np.abs(x / 2 - centres / 2)
    exponent = int(np.frexp(apart.max())[1])
    mean = float(weighted_sum(p, np.ldexp(apart, -exponent) ** order))
    whole, part = divmod(order * (exponent + 1), 1)
    try:
        found = math.ldexp(mean * 2**part, int(whole))
    except OverflowError as error:
        raise RequestError(
            f"the sample has values up to {np.abs(x).max():.3g}, and a distortion of order {order:g} that no number "
            "holds",
            advice="divide it by a power of ten",
        ) from error
    return found if found >= TINY else 0.0


def _checked(sample: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[Float64, Float64]:
    """Return the different values, increasing, and their probabilities."""
    values = np.asarray(sample, dtype=np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise RequestError(
            f"a sample has shape {values.shape}, or holds numbers that are not finite",
            "finite numbers in one dimension",
        )
    masses = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    if masses.shape != values.shape or not (masses >= 0).all() or not 0 < masses.sum() < np.inf:
        raise RequestError(
            f"a sample of {len(values)} values has weights of shape {masses.shape}, or below 0, or of sum 0",
            "one of at least 0 for each value",
        )
    used = masses > 0
    unique, inverse = np.unique(values[used], return_inverse=True)
    shares = np.bincount(inverse, masses[used]) / masses.sum()
    if shares.min() < TINY:
        raise RequestError(
            "a sample has a weight too small for a number next to the others",
            advice="give it 0, or leave its value out",
        )
    return unique, shares


def _settled(x: Float64, p: Float64, centres: Float64, order: float) -> tuple[Int64, Float64]:
    """Assign to the nearest and recentre until no value changes its cell."""
    from scipy.optimize import minimize_scalar

    begins = np.zeros(0, np.int64)
    for _ in range(MOST_STEPS):
        walls = (centres[1:] + centres[:-1]) / 2
        now = np.concatenate([[0], np.searchsorted(x, walls)]).astype(np.int64)
        if np.array_equal(now, begins):
            return begins, centres
        if (np.diff(now, append=len(x)) == 0).any():
            break  # a cell has lost all its values to its neighbours
        begins = now
        moved = []
        for i, j in zip(begins, np.append(begins[1:], len(x)), strict=True):
            found = minimize_scalar(
                lambda z, i=i, j=j: weighted_sum(p[i:j], np.abs(x[i:j] - z) ** order),
                bounds=(x[i], x[j - 1]),
                method="bounded",
                options={"xatol": 1e-13 * max(abs(x[-1] - x[0]), 1e-300)},
            )
            moved.append(float(x[i] if j == i + 1 else found.x))
        centres = np.array(moved)
    raise SolverError(
        f"the cells of {len(centres)} points did not settle", advice="choose order 1 or 2, which are exact"
    )
