"""Optimal transport between two scenario sets under the ground metric."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np

from scenred.arrays import Float64, Int64, weighted_sum
from scenred.errors import SolverError
from scenred.evaluation.axes import Axes, axes_of, first_totals, lower_bound, member_totals
from scenred.evaluation.set_pair import SetPair
from scenred.kernels.distributions_1d import first_distance
from scenred.metrics import costs_of_points
from scenred.metrics.embedding import clouds
from scenred.model import GroundMetric, Score

# POT's network simplex took over 40 seconds for 50,000 x 20 equal masses, one for 5,000 x 1,000 uneven ones.
EXACT_PAIRS = 400_000
# Distances of this many pairs are held to serve each scenario by its nearest.
NEAREST_PAIRS = 20_000_000
MOST_STEPS = 100_000_000
# Members tried as the best single scenario where every distance is an assignment problem.
TRIED_SINGLES = 16
FEW = 1_000


def transport_scores(pair: SetPair, ground: GroundMetric, n_threads: int | None) -> list[Score]:
    """Return W_1, W_2, the relative cost, the energy distance, and the distance of each column's values."""
    scores = []
    for r in (1, 2):
        of_order = replace(ground, order=float(r))
        axes = axes_of(pair, of_order)
        bound, totals = None, None
        if r == 1:
            bound, energy, totals = first_totals(axes, n_threads)
        cost, method = set_cost(pair, of_order, n_threads, axes, bound)
        scores.append(Score("transport", f"wasserstein_{r}", cost ** (1 / r), "capacity", method=method))
        if r == ground.order:
            alone = single_cost(pair, of_order, axes, n_threads, totals)[1]
            relative = Score("transport", "relative_cost", share_of(cost, alone), "share", method=method)
        del axes  # 300 MB for 50,000 scenarios
    distance = Score("transport", "energy_distance", energy, "capacity")
    columns = [
        Score("transport", "value_distance", first_distance(*pair.column(number)), "capacity", name)
        for number, name in enumerate(pair.original.names)
    ]
    return [*scores, relative, distance, *columns]


def share_of(cost: float, alone: float) -> float:
    """Return the relative cost; 0 where the best single scenario has no cost either."""
    return cost / alone if alone > 0 else 0.0


def set_cost(
    pair: SetPair,
    ground: GroundMetric,
    n_threads: int | None = None,
    axes: Axes | None = None,
    bound: float | None = None,
) -> tuple[float, str]:
    """Return W_r^r between the sets, and how it was computed: 'exact', or 'sliced', a lower bound.

    Where the probabilities are those of the nearest members, serving each scenario by its nearest is optimal;
    otherwise the transport problem is solved, up to 400,000 pairs. Beyond, the cost along each axis of the
    metric's embedding is summed: every axis may have a plan of its own, so that is a lower bound, as is the
    cost of the nearest members; the larger is returned. Axes and their bound are computed by default.
    """
    axes = axes_of(pair, ground) if axes is None else axes
    n_pairs = len(pair.p) * len(pair.q)
    if n_pairs > NEAREST_PAIRS:
        return lower_bound(axes, n_threads) if bound is None else bound, "sliced"
    points, others = axes.points, axes.others
    if ground.name == "wasserstein":
        points, others = clouds(pair.original, ground), clouds(pair.reduced, ground)
    costs = costs_of_points(points, others, ground, n_threads)
    nearest = np.argmin(costs, axis=1)
    served = math.fsum(pair.p * costs[np.arange(len(nearest)), nearest])
    if np.abs(np.bincount(nearest, pair.p, len(pair.q)) - pair.q).max() <= 1e-12:
        return served, "exact"
    if n_pairs > EXACT_PAIRS:
        return max(served, lower_bound(axes, n_threads) if bound is None else bound), "sliced"
    return solved_cost(costs, pair.p, pair.q), "exact"


def solved_cost(costs: Float64, p: Float64, q: Float64) -> float:
    """Solve the transport problem by POT's network simplex; raise a SolverError if it stops early."""
    import ot

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the log tells the same
        cost, log = ot.emd2(p, q * (p.sum() / q.sum()), costs, numItermax=MOST_STEPS, log=True)
    if log.get("warning") is not None:
        raise SolverError(
            f"the transport problem of {len(p)} x {len(q)} scenarios was not solved: {log['warning']}",
            advice="use fewer scenarios",
        )
    return float(cost)


def member_costs_of(pair: SetPair, ground: GroundMetric, axes: Axes, rows: Int64, n_threads: int | None) -> Float64:
    """Return the ground costs d^r of every original scenario to a few of them, shape (n, len(rows))."""
    points = clouds(pair.original, ground) if ground.name == "wasserstein" else axes.points
    return costs_of_points(points, points[rows], ground, n_threads)


def single_cost(
    pair: SetPair, ground: GroundMetric, axes: Axes, n_threads: int | None, totals: Float64 | None = None
) -> tuple[int, float]:
    """Find the original scenario that serves all others at the least cost, and that cost.

    The axes rank all members. Exact transport tries all members of a small set, else the 16 that `sliced`
    ranks first.
    """
    totals = member_totals(axes, n_threads) if totals is None else totals
    n_tried = 1
    if ground.name == "wasserstein":
        n_tried = len(totals) if len(totals) <= FEW else TRIED_SINGLES
    tried = np.sort(np.argsort(totals, kind="stable")[:n_tried])
    costs = weighted_sum(pair.p, member_costs_of(pair, ground, axes, tried, n_threads))
    best = int(np.argmin(costs))
    return int(tried[best]), float(costs[best])
