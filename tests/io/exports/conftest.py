"""Independent readers: what a model would take from each export, by the rules of that model.

No reader here uses one of scenred's own. Each returns what its format holds of hours, starts and values.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Taken:
    """What a reader finds: hours by scenario, values of shape (n, t) by column, starts in ISO 8601 and the zone.

    Starts are as exact as the format: with offset, or by the clock; None where it has no place for them.
    """

    hours: Array
    values: dict[str, Array] = field(default_factory=dict)
    starts: list[str] | None = None
    zone: str | None = None


def blocks(series: Any, n: int) -> Array:
    return np.asarray(series, dtype=np.float64).reshape(n, -1)


def about(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "scenred-export.json").read_text())["about"]
    return found


def pypsa_scenarios(path: Path) -> Taken:
    weights = pd.read_csv(path / "scenarios.csv", dtype={"scenario": str}).set_index("scenario")["weight"]
    snapshots = pd.read_csv(path / "snapshots.csv")
    values: dict[str, Array] = {}
    for name in ("generators.p_max_pu", "loads.p_set"):
        frame = pd.read_csv(path / f"{name}.csv", header=[0, 1], index_col=0)
        for column in dict.fromkeys(frame.columns.get_level_values(1)):
            values[column] = frame.xs(column, axis=1, level=1)[list(weights.index)].to_numpy().T
    return Taken(weights.to_numpy() * snapshots["objective"].sum(), values, zone=about(path).get("zone"))


def pypsa_days(path: Path) -> Taken:
    snapshots = pd.read_csv(path / "snapshots.csv", parse_dates=["snapshot"])
    days = snapshots["snapshot"].dt.date
    n = days.nunique()
    values: dict[str, Array] = {}
    for name in ("generators-p_max_pu", "loads-p_set"):
        frame = pd.read_csv(path / f"{name}.csv", index_col=0)
        values |= {str(column): blocks(frame[column], n) for column in frame}
    starts = [stamp.isoformat() for stamp in snapshots["snapshot"].iloc[:: len(days) // n]]
    hours = snapshots.groupby(days)["objective"].sum().to_numpy()
    return Taken(hours, values, starts, about(path).get("zone"))


def genx(path: Path) -> Taken:
    demand = pd.read_csv(path / "Demand_data.csv")
    variability = pd.read_csv(path / "Generators_variability.csv").drop(columns="Time_Index")
    n = int(demand["Rep_Periods"][0])
    values = {str(name): blocks(variability[name], n) for name in variability}
    values["load"] = blocks(demand["Demand_MW_z1"], n)
    return Taken(demand["Sub_Weights"].dropna().to_numpy(), values, zone=about(path).get("zone"))


def tulipa(path: Path) -> Taken:
    data = pd.read_csv(path / "rep_periods_data.csv").set_index("rep_period")
    weight = pd.read_csv(path / "rep_periods_mapping.csv").groupby("rep_period")["weight"].sum()
    profiles = pd.read_csv(path / "profiles_rep_periods.csv").sort_values(["rep_period", "timestep"])
    values = {str(name): blocks(rows["value"], len(data)) for name, rows in profiles.groupby("profile_name")}
    return Taken((weight * data["num_timesteps"] * data["resolution"]).to_numpy(), values, zone=about(path).get("zone"))


def calliope(path: Path) -> Taken:
    """Calliope takes the values from its own series, on the dates."""
    counts = pd.read_csv(path)["cluster"].value_counts().sort_index()
    return Taken(np.asarray(24.0 * counts.to_numpy(), dtype=np.float64), starts=list(counts.index))


def tsam(path: Path) -> Taken:
    """Tsam takes the values from its own series, at the positions of the centres."""
    content = json.loads(path.read_text())
    counts = np.bincount(content["cluster_assignments"])
    whole = content["time_index"]
    if isinstance(whole, dict):
        times = pd.date_range(whole["start"], periods=whole["periods"], freq=whole["freq"])
    else:
        times = pd.DatetimeIndex(whole)
    starts = [times[centre * content["n_timesteps_per_period"]].isoformat() for centre in content["cluster_centers"]]
    return Taken(counts * content["period_duration"], starts=starts, zone=content["scenred"].get("zone"))


def oemof(path: Path) -> Taken:
    content = json.loads(path.read_text())
    occurrences = content["occurrences"]
    n = len(occurrences)
    weighting = blocks(content["objective_weighting"], n)
    hours = np.array([weighting[number].sum() * occurrences[str(number)] for number in range(n)])
    values = {name: blocks(series, n) for name, series in content["profiles"].items()}
    return Taken(hours, values, content["starts"], content["zone"])


def gams(path: Path) -> Taken:
    """GAMS gives a number of a table to the label that it overlaps, counted in bytes."""
    data = path.read_bytes()
    text = data.decode()

    def entries(head: str) -> list[list[str]]:
        found = re.search(rf"^{re.escape(head)}[^\n]*/\n(.*?)\n/;", text, re.DOTALL | re.MULTILINE)
        assert found is not None
        return [re.findall(r"'[^']*'|\"[^\"]*\"|\S+", line) for line in found[1].splitlines()]

    starts = [words[1].strip('"') for words in entries("Set scenario") if len(words) > 1]
    head, *rows = data[data.index(b"Table profile") :].splitlines()[1:-1]
    labels = [(match.start(), match.end(), match[1].decode()) for match in re.finditer(rb"'([^']*)'", head)]
    values: dict[str, list[float]] = {label: [] for _, _, label in labels}
    for row in rows:
        margin = re.match(rb"'[^']*'\.'t\d+'", row)
        assert margin is not None
        for match in re.finditer(rb"\S+", row[margin.end() :]):
            begin, end = match.start() + margin.end(), match.end() + margin.end()
            (name,) = [label for first, last, label in labels if first < end and begin < last]
            values[name].append(float(match[0]))
    hours = np.array([float(words[1]) for words in entries("Parameter hours(scenario)")])
    zone = re.search(r"^\* zone (\S+)$", text, re.MULTILINE)
    return Taken(
        hours,
        {name: blocks(series, len(hours)) for name, series in values.items()},
        starts or None,
        None if zone is None else zone[1],
    )


def scenred2(path: Path) -> Taken:
    lines = path.read_text().splitlines()
    notes = dict(line[8:].split(" ", 1) for line in lines if line.startswith("* about "))
    names = [line.removeprefix("* column ") for line in lines if line.startswith("* column ")]
    starts = [line.removeprefix("* start ") for line in lines if line.startswith("* start ")]
    sizes = {words[0]: int(words[1]) for words in map(str.split, lines) if words[0] in ("TIME", "SCEN", "RANDOM")}
    data = [line for line in lines[lines.index("DATA") + 1 : -1] if not line.startswith("*")]
    numbers = np.array(" ".join(data).split(), dtype=np.float64).reshape(sizes["SCEN"], -1)
    values = numbers[:, 1:].reshape(sizes["SCEN"], sizes["TIME"], sizes["RANDOM"])
    by_column = {name: values[:, :, number] for number, name in enumerate(names)}
    return Taken(numbers[:, 0] * float(notes["hours"]), by_column, starts or None, notes.get("zone"))


def smps(path: Path) -> Taken:
    lines = path.read_text().splitlines()
    notes = dict(line[2:].split(" ", 1) for line in lines if line.startswith("* "))
    shares: list[float] = []
    values: dict[str, list[float]] = {}
    for words in (line.split() for line in lines if line.startswith(" ")):
        if words[0] == "SC":
            shares.append(float(words[3]))
        else:
            values.setdefault(words[1].rpartition("_")[0], []).append(float(words[2]))
    found = {name: blocks(series, len(shares)) for name, series in values.items()}
    return Taken(np.array(shares) * float(notes["hours"]), found, zone=notes.get("zone"))


def pgscen(path: Path) -> Taken:
    """PGscen's clocks are of UTC, so that the day of the folder and the first column are a moment."""
    kinds = {"wind": "wind", "solar": "pv", "load": "load"}
    weights = pd.read_csv(path / "probabilities.csv")
    values, moments = {}, set()
    for file in path.glob("2*/*/*.csv"):
        frame = pd.read_csv(file).set_index(["Type", "Index"])
        moments.add(datetime.strptime(file.parts[-3] + str(frame.columns[0]), "%Y%m%d%H%M").replace(tzinfo=UTC))
        values[kinds[file.parts[-2]]] = frame.to_numpy()
    (moment,) = moments
    zone = about(path).get("zone")
    clock = (
        moment.astimezone(ZoneInfo(zone)).isoformat() if zone is not None else moment.replace(tzinfo=None).isoformat()
    )
    return Taken(weights["Hours"].to_numpy(), values, [clock] * len(weights), zone)


