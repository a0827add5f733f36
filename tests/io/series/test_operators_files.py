"""Dirt of files that operators publish: marks, trailers, titles and clocks that a careless reader takes wrongly."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, Reading, ScenredWarning, Series, read_series
from scenred.api.inputs import InputOptions

BERLIN = "Europe/Berlin"
WINTER = pd.date_range("2020-02-01", periods=96, freq="1h")
AUTUMN = pd.date_range("2020-10-23", "2020-10-28", freq="15min", inclusive="left", tz=BERLIN)


def values(times: pd.DatetimeIndex) -> list[float]:
    return [float(value) for value in np.random.default_rng(3).uniform(1, 900, len(times)).round(1)]


def written(
    path: Path, header: str, times: pd.DatetimeIndex, row: Callable[[pd.Timestamp], str], below: str = ""
) -> Path:
    """Write a file whose rows are `row(time)` and then a value."""
    rows = [f"{row(time)},{value}" for time, value in zip(times, values(times), strict=True)]
    path.write_text("\n".join([header, *rows]) + "\n" + below)
    return path


def read(path: Path, **keywords: Any) -> Series:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        return read_series(path, reading=InputOptions.of({}, keywords).reading)


def assert_is(series: Series, times: pd.DatetimeIndex) -> None:
    assert (series.times().as_unit("us") == times.as_unit("us")).all()
    assert [column.name for column in series.columns] == ["wind"]
    assert series.values[:, 0].tolist() == values(times)


@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("Time (UTC)", "+00:00"),
        ("Time (UTC-5)", "-05:00"),
        ("Starttime UTC+02:00", "+02:00"),
        ("Data/Hora (GMT-3)", "-03:00"),
        ("local_time_utc_minus_5", "-05:00"),
        ("Timestamp [UTC+9:30]", "+09:30"),
    ],
)
def test_the_offset_in_the_name_of_the_clock_counts(name: str, offset: str, tmp_path: Path) -> None:
    path = written(tmp_path / "file.csv", f"{name},wind", WINTER, str)
    true = pd.DatetimeIndex([pd.Timestamp(f"{time}{offset}") for time in WINTER])

    assert_is(read(path), true)
    assert_is(read(path, tz="America/Chicago"), true.tz_convert("America/Chicago"))
    if offset != "+00:00":
        with pytest.warns(ScenredWarning, match="hours from UTC, as the name of"):
            read_series(path)


@pytest.mark.parametrize("name", ["timestamp_local_with_utc_offset", "Local time (not UTC)"])
def test_a_name_that_denies_utc_is_not_a_zone(name: str, tmp_path: Path) -> None:
    assert_is(read(written(tmp_path / "file.csv", f"{name},wind", WINTER, str)), WINTER)


MARKED: dict[str, Callable[[pd.Timestamp, bool], str]] = {
    "bare": lambda t, _: f"{t:%d.%m.%Y %H:%M}",
    "2A and 2B": lambda t, twice: f"{t:%d.%m.%Y} {t.hour}{('A' if t.dst() else 'B') if twice else ''}:{t:%M}:00",
    "02* and 02:00 DST": lambda t, twice: f"{t:%Y-%m-%d %H:%M}" + (" DST" if twice and not t.dst() else ""),
    "CEST on that day": lambda t, _: f"{t:%d.%m.%Y %H:%M}" + (f" ({t:%Z})" if t.day == 25 else ""),
}


@pytest.mark.parametrize("name", MARKED)
def test_quarter_hours_of_the_repeated_hour(name: str, tmp_path: Path) -> None:
    def row(time: pd.Timestamp) -> str:
        return MARKED[name](time, time.day == 25 and time.hour == 2)

    path = written(tmp_path / "file.csv", "time,wind", AUTUMN, row)

    with pytest.raises(InputError, match=r"such as tz="):
        read(path)
    assert_is(read(path, tz=BERLIN), AUTUMN)


@pytest.mark.parametrize("clock", ["stamps", "hours"])
def test_an_empty_row_at_the_hour_that_spring_leaves_out_is_not_a_step(clock: str, tmp_path: Path) -> None:
    times = pd.date_range("2020-03-28", "2020-03-31", freq="1h", inclusive="left", tz=BERLIN)
    known = dict(zip(times.tz_localize(None), values(times), strict=True))
    rows = []
    for time in pd.date_range("2020-03-28", periods=72, freq="1h"):
        stamp = f"{time}" if clock == "stamps" else f"{time:%Y-%m-%d},{time.hour:02d} - {(time.hour + 1) % 24:02d}"
        rows.append(f"{stamp},{known.get(time, '-')}")
    path = tmp_path / "file.csv"
    path.write_text("\n".join(["time,wind" if clock == "stamps" else "Date,Hours,wind", *rows]) + "\n")

    with pytest.warns(ScenredWarning, match=r"file\.csv:28: 1 rows without a value at times that Europe/Berlin"):
        series = read_series(path, reading=Reading(tz=BERLIN))
    assert_is(series, times)
    filled = path.read_text().replace(",-\n", ",5\n")
    path.write_text(filled)
    with pytest.raises(InputError):
        read(path, tz=BERLIN)


BELOW = ["<EOF>\n", "=== 2020-02-05T00:00:00Z ===\n", "Summa,1.5\n", "Average,2\n", "Mean:,2\n"]


@pytest.mark.parametrize("below", BELOW)
def test_lines_below_the_table_are_noted(below: str, tmp_path: Path) -> None:
    path = written(tmp_path / "file.csv", "time,wind", WINTER, str, below)

    with pytest.warns(ScenredWarning, match=r"file\.csv:98: 1 lines below the table are not read"):
        assert_is(read_series(path), WINTER)


def test_a_record_that_counts_the_others_is_not_a_row(tmp_path: Path) -> None:
    def row(time: pd.Timestamp) -> str:
        return f'"D",{time}'

    assert_is(read(written(tmp_path / "file.csv", "kind,time,wind", WINTER, row, '"T",96\n')), WINTER)
    assert_is(read(written(tmp_path / "file.csv", "kind,time,wind", WINTER, row, '"T",96,""\n')), WINTER)
    with pytest.raises(InputError, match=r"file\.csv:98: has 2 fields and the header has 3"):
        read(written(tmp_path / "file.csv", "kind,time,wind", WINTER, row, '"D",2020-02-05\n'))


def test_titles_and_units_are_no_header(tmp_path: Path) -> None:
    path = written(tmp_path / "file.csv", "Historical wind,,\nSource: X,,\ntime,wind,load", WINTER, lambda t: f"{t},1")
    assert [column.name for column in read(path).columns] == ["wind", "load"]
    path = written(tmp_path / "file.csv", ",wind,load\nTid (timme),MWh,MWh", WINTER, lambda t: f"{t},1")
    assert [column.name for column in read(path).columns] == ["wind", "load"]
    path = written(tmp_path / "file.csv", "H,Date,wind,load\nH,Date,MW,MW", WINTER, lambda t: f"D,{t},1")
    assert [column.name for column in read(path).columns] == ["wind", "load"]
    path = written(tmp_path / "file.csv", "region,DE,DE\nvariable,wind,load", WINTER, lambda t: f"{t},1")
    with pytest.raises(InputError, match="lines 1 and 2 could both be the header"):
        read(path)


def test_dates_in_english_are_read(tmp_path: Path) -> None:
    path = written(
        tmp_path / "file.csv", "Start date;wind", WINTER, lambda t: f"{t:%b} {t.day}, {t.year} {t:%I:%M %p};"
    )
    path.write_text(path.read_text().replace(";,", ";"))

    assert_is(read(path), WINTER)


def test_stamps_of_quarter_hours_that_run_to_midnight_are_ends(tmp_path: Path) -> None:
    times = pd.date_range("2020-02-01", periods=192, freq="15min")
    path = written(tmp_path / "file.csv", "time,wind", times, lambda t: str(t + pd.Timedelta("15min")))

    with pytest.warns(ScenredWarning, match="read as the end of their step, as they run from 2020-02-01 00:15:00 to"):
        assert_is(read_series(path), times)
    assert read(path, stamp="start").start == pd.Timestamp("2020-02-01 00:15")


def test_marks_and_capacities_next_to_series_are_left_out_with_a_note(tmp_path: Path) -> None:
    header = "time,wind_quality,Block No,installed_wind_mw,version,wind"
    path = written(tmp_path / "file.csv", header, WINTER, lambda t: f"{t},{t.hour % 3},{t.hour},500.5,2")

    with pytest.warns(ScenredWarning, match="not used: wind_quality, Block No, installed_wind_mw, version"):
        assert_is(read_series(path), WINTER)
    named = read_series(path, columns=["wind", "version"])
    assert [column.name for column in named.columns] == ["version", "wind"]


@pytest.mark.parametrize("cell", ["(397.8)", "397.8-"])
def test_negative_numbers_of_bookkeepers_are_refused_not_left_out(cell: str, tmp_path: Path) -> None:
    path = written(tmp_path / "file.csv", "time,load,wind", WINTER, lambda t: f"{t},{cell}")

    with pytest.raises(InputError, match=r"file\.csv:2: load is"):
        read(path)


def test_a_second_clock_of_the_same_name_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "file.csv", "Date,load,Date.1,wind", WINTER, lambda t: f"{t},1,{t + pd.Timedelta('1D')}")

    with pytest.raises(InputError, match=r"Date\.1 is '2020-02-02 00:00:00' where Date is '2020-02-01 00:00:00'"):
        read(path)
    path = written(tmp_path / "file.csv", "Date,load,Date.1,wind", WINTER, lambda t: f"{t},1,{t}")
    assert [column.name for column in read(path).columns] == ["load", "wind"]


def test_typical_years_are_noted(tmp_path: Path) -> None:
    january, february = (
        pd.date_range(f"{year}-0{month}-01", periods=28 * 24, freq="1h") for year, month in ((2010, 1), (2005, 2))
    )
    path = written(tmp_path / "file.csv", "time,wind", pd.DatetimeIndex([*january, *february]), str)

    with pytest.raises(InputError, match=r"typical years put together of months.*pass start='2019-01-01'"):
        read(path)


def test_issues_of_one_time_are_noted(tmp_path: Path) -> None:
    times = pd.DatetimeIndex(np.repeat(WINTER.to_numpy(), 2))
    issued = iter(range(2 * len(times)))
    path = written(
        tmp_path / "file.csv",
        "time,issue_date,wind",
        times,
        lambda t: f"{t},{pd.Timestamp('2020-01-01') + pd.Timedelta(next(issued) % 2, 'D')}",
    )

    with pytest.raises(InputError, match=r"several issues of one time .issue_date.*duplicates='last'"):
        read(path)


NAMES: dict[str, list[str]] = {
    "0100": [f"{hour:02d}00" for hour in range(1, 25)],
    "12 AM": [f"{hour % 12 or 12} {'AP'[hour // 12]}M" for hour in range(24)],
    "2B:00": [*(f"{hour}:00" for hour in range(3)), "2B:00", *(f"{hour}:00" for hour in range(3, 24))],
}


@pytest.mark.parametrize("name", NAMES)
def test_more_names_of_hours_in_columns(name: str, tmp_path: Path) -> None:
    cells = np.array(values(WINTER)).reshape(4, 24).astype(object)
    if name == "2B:00":
        cells = np.insert(cells, 3, "", axis=1)
    frame = pd.DataFrame(cells, columns=NAMES[name])
    frame.insert(0, "Date", pd.date_range("2020-02-01", periods=4).strftime("%Y-%m-%d"))
    frame.to_csv(tmp_path / "file.csv", index=False)

    series = read(tmp_path / "file.csv")

    assert (series.times() == WINTER).all()
    assert series.values[:, 0].tolist() == values(WINTER)


def test_a_column_for_the_repeated_hour_is_not_left_out(tmp_path: Path) -> None:
    frame = pd.DataFrame(np.ones((4, 25)), columns=[*(f"HE{hour:02d}" for hour in range(1, 25)), "DST"])
    frame.insert(0, "Date", pd.date_range("2020-02-01", periods=4).strftime("%Y-%m-%d"))
    frame.to_csv(tmp_path / "file.csv", index=False)

    with pytest.raises(InputError, match=r"column DST may hold the hour that is repeated.*call it HE02\*"):
        read(tmp_path / "file.csv")


@pytest.mark.parametrize("month", ["Dez", "déc.", "diciembre", "december", "DEC"])
def test_months_are_named_in_the_languages_of_operators(month: str, tmp_path: Path) -> None:
    times = pd.date_range("2020-12-01", periods=96, freq="1h")
    path = written(tmp_path / "file.csv", "time,wind", times, lambda t: f"{t.day} {month} {t.year} {t:%H}h{t:%M}")

    assert_is(read(path), times)


def test_many_times_that_come_too_early_may_be_swapped_days_and_months(tmp_path: Path) -> None:
    days = pd.date_range("2023-01-01", "2023-12-31", freq="D")
    swapped = [day.replace(day=day.month, month=day.day) if day.day <= 12 else day for day in days]
    path = written(tmp_path / "file.csv", "time,wind", pd.DatetimeIndex(swapped), str)

    with pytest.raises(InputError, match=r"pass sort=True; day and month may be swapped"):
        read(path)


def test_the_kind_of_a_site_is_that_of_the_column_of_values(tmp_path: Path) -> None:
    rows = [f"{time},{site},1" for time in WINTER for site in ("DK1", "solar_DK2")]
    path = tmp_path / "file.csv"
    path.write_text("\n".join(["time,area,OffshoreWind_MWh", *rows]) + "\n")

    assert [column.kind for column in read(path).columns] == ["wind", "pv"]
