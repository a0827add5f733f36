"""The paper's pipeline: optimal quantiles of every period, fragments, reduction, merging.

Q. Wang, W. Dong, L. Yang, Proc. CSEE 35(11), 2015: see `quantizers` and docs/wang2015.md. Steps are taken as
independent. Every step here is a map between distributions on a few steps of one or all columns, and the distance
that is paid adds up: W_1 under a sum of distances of the coordinates is additive for products and obeys the triangle
inequality, so the sum of all that was paid is an upper bound of the distance to the product of the margins.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from scenred.arrays import Float64
from scenred.errors import RequestError, SolverError
from scenred.kernels.grouping_1d import best_segments
from scenred.metrics import pairwise_distances
from scenred.model import Column, ScenarioSet
from scenred.options import GroundOptions, Work
from scenred.options.sampling import Sampling
from scenred.quantization.density import Density
from scenred.quantization.newton import settle
from scenred.quantization.quantizers import STATIONARY
from scenred.reduction import reduce_once
from scenred.sampling.levels import values_at

# A fragment's combinations beyond this many make a matrix of more than a gigabyte.
MOST_COMBINATIONS = 15_000
# A stretch of a margin narrower than this share of the capacity is an atom.
NARROW = 1e-9
# Fragments are small: one thread is faster than many.
ALONE = Work(n_threads=1)
# Levels whose quantiles are cut exactly, for the start of the optimal quantiles.
STRATA = (np.arange(300) + 0.5) / 300


@dataclass(frozen=True, slots=True, eq=False)
class Fragment:
    """A distribution on some coordinates, and its largest distance to their product."""

    values: Float64  # (n, n_coordinates), shares of capacity
    probabilities: Float64
    paid: float  # upper bound of W_1 under the sum of the coordinates' distances


def product_scenarios(
    levels: Float64, quantiles: Float64, n: int, sampling: Sampling
) -> tuple[Float64, Float64, float]:
    """Reduce the product of a day's margins to n weighted scenarios.

    Parameters
    ----------
    levels, quantiles : ndarray of shapes (n_levels,) and (n_steps, n_columns, n_levels)
    n : int
        Scenarios at the end, at most the square of the fragment size.
    sampling : Sampling
        Points of a period, periods of a fragment, and scenarios that a fragment is reduced to.

    Returns
    -------
    values : ndarray of shape (n, n_steps, n_columns), shares of capacity
    probabilities : ndarray of shape (n,)
    bound : float
        Upper bound of W_1 to the product of the margins, under the metric `pointwise` in capacity.

    Notes
    -----
    A reduction of n_quantiles ** fragment_length scenarios for every fragment, and one of fragment_size ** 2 for
    every merge.
    """
    n_steps, n_columns = quantiles.shape[:2]
    _check(n, sampling)
    length, size = sampling.fragment_length, sampling.fragment_size
    by_column = []
    for column in range(n_columns):
        of_column = quantiles[:, column]
        periods = [_quantised(levels, of_step, sampling.n_quantiles) for of_step in of_column]
        fragments = [reduce(_product, periods[first : first + length]) for first in range(0, n_steps, length)]
        pieces = [_reduced(fragment, size) for fragment in fragments]
        by_column.append(_merged(pieces, size, n if n_columns == 1 else size))
    whole = _merged(by_column, size, n)
    values = whole.values.reshape(len(whole.values), n_columns, n_steps).transpose(0, 2, 1)
    return values, whole.probabilities, whole.paid / n_steps


def _check(n: int, sampling: Sampling) -> None:
    """Raise a RequestError if a number is out of range."""
    points, length, size = sampling.n_quantiles, sampling.fragment_length, sampling.fragment_size
    sizes = f"{points} quantiles, fragments of {length} periods and {size} scenarios"
    if min(points, length, size) < 1:
        raise RequestError(f"{sizes} are asked for", "at least 1 of each")
    if n > size**2:
        raise RequestError(
            f"{n} scenarios are asked for, and two fragments of {size} have {size**2} combinations",
            advice="ask for fewer, or for larger fragments",
        )
    most = max(float(points) ** length, float(size) ** 2)
    if most > MOST_COMBINATIONS:
        raise RequestError(
            f"{sizes} make {most:.3g} combinations; scenred takes up to {MOST_COMBINATIONS:,} at once",
            advice="choose smaller numbers",
        )


def _merged(pieces: Sequence[Fragment], size: int, last: int) -> Fragment:
    """Merge neighbours and reduce, until one is left; the last is reduced to `last`."""
    left = list(pieces)
    while len(left) > 1:
        most = last if len(left) == 2 else size
        pairs = [left[i : i + 2] for i in range(0, len(left), 2)]
        left = [_reduced(_product(*pair), most) if len(pair) == 2 else pair[0] for pair in pairs]
    return _reduced(left[0], last)


def _product(one: Fragment, other: Fragment) -> Fragment:
    """Combine every scenario of one with every scenario of the other."""
    n, m = len(one.values), len(other.values)
    values = np.concatenate([np.repeat(one.values, m, axis=0), np.tile(other.values, (n, 1))], axis=1)
    probabilities = np.outer(one.probabilities, other.probabilities).ravel()
    return Fragment(values, probabilities, one.paid + other.paid)


def _reduced(fragment: Fragment, size: int) -> Fragment:
    """Keep the scenarios that k-medoids keeps, and add the transport cost to what is paid."""
    n, width = fragment.values.shape
    if n <= size:
        return fragment
    whole = ScenarioSet(
        (Column("value", capacity=1.0),),
        fragment.values[:, :, None],
        fragment.probabilities / math.fsum(fragment.probabilities),
    )
    distances = pairwise_distances(whole, GroundOptions(metric="pointwise"), ALONE)
    kept = reduce_once(whole, distances, size, ALONE)
    return Fragment(fragment.values[kept.medoids], kept.scenarios.probabilities, fragment.paid + kept.cost * width)


def _quantised(levels: Float64, quantiles: Float64, n_points: int) -> Fragment:
    """Return the optimal quantiles, of order 1, of a margin with their exact probabilities."""
    if quantiles[-1] - quantiles[0] <= NARROW:
        return Fragment(quantiles[:1, None], np.ones(1), float(quantiles[-1] - quantiles[0]))
    whole = quantiles
    quantiles = gathered(whole)
    density = margin_density(levels, quantiles)
    strata, masses = np.unique(values_at(levels, quantiles, STRATA), return_counts=True)
    start = best_segments(strata, masses / len(STRATA), min(n_points, len(strata)), 1)[1]
    found = settle(density, start, 1.0)
    if found.residual > STATIONARY:
        raise SolverError(
            f"{n_points} quantiles of a margin did not become stationary to {STATIONARY:g}",
            advice="choose another number",
        )
    used = found.probabilities > 0
    paid = found.distortion + float((whole - quantiles).max())
    return Fragment(found.points[used, None], found.probabilities[used], paid)


def gathered(quantiles: Float64) -> Float64:
    """Return quantiles with those that differ only by rounding set to the first of them: one atom, not several.

    Examples
    --------
    >>> gathered(np.array([0.2, 0.5, 0.5 + 1e-16, 0.5 + 1e-12, 0.7])).tolist()
    [0.2, 0.5, 0.5, 0.5, 0.7]
    """
    is_first = np.diff(quantiles, prepend=-1.0) > NARROW
    return np.asarray(quantiles[np.maximum.accumulate(np.where(is_first, np.arange(len(quantiles)), 0))])


def margin_density(levels: Float64, quantiles: Float64) -> Density:
    """Return a margin as a density: constant between two quantiles, an atom where they are equal."""
    widths, masses = np.diff(quantiles), np.diff(levels)
    is_atom = widths <= NARROW
    atoms, place = np.unique(quantiles[:-1][is_atom], return_inverse=True)
    at_atoms = np.bincount(place, masses[is_atom], len(atoms)).astype(np.float64)
    edges = np.unique(quantiles)
    heights = np.zeros(len(edges) - 1)
    np.add.at(heights, np.searchsorted(edges, quantiles[:-1][~is_atom]), masses[~is_atom] / widths[~is_atom])
    through = np.concatenate([[0.0], np.cumsum(heights * np.diff(edges))])

    def pdf(x: Float64) -> Float64:
        place = np.searchsorted(edges, x, side="right") - 1
        inside = (place >= 0) & (place < len(heights))
        return np.where(inside, heights[np.clip(place, 0, len(heights) - 1)], 0.0)

    middle = float(values_at(levels, quantiles, np.array([0.5]))[0])
    spread = float((masses * np.abs((quantiles[1:] + quantiles[:-1]) / 2 - middle)).sum())
    return Density(
        pdf=pdf,
        cdf=lambda x: np.interp(x, edges, through),
        edges=edges,
        atoms=atoms,
        masses=at_atoms,
        spread=spread,
        quantile=lambda u: values_at(levels, quantiles, u),
    )
