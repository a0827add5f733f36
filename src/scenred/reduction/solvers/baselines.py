"""The field's named baselines, as they are published, with weights: what a planner may have used so far.

`forward` and `backward` are the greedy rules of Heitsch and Roemisch (2003), in `kernels.greedy`. `alternating` is
k-medoids as most papers write it: assign, take the best member of each cluster, repeat, from the start of H.-S. Park
and C.-H. Jun, "A simple and fast algorithm for K-medoids clustering", Expert Systems with Applications 36, 2009,
3336-3341, doi 10.1016/j.eswa.2008.01.039. All end with the optimal redistribution of probabilities, as every
reduction here does.
"""

from __future__ import annotations

import numpy as np

from scenred.arrays import Int64
from scenred.kernels.greedy import backward_reduction, forward_selection
from scenred.kernels.seeding import served_alone, spread_start
from scenred.notes import note
from scenred.reduction.solvers.effort import Effort
from scenred.reduction.solvers.problem import Choice, Problem
from scenred.reduction.solvers.search import held_first


def forward(problem: Problem, effort: Effort) -> Choice:
    """Add the scenario that lowers the loss most, until there are k (fast forward selection)."""
    alone = served_alone(problem.costs, problem.weights, effort.n_threads)
    first = problem.held if len(problem.held) else np.array([np.argmin(alone)])
    chosen = forward_selection(problem.costs, problem.weights, first, problem.k, effort.n_threads, effort.should_stop)
    if len(chosen) < problem.k:
        note(
            f"time ran out: {len(chosen)} of {problem.k} were selected; the others are drawn as a search begins; "
            "allow more time"
        )
        generator = np.random.default_rng(effort.seed)
        chosen = spread_start(problem.costs, problem.weights, chosen, problem.k, generator)
    return problem.choice(chosen)


def backward(problem: Problem, effort: Effort) -> Choice:
    """Remove the scenario whose loss is least, until k are left (simultaneous backward reduction)."""
    if problem.k == problem.n:
        return problem.choice(range(problem.n))
    left = backward_reduction(problem.costs, problem.weights, problem.held, problem.k, effort.should_stop)
    if len(left) > problem.k:
        note(
            f"time ran out: {len(left)} are left; {problem.k} of them that serve most probability stay; allow more time"
        )
        left = _heaviest(problem, left)
    return problem.choice(left)


def alternating(problem: Problem, effort: Effort) -> Choice:
    """Assign, take the best member of each cluster as its medoid, repeat until nothing changes.

    n**2 steps for the start, n k + n**2 / k an iteration. It ends because the loss falls with every change.
    """
    medoids = _central_start(problem)
    choice = problem.choice(medoids)
    while not effort.should_stop():
        near = np.argmin(problem.costs[medoids], axis=0)
        near[medoids] = np.arange(problem.k)  # a copy of a medoid stands for itself
        for slot in range(len(problem.held), problem.k):
            medoids[slot] = _best_member(problem, np.flatnonzero(near == slot), int(medoids[slot]))
        better = problem.choice(medoids)
        if better.loss >= choice.loss:
            break
        choice = better
    return choice


def random(problem: Problem, effort: Effort) -> Choice:
    """Draw k scenarios, all equally likely."""
    others = np.setdiff1d(np.arange(problem.n), np.union1d(problem.held, problem.closed))
    drawn = np.random.default_rng(effort.seed).choice(others, problem.k - len(problem.held), replace=False)
    return problem.choice([*problem.held, *drawn])


def _heaviest(problem: Problem, left: Int64) -> Int64:
    """Keep the held candidates and those that serve most probability, the lower on ties."""
    near_cost, near = problem.costs[left[0]].copy(), np.zeros(problem.n, dtype=np.int64)
    for place, candidate in enumerate(left):
        row = problem.costs[candidate]
        is_nearer = row < near_cost
        near_cost[is_nearer], near[is_nearer] = row[is_nearer], place
    mass = np.bincount(near, problem.weights, minlength=len(left))
    mass[np.isin(left, problem.held)] = np.inf
    return left[np.argsort(-mass, kind="stable")[: problem.k]]


def _central_start(problem: Problem) -> Int64:
    """Take the candidates of least v_j = sum_i weight_i c_ij / sum_l weight_l c_il (Park and Jun, steps 1-2, 1-3)."""
    totals = np.zeros(problem.n)
    for weight, row in zip(problem.weights, problem.costs, strict=True):
        totals += weight * row
    shares = np.divide(problem.weights, totals, out=np.zeros(problem.n), where=totals > 0)
    ranked = np.argsort(served_alone(problem.costs, shares), kind="stable")
    central = ranked[~np.isin(ranked, problem.held)][: problem.k - len(problem.held)]
    return held_first(problem, (*problem.held.tolist(), *central.tolist()))


def _best_member(problem: Problem, members: Int64, medoid: int) -> int:
    """Return the member that serves its cluster at the least loss; the medoid where no other is better."""
    block = np.ascontiguousarray(problem.costs[np.ix_(members, members)])
    losses = served_alone(block, problem.weights[members], 1)
    best = int(np.argmin(losses))
    return int(members[best]) if losses[best] < losses[members == medoid][0] else medoid
