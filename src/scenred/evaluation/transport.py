"""Optimal transport between two scenario sets under the ground metric."""

from __future__ import annotations

import math
import warnings
from functools import partial

import numpy as np
import numpy.typing as npt

from scenred.errors import SolverError
from scenred.evaluation.pair import Pair
from scenred.kernels.compiled import map_blocks
from scenred.kernels.line import first_distance, mean_absolute_to, merged_steps, order_distance
from scenred.kernels.pairwise import costs_between
from scenred.kernels.transport import transport_costs_to
from scenred.metrics.embedding import clouds, embed, time_costs
from scenred.model import GroundMetric, ScenarioSet, Score

Float64 = npt.NDArray[np.float64]

# POT's network simplex took over 40 seconds for 50,000 x 20 equal masses, one for 5,000 x 1,000 uneven ones.
EXACT_PAIRS = 400_000
# Distances of this many pairs are held to serve each scenario by its nearest.
NEAREST_PAIRS = 20_000_000
MOST_STEPS = 100_000_000
BLOCK = 512
# Members tried as the best single scenario where every distance is an assignment problem.
TRIED_SINGLES = 16
FEW = 1_000


def transport_scores(
    pair: Pair, grounds: dict[int, GroundMetric], order: int, n_threads: int | None
) -> list[Score]:
    """Give W_1, W_2, the relative cost, the energy distance, and the distance of each column's values.

    Parameters
    ----------
    grounds : dict
        The ground metric of order 1 and of order 2.
    order : int
        Of the relative cost.
    """
    scores = []
    for r in (1, 2):
        cost, method = set_cost(pair, grounds[r], n_threads)
        scores.append(Score("transport", f"wasserstein_{r}", cost ** (1 / r), "capacity", method=method))
        if r == order:
            single = member_costs_of(pair, grounds[r], np.array([best_single(pair, grounds[r])]), n_threads)
            alone = float(pair.p @ single[:, 0])
            relative = Score(
                "transport", "relative_cost", cost / alone if alone > 0 else 0.0, "share", method=method
            )
    scores += [relative, Score("transport", "energy_distance", energy_distance(pair, grounds[1]), "capacity")]
    for number, name in enumerate(pair.original.names):
        scores.append(
            Score("transport", "value_distance", first_distance(*pair.column(number)), "capacity", name)
        )
    return scores


def set_cost(pair: Pair, ground: GroundMetric, n_threads: int | None) -> tuple[float, str]:
    """Compute W_r^r between the sets, and say how: 'exact', or 'sliced', a lower bound.

    Where the probabilities are those of the nearest members, serving each scenario by its nearest is optimal;
    otherwise the transport problem is solved, up to 400,000 pairs. Beyond, the cost along each axis of the
    metric's embedding is summed: every axis may have a plan of its own, so that is a lower bound, as is the
    cost of the nearest members; the larger is given.
    """
    n_pairs = len(pair.p) * len(pair.q)
    if n_pairs > NEAREST_PAIRS:
        return _sliced_cost(pair, ground), "sliced"
    costs = costs_of(pair.original, pair.reduced, ground, n_threads)
    nearest = np.argmin(costs, axis=1)
    served = math.fsum(pair.p * costs[np.arange(len(nearest)), nearest])
    if np.abs(np.bincount(nearest, pair.p, len(pair.q)) - pair.q).max() <= 1e-12:
        return served, "exact"
    if n_pairs > EXACT_PAIRS:
        return max(served, _sliced_cost(pair, ground)), "sliced"
    return solved_cost(costs, pair.p, pair.q), "exact"


def solved_cost(costs: Float64, p: Float64, q: Float64) -> float:
    """Solve the transport problem by POT's network simplex.

    Raises
    ------
    SolverError
        When it stops early: its number would be wrong.
    """
    import ot

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the log tells the same
        cost, log = ot.emd2(p, q * (p.sum() / q.sum()), costs, numItermax=MOST_STEPS, log=True)
    if log.get("warning") is not None:
        raise SolverError(
            f"the transport problem of {len(p)} x {len(q)} scenarios was not solved: {log['warning']}; use fewer "
            "scenarios"
        )
    return float(cost)


def costs_of(
    scenarios: ScenarioSet, members: ScenarioSet, ground: GroundMetric, n_threads: int | None
) -> Float64:
    """Give the ground costs d^r of every scenario to every member, shape (n, m)."""
    if ground.name == "wasserstein":
        hours = time_costs(scenarios.n_steps, ground)
        return transport_costs_to(
            clouds(scenarios, ground), clouds(members, ground), hours, ground.order, n_threads=n_threads
        )
    points, others = embed(scenarios, ground), embed(members, ground)
    blocks = (points[first : first + BLOCK] for first in range(0, len(points), BLOCK))
    return np.concatenate(list(map_blocks(partial(_block, others, ground.order), blocks, n_threads)))


def member_costs_of(
    pair: Pair, ground: GroundMetric, rows: npt.NDArray[np.int64], n_threads: int | None
) -> Float64:
    """Give the ground costs of every original scenario to a few of them, shape (n, len(rows))."""
    from dataclasses import replace

    members = replace(
        pair.original,
        values=pair.original.values[rows],
        probabilities=np.full(len(rows), 1 / len(rows)),
        labels=(),
    )
    return costs_of(pair.original, members, ground, n_threads)


def best_single(pair: Pair, ground: GroundMetric) -> int:
    """Find the original scenario that serves all others at the least cost.

    The costs of an embedding are sums over its axes, so one sort an axis gives the cost of every member (order
    1), or its mean (order 2). Exact transport tries all members of a small set, else the 16 best of `sliced`.
    """
    if ground.name == "wasserstein":
        totals = _axis_totals(pair, _sliced(ground))
        n_tried = len(totals) if len(totals) <= FEW else TRIED_SINGLES
        tried = np.sort(np.argsort(totals, kind="stable")[:n_tried])
        costs = member_costs_of(pair, ground, tried, None)
        return int(tried[np.argmin(pair.p @ costs)])
    return int(np.argmin(_axis_totals(pair, ground)))


def energy_distance(pair: Pair, ground: GroundMetric) -> float:
    """Compute 2 E d(X,Y) - E d(X,X') - E d(Y,Y') under the metric of order 1, axis by axis: no pairs."""
    ground = _sliced(ground)
    points, others = embed(pair.original, ground), embed(pair.reduced, ground)
    total = 0.0
    for axis in range(points.shape[1]):
        gaps, F, G = merged_steps(points[:, axis], pair.p, others[:, axis], pair.q)
        total += 2 * float(gaps @ (F - G) ** 2)
    return total


def _block(others: Float64, order: float, points: Float64) -> Float64:
    return costs_between(points, others, order)


def _sliced(ground: GroundMetric) -> GroundMetric:
    """Give the embedding that stands for exact transport; other metrics are their own."""
    from dataclasses import replace

    return replace(ground, name="sliced", directions=32) if ground.name == "wasserstein" else ground


def _axis_totals(pair: Pair, ground: GroundMetric) -> Float64:
    points, p = embed(pair.original, ground), pair.p
    totals = np.zeros(len(points))
    for axis in points.T:
        totals += mean_absolute_to(axis, p) if ground.order == 1 else (axis - p @ axis) ** 2
    return totals


def _sliced_cost(pair: Pair, ground: GroundMetric) -> float:
    ground = _sliced(ground)
    points, others = embed(pair.original, ground), embed(pair.reduced, ground)
    return math.fsum(
        order_distance(points[:, axis], pair.p, others[:, axis], pair.q, ground.order)
        for axis in range(points.shape[1])
    )
