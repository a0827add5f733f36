"""Densities on panels: what the quantiser integrates, whatever the distribution is.

A density is a function on panels in each of which a Gauss-Legendre rule resolves it, and atoms. Panels are split
until the rule agrees with itself; towards a singular end of the support they shrink geometrically.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenred.arrays import Float64, weighted_sum
from scenred.errors import RequestError
from scenred.kernels.kernel_density import bell_sums
from scenred.model import Mixture

Function = Callable[[Float64], Float64]
OnFraction = Callable[[float], None]

# Beyond this tail probability a density counts as zero; heavy tails need it small.
TAIL = 1e-40
# Quantiles where the first panels meet: none of the density's features lies between two of them unseen.
FIRST_LEVELS = np.array([1e-20, 1e-9, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-4, 1 - 1e-9])
# Share of the moment beyond a tenth of that: from here on the part further out would be missed.
LAST_SHARE = 1e-4
# Lost mass from which on it counts; below, it is rounding.
LEAST_LOST = 1e-11
N_NODES = 12
NODES, WEIGHTS = np.polynomial.legendre.leggauss(N_NODES)
NODES, WEIGHTS = (NODES + 1) / 2, WEIGHTS / 2
TOLERANCE = 1e-13
MOST_SPLITS = 160
# Points of the grid on which a kernel density becomes a spline, per bandwidth; its degree.
KNOTS_PER_BANDWIDTH, DEGREE = 6, 9


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """A density on panels, with atoms."""

    pdf: Function  # of the continuous part, whose mass is 1 less that of the atoms
    cdf: Function  # 0 at the first edge
    edges: Float64  # (n_panels + 1,), increasing
    atoms: Float64  # increasing
    masses: Float64  # of the atoms
    spread: float  # mean absolute deviation from the median, above 0: the unit of tolerances
    n_ends: int = 0  # atoms that are the mass at a singular end, nearer to it than numbers can resolve
    quantile: Function | None = None  # inverse of the whole, atoms included, if known: medians cost nothing then

    def below(self, x: Float64) -> Float64:
        """Return P(X <= x), atoms included."""
        return np.asarray(self.cdf(x) + mass_below(self.atoms, self.masses, x))


def mass_below(places: Float64, masses: Float64, x: Float64) -> Float64:
    """Return the mass of the increasing places up to x."""
    through = np.concatenate([[0.0], np.cumsum(masses)])
    return np.asarray(through[np.searchsorted(places, x, side="right")])


def density_of(distribution: Any, order: float, on_fraction: OnFraction) -> Density:
    """Divide a distribution into panels fine enough for the moments that order r needs.

    It is a frozen continuous distribution of scipy.stats, a gaussian_kde, or a Mixture; raise a RequestError if it is
    none of these, or has no finite moment of order r. `on_fraction` is called with the share of fine panels.
    """
    on_fraction(0.0)
    if not isinstance(distribution, Mixture):
        distribution = Mixture(parts=((1.0, distribution),))
    parts = [(float(weight), *_functions(part)) for weight, part in distribution.parts]
    atoms = np.array(sorted(distribution.atoms)).reshape(-1, 2)

    def pdf(x: Float64) -> Float64:
        values = np.asarray(sum(weight * part(x) for weight, part, _, _ in parts), dtype=np.float64)
        return np.where(np.isfinite(values), values, 0.0)  # an end with an infinite density has no mass

    def cdf(x: Float64) -> Float64:
        return np.asarray(sum((weight * part(x) for weight, _, part, _ in parts), np.zeros(np.shape(x))))

    if not parts:
        raise RequestError("a mixture holds atoms only", advice="give their values as a sample with weights")
    first = np.unique(np.concatenate([seen for *_, seen in parts]))
    edges = _panels(pdf, first, order, on_fraction)
    check_moment(pdf, edges, order)
    ends, lost = _lost(pdf, cdf, edges, first)

    def resolved(x: Float64) -> Float64:
        return np.asarray(np.maximum(cdf(x) - mass_below(ends, lost, x), 0.0))

    values = np.union1d(atoms[:, 0], ends)
    masses = np.array([atoms[atoms[:, 0] == x, 1].sum() + lost[ends == x].sum() for x in values])
    kept = resolved if len(ends) else cdf
    spread = _spread(pdf, kept, edges, values, masses)
    return Density(pdf, kept, edges, values, masses, spread, len(values) - len(atoms))


def _lost(pdf: Function, cdf: Function, edges: Float64, first: Float64) -> tuple[Float64, Float64]:
    """Return where the rule misses mass, increasing, and how much.

    A Beta(0.1, 0.1) has 1 % of its mass between 1 and the number before it, and a Gamma(0.001) most of it below 1e-48:
    it counts as an atom at the singular end, which moves it by less than numbers can resolve.
    """
    _, mass = piece_values(pdf, edges[:-1], edges[1:])
    missed = np.diff(cdf(edges)) - mass.sum(1)
    centres = (edges[1:] + edges[:-1]) / 2
    seen = np.flatnonzero(np.abs(missed) > LEAST_LOST / 100)
    gaps = np.diff(centres[seen])
    clusters = np.split(seen, np.flatnonzero(gaps > 1e-12 * np.abs(centres[seen[1:]]) + 1e-30) + 1)
    places, lost = [], []
    for panels in clusters:
        if missed[panels].sum() > LEAST_LOST:
            nearby = edges[panels[0] : panels[-1] + 2]
            known = nearby[np.isin(nearby, first)]
            places.append(float(known[0] if len(known) else centres[panels[np.argmax(missed[panels])]]))
            lost.append(float(missed[panels].sum()))
    return np.array(places), np.array(lost)


def _functions(part: Any) -> tuple[Function, Function, Float64]:
    """Return pdf, cdf, and the ends of the first panels of one part."""
    if hasattr(part, "dataset") and hasattr(part, "covariance"):
        return _kernel_density(part)
    if not (hasattr(part, "pdf") and hasattr(part, "cdf") and hasattr(part, "ppf")):
        what = "is discrete" if hasattr(part, "pmf") else f"is a {type(part).__name__}"
        raise RequestError(
            f"the distribution {what}",
            "a frozen continuous distribution of scipy.stats, a gaussian_kde, a Mixture, or a sample (with weights "
            "if values have probabilities)",
        )
    low, high = (float(end) for end in part.support())
    seen = np.array([part.ppf(TAIL), *part.ppf(FIRST_LEVELS), part.isf(1e-20), part.isf(TAIL)], dtype=np.float64)
    ends = [end for end in (low, high) if math.isfinite(end)]
    seen = np.unique(np.concatenate([seen[np.isfinite(seen)], ends]))
    if len(seen) < 2:
        raise RequestError("the distribution has no finite quantiles", advice="check its parameters")

    def pdf(x: Float64) -> Float64:
        with np.errstate(all="ignore"):
            try:
                return np.asarray(part.pdf(x))
            except OverflowError:  # scipy's beta next to an end where it is infinite
                return np.asarray(np.exp(part.logpdf(x)))

    return pdf, part.cdf, seen


def _kernel_density(kde: Any) -> tuple[Function, Function, Float64]:
    """Turn a Gaussian kernel density into a spline on a fine grid: its own sum over the sample is slow."""
    from scipy.interpolate import PPoly, make_interp_spline

    if kde.d != 1:
        raise RequestError(f"the kernel density has {kde.d} dimensions", "one")
    bandwidth = float(np.sqrt(kde.covariance[0, 0]))
    low, high = kde.dataset.min() - 12 * bandwidth, kde.dataset.max() + 12 * bandwidth
    n = int(np.ceil((high - low) / bandwidth * KNOTS_PER_BANDWIDTH)) + 1
    grid, spacing = np.linspace(low, high, n, retstep=True)
    masses = kde.weights / (math.sqrt(2 * math.pi) * bandwidth)
    heights = bell_sums(kde.dataset[0], masses, bandwidth, low, float(spacing), n)
    spline = make_interp_spline(grid, heights, k=DEGREE)
    knots = np.unique(spline.t)
    # as powers on every piece, which evaluate faster; scipy's own change of form knows degrees up to 5 only
    powers = [spline(knots[:-1], nu=power) / math.factorial(power) for power in range(DEGREE, -1, -1)]
    spline = PPoly(np.stack(powers), knots)
    integral = spline.antiderivative()
    base, total = float(integral(low)), float(integral(high) - integral(low))

    def pdf(x: Float64) -> Float64:
        return np.asarray(np.maximum(spline(np.clip(x, low, high)), 0.0) / total)

    def cdf(x: Float64) -> Float64:
        return np.asarray((integral(np.clip(x, low, high)) - base) / total)

    return pdf, cdf, grid[:: 2 * KNOTS_PER_BANDWIDTH]


def piece_values(pdf: Function, begins: Float64, ends: Float64) -> tuple[Float64, Float64]:
    """Return the nodes of every piece, and the density there times the rule's weights; both (n, N_NODES)."""
    lengths = (ends - begins)[:, None]
    x = begins[:, None] + lengths * NODES
    return x, pdf(x) * (lengths * WEIGHTS)


