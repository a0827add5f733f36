"""Tables for other models, read by the models' own programs: otoole, Switch, Spine, Temoa's schema and GAMS."""

from __future__ import annotations

import importlib.util
import json
import logging
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_array

from scenred import Reduction, RequestError, export, generate

pytestmark = pytest.mark.filterwarnings("ignore")
# Yearly costs of a MW that is built, and costs of a MWh.
BUILD = {"wind": 110_000.0, "pv": 50_000.0, "gas": 60_000.0}
RUN = {"wind": 0.0, "pv": 0.0, "gas": 90.0}


@pytest.fixture(scope="module")
def reduction() -> Reduction:
    """Three days of the sample year, with a load."""
    sample = Path(__file__).parents[2] / "data" / "sample" / "wind_pv_year.csv"
    year = pd.read_csv(sample, usecols=["time", "wind_greensboro", "pv_greensboro"])
    year.columns = pd.Index(["time", "wind", "pv"])
    hour = np.arange(len(year))
    year["load"] = 1000 + 150 * np.sin(hour * np.pi / 12) + 100 * np.cos(hour * np.pi / 4380)
    return generate(year, 3)


@pytest.fixture(scope="module")
def optimum(reduction: Reduction) -> float:
    """Return the least cost of a year, from the scenarios in memory."""
    scenarios, units = reduction.scenarios, list(BUILD)
    values = {name: scenarios.values[:, :, number].ravel() for number, name in enumerate(scenarios.names)}
    hours = np.repeat(scenarios.probabilities * 8760 / scenarios.n_steps, scenarios.n_steps)
    n = len(hours)
    costs = np.concatenate([list(BUILD.values()), *(hours * RUN[unit] for unit in units)])
    limits, balances = lil_array((n * len(units), len(costs))), lil_array((n, len(costs)))
    for number, unit in enumerate(units):
        for row in range(n):
            run = len(units) + number * n + row
            limits[number * n + row, run] = 1
            limits[number * n + row, number] = -(values[unit][row] if unit in values else 1)
            balances[row, run] = 1
    found = linprog(costs, limits.tocsr(), np.zeros(n * len(units)), balances.tocsr(), values["load"], method="highs")
    return float(found.fun)


def needed(*modules: str) -> None:
    for module in modules:
        pytest.importorskip(module, reason=f"the group clients is not installed ({module})")


def test_switch_finds_the_optimum(reduction: Reduction, optimum: float, tmp_path: Path) -> None:
    needed("switch_model", "pyomo", "highspy")
    from pyomo.environ import SolverFactory, value
    from switch_model.utilities import create_model

    export(reduction, "switch", tmp_path / "inputs")
    write_switch_case(tmp_path / "inputs")
    modules = [
        "timescales",
        "financials",
        "balancing.load_zones",
        "energy_sources.properties",
        "generators.core.build",
        "generators.core.dispatch",
        "generators.core.no_commit",
    ]
    model = create_model([f"switch_model.{module}" for module in modules], args=[])
    model.options.input_aliases, model.options.verbose = [], False

    instance = model.load_inputs(inputs_dir=str(tmp_path / "inputs"))
    SolverFactory("appsi_highs").solve(instance)

    assert sum(value(instance.tp_weight[point]) for point in instance.TIMEPOINTS) == pytest.approx(8760)
    assert value(instance.SystemCost) == pytest.approx(optimum, rel=1e-6)


def write_switch_case(folder: Path) -> None:
    """Write what Switch needs besides: costs of one year, no interest."""
    (folder / "financials.csv").write_text("base_financial_year,interest_rate,discount_rate\n2019,0,0\n")
    (folder / "load_zones.csv").write_text("LOAD_ZONE\nload\n")
    (folder / "non_fuel_energy_sources.csv").write_text("energy_source\nair\n")
    head = (
        "GENERATION_PROJECT,gen_tech,gen_energy_source,gen_load_zone,gen_max_age,gen_is_variable,"
        "gen_full_load_heat_rate,gen_variable_om,gen_connect_cost_per_mw\n"
    )
    rows = [f"{unit},{unit},air,load,1,{int(unit != 'gas')},.,{RUN[unit]},0\n" for unit in BUILD]
    (folder / "gen_info.csv").write_text(head + "".join(rows))
    costs = [f"{unit},2019,{cost},0\n" for unit, cost in BUILD.items()]
    (folder / "gen_build_costs.csv").write_text(
        "GENERATION_PROJECT,build_year,gen_overnight_cost,gen_fixed_om\n" + "".join(costs)
    )


def test_otoole_reads_the_folder_into_a_model(reduction: Reduction, tmp_path: Path) -> None:
    needed("otoole")
    from otoole import read

    run = [sys.executable, "-c", "from otoole.cli import main; main()", "setup"]
    subprocess.run([*run, "config", str(tmp_path / "config.yaml")], check=True, capture_output=True)
    subprocess.run([*run, "csv", str(tmp_path / "csv")], check=True, capture_output=True)
    export(reduction, "osemosys", tmp_path / "csv", year=2030, force=True)
    for name, members in (("REGION", ["REGION1"]), ("TECHNOLOGY", ["wind", "pv"]), ("FUEL", ["load"])):
        pd.DataFrame({"VALUE": members}).to_csv(tmp_path / "csv" / f"{name}.csv", index=False)

    found, _ = read(str(tmp_path / "config.yaml"), "csv", str(tmp_path / "csv"))

    scenarios = reduction.scenarios
    assert found["YearSplit"]["VALUE"].sum() == pytest.approx(1)
    factors = found["CapacityFactor"]["VALUE"].xs("wind", level="TECHNOLOGY").sort_index(level="TIMESLICE")
    assert factors.tolist() == scenarios.values[:, :, 0].ravel().tolist()
    assert found["SpecifiedDemandProfile"]["VALUE"].sum() == pytest.approx(1)
    assert len(found["Conversionls"]) == 3 * 24


