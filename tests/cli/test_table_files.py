"""A scenario table has the format that the ending of its name says, from every command that writes one."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import ScenarioSet, read_scenarios
from scenred.cli.app import run

BEGINS = {".nc": b"\x89HDF", ".parquet": b"PAR1", ".xlsx": b"PK\x03\x04", ".json": b'{"kind": "scenario_set"'}
COMMANDS = {
    "generate": "generate year.csv -k 3 --tz Europe/Berlin --dst drop -q",
    "apply": "apply s.manifest.json year.csv --tz Europe/Berlin --column load -q",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with hourly series of a zone whose clock changes."""
    hours = pd.date_range("2023-06-20", "2023-07-20", freq="h", tz="Europe/Berlin", inclusive="left")
    draw = np.random.default_rng(7).random((len(hours), 2)).round(3)
    frame = pd.DataFrame({"time": [hour.isoformat() for hour in hours], "wind": draw[:, 0], "load": 900 + draw[:, 1]})
    frame.to_csv(tmp_path / "year.csv", index=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(line: str, output: str) -> ScenarioSet:
    assert run([*line.split(), "-o", output]) == 0
    return read_scenarios(output)


@pytest.mark.parametrize("ending", BEGINS)
@pytest.mark.parametrize("command", ["generate", "apply"])
def test_a_table_has_the_format_of_its_ending(command: str, ending: str, here: Path) -> None:
    plain = written(COMMANDS["generate"], "s.csv")
    plain = written(COMMANDS[command], "plain.csv") if command != "generate" else plain

    found = written(COMMANDS[command], f"t{ending}")

    assert (here / f"t{ending}").read_bytes().startswith(BEGINS[ending])
    assert np.array_equal(found.values, plain.values)
    assert np.array_equal(found.probabilities, plain.probabilities)
    assert (found.labels, found.stamps, found.names) == (plain.labels, plain.stamps, plain.names)
    assert (found.zone, found.step) == ("Europe/Berlin", pd.Timedelta("1h"))
    if command == "generate":
        assert (here / f"t{ending}.manifest.json").exists()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("ending", BEGINS)
def test_a_sample_has_the_format_of_its_ending(ending: str, sample_path: Path) -> None:
    past = (sample_path.parent / "forecast_actual.csv").read_text().splitlines()
    Path("past.csv").write_text("\n".join(past[: 1 + 60 * 24]) + "\n")
    line = "sample past.csv --history past.csv --day 2019-02-20 -n 4 --margins empirical -q"

    plain, found = written(line, "s.csv"), written(line, f"t{ending}")

    assert np.array_equal(found.values, plain.values)
    assert found.stamps == plain.stamps


@pytest.mark.usefixtures("here")
def test_sites_have_the_format_of_the_ending_each() -> None:
    year = pd.read_csv("year.csv").rename(columns={"wind": "wind_north", "load": "load_north"})
    year.assign(wind_south=year["wind_north"] / 2).to_csv("sites.csv", index=False)

    code = run(["generate", "sites.csv", "-k", "2", "--tz", "Europe/Berlin", "--separate", "-q", "-o", "out.parquet"])

    assert code == 0
    assert {site: read_scenarios(f"out.{site}.parquet").n_scenarios for site in ("north", "south")} == dict.fromkeys(
        ("north", "south"), 2
    )


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("generate year.csv -k 3 -o s.xls", 2, "s.xls: there is no way to write a scenario table as .xls"),
        ("generate year.csv -k 3 -o s.csv.gz", 2, "name a file that ends in .csv, .nc, .parquet, .xlsx, .json"),
        ("generate year.csv -k 3 --layout wide -o s.nc", 2, "the layout is wide and .nc holds the long one"),
        ("generate year.csv -k 3 -o s.csv --map map.xlsx", 2, "map.xlsx: this result is text"),
        ("generate year.csv -k 3 -o s.csv --manifest m.parquet", 2, "m.parquet: this result is text"),
        (
            "curve year.csv -o curve.xlsx",
            2,
            "curve.xlsx: this result is text, and .xlsx is",
        ),
        ("evaluate s.csv year.csv -o card.parquet", 2, "this result is text"),
        ("compare year.csv -o table.xlsx", 2, "this result is text"),
        ("quantize --distribution norm -n 4 -o q.nc", 2, "this result is text"),
        ("backtest year.csv -o b.h5", 2, "this result is text"),
    ],
)
def test_no_text_gets_the_name_of_another_format(
    words: str, code: int, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words.split()) == code

    assert message in capsys.readouterr().err
    assert {path.name for path in here.iterdir()} == {"year.csv"}


@pytest.mark.parametrize(("module", "ending"), [("pyarrow", "parquet"), ("xarray", "nc"), ("h5netcdf", "nc")])
def test_a_missing_extra_is_told_before_the_work(
    module: str, ending: str, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    code = run(["generate", "year.csv", "-k", "3", "--tz", "Europe/Berlin", "-o", f"s.{ending}"])

    assert code == 4
    assert f"needs {module}, which is not installed here" in capsys.readouterr().err
    assert {path.name for path in here.iterdir()} == {"year.csv"}
