"""The Lagrangian lower bound of weighted k-medoids: prices of the points, raised and lowered by subgradients.

Every point i may be served by one medoid. Take that constraint away and charge for it instead: point i pays
a price v_i, and a candidate j earns gain_j = sum_i weight_i max(0, v_i - costs[j, i]) from the points it would
serve below their price. For any prices at all,

    L(v) = sum_i weight_i v_i - (sum of the k largest gains)    <=    the loss of any k medoids:

G. Cornuejols, M. L. Fisher, G. L. Nemhauser, "Location of bank accounts to optimize float", Management Science
23, 1977, 789-810, doi 10.1287/mnsc.23.8.789, equation (6). The prices follow a deflected subgradient: step length
of B. T. Polyak (1969), direction of P. M. Camerini, L. Fratta, F. Maffioli, "On improving relaxation methods by
modified gradient techniques", Mathematical Programming Study 3, 1975, 26-34. A candidate that could only stand in
solutions of at least `cut` is closed, one that stands in all better ones is opened (reduced costs).

Only pairs whose cost lies below the point's price earn, so each candidate keeps a list of the points that it
serves below a ceiling, and no price may pass its ceiling: every price gives a valid bound, a capped one too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scenred.arrays import Float32, Float64, Int64
from scenred.kernels.jit import as_compiled, compiled, map_blocks

UInt32 = npt.NDArray[np.uint32]
Int8 = npt.NDArray[np.int8]

# Candidates whose pairs a thread lists at a time.
BAND = 256
# States of a candidate.
FREE, OPEN, CLOSED = 0, 1, 2
# How much of the last direction stays in the next: measured, 0.5 to 0.85 are alike, 0 is far worse.
DEFLECTION = 0.7
# Weight of an iteration in the average of what was chosen, which tells fractional candidates from others.
MEMORY = 0.05
# Where more candidates than these are free, every so many iterations look at all, the others at those that earn
# most: some multiple of the medoids that are wanted.
WHOLE = 5
WATCHED = 3
LEAST_WATCHED = 64
# Lists of so many pairs are not copied where little would be dropped.
LARGE = 1 << 20
# A bound that rises by less than this share is taken to stand still.
STANDSTILL = 1e-7


class Lists(NamedTuple):
    """Hold, candidate by candidate, the points that it serves below their ceiling, and at what cost.

    Candidate a has the pairs first[a] to first[a + 1].
    """

    first: Int64
    points: UInt32
    costs: Float32


class Prices(NamedTuple):
    """Hold where an ascent stands: one price a point, one state and one share a candidate.

    `share` is the running average of being among the k best: near 0 or 1 where the relaxation has decided.
    """

    values: Float64
    states: Int8
    share: Float64


class Ascent(NamedTuple):
    """Tell what an ascent reached: the bound, the k best candidates there, the last step length.

    `stalled` counts the last iterations without gain, for an ascent that goes on from here; `n_visits` counts the
    numbers that were looked at, a measure of work.
    """

    bound: float
    chosen: npt.NDArray[np.bool_]
    length: float
    stalled: int
    n_iterations: int
    n_visits: int


@compiled
def _count_below(costs: Any, rows: Any, ceilings: Any, counts: Any) -> None:
    """Count, for every candidate, the points that it serves below their ceiling."""
    for position in range(rows.shape[0]):
        row = costs[rows[position]]
        count = 0
        for i in range(row.shape[0]):
            count += row[i] < ceilings[i]
        counts[position] = count


@compiled
def _fill_lists(costs: Any, rows: Any, ceilings: Any, lists: Any) -> None:
    """Write the pairs below the ceilings."""
    first, points, list_costs = lists
    for position in range(rows.shape[0]):
        row = costs[rows[position]]
        place = first[position]
        stop = first[position + 1]
        for i in range(row.shape[0]):
            if row[i] < ceilings[i] and place < stop:
                points[place] = i
                list_costs[place] = row[i]
                place += 1


@compiled
def _sink(lists: Any, ceilings: Any, states: Any) -> None:
    """Lower the ceilings to the costs of the open candidates, which then earn nothing: nobody pays more."""
    first, points, costs = lists
    for candidate in range(states.shape[0]):
        if states[candidate] == OPEN:
            for place in range(first[candidate], first[candidate + 1]):
                ceilings[points[place]] = min(ceilings[points[place]], np.float64(costs[place]))


@compiled
def _survey(lists: Any, ceilings: Any, states: Any, candidates: Any, kept: Any, position: Any) -> Any:
    """List the free candidates and the points they serve below the ceilings; count both, and the pairs."""
    first, points, costs = lists
    n_candidates = n_kept = n_pairs = 0
    for candidate in range(states.shape[0]):
        if states[candidate] == FREE:
            candidates[n_candidates] = candidate
            n_candidates += 1
            for place in range(first[candidate], first[candidate + 1]):
                point = points[place]
                if costs[place] < ceilings[point]:
                    n_pairs += 1
                    if position[point] < 0:
                        position[point] = n_kept
                        kept[n_kept] = point
                        n_kept += 1
    return n_candidates, n_kept, n_pairs


@compiled
def _narrow(lists: Any, ceilings: Any, states: Any) -> Any:
    """Reduce the lists to what can still earn; give the narrow lists, their candidates and their points."""
    first, points, costs = lists
    n, m = ceilings.shape[0], states.shape[0]
    _sink(lists, ceilings, states)
    candidates, kept, position = np.empty(m, np.int64), np.empty(n, np.int64), np.full(n, -1, np.int32)
    n_candidates, n_kept, n_pairs = _survey(lists, ceilings, states, candidates, kept, position)
    if (
        4 * n_pairs >= 3 * points.shape[0] and n_pairs >= LARGE
    ):  # a copy would cost more memory than it saves time
        return lists, np.arange(m), np.arange(n)
    narrow_first = np.zeros(n_candidates + 1, np.int64)
    narrow_points, narrow_costs = np.empty(n_pairs, np.uint32), np.empty(n_pairs, np.float32)
    count = 0
    for row in range(n_candidates):
        for place in range(first[candidates[row]], first[candidates[row] + 1]):
            if costs[place] < ceilings[points[place]]:
                narrow_points[count] = position[points[place]]
                narrow_costs[count] = costs[place]
                count += 1
        narrow_first[row + 1] = count
    return (narrow_first, narrow_points, narrow_costs), candidates[:n_candidates], kept[:n_kept]


@compiled
def _earn(lists: Any, weights: Any, prices: Any, states: Any, gains: Any) -> int:
    """Sum what every candidate that is not closed earns at these prices; count the pairs."""
    first, points, costs = lists
    n_pairs = 0
    for candidate in range(gains.shape[0]):
        gain = 0.0
        if states[candidate] != CLOSED:
            n_pairs += first[candidate + 1] - first[candidate]
            for place in range(first[candidate], first[candidate + 1]):
                i = points[place]
                gain += weights[i] * max(prices[i] - costs[place], 0.0)
        gains[candidate] = gain
    return n_pairs


@compiled
def _bring_forward(order: Any, gains: Any, n_wanted: int) -> None:
    """Bring the largest gains to the front of `order`, the lower candidate on ties (C. A. R. Hoare's Find)."""
    low = 0
    high = order.shape[0] - 1
    while low < high:
        pivot = order[(low + high) // 2]
        top = gains[pivot]
        left = low
        right = high
        while left <= right:
            while gains[order[left]] > top or (gains[order[left]] == top and order[left] < pivot):
                left += 1
            while gains[order[right]] < top or (gains[order[right]] == top and order[right] > pivot):
                right -= 1
            if left <= right:
                order[left], order[right] = order[right], order[left]
                left += 1
                right -= 1
        if n_wanted - 1 <= right:
            high = right
        elif n_wanted - 1 >= left:
            low = left
        else:
            return


@compiled
def _choose(gains: Any, states: Any, k: int, order: Any, chosen: Any) -> Any:
    """Mark the open candidates and the best free ones, k in all; count the free and the wanted among them.

    The free candidates come to the front of `order`, the wanted first.
    """
    n_free = 0
    n_wanted = k
    for candidate in range(gains.shape[0]):
        chosen[candidate] = states[candidate] == OPEN
        if states[candidate] == OPEN:
            n_wanted -= 1
        elif states[candidate] == FREE:
            order[n_free] = candidate
            n_free += 1
    if 0 < n_wanted < n_free:
        _bring_forward(order[:n_free], gains, n_wanted)
    for position in range(min(n_wanted, n_free)):
        chosen[order[position]] = True
    return n_free, n_wanted


@compiled
def _fix(gains: Any, states: Any, order: Any, n_free: int, n_wanted: int, bound: float, cut: float) -> None:
    """Close the free candidates whose choice costs at least `cut`, open those whose absence does."""
    least = np.inf
    for position in range(n_wanted):
        least = min(least, gains[order[position]])
    next_best = -np.inf
    for position in range(n_wanted, n_free):
        next_best = max(next_best, gains[order[position]])
    for position in range(n_free):
        candidate = order[position]
        if position < n_wanted:
            if bound + gains[candidate] - next_best >= cut:
                states[candidate] = OPEN
        elif bound + least - gains[candidate] >= cut:
            states[candidate] = CLOSED


@compiled
def _lean(lists: Any, prices: Any, chosen: Any, slope: Any) -> None:
    """Write the subgradient by point: 1 where no chosen candidate serves it, 0 for one, less for more."""
    first, points, costs = lists
    for i in range(slope.shape[0]):
        slope[i] = 1.0
    for candidate in range(chosen.shape[0]):
        if chosen[candidate]:
            for place in range(first[candidate], first[candidate + 1]):
                if costs[place] < prices[points[place]]:
                    slope[points[place]] -= 1.0


@compiled
def _move(weights: Any, ceilings: Any, prices: Any, slope: Any, direction: Any, distance: float) -> bool:
    """Move the prices along the deflected subgradient, a share of the way to `distance`; False at a maximum."""
    steepness = 0.0
    squared = 0.0
    for i in range(prices.shape[0]):
        lean = slope[i]
        if (lean > 0.0 and prices[i] >= ceilings[i]) or (lean < 0.0 and prices[i] <= 0.0):
            lean = 0.0
        steepness += weights[i] * lean * lean
        direction[i] = lean + DEFLECTION * direction[i]
        squared += weights[i] * direction[i] * direction[i]
    if steepness == 0.0 or squared == 0.0:
        return False
    step = distance / squared
    for i in range(prices.shape[0]):
        prices[i] = min(max(prices[i] + step * direction[i], 0.0), ceilings[i])
    return True


@compiled
def _copy(source: Any, target: Any) -> None:
    """Copy an array; a slice assignment would compile longer."""
    for i in range(source.shape[0]):
        target[i] = source[i]


@compiled
def _watch(gains: Any, states: Any, order: Any, n_free: int, k: int, watched: Any) -> bool:
    """Watch the candidates of the largest gains and take all others for closed; say whether that leaves some out."""
    n_watched = WATCHED * k + LEAST_WATCHED
    _copy(states, watched)
    if n_watched >= n_free:
        return False
    _bring_forward(order[:n_free], gains, n_watched)
    for position in range(n_watched, n_free):
        watched[order[position]] = CLOSED
    return True


@compiled
def _climb(lists: Any, weights: Any, ceilings: Any, place: Any, goal: Any, pace: Any) -> Any:
    """Raise the bound over narrow lists; leave the best prices in `place`; return what `Ascent` tells.

    Where candidates are many, most iterations look at those of large gains only. Bounds, and what is fixed by
    them, come from the iterations that look at all.
    """
    best_prices, states, share, best_chosen = place
    n_wanted_in_all, paid, upper, cut = goal
    length, stalled, patience, least_length, most_iterations = pace
    n, m = best_prices.shape[0], states.shape[0]
    prices, watched = best_prices.copy(), states.copy()
    gains, order, slope, direction = np.zeros(m), np.empty(m, np.int64), np.empty(n), np.zeros(n)
    chosen = np.zeros(m, np.bool_)
    best, n_iterations, n_until_all, n_visits = -np.inf, 0, 0, 0
    while n_iterations < most_iterations and length >= least_length and best < cut:
        n_iterations += 1
        stalled += 1
        is_whole = n_until_all == 0
        seen = states if is_whole else watched
        n_visits += n + m + _earn(lists, weights, prices, seen, gains)
        n_free, n_wanted = _choose(gains, seen, n_wanted_in_all, order, chosen)
        if not 0 <= n_wanted <= n_free:  # nothing below the cut is left here
            return np.inf, length, stalled, n_iterations, n_visits
        bound = paid
        for i in range(n):
            bound += weights[i] * prices[i]
        for candidate in range(m):
            if chosen[candidate]:
                bound -= gains[candidate]
            share[candidate] += MEMORY * ((1.0 if chosen[candidate] else 0.0) - share[candidate])
        n_until_all -= 1
        if is_whole:
            if n_iterations > 1 and bound > best + STANDSTILL * abs(best):  # the first stands where it began
                stalled = 0
            if bound > best:
                best = bound
                _copy(prices, best_prices)
                _copy(chosen, best_chosen)
                _fix(gains, states, order, n_free, n_wanted, bound, cut)
            n_until_all = WHOLE - 1 if _watch(gains, states, order, n_free, n_wanted, watched) else 0
            if stalled >= patience:
                length *= 0.5
                stalled = 0
                n_until_all = 0
                _copy(best_prices, prices)
                direction *= 0.0
                continue
        _lean(lists, prices, chosen, slope)
        if not _move(weights, ceilings, prices, slope, direction, length * (upper - bound)) and is_whole:
            break
    return best, length, stalled, n_iterations, n_visits


@compiled
def _ascend(
    lists: Any, weights: Any, ceilings: Any, place: Any, k: int, upper: float, cut: float, pace: Any
) -> Any:
    """Narrow the lists, raise the bound, write prices, states and shares back."""
    prices, states, share = place
    ceilings = ceilings.copy()
    narrow, candidates, kept = _narrow(lists, ceilings, states)
    is_kept = np.zeros(prices.shape[0], np.bool_)
    for i in kept:
        is_kept[i] = True
    paid = 0.0
    for i in range(prices.shape[0]):
        prices[i] = min(prices[i], ceilings[i]) if is_kept[i] else ceilings[i]
        paid += 0.0 if is_kept[i] else weights[i] * prices[i]
    chosen = np.zeros(states.shape[0], np.bool_)
    n_wanted = k
    for candidate in range(states.shape[0]):
        chosen[candidate] = states[candidate] == OPEN
        n_wanted -= states[candidate] == OPEN and candidates.shape[0] < states.shape[0]
    narrow_place = (prices[kept], states[candidates], share[candidates], np.zeros(len(candidates), np.bool_))
    goal = (n_wanted, paid, upper, cut)
    bound, length, stalled, n_iterations, n_visits = _climb(
        narrow, weights[kept], ceilings[kept], narrow_place, goal, pace
    )
    for position in range(kept.shape[0]):
        prices[kept[position]] = narrow_place[0][position]
    for position in range(candidates.shape[0]):
        states[candidates[position]] = narrow_place[1][position]
        share[candidates[position]] = narrow_place[2][position]
        chosen[candidates[position]] = narrow_place[3][position]
    return bound, chosen, length, stalled, n_iterations, n_visits


def count_below(costs: Float32, rows: Int64, ceilings: Float64, n_threads: int | None = None) -> Int64:
    """Count, for every candidate of `rows`, the points that it serves below their ceiling.

    Parameters
    ----------
    costs : ndarray of shape (n, n), float32
        costs[j, i] of serving point i by candidate j.
    rows : ndarray of shape (m,), int64
    ceilings : ndarray of shape (n,)
    n_threads : int, optional

    Returns
    -------
    ndarray of shape (m,), int64

    Notes
    -----
    O(n m).
    """
    counts = np.empty(len(rows), np.int64)
    costs, rows, ceilings = as_compiled(costs, rows, ceilings)

    def count(begin: int) -> None:
        band = slice(begin, begin + BAND)
        _count_below(costs, rows[band], ceilings, counts[band])

    for _ in map_blocks(count, range(0, len(rows), BAND), n_threads):
        pass
    return counts


def lists_below(costs: Float32, rows: Int64, ceilings: Float64, n_threads: int | None = None) -> Lists:
    """List, for every candidate of `rows`, the points that it serves below their ceiling.

    Parameters
    ----------
    costs, rows, ceilings, n_threads
        As in `count_below`.

    Returns
    -------
    Lists
        8 bytes a pair.

    Notes
    -----
    O(n m).

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0))).astype(np.float32)
    >>> lists_below(line, np.array([0, 3]), np.array([2.0, 2.0, 2.0, 0.5])).points
    array([0, 1, 2, 3], dtype=uint32)
    """
    first = np.zeros(len(rows) + 1, np.int64)
    first[1:] = np.cumsum(count_below(costs, rows, ceilings, n_threads))
    lists = Lists(first, np.empty(first[-1], np.uint32), np.empty(first[-1], np.float32))
    costs, rows, ceilings = as_compiled(costs, rows, ceilings)

    def fill(begin: int) -> None:
        stop = min(begin + BAND, len(rows))
        _fill_lists(costs, rows[begin:stop], ceilings, (first[begin : stop + 1], lists.points, lists.costs))

    for _ in map_blocks(fill, range(0, len(rows), BAND), n_threads):
        pass
    return lists


def ascend(
    lists: Lists,
    weights: Float64,
    ceilings: Float64,
    prices: Prices,
    k: int,
    *,
    upper: float,
    cut: float,
    length: float,
    patience: int,
    least_length: float,
    most_iterations: int,
    stalled: int = 0,
) -> Ascent:
    """Raise the Lagrangian bound of k medoids, and fix candidates by their reduced costs on the way.

    Parameters
    ----------
    lists : Lists
        Of m candidates, below the ceilings.
    weights : ndarray of shape (n,)
        At least 0.
    ceilings : ndarray of shape (n,)
        What no price may pass.
    prices : Prices
        Where to start, at most the ceilings; becomes the place of the best bound. Open candidates are among
        the k in any case, closed ones never.
    k : int
        How many medoids.
    upper : float
        Loss of known medoids: the steps aim at it.
    cut : float
        Stop at this bound; only what costs less is of interest.
    length, least_length : float
        Step length in shares of the distance to `upper`, halved when nothing was gained for `patience`
        iterations; stop below the least.
    most_iterations : int
    stalled : int
        Iterations without gain before this ascent, where it goes on from another.

    Returns
    -------
    Ascent
        `min(bound, cut)` holds for all k medoids that agree with the open and closed candidates at the start,
        up to the rounding of float64 sums; the bound is infinite where none of them lies below `cut`.

    Notes
    -----
    An iteration costs one pass over the lists, O(n + m) memory.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer(np.arange(6.0), np.arange(6.0))).astype(np.float32)
    >>> ceilings, everyone = np.full(6, 3.0), np.arange(6)
    >>> start = Prices(np.ones(6), np.zeros(6, np.int8), np.zeros(6))
    >>> pace = {"length": 1.0, "patience": 10, "least_length": 1e-3, "most_iterations": 200}
    >>> lists = lists_below(line, everyone, ceilings)
    >>> round(ascend(lists, np.ones(6), ceilings, start, 2, upper=4.0, cut=3.999, **pace).bound, 2)
    4.0
    """
    weights, ceilings = as_compiled(weights, ceilings)
    place = (prices.values, prices.states, prices.share)
    pace = (length, stalled, patience, least_length, most_iterations)
    return Ascent(*_ascend(tuple(lists), weights, ceilings, place, k, upper, cut, pace))
