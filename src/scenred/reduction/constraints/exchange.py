"""Scenarios are exchanged where probabilities of those that stay give the wanted means not at all, or at a high price.

The k nearest scenarios need not span the means of the year. How far they are from it is a linear program in k
probabilities, min_q sum_c abs(sum_j q_j m_jc - mu_c) / spread_c, whose dual prices rank the scenarios that would come
nearer, as in column generation (L. R. Ford, D. R. Fulkerson, "A suggested computation for maximal multi-commodity
network flows", Management Science 5, 1958, doi 10.1287/mnsc.5.1.97). Swaps along these prices lead to a choice that
holds the means; further swaps, in the order of a bound of their cost (the larger of those with free probabilities and
with the means free at their present prices), lower the transport cost as long as the work allows: a search, not a
proof. Few choices are all looked at. The price that is paid is told.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scenred.arrays import Float64, Int64
from scenred.errors import RequestError, ScenredWarning
from scenred.metrics import member_costs
from scenred.model import DistanceMatrix, Payment, Reduction
from scenred.reduction.constraints.weights import (
    LEAST_MISS,
    Wish,
    check_bounds,
    closed_pairs,
    moments,
    nearest_means,
    priced,
)

# Where true means cost less than this share more, the scenarios of least cost stay.
DEAR = 0.02
# Scenarios that are tried for each place, and linear programs in k probabilities that are solved in all.
ENTERING = 12
MOST_PROGRAMS = 5000
# Choices that are all tried, where there are no more.
MOST_CHOICES = 20_000
# Rows of the cost matrix that are looked at together.
BLOCK = 512
# Linear programs over the whole transport: as many as have this many variables together, within bounds.
MOST_VARIABLES = 150_000
FEWEST_TRANSPORTS, MOST_TRANSPORTS = 2, 40


@dataclass(frozen=True, slots=True, eq=False)
class Swaps:
    """Hold what an exchange is bound to.

    Parameters
    ----------
    reduction : Reduction
        The choice of least cost.
    distances : DistanceMatrix
    wish : Wish
    held, excluded, alone : tuple of int
        Rows of the original, as `reduce` takes them.
    groups : ndarray of shape (n,), int64
        Number of the group of each row; all 0 where nothing is reduced by group.
    means : ndarray of shape (n, m)
        Of the columns in each scenario: how far from those of the original, as `moments` gives them.
    """

    reduction: Reduction
    distances: DistanceMatrix
    wish: Wish
    held: tuple[int, ...]
    excluded: tuple[int, ...]
    alone: tuple[int, ...]
    groups: Int64
    means: Float64

    @property
    def masses(self) -> Float64:
        """Probability of each group."""
        weights = self.reduction.original.probabilities
        return np.array([math.fsum(weights[self.groups == group]) for group in range(self.groups.max() + 1)])

    @property
    def free(self) -> list[int]:
        """Rows that may stay and need not."""
        return [row for row in range(len(self.groups)) if row not in {*self.held, *self.excluded}]

    def miss(self, medoids: Int64) -> tuple[float, Float64]:
        """Give the least sum of misses of the means, and what each row would take off it per probability."""
        blocks = (self.groups[medoids] == np.arange(self.groups.max() + 1)[:, None]).astype(np.float64)
        low, high = (np.full(len(medoids), bound) for bound in (self.wish.low, self.wish.high))
        is_alone = np.isin(medoids, np.array(self.alone, dtype=np.int64))
        low[is_alone] = high[is_alone] = self.reduction.original.probabilities[medoids[is_alone]]
        nothing = np.zeros(self.means.shape[1])
        rows, right = np.vstack([blocks, self.means[medoids].T]), np.concatenate([self.masses, nothing])
        q, prices = nearest_means(rows, right, self.means.shape[1], low, high)
        total = float(np.abs(self.means[medoids].T @ q).sum())
        return total, prices[self.groups] + (self.means * prices[len(blocks) :]).sum(axis=1)

    def bounds(self, medoids: Int64, prices: Float64) -> Float64:
        """Bound the cost of every choice that has row j instead of the i-th medoid, shape (k, n); infinite if barred.

        The means are left free at prices pi: sum_i p_i min_j (c_ij - pi m_j) is never above the cost with true
        means. At prices of 0 it is the cost with free probabilities.
        """
        weights, groups = self.reduction.original.probabilities, self.groups
        n, alone = len(weights), np.array(self.alone, dtype=np.int64)
        used = np.flatnonzero((weights > 0) & ~np.isin(np.arange(n), alone))

        def costs(rows: Int64) -> Float64:
            part = self.distances.costs[rows][:, used].astype(np.float64)
            part -= (self.means[rows] * prices).sum(axis=1)[:, None]
            part[(groups[rows][:, None] != groups[used]) | np.isin(rows, alone)[:, None]] = np.inf
            return part

        own = costs(medoids)
        near = [np.delete(own, place, axis=0).min(axis=0, initial=np.inf) for place in range(len(medoids))]
        found = np.full((len(medoids), n), np.inf)
        for rows in np.array_split(np.arange(n), math.ceil(n / BLOCK)):
            part = costs(rows)
            for place, row in enumerate(medoids):
                if row not in self.held:
                    found[place, rows] = (np.minimum(part, near[place]) * weights[used]).sum(axis=1)
        found -= float((prices * (self.means[alone] * weights[alone, None]).sum(axis=0)).sum())
        found[:, np.union1d(medoids, np.array(self.excluded, dtype=np.int64))] = np.inf
        found[groups[medoids][:, None] != groups[None, :]] = np.inf
        return found

    def chosen(self, medoids: Int64) -> Reduction:
        """Give the reduction to other medoids."""
        original = self.reduction.original
        costs = member_costs(self.distances, medoids)
        costs = np.where(
            closed_pairs(original, medoids, self.alone, by_group=self.groups.max() > 0), np.inf, costs
        )
        assignment = np.argmin(costs, axis=1)
        assignment[medoids] = np.arange(len(medoids))
        served = costs[np.arange(len(costs)), assignment]
        return replace(
            self.reduction,
            medoids=medoids,
            assignment=assignment,
            distances=served ** (1 / self.distances.order),
            cost=math.fsum(original.probabilities * served),
            is_optimal=False,
        )


def exchanged(
    reduction: Reduction,
    distances: DistanceMatrix,
    wish: Wish,
    *,
    held: Sequence[int] = (),
    excluded: Sequence[int] = (),
    alone: Sequence[int] = (),
    should_stop: Callable[[], bool] = lambda: False,
) -> Reduction:
    """Give scenarios of which some probabilities have the wanted means, the same where they do so at 2 % more cost.

    Parameters
    ----------
    reduction : Reduction
    distances : DistanceMatrix
        Of its original.
    wish : Wish
        With columns whose means are to be preserved.
    held, excluded, alone : sequence of int
        Rows of the original that stay in any case, never stay, represent themselves alone.
    should_stop : callable
        Asked between steps of the work.

    Returns
    -------
    Reduction
        With the probabilities of its clusters; the last of `payments` says what the exchange costs. Where no choice
        is found that holds the means, `reduction` itself.

    Raises
    ------
    RequestError
        When the bounds of the probabilities cannot be kept, or time ends the search before the means can be held.

    Warns
    -----
    ScenredWarning
        Where scenarios are exchanged.

    Notes
    -----
    At most 5,000 programs in k probabilities (1 ms each) and 2 to 40 over the whole transport, as many as have 150,000
    variables together: 2 s for 365 x 10. Where there are at most 20,000 choices, all are
    looked at, and the best is found.
    """
    check_bounds(reduction, wish, alone)
    off, _, _ = moments(reduction, wish)
    groups = np.zeros(len(off), dtype=np.int64)
    if reduction.scenarios.groups:
        groups = np.unique(np.array(reduction.original.groups), return_inverse=True)[1].astype(np.int64)
    swaps = Swaps(
        reduction,
        distances,
        wish,
        held=tuple(map(int, held)),
        excluded=tuple(map(int, excluded)),
        alone=tuple(map(int, alone)),
        groups=groups,
        means=off,
    )
    own = _cost(swaps, reduction.medoids)[0]
    if own <= reduction.cost * (1 + DEAR):
        return reduction
    best = _found(swaps, should_stop)
    count = 0 if best is None else len(np.setdiff1d(best.medoids, reduction.medoids))
    if best is None or not count:
        return reduction
    said = f"{count} scenario{'s' * (count != 1)} exchanged to hold the {wish}"
    why = (
        f"cannot hold the {wish}"
        if math.isinf(own)
        else f"hold the {wish} at {own / reduction.cost - 1:.1%} more cost"
    )
    warnings.warn(
        f"the scenarios of least cost {why}: {count} of {len(best.medoids)} are others", ScenredWarning, 3
    )
    paid = Payment(said, reduction.cost, best.cost, reduction.lower_bound)
    return replace(best, payments=(*reduction.payments, paid))


def _found(swaps: Swaps, should_stop: Callable[[], bool]) -> Reduction | None:
    """Try all choices where they are few, else search; None where no choice is found that holds the means."""
    if math.comb(len(swaps.free), len(swaps.reduction.medoids) - len(set(swaps.held))) <= MOST_CHOICES:
        return _best_of_all(swaps, should_stop)
    medoids, programs = _first(swaps, should_stop)
    if medoids is not None:
        return _cheapest(swaps, medoids, programs, should_stop)
    if should_stop():
        raise RequestError(
            f"--preserve mean: the time ended the search for scenarios that hold the {swaps.wish}; allow more with "
            "--time-limit, keep more scenarios, or preserve fewer columns"
        )
    return None


def _best_of_all(swaps: Swaps, should_stop: Callable[[], bool]) -> Reduction | None:
    """Give the choice of least cost with true means among all that keep what is held and the numbers of the groups.

    Choices are looked at in the order of their cost with free probabilities, until that is no less than the best.
    """
    present = swaps.reduction.medoids
    held = np.array(sorted(set(swaps.held)), dtype=np.int64)
    numbers = np.sort(swaps.groups[present])
    choices: list[Reduction] = []
    for others in itertools.combinations(swaps.free, len(present) - len(held)):
        medoids = np.sort(np.concatenate([held, np.array(others, dtype=np.int64)]))
        if (np.sort(swaps.groups[medoids]) == numbers).all():
            choices.append(swaps.chosen(medoids))
    best, least = None, math.inf
    for choice in sorted(choices, key=lambda one: one.cost):
        if choice.cost >= least or should_stop():
            break
        if swaps.miss(choice.medoids)[0] <= LEAST_MISS and (cost := _cost(swaps, choice.medoids)[0]) < least:
            best, least = choice, cost
    return best


def _first(swaps: Swaps, should_stop: Callable[[], bool]) -> tuple[Int64 | None, int]:
    """Swap until the means can be held; None where that does not succeed; and how many programs it took."""
    medoids = swaps.reduction.medoids
    miss, prices = swaps.miss(medoids)
    programs = 1
    while miss > LEAST_MISS:
        if programs > MOST_PROGRAMS or should_stop():
            return None, programs
        costs = swaps.bounds(medoids, np.zeros(swaps.means.shape[1]))
        may_enter = np.asarray(np.isfinite(costs).any(axis=0))
        entering = [row for row in np.argsort(-prices, kind="stable").tolist() if may_enter[row]][:ENTERING]
        tried: list[tuple[float, float, Int64, Float64]] = []
        for row in entering:
            for place in np.flatnonzero(np.isfinite(costs[:, row])).tolist():
                other = _swapped(medoids, place, row)
                left, its_prices = swaps.miss(other)
                left = left if left > LEAST_MISS else 0.0
                tried.append((left, float(costs[place, row]), other, its_prices))
        programs += len(tried)
        if not tried:
            return None, programs
        left, _, medoids, prices = min(tried, key=lambda one: one[:2])
        if left >= miss * (1 - 1e-9):
            return None, programs
        miss = left
    return medoids, programs


def _cheapest(swaps: Swaps, medoids: Int64, programs: int, should_stop: Callable[[], bool]) -> Reduction:
    """Swap on, as long as that lowers the transport cost with true means and the work allows."""
    best, (cost, prices) = swaps.chosen(medoids), _cost(swaps, medoids)
    n_variables = len(swaps.groups) * len(medoids)
    transports = int(np.clip(MOST_VARIABLES // n_variables, FEWEST_TRANSPORTS, MOST_TRANSPORTS))
    nothing, improved = np.zeros(swaps.means.shape[1]), True
    while improved:
        improved = False
        costs = np.maximum(swaps.bounds(best.medoids, prices), swaps.bounds(best.medoids, nothing))
        order = np.argsort(costs, axis=None, kind="stable")
        for place, row in zip(*np.unravel_index(order, costs.shape), strict=True):
            if costs[place, row] >= cost or not transports or programs > MOST_PROGRAMS or should_stop():
                return best
            other = _swapped(best.medoids, int(place), int(row))
            programs += 1
            if swaps.miss(other)[0] > LEAST_MISS:
                continue
            transports -= 1
            its_cost, its_prices = _cost(swaps, other)
            if its_cost < cost * (1 - 1e-9):
                best, cost, prices, improved = swaps.chosen(other), its_cost, its_prices, True
                break
    return best


def _cost(swaps: Swaps, medoids: Int64) -> tuple[float, Float64]:
    """Give the transport cost with true means and their prices; infinite where HiGHS leaves them missed."""
    try:
        found, prices = priced(swaps.chosen(medoids), swaps.distances, swaps.wish, swaps.alone)
    except RequestError:
        return math.inf, np.zeros(swaps.means.shape[1])
    return found.cost, prices


def _swapped(medoids: Int64, place: int, row: int) -> Int64:
    other = medoids.copy()
    other[place] = row
    return np.sort(other)
