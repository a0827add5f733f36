"""Methods by name: how the scenarios that stay are chosen, and how the choice gets its bound."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scenred.kernels.seeding import served_alone
from scenred.model import Status
from scenred.options import SearchOptions, Work
from scenred.reduction.solvers.baselines import alternating, backward, forward, random
from scenred.reduction.solvers.branch import branch
from scenred.reduction.solvers.certificate import Root, certify, renew
from scenred.reduction.solvers.concentration import concentrate
from scenred.reduction.solvers.effort import Effort
from scenred.reduction.solvers.milp import finish, is_sparse
from scenred.reduction.solvers.problem import Choice, Problem, Solution
from scenred.reduction.solvers.search import held_first, kick, polish, search_medoids

# Methods that go on until the gap is reached, and the others.
IMPROVED = ("kmedoids", "exact")
BASELINES: dict[str, Callable[[Problem, Effort], Choice]] = {
    "forward": forward,
    "backward": backward,
    "alternating": alternating,
    "random": random,
}
# Rounds of kicks where no bound says when to stop.
BLIND_ROUNDS = 5
# Numbers that branching may visit before HiGHS gets its turn: where that is likely faster, and elsewhere (10 s).
SPARSE_VISITS = 2e7
DENSE_VISITS = 2e9


def solve(problem: Problem, search: SearchOptions, work: Work, known: Choice | None = None) -> Solution:
    """Choose medoids by a method, and bound from below what any choice can cost.

    Methods that improve what they have begin with the `known` medoids next to their own.
    """
    effort = Effort.of(search, work)
    optimum = _easy(problem, effort)
    if search.method in IMPROVED:
        solution = _improved(problem, search, effort, known) if optimum is None else optimum
    else:
        solution = _baseline(problem, search, effort, optimum)
    if not search.is_bounded:
        solution = replace(solution, bound=None)
    return replace(solution, statistics=effort.statistics(_status(problem, search, solution, effort)))


def _improved(problem: Problem, search: SearchOptions, effort: Effort, known: Choice | None) -> Solution:
    """Search, and prove the choice or kick it out of its local optimum."""
    with effort.stage("search"):
        choice = search_medoids(problem, effort)
        choice = choice if known is None else min(choice, known)
        for number in range(0 if search.is_bounded else BLIND_ROUNDS):
            if choice.loss > 0 and not effort.should_stop():
                choice = kick(problem, choice, effort, number)
    return _prove(problem, choice, effort) if search.is_bounded else Solution(choice, None)


def _baseline(problem: Problem, search: SearchOptions, effort: Effort, optimum: Solution | None) -> Solution:
    """Choose by a baseline; the bound is that of its choice, improved by swaps."""
    with effort.stage("search"):
        choice = BASELINES[search.method](problem, effort)
    if optimum is not None or not search.is_bounded:
        return Solution(choice, None if optimum is None else optimum.bound)
    guide = polish(problem, held_first(problem, choice.medoids), effort)
    return Solution(choice, _prove(problem, guide, effort).bound)


def _status(problem: Problem, search: SearchOptions, solution: Solution, effort: Effort) -> Status:
    """Return how a search ended."""
    if solution.is_proven(problem):
        return "optimal"
    if solution.bound is not None and effort.is_reached(solution.bound, solution.choice.loss):
        return "gap reached"
    if effort.should_stop():
        return "time limit"
    return "work limit" if search.is_bounded and search.method in IMPROVED else "heuristic"


def _prove(problem: Problem, choice: Choice, effort: Effort) -> Solution:
    if choice.loss == 0:
        return Solution(choice, 0.0)
    with effort.stage("bound"):
        root = certify(problem, choice, effort)
    if not effort.is_reached(root.bound, root.choice.loss):
        with effort.stage("concentration"):
            better = concentrate(problem, root.choice, root.bound, effort)
            root = renew(problem, root, better, effort) if better.loss < root.choice.loss else root
    with effort.stage("branching"):
        if math.isfinite(effort.most_visits):
            return branch(problem, root, effort)
        return _close(problem, root, effort)


def _close(problem: Problem, root: Root, effort: Effort) -> Solution:
    """Prove the optimum: by branching, by HiGHS where that does not end soon, by branching on."""
    own = SPARSE_VISITS if is_sparse(root) else DENSE_VISITS
    first = branch(problem, root, replace(effort, most_visits=own))
    if first.is_proven(problem) or effort.should_stop():
        return first
    better = min(root.choice, first.choice)
    root = renew(problem, replace(root, bound=max(root.bound, first.bound or 0.0)), better, effort)
    second = finish(problem, root, effort)
    if second.is_proven(problem) or effort.should_stop():
        return second
    root = replace(root, bound=second.bound or 0.0)
    return branch(problem, renew(problem, root, second.choice, effort), effort)


def _easy(problem: Problem, effort: Effort) -> Solution | None:
    """Return the optimum where there is nothing to search: one medoid, all set, or everybody one."""
    if problem.k == len(problem.held):
        choice = problem.choice(problem.held)
    elif problem.k == problem.n:
        choice = problem.choice(range(problem.n))
    elif problem.k == 1:
        best = int(np.argmin(served_alone(problem.costs, problem.weights, effort.n_threads)))
        choice = problem.choice([best])
    else:
        return None
    return Solution(choice, choice.loss)
