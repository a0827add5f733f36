"""Methods by name: how the scenarios that stay are chosen, and how the choice gets its bound."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from scenred.kernels.seeding import served_alone
from scenred.reduction.solvers.baselines import alternating, backward, forward, random
from scenred.reduction.solvers.branch import branch
from scenred.reduction.solvers.certificate import Root, certify, renew
from scenred.reduction.solvers.concentration import concentrate
from scenred.reduction.solvers.milp import finish, is_sparse
from scenred.reduction.solvers.problem import MOST_VISITS, Choice, Effort, Problem, Solution
from scenred.reduction.solvers.search import held_first, kick, polish, search

Method = Literal["kmedoids", "exact", "forward", "backward", "alternating", "random"]

# How each method begins; those of `IMPROVED` go on until the gap is reached.
METHODS: dict[str, Callable[[Problem, Effort], Choice]] = {
    "kmedoids": search,
    "exact": search,
    "forward": forward,
    "backward": backward,
    "alternating": alternating,
    "random": random,
}
IMPROVED = ("kmedoids", "exact")
# Rounds of kicks where no bound says when to stop.
BLIND_ROUNDS = 5
# Numbers that branching may visit before HiGHS gets its turn: where that is likely faster, and elsewhere (10 s).
SPARSE_VISITS = 2e7
DENSE_VISITS = 2e9


def most_visits(method: str) -> float:
    """Give the work that a method may spend on its bound."""
    return math.inf if method == "exact" else MOST_VISITS


def solve(
    problem: Problem, method: str, effort: Effort, *, bound: bool = True, known: Choice | None = None
) -> Solution:
    """Choose medoids by a method, and bound from below what any choice can cost.

    Parameters
    ----------
    problem : Problem
    method : str
        A name of `METHODS`.
    effort : Effort
    bound : bool
        Whether a bound is wanted; `exact` needs one.
    known : Choice, optional
        Medoids to begin with beside the method's own; for methods that improve what they have.

    Returns
    -------
    Solution
    """
    easy = _easy(problem, effort)
    if method in IMPROVED:
        is_bounded = bound or method == "exact"
        if easy is not None:
            return easy if is_bounded else Solution(easy.choice, None)
        choice = search(problem, effort)
        choice = choice if known is None else min(choice, known)
        if is_bounded:
            return _prove(problem, choice, effort)
        for number in range(BLIND_ROUNDS):
            if choice.loss > 0 and not effort.should_stop():
                choice = kick(problem, choice, effort, number)
        return Solution(choice, None)
    choice = METHODS[method](problem, effort)
    if not bound:
        return Solution(choice, None)
    if easy is not None:
        return Solution(choice, easy.bound)
    guide = polish(problem, held_first(problem, choice.medoids), effort)
    return Solution(choice, _prove(problem, guide, effort).bound)


def _prove(problem: Problem, choice: Choice, effort: Effort) -> Solution:
    if choice.loss == 0:
        return Solution(choice, 0.0)
    root = certify(problem, choice, effort)
    if not effort.is_reached(root.bound, root.choice.loss):
        better = concentrate(problem, root.choice, root.bound, effort)
        root = renew(problem, root, better, effort) if better.loss < root.choice.loss else root
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
    return branch(
        problem, renew(problem, replace(root, bound=second.bound or 0.0), second.choice, effort), effort
    )


def _easy(problem: Problem, effort: Effort) -> Solution | None:
    """Give the optimum where there is nothing to search: one medoid, all set, or everybody one."""
    if problem.k == len(problem.held):
        choice = problem.choice(problem.held)
    elif problem.k == problem.n:
        choice = problem.choice(range(problem.n))
    elif problem.k == 1:
        choice = problem.choice(
            [int(np.argmin(served_alone(problem.costs, problem.weights, effort.n_threads)))]
        )
    else:
        return None
    return Solution(choice, choice.loss)
