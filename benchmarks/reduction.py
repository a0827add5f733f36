"""The certificate and the exact optimum: real years, published instances, tsam's exact k-medoids, forward selection."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial.distance import cdist

from benchmarks.days import modelled_days
from benchmarks.ground_metrics import modelled
from benchmarks.real_sets import SHARED, rts_gmlc
from benchmarks.timing import peak_memory, seconds
from scenred import Column, DistanceMatrix, GroundMetric, ScenarioSet, pairwise_distances, reduce
from scenred.kernels.greedy import forward_selection
from scenred.kernels.pairwise import pairwise_costs

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

SIZES = (5, 10, 20, 30)


def main() -> None:
    """Print the tables of docs/performance.md that are about the certificate."""
    real_year()
    instances()
    ten_years()
    against_forward_loop()
    against_tsam()


def real_year() -> None:
    """Reduce a leap year by every metric, by default and to the proven optimum; time after the distances."""
    print("| metric | k | default: gap | seconds | exact: gap | seconds |\n|---|---|---|---|---|---|")
    days = rts_gmlc()
    for metric in ("pointwise", "duration", "sliced", "wasserstein"):
        distances = pairwise_distances(days, metric)  # type: ignore[arg-type]
        for k in SIZES:
            taken, found = seconds(lambda d=distances, k=k: reduce(days, d, k))
            longer, best = seconds(lambda d=distances, k=k: reduce(days, d, k, method="exact"))
            print(f"| {metric} | {k} | {found.gap:.1e} | {taken:.2f} | {best.gap:.1e} | {longer:.2f} |")
    code = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "from benchmarks.real_sets import rts_gmlc\nfrom scenred import generate\n"
        "generate(rts_gmlc(), 20, method='exact')"
    )
    print(f"\nPeak memory of a process that proves k = 20: {peak_memory([sys.executable, '-c', code]):.0f} MiB.\n")


def instances() -> None:
    """Solve pmed1 to pmed10 by the command."""
    files = sorted(str(path) for path in (SHARED / "data" / "pmed").glob("pmed[0-9]*.txt"))
    command = [sys.executable, "-m", "scenred", "selftest", "--pmed", *files]
    taken, done = seconds(lambda: subprocess.run(command, capture_output=True, text=True, check=True))
    proven = sum(line.split()[-3] == "0" for line in done.stdout.splitlines()[1:])
    print(f"pmed1 to pmed10: {proven} of {len(files)} proven optimal, whole process {taken:.1f} s.\n")


def ten_years() -> None:
    """Reduce 3,650 days to 20, after the distances."""
    days = modelled(3_650)
    for metric in ("pointwise", "sliced"):
        distances = pairwise_distances(days, metric)  # type: ignore[arg-type]
        taken, found = seconds(lambda d=distances: reduce(days, d, 20))
        print(f"3,650 days, k = 20, {metric}: gap {found.gap:.2%} in {taken:.1f} s.")
    print()


def against_forward_loop() -> None:
    """Select 50 of 10,000 forward, the matrix given, next to the plain NumPy loop."""
    costs = pairwise_costs(modelled_days(10_000, 0), 1.0)
    weights = np.full(10_000, 1e-4)
    first = np.array([int(np.argmin(costs.mean(axis=1)))])
    ours, medoids = seconds(lambda: forward_selection(costs, weights, first, 50))
    plain, chosen = seconds(lambda: _plain_forward(costs, 50))
    print(
        f"Forward selection, N = 10,000, k = 50: NumPy loop {plain:.1f} s, scenred {ours:.2f} s, "
        f"{plain / ours:.0f} times faster, same choice: {sorted(medoids.tolist()) == sorted(chosen)}.\n"
    )


def _plain_forward(costs: npt.NDArray[np.float32], k: int) -> list[int]:
    current = np.full(len(costs), np.inf, dtype=np.float32)
    chosen: list[int] = []
    for _ in range(k):
        losses = np.minimum(costs, current[:, None]).mean(0, dtype=np.float64)
        chosen.append(int(np.argmin(losses)))
        current = np.minimum(current, costs[:, chosen[-1]])
    return chosen


def against_tsam() -> None:
    """Prove k = 10 on tsam's own test year, 365 x 48, next to tsam's exact k-medoids (HiGHS)."""
    from tsam.algorithms.k_medoids_exact import ExactKMedoids

    table = pd.read_csv(SHARED / "data" / "tsam" / "testdata.csv")[["GHI", "Wind"]].to_numpy()
    scaled = (table - table.min(axis=0)) / (table.max(axis=0) - table.min(axis=0))
    points = scaled.reshape(365, 24, 2).transpose(0, 2, 1).reshape(365, 48)

    def ours() -> Any:
        costs = cdist(points, points).astype(np.float32)
        days = ScenarioSet((Column("day"),), np.arange(365.0).reshape(365, 1, 1), np.full(365, 1 / 365))
        return reduce(days, DistanceMatrix(costs, GroundMetric("precomputed", 1.0)), 10, method="exact")

    ours()
    taken, found = seconds(ours)
    longer, peer = seconds(lambda: ExactKMedoids(n_clusters=10).fit(points))
    medoids = np.array([int(np.argmin(cdist(points, centre[None]))) for centre in peer.cluster_centers_])
    theirs = cdist(points, points[medoids]).min(axis=1).mean()
    print(
        f"365 x 48, k = 10, Euclidean: tsam's exact k-medoids {longer:.1f} s (cost {theirs:.8f}), scenred "
        f"{taken:.3f} s with the distances (cost {found.cost:.8f}, proven: {found.is_optimal}), "
        f"{longer / taken:.0f} times faster.\n"
    )


if __name__ == "__main__":
    main()
