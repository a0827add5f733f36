"""How far a choice of medoids can lie above the best possible one: the Lagrangian bound, raised until it is close.

The relaxation and its ascent are in `kernels.lagrangian`. Here it gets its ceilings and its pairs, is stopped in time,
and helps the search: the candidates that gain most at the current prices are a good start for swaps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scenred.arrays import Float64, Int64, weighted_sum
from scenred.kernels import lagrangian
from scenred.kernels.candidate_lists import CLOSED, FREE, OPEN, Lists, count_below, lists_below
from scenred.kernels.lagrangian import Ascent, Prices
from scenred.reduction.solvers.effort import Effort
from scenred.reduction.solvers.problem import Choice, Problem
from scenred.reduction.solvers.search import held_first, kick, polish

# Iterations between two looks for better medoids, and how many such rounds.
ROUND = 100
ROUNDS = 30
# Rounds without gain after which kicks end: what is left to find, concentration finds sooner.
IDLE_ROUNDS = 3
# Iterations without gain after which an ascent halves its steps, and the length at which it ends.
PATIENCE = 40
LEAST_LENGTH = 5e-3
# Pairs of lists, of 8 bytes: 64 MB; where there are more points than these, a sixteenth of the matrix.
SHARE_OF_PAIRS = 1 / 32
FEW_PAIRS = 1 << 23
MANY_POINTS = 1 << 12
# One in this many candidates is looked at to count the pairs, where there are many.
SAMPLED = 16
# The first ascent may visit this share of all numbers that may be visited.
SHARE_OF_VISITS = 0.6
# Pairs that are visited between two looks at the clock.
PIECE_VISITS = 50_000_000
# Step length where the prices are near their best already.
RENEWED_LENGTH = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Relaxation:
    """The candidates that are left, of shape (m,), their lists below the ceilings, and the rounding of the bound.

    The slack is more than a bound can miss by the rounding of float64 sums.
    """

    rows: Int64
    lists: Lists
    ceilings: Float64
    slack: float


@dataclass(frozen=True, slots=True, eq=False)
class Root:
    """What the first ascent leaves: the best choice, the bound, and the relaxation at its prices."""

    choice: Choice
    bound: float
    relaxation: Relaxation
    prices: Prices


def relax(problem: Problem, choice: Choice, rows: Int64, effort: Effort) -> Relaxation:
    """Cut the problem down to pairs that can matter.

    A price lies between the nearest and the second nearest cost of the best medoids where the relaxation has
    no gap, and seldom above the third otherwise. Where too many pairs lie below, the ceilings are lowered, and
    the bound with them.
    """
    nearest = np.partition(problem.costs[list(choice.medoids)], range(min(3, problem.k)), axis=0)
    near, second, third = (nearest[min(rank, problem.k - 1)].astype(np.float64) for rank in range(3))
    most = FEW_PAIRS if problem.n <= MANY_POINTS else SHARE_OF_PAIRS * problem.n**2
    for share in (2.0, 1.0, 0.75, 0.5, 0.25, 0.1):
        ceilings = third if share == 2.0 else near + share * (second - near)
        if len(problem.held):
            ceilings = np.minimum(ceilings, problem.near_costs(problem.held))
        sample = rows[::SAMPLED] if len(rows) > SAMPLED**2 else rows
        n_pairs = count_below(problem.costs, sample, ceilings, effort.n_threads).sum()
        if n_pairs * len(rows) <= most * len(sample):
            break
    slack = 2.0**-48 * (problem.n + problem.k + 8) * float(weighted_sum(problem.weights, ceilings))
    lists = lists_below(problem.costs, rows, ceilings, effort.n_threads)
    return Relaxation(rows, lists, ceilings, slack)


def certify(problem: Problem, choice: Choice, effort: Effort) -> Root:
    """Raise the bound from the prices of a choice, and improve the choice on the way.

    There are 2 <= k < n medoids, and more than the held ones to choose. The better the choice, the sooner the bound
    is close; it is valid for every choice of k medoids that holds the held ones. At most 3,000 passes over the pairs
    below the ceilings, about 2 n**2 / k.
    """
    relaxation = relax(problem, choice, np.arange(problem.n), effort)
    prices = first_prices(problem, choice, relaxation)
    bound, length, visits, idle = 0.0, 1.0, 0, 0
    for number in range(ROUNDS):
        cut = problem.cut(choice.loss)
        ascent = ascend(problem, relaxation, prices, choice.loss, length, effort)
        length, visits = ascent.length, visits + ascent.n_visits
        bound = max(bound, min(ascent.bound - relaxation.slack, cut))
        if bound >= cut or ascent.n_iterations < ROUND or effort.should_stop():
            break
        if effort.is_enough(bound, choice.loss, visits) or visits > SHARE_OF_VISITS * effort.most_visits:
            break
        chosen = held_first(problem, tuple(relaxation.rows[ascent.chosen].tolist()))
        better = min(choice, polish(problem, chosen, effort))
        better = kick(problem, better, effort, number) if idle < IDLE_ROUNDS else better
        choice, idle = better, 0 if better.loss < choice.loss else idle + 1
        if 2 * np.count_nonzero(prices.states != CLOSED) < len(relaxation.rows):
            relaxation, prices = left(problem, choice, relaxation, prices, effort)
    relaxation, prices = left(problem, choice, relaxation, prices, effort)
    return Root(choice, max(bound, 0.0), relaxation, prices)


def left(
    problem: Problem, choice: Choice, relaxation: Relaxation, prices: Prices, effort: Effort
) -> tuple[Relaxation, Prices]:
    """Drop the candidates that are closed, unless it is time to stop."""
    if effort.should_stop():
        return relaxation, prices
    kept = prices.states != CLOSED
    smaller = relax(problem, choice, relaxation.rows[kept], effort)
    values = np.minimum(prices.values, smaller.ceilings)
    return smaller, Prices(values, prices.states[kept], prices.share[kept])


def ascend(
    problem: Problem, relaxation: Relaxation, prices: Prices, loss: float, length: float, effort: Effort
) -> Ascent:
    """Raise the bound for a round of iterations, in short pieces where time is limited."""
    piece = ROUND
    if math.isfinite(effort.time_left()):
        piece = min(max(PIECE_VISITS // max(len(relaxation.lists.points), 1), 10), ROUND)
    done = visits = stalled = 0
    while True:
        ascent = lagrangian.ascend(
            relaxation.lists,
            problem.weights,
            relaxation.ceilings,
            prices,
            problem.k,
            upper=loss,
            cut=problem.cut(loss) + relaxation.slack,
            length=length,
            patience=PATIENCE,
            least_length=LEAST_LENGTH,
            most_iterations=min(piece, ROUND - done),
            stalled=stalled,
        )
        done, visits = done + ascent.n_iterations, visits + ascent.n_visits
        length, stalled = ascent.length, ascent.stalled
        if done == ROUND or ascent.n_iterations < piece or effort.should_stop():
            effort.count("n_visits", visits)
            return ascent._replace(n_iterations=done, n_visits=visits)


def first_prices(problem: Problem, choice: Choice, relaxation: Relaxation) -> Prices:
    """Begin halfway between the nearest and the second nearest cost, with the held candidates open."""
    two = np.partition(problem.costs[list(choice.medoids)], (0, 1), axis=0)[:2].astype(np.float64)
    states = np.where(np.isin(relaxation.rows, problem.held), OPEN, FREE).astype(np.int8)
    values = np.minimum(two.mean(axis=0), relaxation.ceilings)
    return Prices(values, states, np.zeros(len(states)))


def renew(problem: Problem, root: Root, choice: Choice, effort: Effort) -> Root:
    """Fix more candidates for a choice that is better than the root's."""
    relaxation = relax(problem, choice, root.relaxation.rows, effort)
    states, share = root.prices.states.copy(), root.prices.share.copy()
    prices = Prices(np.minimum(root.prices.values, relaxation.ceilings), states, share)
    ascent = ascend(problem, relaxation, prices, choice.loss, RENEWED_LENGTH, effort)
    bound = max(root.bound, min(ascent.bound - relaxation.slack, problem.cut(choice.loss)))
    return Root(choice, bound, *left(problem, choice, relaxation, prices, effort))
