"""What `inspect` prints reads the input in the way it shows: its flags, and a command that runs as it is."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import inspect
from scenred.cli.app import run
from scenred.cli.findings import joined
from scenred.io.records.inspection import Understood
from scenred.io.tables import text

BERLIN = "Europe/Berlin"
Stamp = Callable[[pd.Timestamp, str], str]


def marked(freq: str) -> Iterator[tuple[pd.Timestamp, str]]:
    """Yield local times of Berlin from October on, with A and B for the hour that is repeated."""
    times = pd.date_range("2020-10-01", "2020-11-05", freq=freq, tz=BERLIN, inclusive="left").tz_localize(None)
    series = pd.Series(times)
    pairs = zip(times, series.duplicated(keep=False), series.duplicated(), strict=True)
    yield from ((time, ("B" if is_again else "A") if is_double else "") for time, is_double, is_again in pairs)


STAMPS: dict[str, Stamp] = {
    "marked stamps": lambda t, mark: f"{t:%d.%m.%Y} {t.hour}{mark}:{t:%M}",
    "marked ISO stamps": lambda t, mark: f"{t:%Y-%m-%d} {t:%H}{mark}:{t:%M}",
    "marked clock times": lambda t, mark: f"{t:%d.%m.%Y},{t.hour}{mark}:{t:%M}",
    "marked intervals": lambda t, mark: f"{t:%d.%m.%Y},{t:%H}{mark}:{t:%M}-{t + pd.Timedelta('30min'):%H:%M}",
    "stars": lambda t, mark: f"{t:%Y-%m-%d},{t:%H:%M}{'*' if mark == 'B' else ''}",
    "compact": lambda t, _: f"{t:%Y%m%d%H%M}",
    "twelve hours": lambda t, _: f"{t:%m/%d/%Y %I:%M %p}",
    "parts": lambda t, _: f"{t.year},{t.month},{t.day},{t.hour},{t.minute}",
}


@pytest.mark.parametrize("freq", ["1h", "30min"])
@pytest.mark.parametrize("shape", STAMPS)
def test_flags_read_a_file_without_header_in_the_way_shown(shape: str, freq: str, tmp_path: Path) -> None:
    rows = [f"{STAMPS[shape](time, mark)},{number}.5" for number, (time, mark) in enumerate(marked(freq))]
    path = tmp_path / "bare.csv"
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")

    found, refusal = inspect(path, header="none", tz=BERLIN, dst="drop")
    again, _ = inspect(path, **found["settings"])

    assert refusal is None
    assert found["time"]["first"] == "2020-10-01T00:00:00+02:00"
    assert found["time"]["rows"] == len(rows)
    assert {name: value for name, value in again.items() if name != "notes"} == {
        name: value for name, value in found.items() if name != "notes"
    }


def year(path: Path, columns: list[str], *, start: str = "2019-01-01", blank: bool = False) -> Path:
    times = pd.date_range(start, periods=24 * 30, freq="h")
    values = np.random.default_rng(len(columns)).random((len(times), len(columns))).round(3)
    frame = pd.DataFrame(values, columns=columns).assign(time=times)
    if blank:
        frame.loc[40:44, columns[0]] = np.nan
    path.parent.mkdir(exist_ok=True)
    frame.to_csv(path, index=False)
    return path


def command_of(words: list[str], capfd: pytest.CaptureFixture[str]) -> list[str]:
    """Run `inspect`, and return the words of the command that it prints, as a shell splits them."""
    assert run(["inspect", *words]) in (0, 3)
    line = capfd.readouterr().out.splitlines()[-1]
    assert line.startswith("command: scenred generate ")
    return shlex.split(line.removeprefix("command: "))[1:]


@pytest.mark.parametrize(
    "name", ["a.csv", "with spaces.csv", "über öl.csv", "it's.csv", "-k.csv", "風力.csv", "a&b;c$.csv"]
)
def test_command_runs_for_any_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    year(Path(name), ["Wind [MW]", "pv"], blank=True)

    words = command_of(["--", name], capfd)

    assert run(words) == 0
    assert capfd.readouterr().out.startswith("scenario,probability,start,step,")


def test_command_runs_for_several_files_and_for_a_folder(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one = year(tmp_path / "in" / "one.csv", ["a", "b"])
    other = year(tmp_path / "in" / "other.csv", ["c"])

    for words in ([str(one), str(other)], [str(tmp_path / "in")]):
        assert run(command_of(words, capfd)) == 0


def test_command_runs_for_files_of_different_layout(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one = year(tmp_path / "one.csv", ["a"])
    frame = pd.read_csv(one).rename(columns={"time": "Zeit", "a": "b"})
    frame["Zeit"] = pd.to_datetime(frame["Zeit"]).dt.strftime("%d.%m.%Y %H:%M")
    frame.to_csv(tmp_path / "other.csv", sep=";", decimal=",", index=False)

    assert run(command_of([str(one), str(tmp_path / "other.csv")], capfd)) == 0


def test_command_is_for_standard_input_too(tmp_path: Path) -> None:
    path = year(tmp_path / "a.csv", ["wind"])
    program = [sys.executable, "-m", "scenred"]
    given = path.read_text()
    seen = subprocess.run([*program, "inspect", "-"], input=given, check=True, capture_output=True, text=True)
    command = shlex.split(seen.stdout.splitlines()[-1].removeprefix("command: scenred "))

    done = subprocess.run([*program, *command], input=given, check=True, capture_output=True, text=True)

    assert done.stdout.startswith("scenario,probability,start,step,wind")


def test_names_that_no_terminal_should_see_are_escaped() -> None:
    words = ["--column", "a\x1b]0;b\x07'", "über", "c\nd", "e\udcff"]

    line = joined(words)

    assert line.isprintable()
    shown = subprocess.run(["bash", "-c", f"printf '%s\\0' {line}"], check=True, capture_output=True).stdout
    assert shown == b"\0".join(word.encode("utf-8", "surrogateescape") for word in words) + b"\0"


def test_flags_that_would_read_otherwise_are_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = year(tmp_path / "a.csv", ["wind"])
    true = Understood.settings
    monkeypatch.setattr(Understood, "settings", lambda self: true(self) | {"stamp": "end"})

    assert run(["inspect", str(path), "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert run(["inspect", str(path)]) == 0
    shown = capfd.readouterr().out

    assert "the first step of 0 days 01:00:00 begins at 2018-12-31 23:00:00" in found["not_reproduced"]
    assert not {"flags", "command"} & set(found)
    assert "flags: none that read the input in this way" in shown
    assert "command:" not in shown


def test_second_reading_does_not_parse_the_cells_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    true = text._parse

    def counted(*given: Any) -> pd.DataFrame:
        calls.append(given)
        return true(*given)

    monkeypatch.setattr(text, "_parse", counted)

    inspect(year(tmp_path / "a.csv", ["wind"], blank=True))

    assert len(calls) == 1


def test_refusal_is_printed_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = year(tmp_path / "a.csv", ["wind"], blank=True)

    assert run(["inspect", str(path)]) == 3

    out, err = capfd.readouterr()
    assert (out.count("is empty"), err.count("is empty")) == (0, 1)
    assert out.startswith("refused as given; read so with the flags below")


def test_rows_without_times_have_no_stamps(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["wind", *map(str, np.linspace(0, 1, 72).round(3)), ""]), encoding="utf-8")

    assert run(["inspect", str(path), "--start", "2019-01-01"]) == 0

    assert "time: none, rows follow each other at a step of 1h" in capfd.readouterr().out
