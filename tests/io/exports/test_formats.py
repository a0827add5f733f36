"""Every format by the rules of its reader, parsed here by those rules and not by our own readers."""

from __future__ import annotations

import io
import json
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import (
    Column,
    Entry,
    InputError,
    Reduction,
    RequestError,
    ScenarioSet,
    ScenredWarning,
    UsageError,
    generate,
    read_scenarios,
)
from scenred.api.export import export
from scenred.io.exports.export import request_of
from scenred.io.exports.formats import FORMATS, written
from scenred.io.records.period_map import read_period_map
from scenred.io.storage.scenred2 import read_fan
from scenred.io.tables.text import EXACT
from scenred.options.exporting import Exporting

PLAIN = (Column("a"), Column("b"))
ONE = b'{"scenario": "1", "probability": 1, "start": "2023-01-01T00:00+01:00", "values": {"wind": [1, 2]}}'
BACK = ("parquet", "xlsx", "netcdf", "json", "scenred2")


@pytest.fixture(scope="module")
def reduction() -> Reduction:
    """Four days of sixty: wind and PV as capacity factors, load in MW, starts with an offset."""
    hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h", tz="-05:00")
    draw = np.random.default_rng(3).random((len(hours), 3))
    frame = pd.DataFrame({"wind": draw[:, 0], "pv": draw[:, 1], "load": 900 + 200 * draw[:, 2]}, index=hours)
    return generate(frame, 4, metric="pointwise")


def files(to: str, reduction: Reduction, **told: object) -> dict[str, str]:
    scenarios, period_map = reduction.scenarios, read_period_map(reduction.to_map())
    exporting = Exporting(**told)  # type: ignore[arg-type]
    request = request_of(scenarios, period_map, exporting)
    return {name: data.decode() for name, data in written(to, scenarios, request, exporting).items()}


def frames(to: str, reduction: Reduction, **told: object) -> dict[str, pd.DataFrame]:
    texts = files(to, reduction, **told)
    return {name: pd.read_csv(io.StringIO(text), **EXACT) for name, text in texts.items()}


# They put the set into what their client wrote: tests/clients.
CLIENTS = ("pypsa-netcdf", "gdx")


@pytest.mark.parametrize("to", [name for name in FORMATS if name not in (*CLIENTS, "sienna")])
def test_the_same_set_gives_the_same_bytes(to: str, reduction: Reduction) -> None:
    scenarios = reduction.scenarios
    exporting = Exporting(date="2019-07-02" if to in ("pgscen", "plexos") else None)
    request = request_of(scenarios, read_period_map(reduction.to_map()), exporting)

    assert written(to, scenarios, request, exporting) == written(to, scenarios, request, exporting)


def test_genx_weights_are_hours_of_a_year_in_full_precision(reduction: Reduction) -> None:
    demand = frames("genx", reduction)["Demand_data.csv"]

    weights = demand["Sub_Weights"].dropna().to_numpy()

    assert weights.tolist() == (reduction.scenarios.probabilities * 8760).tolist()
    assert weights.sum() == pytest.approx(8760, rel=1e-14)


def test_genx_time_basis_is_as_its_validation_asks(reduction: Reduction) -> None:
    tables = frames("genx", reduction)
    demand, variability = tables["Demand_data.csv"], tables["Generators_variability.csv"]

    n, t = int(demand["Rep_Periods"][0]), int(demand["Timesteps_per_Rep_Period"][0])

    assert demand["Time_Index"].tolist() == variability["Time_Index"].tolist() == list(range(1, n * t + 1))
    assert demand["Sub_Weights"].notna().sum() == n
    for name in ("Voll", "Demand_Segment", "Cost_of_Demand_Curtailment_per_MW", "Max_Demand_Curtailment"):
        assert demand[name].notna().sum() == 1
    assert demand["Demand_MW_z1"].tolist() == reduction.scenarios.values[:, :, 2].ravel().tolist()
    assert variability.columns.tolist() == ["Time_Index", "wind", "pv"]


