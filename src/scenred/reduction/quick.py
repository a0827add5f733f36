"""K-medoids by one search: for the hundreds of small reductions of a day, which no proof and no kicks are worth."""

from __future__ import annotations

import numpy as np

from scenred.metrics import pairwise_distances
from scenred.model import Reduction, ScenarioSet
from scenred.options import GroundOptions, Metric, Work
from scenred.reduction import Effort, Problem, Solution, quantum
from scenred.reduction.reduce import reduction_of, single_cost
from scenred.reduction.solvers.search import search


def reduce_once(
    original: ScenarioSet, n_scenarios: int, metric: Metric, n_threads: int | None = None
) -> Reduction:
    """Keep scenarios by one seeded start, improved by swaps until none helps.

    Parameters
    ----------
    original : ScenarioSet
    n_scenarios : int
        From 1 to one less than there are.
    metric : str
        Of order 1.
    n_threads : int, optional

    Returns
    -------
    Reduction

    Notes
    -----
    The cost matrix, and a few n**2 steps.
    """
    distances = pairwise_distances(original, GroundOptions(metric), Work(n_threads))
    costs, weights = distances.costs, original.probabilities
    problem = Problem(costs, weights, n_scenarios, np.zeros(0, np.int64), quantum(costs, weights))
    effort = Effort(n_starts=1, n_threads=n_threads)
    found = Solution(search(problem, effort), None)
    return reduction_of(original, distances, "kmedoids", found, single_cost(original, distances, n_threads))
