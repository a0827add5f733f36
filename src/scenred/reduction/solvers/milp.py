"""What the bound leaves open, handed to HiGHS: a small integer program that its cuts close.

Lagrangian bounds never rise above the linear relaxation. Where that stands still over many alike candidates, as on
graphs with whole lengths and many medoids, cutting planes do in a moment what branching does not. The program holds
the candidates that are left, y, and the pairs below the ceilings, x; a point that no pair serves pays its ceiling,
so the optimum of the program is a bound of the loss:

    minimise    sum_i w_i ceiling_i - sum_ij w_i (ceiling_i - c_ji) x_ij
    subject to  sum_j x_ij <= 1,  x_ij <= y_j,  sum_j y_j = k,  y whole.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from scenred.arrays import weighted_sum
from scenred.kernels.candidate_lists import OPEN
from scenred.reduction.solvers.certificate import Root
from scenred.reduction.solvers.effort import Effort
from scenred.reduction.solvers.problem import Problem, Solution

# Pairs of a program that is handed over; and how many a candidate has where HiGHS is faster than branching:
# measured, it closes 6 to 16 in a moment, and takes longer and 200 MB more at 35 and above.
MOST_PAIRS = 60_000
SPARSE = 16
# HiGHS works to absolute tolerances: losses are scaled to this size, and its bound is trusted to this share.
SCALE = 1e6
TRUST = 1e-7


def is_sparse(root: Root) -> bool:
    """Return whether candidates serve so few points each that HiGHS is the faster way."""
    return len(root.relaxation.lists.points) <= SPARSE * len(root.relaxation.rows)


def finish(problem: Problem, root: Root, effort: Effort) -> Solution:
    """Solve what is left by HiGHS, as far as time allows; return the root's choice where there are too many pairs.

    A bound by HiGHS is lowered by 1e-7 of the loss, the measure of its tolerances; on whole losses it is then rounded
    up. Exponential in the worst case; a second to a minute for 5,000 to 25,000 pairs.
    """
    relaxation, lists = root.relaxation, root.relaxation.lists
    n_pairs, m = len(lists.points), len(relaxation.rows)
    if n_pairs > MOST_PAIRS or effort.should_stop():
        return Solution(root.choice, root.bound)
    factor = SCALE / root.choice.loss
    saved = relaxation.ceilings[lists.points] - lists.costs.astype(np.float64)
    paid = factor * float(weighted_sum(problem.weights, relaxation.ceilings))
    costs = np.concatenate([np.zeros(m), -factor * problem.weights[lists.points] * saved])
    found = _minimise(problem, root, costs, effort)
    choice = root.choice
    if found.x is not None:
        choice = min(choice, problem.choice(relaxation.rows[found.x[:m] > 0.5].tolist()))
    cut = problem.cut(root.choice.loss)
    if found.status == 2:  # nothing below the cut is left
        return Solution(choice, max(root.bound, cut))
    least = getattr(found, "mip_dual_bound", None)
    if least is None or not math.isfinite(least):
        return Solution(choice, root.bound)
    bound = min((paid + least) / factor - TRUST * choice.loss, cut)
    return Solution(choice, max(root.bound, problem.rounded_up(bound, choice.loss)))


def _minimise(problem: Problem, root: Root, costs: Any, effort: Effort) -> Any:
    """Hand the program over."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    lists, m = root.relaxation.lists, len(root.relaxation.rows)
    n_pairs = len(lists.points)
    pairs = np.arange(n_pairs)
    candidates = np.repeat(np.arange(m), np.diff(lists.first))
    width = m + n_pairs
    once = csr_array((np.ones(n_pairs), (lists.points.astype(np.int64), m + pairs)), shape=(problem.n, width))
    signs = np.concatenate([np.ones(n_pairs), -np.ones(n_pairs)])
    ends = (np.concatenate([pairs, pairs]), np.concatenate([m + pairs, candidates]))
    if_open = csr_array((signs, ends), shape=(n_pairs, width))
    count = csr_array((np.ones(m), (np.zeros(m, np.int64), np.arange(m))), shape=(1, width))
    lowest = np.zeros(width)
    lowest[:m] = root.prices.states == OPEN
    options: dict[str, Any] = {"mip_rel_gap": 0.0}
    if math.isfinite(effort.time_left()):
        options["time_limit"] = max(effort.time_left(), 0.01)
    return milp(
        costs,
        constraints=[
            LinearConstraint(once, -np.inf, 1),
            LinearConstraint(if_open, -np.inf, 0),
            LinearConstraint(count, problem.k, problem.k),
        ],
        bounds=Bounds(lowest, 1),
        integrality=np.concatenate([np.ones(m), np.zeros(n_pairs)]),
        options=options,
    )
