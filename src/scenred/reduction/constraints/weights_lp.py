"""Linear programs over the probabilities of scenarios that stay: what they can reach, and at what transport cost.

The last digits of the means come from a correction of the probabilities, of least norm, among those that are not at a
bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenred.arrays import Bool, Float64, weighted_sum
from scenred.errors import SolverError
from scenred.reduction.constraints.refined_lp import Program, solved

# A mean may miss by this share of its spread: how far the mean of a period lies from it at most.
MEAN_TOLERANCE = 1e-10
# A miss that needs no refinement of its program.
NEGLIGIBLE_MISS = 1e-12
# Rows nearer than this to what others span depend on them.
DEPENDENT = 1e-10
# What is exact in float64; and how often it is tried.
EXACT = 1e-16
CORRECTIONS = 5


@dataclass(frozen=True, slots=True, eq=False)
class FeasibleWeights:
    """The probabilities that k scenarios may have, each from `low` to `high`.

    Parameters
    ----------
    blocks : ndarray of shape (g, k)
        1 where a scenario belongs to a group, else 0.
    masses : ndarray of shape (g,)
        Sum of the probabilities of each group.
    means : ndarray of shape (k, m)
        How far the means of a scenario lie from the wanted ones, by their spreads.
    """

    blocks: Float64
    masses: Float64
    means: Float64
    low: Float64
    high: Float64

    @property
    def rows(self) -> Float64:
        """Left side of the equations for groups and means, shape (g + m, k)."""
        return np.vstack([self.blocks, self.means.T])

    @property
    def right(self) -> Float64:
        """Right side of the equations."""
        return np.concatenate([self.masses, np.zeros(self.means.shape[1])])

    def nearest_means(self) -> tuple[Float64, Float64]:
        """Return the probabilities whose means miss least, and the dual price of each row, shapes (k,) and (g + m,).

        Means may be missed, at the sum of the misses; the sums of groups hold.
        """
        from scipy.sparse import csr_array

        k, m = self.means.shape
        slack = np.zeros((len(self.masses) + m, 2 * m))
        slack[-m:] = np.hstack([np.eye(m), -np.eye(m)])
        costs = np.r_[np.zeros(k), np.ones(2 * m)]
        low, high = np.r_[self.low, np.zeros(2 * m)], np.r_[self.high, np.full(2 * m, np.inf)]
        found = solved(Program(costs, csr_array(np.hstack([self.rows, slack])), self.right, low, high), NEGLIGIBLE_MISS)
        return found.x[:k], found.prices

    def range_of(self, column: int) -> tuple[float, float]:
        """Return the least and the largest value that one mean can have by itself."""
        from scipy.sparse import csr_array

        ends = []
        for sign in (1.0, -1.0):
            means = sign * self.means[:, column]
            found = solved(Program(means, csr_array(self.blocks), self.masses, self.low, self.high))
            ends.append(sign * float(weighted_sum(means, found.x)))
        return ends[0], ends[1]

    def corrected(self, q: Float64) -> Float64:
        """Move the probabilities that are not at a bound, as little as possible, until sums and means are exact."""
        rows, right, low, high = self.rows, self.right, self.low, self.high
        q = np.clip(q, low, high)
        for _ in range(CORRECTIONS):
            missing = right - weighted_sum(q, rows.T)
            free = (q > low) & (q < high)
            if np.abs(missing).max() <= EXACT or not free.any():
                break
            step = np.zeros(len(q))
            step[free] = _least_norm(rows[:, free], missing)
            q = np.clip(q + step, low, high)
        q = self._with_masses(q)
        miss = float(np.abs(right - weighted_sum(q, rows.T)).max())
        if miss > MEAN_TOLERANCE:
            raise SolverError(
                f"the probabilities miss by {miss:.2g} of the spread of a mean",
                f"{MEAN_TOLERANCE:g}",
                "lower the least probability or preserve fewer columns",
            )
        return q

    def _with_masses(self, q: Float64) -> Float64:
        """Scale the probabilities of a group whose sum is not exact: its mass may be below all tolerances."""
        q = q.copy()
        off = np.abs(self.masses - weighted_sum(q, self.blocks.T))
        for number in np.flatnonzero(off > 10 * EXACT):
            block, mass = self.blocks[number] > 0, self.masses[number]
            total = q[block].sum()
            shares = q[block] / total if total > 0 else 1 / block.sum()
            q[block] = np.clip(mass * shares, self.low[block], self.high[block])
        return q


def _least_norm(rows: Float64, right: Float64) -> Float64:
    """Return the shortest x with rows @ x = right, by the modified Gram-Schmidt process in a fixed order of sums.

    Rows that depend on others are left out.
    """
    basis: list[Float64] = []
    x = np.zeros(rows.shape[1])
    for row, goal in zip(rows, right, strict=True):
        rest = row.copy()
        for axis in basis * 2:  # twice is enough against rounding
            rest -= (rest * axis).sum() * axis
        length = float(np.sqrt((rest * rest).sum()))
        if length > DEPENDENT * float(np.sqrt((row * row).sum())):
            axis = rest / length
            x += (goal - (row * x).sum()) / length * axis
            basis.append(axis)
    return x


def least_transport(
    costs: Float64, weights: Float64, closed: Bool, feasible: FeasibleWeights
) -> tuple[Float64, Float64]:
    """Return the probabilities of least transport cost, shape (k,), and the prices of the means, shape (m,).

    `costs` and `closed` (pairs that may move no mass) have shape (n, k); `weights` are those of the periods.
    """
    from scipy.sparse import block_array, coo_array, identity, vstack

    n, k = costs.shape
    low, high = feasible.low, feasible.high
    pairs = np.arange(n * k)
    point, place = pairs // k, pairs % k
    per_point = coo_array((np.ones(n * k), (point, pairs)), shape=(n, n * k))
    per_place = coo_array((np.ones(n * k), (place, pairs)), shape=(k, n * k)).tocsr()
    is_set, is_bounded = low == high, (low < high) & ((low > 0) | (high < 1))
    fixed = vstack([per_point, per_place[is_set], coo_array(np.tile(feasible.means.T, n))], format="csr")
    m = int(is_bounded.sum())
    rows = block_array([[fixed, None], [per_place[is_bounded], -identity(m)]], format="csr") if m else fixed
    largest = float(costs.max()) or 1.0
    found = solved(
        Program(
            np.concatenate([(costs / largest).ravel(), np.zeros(m)]),
            rows,
            np.concatenate([weights, low[is_set], np.zeros(feasible.means.shape[1] + m)]),
            np.concatenate([np.zeros(n * k), low[is_bounded]]),
            np.concatenate([np.where(closed, 0.0, np.inf).ravel(), high[is_bounded]]),
        )
    )
    first = n + int(is_set.sum())
    prices = found.prices[first : first + feasible.means.shape[1]] * largest
    return feasible.corrected(found.x[: n * k].reshape(n, k).sum(axis=0)), prices
