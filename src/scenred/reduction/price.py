"""What probabilities cost: the transport cost from the original to the scenarios that stay, with those probabilities.

Every cost that is reported comes from here, so that it is the cost of the probabilities that are written.
"""

from __future__ import annotations

import math

import numpy as np

from scenred.arrays import Bool, Float64, Int64
from scenred.errors import SolverError
from scenred.kernels.few_targets import optimal_plan
from scenred.metrics import member_costs
from scenred.model import DistanceMatrix

# Mass that probabilities may miss by: the rounding of their sums.
LEFT_OVER = 1e-12


def served_by_nearest(
    distances: DistanceMatrix, probabilities: Float64, medoids: Int64, closed: Bool
) -> tuple[Int64, Float64, float]:
    """Return every row's representative as a position in `medoids`, its cost, and the cost of the whole.

    That is the transport cost to the masses of the representatives: no other plan sends a row to a cheaper one. Pairs
    of `closed`, shape (n, k), are not used.
    """
    costs = np.where(closed, np.inf, member_costs(distances, medoids))
    assignment = np.argmin(costs, axis=1)
    assignment[medoids] = np.arange(len(medoids))  # a copy of a medoid stands for itself
    served = costs[np.arange(len(costs)), assignment]
    return assignment, served, math.fsum(probabilities * served)


def transport_cost(costs: Float64, weights: Float64, masses: Float64, closed: Bool) -> float:
    """Return the least cost W_r^r of moving the weights of n rows to the masses of k scenarios, not by `closed` pairs.

    `costs` has shape (n, k). Raise a SolverError if the masses cannot be met.

    Examples
    --------
    >>> costs = np.array([[0.0, 1.0], [0.5, 0.25], [1.0, 0.0]])
    >>> transport_cost(costs, np.full(3, 1 / 3), np.array([2 / 3, 1 / 3]), np.zeros((3, 2), dtype=bool))
    0.16666666666666666
    """
    barred = np.where(closed, np.inf, costs)
    plan, left = optimal_plan(barred, weights, masses, np.zeros(len(masses)))
    if left > LEFT_OVER:
        raise SolverError(
            f"no transport to the probabilities was found: {left:.2g} is left over",
            advice="widen the bounds or preserve fewer columns",
        )
    moves = plan > 0
    return math.fsum((plan[moves] * barred[moves]).tolist())
