"""`scenred export`: what it writes, and how it refuses."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import generate
from scenred.cli.app import run
from scenred.io.exports.formats import FORMATS

Outcome = tuple[int, str, str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder that holds a scenario table and its map."""
    hours = pd.date_range("2019-01-01", periods=24 * 20, freq="h")
    values = [(number * 37 % 101) / 101 for number in range(len(hours))]
    frame = pd.DataFrame({"wind": values, "load": [900 + 100 * value for value in values]}, index=hours)
    reduction = generate(frame, 3, metric="pointwise")
    (tmp_path / "s.csv").write_text(reduction.to_frame().to_csv(index=False))
    (tmp_path / "m.csv").write_text(reduction.to_map().to_csv(index=False))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(capsys: pytest.CaptureFixture[str], *words: str) -> Outcome:
    code = run(["export", *words])
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.mark.parametrize("to", [name for name in FORMATS if name not in ("pypsa-netcdf", "gdx")])  # tests/clients
def test_every_format_says_only_which_hours_it_stands_for(
    here: Path, capsys: pytest.CaptureFixture[str], to: str
) -> None:
    day = (
        ["--date", "2030-07-02"]
        if to in ("pgscen", "plexos")
        else ["--capacity", "load=1000"]
        if to == "sienna"
        else []
    )

    code, out, err = call(capsys, "s.csv", "--map", "m.csv", "--to", to, "-o", "out", *day)

    counted = {"calliope": "Calliope counts the 20 dates of the map, 480 h", "tsam": "tsam counts the 20 periods"}
    said = counted.get(to, "stand for 8760 h; choose others with --hours")
    assert (code, out, err.count("\n")) == (0, "", 1)
    assert said in err
    assert (here / "out").is_dir() == FORMATS[to].is_folder
    assert {path.name for path in here.iterdir()} == {"s.csv", "m.csv", "out"}


@pytest.mark.usefixtures("here")
def test_a_single_file_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "s.csv", "--to", "scenred2", "-o", "-", "--hours", "24")

    assert (code, err) == (0, "")
    assert out.startswith("TYPE FAN\n")
    assert out.endswith("END\n")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["s.csv", "--to", "dat", "-o", "out"], 2, f"there are: {', '.join(FORMATS)}"),
        (["s.csv", "--to", "genx", "-o", "out"], 4, "without its period map"),
        (["s.csv", "--to", "genx", "-o", "-", "--map", "m.csv"], 2, "which standard output cannot take"),
        (["s.csv", "--to", "genx", "-o", "out", "--map", "s.csv"], 3, "is not a period map"),
        (["s.csv", "--to", "genx", "-o", "out", "--map", "none.csv"], 3, "no such file"),
        (["m.csv", "--to", "json", "-o", "out"], 3, "is not a scenario table"),
        (["s.csv", "--to", "json", "-o", "s.csv"], 2, "would replace its own input s.csv"),
        (["s.csv", "--to", "json", "-o", "none/out"], 6, "cannot be written"),
        (["s.csv", "--to", "pypsa", "-o", "none/out"], 6, "cannot be written"),
        (["s.csv", "--to", "json", "-o", ""], 2, "has an empty name"),
        (["-", "--to", "genx", "-o", "out", "--map", "-"], 2, "both standard input"),
        (["s.csv", "--to", "json", "-o", "out", "--voll", "3"], 2, "value of lost load belongs to genx"),
        (["s.csv", "--to", "smps", "-o", "out", "--entry", "wind=RHS"], 2, "NAME=COLUMN:ROW"),
        (["s.csv", "--to", "smps", "-o", "out", "--entry", "wind=a:b:x"], 2, "NAME=COLUMN:ROW"),
        (["s.csv", "--to", "smps", "-o", "out", "--entry", "win=a:b{step}"], 4, "did you mean 'wind'"),
        (
            ["s.csv", "--to", "smps", "-o", "out", "--entry", "wind=RHS:b{step}:nan"],
            4,
            "needs a finite factor",
        ),
        (
            ["s.csv", "--to", "tulipa", "--map", "m.csv", "-o", "out", "--year", "0"],
            4,
            "at least 1 and at most 9999",
        ),
        (["s.csv", "--to", "pypsa", "-o", "out", "--capacity", "wind=0.5"], 4, "reads capacity factors"),
        (["s.csv", "--to", "pypsa", "-o", "."], 2, "scenred did not write"),
        (["s.csv", "--to", "json", "-o", "out", "--column", "win"], 4, "did you mean 'wind'"),
    ],
)
def test_bad_requests_are_one_line_and_write_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, message: str
) -> None:
    found, out, err = call(capsys, *words)

    assert (found, out, err.count("\n")) == (code, "", 1)
    assert message in err
    assert {path.name for path in here.iterdir()} == {"s.csv", "m.csv"}


def test_a_missing_extra_is_named(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)

    code, _, err = call(capsys, "s.csv", "--to", "netcdf", "-o", "out")

    assert code == 4
    assert "pip install 'scenred[netcdf]'" in err
    assert not (here / "out").exists()


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        ("2023-06-01", "2025-01-01", 8760),  # of two years, though the scenario is of the second
        ("2024-01-01", "2025-01-01", 8784),
        ("2024-01-01", "2025-01-01 01:00", 8784),  # and the first row of the next
        ("2024-03-01", "2024-06-01", 8784),
    ],
)
def test_the_year_is_that_of_the_series_also_without_its_map(
    first: str,
    last: str,
    hours: float,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    times = pd.date_range(first, last, freq="h", inclusive="left")
    pd.DataFrame({"time": times, "wind": np.arange(len(times)) % 37 / 37}).to_csv(tmp_path / "year.csv", index=False)
    monkeypatch.chdir(tmp_path)
    assert run(["generate", "year.csv", "-k", "1", "--include", "2024-04-05", "-q", "-o", "s.csv"]) == 0

    assert run(["export", "s.csv", "--to", "json", "-o", "s.json"]) == 0

    assert f"stand for {hours} h" in capsys.readouterr().err
