"""Points become stationary: every point the r-centre of its cell.

For cells C_q between midpoints m_q the distortion's derivative by z_q is r G_q,

    G_q = int_{C_q} sign(z_q - x) |x - z_q|^(r-1) dP(x),

and G's derivative is tridiagonal: with h_q = m_q - z_q and g the density, -g(m_q) h_q^(r-1) / 2 next to the diagonal,
and on it (r-1) int |x - z_q|^(r-2) dP (2 g(z_q) at order 1) plus both neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenred.arrays import Float64
from scenred.quantization.density import NODES, WEIGHTS, Density, OnFraction, piece_values

MOST_STEPS = 400
MOST_HALVINGS = 6
# Of the cells, until every point is the r-centre of its own; Newton's steps need far fewer.
MOST_HALVINGS_OF_CELLS = 60
# Without atoms, the steps that bring points near enough to go on from.
FEW_STEPS = 8
# Far below what is needed: a few more steps cost little and the points gain digits.
AIM = 1e-13
# x = z + h t^GRADE smooths |x - z|^(r-1) at z if r is not a whole number.
GRADE = 6


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """N points, their cells, and how far from stationary they are."""

    points: Float64
    walls: Float64  # (N + 1,), the ends of the cells
    probabilities: Float64
    slopes: Float64  # G_q
    curvatures: Float64  # how fast each slope rises with its own point while the cell stays
    distortion: float
    residual: float  # largest distance to the r-centre, to first order, in spreads


def settle(density: Density, start: Float64, order: float, on_fraction: OnFraction = lambda _fraction: None) -> Cells:
    """Take Newton's steps; if one does not help, move every point to the r-centre of its cell (Lloyd)."""
    best = cells = cells_of(density, start, order)
    first = min(max(cells.residual, 10 * AIM), 1.0)
    for _ in range(MOST_STEPS):
        # digits that are gained, of those to gain
        on_fraction(float(np.log(first / min(max(best.residual, AIM), first)) / np.log(first / AIM)))
        if cells.residual <= AIM:
            break
        after = _newton(density, cells, order) or cells_of(density, _centres(density, cells, order), order)
        if cells.residual <= 1e-11 and after.residual >= cells.residual / 2:
            break  # rounding
        cells = after
        best = min(best, cells, key=lambda one: one.residual)
    return best


def cells_of(density: Density, points: Float64, order: float, walls: Float64 | None = None) -> Cells:
    """Integrate over the cells of points, by default those between their midpoints."""
    if walls is None:
        inner = (points[1:] + points[:-1]) / 2
        ends = np.concatenate([density.edges[[0, -1]], density.atoms, points])
        walls = np.concatenate([[ends.min()], inner, [ends.max()]])
    begins, x_ends = _pieces(density, points, walls)
    cell = np.clip(np.searchsorted(walls, (begins + x_ends) / 2, side="right") - 1, 0, len(points) - 1)
    x, mass = _nodes(density, begins, x_ends, points[cell], order)
    z = points[cell][:, None]
    away = np.abs(x - z)
    side = np.where(x > z, -1.0, 1.0)
    cell_of_atom = np.clip(np.searchsorted(walls, density.atoms, side="left") - 1, 0, len(points) - 1)
    atom_away = density.atoms - points[cell_of_atom]

    def summed(continuous: Float64, at_atoms: Float64) -> Float64:
        n = len(points)
        total = np.bincount(cell, continuous.sum(1), n) + np.bincount(cell_of_atom, at_atoms, n)
        return total.astype(np.float64)

    m = density.masses
    pull = away ** (order - 1) if order > 1 else 1.0
    atom_pull = np.abs(atom_away) ** (order - 1) if order > 1 else 1.0
    slopes = summed(mass * side * pull, -m * np.sign(atom_away) * atom_pull)
    with np.errstate(divide="ignore", invalid="ignore"):
        if order == 1:
            curvatures = 2 * density.pdf(points)
            held = np.bincount(cell_of_atom, np.where(atom_away == 0, m, 0.0), len(points))
            slopes = np.where(np.abs(slopes) <= held, 0.0, slopes)
        else:
            atom_bend = np.where(atom_away == 0, 0.0, np.abs(atom_away) ** (order - 2))
            bend = np.where(away == 0, 0.0, away ** (order - 2))  # a node may round to its point
            curvatures = (order - 1) * summed(mass * bend, m * atom_bend)
        shifts = np.abs(np.where(slopes == 0, 0.0, slopes / curvatures))
    through = density.below(walls[1:-1])
    return Cells(
        points=points,
        walls=walls,
        probabilities=np.diff(np.concatenate([[0.0], through, [1.0]])),
        slopes=slopes,
        curvatures=curvatures,
        distortion=float(summed(mass * away**order, m * np.abs(atom_away) ** order).sum()),
        residual=float(np.nan_to_num(shifts, nan=np.inf).max()) / density.spread,
    )