@pytest.mark.parametrize("hours", [None, 8784.0])
def test_genx_map_names_the_real_period_from_one(reduction: Reduction, hours: float | None) -> None:
    told = {} if hours is None else {"hours": hours}
    tables = frames("genx", reduction, **told)
    period_map = tables["Period_map.csv"]

    assert period_map["Period_Index"].tolist() == list(range(1, 61))
    assert (period_map["Rep_Period"] - 1).tolist() == reduction.medoids[reduction.assignment].tolist()
    assert period_map["Rep_Period_Index"].tolist() == (reduction.assignment + 1).tolist()
    counts = period_map["Rep_Period_Index"].value_counts().sort_index().to_numpy() / 60
    weights = tables["Demand_data.csv"]["Sub_Weights"].dropna().to_numpy()
    assert counts == pytest.approx(weights / (hours or 8760))


def test_tulipa_tables_have_the_columns_and_numbers_of_its_schema(reduction: Reduction) -> None:
    """TulipaEnergyModel.jl: `src/input-schemas.json`, releases 0.19 (`scenario`) and 0.21 (`milestone_year`)."""
    tables = frames("tulipa", reduction)

    assert {name: list(table.columns) for name, table in tables.items()} == {
        "rep_periods_data.csv": ["milestone_year", "rep_period", "num_timesteps", "resolution"],
        "rep_periods_mapping.csv": ["milestone_year", "period", "rep_period", "scenario", "weight"],
        "timeframe_data.csv": ["milestone_year", "period", "num_timesteps"],
        "profiles_rep_periods.csv": ["profile_name", "milestone_year", "rep_period", "timestep", "value"],
    }
    mapping = tables["rep_periods_mapping.csv"]
    assert mapping["scenario"].eq(1).all()
    assert mapping["rep_period"].tolist() == (reduction.assignment + 1).tolist()
    assert mapping["weight"].tolist() == [8760 / (60 * 24)] * 60
    profiles = tables["profiles_rep_periods.csv"].set_index(["profile_name", "rep_period", "timestep"])["value"]
    assert profiles["pv", 3, 24] == reduction.scenarios.values[2, 23, 1]


def test_calliope_dates_stand_for_dates(reduction: Reduction) -> None:
    """Calliope 0.7: `data_tables.py` reads a header and the index `datesteps`, `time.py` the dates."""
    clusters = frames("calliope", reduction)[""]

    starts = reduction.original.starts
    assert starts is not None
    assert clusters["datesteps"].tolist() == [f"{start:%Y-%m-%d}" for start in starts]
    representatives = [f"{starts[row]:%Y-%m-%d}" for row in reduction.medoids[reduction.assignment]]
    assert clusters["cluster"].tolist() == representatives


def test_days_are_dates_of_the_clock_where_it_changes() -> None:
    hours = pd.date_range("2019-10-21", periods=24 * 14 + 1, freq="h", tz="Europe/Berlin")
    wind = np.random.default_rng(4).random(len(hours))
    frame = pd.DataFrame({"wind": wind, "load": 9 + wind}, index=hours)
    with pytest.warns(ScenredWarning, match="cut in autumn"):
        found = generate(frame, 3, reading={"dst": "regular", "tz": "Europe/Berlin"}, n_starts=1)

    dates = frames("calliope", found)[""]["datesteps"]
    demand, years = frames("genx", found)["Demand_data.csv"], frames("tulipa", found)["rep_periods_data.csv"]

    assert dates.tolist() == [f"2019-{day:%m-%d}" for day in pd.date_range("2019-10-21", periods=14)]
    assert len(demand) == 3 * 24
    assert years["resolution"].eq(1).all()


def test_oemof_order_counts_from_zero_and_occurrences_follow(reduction: Reduction) -> None:
    content = json.loads(files("oemof", reduction)[""])

    assert content["order"] == reduction.assignment.tolist()
    assert sum(content["occurrences"].values()) == 60
    assert content["occurrences"] == {str(i): content["order"].count(i) for i in range(4)}
    assert content["profiles"]["wind"] == reduction.scenarios.values[:, :, 0].ravel().tolist()


def test_gams_table_stands_under_its_labels(reduction: Reduction) -> None:
    text = files("gams", reduction)[""]

    head, *rows = text[text.index("Table profile") :].splitlines()[1:-1]
    labels = {match.end(): match[0].strip("'") for match in re.finditer(r"\S+", head)}
    for row in rows:
        label, *_ = row.split()
        scenario, step = re.fullmatch(r"'s(\d+)'\.'t(\d+)'", label).groups()  # type: ignore[union-attr]
        for match in re.finditer(r"\S+", row[len(label) :]):
            column = reduction.scenarios.names.index(labels[match.end() + len(label)])
            assert float(match[0]) == reduction.scenarios.values[int(scenario) - 1, int(step) - 1, column]
    assert len(rows) == 4 * 24


