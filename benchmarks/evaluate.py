"""`scenred evaluate` as a whole process: a year of days, and 50,000 scenarios."""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.days import Float64, as_series, modelled_days
from benchmarks.timing import peak_memory, seconds
from scenred import Column, ScenarioSet

CASES = ((365, 10), (50_000, 10), (50_000, 50))


def reduced_table(days: Float64, k: int) -> ScenarioSet:
    """Draw k days, equally likely."""
    rows = np.sort(np.random.default_rng(1).choice(len(days), k, replace=False))
    values = days[rows].reshape(k, 2, 24).transpose(0, 2, 1)
    return ScenarioSet((Column("wind", "wind"), Column("pv", "pv")), values, np.full(k, 1 / k))


def main() -> None:
    """Print one row a size: wall clock of one process after a first that is not counted, and peak memory."""
    print("| original | scenarios | seconds | MB |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for n, k in CASES:
            days = modelled_days(n, 0)
            original, scenarios = Path(folder) / f"{n}.csv", Path(folder) / f"{n}_{k}.csv"
            as_series(days).to_csv(original, index=False)
            reduced_table(days, k).to_frame().to_csv(scenarios, index=False)
            command = [sys.executable, "-m", "scenred", "evaluate", str(scenarios), str(original)]
            if n == CASES[0][0]:
                peak_memory(command)
            taken, memory = seconds(partial(peak_memory, command))
            print(f"| {n:,} | {k} | {taken:.1f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
