"""Scenarios are exchanged where probabilities of those that stay give the wanted means not at all, or at a high price.

The k nearest scenarios need not span the means of the year. How far they are from it is a linear program in k
probabilities, min_q sum_c abs(sum_j q_j m_jc - mu_c) / spread_c, whose dual prices rank the scenarios that would come
nearer, as in column generation (L. R. Ford, D. R. Fulkerson, "A suggested computation for maximal multi-commodity
network flows", Management Science 5, 1958, doi 10.1287/mnsc.5.1.97). Swaps along these prices lead to a choice that
holds the means; further swaps, in the order of a bound of their cost (the larger of those with free probabilities and
with the means free at their present prices), lower the transport cost as long as the work allows: a search, not a
proof. Where there are few choices, all are looked at. The price that is paid is reported.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np

from scenred.arrays import Float64, Int64
from scenred.errors import RequestError, Setting
from scenred.model import DistanceMatrix, Payment, Reduction
from scenred.notes import note
from scenred.options import Work
from scenred.reduction.constraints.swaps import Swaps
from scenred.reduction.constraints.weights import LEAST_MISS, WeightTargets
from scenred.reduction.held_rows import HeldRows

# Where true means cost less than this share more, the scenarios of least cost stay.
DEAR = 0.02
# A cost this many times another is told in numbers, not as a share.
LARGEST_RATIO = 1e3
# Scenarios that are tried for each place, and linear programs in k probabilities that are solved in all.
ENTERING = 12
MOST_PROGRAMS = 5000
# Choices that are all tried, where there are no more.
MOST_CHOICES = 20_000
# Variables that the linear programs over the whole transport have together, and the least and most of these.
MOST_VARIABLES = 150_000
FEWEST_TRANSPORTS, MOST_TRANSPORTS = 2, 40


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A choice that was tried: what its means miss, a bound of its cost, and what rows would take off the miss."""

    medoids: Int64
    miss: float
    bound: float
    prices: Float64


def exchanged(
    reduction: Reduction,
    distances: DistanceMatrix,
    targets: WeightTargets,
    rows: HeldRows = HeldRows(),
    work: Work = Work(),
) -> Reduction:
    """Return scenarios of which some probabilities have the wanted means, unchanged if theirs do at 2 % more cost.

    The result has the probabilities of its clusters; the last of `payments` reports what the exchange costs, and a
    `ScenredWarning` tells of it. Where no choice is found that holds the means, it is `reduction` itself. A
    RequestError is raised if the bounds of the probabilities cannot be kept, or time ends the search before the means
    can be held.

    At most 5,000 programs in k probabilities (1 ms each) and 2 to 40 over the whole transport, with 150,000 variables
    together: 2 s for 365 x 10. Where there are at most 20,000 choices, all are looked at, and the best is found.
    """
    swaps = Swaps.of(reduction, distances, targets, rows, lambda: work.time_left() <= 0)
    own = swaps.cost(reduction.medoids)[0]
    if own <= reduction.cost * (1 + DEAR):
        return reduction
    best = _found(swaps)
    count = 0 if best is None else len(np.setdiff1d(best.medoids, reduction.medoids))
    if best is None or not count:
        return reduction
    why = "cannot meet" if math.isinf(own) else "meet"
    price = "" if math.isinf(own) else _price(own, reduction.cost)
    note(f"the scenarios of least cost {why} the {targets}{price}: {count} of {len(best.medoids)} were exchanged")
    said = f"{count} scenario{'s' * (count != 1)} exchanged to hold the {targets}"
    paid = Payment(said, reduction.cost, best.cost, reduction.lower_bound)
    return replace(best, payments=(*reduction.payments, paid))


def _price(own: float, free: float) -> str:
    """Return in words what true means cost more than free ones, which may cost nothing."""
    return (
        f" at {own / free - 1:.1%} more cost"
        if own < LARGEST_RATIO * free
        else f" at a cost of {own:.3g} for {free:.3g}"
    )


