"""Sizes that take more than a few seconds; run by make test-slow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import generate

pytestmark = pytest.mark.slow


def years(n_days: int) -> pd.DataFrame:
    generator = np.random.default_rng(0)
    values = generator.random((n_days, 1, 2)) * generator.random((n_days, 24, 2))
    times = pd.date_range("2000-01-01", periods=24 * n_days, freq="h")
    return pd.DataFrame(values.reshape(-1, 2), index=times, columns=["wind", "pv"])


def test_six_thousand_days_are_the_same_on_any_number_of_threads() -> None:
    frame = years(6_000)

    runs = [generate(frame, 30, n_starts=4, n_threads=threads) for threads in (1, 2, 5)]

    assert len({run.medoids.tobytes() + run.distances.tobytes() for run in runs}) == 1


@pytest.mark.parametrize(
    ("choice", "beside"),
    [
        ("--metric duration --no-bound", 0),
        ("--metric sliced --no-bound", 59),  # the points of 32 directions
        ("--metric sliced", 59 + 64),  # and the pairs that the certificate looks at
    ],
)
def test_ten_thousand_days_need_the_matrix_and_little_more(tmp_path: Path, choice: str, beside: int) -> None:
    path = tmp_path / "years.csv"
    years(10_000).round(4).to_csv(path, index_label="time")
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    flags = ["-k", "50", "--starts", "2", *choice.split()]
    command = [sys.executable, "-m", "scenred", "generate", str(path), *flags]

    printed = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)

    libraries = subprocess.run(
        [sys.executable, "-c", code, sys.executable, "-c", "import numpy, pandas, numba"],
        capture_output=True,
        text=True,
        check=True,
    )
    if sys.platform == "linux":
        # MiB: the matrix, libraries (more where pandas finds pyarrow), code, and what else there is
        assert int(printed.stdout) / 1024 < 381 + int(libraries.stdout) / 1024 + 109 + beside


def test_fifty_thousand_scenarios_are_scored_without_a_matrix(tmp_path: Path) -> None:
    original, kept = tmp_path / "years.csv", tmp_path / "kept.csv"
    frame = years(50_000).round(4)
    frame.to_csv(original, index_label="time")
    generate(frame.iloc[: 24 * 365], 20, n_starts=2).to_frame().to_csv(kept, index=False)
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-m", "scenred", "evaluate", str(kept), str(original), "--json"]

    printed = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)

    if sys.platform == "linux":
        assert int(printed.stdout) / 1024 < 2_000  # MiB; the matrix alone would be 9,500


@pytest.mark.parametrize(("form", "mark", "decimal"), [("%Y-%m-%d %H:%M", ",", "."), ("%d.%m.%Y %H:%M", ";", ",")])
def test_fifty_years_of_quarter_hours_are_read_and_cut(tmp_path: Path, form: str, mark: str, decimal: str) -> None:
    path = tmp_path / "years.csv"
    times = pd.date_range("1970-01-01", "2020-01-01", freq="15min", inclusive="left")
    values = np.random.default_rng(0).random((len(times), 20)).round(4)
    frame = pd.DataFrame(values, columns=[f"wind_{number}" for number in range(20)])
    frame.insert(0, "time", times.strftime(form))
    frame.to_csv(path, index=False, sep=mark, decimal=decimal)
    code = (
        "import resource, sys, scenred; print(scenred.read_input(sys.argv[1]).n_scenarios); "
        "usage = resource.getrusage(resource.RUSAGE_SELF); print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    ).stdout.split()

    assert int(printed[0]) == 18_262
    assert float(printed[1]) < 20  # seconds of work
    if sys.platform == "linux":
        assert int(printed[2]) / 1024 < 2_000  # MiB
