"""What the headline scores are for other choices: the best single scenario, and random subsets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenred.arrays import Float64, Int64, weighted_sum
from scenred.evaluation.axes import axes_of
from scenred.evaluation.headline import by_name, plain_scores
from scenred.evaluation.proper import own_energy_score
from scenred.evaluation.set_pair import SetPair, with_reduced
from scenred.evaluation.transport import member_costs_of, share_of, single_cost
from scenred.model import Band, GroundMetric, Score

N_DRAWS = 20
# The context of larger sets is measured on this many of their scenarios.
MOST_SCENARIOS = 2_000


def context_bands(
    pair: SetPair, ground: GroundMetric, scores: list[Score], seed: int, n_threads: int | None
) -> tuple[list[Band], int]:
    """Measure the headline scores of the best single scenario and of 20 random subsets of the same size.

    Random members are drawn by probability, without replacement, and weighted by the best redistribution. Also return
    the number of scenarios that they were measured on.
    """
    values = by_name(scores)
    pair = _thinned(pair)
    n = len(pair.p)
    own = own_energy_score(pair)
    axes = axes_of(pair, ground)
    best, alone = single_cost(pair, ground, axes, n_threads)
    generator = np.random.default_rng(seed)
    size = min(len(pair.q), n)
    draws = [np.sort(generator.choice(n, size, replace=False, p=pair.p)) for _ in range(N_DRAWS)]
    chosen = [np.array([best]), *draws]
    costs = [member_costs_of(pair, ground, axes, rows, n_threads) for rows in chosen]
    one, *many = (_headline(pair, rows, of_rows, own, alone) for rows, of_rows in zip(chosen, costs, strict=True))
    bands = []
    for name, of_single in one.items():
        drawn = np.array([of_draw[name] for of_draw in many])
        low, high = np.quantile(drawn, [0.05, 0.95])
        if name in values:
            bands.append(Band(name, abs(values[name]), of_single, float(drawn.mean()), float(low), float(high)))
    return bands, n


def redistributed(costs: Float64, p: Float64, rows: Int64) -> tuple[Float64, float]:
    """Return the best probabilities for members of the original, and the transport cost with them."""
    nearest = np.argmin(costs, axis=1)
    nearest[rows] = np.arange(len(rows))
    masses = np.asarray(np.bincount(nearest, p, len(rows)), dtype=np.float64)
    return masses, float(weighted_sum(p, costs[np.arange(len(costs)), nearest]))


def _headline(pair: SetPair, rows: Int64, costs: Float64, own: float, alone: float) -> dict[str, float]:
    """Return the headline scores of members of the original, each the worst over the columns."""
    masses, cost = redistributed(costs, pair.p, rows)
    drawn = with_reduced(pair, rows, masses)
    relative = Score("transport", "relative_cost", share_of(cost, alone), "share")
    values = by_name([relative, *plain_scores(drawn, own)])
    return {name: abs(value) for name, value in values.items()}


def _thinned(pair: SetPair) -> SetPair:
    """Keep 2,000 scenarios of a larger original, evenly over its mass, equally likely."""
    if len(pair.p) <= MOST_SCENARIOS:
        return pair
    levels = (np.arange(MOST_SCENARIOS) + 0.5) / MOST_SCENARIOS
    rows = np.unique(np.searchsorted(np.cumsum(pair.p), levels).clip(0, len(pair.p) - 1))
    masses = np.full(len(rows), 1 / len(rows))
    return replace(pair, original=pair.original.members(rows, masses), whole=pair.whole[rows])
