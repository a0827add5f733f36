"""Which start is best for the swap search: random, k-means++, LAB, BUILD; the evidence for the choice.

LAB and BUILD follow E. Schubert and P. J. Rousseeuw, Information Systems 101, 2021, 101804; they stand here
because they lost, in plain NumPy: their times are not comparable, their losses are.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.days import modelled_days
from benchmarks.timing import seconds
from scenred import pairwise_distances, read_input
from scenred.kernels.kmedoids import swap_search
from scenred.kernels.pairwise import pairwise_costs
from scenred.kernels.seeding import spread_start

Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]
SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "wind_pv_year.csv"
STARTS = 10
SEEDS = 10


def random_start(costs: Float32, k: int, seed: np.random.Generator) -> Int64:
    """Draw k distinct points."""
    return seed.choice(len(costs), k, replace=False)


def plus_plus(costs: Float32, k: int, seed: np.random.Generator) -> Int64:
    """Draw by the k-means++ rule on costs."""
    return spread_start(costs, np.ones(len(costs)), np.empty(0, np.int64), k, seed)


def lab(costs: Float32, k: int, seed: np.random.Generator) -> Int64:
    """Add greedily the best of 10 + sqrt(n) points, judged on themselves."""
    n = len(costs)
    near = np.full(n, np.inf)
    chosen: list[int] = []
    for _ in range(k):
        free = np.setdiff1d(np.arange(n), chosen)
        some = seed.choice(free, min(len(free), 10 + int(np.ceil(np.sqrt(n)))), replace=False)
        block = costs[np.ix_(some, some)]
        loss = np.minimum(block, near[some]).sum(axis=1)
        chosen.append(int(some[np.argmin(loss)]))
        near = np.minimum(near, costs[chosen[-1]])
    return np.array(chosen)


def build(costs: Float32, k: int, _seed: np.random.Generator) -> Int64:
    """Add greedily the best of all points: no chance in it, so one start."""
    near = np.full(len(costs), np.inf, dtype=np.float32)
    chosen: list[int] = []
    for _ in range(k):
        chosen.append(int(np.argmin(np.minimum(costs, near).sum(axis=1))))
        near = np.minimum(near, costs[chosen[-1]])
    return np.array(chosen)


def main() -> None:
    """Print per data set the best known loss and by how much each start misses it."""
    year = read_input(SAMPLE)
    sets = {
        "sample year, duration": (pairwise_distances(year).costs, (5, 10, 30)),
        "sample year, pointwise": (pairwise_distances(year, "pointwise").costs, (5, 10, 30)),
        "2,000 modelled days": (pairwise_costs(modelled_days(2_000, 0), 1.0), (10, 50)),
    }
    starts = {"random": random_start, "k-means++": plus_plus, "LAB": lab, "BUILD": build}
    print(f"| data | k | {' | '.join(f'{name}: mean, best of 10, search' for name in starts)} |")
    print("|---|---|" + "---|" * len(starts))
    for name, (costs, sizes) in sets.items():
        for k in sizes:
            found = {label: _losses(costs, k, start) for label, start in starts.items()}
            best = min(losses.min() for losses, _ in found.values())
            cells = (
                f"{losses.mean() / best - 1:.3%}, {losses.min(axis=1).mean() / best - 1:.3%}, {1000 * taken:.1f} ms"
                for losses, taken in found.values()
            )
            print(f"| {name} | {k} | {' | '.join(cells)} |")


def _losses(costs: Float32, k: int, start: object) -> tuple[npt.NDArray[np.float64], float]:
    """Return the losses of 10 seeds of 10 starts, and the mean seconds of a search."""
    weights = np.ones(len(costs))
    losses, spent = np.empty((SEEDS, STARTS)), 0.0
    for seed in range(SEEDS):
        for number in range(STARTS):
            medoids = start(costs, k, np.random.default_rng([seed, number]))  # type: ignore[operator]
            taken, medoids = seconds(lambda begin=medoids: swap_search(costs, weights, begin))
            spent += taken
            losses[seed, number] = costs[medoids].min(axis=0).sum(dtype=np.float64)
    return losses, spent / losses.size


if __name__ == "__main__":
    main()