def _panels(pdf: Function, first: Float64, order: float, on_fraction: OnFraction) -> Float64:
    """Split panels until the rule on each agrees with that on its two halves, for all that is integrated."""

    def integrals(begins: Float64, ends: Float64) -> Float64:
        x, mass = piece_values(pdf, begins, ends)
        root = pdf(x) ** (1 / (1 + order)) * ((ends - begins)[:, None] * WEIGHTS)
        return np.stack([mass.sum(1), (mass * np.abs(x) ** order).sum(1), root.sum(1)])

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        begins, ends = first[:-1], first[1:]
        edges, totals = [first], np.zeros((3, 1))
        whole, done = integrals(begins, ends), 0.0
        for _ in range(MOST_SPLITS):
            middle = (begins + ends) / 2
            left, right = integrals(begins, middle), integrals(middle, ends)
            totals = np.maximum(totals, (np.abs(left) + np.abs(right)).sum(1, keepdims=True))
            wrong = (np.abs(whole - left - right) > TOLERANCE * totals).any(0)
            wrong &= ends - begins > 1e-15 * np.maximum(np.abs(begins), np.abs(ends))
            if not wrong.any():
                break
            edges.append(middle[wrong])
            n_panels, n_wrong = sum(map(len, edges)) - 1, 2 * int(wrong.sum())
            done = max(done, 1 - n_wrong / max(n_panels, n_wrong))
            on_fraction(done)
            cuts = middle[wrong]
            begins, ends = np.concatenate([begins[wrong], cuts]), np.concatenate([cuts, ends[wrong]])
            whole = np.concatenate([left[:, wrong], right[:, wrong]], axis=1)
    return np.unique(np.concatenate(edges))


