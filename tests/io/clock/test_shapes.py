"""Clocks that are no stamps: columns that are hours, numbers that are times, rows without times; all from one truth."""

from __future__ import annotations

import shlex
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pytest
import typer

from scenred import InputError, ScenredWarning, Series, UsageError, read_series
from scenred.api.inputs import InputOptions
from scenred.api.inspect import inspect
from scenred.cli.findings import with_flags
from scenred.cli.flags.attach import Use, attach
from scenred.options import Columns, Cutting, Reading
from scenred.options.declare import overrides

BERLIN = "Europe/Berlin"
NAIVE = pd.date_range("2020-03-06", "2020-04-04", freq="1h", inclusive="left")
YEAR = pd.date_range("2020-03-06", "2020-11-04", freq="1h", inclusive="left", tz=BERLIN)


def power(times: pd.DatetimeIndex) -> pd.DataFrame:
    values = np.random.default_rng(8).uniform(1, 900, (len(times), 2)).round(1)
    return pd.DataFrame(values, columns=["wind", "pv"], index=times)


def read(path: Path, time: str | None = None, **told: Any) -> Series:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        return read_series(path, time=time, reading=InputOptions.of({}, told).reading)


def assert_is(series: Series, data: pd.DataFrame) -> None:
    assert (series.times().as_unit("us") == pd.DatetimeIndex(data.index).as_unit("us")).all()
    assert sorted(column.name for column in series.columns) == sorted(map(str, data.columns))
    for number, column in enumerate(series.columns):
        assert np.array_equal(series.values[:, number], data[column.name].to_numpy())


