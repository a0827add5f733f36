"""A choice held to conditions: some scenarios stay, some never do, some represent themselves alone.

All three are again weighted k-medoids, so bounds and proofs hold as they stand. Scenarios that stay are held
medoids. One that never stays serves all at the largest cost there is: no choice of allowed medoids becomes worse
when it takes an allowed one instead, so the least loss, and every bound of it, are those of allowed choices. One that
represents itself alone costs nothing and helps nobody: it leaves the problem, with its place among the k.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scenred.arrays import Int64
from scenred.errors import RequestError
from scenred.kernels.greedy import forward_selection
from scenred.model import DistanceMatrix, ScenarioSet
from scenred.reduction.solvers.problem import Choice, Effort, Problem, Solution, quantum


@dataclass(frozen=True, slots=True, eq=False)
class Conditions:
    """Hold the rows of the original that a choice is held to, each increasing.

    Parameters
    ----------
    held : ndarray of int64
        Stay in any case.
    excluded : ndarray of int64
        Never stay, and are represented all the same.
    alone : ndarray of int64
        Stay, and represent themselves alone; also among the held.
    """

    held: Int64
    excluded: Int64
    alone: Int64

    @classmethod
    def of(cls, fixed: npt.ArrayLike, excluded: npt.ArrayLike = (), alone: npt.ArrayLike = ()) -> Conditions:
        """Sort rows that were given in any order and maybe twice."""
        single = _rows(alone)
        return cls(np.union1d(_rows(fixed), single), _rows(excluded), single)

    def least(self, n: int) -> int:
        """Give the fewest of n scenarios that may be asked for: what stays, and one that represents the rest."""
        all_alone = len(self.alone) == len(self.held) < n
        return max(len(self.held) + (1 if all_alone else 0), 1)


def check_conditions(conditions: Conditions, n: int, n_scenarios: int) -> None:
    """Refuse conditions that contradict each other, or leave no choice.

    Raises
    ------
    RequestError
    """
    held, excluded, alone = conditions.held, conditions.excluded, conditions.alone
    for rows, what in ((held, "a fixed"), (excluded, "an excluded")):
        if len(rows) and not (rows[0] >= 0 and rows[-1] < n):
            raise RequestError(
                f"{what} scenario has index {rows[0] if rows[0] < 0 else rows[-1]}; there are 0 to {n - 1}"
            )
    if len(held) > n_scenarios:
        raise RequestError(
            f"{len(held)} scenarios are fixed and only {n_scenarios} may stay; keep more or fix fewer"
        )
    both = np.intersect1d(held, excluded)
    if len(both):
        raise RequestError(f"scenario {both[0]} is fixed and excluded; choose one")
    if n_scenarios > n - len(excluded):
        raise RequestError(
            f"{n_scenarios} scenarios are asked for and {n - len(excluded)} of {n} are not excluded; keep fewer"
        )
    if len(alone) == n_scenarios and n > n_scenarios:
        raise RequestError(
            f"all {n_scenarios} scenarios represent themselves alone and nobody represents the rest; keep more"
        )


def held_problem(
    original: ScenarioSet, distances: DistanceMatrix, n_scenarios: int, conditions: Conditions
) -> tuple[Problem, Int64]:
    """Write a conditioned choice as weighted k-medoids.

    Returns
    -------
    Problem
    ndarray of int64
        The row of the original that each of its points is.

    Notes
    -----
    A copy of the matrix where scenarios are excluded or represent themselves alone.
    """
    everybody = np.arange(original.n_scenarios)
    if len(conditions.alone) == len(everybody):  # then there is nobody else to represent
        conditions = Conditions.of(conditions.held)
    rows = np.setdiff1d(everybody, conditions.alone) if len(conditions.alone) else everybody
    costs, weights = distances.costs, original.probabilities
    if len(rows) < len(everybody):
        costs, weights = costs[np.ix_(rows, rows)], weights[rows]
    step = quantum(costs, weights)
    held = np.searchsorted(rows, np.setdiff1d(conditions.held, conditions.alone)).astype(np.int64)
    closed = np.searchsorted(rows, conditions.excluded).astype(np.int64)
    if len(closed):
        costs = costs.copy()
        costs[closed] = costs.max()
    return Problem(costs, weights, n_scenarios - len(conditions.alone), held, step, closed), rows


def allowed(problem: Problem, solution: Solution, effort: Effort) -> Solution:
    """Put allowed candidates in the places of closed ones, which serve nobody better; the loss never rises."""
    chosen = np.array(solution.choice.medoids, dtype=np.int64)
    kept = np.setdiff1d(chosen, problem.closed)
    if len(kept) == len(chosen):
        return solution
    while len(kept) < problem.k:
        kept = _one_more(problem, kept, effort)
    return replace(solution, choice=problem.choice(kept))


def original_choice(choice: Choice, rows: Int64, conditions: Conditions) -> Choice:
    """Give a choice of the problem's points as rows of the original, with those that represent themselves alone."""
    medoids = np.union1d(rows[list(choice.medoids)], conditions.alone)
    return Choice(choice.loss, tuple(int(row) for row in medoids))


def _one_more(problem: Problem, kept: Int64, effort: Effort) -> Int64:
    """Add the allowed candidate that helps most, the first of equal ones."""
    if len(kept):
        added = forward_selection(problem.costs, problem.weights, kept, len(kept) + 1, effort.n_threads)
        if not np.isin(added, problem.closed).any():
            return np.asarray(added)
    free = np.setdiff1d(np.arange(problem.n), np.union1d(kept, problem.closed))
    return np.union1d(kept, free[:1]).astype(np.int64)


def _rows(rows: npt.ArrayLike) -> Int64:
    return np.unique(np.asarray(rows, dtype=np.int64))