def check_moment(pdf: Function, edges: Float64, order: float) -> None:
    """Raise a RequestError if the moment of order r is not finite, or cannot be computed: the last decade matters."""
    with np.errstate(all="ignore"):
        x, mass = piece_values(pdf, edges[:-1], edges[1:])
        moments = (mass * np.abs(x) ** order).sum(1)
        far = np.abs(edges[1:] + edges[:-1]) / 2 > 0.1 * np.abs(edges).max()
        reach = np.abs(edges).max()
        typical = float((mass * np.abs(x)).sum())
    share = moments[far].sum() / moments.sum() if reach > 1e6 * typical else 0.0
    if not np.isfinite(moments).all() or not share < LAST_SHARE:
        raise RequestError(
            f"the distribution has no finite moment of order {order:g}, or tails too heavy to integrate it",
            advice="choose a smaller order, or a distribution with lighter tails",
        )


def _spread(pdf: Function, cdf: Function, edges: Float64, atoms: Float64, masses: Float64) -> float:
    """Return the mean absolute deviation from a point near the median."""
    x, mass = piece_values(pdf, edges[:-1], edges[1:])
    total = cdf(edges) + mass_below(atoms, masses, edges)
    middle = edges[np.argmin(np.abs(total - 0.5))]
    return float((mass * np.abs(x - middle)).sum() + weighted_sum(masses, np.abs(atoms - middle)))
