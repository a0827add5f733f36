"""The same stochastic expansion problem, solved by independent tools from what scenred exports.

One bus; wind, PV and gas are built before the scenario is known, and run after. PyPSA (linopy, HiGHS) reads the
`pypsa` export, mpi-sppy (Pyomo, HiGHS) the `smps` export with a core file written here, scipy the `json` export.
"""

from __future__ import annotations

import json
import logging
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_array

from scenred import Entry, Reduction, RequestError, ScenarioSet, export, generate, to_pypsa

CAPITAL = {"wind": 110_000.0, "pv": 50_000.0, "gas": 60_000.0}
MARGINAL = {"wind": 0.0, "pv": 0.0, "gas": 90.0}
WEIGHT = 365.0  # hours of a year that a step of one day stands for
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def reduction() -> Reduction:
    """Three days of the sample year, with a load."""
    sample = Path(__file__).parents[2] / "data" / "sample" / "wind_pv_year.csv"
    year = pd.read_csv(sample, usecols=["time", "wind_greensboro", "pv_greensboro"])
    year.columns = pd.Index(["time", "wind", "pv"])
    hour = np.arange(len(year))
    year["load"] = 1000 + 150 * np.sin(hour * np.pi / 12) + 100 * np.cos(hour * np.pi / 4380)
    return generate(year, 3, capacity={"load": 1250.0})