def _pieces(density: Density, points: Float64, walls: Float64) -> tuple[Float64, Float64]:
    """Cut the panels where cells end and at the points."""
    edges = density.edges
    cuts = np.unique(np.concatenate([edges, walls, points]))
    cuts = cuts[(cuts >= edges[0]) & (cuts <= edges[-1])]
    return cuts[:-1], cuts[1:]


def _nodes(density: Density, begins: Float64, ends: Float64, z: Float64, order: float) -> tuple[Float64, Float64]:
    """Return nodes and masses of every piece, graded towards its point if the order is not a whole number.

    Also if an end only lies next to the point: the rule would miss the bend there.
    """
    if float(order).is_integer():
        return piece_values(density.pdf, begins, ends)
    lengths = (ends - begins)[:, None]
    x, scale = begins[:, None] + lengths * NODES, lengths * WEIGHTS
    # no piece holds its point inside: it lies at or beyond one of its ends
    near, far = np.sort(np.abs(np.stack([begins - z, ends - z])), axis=0)
    is_near = near < far / 2
    near, far = near[is_near, None] ** (1 / GRADE), far[is_near, None] ** (1 / GRADE)
    t = near + (far - near) * NODES
    x[is_near] = z[is_near, None] + np.where(begins < z, -1.0, 1.0)[is_near, None] * t**GRADE
    scale[is_near] = (far - near) * WEIGHTS * (GRADE * t ** (GRADE - 1))
    return x, density.pdf(x) * scale


def _newton(density: Density, cells: Cells, order: float) -> Cells | None:
    """Take Newton's step, shortened until it helps; None if it does not."""
    from scipy.linalg import LinAlgError, solve_banded

    z = cells.points
    reach = cells.walls[1:-1] - z[:-1]
    coupling = -0.5 * density.pdf(cells.walls[1:-1]) * reach ** (order - 1)
    held = (cells.slopes == 0) & np.isin(z, density.atoms) & (order == 1)
    diagonal = cells.curvatures + np.append(coupling, 0.0) + np.insert(coupling, 0, 0.0)
    diagonal = np.where(held, 1.0, diagonal)
    bands = np.zeros((3, len(z)))
    bands[0, 1:] = np.where(held[:-1], 0.0, coupling)
    bands[1] = diagonal
    bands[2, :-1] = np.where(held[1:], 0.0, coupling)
    if not np.isfinite(bands).all():
        return None
    try:
        step = solve_banded((1, 1), bands, np.where(held, 0.0, -cells.slopes))
    except (LinAlgError, ValueError):
        return None
    low, high = cells.walls[0], cells.walls[-1]
    for _ in range(MOST_HALVINGS):
        moved = z + step
        is_inside = low <= moved[0] <= moved[-1] <= high
        if is_inside and (np.diff(moved, prepend=low - 1, append=high + 1) > 0).all():
            after = cells_of(density, moved, order)
            # near the end only the residual still shows progress; far away the distortion must not rise
            if after.residual < cells.residual and after.distortion <= cells.distortion * (1 + 1e-12):
                return after
        step = step / 2
    return None


def _centres(density: Density, cells: Cells, order: float) -> Float64:
    """Find the r-centre of every cell: the mean at order 2, the median if it is known, else near it by steps."""
    if order == 2:
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = cells.points - cells.slopes / cells.curvatures
        return np.where(np.isfinite(moved), moved, cells.points)
    if order == 1 and density.quantile is not None:
        through = np.concatenate([[0.0], np.cumsum(cells.probabilities)])
        return _snapped(density, density.quantile((through[1:] + through[:-1]) / 2))
    low, high, z = cells.walls[:-1].copy(), cells.walls[1:].copy(), cells.points
    for _ in range(MOST_HALVINGS_OF_CELLS if order == 1 or len(density.atoms) else FEW_STEPS):
        z = _on_atoms(density, z, low, high)
        here = cells_of(density, z, order, cells.walls)
        low = np.where(here.slopes <= 0, z, low)
        high = np.where(here.slopes >= 0, z, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = z - here.slopes / here.curvatures
        # Newton's step if it stays between the ends, else the middle
        moved = np.where((moved > low) & (moved < high), moved, (low + high) / 2)
        is_still = (np.abs(moved - z) <= 1e-15 * np.maximum(np.abs(z), density.spread)).all()
        z = moved
        if is_still:
            break
    return _snapped(density, z)


def _on_atoms(density: Density, middle: Float64, low: Float64, high: Float64) -> Float64:
    """Return the middle, or an atom between low and high: the median of a cell may be one."""
    if not len(density.atoms):
        return middle
    nearest = np.searchsorted(density.atoms, middle)
    for place in (nearest - 1, nearest):
        atom = density.atoms[np.clip(place, 0, len(density.atoms) - 1)]
        middle = np.where((atom > low) & (atom < high), atom, middle)
    return middle


def _snapped(density: Density, points: Float64) -> Float64:
    """Return points with those that halving brought next to an atom moved onto it."""
    if not len(density.atoms):
        return points
    nearest = np.argmin(np.abs(points[:, None] - density.atoms), axis=1)
    atoms = density.atoms[nearest]
    return np.where(np.abs(points - atoms) < 1e-12 * density.spread, atoms, points)
