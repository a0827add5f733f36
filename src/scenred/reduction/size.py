"""How many scenarios are enough: the curve of cost over k, and the smallest k within a tolerance.

Silhouette is not offered: it asks how well clusters separate, and days of wind and PV do not; measured on years of
days it answers 2. The relative cost asks what the planner asks: how much of the year is lost.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import RequestError, ScenredWarning
from scenred.kernels.greedy import forward_selection
from scenred.model import DistanceMatrix, Reduction, ScenarioSet
from scenred.reduction.conditions import Conditions
from scenred.reduction.reduce import check_method, check_numbers, reduce, reduction_of, single_cost
from scenred.reduction.solvers.methods import Method, most_visits, solve
from scenred.reduction.solvers.problem import Choice, Effort, Problem, quantum

# With medoids of k - 1 to begin with, so many seeded starts are enough.
STARTS_BESIDE = 2


def smallest(original: ScenarioSet, distances: DistanceMatrix, tolerance: float, **options: Any) -> Reduction:
    """Keep as few scenarios as lose no more than a share of the best single scenario's cost.

    Parameters
    ----------
    original : ScenarioSet
    distances : DistanceMatrix
    tolerance : float
        Largest relative cost, above 0 and below 1; what GAMS/SCENRED calls `red_percentage`.
    **options
        As for `reduce`, except `n_scenarios`.

    Returns
    -------
    Reduction
        Its relative cost is at most the tolerance, that of one scenario fewer, by the same method, is not.

    Raises
    ------
    RequestError
        When the tolerance or an option is out of range.

    Notes
    -----
    About 2 log2 k reductions, those on the way without a bound.

    Examples
    --------
    >>> from scenred import Column, pairwise_distances
    >>> values = np.array([0.1, 0.2, 0.8, 0.9, 0.9]).reshape(5, 1, 1)
    >>> original = ScenarioSet((Column("wind"),), values, np.full(5, 0.2))
    >>> len(smallest(original, pairwise_distances(original), 0.2).medoids)
    2
    """
    if not 0 < tolerance < 1:
        raise RequestError(f"the tolerance is {tolerance}; scenred needs a share of the cost between 0 and 1")
    is_exact = options.get("method") == "exact"
    quick = {**options, "bound": False, "require_optimal": False, "on_fraction": None}
    if is_exact:
        quick["method"] = "kmedoids"

    def is_enough(k: int) -> bool:
        if reduce(original, distances, k, **quick).relative_cost <= tolerance:
            return True
        return is_exact and reduce(original, distances, k, **options).relative_cost <= tolerance

    conditions = Conditions.of(*(options.get(name, ()) for name in ("fixed", "excluded", "alone")))
    most = original.n_scenarios - len(conditions.excluded)
    least = conditions.least(original.n_scenarios)
    few = least - 1
    many = few + 1
    while many < most and not is_enough(many):
        few, many = many, min(2 * many, most)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if is_enough(middle) else (middle, many)
    found = reduce(original, distances, many, **options)
    if found.relative_cost > tolerance:
        raise RequestError(
            f"all {many} scenarios that may stay lose {found.relative_cost:.4g} and the tolerance is {tolerance:g}; "
            "exclude fewer, or tolerate more"
        )
    while many > least:  # the full search may find one fewer
        fewer = reduce(original, distances, many - 1, **options)
        if fewer.relative_cost > tolerance:
            break
        found, many = fewer, many - 1
    return found


def curve(
    original: ScenarioSet,
    distances: DistanceMatrix,
    most: int = 50,
    *,
    method: Method = "kmedoids",
    gap: float = 1e-4,
    bound: bool = True,
    n_starts: int = 10,
    seed: int = 0,
    n_threads: int | None = None,
    time_left: Callable[[], float] | None = None,
    on_fraction: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Tabulate what each number of scenarios costs, from 1 on.

    Parameters
    ----------
    original : ScenarioSet
    distances : DistanceMatrix
        One matrix serves all.
    most : int
        Largest number of scenarios, at least 1; the number of periods where that is less.
    method, gap, bound, n_starts, seed, n_threads, time_left, on_fraction
        As for `reduce`. The search for k begins with the medoids of k - 1 and the one that helps them most, so
        its cost never rises with k.

    Returns
    -------
    pandas.DataFrame
        `k, cost, relative_cost, lower_bound, gap, wasserstein`, one row per k; without a bound the fourth and
        fifth are empty.

    Raises
    ------
    RequestError
        When a number is out of range.

    Warns
    -----
    ScenredWarning
        When it was stopped before the last row.

    Examples
    --------
    >>> from scenred import Column, pairwise_distances
    >>> values = np.array([0.0, 0.25, 1.0, 1.0]).reshape(4, 1, 1)
    >>> original = ScenarioSet((Column("wind"),), values, np.full(4, 0.25))
    >>> curve(original, pairwise_distances(original, "pointwise"))[["k", "cost", "gap"]]
       k    cost  gap
    0  1  0.4375  0.0
    1  2  0.0625  0.0
    2  3  0.0000  0.0
    3  4  0.0000  0.0
    """
    if most < 1:
        raise RequestError(f"a curve up to {most} scenarios is asked for; scenred needs at least 1")
    check_method(method, gap, bound or method == "exact")
    none = np.empty(0, dtype=np.int64)
    check_numbers(original.n_scenarios, distances, 1, n_starts, seed)
    weights = original.probabilities
    step, single = quantum(distances.costs, weights), single_cost(original, distances, n_threads)
    left = time_left or (lambda: math.inf)
    tell = on_fraction or (lambda _fraction: None)
    most = min(most, original.n_scenarios)
    rows: list[dict[str, float | None]] = []
    known: Choice | None = None
    for k in range(1, most + 1):
        if known is not None and left() <= 0:
            warnings.warn(f"the curve was stopped at {k - 1} scenarios", ScenredWarning, stacklevel=2)
            break
        problem = Problem(distances.costs, weights, k, none, step)
        n_here = n_starts if known is None else min(n_starts, STARTS_BESIDE)
        effort = Effort(
            0.0 if method == "exact" else gap, n_here, seed, n_threads, most_visits(method), time_left=left
        )
        if known is not None:
            known = _one_more(problem, known, n_threads)
        solution = solve(problem, method, effort, bound=bound, known=known)
        known = solution.choice
        rows.append(_row(reduction_of(original, distances, method, solution, single)))
        tell(k / most)
    return pd.DataFrame(rows).astype({"lower_bound": float, "gap": float})


def _one_more(problem: Problem, known: Choice, n_threads: int | None) -> Choice:
    """Add the medoid that helps most."""
    medoids = np.array(known.medoids, dtype=np.int64)
    return problem.choice(forward_selection(problem.costs, problem.weights, medoids, problem.k, n_threads))


def _row(reduction: Reduction) -> dict[str, float | None]:
    return {
        "k": len(reduction.medoids),
        "cost": reduction.cost,
        "relative_cost": reduction.relative_cost,
        "lower_bound": reduction.lower_bound,
        "gap": reduction.gap,
        "wasserstein": reduction.wasserstein,
    }
