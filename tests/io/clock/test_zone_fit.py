"""Files whose periods do not follow the zone that is given, or only in part: never a value at another time."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import ScenredError, ScenredWarning, Series, read_input
from scenred.api.inspect import inspect
from scenred.cli.findings import with_flags

Read = Callable[[Path, str], Series]
ReadAsAdvised = Callable[[Path, str], tuple[Series, str]]
Rows = dict[pd.Timestamp, float]
Shape = Callable[[list[tuple[pd.Timestamp, str]]], str]

# Zones with the offset of their standard time, as it is to be named.
ZONES = {
    "Europe/Berlin": "Etc/GMT-1",
    "America/Los_Angeles": "Etc/GMT+8",
    "America/St_Johns": "-03:30",
    "Australia/Adelaide": "+09:30",
    "Pacific/Auckland": "Etc/GMT-12",
    "America/Santiago": "Etc/GMT+4",
    "Europe/London": "UTC",
    "Europe/Dublin": "UTC",
    "Australia/Lord_Howe": "+10:30",
}
OFFSETS = dict(
    zip(
        ZONES,
        ("+01:00", "-08:00", "-03:30", "+09:30", "+12:00", "-04:00", "+00:00", "+00:00", "+10:30"),
        strict=True,
    )
)


def values(times: pd.DatetimeIndex) -> Rows:
    numbers = np.random.default_rng(4).permutation(len(times)) + 1.0
    return dict(zip(times, numbers.tolist(), strict=True))


def stamped(rows: list[tuple[pd.Timestamp, str]]) -> str:
    return "\n".join(["time,wind", *(f"{time:%Y-%m-%d %H:%M},{cell}" for time, cell in rows)]) + "\n"


def ended(rows: list[tuple[pd.Timestamp, str]]) -> str:
    hour = pd.Timedelta("1h")
    return "\n".join(["Hour Ending,wind", *(f"{time + hour:%Y-%m-%d %H:%M},{cell}" for time, cell in rows)]) + "\n"


def counted(rows: list[tuple[pd.Timestamp, str]]) -> str:
    return "\n".join(["Date,Hour,wind", *(f"{time:%Y-%m-%d},{time.hour + 1},{cell}" for time, cell in rows)]) + "\n"


def numbered(rows: list[tuple[pd.Timestamp, str]]) -> str:
    return "\n".join(["Date,Period,wind", *(f"{time:%Y-%m-%d},{time.hour + 1},{cell}" for time, cell in rows)]) + "\n"


def parts(rows: list[tuple[pd.Timestamp, str]]) -> str:
    lines = (f"{time.year},{time.month},{time.day},{time.hour},{cell}" for time, cell in rows)
    return "\n".join(["Year,Month,Day,Hour,wind", *lines]) + "\n"


def across(rows: list[tuple[pd.Timestamp, str]]) -> str:
    lines = ["Date," + ",".join(f"H{hour}" for hour in range(1, 25))]
    days: dict[str, list[str]] = {}
    for time, cell in rows:
        days.setdefault(f"{time:%Y-%m-%d}", [""] * 24)[time.hour] = cell
    return "\n".join([*lines, *(",".join([day, *cells]) for day, cells in days.items())]) + "\n"


SHAPES: dict[str, Shape] = {
    "stamps": stamped,
    "ends": ended,
    "hours": counted,
    "periods": numbered,
    "parts": parts,
    "across": across,
}


def assert_within(series: Series, truth: Rows, column: int = 0) -> None:
    for time, value in zip(series.times(), series.values[:, column].tolist(), strict=True):
        assert truth[time.tz_convert("UTC")] == value, time


def assert_flags_are_true(path: Path, truth: Rows, read: Read, **given: Any) -> None:
    """Read and cut a file by the flags that `inspect` prints, if it prints any: every value is at its time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        found, refusal = inspect(path, **given)
    if "settings" not in found:
        assert refusal is not None
        return
    assert_within(read(path, with_flags(found, refusal, [])["flags"]), truth)
    assert_periods_are_true(path, truth, **found["settings"])


