"""A choice held to conditions: some scenarios stay, some never do, some represent only themselves.

All three are again weighted k-medoids, so bounds and proofs hold unchanged. Scenarios that stay are held
medoids. One that never stays serves all at the largest cost there is: no choice of allowed medoids becomes worse
when it takes an allowed one instead, so the least loss, and every bound of it, are those of allowed choices. One that
represents only itself costs nothing and helps no other: it leaves the problem, with its place among the k.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from scenred.arrays import Bool, Int64
from scenred.errors import RequestError
from scenred.kernels.greedy import forward_selection
from scenred.model import DistanceMatrix, ScenarioSet
from scenred.reduction.solvers.problem import Choice, Problem, Solution, quantum


@dataclass(frozen=True, slots=True, eq=False)
class HeldRows:
    """The rows of the original that a choice is held to, each increasing; none by default.

    The `held` stay in any case; the `excluded` never stay and are represented all the same; those `alone` stay and
    represent only themselves, and are also among the held.
    """

    held: Int64 = field(default_factory=lambda: _rows(()))
    excluded: Int64 = field(default_factory=lambda: _rows(()))
    alone: Int64 = field(default_factory=lambda: _rows(()))

    @classmethod
    def of(cls, fixed: npt.ArrayLike, excluded: npt.ArrayLike = (), alone: npt.ArrayLike = ()) -> HeldRows:
        """Sort rows that are given in any order and may be duplicated."""
        single = _rows(alone)
        return cls(np.union1d(_rows(fixed), single), _rows(excluded), single)

    @property
    def is_empty(self) -> bool:
        """Whether there are no conditions."""
        return not len(self.held) and not len(self.excluded)

    def least(self, n: int) -> int:
        """Return the fewest of n scenarios that may be asked for: what stays, and one that represents the rest."""
        all_alone = len(self.alone) == len(self.held) < n
        return max(len(self.held) + (1 if all_alone else 0), 1)

    def within(self, members: Int64) -> HeldRows:
        """Return the conditions of a group, rows counted within it."""
        sets = (self.held, self.excluded, self.alone)
        return HeldRows.of(*(np.searchsorted(members, np.intersect1d(one, members)) for one in sets))

    def closed_pairs(self, original: ScenarioSet, medoids: Int64, *, by_group: bool = False) -> Bool:
        """Return which pairs may move no mass, shape (n, k): into another group, to what represents only itself."""
        closed = np.zeros((original.n_scenarios, len(medoids)), dtype=bool)
        if by_group:
            groups = np.array(original.groups)
            closed = groups[:, None] != groups[medoids][None, :]
        closed[:, np.isin(medoids, self.alone)] = True
        closed[medoids, np.arange(len(medoids))] = False
        return closed

    def check(self, n: int, n_scenarios: int) -> None:
        """Raise a RequestError if conditions contradict each other or leave no choice of n_scenarios of n."""
        for rows, what in ((self.held, "a fixed"), (self.excluded, "an excluded")):
            if len(rows) and not (rows[0] >= 0 and rows[-1] < n):
                row = rows[0] if rows[0] < 0 else rows[-1]
                raise RequestError(f"{what} scenario has index {row}; there are 0 to {n - 1}")
        n_held, n_allowed = len(self.held), n - len(self.excluded)
        both = np.intersect1d(self.held, self.excluded)
        if n_held > n_scenarios:
            met = f"{n_held} scenarios are fixed and only {n_scenarios} may stay"
            advice = "keep more or fix fewer"
        elif len(both):
            met, advice = f"scenario {both[0]} is fixed and excluded", "choose one"
        elif n_scenarios > n_allowed:
            met = f"{n_scenarios} scenarios are asked for and {n_allowed} of {n} are not excluded"
            advice = "keep fewer"
        elif len(self.alone) == n_scenarios < n:
            met = f"all {n_scenarios} scenarios represent only themselves and none represents the rest"
            advice = "keep more"
        else:
            return
        raise RequestError(met, advice=advice)


def held_problem(
    original: ScenarioSet, distances: DistanceMatrix, n_scenarios: int, held: HeldRows
) -> tuple[Problem, Int64]:
    """Write a conditioned choice as weighted k-medoids; also return the row of the original that each of its points is.

    The matrix is copied where scenarios are excluded or represent only themselves.
    """
    everybody = np.arange(original.n_scenarios)
    if len(held.alone) == len(everybody):  # then there is nobody else to represent
        held = HeldRows.of(held.held)
    rows = np.setdiff1d(everybody, held.alone) if len(held.alone) else everybody
    costs, weights = distances.costs, original.probabilities
    if len(rows) < len(everybody):
        costs, weights = costs[np.ix_(rows, rows)], weights[rows]
    step = quantum(costs, weights)
    places = np.searchsorted(rows, np.setdiff1d(held.held, held.alone)).astype(np.int64)
    closed = np.searchsorted(rows, held.excluded).astype(np.int64)
    if len(closed):
        costs = costs.copy()
        costs[closed] = costs.max()
    return Problem(costs, weights, n_scenarios - len(held.alone), places, step, closed), rows


def allowed(problem: Problem, solution: Solution, n_threads: int | None) -> Solution:
    """Put allowed candidates in the places of closed ones, which serve nobody better; the loss never rises."""
    chosen = np.array(solution.choice.medoids, dtype=np.int64)
    kept = np.setdiff1d(chosen, problem.closed)
    if len(kept) == len(chosen):
        return solution
    while len(kept) < problem.k:
        kept = _one_more(problem, kept, n_threads)
    return replace(solution, choice=problem.choice(kept))


def original_choice(choice: Choice, rows: Int64, held: HeldRows) -> Choice:
    """Return a choice of the problem's points as rows of the original, with those that represent only themselves."""
    medoids = np.union1d(rows[list(choice.medoids)], held.alone)
    return Choice(choice.loss, tuple(int(row) for row in medoids))


def _one_more(problem: Problem, kept: Int64, n_threads: int | None) -> Int64:
    """Add the allowed candidate that helps most, the first of equal ones."""
    if len(kept):
        added = forward_selection(problem.costs, problem.weights, kept, len(kept) + 1, n_threads)
        if not np.isin(added, problem.closed).any():
            return np.asarray(added)
    free = np.setdiff1d(np.arange(problem.n), np.union1d(kept, problem.closed))
    return np.union1d(kept, free[:1]).astype(np.int64)


def _rows(rows: npt.ArrayLike) -> Int64:
    return np.unique(np.asarray(rows, dtype=np.int64))