def test_gams_table_stands_under_its_labels_by_bytes(readers: Any, tmp_path: Path) -> None:
    names = ("Süd größe", "风电场 一", "wind", "ж")
    labels = ("Größte Last", "夏天", "z" * 63, "ü" * 31)
    values = np.arange(4 * 2 * 4).reshape(4, 2, 4) / 7
    export(ScenarioSet(tuple(map(Column, names)), values, np.full(4, 0.25), labels), "gams", tmp_path / "s.inc")

    found = readers["gams"](tmp_path / "s.inc").values

    assert all(np.array_equal(found[name], values[:, :, number]) for number, name in enumerate(names))


def test_gams_sets_are_in_order_and_probabilities_in_full(reduction: Reduction) -> None:
    text = files("gams", reduction)[""]

    def block(head: str) -> list[str]:
        return re.search(rf"^{re.escape(head)} /\n(.*?)\n/;", text, re.DOTALL | re.MULTILINE)[1].split("\n")  # type: ignore[index]

    assert [line.split()[0] for line in block("Set scenario")] == ["'s1'", "'s2'", "'s3'", "'s4'"]
    assert [line.strip() for line in block("Set step")] == [f"'t{step}'" for step in range(1, 25)]
    shares = [float(line.split()[1]) for line in block("Parameter probability(scenario)")]
    assert shares == reduction.scenarios.probabilities.tolist()


def test_scenred2_fan_is_sizes_then_a_probability_and_rows_a_scenario(reduction: Reduction) -> None:
    """As two public programs write it for SCENRED2: the type first, and comments behind DATA only."""
    text = files("scenred2", reduction)[""]

    assert text.startswith("TYPE FAN\nTIME 24\nSCEN 4\nRANDOM 3\nDATA\n")
    lines = [line for line in text.splitlines() if not line.startswith("*")]

    assert lines[:5] == ["TYPE FAN", "TIME 24", "SCEN 4", "RANDOM 3", "DATA"]
    assert lines[-1] == "END"
    blocks = [lines[5 + 25 * number : 30 + 25 * number] for number in range(4)]
    assert [float(block[0]) for block in blocks] == reduction.scenarios.probabilities.tolist()
    values = [[[float(cell) for cell in row.split()] for row in block[1:]] for block in blocks]
    assert np.array_equal(values, reduction.scenarios.values)


def test_smps_replaces_the_coefficients_that_are_named(reduction: Reduction) -> None:
    entries = {"wind": Entry("CW", "aw{step+1}", -1.0), "load": Entry("RHS", "bal_{step}")}
    text = files("smps", reduction, entries=entries, stage="SECOND")[""]

    lines = [line.split() for line in text.splitlines() if not line.startswith("*")]
    heads = [words for words in lines if words[0] == "SC"]
    first = {tuple(words[:2]): float(words[2]) for words in lines[3 : 3 + 72]}

    assert lines[1][:2] == ["SCENARIOS", "DISCRETE"]
    assert lines[-1] == ["ENDATA"]
    assert [words[2] for words in heads] == ["ROOT"] * 4
    assert [words[4] for words in heads] == ["SECOND"] * 4
    assert [float(words[3]) for words in heads] == reduction.scenarios.probabilities.tolist()
    assert first["CW", "aw1"] == -reduction.scenarios.values[0, 0, 0]
    assert first["RHS", "pv_3"] == reduction.scenarios.values[0, 3, 1]
    assert first["RHS", "bal_23"] == reduction.scenarios.values[0, 23, 2]


def test_pgscen_has_a_file_per_asset_with_the_clock_as_columns(reduction: Reduction) -> None:
    tables = frames("pgscen", reduction, date="2019-07-02")

    assert set(tables) == {
        "probabilities.csv",
        "20190702/wind/wind.csv",
        "20190702/solar/pv.csv",
        "20190702/load/load.csv",
    }
    wind = tables["20190702/wind/wind.csv"]
    clock = [f"{(hour + 5) % 24:02d}00" for hour in range(24)]  # of UTC, from midnight at -05:00
    assert wind.columns.tolist() == ["Type", "Index", *clock]
    assert wind["Index"].tolist() == [1, 2, 3, 4]
    assert wind["0800"].tolist() == reduction.scenarios.values[:, 3, 0].tolist()
    assert tables["probabilities.csv"]["Probability"].tolist() == reduction.scenarios.probabilities.tolist()