def plexos(path: Path) -> Taken:
    """Each band is a sample; periods count from 1 in each day."""
    profiles = pd.read_csv(path / "profiles.csv")
    weights = pd.read_csv(path / "sample_weights.csv")
    order = ["YEAR", "MONTH", "DAY", "PERIOD"]
    bands = [str(band) for band in weights["BAND"]]
    values = {str(name): rows.sort_values(order)[bands].to_numpy().T for name, rows in profiles.groupby("NAME")}
    facts = about(path)
    return Taken(weights["VALUE"].to_numpy() * facts["hours"], values, zone=facts.get("zone"))


def shares_of_demand(shares: Array, weights: Array) -> Array:
    """Return a load whose mean over the year is 1: a share of its energy by the share of time."""
    return np.asarray(shares / (weights[:, None] / shares.shape[1]))


def osemosys(path: Path) -> Taken:
    """Demand is a share of the year's, which the modeller gives."""
    split = pd.read_csv(path / "YearSplit.csv").set_index("TIMESLICE")["VALUE"]
    seasons = pd.read_csv(path / "Conversionls.csv").set_index("TIMESLICE")["SEASON"]
    brackets = pd.read_csv(path / "Conversionlh.csv").set_index("TIMESLICE")["DAILYTIMEBRACKET"]
    order = pd.DataFrame({"season": seasons, "bracket": brackets}).sort_values(["season", "bracket"]).index
    n = seasons.nunique()
    weights = blocks(split[order], n).sum(axis=1)
    factors = pd.read_csv(path / "CapacityFactor.csv").set_index(["TECHNOLOGY", "TIMESLICE"])["VALUE"]
    values = {str(name): blocks(factors[name][order], n) for name in factors.index.unique(0)}
    demand = pd.read_csv(path / "SpecifiedDemandProfile.csv").set_index(["FUEL", "TIMESLICE"])["VALUE"]
    values["load"] = shares_of_demand(blocks(demand["load"][order], n), weights)
    facts = about(path)
    return Taken(weights * facts["hours"], values, zone=facts.get("zone"))


