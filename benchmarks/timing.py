"""Wall clock of calls and processes, side by side."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """Time one call; give seconds and result."""
    begin = time.perf_counter()
    result = call()
    return time.perf_counter() - begin, result


def process_seconds(commands: Sequence[Sequence[str]], runs: int = 11) -> list[float]:
    """Time whole processes in turn, after one run of each that is not counted; give medians."""
    taken: list[list[float]] = [[] for _ in commands]
    for run in range(runs + 1):
        for command, times in zip(commands, taken, strict=True):
            begin = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            if run:
                times.append(time.perf_counter() - begin)
    return [statistics.median(times) for times in taken]


def peak_memory(command: Sequence[str]) -> float:
    """Run a process and give its peak resident memory in MB of 2**20 bytes (Linux counts kilobytes).

    A small interpreter stands between: a child begins with the peak of the process it was forked from.
    """
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    printed = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    return int(printed.stdout) / (1 << 20 if platform.system() == "Darwin" else 1 << 10)


def hardware() -> str:
    """Describe processor, number of cores and system."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = lines[0].split(":")[1].strip() if lines else cpu
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}"


def machine() -> str:
    """Describe this machine and the versions that matter."""
    names = ("numpy", "scipy", "pandas", "numba", "kmedoids", "tsam")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{hardware()}; Python {platform.python_version()}, {versions}"