def assert_periods_are_true(path: Path, truth: Rows, **given: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        scenarios = read_input(path, **given)
    assert scenarios.starts is not None
    assert scenarios.step is not None
    for start, period in zip(scenarios.starts, scenarios.values[:, :, 0].tolist(), strict=True):
        times = pd.date_range(start.tz_convert("UTC"), periods=len(period), freq=scenarios.step)
        assert [truth.get(time) for time in times] == period, start


def refusal_of(path: Path, **given: Any) -> ScenredError:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        _, refusal = inspect(path, **given)
    assert refusal is not None
    return refusal


@pytest.mark.parametrize(
    ("shape", "zone"), [(shape, "Europe/Berlin") for shape in SHAPES] + [("stamps", zone) for zone in ZONES]
)
def test_standard_time_all_year_is_named_where_a_zone_does_not_fit(
    shape: str, zone: str, tmp_path: Path, read_by_flags: Read, read_as_advised: ReadAsAdvised
) -> None:
    local = pd.date_range("2021-03-20", "2021-11-10", freq="h", inclusive="left")
    by_clock, offset = values(local), OFFSETS[zone]
    truth = {pd.Timestamp(f"{time}{offset}").tz_convert("UTC"): value for time, value in by_clock.items()}
    path = tmp_path / "file.csv"
    path.write_text(SHAPES[shape]([(time, f"{value:g}") for time, value in by_clock.items()]))

    refused = refusal_of(path, tz=zone, dst="drop", missing="drop", duplicates="first")
    assert_flags_are_true(path, truth, read_by_flags, tz=zone)
    series, flags = read_as_advised(path, f"--tz {zone}")

    assert "standard time" in str(refused)
    assert f"--tz {ZONES[zone]}" in flags
    assert len(series.values) == len(local)
    assert_within(series, truth)


# Morocco puts its clock back in Ramadan only, so that a short file holds both changes.
MOROCCO = "Africa/Casablanca"
LOCAL = pd.date_range("2021-04-05", "2021-05-25", freq="h", inclusive="left", tz=MOROCCO)
TWOFOLD, GAP = pd.Timestamp("2021-04-11 02:00"), pd.Timestamp("2021-05-16 02:00")
Written = list[tuple[pd.Timestamp, str]]


def by_clock(truth: Rows, *, gap: str | None = None, again: str | None = "") -> Written:
    """Return rows by local time: `gap` is written at the hour left out, `again` in place of the second of two."""
    rows: Written = []
    for moment, value in truth.items():
        time = moment.tz_convert(MOROCCO).tz_localize(None)
        if gap is not None and time == GAP + pd.Timedelta("1h"):
            rows.append((GAP, gap))
        if time == TWOFOLD and rows[-1][0] == TWOFOLD:
            rows += [] if again is None else [(time, again or f"{value:g}")]
        else:
            rows.append((time, f"{value:g}"))
    return rows


# How a file of local times may fill the hours at which its clock changes; those that are read at once come first.
FILLED: dict[str, dict[str, Any]] = {
    "as the zone": {},
    "blank in spring": {"gap": " "},
    "filled in spring": {"gap": "0.5"},
    "once in autumn": {"again": None},
    "once in autumn, blank in spring": {"again": None, "gap": " "},
    "filled in spring, once in autumn": {"again": None, "gap": "0.5"},
    "filled in spring, blank in autumn": {"again": " ", "gap": "0.5"},
    "blank again in autumn": {"again": " "},
    "blank twice": {"again": " ", "gap": " "},
}
GIVEN = ("", "--missing drop", "--duplicates last", "--missing drop --duplicates first --sort")


@pytest.mark.parametrize("filled", FILLED)
@pytest.mark.parametrize("shape", SHAPES)
def test_no_value_is_read_at_another_time_whatever_is_at_a_change(
    shape: str, filled: str, tmp_path: Path, read_by_flags: Read
) -> None:
    """A file that holds the periods of a clock that never changes is refused, or read without its odd hours."""
    numbers = values(LOCAL)
    truth = {time.tz_convert("UTC"): value for time, value in numbers.items()}
    rows = by_clock(truth, **FILLED[filled])
    if shape == "across" and len({time for time, _ in rows}) < len(rows):
        pytest.skip("a table of 24 columns has no cell for it")
    path = tmp_path / "file.csv"
    path.write_text(SHAPES[shape](rows))

    for more in GIVEN:
        try:
            series = read_by_flags(path, f"--tz {MOROCCO} {more}")
        except ScenredError:
            assert filled not in ("as the zone", "blank in spring")
            continue
        assert_within(series, truth)
        assert len(series.values) >= len(LOCAL) - 3
        if filled in ("as the zone", "blank in spring"):
            assert len(series.values) == len(LOCAL)
    assert_flags_are_true(path, truth, read_by_flags, tz=MOROCCO)
    assert_flags_are_true(path, truth, read_by_flags, tz=MOROCCO, period="6h", missing="drop")


def passing(truth: Rows, name: str, *, padded: bool = False, without: tuple[int, ...] = ()) -> str:
    """Write hours numbered as they pass in a day, and write an empty 24th row for a day of 23."""
    lines, number = [f"Date,{name},wind"], 0
    for row, (moment, value) in enumerate(truth.items()):
        time = moment.tz_convert(MOROCCO)
        number = 1 if time.hour == 0 else number + 1
        if row not in without:
            lines.append(f"{time:%Y-%m-%d},{number},{value:g}")
        if padded and number == 23 and time.hour == 23:
            lines.append(f"{time:%Y-%m-%d},24,")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", ["Hour", "Period"])
@pytest.mark.parametrize("padded", [True, False])
def test_hours_that_are_numbered_as_they_pass(name: str, padded: bool, tmp_path: Path, read_by_flags: Read) -> None:
    truth = {time.tz_convert("UTC"): value for time, value in values(LOCAL).items()}
    path = tmp_path / "file.csv"
    path.write_text(passing(truth, name, padded=padded))

    series = read_by_flags(path, f"--tz {MOROCCO}")

    assert len(series.values) == len(LOCAL)
    assert_within(series, truth)
    assert_flags_are_true(path, truth, read_by_flags, tz=MOROCCO)


@pytest.mark.parametrize("shape", ["passing", "hours", "stamps", "ends"])
def test_no_missing_row_of_a_changed_day_moves_the_others(shape: str, tmp_path: Path, read_by_flags: Read) -> None:
    truth = {time.tz_convert("UTC"): value for time, value in values(LOCAL).items()}
    path = tmp_path / "file.csv"
    rows = by_clock(truth)
    first = (6 * 24, 41 * 24 + 1)  # of the day of 25 hours, and of 23

    for row in (*range(first[0], first[0] + 6), *range(first[1], first[1] + 6)):
        left = rows[:row] + rows[row + 1 :]
        path.write_text(passing(truth, "Hour", without=(row,)) if shape == "passing" else SHAPES[shape](left))
        try:
            series = read_by_flags(path, f"--tz {MOROCCO} --missing drop")
        except ScenredError:
            assert LOCAL[row].hour == 2  # the other of the two, where nothing else tells which
            continue
        assert_within(series, truth)
        assert len(series.values) >= len(LOCAL) - 2


def test_an_offset_that_does_not_change_is_a_zone(tmp_path: Path, read_by_flags: Read) -> None:
    path = tmp_path / "file.csv"
    path.write_text("time,wind\n2021-01-01 00:00,1\n2021-01-01 01:00,2\n")

    starts = [read_by_flags(path, f"--tz={zone}").start for zone in ("+05:30", "UTC+05:30", "-3:30", "+0530")]

    assert [start.isoformat()[-6:] for start in starts] == ["+05:30", "+05:30", "-03:30", "+05:30"]
