"""A name that a format cannot carry is refused with a new name, with which the export works."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import Column, Entry, RequestError, ScenarioSet, UsageError, export, read_scenarios
from scenred.cli.app import run
from scenred.errors import Setting


def named(columns: tuple[str, ...], labels: tuple[str, ...]) -> ScenarioSet:
    values = np.random.default_rng(1).random((len(labels), 24, len(columns)))
    kinds = [Column(name, "wind") for name in columns]
    shares = np.full(len(labels), 1 / len(labels))
    starts = pd.DatetimeIndex(["2019-01-01"] * len(labels))
    return ScenarioSet(tuple(kinds), values, shares, labels, starts, pd.Timedelta("1h"))


def followed(scenarios: ScenarioSet, to: str, path: Path) -> dict[str, str]:
    """Export, following the advice of each refusal, and return the new names that it took."""
    names: dict[str, str] = {}
    for _ in range(6):
        try:
            export(scenarios, to, path, rename=names or None)
        except RequestError as error:
            refusal = error
        else:
            return names
        assert isinstance(refusal.advice, tuple)
        (advised,) = [part for part in refusal.advice if isinstance(part, Setting)]
        assert advised.option == "rename"
        assert isinstance(advised.value, dict)
        names |= advised.value
    raise AssertionError(names)


CASES = [
    ("netcdf", ("wind/MW", "wind_MW"), ("1", "2"), "wind/MW"),
    ("xlsx", ("wind",), ("a\x01", "2"), "a\x01"),
    ("scenred2", ("wind\nMW",), ("1", "2"), "wind\nMW"),
    ("gams", ("größe" * 20,), ("1", "2"), "größe" * 20),
    ("gams", ("Wind", "wind"), ("1", "2"), "Wind"),
    ("gams", ("wind",), ("1", "s1"), "1"),
    ("gams", ("'wind\"",), ("1", "2"), "'wind\""),
    ("gams", ("%wind%",), ("1", "2"), "%wind%"),
    ("smps", ("wind",), ("day one", "2"), "day one"),
    ("smps", ("wind north",), ("1", "2"), "wind north"),
    ("pgscen", ("wind north", "wind_north"), ("1", "2"), "wind_north"),
    ("pgscen", ("../wind",), ("1", "2"), "../wind"),
]


@pytest.mark.parametrize(("to", "columns", "labels", "old"), CASES)
def test_the_name_that_a_refusal_advises_works(
    to: str, columns: tuple[str, ...], labels: tuple[str, ...], old: str, tmp_path: Path
) -> None:
    taken = followed(named(columns, labels), to, tmp_path / "out")

    assert list(taken) == [old]
    assert (tmp_path / "out").exists()


def test_columns_and_scenarios_are_called_anew(tmp_path: Path) -> None:
    export(named(("wind (MW)",), ("1", "2")), "json", tmp_path / "s.json", rename={"wind (MW)": "wind", "2": "calm"})

    again = read_scenarios(tmp_path / "s.json")

    assert (again.names, again.labels) == (["wind"], ("1", "calm"))


def test_other_options_name_columns_as_the_table_does(tmp_path: Path) -> None:
    entries = {"wind (MW)": Entry("RHS", "row_{step}")}

    export(named(("wind (MW)",), ("1", "2")), "smps", tmp_path / "s.sto", rename={"wind (MW)": "wind"}, entries=entries)

    assert "row_0" in (tmp_path / "s.sto").read_text()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"wnd": "x"}, "no column, scenario or group is called 'wnd'; did you mean 'wind'"),
        ({"wind": "pv"}, "a second column would be called 'pv'"),
        ({"1": "2"}, "a second scenario would be called '2'"),
    ],
)
def test_names_that_are_not_there_or_taken_are_refused(names: dict[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message):
        export(named(("wind", "pv"), ("1", "2")), "json", tmp_path / "s.json", rename=names)


def test_the_command_line_advises_a_flag_that_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    named(("wind north/MW",), ("1", "2")).to_frame().to_csv("s.csv", index=False)
    words = ["export", "s.csv", "--to", "netcdf", "-o", "s.nc"]
    assert run(words) == 4
    advice = capsys.readouterr().err.rpartition("export with ")[2]

    assert run([*words, *shlex.split(advice)]) == 0

    assert read_scenarios("s.nc").names == ["wind_north_MW"]
