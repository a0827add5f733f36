"""An export takes step, capacities, kinds, zone and origin from the manifest next to the table."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, ScenredWarning, export, read_scenarios, sample
from scenred.cli.app import run

# The default of pandas 2 may miss the last digit; pandas 3 is exact.
EXACT: dict[str, Any] = {"float_precision": "round_trip"} if pd.__version__ < "3" else {}


def read_csv(path: Path, **options: Any) -> pd.DataFrame:
    frame: pd.DataFrame = pd.read_csv(path, **EXACT, **options)
    return frame


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Quarters of hours in MW and a zone, reduced by the command to a table with its map and manifest."""
    folder = tmp_path_factory.mktemp("run")
    times = pd.date_range("2023-03-20", "2023-04-02", freq="15min", inclusive="left", tz="Europe/Berlin")
    draw = np.random.default_rng(3).random((len(times), 3))
    frame = pd.DataFrame({"north": 250 * draw[:, 0], "pv": 80 * draw[:, 1], "load": 900 + draw[:, 2]}, index=times)
    frame.rename_axis("time").reset_index().to_csv(folder / "year.csv", index=False)
    flags = ["--tz", "Europe/Berlin", "--dst", "drop", "--wind", "north", "--pv", "pv", "--column", "load"]
    flags += ["--capacity", "north=250", "--capacity", "pv=80", "--capacity", "load=1000"]
    table = str(folder / "s.csv")
    assert (
        run(
            ["generate", str(folder / "year.csv"), "-k", "2", *flags, "-o", table, "--map", str(folder / "m.csv"), "-q"]
        )
        == 0
    )
    return folder


def copied(folder: Path, tmp_path: Path, **changes: object) -> Path:
    """Copy table and manifest, with changes to the manifest."""
    (tmp_path / "s.csv").write_bytes((folder / "s.csv").read_bytes())
    content = json.loads((folder / "s.manifest.json").read_text())
    (tmp_path / "s.manifest.json").write_text(json.dumps(content | changes))
    return tmp_path / "s.csv"


def test_step_and_capacities_need_not_be_repeated(folder: Path, tmp_path: Path) -> None:
    with pytest.warns(ScenredWarning, match="tells the capacity of north, pv"):
        export(folder / "s.csv", "pypsa", tmp_path / "out")

    snapshots = read_csv(tmp_path / "out" / "snapshots.csv")
    factors = read_csv(tmp_path / "out" / "generators.p_max_pu.csv", header=[0, 1], index_col=0)
    loads = read_csv(tmp_path / "out" / "loads.p_set.csv", header=[0, 1], index_col=0)
    scenarios = read_scenarios(folder / "s.csv")
    assert snapshots["stores"].eq(0.25).all()
    assert factors["1", "north"].tolist() == (scenarios.values[0, :, 0] / 250).tolist()
    # the capacity of a load scales the metric; models read megawatts
    assert loads["1", "load"].tolist() == scenarios.values[0, :, 2].tolist()


def test_capacities_that_are_given_count(folder: Path, tmp_path: Path) -> None:
    export(folder / "s.csv", "pypsa", tmp_path / "out", capacity={"north": 500.0, "pv": 100.0})

    factors = read_csv(tmp_path / "out" / "generators.p_max_pu.csv", header=[0, 1], index_col=0)
    assert factors["1", "north"].tolist() == (read_scenarios(folder / "s.csv").values[0, :, 0] / 500).tolist()


def test_zone_and_origin_are_told(folder: Path, tmp_path: Path) -> None:
    with pytest.warns(ScenredWarning, match="tells the capacity"):
        export(folder / "s.csv", "json", tmp_path / "s.json")

    content = json.loads((tmp_path / "s.json").read_text())

    assert (content["zone"], content["step_seconds"]) == ("Europe/Berlin", 900.0)
    assert content["written_by"].startswith("scenred ")
    assert content["source"].endswith("year.csv")
    manifest = json.loads((folder / "s.manifest.json").read_text())
    assert content["source_sha256"] == manifest["input"]["sha256"]
    options = json.loads(content["options"])
    assert options["n_scenarios"] == 2
    assert "seed" not in options  # the default