def assert_is_read_again(path: Path, data: pd.DataFrame, **told: Any) -> None:
    """Read a file, and once more by nothing but the flags that `inspect` prints."""
    assert_is(read(path, **told), data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        dst = {"dst": "drop"} if "tz" in told else {}
        found, refusal = inspect(path, reading=told | dst)
    assert refusal is None
    given: dict[str, Any] = {}

    def capture(
        *,
        columns: Annotated[Columns, Use(only=("time",))],
        reading: Reading,
        cutting: Cutting,  # noqa: ARG001 - its flags are taken
    ) -> None:
        given.update(time=columns.time, **overrides(reading))

    app = typer.Typer()
    app.command()(attach(capture))
    app(args=shlex.split(with_flags(found, refusal, [])["flags"]), standalone_mode=False)
    assert_is(read(path, **given), data)


def with_clock(data: pd.DataFrame, clock: dict[str, Any]) -> pd.DataFrame:
    return pd.concat([pd.DataFrame(clock), data.reset_index(drop=True)], axis=1)


Clock = Callable[[pd.DatetimeIndex], dict[str, Any]]
CLOCKS: dict[str, Clock] = {
    "hours of 100 to 2400": lambda t: {"Date": t.strftime("%Y-%m-%d"), "Hour Ending": (t.hour + 1) * 100},
    "hours of 0000 to 2300": lambda t: {"Date": t.strftime("%Y-%m-%d"), "Time": t.strftime("%H%M")},
    "hours as words": lambda t: {"Date": t.strftime("%Y-%m-%d"), "Hour": [f"HE {hour + 1}" for hour in t.hour]},
    "hours as intervals": lambda t: {
        "Date": t.strftime("%d.%m.%Y"), "Hours": [f"{hour:02d}-{hour + 1:02d}" for hour in t.hour]
    },
    "day of the year": lambda t: {"Year": t.year, "DOY": t.day_of_year, "Hour": t.hour},
    "parts and a clock": lambda t: {"Year": t.year, "Month": t.month, "Day": t.day, "Time": t.strftime("%H:%M")},
}  # fmt: skip


@pytest.mark.parametrize("name", CLOCKS)
def test_times_of_the_day_beside_the_date(name: str, tmp_path: Path) -> None:
    data = power(NAIVE)
    path = tmp_path / "file.csv"
    time = "Date,Hours" if "intervals" in name else None
    with_clock(data, CLOCKS[name](NAIVE)).to_csv(path, index=False)

    if time is None:
        assert_is_read_again(path, data)
    else:
        assert_is(read(path, time), data)


@pytest.mark.parametrize("again", ["AB", " *", " X"])
def test_marks_of_the_hour_that_stands_twice(again: str, tmp_path: Path) -> None:
    data = power(YEAR)
    hours = []
    for time in YEAR:
        is_twofold = (
            len(YEAR[(YEAR.date == time.date()) & (YEAR.hour == time.hour)]) == 2 if time.month == 10 else False
        )
        mark = "" if not is_twofold else again[0] if time.dst() else again[1]
        hours.append(f"{time.hour + 1}{mark.strip()}")
    path = tmp_path / "file.csv"
    with_clock(data, {"Date": YEAR.strftime("%Y-%m-%d"), "Hour": hours}).to_csv(path, index=False)

    assert_is_read_again(path, data, tz=BERLIN)
    with pytest.raises(InputError, match=r"name the zone and what to do with days .*tz='Europe/Berlin' dst='drop'"):
        read(path)


SCALES = {"seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}


@pytest.mark.parametrize("name", SCALES)
def test_counts_since_1970_of_every_scale(name: str, tmp_path: Path) -> None:
    data = power(NAIVE.tz_localize("UTC"))
    path = tmp_path / "file.csv"
    stamps = (NAIVE.as_unit("us").asi8 // 10**6) * SCALES[name]
    with_clock(data, {"timestamp": stamps}).to_csv(path, index=False)

    assert_is_read_again(path, data)


@pytest.mark.parametrize(("form", "epoch"), [("excel", "1899-12-30"), ("matlab", None)])
def test_days_of_programs_are_read_where_told(form: str, epoch: str | None, tmp_path: Path) -> None:
    """Excel's day 1 is 1 January 1900 in a calendar with a 29 February 1900; MATLAB's 719529 is 1 January 1970."""
    data = power(NAIVE)
    days = (NAIVE - pd.Timestamp(epoch or "1970-01-01")) / pd.Timedelta("1D") + (0 if epoch else 719_529)
    path = tmp_path / "file.csv"
    with_clock(data, {"when": days}).to_csv(path, index=False)

    with pytest.raises(InputError, match=f"'when' may, as days of .*; pass time_format='{form}'"):
        read(path)
    assert_is_read_again(path, data, time_format=form)


def test_a_format_finds_its_column(tmp_path: Path) -> None:
    data = power(NAIVE)
    path = tmp_path / "file.csv"
    with_clock(data, {"note": "a", "when": NAIVE.strftime("%d.%m.%Y %H.%M")}).to_csv(path, index=False)

    assert_is_read_again(path, data, time_format="%d.%m.%Y %H.%M")


@pytest.mark.parametrize(
    ("told", "first"),
    [
        ({"start": "2020-03-06"}, "2020-03-06 00:00"),
        ({"start": "2020-03-06T00:30", "step": "15min"}, "2020-03-06 00:30"),
        ({"start": "2020-03-06T00:00+01:00"}, "2020-03-06 00:00+01:00"),
        ({"start": "2020-03-06", "tz": BERLIN}, "2020-03-06 00:00+01:00"),
    ],
)
def test_rows_without_times_follow_the_start(told: dict[str, str], first: str, tmp_path: Path) -> None:
    data = power(NAIVE)
    path = tmp_path / "file.csv"
    data.assign(Time_Index=range(1, len(data) + 1)).to_csv(path, index=False)
    times = pd.Timestamp(first) + np.arange(len(data)) * pd.Timedelta(told.get("step", "1h"))

    with pytest.raises(InputError, match="such as start='2019-01-01'"):
        read(path)
    assert_is_read_again(path, data.set_index(pd.DatetimeIndex(times)), **told)


def test_a_start_excludes_what_it_contradicts(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    power(NAIVE).to_csv(path, index_label="time")

    for given in ("time", None):
        with pytest.raises(InputError, match=r"the first row is of 2020-03-06 .* pass start='2020-03-06'"):
            read(path, given, start="2020-01-01")
    power(NAIVE).to_csv(path, index=False)
    with pytest.raises(UsageError, match="give start too"):
        Reading(step="1h")
    with pytest.raises(UsageError, match="start='noon': is not a time"):
        read(path, start="noon")
    with pytest.raises(UsageError, match="there is no such time in Europe/Berlin"):
        read(path, start="2020-03-29T02:30", tz=BERLIN)


def by_day(data: pd.Series, names: list[str]) -> pd.DataFrame:
    """Lay hours out as a row per day; `names` may have one more for the day on which the clock is put back."""
    index = pd.DatetimeIndex(data.index)
    rows = []
    for day, part in data.groupby(index.date):
        cells = dict.fromkeys(names, np.nan)
        if len(part) == 25:  # the hour that stands twice is the third
            cells |= dict(zip([*names[:3], names[24], *names[3:24]], part, strict=True))
        else:
            cells |= {names[time.hour]: value for time, value in zip(pd.DatetimeIndex(part.index), part, strict=True)}
        rows.append({"Date": f"{day:%d/%m/%Y}", **cells})
    return pd.DataFrame(rows)


HOURS: dict[str, list[str]] = {
    "HE01": [f"HE{hour:02d}" for hour in range(1, 25)],
    "Hour 1": [f"Hour {hour}" for hour in range(1, 25)],
    "H0": [f"H{hour}" for hour in range(24)],
    "numbers": [str(hour) for hour in range(1, 25)],
    "0:00": [f"{hour}:00" for hour in range(24)],
    "01:00 to 24:00": [f"{hour:02d}:00" for hour in range(1, 25)],
    "01:00 to 00:00": [f"{hour % 24:02d}:00:00" for hour in range(1, 25)],
    "intervals": [f"{hour:02d}:00-{hour + 1:02d}:00" for hour in range(24)],
    "behind the number": [f"{hour}\uc2dc" for hour in range(1, 25)],
    "with units": [f"H{hour} (MW)" for hour in range(1, 25)],
}


@pytest.mark.parametrize("name", HOURS)
def test_a_row_per_day_becomes_a_row_per_hour(name: str, tmp_path: Path) -> None:
    data = power(NAIVE)[["wind"]].rename(columns={"wind": "value"})
    path = tmp_path / "file.csv"
    wide = by_day(data["value"], HOURS[name])
    wide.assign(Total=wide[HOURS[name]].sum(axis=1)).to_csv(path, index=False)

    assert_is_read_again(path, data)
    with pytest.warns(ScenredWarning, match="a row per day with 24 steps in columns .*not used: Total"):
        read_series(path)


def test_several_quantities_sites_and_quarter_hours(tmp_path: Path) -> None:
    data = power(NAIVE)
    both = by_day(data["wind"], [f"wind_h{hour}" for hour in range(1, 25)])
    both = both.merge(by_day(data["pv"], [f"pv_h{hour}" for hour in range(1, 25)]))
    both.to_csv(tmp_path / "both.csv", index=False)
    sites = [by_day(data[name], HOURS["HE01"]).assign(Zone=str(name)) for name in data]
    pd.concat(sites).sort_values("Date", key=lambda dates: pd.to_datetime(dates, dayfirst=True)).to_csv(
        tmp_path / "sites.csv", index=False
    )
    quarters = np.random.default_rng(2).uniform(0, 9, (5, 96)).round(2)
    frame = pd.DataFrame(quarters, columns=[f"Q{number}" for number in range(1, 97)])
    frame.insert(0, "Date", pd.date_range("2020-01-01", periods=5).strftime("%Y-%m-%d"))
    frame.to_csv(tmp_path / "quarters.csv", index=False)

    assert_is_read_again(tmp_path / "both.csv", data)
    assert_is_read_again(tmp_path / "sites.csv", data)
    series = read(tmp_path / "quarters.csv")
    assert series.step == pd.Timedelta("15min")
    assert np.array_equal(series.values[:, 0], quarters.ravel())


@pytest.mark.parametrize("again", ["25", "HE03*", "3B"])
def test_hours_in_columns_where_the_clock_changes(again: str, tmp_path: Path) -> None:
    data = power(YEAR)[["wind"]].rename(columns={"wind": "value"})
    prefix = "HE" if again.startswith("HE") else ""
    names = [f"{prefix}{hour}" for hour in range(1, 25)]
    wide = by_day(data["value"], [*names, again])
    if again != "25":  # where it stands: behind the hour that it repeats
        wide = wide[["Date", *names[:3], again, *names[3:]]]
    else:  # hours of that day are counted in order
        cells = wide[[*names, again]].to_numpy().copy()
        long_day = int(np.flatnonzero(wide[again].notna())[0])
        cells[long_day] = np.concatenate([cells[long_day, :3], cells[long_day, 24:], cells[long_day, 3:24]])
        wide[[*names, again]] = cells
    path = tmp_path / "file.csv"
    wide.to_csv(path, index=False)

    assert_is_read_again(path, data, tz=BERLIN)
    with pytest.raises(InputError, match=r"file\.csv:235: has 25 values where the day has 24 steps.*tz="):
        read(path)
    with pytest.raises(InputError, match=r"file\.csv:4: has 24 values where the day has 23 steps"):
        read(path, tz="America/Chicago")


def test_a_cell_among_hours_is_named_where_it_stands(tmp_path: Path) -> None:
    wide = by_day(power(NAIVE)["wind"], HOURS["HE01"]).astype({"HE05": object})
    wide.loc[3, "HE05"] = "broken"
    path = tmp_path / "file.csv"
    wide.to_csv(path, index=False)

    with pytest.raises(InputError, match=r"file\.csv:5: HE05 is 'broken'"):
        read(path)


def test_columns_of_hours_beside_stamps_are_sites(tmp_path: Path) -> None:
    frame = pd.DataFrame(np.ones((48, 24)), columns=[str(number) for number in range(1, 25)])
    frame.insert(0, "time", pd.date_range("2020-01-01", periods=48, freq="1h"))
    path = tmp_path / "file.csv"
    frame.to_csv(path, index=False)

    assert len(read(path).columns) == 24


@pytest.mark.parametrize("order", ["1,2,3,4", "3,2,1,4", "1,2,3,4,5"])
def test_parts_of_the_time_by_number_where_there_is_no_header(order: str, tmp_path: Path) -> None:
    data = power(NAIVE)
    dates = [NAIVE.year, NAIVE.month, NAIVE.day]
    if order.startswith("3"):
        dates.reverse()
    clock = dict(zip("abc", dates, strict=True)) | {"d": NAIVE.hour + 1}
    if order.endswith("5"):
        clock |= {"d": NAIVE.hour, "e": NAIVE.minute}
    path = tmp_path / "file.csv"
    with_clock(data, clock).to_csv(path, index=False, header=False, sep=";")
    names = order.split(",")

    series = read(path, ",".join(sorted(names)), header="none")

    assert [column.name for column in series.columns] == [str(len(names) + 1), str(len(names) + 2)]
    assert (series.times() == NAIVE).all()
    assert np.array_equal(series.values, data.to_numpy())


def test_times_in_the_header_are_told_of(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    power(NAIVE).T.to_csv(path, index_label="site")

    with pytest.raises(InputError, match=r"file\.csv:1: times are next to each other .*transpose the table"):
        read(path)


def test_an_offset_that_no_zone_has_is_no_time(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("time,wind\n2020-01-01T00:00+01:00,1\n2020-01-01T01:00+31:00,2\n")

    with pytest.raises(InputError, match=r"file\.csv:3: the time \(time\) is '2020-01-01T01:00\+31:00'"):
        read(path)


def test_parts_of_the_date_alone_ask_for_the_hours(tmp_path: Path) -> None:
    clock = {"Year": NAIVE.year, "Month": NAIVE.month, "Day": NAIVE.day, "block": NAIVE.hour + 1}
    path = tmp_path / "file.csv"
    with_clock(power(NAIVE), clock).to_csv(path, index=False)

    with pytest.raises(InputError, match=r"name the column of hours or periods too: time='Year,Month,Day,block'"):
        read(path)
    series = read(path, "Year,Month,Day,block")
    assert (series.times() == NAIVE).all()


@pytest.mark.parametrize("form", ["%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M %p", "%Y-%m-%dT%H:%M:%SZ", "%d-%b-%Y %H:%M"])
@pytest.mark.parametrize("dirt", [("2020", "2O20"), (":00", ":61"), (":00", "h"), ("-20", "-20-"), ("2020", "3020")])
def test_many_stamps_are_refused_where_few_are(form: str, dirt: tuple[str, str]) -> None:
    """Cells of many rows are read by their distinct dates and times of day, those of few rows one by one."""
    times = pd.date_range("2020-01-01", periods=2_200, freq="h").strftime(form).tolist()
    times[2_100] = times[2_100].replace(*dirt) + ("x" if dirt[0] not in times[2_100] else "")

    def refusal(cells: list[str]) -> str:
        frame = pd.DataFrame({"time": cells, "wind": 1.0})
        with pytest.raises(InputError) as refused:
            read_series(frame, time="time", reading=Reading(missing="drop"))
        return str(refused.value)

    many, few = refusal(times), refusal([*times[:100], *times[2_050:]])

    assert many.replace("row 2100", "row 150") == few
