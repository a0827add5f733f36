"""An optimal quantiser of one density, and a density of several parts with atoms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from scenred.arrays import Float64, finite
from scenred.errors import RequestError


@dataclass(frozen=True, slots=True)
class Mixture:
    """A distribution made of continuous parts and of atoms: values that have a probability of their own.

    Parameters
    ----------
    parts : tuple of (float, distribution)
        Weight above 0 and a frozen continuous distribution of `scipy.stats`, or a `gaussian_kde`.
    atoms : tuple of (float, float)
        Value and probability above 0: no power below cut-in or at night, rated power.

    Raises
    ------
    RequestError
        If a weight is not above 0, they do not sum to 1 within 1e-9, or an atom is not at a finite number.

    Examples
    --------
    >>> from scipy import stats
    >>> night_and_day = Mixture(parts=((0.5, stats.beta(2, 3)),), atoms=((0.0, 0.5),))
    """

    parts: tuple[tuple[float, Any], ...] = ()
    atoms: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        weights = [float(weight) for weight, _ in self.parts] + [float(mass) for _, mass in self.atoms]
        if not all(weight > 0 for weight in weights) or abs(math.fsum(weights) - 1) > 1e-9:
            met = f"a mixture has the weights {', '.join(f'{w:g}' for w in weights) or 'of nothing'}"
            raise RequestError(met, "weights above 0 that sum to 1")
        for value, _ in self.atoms:
            if not math.isfinite(value):
                raise RequestError(f"a mixture has an atom at {value}", "atoms at finite numbers")
        if len({value for value, _ in self.atoms}) < len(self.atoms):
            raise RequestError("a mixture has two atoms at one value", advice="add their probabilities")


@dataclass(frozen=True, slots=True, eq=False)
class Quantizer:
    """The N points that represent a density best, and what they cost.

    Parameters
    ----------
    points : ndarray of shape (N,)
        Increasing.
    probabilities : ndarray of shape (N,)
        Of the points' cells, whose borders are the midpoints.
    order : float
        r >= 1.
    distortion : float
        E min_q |X - z_q|^r; its r-th root is the Wasserstein distance to the density.
    formula_points : ndarray of shape (N,)
        What the asymptotic formula of Wang, Dong and Yang gives.
    formula_distortion : float
        The distortion of those points, in their own cells.
    residual : float
        Largest distance of a point from the r-centre of its cell, in spreads of the density: 0 is stationary.
    is_optimal : bool
        Whether it is proven that no other N points are better: for samples at order 1 and 2, if rounding cannot hide
        better ones. Of a density, the best of several stationary sets of points was kept.
    """

    points: Float64
    probabilities: Float64
    order: float
    distortion: float
    formula_points: Float64
    formula_distortion: float
    residual: float
    is_optimal: bool = False

    def __post_init__(self) -> None:
        for name in ("points", "probabilities", "formula_points"):
            object.__setattr__(self, name, finite(getattr(self, name), name))

    def to_frame(self) -> pd.DataFrame:
        """Return the points as `point, probability`, one row each."""
        return pd.DataFrame({"point": self.points, "probability": self.probabilities})
