"""The same input gives the same bytes with any number of threads, of processors, and any kernel of the BLAS.

The number of threads and the type of processor are set for the libraries in processes of their own. What the C library
computes (logarithms, powers) also depends on the processor; that cannot be set here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import json, sys
from scenred.cli.app import run
for line in json.load(sys.stdin):
    assert run(line.split()) == 0, line
"""
QUICK = [
    "generate month.csv -k 5 --preserve mean:wind_miami,pv_miami -o scenarios.csv --map map.csv -q",
    "evaluate scenarios.csv month.csv --json -o card.json -q",
    "evaluate scenarios.csv month.csv --plan --json -o plan.json -q",
    "compare month.csv -k 3 --method kmedoids --method kmeans -o table.csv -q",
]
ALL = [
    "generate month.csv -k 5 --metric wasserstein --preserve mean:wind_miami,pv_miami -o w.csv --map w_map.csv -q",
    "generate month.csv -k 4 --method exact --equal-probabilities --order 2 -o e.csv --map e_map.csv -q",
    "generate month.csv -k 6 --metric pointwise --order 1.5 --keep min:wind_miami -o p.csv --map p_map.csv -q",
    "curve month.csv --max 8 -o curve.csv -q",
    "evaluate scenarios.csv month.csv --metric wasserstein --order 2 --json -o card_2.json -q",
    "evaluate scenarios.csv month.csv --metric duration --json -o card_duration.json -q",
    "compare month.csv -k 5 --method kmedoids --method exact --method forward --method backward "
    "--method alternating --method random --method kmeans --plan --metric sliced --metric duration -o all.csv -q",
    "sample next.csv --history past.csv -n 40 --margins empirical -o empirical.csv -q",
    "sample next.csv --history past.csv -n 40 -o sample.csv -q",
    "sample next.csv --history past.csv -n 40 --dependence schaake --margins beta -o schaake.csv -q",
    "backtest past.csv --days 3 -n 20 -k 4 -o backtest.csv -q",
    "quantize --distribution beta:2,5 -n 7 -o beta.csv -q",
    "quantize --distribution weibull_min:2,0,8 -n 5 --order 1.5 -o weibull.csv -q",
]
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
MACHINES: dict[str, dict[str, str]] = {
    "four threads": {"OPENBLAS_NUM_THREADS": "4", "OMP_NUM_THREADS": "4"},
    "two threads": {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"},
    "Haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "Prescott": {"OPENBLAS_CORETYPE": "Prescott"},
    "Prescott, four threads": {"OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_NUM_THREADS": "4", "OMP_NUM_THREADS": "4"},
    "SkylakeX": {"OPENBLAS_CORETYPE": "SkylakeX"},
}


@pytest.fixture
def inputs(sample_path: Path, tmp_path: Path) -> Path:
    rows = sample_path.read_text().splitlines()
    (tmp_path / "month.csv").write_text("\n".join(rows[: 1 + 30 * 24]) + "\n")
    past = (sample_path.parent / "forecast_actual.csv").read_text().splitlines()
    (tmp_path / "past.csv").write_text("\n".join(past[: 1 + 60 * 24]) + "\n")
    names = past[0].split(",")
    forecasts = [place for place, name in enumerate(names) if name == "time" or name.endswith("_forecast")]
    day = [row.split(",") for row in past[1 + 60 * 24 : 1 + 61 * 24]]
    chosen = [[names[place].replace("_forecast", "") for place in forecasts], *([r[p] for p in forecasts] for r in day)]
    (tmp_path / "next.csv").write_text("\n".join(map(",".join, chosen)) + "\n")
    return tmp_path


def written(inputs: Path, name: str, lines: list[str], machine: dict[str, str]) -> dict[str, Any]:
    """Return what the commands write on such a machine, by file; documents without what tells when they were made."""
    folder = inputs / name.replace(", ", "_").replace(" ", "_")
    folder.mkdir()
    for path in inputs.glob("*.csv"):
        shutil.copy(path, folder)
    given = {path.name for path in folder.iterdir()}
    kept = {key: value for key, value in os.environ.items() if key not in ONE_THREAD and key != "OPENBLAS_CORETYPE"}
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        input=json.dumps(lines),
        env={**kept, "PYTHONPATH": os.pathsep.join(sys.path), **machine},
        cwd=folder,
        text=True,
        check=True,
    )
    found: dict[str, Any] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".json":
            document = json.loads(path.read_text())
            found[path.name] = {key: value for key, value in document.items() if key not in ("created", "versions")}
        elif path.name not in given:
            found[path.name] = path.read_bytes()
    return found


def check_same(inputs: Path, lines: list[str], machines: list[str]) -> None:
    one = written(inputs, "one thread", lines, ONE_THREAD)
    for name in machines:
        other = written(inputs, name, lines, MACHINES[name])
        assert other.keys() == one.keys()
        differ = [file for file in one if one[file] != other[file]]
        assert not differ, f"{name}: {differ}"


def test_threads_and_the_kernels_of_the_blas_change_no_byte(inputs: Path) -> None:
    check_same(inputs, QUICK, ["Prescott, four threads"])


@pytest.mark.slow
def test_no_command_depends_on_the_machine(inputs: Path) -> None:
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    wanted = {"SkylakeX": "avx512f", "Haswell": "avx2"}
    check_same(inputs, QUICK + ALL, [name for name in MACHINES if wanted.get(name, "") in flags])
