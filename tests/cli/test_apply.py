"""The command `scenred apply`: the same dates and probabilities with other columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred.cli.app import run
from scenred.io.tables.text import EXACT

Frame = Callable[..., pd.DataFrame]


@pytest.fixture
def manifest(tmp_path: Path, hourly_frame: Frame) -> Path:
    hourly_frame(24 * 20).to_csv(tmp_path / "year.csv", index=False)
    flags = ["-k", "4", "--group-by", "weekday", "--keep", "min:wind"]
    run(["generate", str(tmp_path / "year.csv"), "-k", "8", *flags[2:], "-o", str(tmp_path / "s.csv")])
    return tmp_path / "s.manifest.json"


@pytest.fixture
def load(tmp_path: Path) -> Path:
    """Write a load at half hours that begins a day earlier and ends two later than the weather."""
    times = pd.date_range("2019-06-30", periods=48 * 23, freq="30min")
    pd.DataFrame({"time": times, "load": np.arange(len(times)) + 0.25}).to_csv(tmp_path / "load.csv", index=False)
    return tmp_path / "load.csv"


def test_other_columns_get_the_same_scenarios(
    manifest: Path, load: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["apply", str(manifest), str(load)]) == 0

    out, err = capfd.readouterr()
    table, weather = pd.read_csv(StringIO(out)), pd.read_csv(tmp_path / "s.csv")
    truth = pd.read_csv(load, parse_dates=["time"]).set_index("time")["load"]
    assert err == ""
    assert list(table.columns) == ["scenario", "probability", "start", "group", "step", "load"]
    head = ["scenario", "probability", "start", "group"]
    ours, theirs = (one[head].drop_duplicates().to_numpy().tolist() for one in (table, weather))
    assert ours == theirs
    for start, rows in table.groupby("start"):
        stamps = pd.date_range(str(start), periods=48, freq="30min")
        assert rows["load"].tolist() == truth[stamps].tolist()


def test_its_own_input_gives_the_same_table(manifest: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["apply", str(manifest), str(tmp_path / "year.csv"), "-o", str(tmp_path / "again.csv")]) == 0

    assert capfd.readouterr().out == ""
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "s.csv").read_bytes()


@pytest.mark.parametrize("first", ["2019-03-25", "2019-10-21"])
@pytest.mark.parametrize("dst", ["regular", "keep-utc", "drop"])
def test_days_on_which_the_clock_changes_are_those_of_the_reduction(first: str, dst: str, tmp_path: Path) -> None:
    times = pd.date_range(first, periods=24 * 13 + 1, freq="h", tz="Europe/Berlin")
    frame = pd.DataFrame({"time": [time.isoformat() for time in times], "wind": np.arange(len(times)) % 89 / 88})
    frame.to_csv(tmp_path / "berlin.csv", index=False)
    source, told = str(tmp_path / "berlin.csv"), ["--tz", "Europe/Berlin"]
    run(["generate", source, "-k", "9", *told, "--dst", dst, "-o", str(tmp_path / "s.csv")])

    returned = run(["apply", str(tmp_path / "s.manifest.json"), source, *told, "-o", str(tmp_path / "again.csv")])

    assert returned == 0
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "s.csv").read_bytes()


@pytest.mark.parametrize("day", ["2019-03-31", "2019-10-27"])
def test_quarters_of_a_regular_day_are_told_by_the_clock(
    day: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hours = pd.date_range(pd.Timestamp(day) - pd.Timedelta("2D"), periods=120, freq="h", tz="Europe/Berlin")
    quarters = pd.date_range(hours[0], hours[-1] + pd.Timedelta("45min"), freq="15min")
    for name, times in (("wind", hours), ("load", quarters)):
        texts = [time.isoformat() for time in times]
        pd.DataFrame({"time": texts, name: np.arange(len(times)) / len(times)}).to_csv(
            tmp_path / f"{name}.csv", index=False
        )
    flags = ["--tz", "Europe/Berlin", "--dst", "regular"]
    picked = ["-k", "1", "--include", day, "-o", str(tmp_path / "s.csv")]
    run(["generate", str(tmp_path / "wind.csv"), *picked, *flags])
    capfd.readouterr()

    assert run(["apply", str(tmp_path / "s.manifest.json"), str(tmp_path / "load.csv"), *flags]) == 0

    load = pd.Series(np.arange(len(quarters)) / len(quarters), index=quarters).loc[day:day]
    by_clock = load.groupby([f"{time:%H:%M}" for time in load.index]).first()
    clock = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45)]
    truth = [by_clock.get(one, by_clock["01" + one[2:]]) for one in clock]
    table = pd.read_csv(StringIO(capfd.readouterr().out), **EXACT)
    assert table["load"].tolist() == truth


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("{folder}/none.json {folder}/load.csv", 3, "there is no such file"),
        ("{folder}/load.csv {folder}/load.csv", 3, "is not a manifest of scenred"),
        ("{folder}/empty.json {folder}/load.csv", 3, "is not a manifest of scenred"),
        ("{folder}/undated.json {folder}/load.csv", 3, "its scenarios have no dates"),
        ("{folder}/long.json {folder}/load.csv", 4, "has 1104 steps and a scenario of"),
        ("{folder}/negative.json {folder}/load.csv", 3, "a length or a probability that cannot be read"),
        ("{folder}/s.manifest.json {folder}/s.csv", 4, "is a scenario table"),
        ("{folder}/s.manifest.json {folder}/short.csv", 4, "does not hold the periods of 2019-07-"),
        ("{folder}/s.manifest.json {folder}/zoned.csv", 4, "knows its offset from UTC"),
        ("{folder}/s.manifest.json {folder}/coarse.csv", 4, "does not divide scenarios of 1 days"),
        ("{folder}/s.manifest.json {folder}/load.csv --column lod", 4, "did you mean 'load'?"),
        ("{folder}/s.manifest.json {folder}/load.csv -o {folder}/load.csv", 2, "replace its own input"),
        ("{folder}/s.manifest.json {folder}/load.csv -o {folder}/none/x.csv", 6, "No such file"),
        (
            "{folder}/s.manifest.json {folder}/load.csv --dst drop",
            2,
            "were cut without --dst, and --dst is given",
        ),
        ("- -", 2, "are both standard input"),
    ],
)
def test_refusal_is_one_line(
    manifest: Path,
    load: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    arguments: str,
    code: int,
    message: str,
) -> None:
    frame = pd.read_csv(load)
    frame.iloc[: 48 * 4].to_csv(tmp_path / "short.csv", index=False)
    frame.assign(time=frame["time"] + "Z").to_csv(tmp_path / "zoned.csv", index=False)
    coarse = pd.date_range("2019-06-30", periods=40, freq="7h")
    pd.DataFrame({"time": coarse, "load": np.arange(40.0)}).to_csv(tmp_path / "coarse.csv", index=False)
    (tmp_path / "empty.json").write_text("{}")
    content = json.loads(manifest.read_text())
    for name, steps in (("long", 10**6), ("negative", -24)):
        changed = content | {"periods": content["periods"] | {"steps": steps}}
        (tmp_path / f"{name}.json").write_text(json.dumps(changed))
    for row in content["scenarios"]:
        row["start"] = None
    (tmp_path / "undated.json").write_text(json.dumps(content))
    before = sorted(path.name for path in tmp_path.iterdir())

    returned = run(["apply", *arguments.format(folder=tmp_path).split()])

    out, err = capfd.readouterr()
    assert (returned, out) == (code, "")
    assert err.startswith("scenred: ")
    assert err.count("\n") == 1
    assert message in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before