def test_spine_imports_blocks_mapping_and_series(reduction: Reduction, tmp_path: Path) -> None:
    needed("spinedb_api")
    from spinedb_api import DatabaseMapping, import_data
    from spinedb_api.parameter_value import dump_db_value

    export(reduction, "spineopt", tmp_path / "spine.json")
    blocks = ("block_start", "block_end", "resolution", "weight", "representative_periods_mapping")
    with DatabaseMapping("sqlite://", create=True) as base:
        template = [("temporal_block", name) for name in blocks]
        template += [("node", "demand"), ("unit", "unit_availability_factor")]
        classes = [("temporal_block", ()), ("node", ()), ("unit", ())]
        import_data(base, entity_classes=classes, parameter_definitions=template)
        content = json.loads((tmp_path / "spine.json").read_text())

        count, errors = import_data(base, unparse_value=dump_db_value, **content)

        assert count > 0
        assert not errors
        values = {
            (*item["entity_byname"], item["parameter_definition_name"]): item["parsed_value"]
            for item in base.find_parameter_values()
        }
    weights = [values[f"rp_{number}", "weight"] for number in (1, 2, 3)]
    assert np.array(weights) * 24 == pytest.approx(reduction.scenarios.probabilities * 8760)
    series = values["wind", "unit_availability_factor"]
    assert series.values.tolist() == reduction.scenarios.values[:, :, 0].ravel().tolist()
    mapping = values["all_periods", "representative_periods_mapping"]
    assert list(mapping.values) == [f"rp_{number + 1}" for number in reduction.assignment]


def test_temoa_takes_the_statements_into_its_schema(reduction: Reduction, tmp_path: Path) -> None:
    found = importlib.util.find_spec("temoa")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the group clients is not installed (temoa)")
    schema = Path(found.submodule_search_locations[0]) / "db_schema" / "temoa_schema_v4.sql"
    export(reduction, "temoa", tmp_path / "days.sql", year=2030)
    base = sqlite3.connect(tmp_path / "model.sqlite")
    base.executescript(schema.read_text())
    base.executescript(
        "PRAGMA foreign_keys = ON; REPLACE INTO region VALUES ('REGION1', '');"
        "INSERT INTO technology(tech, flag) VALUES ('wind', 'p'), ('pv', 'p');"
        "INSERT INTO commodity(name) VALUES ('load'); INSERT INTO time_period VALUES (1, 2030, 'f');"
    )

    base.executescript((tmp_path / "days.sql").read_text())

    assert base.execute("SELECT sum(segment_fraction) FROM time_season").fetchone()[0] == pytest.approx(1)
    factors = [row[0] for row in base.execute("SELECT factor FROM capacity_factor_tech WHERE tech = 'wind'")]
    assert sorted(factors) == sorted(reduction.scenarios.values[:, :, 0].ravel().tolist())


def test_gams_transfer_reads_gdx_to_the_bit(reduction: Reduction, tmp_path: Path) -> None:
    needed("gams.transfer", "gamspy_base")
    import gams.transfer
    import gamspy_base

    logging.disable(logging.WARNING)
    export(reduction, "gdx", tmp_path / "set.gdx")
    export(reduction, "gdx", tmp_path / "again.gdx")

    held = gams.transfer.Container(str(tmp_path / "set.gdx"), system_directory=gamspy_base.directory)

    scenarios = reduction.scenarios
    assert held["probability"].records["value"].tolist() == scenarios.probabilities.tolist()
    assert held["hours"].records["value"].sum() == pytest.approx(8760)
    assert held["profile"].records["value"].tolist() == scenarios.values.ravel().tolist()
    assert held["scenario"].records["element_text"].tolist() == scenarios.stamps
    assert dict(held["about"].records.to_numpy().tolist())["zone"] == "UTC-05:00"
    assert (tmp_path / "set.gdx").read_bytes() == (tmp_path / "again.gdx").read_bytes()


def test_gams_loads_gdx_and_weighs_by_its_hours(reduction: Reduction, tmp_path: Path) -> None:
    needed("gams.transfer", "gamspy_base")
    import gamspy_base

    logging.disable(logging.WARNING)
    export(reduction, "gdx", tmp_path / "set.gdx")
    scenarios = reduction.scenarios
    wind = float(scenarios.probabilities @ scenarios.values[:, :, 0].sum(axis=1)) * 8760 / 24
    model = f"""
        Set scenario, step, series;
        $gdxIn set.gdx
        $load scenario step series
        Parameter hours(scenario), profile(scenario,step,series);
        $load hours profile
        Scalar wind;
        wind = sum((scenario,step), hours(scenario) / card(step) * profile(scenario,step,'wind'));
        abort$(abs(sum(scenario, hours(scenario)) - 8760) > 1e-9) "hours";
        abort$(abs(wind - {wind!r}) > 1e-6) "energy";
    """
    lines = [line.strip() for line in model.splitlines()]
    (tmp_path / "energy.gms").write_text("\n".join(lines) + "\n")

    program = Path(gamspy_base.directory) / "gams"
    ran = subprocess.run([program, "energy.gms", "lo=0"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, (tmp_path / "energy.lst").read_text()


def test_gdx_without_gams_says_what_to_install(
    reduction: Reduction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gams.transfer", None)

    with pytest.raises(RequestError, match=r"needs gams\.transfer, .*'scenred\[gdx\]'"):
        export(reduction, "gdx", tmp_path / "set.gdx")
