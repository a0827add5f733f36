"""Which scenarios stay: the optimal reduction is weighted k-medoids.

For a kept set S the best probabilities send every scenario's mass to its nearest member, and the
transport cost is then sum_i p_i min_{j in S} d(x_i, x_j)^r: J. Dupacova, N. Groewe-Kuska, W. Roemisch,
"Scenario reduction in stochastic programming", Mathematical Programming 95, 2003,
doi 10.1007/s10107-002-0331-0.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from scenred.errors import RequestError, SolverError
from scenred.kernels.seeding import served_alone
from scenred.metrics import member_costs
from scenred.model import DistanceMatrix, Reduction, ScenarioSet
from scenred.notes import note
from scenred.options import Method, SearchOptions, Work
from scenred.reduction.held_rows import HeldRows, allowed, held_problem, original_choice
from scenred.reduction.price import served_by_nearest
from scenred.reduction.solvers.effort import Effort
from scenred.reduction.solvers.methods import solve
from scenred.reduction.solvers.problem import INDIFFERENCE, STORAGE, Solution, bound_of_costs
from scenred.reduction.solvers.search import search_medoids

# A bound this near to the cost, as a share of it, differs by the storage of the costs only.
PROVEN = 8 * STORAGE


def reduce(
    original: ScenarioSet,
    distances: DistanceMatrix,
    n_scenarios: int,
    search: SearchOptions = SearchOptions(),
    rows: HeldRows = HeldRows(),
    work: Work = Work(),
) -> Reduction:
    """Keep the scenarios that represent the whole set at the least transport cost, and prove how near that is.

    The `distances` are the ground costs of this set, from `pairwise_distances`.

    Raises
    ------
    RequestError
        If a number is out of range or the matrix belongs to another set.
    SolverError
        If the optimum is required and not proven.

    Warns
    -----
    ScenredWarning
        If `exact` was stopped before the optimum was proven.

    Notes
    -----
    A few n**2 steps a start, then passes over about 2 n**2 / k pairs, with 8 bytes for each of these next to the
    matrix, at most 64 MB twice.
    """
    check_size(original, distances, n_scenarios)
    rows.check(original.n_scenarios, n_scenarios)
    problem, points = held_problem(original, distances, n_scenarios, rows)
    solution = allowed(problem, solve(problem, search, work), work.n_threads)
    solution = replace(solution, choice=original_choice(solution.choice, points, rows))
    work.on_stage("medoids")(1.0)
    single = single_cost(original, distances, work.n_threads)
    reduction = reduction_of(original, distances, search.method, solution, single, rows)
    if search.method == "exact" or search.require_optimal:
        _judge(reduction, search)
    return reduction


def reduce_once(original: ScenarioSet, distances: DistanceMatrix, n_scenarios: int, work: Work = Work()) -> Reduction:
    """Keep scenarios by one seeded start and swaps: for many small sets, which no proof and no kicks are worth.

    From 1 to one less than there are may be kept; a few n**2 steps.
    """
    problem, _ = held_problem(original, distances, n_scenarios, HeldRows())
    found = Solution(search_medoids(problem, Effort.of(SearchOptions(n_starts=1), work)), None)
    single = single_cost(original, distances, work.n_threads)
    return reduction_of(original, distances, "kmedoids", found, single)


def reduction_of(
    original: ScenarioSet,
    distances: DistanceMatrix,
    method: Method,
    solution: Solution,
    single: float,
    rows: HeldRows = HeldRows(),
) -> Reduction:
    """Return a solution with its assignment and its cost in full precision."""
    medoids = np.array(solution.choice.medoids, dtype=np.int64)
    closed = rows.closed_pairs(original, medoids)
    assignment, served, cost = served_by_nearest(distances, original.probabilities, medoids, closed)
    lower = None if solution.bound is None else min(cost, bound_of_costs(solution.bound, distances.rounding))
    loss, statistics = solution.choice.loss, solution.statistics
    is_proven = solution.bound is not None and solution.bound >= loss * (1 - 2 * INDIFFERENCE)
    is_optimal = lower is not None and is_proven and lower >= cost * (1 - PROVEN)
    if statistics.status == "optimal" and not is_optimal:  # of the stored costs, which are 0 where the true ones differ
        statistics = replace(statistics, status="work limit")
    return Reduction(
        original=original,
        medoids=medoids,
        assignment=assignment,
        distances=distances.root(served),
        cost=cost,
        single_cost=single,
        ground=distances.ground,
        movement=distances.movement,
        method=method,
        lower_bound=lower,
        is_optimal=is_optimal,
        statistics=statistics,
    )


def single_cost(original: ScenarioSet, distances: DistanceMatrix, n_threads: int | None = None) -> float:
    """Return the cost of the best single scenario, in full precision."""
    alone = served_alone(distances.costs, original.probabilities, n_threads)
    best = member_costs(distances, np.array([np.argmin(alone)]))[:, 0]
    return math.fsum(original.probabilities * best)


def check_size(original: ScenarioSet, distances: DistanceMatrix, n_scenarios: int) -> None:
    """Raise a RequestError if the distances are of another set, or the set has too few scenarios."""
    n = original.n_scenarios
    if len(distances.costs) != n:
        raise RequestError(f"the distances are of {len(distances.costs)} scenarios, the set has {n}")
    if not 1 <= n_scenarios <= n:
        raise RequestError(
            f"{n_scenarios} scenarios are asked for", advice=f"choose from 1 to {n}, the number of periods"
        )


def _judge(reduction: Reduction, search: SearchOptions) -> None:
    """Raise a SolverError if a required optimum is not proven; warn if it was not required."""
    if reduction.is_optimal:
        return
    met = f"the optimum is not proven: the cost lies at most {reduction.gap:.2e} of itself above it"
    if search.require_optimal:
        raise SolverError(met, "0", "allow more time, or do not require the optimum")
    note(f"{met}; allow more time")
