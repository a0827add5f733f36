"""Distance matrix against scipy: 8,000 scenarios of 48 values, L1."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist, pdist

from benchmarks.days import modelled_days
from benchmarks.timing import seconds
from scenred.kernels.pairwise import pairwise_costs


def main() -> None:
    """Print one row per side: the best of three runs, and the largest relative difference."""
    days = modelled_days(8_000, 0)
    sides = {
        "`scipy` cdist": lambda: cdist(days, days, "cityblock"),
        "`scipy` pdist (half the pairs)": lambda: pdist(days, "cityblock"),
        "scenred, 1 thread": lambda: pairwise_costs(days, 1.0, n_threads=1),
        "scenred, 2 threads": lambda: pairwise_costs(days, 1.0, n_threads=2),
    }
    taken = {name: min(seconds(call)[0] for _ in range(3)) for name, call in sides.items()}
    expected, ours = cdist(days, days, "cityblock"), pairwise_costs(days, 1.0)
    difference = np.max(np.abs(ours - expected) / np.maximum(expected, 1e-12))
    fastest = taken["scenred, 2 threads"]
    print("| side | seconds | times ours (2 threads) |")
    print("|---|---|---|")
    for name, best in taken.items():
        print(f"| {name} | {best:.3f} | {best / fastest:.1f} |")
    print(f"\nLargest relative difference from cdist: {difference:.1e} (float32 storage).")


if __name__ == "__main__":
    main()
