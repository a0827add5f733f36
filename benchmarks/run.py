"""Run every measurement of docs/performance.md and print its tables."""

from __future__ import annotations

from benchmarks import distances, evaluate, ground_metrics, initialisers, processes, reduction, swap
from benchmarks.real_sets import sample_year
from benchmarks.timing import machine
from scenred import generate


def main() -> None:
    """Print the machine and all tables."""
    generate(sample_year(), 3)  # compiles the kernels
    print(f"Machine: {machine()}\n")
    for title, part in (
        ("Swap search", swap.main),
        ("Distance matrix", distances.main),
        ("Ground metrics", ground_metrics.main),
        ("Certificate and exact optimum", reduction.main),
        ("Starts of the search", initialisers.main),
        ("Processes", processes.main),
        ("Scorecards", evaluate.main),
    ):
        print(f"## {title}\n")
        part()
        print()


if __name__ == "__main__":
    main()