def _found(swaps: Swaps) -> Reduction | None:
    """Try all choices where they are few, else search; None where no choice is found that holds the means."""
    if math.comb(len(swaps.free), len(swaps.reduction.medoids) - len(swaps.rows.held)) <= MOST_CHOICES:
        return _best_of_all(swaps)
    medoids, programs = _first(swaps)
    if medoids is not None:
        return _cheapest(swaps, medoids, programs)
    if swaps.should_stop():
        raise RequestError(
            f"the time ended the search for scenarios that hold the {swaps.targets}",
            advice=("allow more with ", Setting("time_limit"), ", keep more scenarios, or preserve fewer columns"),
            place=Setting("preserve", "mean"),
        )
    return None


def _best_of_all(swaps: Swaps) -> Reduction | None:
    """Return the choice of least cost with true means among all that keep what is held and the numbers of the groups.

    Choices are looked at in the order of their cost with free probabilities, until that reaches the cost of the best.
    """
    present = swaps.reduction.medoids
    held = swaps.rows.held
    numbers = np.sort(swaps.groups[present])
    choices: list[Reduction] = []
    for others in itertools.combinations(swaps.free, len(present) - len(held)):
        medoids = np.sort(np.concatenate([held, np.array(others, dtype=np.int64)]))
        if (np.sort(swaps.groups[medoids]) == numbers).all():
            choices.append(swaps.chosen(medoids))
    best, least = None, math.inf
    for choice in sorted(choices, key=lambda one: one.cost):
        if choice.cost >= least or swaps.should_stop():
            break
        if swaps.miss(choice.medoids)[0] <= LEAST_MISS and (cost := swaps.cost(choice.medoids)[0]) < least:
            best, least = choice, cost
    return best


def _first(swaps: Swaps) -> tuple[Int64 | None, int]:
    """Swap until the means can be held; None where that does not succeed; and the number of programs."""
    medoids = swaps.reduction.medoids
    miss, prices = swaps.miss(medoids)
    programs = 1
    while miss > LEAST_MISS:
        if programs > MOST_PROGRAMS or swaps.should_stop():
            return None, programs
        costs = swaps.bounds(medoids, np.zeros(swaps.means.shape[1]))
        may_enter = np.asarray(np.isfinite(costs).any(axis=0))
        entering = [row for row in np.argsort(-prices, kind="stable").tolist() if may_enter[row]][:ENTERING]
        tried: list[Trial] = []
        for row in entering:
            for place in np.flatnonzero(np.isfinite(costs[:, row])).tolist():
                other = _swapped(medoids, place, row)
                left, its_prices = swaps.miss(other)
                left = left if left > LEAST_MISS else 0.0
                tried.append(Trial(other, left, float(costs[place, row]), its_prices))
        programs += len(tried)
        if not tried:
            return None, programs
        best = min(tried, key=lambda one: (one.miss, one.bound))
        if best.miss >= miss * (1 - 1e-9):
            return None, programs
        medoids, miss, prices = best.medoids, best.miss, best.prices
    return medoids, programs


def _cheapest(swaps: Swaps, medoids: Int64, programs: int) -> Reduction:
    """Swap on, as long as that lowers the transport cost with true means and the work allows."""
    best, (cost, prices) = swaps.chosen(medoids), swaps.cost(medoids)
    n_variables = len(swaps.groups) * len(medoids)
    transports = int(np.clip(MOST_VARIABLES // n_variables, FEWEST_TRANSPORTS, MOST_TRANSPORTS))
    nothing, improved = np.zeros(swaps.means.shape[1]), True
    while improved:
        improved = False
        costs = np.maximum(swaps.bounds(best.medoids, prices), swaps.bounds(best.medoids, nothing))
        order = np.argsort(costs, axis=None, kind="stable")
        for place, row in zip(*np.unravel_index(order, costs.shape), strict=True):
            if costs[place, row] >= cost or not transports or programs > MOST_PROGRAMS or swaps.should_stop():
                return best
            other = _swapped(best.medoids, int(place), int(row))
            programs += 1
            if swaps.miss(other)[0] > LEAST_MISS:
                continue
            transports -= 1
            its_cost, its_prices = swaps.cost(other)
            if its_cost < cost * (1 - 1e-9):
                best, cost, prices, improved = swaps.chosen(other), its_cost, its_prices, True
                break
    return best


def _swapped(medoids: Int64, place: int, row: int) -> Int64:
    other = medoids.copy()
    other[place] = row
    return np.sort(other)
