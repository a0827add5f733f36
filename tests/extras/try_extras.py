"""Install every extra alone in a new environment, and use it once for what it is there for.

Run `make test-extras`, or `python tests/extras/try_extras.py NAME ...`. Needs Python only; pip fetches the rest.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("src", "tests", "benchmarks", "data", "docs", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")

GENERATE = "-m scenred generate data/sample/wind_pv_year.csv -k 3 -o set.csv --map map.csv"
SOLVED = """
import pypsa, scenred
network = pypsa.Network()
network.add("Bus", "bus")
network.add("Load", "load", bus="bus", p_set=100.0)
network.add("Generator", "wind_miami", bus="bus", p_nom_extendable=True, capital_cost=110_000)
network.add("Generator", "gas", bus="bus", p_nom_extendable=True, capital_cost=60_000, marginal_cost=90)
table = scenred.generate("data/sample/wind_pv_year.csv", 3, columns=["wind_miami"])
scenred.to_pypsa(network, table).optimize(solver_name="highs")
network.export_to_netcdf("base.nc")
scenred.export(table, "pypsa-netcdf", "plan.nc", network_file="base.nc")
assert pypsa.Network("plan.nc").has_scenarios
"""
# What is run for each extra, as arguments of its own Python.
USES: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "sample": ("data/sample/make_sample.py .",),
    "parquet": (
        GENERATE,
        "-m scenred export set.csv --to parquet -o set.parquet",
        "-m scenred evaluate set.parquet data/sample/wind_pv_year.csv",
    ),
    "excel": (
        GENERATE,
        "-m scenred export set.csv --to xlsx -o set.xlsx",
        "-m scenred evaluate set.xlsx data/sample/wind_pv_year.csv",
    ),
    "netcdf": (
        GENERATE,
        "-m scenred export set.csv --to netcdf -o set.nc",
        "-m scenred evaluate set.nc data/sample/wind_pv_year.csv",
    ),
    "pypsa": (("-c", SOLVED),),
    "gdx": (GENERATE, "-m scenred export set.csv --to gdx -o set.gdx"),
    "clients": ("-m pip install --quiet pytest hypothesis", "-m pytest -q -p no:cacheprovider tests/clients"),
    "test": ("-m pytest -q -p no:cacheprovider tests/options tests/io", "-m ruff check .", "-m mypy"),
    "bench": ("-W ignore docs/pictures/metrics.py", "-c import benchmarks.run, kmedoids, tsam"),
}


def extras() -> list[str]:
    """Return the names of the extras of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["optional-dependencies"])


def try_extra(name: str, folder: Path) -> None:
    """Make an environment with one extra in a folder, and run what the extra is for in a copy of the project."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    project = folder / "project"
    project.mkdir()
    for part in COPIED:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, project / part)
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", f".[{name}]")
    for use in (install, *USES[name]):
        words = use if isinstance(use, tuple) else use.split(" ", 1) if use.startswith("-c ") else use.split()
        ran = subprocess.run([str(python), *words], cwd=project, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise SystemExit(f"{name}: {' '.join(words)} ended with {ran.returncode}\n{ran.stdout}{ran.stderr}")


def main(names: list[str]) -> None:
    """Try the extras that are named, or all."""
    for name in names or extras():
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            try_extra(name, Path(folder))
        print(f"{name}: ok, {time.monotonic() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
