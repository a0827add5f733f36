"""How many scenarios are enough: the curve of cost over k, and the smallest k within a tolerance.

Silhouette is not offered: it asks how well clusters separate, and days of wind and PV do not; measured on years of
days it answers 2. The relative cost asks what the planner asks: how much of the year is lost.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from scenred.errors import RequestError
from scenred.kernels.greedy import forward_selection
from scenred.model import DistanceMatrix, Reduction, ScenarioSet
from scenred.notes import note
from scenred.options import SearchOptions, Work
from scenred.reduction.held_rows import HeldRows
from scenred.reduction.reduce import check_size, reduce, reduction_of, single_cost
from scenred.reduction.solvers.methods import solve
from scenred.reduction.solvers.problem import Choice, Problem, quantum

# Seeded starts that are enough where the medoids of k - 1 are known.
FEW_STARTS = 2
# Columns of a curve next to k.
COLUMNS = ("cost", "relative_cost", "lower_bound", "gap", "wasserstein")


def smallest(
    original: ScenarioSet,
    distances: DistanceMatrix,
    tolerance: float,
    search: SearchOptions = SearchOptions(),
    rows: HeldRows = HeldRows(),
    work: Work = Work(),
) -> Reduction:
    """Keep as few scenarios as lose no more than a share of the best single scenario's cost.

    The relative cost is at most the tolerance; that of one scenario fewer, by the same method, is not. About 2 log2 k
    reductions, those on the way without a bound. A RequestError is raised if the tolerance is not between 0 and 1, or
    all that may stay lose more.

    Examples
    --------
    >>> from scenred import Column, pairwise_distances
    >>> values = np.array([0.1, 0.2, 0.8, 0.9, 0.9]).reshape(5, 1, 1)
    >>> original = ScenarioSet((Column("wind"),), values, np.full(5, 0.2))
    >>> len(smallest(original, pairwise_distances(original), 0.2).medoids)
    2
    """
    if not 0 < tolerance < 1:
        raise RequestError(f"the tolerance is {tolerance}", "a share of the cost between 0 and 1")
    is_exact = search.method == "exact"
    method = "kmedoids" if is_exact else search.method
    quick = replace(search, method=method, bound=False, require_optimal=False)
    quiet = replace(work, progress=None)

    def is_enough(k: int) -> bool:
        if reduce(original, distances, k, quick, rows, quiet).relative_cost <= tolerance:
            return True
        return is_exact and reduce(original, distances, k, search, rows, work).relative_cost <= tolerance

    most = original.n_scenarios - len(rows.excluded)
    least = rows.least(original.n_scenarios)
    few, many = least - 1, least
    while many < most and not is_enough(many):
        few, many = many, min(2 * many, most)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if is_enough(middle) else (middle, many)
    found = reduce(original, distances, many, search, rows, work)
    if found.relative_cost > tolerance:
        raise RequestError(
            f"all {many} scenarios that may stay lose {found.relative_cost:.4g} and the tolerance is {tolerance:g}",
            advice="exclude fewer, or tolerate more",
        )
    while many > least:  # the full search may find one fewer
        fewer = reduce(original, distances, many - 1, search, rows, work)
        if fewer.relative_cost > tolerance:
            break
        found, many = fewer, many - 1
    return found


def curve(
    original: ScenarioSet,
    distances: DistanceMatrix,
    most: int,
    search: SearchOptions = SearchOptions(),
    work: Work = Work(),
) -> pd.DataFrame:
    """Tabulate what each number of scenarios costs, from 1 to `most` or the number of periods.

    The search for k begins with the medoids of k - 1 and the one that helps them most, so its cost never rises with k.
    Without a bound the columns `lower_bound` and `gap` are empty. A RequestError is raised if `most` is less than 1 or
    the matrix belongs to another set; a `ScenredWarning` tells if the curve was stopped before the last row.

    Examples
    --------
    >>> from scenred import Column, pairwise_distances
    >>> values = np.array([0.0, 0.25, 1.0, 1.0]).reshape(4, 1, 1)
    >>> original = ScenarioSet((Column("wind"),), values, np.full(4, 0.25))
    >>> curve(original, pairwise_distances(original, "pointwise"), 50)[["k", "cost", "gap"]]
       k    cost  gap
    0  1  0.4375  0.0
    1  2  0.0625  0.0
    2  3  0.0000  0.0
    3  4  0.0000  0.0
    """
    if most < 1:
        raise RequestError(f"a curve up to {most} scenarios is asked for", "at least 1")
    check_size(original, distances, 1)
    weights, tell = original.probabilities, work.on_stage("curve")
    step, single = quantum(distances.costs, weights), single_cost(original, distances, work.n_threads)
    quiet = replace(work, progress=None)
    most = min(most, original.n_scenarios)
    table: list[dict[str, float | None]] = []
    known: Choice | None = None
    for k in range(1, most + 1):
        problem = Problem(distances.costs, weights, k, HeldRows().held, step)
        if known is not None:
            if work.time_left() <= 0:
                note(f"the curve was stopped at {k - 1} scenarios")
                break
            known = _one_more(problem, known, work.n_threads)
            search = replace(search, n_starts=min(search.n_starts, FEW_STARTS))
        solution = solve(problem, search, quiet, known)
        known = solution.choice
        found = reduction_of(original, distances, search.method, solution, single)
        table.append({"k": k} | {column: getattr(found, column) for column in COLUMNS})
        tell(k / most)
    return pd.DataFrame(table).astype({"lower_bound": float, "gap": float})


def _one_more(problem: Problem, known: Choice, n_threads: int | None) -> Choice:
    """Add the medoid that helps most."""
    medoids = np.array(known.medoids, dtype=np.int64)
    return problem.choice(forward_selection(problem.costs, problem.weights, medoids, problem.k, n_threads))
