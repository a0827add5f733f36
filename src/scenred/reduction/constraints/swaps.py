"""What an exchange of scenarios is bound to: what its means miss, a bound of its cost, its reduction."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from scenred.arrays import Float64, Int64, weighted_sum
from scenred.errors import RequestError, SolverError
from scenred.model import DistanceMatrix, Reduction
from scenred.reduction.constraints.weights import Moments, WeightTargets, feasible_weights, priced
from scenred.reduction.constraints.weights_lp import FeasibleWeights
from scenred.reduction.held_rows import HeldRows
from scenred.reduction.price import served_by_nearest

# Rows of the cost matrix that are looked at together.
BLOCK = 512


@dataclass(frozen=True, slots=True, eq=False)
class Swaps:
    """The choice of least cost, and all that others are compared by.

    Parameters
    ----------
    targets : WeightTargets
        With columns.
    groups : ndarray of shape (n,), int64
        Number of the group of each row; all 0 where nothing is reduced by group.
    masses : ndarray of shape (g,)
        Probability of each group.
    means : ndarray of shape (n, m)
        Of the columns in each scenario: how far from those of the original; `Moments.off`.
    should_stop : callable
        Asked between steps of the work.
    """

    reduction: Reduction
    distances: DistanceMatrix
    targets: WeightTargets
    rows: HeldRows
    groups: Int64
    masses: Float64
    means: Float64
    should_stop: Callable[[], bool]

    @classmethod
    def of(
        cls,
        reduction: Reduction,
        distances: DistanceMatrix,
        targets: WeightTargets,
        rows: HeldRows,
        should_stop: Callable[[], bool],
    ) -> Swaps:
        """Return what choices are compared by; raise a RequestError if the bounds cannot be kept."""
        original = reduction.original
        moments = Moments.of(original, targets.columns)
        feasible_weights(reduction, targets, rows, moments)
        groups = np.zeros(original.n_scenarios, dtype=np.int64)
        if targets.by_group:
            groups = np.unique(np.array(original.groups), return_inverse=True)[1].astype(np.int64)
        weights = (original.probabilities[groups == group] for group in range(groups.max() + 1))
        masses = np.array([math.fsum(part) for part in weights])
        return cls(reduction, distances, targets, rows, groups, masses, moments.off, should_stop)

    @property
    def free(self) -> list[int]:
        """Rows that may stay and need not."""
        fixed = np.union1d(self.rows.held, self.rows.excluded)
        return [int(row) for row in np.setdiff1d(np.arange(len(self.groups)), fixed)]

    def miss(self, medoids: Int64) -> tuple[float, Float64]:
        """Return the least sum of misses of the means, and what each row would take off it per probability."""
        blocks = (self.groups[medoids] == np.arange(len(self.masses))[:, None]).astype(np.float64)
        low, high = (np.full(len(medoids), bound) for bound in (self.targets.low, self.targets.high))
        is_alone = np.isin(medoids, self.rows.alone)
        low[is_alone] = high[is_alone] = self.reduction.original.probabilities[medoids[is_alone]]
        feasible = FeasibleWeights(blocks, self.masses, self.means[medoids], low, high)
        q, prices = feasible.nearest_means()
        total = float(np.abs(weighted_sum(q, feasible.means)).sum())
        return total, prices[self.groups] + (self.means * prices[len(blocks) :]).sum(axis=1)

    def bounds(self, medoids: Int64, prices: Float64) -> Float64:
        """Bound the cost of every choice that has row j instead of the i-th medoid, shape (k, n); infinite if barred.

        The means are left free at prices pi: sum_i p_i min_j (c_ij - pi m_j) is never above the cost with true
        means. At prices of 0 it is the cost with free probabilities.
        """
        weights, groups, alone = self.reduction.original.probabilities, self.groups, self.rows.alone
        n = len(weights)
        used = np.flatnonzero((weights > 0) & ~np.isin(np.arange(n), alone))

        def costs(rows: Int64) -> Float64:
            part = self.distances.costs[rows][:, used].astype(np.float64)
            part -= (self.means[rows] * prices).sum(axis=1)[:, None]
            part[(groups[rows][:, None] != groups[used]) | np.isin(rows, alone)[:, None]] = np.inf
            return part

        own = costs(medoids)
        near = [np.delete(own, place, axis=0).min(axis=0, initial=np.inf) for place in range(len(medoids))]
        found = np.full((len(medoids), n), np.inf)
        open_places = np.flatnonzero(~np.isin(medoids, self.rows.held))
        for rows in np.array_split(np.arange(n), math.ceil(n / BLOCK)):
            part = costs(rows)
            for place in open_places:
                found[place, rows] = (np.minimum(part, near[place]) * weights[used]).sum(axis=1)
        found -= float((prices * (self.means[alone] * weights[alone, None]).sum(axis=0)).sum())
        found[:, np.union1d(medoids, self.rows.excluded)] = np.inf
        found[groups[medoids][:, None] != groups[None, :]] = np.inf
        return found

    def chosen(self, medoids: Int64) -> Reduction:
        """Return the reduction to other medoids."""
        original = self.reduction.original
        closed = self.rows.closed_pairs(original, medoids, by_group=len(self.masses) > 1)
        assignment, served, cost = served_by_nearest(self.distances, original.probabilities, medoids, closed)
        return replace(
            self.reduction,
            medoids=medoids,
            assignment=assignment,
            distances=self.distances.root(served),
            cost=cost,
            is_optimal=False,
        )

    def cost(self, medoids: Int64) -> tuple[float, Float64]:
        """Return the transport cost with true means and their prices; infinite where they are not met."""
        try:
            found, prices = priced(self.chosen(medoids), self.distances, self.targets, self.rows)
        except (RequestError, SolverError):
            return math.inf, np.zeros(self.means.shape[1])
        return found.cost, prices
