"""The Lagrangian lower bound of weighted k-medoids: prices of the points, raised and lowered by subgradients.

Every point is served by one medoid. Drop this constraint and charge for it instead: point i pays a price v_i, and
candidate j gains gain_j = sum_i weight_i max(0, v_i - costs[j, i]). For any prices,

    L(v) = sum_i weight_i v_i - (sum of the k largest gains)    <=    the loss of any k medoids:

G. Cornuejols, M. L. Fisher, G. L. Nemhauser, "Location of bank accounts to optimize float", Management Science
23, 1977, 789-810, doi 10.1287/mnsc.23.8.789, equation (6). The prices follow a deflected subgradient: step length
of B. T. Polyak (1969), direction of P. M. Camerini, L. Fratta, F. Maffioli, "On improving relaxation methods by
modified gradient techniques", Mathematical Programming Study 3, 1975, 26-34. A candidate is closed if every solution
with it costs at least `cut`, and opened if every solution without it does (reduced costs).

The gains are summed over candidate lists, so no price may pass its ceiling. The bound holds for any prices.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scenred.arrays import Float64
from scenred.kernels.candidate_lists import CLOSED, FREE, OPEN, Lists, narrow, subgradient, sum_gains
from scenred.kernels.jit import as_compiled, compiled

Int8 = npt.NDArray[np.int8]

# Share of the last direction in the next one: 0.5 to 0.85 are measured to be alike, 0 is far worse.
DEFLECTION = 0.7
# Weight of one iteration in the running average of what was chosen.
MEMORY = 0.05
# If more candidates are free than WATCHED times the wanted medoids and LEAST_WATCHED, only one iteration in WHOLE
# looks at all of them. The others look at those with the largest gains.
WHOLE = 5
WATCHED = 3
LEAST_WATCHED = 64
# A bound that rises by less than this share counts as no gain.
STANDSTILL = 1e-7


class Prices(NamedTuple):
    """The state of an ascent: a price for each point, a state and a share for each candidate.

    `share` is the running average of being among the k best: near 0 or 1 if the relaxation has decided.
    """

    values: Float64
    states: Int8
    share: Float64


class Ascent(NamedTuple):
    """The result of an ascent: the bound, the k best candidates there, the last step length.

    `stalled` counts the last iterations without gain, for an ascent that continues this one. `n_visits` counts the
    numbers that were read, a measure of work.
    """

    bound: float
    chosen: npt.NDArray[np.bool_]
    length: float
    stalled: int
    n_iterations: int
    n_visits: int


@compiled
def _select(order: Any, gains: Any, n_wanted: int) -> None:
    """Move the largest gains to the front of `order`, the lower candidate on ties (C. A. R. Hoare's Find)."""
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
    """Mark the open candidates and the best free ones, k in all; return the numbers of free and of wanted free ones.

    The free candidates are moved to the front of `order`, the wanted first.
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
        _select(order[:n_free], gains, n_wanted)
    for position in range(min(n_wanted, n_free)):
        chosen[order[position]] = True
    return n_free, n_wanted


@compiled
def _fix(gains: Any, states: Any, order: Any, n_free: int, n_wanted: int, bound: float, cut: float) -> None:
    """Close the free candidates with which every choice costs at least `cut`; open those without which it does."""
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
def _move(weights: Any, ceilings: Any, prices: Any, slopes: Any, direction: Any, distance: float) -> bool:
    """Move the prices along the deflected subgradient by Polyak's step for `distance`; return False at a maximum."""
    steepness = 0.0
    squared = 0.0
    for i in range(prices.shape[0]):
        slope = slopes[i]
        if (slope > 0.0 and prices[i] >= ceilings[i]) or (slope < 0.0 and prices[i] <= 0.0):
            slope = 0.0
        steepness += weights[i] * slope * slope
        direction[i] = slope + DEFLECTION * direction[i]
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
    """Take all but the candidates of the largest gains for closed; return whether there are any others."""
    n_watched = WATCHED * k + LEAST_WATCHED
    _copy(states, watched)
    if n_watched >= n_free:
        return False
    _select(order[:n_free], gains, n_watched)
    for position in range(n_watched, n_free):
        watched[order[position]] = CLOSED
    return True


@compiled
def _ascend(lists: Any, weights: Any, ceilings: Any, place: Any, goal: Any, pace: Any) -> Any:
    """Raise the bound over narrow lists; leave the best prices in `place`; return the fields of `Ascent` but `chosen`.

    If there are many candidates, most iterations look at those with large gains only. Only an iteration that looks
    at all gives a bound or fixes candidates.
    """
    best_prices, states, share, best_chosen = place
    n_wanted_in_all, paid, upper, cut = goal
    length, stalled, patience, least_length, most_iterations = pace
    n, m = best_prices.shape[0], states.shape[0]
    prices, watched = best_prices.copy(), states.copy()
    gains, order, slopes, direction = np.zeros(m), np.empty(m, np.int64), np.empty(n), np.zeros(n)
    chosen = np.zeros(m, np.bool_)
    best, n_iterations, n_until_all, n_visits = -np.inf, 0, 0, 0
    while n_iterations < most_iterations and length >= least_length and best < cut:
        n_iterations += 1
        stalled += 1
        is_whole = n_until_all == 0
        seen = states if is_whole else watched
        n_visits += n + m + sum_gains(lists, weights, prices, seen, gains)
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
            if n_iterations > 1 and bound > best + STANDSTILL * abs(best):  # the first is at the start
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
        subgradient(lists, prices, chosen, slopes)
        if not _move(weights, ceilings, prices, slopes, direction, length * (upper - bound)) and is_whole:
            break
    return best, length, stalled, n_iterations, n_visits


@compiled
def _ascend_narrowed(
    lists: Any, weights: Any, ceilings: Any, place: Any, k: int, upper: float, cut: float, pace: Any
) -> Any:
    """Narrow the lists, raise the bound, write prices, states and shares back."""
    prices, states, share = place
    ceilings = ceilings.copy()
    narrow_lists, candidates, kept = narrow(lists, ceilings, states)
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
    bound, length, stalled, n_iterations, n_visits = _ascend(
        narrow_lists, weights[kept], ceilings[kept], narrow_place, goal, pace
    )
    for position in range(kept.shape[0]):
        prices[kept[position]] = narrow_place[0][position]
    for position in range(candidates.shape[0]):
        states[candidates[position]] = narrow_place[1][position]
        share[candidates[position]] = narrow_place[2][position]
        chosen[candidates[position]] = narrow_place[3][position]
    return bound, chosen, length, stalled, n_iterations, n_visits


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

    An iteration is one pass over the lists, which are below the ceilings; weights and ceilings have shape (n,).

    Parameters
    ----------
    prices : Prices
        The start, at most the ceilings; overwritten by the state of the best bound. Open candidates are always
        among the k, closed ones never.
    upper : float
        Loss of known medoids: the steps aim at it.
    cut : float
        Stop at this bound: only solutions that cost less are of interest.
    length, least_length : float
        Step length as a share of the distance to `upper`, halved after `patience` iterations without gain; stop
        below `least_length`.
    stalled : int
        Iterations without gain before this ascent, if it continues another.

    Returns
    -------
    Ascent
        `min(bound, cut)` holds for all k medoids that agree with the open and closed candidates at the start,
        up to the rounding of float64 sums. The bound is infinite if none of them costs less than `cut`.

    Examples
    --------
    >>> from scenred.kernels.candidate_lists import lists_below
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
    return Ascent(*_ascend_narrowed(tuple(lists), weights, ceilings, place, k, upper, cut, pace))
