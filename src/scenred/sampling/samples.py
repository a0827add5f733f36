"""Optimal quantisers of samples: exact at order 1 and 2, settled from there at others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenred.errors import RequestError, SolverError
from scenred.kernels.segments import best_segments
from scenred.model import Quantizer

Float64 = npt.NDArray[np.float64]

MOST_STEPS = 1_000


def quantise_sample(
    sample: npt.ArrayLike, weights: npt.ArrayLike | None, n_points: int, order: float
) -> Quantizer:
    """Find the best points of a weighted sample.

    The paper's formula needs a density; for a sample it is applied to the levels of the distribution function,
    where it reads: the quantiles at (2 q - 1) / (2 N), its form for a flat density.

    Raises
    ------
    RequestError
        When the sample is not one-dimensional and finite, or has fewer different values than points.
    """
    x, p = _checked(sample, weights)
    if n_points > len(x):
        raise RequestError(
            f"{n_points} points are asked for and the sample has {len(x)} different values; choose from 1 to {len(x)}"
        )
    begins, centres = best_segments(x, p, n_points, 1 if order < 1.5 else 2)
    if order not in (1, 2):
        begins, centres = _settled(x, p, centres, order)
    of_value = np.searchsorted(begins, np.arange(len(x)), side="right") - 1
    levels = (2 * np.arange(1, n_points + 1) - 1) / (2 * n_points)
    formula = x[np.minimum(np.searchsorted(np.cumsum(p), levels - 1e-12), len(x) - 1)]
    different = np.unique(formula)
    nearest = np.abs(x - different[np.searchsorted((different[1:] + different[:-1]) / 2, x)])
    return Quantizer(
        points=centres,
        probabilities=np.bincount(of_value, p, n_points).astype(np.float64),
        order=float(order),
        distortion=float(p @ np.abs(x - centres[of_value]) ** order),
        formula_points=formula,
        formula_distortion=float(p @ nearest**order),
        residual=0.0,
        is_optimal=order in (1, 2),
    )


def _checked(sample: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[Float64, Float64]:
    """Give the different values, increasing, and their probabilities."""
    values = np.asarray(sample, dtype=np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise RequestError(
            f"a sample has shape {values.shape}, or holds numbers that are not finite; scenred needs finite numbers "
            "in one dimension"
        )
    masses = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    if masses.shape != values.shape or not (masses >= 0).all() or not 0 < masses.sum() < np.inf:
        raise RequestError(
            f"a sample of {len(values)} values has weights of shape {masses.shape}, or below 0, or of sum 0; scenred "
            "needs one of at least 0 for each value"
        )
    used = masses > 0
    unique, inverse = np.unique(values[used], return_inverse=True)
    return unique, np.bincount(inverse, masses[used]) / masses.sum()


def _settled(x: Float64, p: Float64, centres: Float64, order: float) -> tuple[npt.NDArray[np.int64], Float64]:
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
                lambda z, i=i, j=j: p[i:j] @ np.abs(x[i:j] - z) ** order,
                bounds=(x[i], x[j - 1]),
                method="bounded",
                options={"xatol": 1e-13 * max(abs(x[-1] - x[0]), 1e-300)},
            )
            moved.append(float(x[i] if j == i + 1 else found.x))
        centres = np.array(moved)
    raise SolverError(
        f"the cells of {len(centres)} points did not settle; choose order 1 or 2, which are exact"
    )
