"""Optimal quantisers: the N points that represent a density best in the Wasserstein distance of order r.

Q. Wang, W. Dong, L. Yang, "Wind power/photovoltaic typical scenario set generation algorithm based on Wasserstein
distance metric and revised K-medoids cluster", Proc. CSEE 35(11), 2015: the paper's formula

    int_{-inf}^{z_q} g^(1/(1+r)) dx = (2 q - 1) / (2 N) int g^(1/(1+r)) dx

is the limit for large N and the start here. S. Graf and H. Luschgy, "Foundations of quantization for probability
distributions", Springer 2000, doi 10.1007/BFb0103945: an optimal quantiser is stationary, every point the r-centre
of its cell. G. Pages and J. Printems, "Optimal quadratic quantization for numerics: the Gaussian case", Monte Carlo
Methods and Applications 9, 2003, doi 10.1515/156939603322663321: Newton's method on that condition.

A density whose logarithm is concave has one stationary set of points (A. Trushkin, 1982; J. Kieffer, 1983). Others
have several: the start then is the exact optimum of the density on a fine grid, which is of order 1 or 2; at other
orders, and for few points, the formula is a second start, and the better one is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from scenred.arrays import Float64
from scenred.errors import RequestError, SolverError
from scenred.kernels.grouping_1d import best_segments
from scenred.model import Mixture, Quantizer
from scenred.options import Work
from scenred.options.quantizing import DEFAULT_ORDER
from scenred.quantization.density import NODES, WEIGHTS, Density, OnFraction, density_of
from scenred.quantization.newton import Cells, cells_of, settle
from scenred.quantization.sample import quantise_sample

STATIONARY = 1e-10
# Points nearer than this, per spread, are one: rounding parts them.
SAME = 1e-12
# Up to this number the formula is a start too, at no cost: if the optimum is flat its symmetry keeps digits.
FEW_POINTS = 20
# Points of the grid on which the density is solved exactly, for a start.
GRID = 800
# Far more than any plan needs; the grid of the start has eight times the number.
MOST_POINTS = 3000
# Cuts of a panel for inverting the formula's integral.
CUTS = 8


def optimal_quantiles(
    distribution: Any,
    n_points: int,
    order: float = DEFAULT_ORDER,
    *,
    weights: npt.ArrayLike | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Quantizer:
    """Find the n points, with probabilities, that represent a distribution at the least transport cost.

    Parameters
    ----------
    distribution : frozen scipy.stats distribution, gaussian_kde, Mixture, or array_like
        An array is a sample: its values, with `weights`.
    n_points : int
        At least 1; at most the number of different values of a sample, and 3,000 for a density.
    order : float
        Order r >= 1 of the Wasserstein distance.
    weights : array_like, optional
        Of a sample's values, at least 0; equal by default.
    progress : callable, optional
        Called as `progress(stage, fraction)`: some densities of scipy take a millisecond and more at every point.

    Raises
    ------
    RequestError
        If a number is out of range, the distribution is of another kind, or has no moment of order r.
    SolverError
        If no stationary points are found.

    Notes
    -----
    A density: about ten Newton steps over a few hundred panels. A sample of n values: about n log n steps, exact at
    order 1 and 2 (`kernels.grouping_1d`); other orders start there and settle in a local optimum.

    Examples
    --------
    >>> from scipy import stats
    >>> optimal_quantiles(stats.norm(), 2).points.round(4)
    array([-0.7979,  0.7979])
    >>> optimal_quantiles([0.0, 1.0, 8.0, 9.0], 2, 1).probabilities
    array([0.5, 0.5])
    """
    if n_points < 1:
        raise RequestError(f"{n_points} points are asked for", "at least 1")
    if not 1 <= order < np.inf:
        raise RequestError(f"the order is {order:g}", "a finite number of at least 1")
    is_distribution = isinstance(distribution, Mixture) or any(
        hasattr(distribution, name) for name in ("pdf", "pmf", "covariance")
    )
    if not is_distribution:
        return quantise_sample(distribution, weights, n_points, order)
    if weights is not None:
        raise RequestError("weights are given for a distribution", "a sample for weights", "leave them out")
    if n_points > MOST_POINTS:
        raise RequestError(
            f"{n_points} points of a density are asked for; scenred takes up to {MOST_POINTS:,}",
            advice="choose fewer",
        )
    work = Work(progress=progress)
    density = density_of(distribution, order, work.on_stage("density"))
    return quantise_density(density, n_points, order, work.on_stage("points"))


def quantise_density(density: Density, n_points: int, order: float, on_fraction: OnFraction) -> Quantizer:
    """Find the best stationary points of a density, from the optimum on a grid and from the formula."""
    on_fraction(0.0)
    formula = formula_points(density, n_points, order)
    found: list[Cells] = []
    for start in (_grid_points(density, n_points, order), formula):
        cells = settle(density, start, order, on_fraction)
        if cells.residual <= STATIONARY:
            found.append(cells)
            if order in (1, 2) and n_points > FEW_POINTS:
                break  # the grid's optimum is of this order: the formula never gave a better one
    if not found:
        raise SolverError(
            f"{n_points} points of order {order:g} did not become stationary to {STATIONARY:g}",
            advice="choose another number or order, or smooth the density",
        )
    least = min(cells.distortion for cells in found) * (1 + 1e-12)  # rounding does not choose
    best = [cells for cells in found if cells.distortion <= least][-1]
    of_formula = cells_of(density, formula, order)
    return Quantizer(
        points=best.points,
        probabilities=best.probabilities,
        order=float(order),
        distortion=best.distortion,
        formula_points=formula,
        formula_distortion=of_formula.distortion,
        residual=best.residual,
    )


def formula_points(density: Density, n_points: int, order: float) -> Float64:
    """Return the paper's points; an atom takes one of them, the heaviest first, and the rest follow the formula.

    The formula is for densities only: an atom has none, and a night of zeros would get no point at all.
    """
    n_atoms = min(len(density.atoms) - density.n_ends, n_points - 1)
    taken = np.sort(np.argsort(-density.masses, kind="stable")[:n_atoms])
    n = n_points - n_atoms
    shares = (2 * np.arange(1, n + 1) - 1) / (2 * n)
    points = np.sort(np.concatenate([companded(density, shares, order), density.atoms[taken]]))
    if (np.diff(points) <= SAME * density.spread).any():  # a point of the formula falls on an atom
        return companded(density, (2 * np.arange(1, n_points + 1) - 1) / (2 * n_points), order)
    return points


def companded(density: Density, shares: Float64, order: float) -> Float64:
    """Invert the integral of g^(1/(1+r)) at shares of its total: linear in pieces, then Newton."""
    edges = density.edges
    fine = (edges[:-1, None] + np.diff(edges)[:, None] * (np.arange(CUTS) / CUTS)).ravel()
    fine = np.append(fine, edges[-1])

    def powers(begins: Float64, ends: Float64) -> Float64:
        lengths = (ends - begins)[:, None]
        return np.asarray(
            (density.pdf(begins[:, None] + lengths * NODES) ** (1 / (1 + order)) * lengths * WEIGHTS).sum(1)
        )

    with np.errstate(divide="ignore", invalid="ignore"):
        through = np.concatenate([[0.0], np.cumsum(powers(fine[:-1], fine[1:]))])
        targets = shares * through[-1]
        piece = np.clip(np.searchsorted(through, targets, side="right") - 1, 0, len(fine) - 2)
        low, high = fine[piece], fine[piece + 1]
        x = np.interp(targets, through, fine)
        for _ in range(20):
            off = targets - through[piece] - powers(fine[piece], x)
            step = off / density.pdf(x) ** (1 / (1 + order))
            x = np.clip(np.where(np.isfinite(step), x + step, x), low, high)
            if not (np.abs(step) > 1e-13 * density.spread).any():
                break
    return np.asarray(x)


def _grid_points(density: Density, n_points: int, order: float) -> Float64:
    """Return the exact optimum of the density gathered on a fine grid: near the best of all local optima."""
    size = max(GRID, 8 * n_points)
    points = np.unique(np.concatenate([companded(density, (np.arange(size) + 0.5) / size, order), density.atoms]))
    borders = (points[1:] + points[:-1]) / 2
    masses = np.diff(np.concatenate([[0.0], density.below(borders), [1.0]]))
    used = masses > 0
    if used.sum() <= n_points:
        return points[:: max(len(points) // n_points, 1)][:n_points]
    return best_segments(points[used], masses[used], n_points, 1 if order < 1.5 else 2)[1]