def sienna(path: Path) -> Taken:
    weights = pd.read_csv(path / "scenarios.csv")
    values: dict[str, list[Array]] = {}
    for folder in weights["folder"]:
        for pointer in json.loads((path / folder / "timeseries_pointers.json").read_text()):
            name = pointer["component_name"]
            series = pd.read_csv(path / folder / pointer["data_file"])[name].to_numpy()
            is_load = pointer["category"] == "ElectricLoad"
            values.setdefault(name, []).append(series if is_load else series / pointer["normalization_factor"])
    found = {name: np.stack(series) for name, series in values.items()}
    return Taken(weights["hours"].to_numpy(), found, list(weights["start"]), about(path).get("zone"))


def switch(path: Path) -> Taken:
    series = pd.read_csv(path / "timeseries.csv").set_index("TIMESERIES")
    points = pd.read_csv(path / "timepoints.csv")
    n = len(series)
    factors = pd.read_csv(path / "variable_capacity_factors.csv").sort_values("timepoint")
    values = {
        str(name): blocks(rows["gen_max_capacity_factor"], n) for name, rows in factors.groupby("GENERATION_PROJECT")
    }
    values["load"] = blocks(pd.read_csv(path / "loads.csv").sort_values("TIMEPOINT")["zone_demand_mw"], n)
    hours = series["ts_scale_to_period"] * series["ts_num_tps"] * series["ts_duration_of_tp"]
    starts = points.groupby("timeseries", sort=False)["timestamp"].first()
    return Taken(hours.to_numpy(), values, list(starts), about(path).get("zone"))


def temoa(path: Path) -> Taken:
    """Read the statements into tables of the schema's names, and take demand as a share of the year's."""
    import sqlite3

    text = path.read_text()
    notes = dict(line[3:].split(" ", 1) for line in text.splitlines() if line.startswith("-- "))
    base = sqlite3.connect(":memory:")
    base.executescript(
        "CREATE TABLE time_season(sequence INTEGER, season TEXT PRIMARY KEY, segment_fraction REAL, notes TEXT);"
        "CREATE TABLE time_of_day(sequence INTEGER, tod TEXT PRIMARY KEY, hours REAL);"
        "CREATE TABLE capacity_factor_tech(region, season, tod, tech, factor REAL,"
        " PRIMARY KEY(region, season, tod, tech));"
        "CREATE TABLE demand_specific_distribution(region, period, season, tod, demand_name, dsd REAL,"
        " PRIMARY KEY(region, period, season, tod, demand_name));" + text
    )
    rows = base.execute("SELECT season, segment_fraction, notes FROM time_season ORDER BY sequence").fetchall()
    weights = np.array([row[1] for row in rows])
    assert base.execute("SELECT sum(hours) FROM time_of_day").fetchone() == (24.0,)
    base.executescript(
        "CREATE VIEW slice AS SELECT season, tod FROM time_season JOIN time_of_day"
        " ORDER BY time_season.sequence, time_of_day.sequence"
    )
    values: dict[str, list[float]] = {}
    for tech, factor in base.execute("SELECT tech, factor FROM slice JOIN capacity_factor_tech USING (season, tod)"):
        values.setdefault(tech, []).append(factor)
    found = {tech: blocks(series, len(rows)) for tech, series in values.items()}
    shares = [
        row[0] for row in base.execute("SELECT dsd FROM slice JOIN demand_specific_distribution USING (season, tod)")
    ]
    found["load"] = shares_of_demand(blocks(shares, len(rows)), weights)
    return Taken(weights * float(notes["hours"]), found, [row[2] for row in rows], notes.get("zone"))