def test_pgscen_names_days_of_standard_time_by_their_one_time_of_utc() -> None:
    hours = pd.date_range("2023-03-20", "2023-04-03 01:00", freq="h", tz="Europe/Berlin", inclusive="left")
    wind = np.random.default_rng(4).random(len(hours))
    found = generate(
        pd.DataFrame({"wind": wind}, index=hours),
        14,
        tz="Europe/Berlin",
        dst="keep-utc",
        metric="pointwise",
        bound=False,
    )

    summer, winter = (frames("pgscen", found, date=day) for day in ("2030-07-02", "2030-01-02"))

    assert summer["20300701/wind/wind.csv"].columns[2] == winter["20300101/wind/wind.csv"].columns[2] == "2300"


@pytest.mark.parametrize("form", ["scenarios", "days"])
def test_pypsa_objective_weighs_hours_of_a_year_and_stores_do_not(reduction: Reduction, form: str) -> None:
    told = {"form": form}
    weightings = pd.read_csv(io.StringIO(files("pypsa", reduction, **told)["snapshots.csv"]), index_col=0)

    assert weightings["objective"].sum() == pytest.approx(8760, rel=1e-14)
    assert weightings["generators"].equals(weightings["objective"])
    assert weightings["stores"].eq(1).all()


def odd_set(**changes: object) -> ScenarioSet:
    """Names that a sheet could take for formulas, blanks, letters beyond ASCII, values of every size."""
    values = np.array([[[0.1 + 0.2, -1e-300]], [[1 / 3, 1e300]], [[0.0, 5e-324]]])
    facts: dict[str, object] = {
        "columns": (Column("=1+1 wind"), Column("pv größe")),
        "values": values,
        "probabilities": np.array([float(Fraction(1, 3)), 0.1 + 0.2, 1 - 1 / 3 - (0.1 + 0.2)]),
        "labels": ("'-1", "@sum  x", "z"),
        "starts": pd.DatetimeIndex(["2019-01-01 00:30", "2020-02-29", "2020-03-01"]),
    }
    return ScenarioSet(**(facts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("to", BACK)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"starts": None, "labels": ("1", "2", "10")},
        {"starts": pd.DatetimeIndex(["2019-01-01 00:30", "2020-02-29", "2020-03-01"], tz="+05:30")},
        {"starts": pd.DatetimeIndex(["2019-01-01"] * 3)},
        {"groups": ("winter", "spring, early", "winter")},
    ],
)
def test_what_was_written_reads_back_to_the_bit(to: str, changes: dict[str, object], tmp_path: Path) -> None:
    scenarios = odd_set(**changes)
    path = tmp_path / "set"
    export(scenarios, to, path)

    again = read_scenarios(path)

    assert np.array_equal(again.values, scenarios.values)
    assert np.array_equal(again.probabilities, scenarios.probabilities)
    assert (again.labels, again.names, again.groups) == (scenarios.labels, scenarios.names, scenarios.groups)
    assert (again.starts is None) == (scenarios.starts is None)
    if again.starts is not None and scenarios.starts is not None:
        assert [s.isoformat() for s in again.starts] == [s.isoformat() for s in scenarios.starts]


def test_a_sheet_holds_text_and_no_formula(tmp_path: Path) -> None:
    import openpyxl

    export(odd_set(), "xlsx", tmp_path / "set.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "set.xlsx")["scenarios"]

    texts = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in texts} == {"s"}
    assert not [cell.value for cell in texts if cell.value.startswith(("=", "+", "-", "@"))]


def test_netcdf_follows_cf(reduction: Reduction, tmp_path: Path) -> None:
    import xarray

    export(reduction, "netcdf", tmp_path / "set.nc")

    with xarray.open_dataset(tmp_path / "set.nc", engine="h5netcdf") as data:
        assert data.attrs["Conventions"] == "CF-1.11"
        assert dict(data.sizes) == {"scenario": 4, "step": 24}
        assert "probability" in data.coords
        assert data["start"].attrs["standard_name"] == "time"
        assert data["start"].values[0] == reduction.scenarios.starts.tz_convert("UTC").tz_localize(None)[0]  # type: ignore[union-attr]


