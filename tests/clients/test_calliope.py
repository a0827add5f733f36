"""Calliope 0.7 cuts its own series by the exported dates, as docs/export.md says, and finds the optimum of the days.

Calliope needs other versions of its libraries than scenred's, so it may live in an environment of its own:
`SCENRED_CALLIOPE` names its Python, as `make test-clients` does.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_array

from scenred import Reduction, export, generate

PYTHON = os.environ.get("SCENRED_CALLIOPE") or (sys.executable if importlib.util.find_spec("calliope") else None)
BUILD = {"wind": 110_000.0, "pv": 50_000.0, "gas": 60_000.0}
RUN = {"wind": 0.0, "pv": 0.0, "gas": 90.0}
MODEL = """\
import: [days.yaml]
config:
  init:
    name: expansion
  build:
    backend: highs
  solve:
    solver: highs
data_definitions:
  objective_cost_weights: {data: 1, index: monetary, dims: costs}
  cost_depreciation_rate: {data: 1, index: monetary, dims: costs}
data_tables:
  series:
    table: series.csv
    rows: timesteps
    columns: [techs, inputs]
    add_dims: {nodes: bus}
techs:
  wind:
    base_tech: supply
    carrier_out: power
    source_unit: per_cap
    flow_cap_max: .inf
    lifetime: 1
    cost_flow_cap: {data: 110000, index: monetary, dims: costs}
  pv:
    base_tech: supply
    carrier_out: power
    source_unit: per_cap
    flow_cap_max: .inf
    lifetime: 1
    cost_flow_cap: {data: 50000, index: monetary, dims: costs}
  gas:
    base_tech: supply
    carrier_out: power
    flow_cap_max: .inf
    lifetime: 1
    cost_flow_cap: {data: 60000, index: monetary, dims: costs}
    cost_flow_out: {data: 90, index: monetary, dims: costs}
  load:
    base_tech: demand
    carrier_in: power
nodes:
  bus:
    techs: {wind: , pv: , gas: , load: }
"""
# Run by the Python that has Calliope.
SCRIPT = """
import json, sys, calliope
model = calliope.read_yaml(sys.argv[1])
model.build()
model.solve()
hours = model.inputs.timestep_weights * model.inputs.timestep_resolution
built = {tech: float(cap) for (_, tech, _), cap in model.results.flow_cap.to_series().dropna().items()}
print()
print(json.dumps({"cost": float(model.results.cost.sum()), "hours": float(hours.sum()), "built": built}))
"""
pytestmark = [
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(PYTHON is None, reason="Calliope is not installed, and SCENRED_CALLIOPE names no Python"),
]


@pytest.fixture(scope="module", params=[1, 2], ids=["one year", "two years"])
def year(request: pytest.FixtureRequest) -> pd.DataFrame:
    """Return wind, PV and load of the sample year, or of that and another."""
    sample = Path(__file__).parents[2] / "data" / "sample" / "wind_pv_year.csv"
    frame = pd.read_csv(sample, usecols=["time", "wind_greensboro", "pv_greensboro"])
    frame.columns = pd.Index(["time", "wind", "pv"])
    hour = np.arange(len(frame))
    frame["load"] = 1000 + 150 * np.sin(hour * np.pi / 12) + 100 * np.cos(hour * np.pi / 4380)
    frame.index = pd.DatetimeIndex(pd.to_datetime(frame.pop("time").str[:16]))
    if request.param == 1:
        return frame
    next_year = frame.assign(wind=frame["wind"].to_numpy()[::-1]).set_axis(frame.index + pd.Timedelta("365D"))
    return pd.concat([frame, next_year])[: 24 * 730]


@pytest.fixture(scope="module")
def reduction(year: pd.DataFrame) -> Reduction:
    return generate(year, 3, capacity={"load": 1250.0}, n_starts=2, bound=False)


@pytest.fixture(scope="module")
def found(year: pd.DataFrame, reduction: Reduction, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what Calliope finds from its own series, our dates, and the lines of our page."""
    folder = tmp_path_factory.mktemp("calliope")
    page = (Path(__file__).parents[2] / "docs" / "export.md").read_text()
    (folder / "days.yaml").write_text(dedent(page.split("```yaml\n")[1].split("```")[0]))
    (folder / "model.yaml").write_text(MODEL)
    export(reduction, "calliope", folder / "days.csv")
    inputs = {"wind": "source_use_max", "pv": "source_use_max", "load": "sink_use_equals"}
    head = [("techs", *inputs), ("inputs", *inputs.values()), ("timesteps", "", "", "")]
    rows = year[list(inputs)].to_csv(header=False, date_format="%Y-%m-%d %H:%M")
    (folder / "series.csv").write_text("\n".join([*(",".join(line) for line in head), rows]))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    words = [str(PYTHON), "-W", "ignore", "-c", SCRIPT, str(folder / "model.yaml")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def optimum(reduction: Reduction) -> tuple[float, dict[str, float]]:
    """Build at least cost of a year for the scenarios, over one year."""
    scenarios, units = reduction.scenarios, list(BUILD)
    n, t, _ = scenarios.values.shape
    values = {name: scenarios.values[:, :, number] for number, name in enumerate(scenarios.names)}
    costs = np.concatenate([list(BUILD.values()), np.zeros(n * t * 3)])
    limits, balances = lil_array((n * t * 3, len(costs))), lil_array((n * t, len(costs)))
    for row in range(n * t):
        scenario, step = divmod(row, t)
        for number, unit in enumerate(units):
            column = 3 + 3 * row + number
            costs[column] = scenarios.probabilities[scenario] * 365 * RUN[unit]
            limits[3 * row + number, column] = 1
            limits[3 * row + number, number] = -(values[unit][scenario, step] if unit in values else 1)
            balances[row, column] = 1
    best = linprog(costs, limits.tocsr(), np.zeros(n * t * 3), balances.tocsr(), values["load"].ravel())
    return float(best.fun), dict(zip(units, map(float, best.x[:3]), strict=True))


def test_calliope_finds_the_optimum_of_the_days(
    found: dict[str, Any], year: pd.DataFrame, reduction: Reduction
) -> None:
    cost, built = optimum(reduction)

    assert found["hours"] == len(year)  # which it counts itself
    assert found["cost"] == pytest.approx(cost * len(year) / 8760, rel=1e-6)
    assert {unit: found["built"][unit] for unit in built} == pytest.approx(built, rel=1e-6)
