"""Which scenarios stay: the optimal reduction is weighted k-medoids.

For a kept set S the best probabilities send every scenario's mass to its nearest member, and the
transport cost is then sum_i p_i min_{j in S} d(x_i, x_j)^r: J. Dupacova, N. Groewe-Kuska, W. Roemisch,
"Scenario reduction in stochastic programming", Mathematical Programming 95, 2003,
doi 10.1007/s10107-002-0331-0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from scenred.errors import RequestError
from scenred.kernels.compiled import map_blocks
from scenred.kernels.kmedoids import swap_search
from scenred.kernels.starts import served_alone, spread_start
from scenred.metrics import member_costs
from scenred.model import DistanceMatrix, Reduction, ScenarioSet

Float64 = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]


MOST_STARTS = 100_000


def reduce(
    original: ScenarioSet,
    distances: DistanceMatrix,
    n_scenarios: int = 10,
    *,
    n_starts: int = 10,
    seed: int = 0,
    fixed: Sequence[int] = (),
    n_threads: int | None = None,
    on_fraction: Callable[[float], None] | None = None,
) -> Reduction:
    """Keep the scenarios that represent the whole set at the least transport cost.

    Each start draws medoids by the k-means++ rule and improves them by swaps until no single swap helps
    (FasterPAM). The best of all starts is kept; of equal ones that with the lower rows.

    Parameters
    ----------
    original : ScenarioSet
    distances : DistanceMatrix
        The ground costs of this set, from `pairwise_distances`.
    n_scenarios : int
        How many to keep, from 1 to the number of scenarios.
    n_starts : int
        Seeded starts, from 1 to 100,000.
    seed : int
        At least 0; start i uses the i-th stream of the seed, so more starts never give a worse result.
    fixed : sequence of int
        Rows of the original that stay in any case; at most `n_scenarios` of them.
    n_threads : int, optional
        At least 1; as many as there are processors unless told. The result does not depend on it.
    on_fraction : callable, optional
        Told the share of the starts done, from 0 to 1.

    Returns
    -------
    Reduction
        Medoids ordered by their row in the original.

    Raises
    ------
    RequestError
        When a number is out of range or the matrix belongs to another set.

    Notes
    -----
    A few n**2 steps a start; O(n) memory a start beside the matrix.

    Examples
    --------
    >>> from scenred import Column, pairwise_distances
    >>> values = np.array([0.1, 0.2, 0.8, 0.9, 0.9]).reshape(5, 1, 1)
    >>> original = ScenarioSet((Column("wind"),), values, np.full(5, 0.2))
    >>> reduction = reduce(original, pairwise_distances(original), 2)
    >>> reduction.medoids, reduction.scenarios.probabilities
    (array([0, 3]), array([0.4, 0.6]))
    """
    n = original.n_scenarios
    held = np.unique(np.array(fixed, dtype=np.int64))
    _check_request(n, distances, n_scenarios, n_starts, seed, held)
    alone = served_alone(distances.costs, original.probabilities, n_threads)
    if n_scenarios == 1:
        medoids = held if len(held) else np.array([np.argmin(alone)])
    else:
        search = partial(_search, distances.costs, original.probabilities, held, n_scenarios)
        streams = np.random.SeedSequence(seed).spawn(n_starts)
        medoids = _best(map_blocks(search, streams, n_threads), n_starts, on_fraction)
    costs = member_costs(distances, medoids)
    assignment = np.argmin(costs, axis=1)
    assignment[medoids] = np.arange(len(medoids))  # a copy of a medoid stands for itself
    served = costs[np.arange(n), assignment]
    single = member_costs(distances, np.array([np.argmin(alone)]))[:, 0]
    return Reduction(
        original=original,
        medoids=medoids,
        assignment=assignment,
        distances=served ** (1 / distances.order),
        cost=math.fsum(original.probabilities * served),
        single_cost=math.fsum(original.probabilities * single),
        ground=distances.ground,
        movement=distances.movement,
    )


def _search(
    costs: Float32, weights: Float64, held: Int64, k: int, stream: np.random.SeedSequence
) -> tuple[float, list[int]]:
    """Search from one seeded start; give the loss and the medoids, increasing."""
    start = spread_start(costs, weights, held, k, np.random.default_rng(stream))
    medoids = _first_of_twins(costs, swap_search(costs, weights, start, len(held)), len(held))
    near_cost = costs[medoids[0]].copy()
    for medoid in medoids[1:]:
        np.minimum(near_cost, costs[medoid], out=near_cost)
    return math.fsum(weights * near_cost), sorted(medoids.tolist())


def _best(
    found: Iterable[tuple[float, list[int]]], n_starts: int, on_fraction: Callable[[float], None] | None
) -> Int64:
    """Take the medoids of the least loss, the lower rows on ties, telling how many starts are done."""
    best: tuple[float, list[int]] = (math.inf, [])
    for done, result in enumerate(found, start=1):
        best = min(best, result)
        if on_fraction is not None:
            on_fraction(done / n_starts)
    return np.array(best[1], dtype=np.int64)


def _first_of_twins(costs: Float32, medoids: Int64, n_fixed: int) -> Int64:
    """Replace a medoid by the first scenario that serves all others at the very same costs."""
    kept = set(medoids.tolist())
    for slot in range(n_fixed, len(medoids)):
        medoid = int(medoids[slot])
        for twin in np.flatnonzero(costs[medoid, :medoid] == 0).tolist():
            if twin not in kept and np.array_equal(costs[twin], costs[medoid]):
                kept = kept - {medoid} | {twin}
                medoids[slot] = twin
                break
    return medoids


def _check_request(
    n: int, distances: DistanceMatrix, n_scenarios: int, n_starts: int, seed: int, held: Int64
) -> None:
    if len(distances.costs) != n:
        raise RequestError(f"the distances are of {len(distances.costs)} scenarios, the set has {n}")
    if not 1 <= n_scenarios <= n:
        raise RequestError(
            f"{n_scenarios} scenarios are asked for; choose from 1 to {n}, the number of periods"
        )
    if not 1 <= n_starts <= MOST_STARTS:
        raise RequestError(f"{n_starts} starts are asked for; choose from 1 to {MOST_STARTS}")
    if seed < 0:
        raise RequestError(f"the seed is {seed}; scenred needs a whole number of at least 0")
    if len(held) > n_scenarios:
        raise RequestError(
            f"{len(held)} scenarios are fixed and only {n_scenarios} may stay; keep more or fix fewer"
        )
    if len(held) and not (held[0] >= 0 and held[-1] < n):
        raise RequestError(
            f"a fixed scenario has index {held[0] if held[0] < 0 else held[-1]}; there are 0 to {n - 1}"
        )
