"""Sums of Gaussian bells on an even grid, without an exponential for every pair of bell and node.

From node to node a bell changes by a factor, and this factor by a constant one (L. Greengard and J. Strain, "The fast
Gauss transform", SIAM Journal on Scientific and Statistical Computing 12, 1991, doi 10.1137/0912004, and its
successors). So a bell needs a few exponentials, then only products.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from scenred.arrays import Float64
from scenred.kernels.jit import as_compiled, compiled

# Beyond this number of widths a bell is less than the rounding of a sum of doubles.
REACH = 12.0


@compiled
def _add_bells(centres: Any, masses: Any, first: float, spacing: float, sums: Any) -> None:
    """Add mass * exp(-(x - centre)^2 / 2) to the sums at x = first + spacing * node; all in widths of the bells."""
    falling = math.exp(-spacing * spacing)
    reach = int(REACH / spacing) + 2  # the nearest node may lie half a spacing off, on the other side
    for bell in range(len(centres)):
        place = (centres[bell] - first) / spacing
        nearest = min(max(int(place + 0.5), 0), len(sums) - 1)
        off = (nearest - place) * spacing
        top = masses[bell] * math.exp(-0.5 * off * off)
        value, factor = top, math.exp(-spacing * off - 0.5 * spacing * spacing)
        for node in range(nearest, min(nearest + reach, len(sums))):
            sums[node] += value
            value *= factor
            factor *= falling
        factor = math.exp(spacing * off - 0.5 * spacing * spacing)
        value = top * factor
        for node in range(nearest - 1, max(nearest - reach, -1), -1):
            factor *= falling
            sums[node] += value
            value *= factor


def bell_sums(centres: Float64, masses: Float64, width: float, first: float, spacing: float, n: int) -> Float64:
    """Return sum_i m_i exp(-(x - c_i)^2 / (2 width^2)) at n nodes x = first, first + spacing, ...

    Centres and masses have one shape, width and spacing are above 0. About 24 width / spacing products a bell.

    Examples
    --------
    >>> bell_sums(np.array([0.0]), np.array([1.0]), 1.0, 0.0, 1.0, 2).round(6)
    array([1.      , 0.606531])
    """
    sums = np.zeros(n)
    bells, weights = as_compiled(centres / width, masses)
    _add_bells(bells, weights, first / width, spacing / width, sums)
    return sums
