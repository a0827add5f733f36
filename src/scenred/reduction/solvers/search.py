"""The search for good medoids: swaps from several starts, then kicks out of the local optimum."""

from __future__ import annotations

from functools import partial

import numpy as np

from scenred.arrays import Int64
from scenred.kernels.kmedoids import swap_search
from scenred.kernels.seeding import spread_start
from scenred.kernels.threads import map_blocks
from scenred.reduction.solvers.effort import Effort
from scenred.reduction.solvers.problem import Choice, Problem

# Medoids that a kick replaces at random; 2 and 6 ended higher on instances with k of 50 and more.
KICKED = 3
# Kicks of one round, and pairs of points that they may look at: fewer kicks where a search takes long.
KICKS = 10
KICK_PAIRS = 30_000_000


def search_medoids(problem: Problem, effort: Effort) -> Choice:
    """Return the best of several seeded starts, each improved by swaps until none helps."""
    streams = np.random.SeedSequence(effort.seed).spawn(effort.n_starts)
    found = map_blocks(partial(from_start, problem, effort), streams, effort.n_threads)
    best = next(found)
    for done, choice in enumerate(found, start=2):
        best = min(best, choice)
        effort.on_fraction(0.5 * done / effort.n_starts)
        if effort.should_stop():
            break
    return best


def kick(problem: Problem, choice: Choice, effort: Effort, number: int) -> Choice:
    """Replace a few medoids at random and swap again, several times; keep the best.

    Each round, by its number, draws from a stream of its own.
    """
    n_kicks = min(max(KICK_PAIRS // problem.n**2, 1), KICKS)
    streams = [np.random.default_rng([effort.seed, number, position]) for position in range(n_kicks)]
    return min(choice, *map_blocks(partial(_from_kick, problem, choice, effort), streams, effort.n_threads))


def polish(problem: Problem, medoids: Int64, effort: Effort) -> Choice:
    """Improve medoids, the held ones first, by swaps until none helps or it is time to stop."""
    n_held = len(problem.held)
    count = partial(effort.count, "n_swaps")
    improved = swap_search(problem.costs, problem.weights, medoids, n_held, effort.should_stop, count)
    return problem.choice(_first_of_twins(problem, improved, n_held))


def held_first(problem: Problem, medoids: tuple[int, ...]) -> Int64:
    """Order medoids so that the held ones come first."""
    return np.concatenate([problem.held, np.setdiff1d(medoids, problem.held)]).astype(np.int64)


def from_start(problem: Problem, effort: Effort, stream: np.random.SeedSequence) -> Choice:
    """Draw a start by the k-means++ rule and improve it by swaps."""
    effort.count("n_starts", 1)
    generator = np.random.default_rng(stream)
    start = spread_start(problem.costs, problem.weights, problem.held, problem.k, generator)
    return polish(problem, start, effort)


def _from_kick(problem: Problem, choice: Choice, effort: Effort, stream: np.random.Generator) -> Choice:
    medoids = held_first(problem, choice.medoids)
    n_held = len(problem.held)
    others = np.setdiff1d(np.arange(problem.n), medoids)
    size = min(KICKED, problem.k - n_held, len(others))
    slots = n_held + stream.choice(problem.k - n_held, size, replace=False)
    medoids[slots] = stream.choice(others, size, replace=False)
    return polish(problem, medoids, effort)


def _first_of_twins(problem: Problem, medoids: Int64, n_fixed: int) -> Int64:
    """Replace a medoid by the first scenario that serves all others at the very same costs."""
    costs = problem.costs
    kept = set(medoids.tolist())
    for slot in range(n_fixed, len(medoids)):
        medoid = int(medoids[slot])
        for twin in np.flatnonzero(costs[medoid, :medoid] == 0).tolist():
            if twin not in kept and np.array_equal(costs[twin], costs[medoid]):
                kept = kept - {medoid} | {twin}
                medoids[slot] = twin
                break
    return medoids
