"""Which scenarios stay: the optimal reduction is weighted k-medoids.

For a kept set S the best probabilities send every scenario's mass to its nearest member, and the
transport cost is then sum_i p_i min_{j in S} d(x_i, x_j)^r: J. Dupacova, N. Groewe-Kuska, W. Roemisch,
"Scenario reduction in stochastic programming", Mathematical Programming 95, 2003,
doi 10.1007/s10107-002-0331-0.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import get_args

import numpy as np

from scenred.arrays import Int64
from scenred.errors import RequestError, ScenredWarning, SolverError, nearest_name
from scenred.kernels.seeding import served_alone
from scenred.metrics import member_costs
from scenred.model import DistanceMatrix, Reduction, ScenarioSet
from scenred.reduction.conditions import (
    Conditions,
    allowed,
    check_conditions,
    held_problem,
    original_choice,
)
from scenred.reduction.solvers.methods import Method, most_visits, solve
from scenred.reduction.solvers.problem import INDIFFERENCE, STORAGE, Effort, Solution

MOST_STARTS = 100_000


def reduce(
    original: ScenarioSet,
    distances: DistanceMatrix,
    n_scenarios: int = 10,
    *,
    method: Method = "kmedoids",
    gap: float = 1e-4,
    bound: bool = True,
    require_optimal: bool = False,
    n_starts: int = 10,
    seed: int = 0,
    fixed: Sequence[int] = (),
    excluded: Sequence[int] = (),
    alone: Sequence[int] = (),
    n_threads: int | None = None,
    time_left: Callable[[], float] | None = None,
    on_fraction: Callable[[float], None] | None = None,
) -> Reduction:
    """Keep the scenarios that represent the whole set at the least transport cost, and say how near that is.

    Parameters
    ----------
    original : ScenarioSet
    distances : DistanceMatrix
        The ground costs of this set, from `pairwise_distances`.
    n_scenarios : int
        How many to keep, from 1 to the number of scenarios.
    method : {'kmedoids', 'exact', 'forward', 'backward', 'alternating', 'random'}
        `kmedoids` searches by swaps until the gap is reached or a fixed amount of work is done; `exact` works until
        the optimum is proven; the others are baselines of the field.
    gap : float
        Share of the cost, 0 to 1, at which `kmedoids` stops.
    bound : bool
        Whether to prove a lower bound of the cost; `exact` always does.
    require_optimal : bool
        Fail unless the optimum is proven.
    n_starts : int
        Seeded starts, from 1 to 100,000.
    seed : int
        At least 0.
    fixed : sequence of int
        Rows of the original that stay in any case; at most `n_scenarios` of them.
    excluded : sequence of int
        Rows that never stay; they are represented all the same.
    alone : sequence of int
        Rows that stay and represent nobody but themselves: each keeps its own probability.
    n_threads : int, optional
        At least 1; as many as there are processors unless told. The result does not depend on it.
    time_left : callable, optional
        Gives the seconds that are left, asked several times a second; when none are, the best found so far is
        returned with its bound.
    on_fraction : callable, optional
        Told the share of the work done, from 0 to 1.

    Returns
    -------
    Reduction
        Medoids ordered by their row in the original.

    Raises
    ------
    RequestError
        When a number is out of range or the matrix belongs to another set.
    SolverError
        When the optimum is required and not proven.

    Warns
    -----
    ScenredWarning
        When `exact` was stopped before the optimum was proven.

    Notes
    -----
    A few n**2 steps a start, then passes over about 2 n**2 / k pairs, with 8 bytes for each of these beside the
    matrix, at most 64 MB twice.

    Examples
    --------
    >>> from scenred import Column, pairwise_distances
    >>> values = np.array([0.1, 0.2, 0.8, 0.9, 0.9]).reshape(5, 1, 1)
    >>> original = ScenarioSet((Column("wind"),), values, np.full(5, 0.2))
    >>> reduction = reduce(original, pairwise_distances(original), 2)
    >>> reduction.medoids, reduction.scenarios.probabilities, reduction.gap < 1e-4
    (array([0, 3]), array([0.4, 0.6]), True)
    """
    conditions = Conditions.of(fixed, excluded, alone)
    check_method(method, gap, bound or method == "exact", require_optimal)
    check_numbers(original.n_scenarios, distances, n_scenarios, n_starts, seed)
    check_conditions(conditions, original.n_scenarios, n_scenarios)
    effort = Effort(
        gap=0.0 if method == "exact" or require_optimal else gap,
        n_starts=n_starts,
        seed=seed,
        n_threads=n_threads,
        most_visits=most_visits(method),
        time_left=time_left or (lambda: math.inf),
        on_fraction=on_fraction or (lambda _fraction: None),
    )
    problem, rows = held_problem(original, distances, n_scenarios, conditions)
    solution = allowed(problem, solve(problem, method, effort, bound=bound), effort)
    solution = replace(solution, choice=original_choice(solution.choice, rows, conditions))
    effort.on_fraction(1.0)
    single = single_cost(original, distances, n_threads)
    reduction = reduction_of(original, distances, method, solution, single, conditions.alone)
    if method == "exact" or require_optimal:
        _judge(reduction, require_optimal)
    return reduction


def reduction_of(
    original: ScenarioSet,
    distances: DistanceMatrix,
    method: str,
    solution: Solution,
    single: float,
    alone: Int64 | tuple[int, ...] = (),
) -> Reduction:
    """Give a solution its assignment and its cost in full precision; rows `alone` represent nobody else.

    The bound holds for costs in float32: what storing them may have added is taken off.
    """
    medoids = np.array(solution.choice.medoids, dtype=np.int64)
    costs = member_costs(distances, medoids)
    if len(alone):
        costs = np.where(np.isin(medoids, alone), np.inf, costs)
        costs[medoids, np.arange(len(medoids))] = 0.0
    assignment = np.argmin(costs, axis=1)
    assignment[medoids] = np.arange(len(medoids))  # a copy of a medoid stands for itself
    served = costs[np.arange(len(costs)), assignment]
    cost = math.fsum(original.probabilities * served)
    lower = None if solution.bound is None else min(cost, max(solution.bound * (1 - 2 * STORAGE), 0.0))
    loss = solution.choice.loss
    is_optimal = solution.bound is not None and solution.bound >= loss * (1 - 2 * INDIFFERENCE)
    return Reduction(
        original=original,
        medoids=medoids,
        assignment=assignment,
        distances=served ** (1 / distances.order),
        cost=cost,
        single_cost=single,
        ground=distances.ground,
        movement=distances.movement,
        method=method,
        lower_bound=lower,
        is_optimal=is_optimal,
    )


def single_cost(original: ScenarioSet, distances: DistanceMatrix, n_threads: int | None = None) -> float:
    """Give the cost of the best single scenario, in full precision."""
    alone = served_alone(distances.costs, original.probabilities, n_threads)
    best = member_costs(distances, np.array([np.argmin(alone)]))[:, 0]
    return math.fsum(original.probabilities * best)


def check_method(method: str, gap: float, is_bounded: bool, require_optimal: bool = False) -> None:
    """Refuse a method that is not there and a gap out of its range."""
    if method not in get_args(Method):
        raise RequestError(f"there is no method {method!r}; {nearest_name(method, get_args(Method))}")
    if not 0 <= gap < 1:
        raise RequestError(f"the gap is {gap}; scenred needs a share of the cost, from 0 to less than 1")
    if require_optimal and not is_bounded:
        raise RequestError("an optimum is required and no bound is wanted to prove it; ask for a bound")


def check_numbers(n: int, distances: DistanceMatrix, n_scenarios: int, n_starts: int, seed: int) -> None:
    """Refuse a request that this set of n scenarios cannot fulfil."""
    if len(distances.costs) != n:
        raise RequestError(f"the distances are of {len(distances.costs)} scenarios, the set has {n}")
    if not 1 <= n_scenarios <= n:
        raise RequestError(
            f"{n_scenarios} scenarios are asked for; choose from 1 to {n}, the number of periods"
        )
    if not 1 <= n_starts <= MOST_STARTS:
        raise RequestError(f"{n_starts} starts are asked for; choose from 1 to {MOST_STARTS}")
    if seed < 0:
        raise RequestError(f"the seed is {seed}; scenred needs a whole number of at least 0")


def _judge(reduction: Reduction, require_optimal: bool) -> None:
    if reduction.is_optimal:
        return
    met = f"the optimum is not proven: the cost lies at most {reduction.gap:.2e} of itself above it"
    if require_optimal:
        raise SolverError(f"{met}, scenred needs 0; allow more time, or do not require the optimum")
    warnings.warn(f"{met}; allow more time", ScenredWarning, stacklevel=3)
