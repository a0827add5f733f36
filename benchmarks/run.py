"""Run every measurement of docs/performance.md and print its tables."""

from __future__ import annotations

from benchmarks import distances, evaluate, ground_metrics, initialisers, processes, reduction, swap
from benchmarks.timing import machine
from scenred.api.generate import compile_kernels


def main() -> None:
    """Print the machine and all tables."""
    compile_kernels()
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