@pytest.fixture(scope="module")
def folder(reduction: Reduction, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the tools read."""
    folder = tmp_path_factory.mktemp("exports")
    scenarios = folder / "scenarios.csv"
    scenarios.write_text(reduction.to_frame().to_csv(index=False))
    (folder / "smps").mkdir()
    entries = {
        "wind": Entry("build_wind", "avail_wind_{step}", -1.0),
        "pv": Entry("build_pv", "avail_pv_{step}", -1.0),
        "load": Entry("RHS1", "balance_{step}"),
    }
    export(scenarios, "json", folder / "set.json")
    export(scenarios, "gams", folder / "set.inc")
    export(scenarios, "pypsa", folder / "pypsa")
    export(scenarios, "smps", folder / "smps" / "plan.sto", entries=entries)
    return folder


@pytest.fixture(scope="module")
def optimum(folder: Path) -> float:
    """Solve the extensive form as one matrix, from the JSON export alone."""
    content = json.loads((folder / "set.json").read_text())
    units = list(CAPITAL)
    scenarios = content["scenarios"]
    n, t, u = len(scenarios), 24, len(units)

    def at(s: int, step: int, unit: int) -> int:
        return u + (s * t + step) * u + unit

    costs = np.zeros(u + n * t * u)
    costs[:u] = list(CAPITAL.values())
    limits, balances = lil_array((n * t * u, len(costs))), lil_array((n * t, len(costs)))
    loads = np.zeros(n * t)
    for s, scenario in enumerate(scenarios):
        for step in range(t):
            loads[s * t + step] = scenario["values"]["load"][step]
            for unit, name in enumerate(units):
                costs[at(s, step, unit)] = scenario["probability"] * WEIGHT * MARGINAL[name]
                row = (s * t + step) * u + unit
                limits[row, at(s, step, unit)] = 1
                limits[row, unit] = -(1.0 if name == "gas" else scenario["values"][name][step])
                balances[s * t + step, at(s, step, unit)] = 1
    found = linprog(
        costs,
        A_ub=limits.tocsr(),
        b_ub=np.zeros(n * t * u),
        A_eq=balances.tocsr(),
        b_eq=loads,
        method="highs",
    )
    return float(found.fun)


def network() -> Any:
    pypsa = pytest.importorskip("pypsa", minversion="1.0", reason="the group clients is not installed (pypsa)")
    pytest.importorskip("highspy", reason="the group clients is not installed (highspy)")
    logging.disable(logging.WARNING)
    bus = pypsa.Network()
    bus.add("Bus", "bus")
    bus.add("Load", "load", bus="bus")
    for name, cost in CAPITAL.items():
        bus.add(
            "Generator",
            name,
            bus="bus",
            p_nom_extendable=True,
            capital_cost=cost,
            marginal_cost=MARGINAL[name],
        )
    return bus


def solved(stochastic: Any) -> float:
    status, condition = stochastic.optimize(solver_name="highs", log_to_console=False)
    assert (status, condition) == ("ok", "optimal")
    return float(stochastic.objective)


def test_pypsa_finds_the_optimum_from_its_files(folder: Path, optimum: float) -> None:
    stochastic = network()
    tables = folder / "pypsa"
    snapshots = pd.read_csv(tables / "snapshots.csv", index_col="snapshot")
    stochastic.set_snapshots(snapshots.index)
    for column in ("objective", "stores", "generators"):
        stochastic.snapshot_weightings[column] = snapshots[column]
    weights = pd.read_csv(tables / "scenarios.csv", dtype={"scenario": str}, index_col="scenario")
    stochastic.set_scenarios(weights["weight"])
    for component, attribute in (("generators", "p_max_pu"), ("loads", "p_set")):
        series = pd.read_csv(tables / f"{component}.{attribute}.csv", header=[0, 1], index_col=0)
        series.columns = series.columns.set_names(["scenario", "name"])
        stochastic.c[component].dynamic[attribute] = series

    assert solved(stochastic) == pytest.approx(optimum, rel=1e-6)


def test_pypsa_finds_the_optimum_through_the_helper(folder: Path, optimum: float) -> None:
    stochastic = to_pypsa(network(), folder / "scenarios.csv")

    assert solved(stochastic) == pytest.approx(optimum, rel=1e-6)


def test_mpi_sppy_finds_the_optimum_from_smps(folder: Path, reduction: Reduction, optimum: float) -> None:
    for name in ("pyomo", "mpisppy", "mip", "highspy"):
        pytest.importorskip(name, reason=f"the group clients is not installed ({name})")
    from mpisppy.opt.ef import ExtensiveForm
    from mpisppy.problem_io import smps_module
    from pyomo.common.config import ConfigDict, ConfigValue

    write_core(folder / "smps", reduction.scenarios)
    choice = ConfigDict()
    choice.declare("smps_dir", ConfigValue(default=str(folder / "smps"), domain=str))
    keywords = smps_module.kw_creator(choice)

    names = smps_module.scenario_names_creator(None)
    extensive = ExtensiveForm(
        {"solver": "appsi_highs"}, names, smps_module.scenario_creator, scenario_creator_kwargs=keywords
    )
    extensive.solve_extensive_form()

    assert extensive.get_objective_value() == pytest.approx(optimum, rel=1e-6)


GAMS = """$offdigit
$include set.inc
Set unit / wind, pv, gas /;
Parameters build(unit) / wind 110000, pv 50000, gas 60000 /, run(unit) / gas 90 /, factor(scenario,step,unit);
factor(scenario,step,'gas') = 1;
factor(scenario,step,'wind') = profile(scenario,step,'wind');
factor(scenario,step,'pv') = profile(scenario,step,'pv');
Positive Variables built(unit), used(scenario,step,unit);
Variable cost;
Equations total, limit(scenario,step,unit), balance(scenario,step);
total.. cost =e= sum(unit, build(unit) * built(unit))
  + sum((scenario,step,unit), hours(scenario) / card(step) * run(unit) * used(scenario,step,unit));
limit(scenario,step,unit).. used(scenario,step,unit) =l= factor(scenario,step,unit) * built(unit);
balance(scenario,step).. sum(unit, used(scenario,step,unit)) =e= profile(scenario,step,'load');
Model expansion / all /;
Solve expansion using lp minimizing cost;
File out / optimum.txt /; out.nd = 6; out.nw = 30; Put out; Put cost.l;
"""


def test_gams_finds_the_optimum_from_its_include_file(folder: Path, optimum: float) -> None:
    base = pytest.importorskip("gamspy_base", reason="GAMS is not installed (gamspy_base)")
    (folder / "plan.gms").write_text(GAMS)

    program = Path(base.__file__).parent / "gams"
    done = subprocess.run([program, "plan.gms", "lo=3"], cwd=folder, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert float((folder / "optimum.txt").read_text()) == pytest.approx(optimum, rel=1e-6)


def write_core(folder: Path, scenarios: ScenarioSet) -> None:
    """Write the core and time files: the first scenario's problem, in MPS."""
    units, t = list(CAPITAL), 24
    rows = [f" L  avail_{name}_{step}" for step in range(t) for name in units]
    rows += [f" E  balance_{step}" for step in range(t)]
    columns = []
    values = dict(zip(scenarios.names, scenarios.values[0].T, strict=True)) | {"gas": np.ones(t)}
    for name in units:
        columns.append(f"    build_{name}  COST  {CAPITAL[name]!r}")
        # a coefficient of 0 still has its place in the core
        columns += [f"    build_{name}  avail_{name}_{step}  {-float(values[name][step])!r}" for step in range(t)]
    for step in range(t):
        for name in units:
            columns.append(f"    run_{name}_{step}  COST  {WEIGHT * MARGINAL[name]!r}")
            columns.append(f"    run_{name}_{step}  avail_{name}_{step}  1.0")
            columns.append(f"    run_{name}_{step}  balance_{step}  1.0")
    sides = [f"    RHS1  balance_{step}  {float(values['load'][step])!r}" for step in range(t)]
    text = ["NAME plan", "ROWS", " N  COST", *rows, "COLUMNS", *columns, "RHS", *sides, "ENDATA"]
    (folder / "plan.cor").write_text("\n".join(text) + "\n")
    times = [
        "TIME plan",
        "PERIODS LP",
        "    build_wind  COST  STAGE-1",
        "    run_wind_0  avail_wind_0  STAGE-2",
    ]
    (folder / "plan.tim").write_text("\n".join([*times, "ENDATA"]) + "\n")


def test_pypsa_reads_days_as_a_folder_of_its_own(reduction: Reduction, tmp_path: Path) -> None:
    days = network()
    days.export_to_csv_folder(tmp_path)
    capacity = reduction.to_frame()
    export(capacity, "pypsa", tmp_path, form="days", step="1h", force=True)

    import pypsa

    from_files = solved(pypsa.Network(tmp_path))

    assert from_files == pytest.approx(solved(to_pypsa(days, capacity, form="days", step="1h")), rel=1e-9)


def test_stores_last_an_hour_and_costs_count_for_a_year(reduction: Reduction) -> None:
    days = to_pypsa(network(), reduction.to_frame(), form="days", step="1h")

    assert days.snapshot_weightings["objective"].sum() == pytest.approx(8760)
    assert days.snapshot_weightings["stores"].eq(1).all()
    assert days.snapshots.is_unique


def test_a_network_keeps_its_own_or_says_what_is_lost(reduction: Reduction) -> None:
    table = reduction.to_frame()
    own = network()
    own.set_snapshots(range(3))
    own.add("Generator", "hydro", bus="bus", p_nom=10.0, p_max_pu=[0.1, 0.2, 0.3])

    with pytest.raises(RequestError, match="p_max_pu of 'hydro', and its snapshots are not times"):
        to_pypsa(own, table)
    with pytest.raises(RequestError, match="has scenarios already"):
        to_pypsa(to_pypsa(network(), table), table)
    with pytest.raises(RequestError, match="generators 'win', which the network has not; did you mean 'wind'"):
        to_pypsa(network(), table, names={"wind": "win"})


def test_the_page_on_the_hand_over_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network()
    root = Path(__file__).parents[2]
    blocks = (root / "docs" / "export.md").read_text().split("```python\n")[1:]
    days = generate(root / "data" / "sample" / "wind_pv_year.csv", 2, n_starts=1)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios.csv").write_text(days.to_frame().to_csv(index=False))
    names: dict[str, Any] = {}

    for block in blocks:
        exec(block.split("```")[0], names)  # noqa: S102 - our own page

    assert names["stochastic"].objective > 0
    assert names["days"].objective == pytest.approx(names["stochastic"].objective, rel=1e-6)  # nothing is stored


def test_days_are_closed_as_the_page_says(reduction: Reduction) -> None:
    root = Path(__file__).parents[2]
    page: dict[str, Any] = {}
    block = (root / "docs" / "export.md").read_text().split("```python\n")[2]
    exec(block[: block.index("\n\n\n")], page)  # noqa: S102 - our own page
    battery = {"bus": "bus", "p_nom_extendable": True, "capital_cost": 20_000, "max_hours": 6, "efficiency_store": 0.9}
    plain = network()
    plain.add("StorageUnit", "battery", cyclic_state_of_charge=True, **battery)
    own_levels = solved(to_pypsa(plain, reduction))
    open_days, closed = (to_pypsa(plain, reduction, form="days") for _ in range(2))

    assert solved(open_days) < own_levels * (1 - 1e-4)
    status, _ = closed.optimize(solver_name="highs", log_to_console=False, extra_functionality=page["close_days"])

    assert status == "ok"
    level = closed.c["storage_units"].dynamic["state_of_charge"]["battery"].to_numpy()[23::24]
    assert level == pytest.approx(level[0], abs=1e-6)
    assert closed.objective >= own_levels * (1 - 1e-9)
