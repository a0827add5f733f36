"""Tables for PLEXOS, OSeMOSYS, Sienna, Switch, Temoa, SpineOpt and GDX: numbers in their places, and refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import Column, Reduction, RequestError, ScenarioSet, export, generate

# The default of pandas 2 may miss the last digit; pandas 3 is exact.
EXACT: dict[str, Any] = {"float_precision": "round_trip"} if pd.__version__ < "3" else {}


def read_csv(path: Path, **options: Any) -> pd.DataFrame:
    frame: pd.DataFrame = pd.read_csv(path, **EXACT, **options)
    return frame


COLUMNS = (Column("wind", "wind"), Column("load", "load"))


def days(n: int = 2, t: int = 24, **changes: Any) -> ScenarioSet:
    """Return days with wind from 0 to 1 and a load in MW."""
    values = np.random.default_rng(1).random((n, t, 2))
    values[:, :, 1] = 900 + 100 * values[:, :, 1]
    starts = pd.DatetimeIndex([f"2019-0{number + 1}-03" for number in range(n)])
    facts: dict[str, Any] = {"step": pd.Timedelta("1D") / t, "starts": starts, "columns": COLUMNS, "values": values}
    return ScenarioSet(probabilities=np.arange(1, n + 1) / sum(range(n + 1)), **(facts | changes))


@pytest.mark.parametrize(
    ("to", "scenarios", "keywords", "message"),
    [
        ("plexos", days(), {}, "scenarios are about one day and these start on 2; .* date='2030-07-02'"),
        ("plexos", days(step=pd.Timedelta("7h")), {"date": "2030-01-01"}, "a step is 7 h long"),
        ("plexos", days(columns=(Column("a,b"), COLUMNS[1])), {"date": "2030-01-01"}, "rename={'a,b': 'a_b'}"),
        (
            "osemosys",
            days(values=-days().values),
            {"capacity": None},
            "load is -.*share of the year's demand|wind is -",
        ),
        (
            "osemosys",
            days(columns=(Column("wind north", "wind"), COLUMNS[1])),
            {},
            "rename={'wind north': 'wind_north'}",
        ),
        ("osemosys", days(starts=None), {}, "OSeMOSYS needs a year and there are no starts; pass year=2030"),
        ("sienna", days(), {}, r"load 'load' by the maximum active power .* pass it, such as capacity={'load': 99"),
        ("sienna", days(starts=None), {}, "Sienna needs times and the scenarios have no starts"),
        ("switch", days(), {"hours": 24.0}, "24 hours are asked for; Switch counts whole years"),
        ("temoa", days(t=12, step=pd.Timedelta("1h")), {}, "days of 24 hours and a scenario is 12 h long"),
        ("spineopt", days(), {}, "cannot carry a set without its period map"),
        ("sienna", days(columns=(Column("DateTime", "wind"), Column("load", "load", 1.0))), {}, "DateTime_2"),
        ("switch", days(labels=("1", "s1")), {}, r"two scenarios would be timeseries 's1'; .*rename={'1': '1_2'}"),
        ("temoa", days(labels=("1", "s1")), {}, r"two scenarios would be season 's1'; .*rename={'1': '1_2'}"),
        ("gdx", days(values=days().values * 1e300), {}, "which is a special value in GDX"),
    ],
)
def test_what_a_format_cannot_carry_is_refused(
    to: str, scenarios: ScenarioSet, keywords: dict[str, Any], message: str, tmp_path: Path
) -> None:
    given = {name: value for name, value in keywords.items() if value is not None}

    with pytest.raises(RequestError, match=message):
        export(scenarios, to, tmp_path / "out", **given)


def test_periods_of_plexos_go_on_into_the_next_day(tmp_path: Path) -> None:
    export(days(t=48, step=pd.Timedelta("1h")), "plexos", tmp_path / "out", date="2030-12-31")

    wind = read_csv(tmp_path / "out" / "profiles.csv").query("NAME == 'wind'")
    assert wind[["YEAR", "MONTH", "DAY", "PERIOD"]].iloc[[0, 23, 24, 47]].to_numpy().tolist() == [
        [2030, 12, 31, 1],
        [2030, 12, 31, 24],
        [2031, 1, 1, 1],
        [2031, 1, 1, 24],
    ]


def test_years_of_switch_are_those_of_the_hours(tmp_path: Path) -> None:
    export(days(), "switch", tmp_path / "out", hours=10 * 8766.0, year=2030)

    period = read_csv(tmp_path / "out" / "periods.csv").iloc[0]
    series = read_csv(tmp_path / "out" / "timeseries.csv")
    assert period.tolist() == [2030, 2030, 2039]
    assert (series["ts_scale_to_period"] * 24).sum() == pytest.approx(87660)


def test_slices_of_osemosys_divide_the_day_and_the_demand(tmp_path: Path) -> None:
    scenarios = days(3)
    export(scenarios, "osemosys", tmp_path / "out", region="NORTH")

    split = read_csv(tmp_path / "out" / "DaySplit.csv")
    demand = read_csv(tmp_path / "out" / "SpecifiedDemandProfile.csv")
    energy = (scenarios.values[:, :, 1] * scenarios.probabilities[:, None]).ravel()
    assert split["VALUE"].tolist() == [1 / 8760] * 24
    assert demand["VALUE"].to_numpy() == pytest.approx(energy / energy.sum(), rel=1e-14)
    assert set(demand["REGION"]) == {"NORTH"}
    assert set(demand["YEAR"]) == {2019}


def test_pointers_of_sienna_divide_by_the_capacity(tmp_path: Path) -> None:
    scenarios = days(columns=(Column("wind", "wind", 2.0), Column("load", "load", 1250.0)))
    for name in ("one", "two"):
        export(scenarios, "sienna", tmp_path / name)

    pointers = json.loads((tmp_path / "one" / "scenario_2" / "timeseries_pointers.json").read_text())
    assert [pointer["normalization_factor"] for pointer in pointers] == [2.0, 1250.0]
    assert [pointer["category"] for pointer in pointers] == ["Generator", "ElectricLoad"]
    assert {pointer["resolution"] for pointer in pointers} == {3600}
    series = read_csv(tmp_path / "one" / "scenario_2" / "load.csv")
    assert series["DateTime"].iloc[[0, 23]].tolist() == ["2019-02-03T00:00:00", "2019-02-03T23:00:00"]
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*")]
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in files)


@pytest.fixture(scope="module")
def reduction() -> Reduction:
    """Two of ten days, with a capacity of the load that scaled the metric."""
    hours = pd.date_range("2019-01-01", periods=240, freq="h")
    draw = np.random.default_rng(4).random((240, 2))
    frame = pd.DataFrame({"wind": draw[:, 0], "load": 900 + 100 * draw[:, 1]}, index=hours)
    return generate(frame, 2, metric="pointwise", n_starts=1, capacity={"load": 1250.0})


def test_a_load_stays_in_megawatts_though_its_capacity_scaled_the_metric(reduction: Reduction, tmp_path: Path) -> None:
    export(reduction, "switch", tmp_path / "inputs")
    export(reduction, "pypsa", tmp_path / "pypsa", form="days")

    loads = reduction.scenarios.values[:, :, 1].ravel().tolist()
    assert read_csv(tmp_path / "inputs" / "loads.csv")["zone_demand_mw"].tolist() == loads
    assert read_csv(tmp_path / "pypsa" / "loads-p_set.csv")["load"].tolist() == loads


def test_sienna_takes_the_capacity_of_a_load(reduction: Reduction, tmp_path: Path) -> None:
    export(reduction, "sienna", tmp_path / "out")

    pointers = json.loads((tmp_path / "out" / "scenario_1" / "timeseries_pointers.json").read_text())
    assert pointers[1]["normalization_factor"] == 1250.0