def test_a_fan_that_scenred2_wrote_has_columns_by_number() -> None:
    text = b"# none\n*c\nTYPE FAN\nTIME 2\nSCEN 2\nRANDOM 1\nDATA\n0.25\n1\n2\n0.75\n3\n4\nEND\n"

    table, _ = read_fan(text, "fan.dat")

    assert table.columns.tolist() == ["scenario", "probability", "step", "random_1"]
    assert table["random_1"].tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"TYPE TREE\nNODES 3\nRANDOM 1\nDATA\n* PRED PROB RAND-1\n1 1 0\n1 .5 1\n1 .5 2\nEND",
            "holds TYPE TREE",
        ),
        (b"TYPE FAN\nTIME 2\nSCEN x\nRANDOM 1\nDATA\nEND", "has no SCEN"),
        (b"TYPE FAN\nTIME 2\nSCEN 1\nRANDOM 1\nDATA\n1 2\nEND", "holds 2 numbers"),
        (b"TYPE FAN\nTIME 1\nSCEN 1\nRANDOM 1\nDATA\n1 x\nEND", "holds what is not a number"),
        (b'{"a": 1}', "not a scenario set of version 1"),
        (b'{"scenario_set": 1, "scenarios": [{}]}', "is incomplete"),
        (b"{", "cannot be parsed as JSON"),
        (b'{"scenario_set": 1, "hours": -1, "scenarios": [%b]}' % ONE, "holds a length .* hours is -1"),
        (b'{"scenario_set": 1, "step_seconds": 1e300, "scenarios": [%b]}' % ONE, "holds a length that cannot be read"),
        (b'{"scenario_set": 1, "zone": "No/Where", "scenarios": [%b]}' % ONE, "names the time zone 'No/Where', which"),
        (b"TYPE FAN\nTIME 1\nSCEN 1\nRANDOM 1\nDATA\n* about hours many\n1 2\nEND", "holds a length"),
        (b"PAR1\x15\x04xx", "cannot be read as Parquet"),
        (b"PK\x03\x04xx", "cannot be read as an Excel workbook"),
        (b"\x89HDF\r\n\x1a\nxx", "cannot be read as NetCDF"),
        (b"CDF\x01xx", "cannot be read as NetCDF"),
    ],
)
def test_broken_files_are_refused(data: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(data)

    with pytest.raises(InputError, match=message):
        read_scenarios(tmp_path / "broken")


@pytest.mark.parametrize("to", [name for name, form in FORMATS.items() if form.needs_map])
def test_days_without_their_map_are_refused(to: str, reduction: Reduction, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=f"{to} describes how .* without its period map"):
        export(reduction.scenarios, to, tmp_path / "out")


@pytest.mark.parametrize("to", ["tulipa", "calliope", "oemof"])
def test_weights_that_are_no_counts_are_refused_by_readers_that_count(to: str, reduction: Reduction) -> None:
    other = ScenarioSet(
        reduction.scenarios.columns,
        reduction.scenarios.values,
        np.array([0.25] * 4),
        starts=reduction.scenarios.starts,
    )

    with pytest.raises(RequestError, match=r"scenario '2' has probability 0\.25 where the map gives 0\.35"):
        written(to, other, request_of(other, read_period_map(reduction.to_map()), Exporting()), Exporting())


@pytest.mark.parametrize(
    ("to", "scenarios", "told", "message"),
    [
        ("pypsa", odd_set(), {"step": "1h"}, "reads capacity factors from 0 to 1"),
        ("gams", odd_set(labels=("a", "A", "b")), {}, "is duplicated where case does not count"),
        ("gams", odd_set(labels=("a" * 64, "A", "b")), {}, "is not a label in GAMS"),
        ("gams", odd_set(labels=("a'\"", "A", "b")), {}, "holds both quotes"),
        ("gams", odd_set(), {}, r"a value is -1e-300, which GAMS takes for infinite or for none"),
        ("gams", odd_set(labels=("a %system.date%", "A", "b")), {}, "holds %system.date%, for which GAMS writes"),
        ("gams", odd_set(labels=("ü" * 32, "A", "b")), {}, "allows 63 bytes"),
        ("smps", odd_set(columns=PLAIN), {"entries": {"a": Entry("*x", "b{step}")}}, "means something else"),
        ("smps", odd_set(columns=PLAIN), {"entries": {"a": Entry("SC", "b{step}")}}, "means something else"),
        ("smps", odd_set(), {}, "holds a blank"),
        ("smps", odd_set(), {"entries": {"x": Entry("a", "b")}}, "names column 'x'"),
        ("xlsx", odd_set(labels=("a\x07", "A", "b")), {}, "holds a control character"),
        ("netcdf", odd_set(columns=(Column("a/b"), Column("c"))), {}, "allows no slash"),
        ("scenred2", odd_set(labels=("a\nb", "A", "b")), {}, "holds a line break"),
        ("pgscen", odd_set(), {"step": "1h"}, "start on 3"),
        ("pgscen", odd_set(), {"step": "1h", "date": "2019-01-01"}, "begin at different hours"),
        ("pgscen", odd_set(), {"step": "25h", "date": "2019-01-01"}, "last 1 days 01:00:00"),
        ("pgscen", odd_set(), {"date": "July"}, "is not a date"),
        ("pypsa", odd_set(), {}, "does not say how long a step is"),
        ("pypsa", odd_set(), {"hours": -1.0}, r"needs a finite number above 0"),
        ("json", odd_set(), {"step": "soon"}, "is not a length of time"),
        ("json", odd_set(), {"step": "-1h"}, "needs a length above 0"),
    ],
)
def test_what_a_format_cannot_carry_is_said(
    to: str, scenarios: ScenarioSet, told: dict[str, object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(RequestError, match=message):
        export(scenarios, to, tmp_path / "out", **told)  # type: ignore[arg-type]


def test_a_file_name_stays_in_its_folder() -> None:
    columns = (Column("../wind", "wind"), Column("pv"))
    scenarios = odd_set(columns=columns, starts=None)
    exporting = Exporting(step="1h", date="2019-07-02")

    with pytest.raises(RequestError, match="names no file"):
        written("pgscen", scenarios, request_of(scenarios, None, exporting), exporting)


def test_two_values_for_one_coefficient_are_refused(reduction: Reduction) -> None:
    with pytest.raises(RequestError, match="two values would replace"):
        files("smps", reduction, entries={"wind": Entry("RHS", "row")})


def test_options_belong_to_their_formats(reduction: Reduction, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="value of lost load belongs to genx, not to json"):
        export(reduction, "json", tmp_path / "out", value_of_lost_load=1.0)


def test_unknown_formats_are_listed(reduction: Reduction, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"no format 'dat'; there are: {', '.join(FORMATS)}"):
        export(reduction, "dat", tmp_path / "out")


def test_a_missing_library_is_named(reduction: Reduction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(RequestError, match=r"needs pyarrow, .*'scenred\[parquet\]'"):
        export(reduction.scenarios, "parquet", tmp_path / "out")


def test_a_map_of_another_run_is_refused(reduction: Reduction) -> None:
    wrong = reduction.to_map()
    wrong["scenario"] = 5 - wrong["scenario"]

    with pytest.raises(RequestError, match="no period of the map is scenario '1'"):
        request_of(reduction.scenarios, read_period_map(wrong), Exporting())
    strange = read_period_map(reduction.to_map().replace({"scenario": {2: 9}}))
    with pytest.raises(RequestError, match="names scenario '9'"):
        request_of(reduction.scenarios, strange, Exporting())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scenario": None}, "has no column 'scenario'"),
        ({"distance": [0.0, -1.0]}, "row 1: distance is -1.0"),
        ({"start": ["2019-01-02", "2019-01-01"]}, "row 1: the period starts at"),
    ],
)
def test_tables_that_are_no_map_are_refused(change: dict[str, Any], message: str) -> None:
    table = pd.DataFrame({"period": [1, 2], "scenario": [1, 1], "distance": [0.0, 0.5]})
    for name, cells in change.items():
        table = table.drop(columns=name) if cells is None else table.assign(**{name: cells})

    with pytest.raises(InputError, match=message):
        read_period_map(table)


@pytest.mark.parametrize("to", FORMATS)
def test_every_format_is_on_the_page_with_its_hours(to: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "export.md").read_text(encoding="utf-8")
    formats, _, rest = page.partition("## What the numbers mean")
    hours = rest.partition("## PyPSA")[0]

    assert f"| `{to}` | {'folder' if FORMATS[to].is_folder else 'file'} |" in formats
    assert re.search(rf"^\| .*`{to}`.* \|", hours, re.MULTILINE)
