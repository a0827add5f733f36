"""Clocks that contradict each other, or date midnight in their own way: one truth, written in each shape."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, ScenredWarning, Series
from scenred.api.inspect import inspect
from scenred.cli.findings import with_flags

Read = Callable[[Path, str], Series]
Row = Callable[[pd.Timestamp, pd.Timedelta], str]
DAY = pd.Timedelta("24h")
ZONE = "America/Chicago"


@dataclass(frozen=True)
class Shape:
    """How a file writes the begin of a step, of which length, and which flags decide what it leaves open."""

    header: str
    row: Row
    step: str = "1h"
    flags: str = ""
    answer: str | None = None
    zone: str | None = None
    order: str = "forward"
    first: str = "2021-03-20"
    last: str = "2021-04-10"
    holes: tuple[int, ...] = ()


def hour(time: pd.Timestamp) -> int:
    return int(time.hour) + 1


def day_and_hour(time: pd.Timestamp) -> str:
    return f"{time:%Y-%m-%d},{hour(time)}"


def utc(time: pd.Timestamp) -> pd.Timestamp:
    return time.tz_convert("UTC") if time.tz is not None else time


def clock(time: pd.Timestamp) -> str:
    return f"{time:%Y-%m-%d %H:%M}"


def same_day(begin: pd.Timestamp, end: pd.Timestamp, form: str = "%Y-%m-%d %H:%M") -> str:
    """Write the end of a step with the date on which it begins."""
    return f"{begin:%Y-%m-%d}{end.strftime(form)[10:]}"


def twelve(time: pd.Timestamp) -> str:
    return f"{time.hour % 12 or 12}:{time.minute:02d}"


def noon_as_midnight(time: pd.Timestamp) -> str:
    half = "PM" if time.hour >= 12 else "AM"
    return f"{twelve(time)} {half if time.hour % 12 else {'AM': 'PM', 'PM': 'AM'}[half]}"


# Judged from all time columns together.
SIDES: dict[str, Shape] = {
    "hours 1 to 24 and a clock that ends": Shape(
        "Date,Hour,Timestamp", lambda t, s: f"{t:%Y-%m-%d},{hour(t)},{clock(t + s)}"
    ),
    "hours 1 to 24 and a clock that begins": Shape(
        "Date,Hour,Timestamp", lambda t, _: f"{t:%Y-%m-%d},{hour(t)},{clock(t)}"
    ),
    "a clock that ends before hours 1 to 24": Shape(
        "Timestamp,Date,HE", lambda t, s: f"{clock(t + s)},{t:%Y-%m-%d},{hour(t)}"
    ),
    "hours 0 to 23 and a clock named for the end": Shape(
        "Date,Hour,Interval End", lambda t, s: f"{t:%Y-%m-%d},{t.hour},{clock(t + s)}"
    ),
    "parts with hours 1 to 24 and a clock that ends": Shape(
        "Year,Month,Day,Hour,datetime", lambda t, s: f"{t.year},{t.month},{t.day},{hour(t)},{clock(t + s)}"
    ),
    "a time of day that ends and hours 1 to 24": Shape(
        "Date,Time,Hour", lambda t, s: f"{t + s:%Y-%m-%d},{t + s:%H:%M},{hour(t)}", answer="--stamp end"
    ),
    "GMT, and a local clock that ends five minutes later": Shape(
        "Time (GMT),Local Interval End",
        lambda t, s: f"{clock(utc(t))},{clock((t + s).tz_localize(None))}",
        "5min",
        zone=ZONE,
    ),
    "GMT that ends, and a local clock that ends": Shape(
        "Time (GMT),Local Interval End",
        lambda t, s: f"{clock(utc(t + s))},{clock((t + s).tz_localize(None))}",
        "5min",
        zone=ZONE,
    ),
    "GMT that ends, and a local clock that runs to midnight": Shape(
        "GMT,local time", lambda t, s: f"{clock(utc(t + s))},{clock((t + s).tz_localize(None))}", "15min", zone=ZONE
    ),
    "GMT that begins, and a local clock that runs to midnight": Shape(
        "GMT,local time", lambda t, s: f"{clock(utc(t))},{clock((t + s).tz_localize(None))}", "15min", zone=ZONE
    ),
    "a clock that ends and hours 1 to 24 without a date": Shape(
        "time,hour", lambda t, s: f"{clock(t + s)},{hour(t)}", first="2021-03-20 07:00"
    ),
    "a clock that begins and hours 1 to 24 without a date": Shape("time,hour", lambda t, _: f"{clock(t)},{hour(t)}"),
    "a clock that ends and periods of quarter hours": Shape(
        "time,sp", lambda t, s: f"{clock(t + s)},{t.hour * 4 + t.minute // 15 + 1}", "15min", first="2021-03-20 07:00"
    ),
    "GMT, and a local date and time that end": Shape(
        "Date,Interval Ending,GMT",
        lambda t, s: f"{(t + s):%Y-%m-%d},{(t + s):%H:%M},{clock(utc(t))}",
        "5min",
        zone=ZONE,
    ),
    "GMT that ends and half hours of a zone with a part of an hour": Shape(
        "GMT,Date,Period",
        lambda t, s: f"{clock(utc(t + s))},{t:%Y-%m-%d},{t.hour * 2 + t.minute // 30 + 1}",
        "30min",
        zone="Asia/Kathmandu",
    ),
    "GMT that ends and hours of five minutes each": Shape(
        "GMT,Date,HE", lambda t, s: f"{clock(utc(t + s))},{day_and_hour(t)}", "5min", zone=ZONE
    ),
    "GMT that begins and hours of quarter hours each": Shape(
        "GMT,Date,HE,quarter", lambda t, _: f"{clock(utc(t))},{day_and_hour(t)},{t.minute // 15}", "15min", zone=ZONE
    ),
    "a clock that ends and hours of quarter hours each": Shape(
        "time,Date,HE", lambda t, s: f"{clock(t + s)},{day_and_hour(t)}", "15min"
    ),
    "offsets that end, from and to": Shape(
        "time,from,to",
        lambda t, s: f"{(t + s).isoformat()},{clock(t.tz_localize(None))},{clock((t + s).tz_localize(None))}",
        zone="Asia/Tokyo",
    ),
    "UTC and a local clock that ends, an hour ahead": Shape(
        "utc,Local Interval End",
        lambda t, s: f"{clock(utc(t + s))},{clock((t + s).tz_localize(None))}",
        answer="--stamp end",
        zone="Etc/GMT-1",
    ),
    "UTC and a local begin": Shape(
        "utc,Local Interval Start", lambda t, _: f"{clock(utc(t))},{clock(t.tz_localize(None))}", zone=ZONE
    ),
    "offsets and hours 1 to 24": Shape(
        "time,Date,HE", lambda t, s: f"{(t + s).isoformat()},{t:%Y-%m-%d},{hour(t)}", zone="Asia/Tokyo"
    ),
    "offsets and a local clock that ends": Shape(
        "time,Interval Ending", lambda t, s: f"{t.isoformat()},{clock((t + s).tz_localize(None))}", zone="Asia/Tokyo"
    ),
    "issued before, for a clock that ends": Shape(
        "published,delivery,Date,Hour",
        lambda t, s: f"{clock(t - DAY)},{clock(t + s)},{t:%Y-%m-%d},{hour(t)}",
    ),
    "GMT and hours 1 to 24": Shape(
        "GMT,Date,Hour Ending", lambda t, _: f"{clock(utc(t))},{day_and_hour(t)}", answer="--stamp start", zone=ZONE
    ),
    "GMT that ends and hours 1 to 24": Shape(
        "GMT,Date,Hour Ending", lambda t, s: f"{clock(utc(t + s))},{day_and_hour(t)}", answer="--stamp end", zone=ZONE
    ),
    "GMT that ends and hours 1 to 24 of a zone": Shape(
        "GMT,Date,Hour Ending", lambda t, s: f"{clock(utc(t + s))},{day_and_hour(t)}", flags=f"--tz {ZONE}", zone=ZONE
    ),
    "GMT that ends and a local hour that ends": Shape(
        "GMT,Local Hour Ending",
        lambda t, s: f"{clock(utc(t + s))},{clock((t + s).tz_localize(None))}",
        answer="--stamp end",
        zone=ZONE,
    ),
    "GMT and local time of one year": Shape(
        "utc_timestamp,time",
        lambda t, _: f"{clock(utc(t))},{clock(t.tz_localize(None))}",
        zone="Europe/Berlin",
        first="2021-01-01 01:00",
        last="2021-01-20 01:00",
    ),
    "begin and end": Shape("Datum von,Datum bis", lambda t, s: f"{clock(t)},{clock(t + s)}"),
    "end and begin": Shape("Datum bis,Datum von", lambda t, s: f"{clock(t + s)},{clock(t)}"),
    "a date, begin and end": Shape("Datum,Anfang,Ende", lambda t, s: f"{t:%Y-%m-%d},{t:%H:%M},{(t + s):%H:%M}"),
    "a time ending": Shape("Time Ending", lambda t, s: clock(t + s)),
    "a time beginning": Shape("datetime_beginning_ept", lambda t, _: clock(t)),
    "a begin that runs to midnight": Shape(
        "Interval Start", lambda t, _: clock(t), "15min", first="2021-03-20 00:15", last="2021-04-10 00:15"
    ),
    "hours beginning 1 to 24": Shape("Date,Hour Beginning", lambda t, _: f"{t:%Y-%m-%d},{hour(t)}"),
    "hours ending 0 to 23": Shape(
        "Date,Hour Ending", lambda t, s: f"{(t + s):%Y-%m-%d},{(t + s).hour}", answer="--stamp end"
    ),
    "24:00 of minutes": Shape(
        "Date,Time", lambda t, s: f"{t:%Y-%m-%d},{str((t + s) - t.normalize())[-8:-3].replace('00:00', '24:00')}",
        "1min", last="2021-03-23",
    ),
    "24:00 of hours": Shape(
        "time", lambda t, _: f"{t:%d.%m.%Y} {hour(t):02d}:00",
    ),
    "intervals to 24:00": Shape("Zeit", lambda t, _: f"{t:%d.%m.%Y} {t:%H:%M} - {t:%d.%m.%Y} {hour(t):02d}:00"),
    "hours as intervals to 24": Shape("Date,Time", lambda t, _: f"{t:%Y-%m-%d},{t:%H:%M}-{hour(t):02d}:00"),
    "beginning and ending that are the same": Shape(
        "Interval Begin,Interval End", lambda t, _: f"{clock(t)},{clock(t)}", answer="--stamp start"
    ),
}  # fmt: skip

# Midnight, noon and dates that are written in another way.
DATES: dict[str, Shape] = {
    "midnight ends its date": Shape("time", lambda t, s: same_day(t, t + s)),
    "midnight ends its date, newest first": Shape("time", lambda t, s: same_day(t, t + s), order="backward"),
    "midnight ends its date, of quarter hours": Shape("time", lambda t, s: same_day(t, t + s), "15min"),
    "midnight ends its date, in two columns": Shape(
        "Date,Time", lambda t, s: f"{t:%Y-%m-%d},{(t + s):%H:%M}"
    ),
    "hour 0 ends its date": Shape("Date,Hour", lambda t, s: f"{t:%Y-%m-%d},{(t + s).hour}"),
    "hour ending 0 ends its date": Shape("Date,Hour Ending", lambda t, s: f"{t:%Y-%m-%d},{(t + s).hour}"),
    "midnight ends its date next to hours": Shape(
        "Date,Hour,Timestamp", lambda t, s: f"{t:%Y-%m-%d},{hour(t)},{same_day(t, t + s)}"
    ),
    "midnight ends its date, day first": Shape(
        "time", lambda t, s: f"{t:%d/%m/%Y} {(t + s):%H:%M:%S}"
    ),
    "midnight ends its date, from noon on": Shape(
        "time", lambda t, s: same_day(t, t + s), answer="--stamp end", first="2021-03-20 12:00", last="2021-04-09 17:00"
    ),
    "midnight begins a day with the date before": Shape(
        "time", lambda t, _: f"{(t - DAY if t.hour == 0 else t):%Y-%m-%d} {t:%H:%M}"
    ),
    "midnight ends its date, with holes": Shape(
        "time", lambda t, s: same_day(t, t + s), flags="--missing drop", holes=(5, 30, 31, 71, 72, 73, 200)
    ),
    "midnight ends its date, of a zone": Shape(
        "time", lambda t, s: same_day(t, (t.tz_localize(None) + s)), flags="--tz Europe/Berlin", zone="Europe/Berlin",
        first="2021-10-20", last="2021-11-10",
    ),
    "days begin at six": Shape("time", lambda t, _: f"{(t - pd.Timedelta('6h')):%Y-%m-%d} {t:%H:%M}"),
    "hours of twelve": Shape("time", lambda t, _: f"{t:%m/%d/%Y} {twelve(t)}"),
    "hours of twelve from the afternoon on": Shape(
        "Date,Time", lambda t, _: f"{t:%Y-%m-%d},{twelve(t)}", first="2021-03-20 15:00"
    ),
    "hours of twelve as numbers": Shape("Date,Hour", lambda t, _: f"{t:%Y-%m-%d},{t.hour % 12 or 12}"),
    "half hours of twelve": Shape("time", lambda t, _: f"{t:%m/%d/%Y} {twelve(t)}", "30min"),
    "noon as midnight": Shape("time", lambda t, _: f"{t:%m/%d/%Y} {noon_as_midnight(t)}"),
    "noon as midnight, in two columns": Shape("Date,Time", lambda t, _: f"{t:%Y-%m-%d},{noon_as_midnight(t)}"),
    "noon as midnight, which ends its date": Shape(
        "time", lambda t, s: f"{t:%m/%d/%Y} {noon_as_midnight(t + s)}"
    ),
    "midnight of the next day": Shape("time", lambda t, _: clock(t)),
}  # fmt: skip
SHAPES = SIDES | DATES


def written(path: Path, shape: Shape) -> tuple[pd.DatetimeIndex, list[float]]:
    """Write a file of a shape, and return the begins of its steps and their values."""
    times = pd.date_range(shape.first, shape.last, freq=shape.step, inclusive="left", tz=shape.zone)
    times = times.delete(list(shape.holes))
    values = (np.random.default_rng(9).permutation(len(times)) + 1.0).tolist()
    step = pd.Timedelta(shape.step)
    lines = [f"{shape.row(time, step)},{value:g}" for time, value in zip(times, values, strict=True)]
    lines = lines if shape.order == "forward" else lines[::-1]
    path.write_text("\n".join([f"{shape.header},wind", *lines]) + "\n")
    return times, values


def assert_is(series: Series, times: pd.DatetimeIndex, values: list[float]) -> None:
    read = series.times()
    assert [column.name for column in series.columns] == ["wind"]
    assert len(read) == len(times)
    assert (read == times.tz_convert(read.tz) if times.tz is not None else read == times).all()
    assert series.values[:, 0].tolist() == values


@pytest.mark.parametrize("name", SHAPES)
def test_every_value_is_at_its_time_or_the_file_is_refused(name: str, tmp_path: Path, read_by_flags: Read) -> None:
    """What a refusal leaves open is decided by the flags that it names, which then give the truth."""
    shape = SHAPES[name]
    path = tmp_path / "file.csv"
    times, values = written(path, shape)

    flags = shape.flags
    if shape.answer is not None:
        with pytest.raises(InputError) as refused:
            read_by_flags(path, flags)
        kind, value = shape.answer.removeprefix("--").split()
        assert f"{kind}='{value}'" in str(refused.value)
        assert not any(word in str(refused.value) for word in ("duplicates", "missing="))
        flags = f"{flags} {shape.answer}"
    assert_is(read_by_flags(path, flags), times, values)


@pytest.mark.parametrize("name", SHAPES)
def test_the_flags_of_inspect_give_the_truth(name: str, tmp_path: Path, read_by_flags: Read) -> None:
    shape = SHAPES[name]
    path = tmp_path / "file.csv"
    times, values = written(path, shape)
    given: dict[str, object] = {"missing": "drop"} if shape.holes else {}
    if "--tz" in shape.flags:
        given = {"tz": shape.zone, "dst": "drop"}

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        found, refusal = inspect(path, reading=given)

    assert (refusal is None) == (shape.answer is None)
    if refusal is None:
        assert_is(read_by_flags(path, with_flags(found, refusal, [])["flags"]), times, values)
    else:
        assert "settings" not in found


# Times of which every day has one fault, which no flag mends.
FAULTS: dict[str, Shape] = {
    "hours 0 and 24": Shape("time", lambda t, s: clock(t + s) if t.hour % 23 else f"{t:%Y-%m-%d} {t:%H}:00"),
    "hour 24 first": Shape("Date,Hour", lambda t, s: f"{t + s:%Y-%m-%d},{hour(t)}"),
    "two hours exchanged": Shape("time", lambda t, _: f"{t:%Y-%m-%d} {({3: 4, 4: 3}).get(t.hour, t.hour):02d}:00"),
    "an hour twice": Shape("time", lambda t, _: f"{t:%Y-%m-%d} {max(t.hour, 1):02d}:00"),
    "a day of 22 hours": Shape("time", lambda t, _: f"{t:%Y-%m-%d} {t.hour if t.hour < 22 else 21:02d}:00"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_no_policy_is_advised_where_every_day_has_the_fault(name: str, tmp_path: Path, read_by_flags: Read) -> None:
    path = tmp_path / "file.csv"
    written(path, FAULTS[name])

    with pytest.raises(InputError, match=r"as on \d+ of 2[12] days") as refused:
        read_by_flags(path, "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        found, refusal = inspect(path)

    assert not any(word in str(refused.value) for word in ("sort=", "duplicates=", "missing="))
    assert "settings" not in found
    assert refusal is not None


def test_an_empty_row_does_not_displace_a_value(tmp_path: Path, read_by_flags: Read) -> None:
    rows = ["time,wind,pv", *(f"2021-01-01 {hour:02d}:00,{hour},{hour * 2}" for hour in range(24))]
    path = tmp_path / "file.csv"
    rows += ["2021-01-01 05:00,,", "2021-01-01 08:00,8,", "2021-01-01 11:00,,22"]
    rows = [rows[0], *sorted(rows[1:], key=lambda row: (row[:16], len(row)))]
    path.write_text("\n".join(rows) + "\n")

    with pytest.raises(InputError, match=r"duplicated with different values.*duplicates='first'"):
        read_by_flags(path, "")
    for policy in ("first", "last", "mean"):
        series = read_by_flags(path, f"--duplicates {policy}")
        assert series.values.tolist() == [[hour, hour * 2] for hour in range(24)]
    assert (
        dict(read_by_flags(path, "--duplicates first").source.changes)["values taken from another row of the same time"]
        == 4
    )


@pytest.mark.parametrize(("zone", "given"), [(ZONE, ""), (ZONE, "--tz Etc/GMT+6"), ("Europe/London", "--tz UTC")])
def test_the_zone_whose_clock_is_put_back_is_named(
    zone: str, given: str, tmp_path: Path, read_as_advised: Callable[[Path, str], tuple[Series, str]]
) -> None:
    """Never a policy of duplicates, also where another zone is given."""
    times = pd.date_range("2021-10-20", "2021-11-20", freq="h", tz=zone)
    path = tmp_path / "file.csv"
    path.write_text("\n".join(["time,wind", *(f"{clock(time)},{row}" for row, time in enumerate(times))]) + "\n")

    series, flags = read_as_advised(path, given)

    assert (series.times().tz_localize(None) == times.tz_localize(None)).all()
    assert series.values[:, 0].tolist() == list(range(len(times)))
    assert "duplicates" not in flags


@pytest.mark.parametrize("order", ["by site", "by time"])
def test_sites_of_a_long_table_are_judged_by_all_its_clocks(order: str, tmp_path: Path, read_by_flags: Read) -> None:
    times = pd.date_range("2021-03-20", "2021-03-25", freq="h", inclusive="left")
    rows = [(site, time) for site in ("a", "b") for time in times]
    rows = rows if order == "by site" else sorted(rows, key=lambda row: row[1])
    numbers = {row: float(place) for place, row in enumerate(rows)}
    lines = [f"{t:%Y-%m-%d},{hour(t)},{clock(t + pd.Timedelta('1h'))},{s},{numbers[s, t]}" for s, t in rows]
    path = tmp_path / "file.csv"
    path.write_text("\n".join(["Date,Hour,Timestamp,site,wind", *lines]) + "\n")

    series = read_by_flags(path, "--long site,wind")

    assert (series.times() == times).all()
    for place, site in enumerate(series.names):
        assert series.values[:, place].tolist() == [numbers[site, time] for time in times]


@pytest.mark.parametrize("zone", [ZONE, "Europe/Berlin"])
def test_the_zone_of_a_day_of_25_hours_is_named(
    zone: str, tmp_path: Path, read_as_advised: Callable[[Path, str], tuple[Series, str]]
) -> None:
    times = pd.date_range("2021-10-20", "2021-11-20", freq="h", inclusive="left", tz=zone)
    hours = pd.Series(1, index=times).groupby(times.date).cumsum()
    lines = [f"{time:%Y-%m-%d},{count},{row}" for row, (time, count) in enumerate(hours.items())]
    path = tmp_path / "file.csv"
    path.write_text("\n".join(["Date,Hour,wind", *lines]) + "\n")

    series, _ = read_as_advised(path, "")

    assert (series.times().tz_localize(None) == times.tz_localize(None)).all()
    assert series.values[:, 0].tolist() == list(range(len(times)))
