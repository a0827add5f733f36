"""Swap search against `kmedoids.fasterpam`: the same float32 matrix, the same random start."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from benchmarks.days import modelled_days
from benchmarks.timing import seconds
from scenred.kernels.kmedoids import swap_search
from scenred.kernels.pairwise import pairwise_costs

Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]


def main() -> None:
    """Print one row per size: mean seconds over two data sets and five starts, and how much higher our loss is."""
    head = ["scenarios", "k", "`kmedoids` n_cpu=1", "n_cpu=2", "scenred, 1 thread", "times faster"]
    print(f"| {' | '.join(head)} | our loss against n_cpu=1 | against n_cpu=2 |")
    print("|---|---|---|---|---|---|---|---|")
    for n, k in ((2_000, 10), (10_000, 50)):
        rows = []
        for data_seed in range(2):
            costs = pairwise_costs(modelled_days(n, data_seed), 1.0)
            starts = (np.random.default_rng(seed).choice(n, k, replace=False) for seed in range(5))
            rows += [_race(costs, start) for start in starts]
        one, two, ours, above, above_parallel = np.mean(rows, axis=0)
        print(
            f"| {n:,} | {k} | {one:.4f} s | {two:.4f} s | {ours:.4f} s | {min(one, two) / ours:.1f} "
            f"| {above:+.3%} | {above_parallel:+.3%} |"
        )


def _race(costs: Float32, start: Int64) -> list[float]:
    """Return seconds of kmedoids with one and two threads and of scenred, and our loss relative to both."""
    import kmedoids

    def loss(medoids: object) -> float:
        return float(costs[np.asarray(medoids, dtype=np.int64)].min(axis=0).sum(dtype=np.float64))

    one, single = seconds(lambda: kmedoids.fasterpam(costs, start.astype(np.uint64), n_cpu=1))
    two, parallel = seconds(lambda: kmedoids.fasterpam(costs, start.astype(np.uint64), n_cpu=2))
    ours, medoids = seconds(lambda: swap_search(costs, np.ones(len(costs)), start))
    reached = loss(medoids)
    return [one, two, ours, reached / loss(single.medoids) - 1, reached / loss(parallel.medoids) - 1]


if __name__ == "__main__":
    main()