def test_kinds_are_those_of_the_run(folder: Path, tmp_path: Path) -> None:
    with pytest.warns(ScenredWarning, match="tells the capacity"):
        export(folder / "s.csv", "pgscen", tmp_path / "out", date="2030-07-02")

    assert [path.name for path in (tmp_path / "out").glob("*/wind/*")] == ["north.csv"]


@pytest.mark.parametrize("to", ["netcdf", "parquet", "xlsx", "json", "scenred2"])
def test_the_origin_goes_on_from_format_to_format(to: str, folder: Path, tmp_path: Path) -> None:
    with pytest.warns(ScenredWarning, match="tells the capacity"):
        export(folder / "s.csv", to, tmp_path / "set")
    export(tmp_path / "set", "gams", tmp_path / "set.inc")

    manifest = json.loads((folder / "s.manifest.json").read_text())
    assert f"* source_sha256 {manifest['input']['sha256']}\n" in (tmp_path / "set.inc").read_text()


def test_a_hash_of_another_table_is_not_used(folder: Path, tmp_path: Path) -> None:
    table = copied(folder, tmp_path, outputs={"table": {"name": "s.csv", "sha256": "0" * 64}})

    with pytest.warns(ScenredWarning, match=r"s\.manifest\.json is not used"):
        export(table, "json", tmp_path / "s.json")


def test_what_is_no_json_is_refused(folder: Path, tmp_path: Path) -> None:
    table = copied(folder, tmp_path)
    (tmp_path / "s.manifest.json").write_text("{")

    with pytest.raises(InputError, match=r"s\.manifest\.json: is not a manifest that can be read"):
        export(table, "json", tmp_path / "s.json")


def test_json_of_another_kind_is_left(folder: Path, tmp_path: Path) -> None:
    table = copied(folder, tmp_path)
    (tmp_path / "s.manifest.json").write_text('{"name": "x"}')

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        export(table, "json", tmp_path / "s.json")


def test_a_sample_in_memory_is_not_divided_by_the_largest_value_that_was_seen(tmp_path: Path) -> None:
    past = str(Path(__file__).parents[3] / "data" / "sample" / "forecast_actual.csv")
    drawn = sample(past, past, 5, day="2019-12-01", margins="empirical", dependence="schaake")

    export(drawn.scenarios, "pypsa", tmp_path / "out")

    factors = read_csv(tmp_path / "out" / "generators.p_max_pu.csv", header=[0, 1], index_col=0)
    assert factors["1", "wind"].tolist() == drawn.scenarios.values[0, :, 0].tolist()


def test_a_sample_brings_its_step_and_capacities(tmp_path: Path) -> None:
    past = str(Path(__file__).parents[3] / "data" / "sample" / "forecast_actual.csv")
    flags = ["--history", past, "--day", "2019-12-01", "-n", "5", "--margins", "empirical", "--dependence", "schaake"]
    table = str(tmp_path / "drawn.csv")
    assert run(["sample", past, *flags, "-o", table, "-q"]) == 0
    content = json.loads((tmp_path / "drawn.manifest.json").read_text())
    export(table, "pypsa", tmp_path / "inferred")
    content["options"]["capacity"] = {"wind": 2.0}
    (tmp_path / "drawn.manifest.json").write_text(json.dumps(content))

    with pytest.warns(ScenredWarning, match="tells the capacity of wind"):
        export(table, "json", tmp_path / "drawn.json")

    # the largest value that was seen is no capacity
    factors = read_csv(tmp_path / "inferred" / "generators.p_max_pu.csv", header=[0, 1], index_col=0)
    assert factors["1", "wind"].tolist() == read_scenarios(table).values[0, :, 0].tolist()
    written = json.loads((tmp_path / "drawn.json").read_text())
    assert written["step_seconds"] == content["result"]["step_seconds"]
    assert written["columns"][0]["capacity"] == 2.0
    assert written["source"].endswith("forecast_actual.csv")
    Path(table).write_text(Path(table).read_text() + "\n")
    with pytest.warns(ScenredWarning, match="is not used"):
        export(table, "json", tmp_path / "drawn.json")
