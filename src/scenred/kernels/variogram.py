"""The variogram score of order 1/2 of one weighted set of points against another, without their pairs.

M. Scheuerer and T. Hamill, "Variogram-based proper scoring rules for probabilistic forecasts of
multivariate quantities", Monthly Weather Review 143, 2015, equation 9, doi 10.1175/MWR-D-14-00269.1.

For coordinates a, b let g(z) = |z_a - z_b|^(1/2). Averaged over observations z with masses p,

    sum_ab sum_i p_i (E_q g - g(z_i))^2 = sum_ab (E_q g - E_p g)^2 + sum_ab (E_p |z_a - z_b| - (E_p g)^2),

so two means for every pair of coordinates are enough. The first sum is the excess over the score of the
observations' own distribution, for which it is exactly 0.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from scenred.arrays import Float64
from scenred.kernels.jit import as_compiled, compiled
from scenred.kernels.threads import map_blocks


@compiled
def _sums_of(x: Any, p: Any, y: Any, q: Any, row: Any) -> Any:
    """Return the excess and the spread of all pairs (row, b > row)."""
    excess = 0.0
    spread = 0.0
    for b in range(row + 1, x.shape[0]):
        mean_x = 0.0
        square_x = 0.0
        for i in range(x.shape[1]):
            away = abs(x[row, i] - x[b, i])
            mean_x += p[i] * math.sqrt(away)
            square_x += p[i] * away
        mean_y = 0.0
        for j in range(y.shape[1]):
            mean_y += q[j] * math.sqrt(abs(y[row, j] - y[b, j]))
        excess += (mean_y - mean_x) * (mean_y - mean_x)
        spread += max(square_x - mean_x * mean_x, 0.0)
    return excess, spread


def variogram_sums(x: Float64, p: Float64, y: Float64, q: Float64, n_threads: int | None = None) -> tuple[float, float]:
    """Return the excess and the spread, summed over all ordered pairs of coordinates; the score is their sum.

    Observations `x` have shape (n, d) and masses `p`, members of the forecast `y` shape (m, d) and masses `q`. It takes
    d**2 (n + m) / 2 square roots.

    Examples
    --------
    >>> points, masses = np.array([[0.0, 1.0], [0.0, 4.0]]), np.array([0.5, 0.5])
    >>> variogram_sums(points, masses, points, masses)
    (0.0, 0.5)
    """
    arrays = as_compiled(*(np.ascontiguousarray(a) for a in (x.T, p, y.T, q)))
    sums = list(map_blocks(partial(_sums_of, *arrays), range(x.shape[1]), n_threads))
    return 2 * math.fsum(excess for excess, _ in sums), 2 * math.fsum(spread for _, spread in sums)
