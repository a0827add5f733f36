"""Whole processes: start-up, the main job, ten years, memory, first run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.days import as_series, modelled_days
from benchmarks.timing import peak_memory, process_seconds, seconds
from benchmarks.tsam_script import representatives
from scenred import generate, read_input

ROOT = Path(__file__).parent.parent
SAMPLE = str(ROOT / "data" / "sample" / "wind_pv_year.csv")
COLUMNS = ["wind_greensboro", "pv_greensboro"]
PYTHON = sys.executable
SCENRED = str(Path(PYTHON).with_name("scenred"))
GENERATE = [SCENRED, "generate", SAMPLE, "-k", "10", "--starts", "10"]
CHOSEN = [word for column in COLUMNS for word in ("--column", column)]


def main() -> None:
    """Print the tables of docs/performance.md that are about processes."""
    start_up()
    against_tsam()
    large()
    first_run()


def start_up() -> None:
    """Compare whole processes with the imports they cannot do without."""
    names = [
        "generate, sample year",
        "import numpy, pandas, numba",
        "generate --help",
        "usage error",
        "import typer",
    ]
    medians = process_seconds(
        [
            [*GENERATE, *CHOSEN],
            [PYTHON, "-c", "import numpy, pandas, numba"],
            [SCENRED, "generate", "--help"],
            [SCENRED, "generate", "--no-such-flag"],
            [PYTHON, "-c", "import typer"],
        ]
    )
    print("| process | median seconds of 11 |\n|---|---|")
    for name, median in zip(names, medians, strict=True):
        print(f"| {name} | {median:.3f} |")
    main_job, imports, help_text, usage, typer = medians
    print(
        f"\nRatios: main job {main_job / imports:.2f}, help {help_text / typer:.2f}, usage error {usage / typer:.2f}.\n"
    )


def against_tsam() -> None:
    """Compare the main job with tsam: seconds, and W1 of both results under both ground metrics."""
    script = str(ROOT / "benchmarks" / "tsam_script.py")
    ours, theirs = process_seconds([[*GENERATE, *CHOSEN], [PYTHON, script, SAMPLE, *COLUMNS]])
    days, _ = representatives(SAMPLE, COLUMNS)
    kept = days.to_numpy().reshape(10, 24, 2)
    print("| side | median seconds of 11 | W1 duration | W1 pointwise |\n|---|---|---|---|")
    print(f"| tsam 4 hierarchical, medoids | {theirs:.3f} | {_losses(kept)} |")
    for metric in ("duration", "pointwise", "sliced"):
        reduced = generate(SAMPLE, 10, columns=COLUMNS, metric=metric).scenarios.values  # type: ignore[arg-type]
        print(f"| scenred, metric {metric} | {f'{ours:.3f}' if metric == 'sliced' else ''} | {_losses(reduced)} |")
    print(f"\nTime: {ours / theirs:.2f} of tsam's.\n")


def _losses(kept: np.ndarray) -> str:
    """Return W1 between the sample year and a kept set with the best probabilities, duration and pointwise."""
    original = read_input(SAMPLE, columns=COLUMNS).values
    tops = original.max(axis=(0, 1))
    losses = []
    for first, second in (
        (np.sort(original / tops, axis=1), np.sort(kept / tops, axis=1)),
        (original / tops, kept / tops),
    ):
        distances = np.abs(first[:, None] - second[None]).sum(axis=3).mean(axis=2)
        losses.append(f"{distances.min(axis=1).mean():.4f}")
    return " | ".join(losses)


def large() -> None:
    """Measure ten years end to end, and the memory at 10,000 scenarios."""
    with tempfile.TemporaryDirectory() as folder:
        years, many = Path(folder) / "years.csv", Path(folder) / "many.csv"
        as_series(modelled_days(3_650, 0)).to_csv(years, index=False)
        as_series(modelled_days(10_000, 0)).to_csv(many, index=False)
        ten_years = [SCENRED, "generate", str(years), "-k", "20", "--starts", "10"]
        (taken,) = process_seconds([ten_years], runs=5)
        memory = peak_memory([SCENRED, "generate", str(many), "-k", "50", "--starts", "2"])
        empty = peak_memory([PYTHON, "-c", "import numpy, pandas, numba"])
    print(f"Ten years of days (3,650 x 24 x 2, k = 20, 10 starts), file to table: {taken:.2f} s.\n")
    print(
        f"Peak memory at 10,000 x 24 x 2, k = 50: {memory:.0f} MB, of which the float32 matrix is 381 MB "
        f"and `import numpy, pandas, numba` alone {empty:.0f} MB.\n"
    )


def first_run() -> None:
    """Measure the first run on a machine, which compiles."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
        command = [*GENERATE, *CHOSEN]
        taken, _ = seconds(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=True))
    print(f"First run on a machine (compiles the kernels): {taken:.1f} s.")


if __name__ == "__main__":
    main()
