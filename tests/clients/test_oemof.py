"""oemof.solph finds the optimum of the scenarios over one year, however many days they come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_array

from scenred import ScenarioSet, export, generate

BUILD = {"wind": 110_000.0, "pv": 50_000.0, "gas": 60_000.0}
RUN = {"wind": 0.0, "pv": 0.0, "gas": 90.0}
pytestmark = pytest.mark.filterwarnings("ignore")


def series(n_days: int) -> pd.DataFrame:
    """Return wind, PV and load of so many days, by rule."""
    hour = np.arange(24 * n_days)
    draw = np.random.default_rng(2).random((24 * n_days, 2)).round(4)
    wind = (0.35 + 0.25 * np.cos(hour * np.pi / 4380) + 0.4 * draw[:, 0]).clip(0, 1)
    sun = np.clip(np.sin((hour % 24 - 6) / 12 * np.pi), 0, None) * draw[:, 1]
    load = 1000 + 100 * np.cos(hour * np.pi / 4380)
    index = pd.date_range("2022-01-01", periods=24 * n_days, freq="h")
    return pd.DataFrame({"wind": wind.round(4), "pv": sun.round(4), "load": load.round(1)}, index=index)


def solved(content: dict[str, Any]) -> float:
    """Solve the expansion in oemof, from the export alone."""
    solph = pytest.importorskip("oemof.solph", reason="the group clients is not installed (oemof.solph)")
    pytest.importorskip("highspy", reason="the group clients is not installed (highspy)")
    step = pd.Timedelta(hours=content["hours_per_timestep"])
    system = solph.EnergySystem(
        timeindex=pd.date_range("2030-01-01", periods=len(content["objective_weighting"]) + 1, freq=step),
        infer_last_interval=False,
        tsa_parameters={key: content[key] for key in ("timesteps_per_period", "order")},
    )
    bus, parts = solph.Bus("bus"), solph.components
    system.add(bus)
    for name, cost in BUILD.items():
        limit = {"max": content["profiles"][name]} if name in content["profiles"] else {}
        built = solph.Investment(ep_costs=cost)
        flow = solph.Flow(nominal_capacity=built, variable_costs=RUN[name], **limit)
        system.add(parts.Source(name, outputs={bus: flow}))
    demand = solph.Flow(nominal_capacity=1, fix=content["profiles"]["load"])
    system.add(parts.Sink("load", inputs={bus: demand}))
    model = solph.Model(system, objective_weighting=content["objective_weighting"])
    model.solve(solver="highs")
    occurrences = {str(key): count for key, count in system.tsa_parameters[0]["occurrences"].items()}
    assert occurrences == content["occurrences"]
    return float(model.objective())


def optimum(scenarios: ScenarioSet) -> float:
    """Build at least cost for the scenarios, over one year."""
    units = list(BUILD)
    n, t, _ = scenarios.values.shape
    values = {name: scenarios.values[:, :, number] for number, name in enumerate(scenarios.names)}
    costs = np.concatenate([list(BUILD.values()), np.zeros(n * t * 3)])
    limits, balances = lil_array((n * t * 3, len(costs))), lil_array((n * t, len(costs)))
    for row in range(n * t):
        scenario, step = divmod(row, t)
        for number, unit in enumerate(units):
            column = 3 + 3 * row + number
            costs[column] = scenarios.probabilities[scenario] * 8760 / t * RUN[unit]
            limits[3 * row + number, column] = 1
            limits[3 * row + number, number] = -(values[unit][scenario, step] if unit in values else 1)
            balances[row, column] = 1
    found = linprog(costs, limits.tocsr(), np.zeros(n * t * 3), balances.tocsr(), values["load"].ravel())
    return float(found.fun)


@pytest.mark.parametrize("n_days", [365, 730, 90])
def test_oemof_finds_the_optimum_of_one_year(n_days: int, tmp_path: Path) -> None:
    reduction = generate(series(n_days), 3, metric="pointwise", n_starts=1, bound=False)
    export(reduction, "oemof", tmp_path / "days.json")

    found = solved(json.loads((tmp_path / "days.json").read_text()))

    assert found == pytest.approx(optimum(reduction.scenarios), rel=1e-6)