def spineopt(path: Path) -> Taken:
    content = json.loads(path.read_text())
    parameters = {(name, parameter): value for _, name, parameter, value in content["parameter_values"]}
    mapping = parameters["all_periods", "representative_periods_mapping"]["data"]
    names = [name for kind, name in content["entities"] if kind == "temporal_block" and name != "all_periods"]
    assert {name for _, name in mapping} == set(names)
    starts = [parameters[name, "block_start"]["data"] for name in names]
    ends = [parameters[name, "block_end"]["data"] for name in names]
    lengths = [
        (datetime.fromisoformat(end) - datetime.fromisoformat(start)) / timedelta(hours=1)
        for start, end in zip(starts, ends, strict=True)
    ]
    hours = np.array([parameters[name, "weight"] * length for name, length in zip(names, lengths, strict=True)])
    values = {
        name: blocks([value for _, value in series["data"]], len(names))
        for (name, parameter), series in parameters.items()
        if parameter in ("unit_availability_factor", "demand")
    }
    return Taken(hours, values, starts, dict(content["metadata"]).get("zone"))


def from_table(frame: pd.DataFrame, facts: dict[str, Any]) -> Taken:
    rows = frame.drop_duplicates("scenario")
    n = len(rows)
    values = {name: blocks(frame[name], n) for name in ("wind", "pv", "load") if name in frame}
    starts = None if "start" not in frame else [str(start) for start in rows["start"]]
    return Taken(rows["probability"].to_numpy(dtype=float) * float(facts["hours"]), values, starts, facts.get("zone"))


def document(path: Path) -> Taken:
    content = json.loads(path.read_text())
    scenarios = content["scenarios"]
    hours = np.array([scenario["probability"] for scenario in scenarios]) * content["hours"]
    names = list(scenarios[0]["values"])
    values = {name: np.array([scenario["values"][name] for scenario in scenarios]) for name in names}
    starts = [scenario["start"] for scenario in scenarios]
    return Taken(hours, values, None if None in starts else starts, content["zone"])


def parquet(path: Path) -> Taken:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    frame = table.to_pandas()
    if "start" in frame and not pd.api.types.is_object_dtype(frame["start"]):
        frame["start"] = [pd.Timestamp(start).isoformat() for start in frame["start"]]
    return from_table(frame, json.loads(table.schema.metadata[b"scenred"]))


def xlsx(path: Path) -> Taken:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    head, *rows = book["scenarios"].iter_rows(values_only=True)
    notes = dict(book["about"].iter_rows(values_only=True))
    return from_table(pd.DataFrame(rows, columns=head), notes)


def netcdf(path: Path) -> Taken:
    import h5py

    with h5py.File(io.BytesIO(path.read_bytes())) as file:
        facts = dict(file.attrs)
        hours = file["probability"][:] * facts["hours"]
        values = {name: file[name][:] for name in ("wind", "pv", "load") if name in file}
        start = file["start"]
        assert start.attrs["units"] in ("seconds since 1970-01-01", "seconds since 1970-01-01 00:00:00")
        moments = [datetime.fromtimestamp(int(second), UTC) for second in start[:]]
        offsets = start.attrs.get("utc_offset_seconds")
    if offsets is None:
        starts = [moment.replace(tzinfo=None).isoformat() for moment in moments]
    else:
        zones = [timezone(timedelta(seconds=float(one))) for one in np.broadcast_to(offsets, len(moments))]
        starts = [moment.astimezone(zone).isoformat() for moment, zone in zip(moments, zones, strict=True)]
    return Taken(hours, values, starts, facts.get("zone"))


READERS: dict[str, Callable[[Path], Taken]] = {
    "pypsa": pypsa_scenarios,
    "pypsa days": pypsa_days,
    "netcdf": netcdf,
    "parquet": parquet,
    "xlsx": xlsx,
    "json": document,
    "genx": genx,
    "tulipa": tulipa,
    "calliope": calliope,
    "oemof": oemof,
    "tsam": tsam,
    "gams": gams,
    "scenred2": scenred2,
    "smps": smps,
    "pgscen": pgscen,
    "plexos": plexos,
    "osemosys": osemosys,
    "sienna": sienna,
    "switch": switch,
    "temoa": temoa,
    "spineopt": spineopt,
}


@pytest.fixture(scope="session")
def readers() -> dict[str, Callable[[Path], Taken]]:
    """Return the independent reader of each format; `pypsa days` is that of the other form."""
    return READERS
