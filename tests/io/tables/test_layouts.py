"""One truth in the layouts of weather services and operators: each is read, or read as its refusal advises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, RequestError, Series, read_series
from scenred.errors import UsageError

HOURS = pd.date_range("2019-01-30", periods=24 * 5, freq="h")
MINUTES = pd.date_range("2019-01-30", periods=288 * 3, freq="5min")
Row = Callable[[pd.Timestamp], str]
Advised = Callable[..., tuple[Series, str]]


def truth(times: pd.DatetimeIndex) -> list[float]:
    return [float(value) for value in np.random.default_rng(9).uniform(0, 900, len(times)).round(2)]


def written(path: Path, times: pd.DatetimeIndex, row: Row, above: str = "", mark: str = ",") -> Path:
    """Write a file whose rows are `row(time)`, the value, and a temperature."""
    lines = [f"{row(time)}{mark}{value}{mark}-3.5" for time, value in zip(times, truth(times), strict=True)]
    path.write_text(above + "\n".join(lines) + "\n")
    return path


def assert_is_truth(series: Series, times: pd.DatetimeIndex, column: int = 0) -> None:
    assert (series.times() == times).all()
    assert series.values[:, column].tolist() == truth(times)


HEADERLESS: dict[str, tuple[pd.DatetimeIndex, Row]] = {
    "year month day hour": (HOURS, lambda t: f"{t.year},{t.month},{t.day},{t.hour}"),
    "hours from 1": (HOURS, lambda t: f"{t.year},{t.month},{t.day},{t.hour + 1}"),
    "year month day hour minute": (MINUTES, lambda t: f"{t.year},{t.month},{t.day},{t.hour},{t.minute}"),
    "and second": (MINUTES, lambda t: f"{t.year},{t.month},{t.day},{t.hour},{t.minute},0"),
    "hours from 1, minutes from 5 to 60": (
        MINUTES,
        lambda t: f"{t.year},{t.month},{t.day},{t.hour + 1},{t.minute + 5}",
    ),
    "hours from 1, minutes from 0": (MINUTES, lambda t: f"{t.year},{t.month},{t.day},{t.hour + 1},{t.minute}"),
    "hours from 1, minute 60": (HOURS, lambda t: f"{t.year},{t.month},{t.day},{t.hour + 1},60"),
    "clock of hours and minutes": (MINUTES, lambda t: f"{t.year},{t.month},{t.day},{t.hour * 100 + t.minute}"),
    "day of the year and clock": (MINUTES, lambda t: f"{t.year},{t.day_of_year},{t.hour * 100 + t.minute}"),
    "station, day of the year and clock": (
        MINUTES,
        lambda t: f"110,{t.year},{t.day_of_year},{t.hour * 100 + t.minute}",
    ),
    "both days": (MINUTES, lambda t: f"{t.year},{t.day_of_year},{t.month},{t.day},{t.hour},{t.minute}"),
    "day first": (HOURS, lambda t: f"{t.day},{t.month},{t.year},{t.hour}"),
    "joined year and month": (HOURS, lambda t: f"{t:%Y%m},{t.day},{t.hour}"),
    "joined date and clock": (MINUTES, lambda t: f"{t:%Y%m%d},{t.hour * 100 + t.minute}"),
    "joined date and hour": (HOURS, lambda t: f"{t:%Y%m%d},{t.hour + 1}"),
    "date and hour": (HOURS, lambda t: f"{t:%Y-%m-%d},{t.hour}"),
}


@pytest.mark.parametrize("layout", HEADERLESS)
@pytest.mark.parametrize("mark", [",", "   ", "\t"])
def test_weather_without_header(layout: str, mark: str, tmp_path: Path, read_as_advised: Advised) -> None:
    times, row = HEADERLESS[layout]

    path = written(tmp_path / "station.dat", times, lambda t: row(t).replace(",", mark), mark=mark)
    series, flags = read_as_advised(path)

    has_station = layout.startswith("station")
    assert_is_truth(series, times, int(has_station))
    assert len(series.columns) == 2 + has_station
    assert flags == ("--delimiter space " if mark == "   " else "") + "--no-header"


NAMED: dict[str, tuple[pd.DatetimeIndex, str, Row]] = {
    "YYYYMM, day and hour": (HOURS, "YYYYMM,Day,Hour", lambda t: f"{t:%Y%m},{t.day},{t.hour}"),
    "month with year, day and hour": (HOURS, "Month,Day,Hour", lambda t: f"{t:%Y%m},{t.day},{t.hour + 1}"),
    "month with year in words": (HOURS, "Month,Day,Hour", lambda t: f"{t:%Y-%m},{t.day},{t.hour}"),
    "period of another name": (HOURS, "Abrechnung,Tag,Stunde", lambda t: f"{t:%Y%m},{t.day},{t.hour}"),
    "YYYYMM, day and clock": (MINUTES, "YYYYMM,DD,HHMM", lambda t: f"{t:%Y%m},{t.day},{t.hour * 100 + t.minute}"),
    "clock to 2355": (
        MINUTES,
        "Year,Month,Day,Time",
        lambda t: f"{t.year},{t.month},{t.day},{t.hour * 100 + t.minute}",
    ),
    "hours from 1 and minutes to 60": (
        MINUTES,
        "Year,Month,Day,Hour,Minute",
        lambda t: f"{t.year},{t.month},{t.day},{t.hour + 1},{t.minute + 5}",
    ),
    "clock of another name": (MINUTES, "Datum,Uhr", lambda t: f"{t:%Y-%m-%d},{t.hour * 100 + t.minute}"),
    "names of another language": (HOURS, "Rok,Miesiac,Dzien,Czas", lambda t: f"{t.year},{t.month},{t.day},{t.hour}"),
}


@pytest.mark.parametrize("layout", NAMED)
def test_parts_of_the_time_in_columns(layout: str, tmp_path: Path, read_as_advised: Advised) -> None:
    times, names, row = NAMED[layout]

    series, flags = read_as_advised(written(tmp_path / "file.csv", times, row, f"{names},wind,temp\n"))

    assert_is_truth(series, times)
    assert len(series.columns) == 2
    others = {"names of another language": "--time Rok,Miesiac,Dzien,Czas", "clock of another name": "--time Datum,Uhr"}
    assert flags == others.get(layout, "")


TYPICAL = pd.date_range("2019-01-01", periods=8_760, freq="h")
PLACE = """LOCATION,Somewhere,,XX,Made,0,52.5,13.4,1.0,40.0
DESIGN CONDITIONS,1,Made,,Heating,1,-5.1
TYPICAL/EXTREME PERIODS,1,Summer - Week,Extreme,7/ 8,7/14
GROUND TEMPERATURES,1,.5,,,,4.5,3.1
HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0
COMMENTS 1,"Made, not measured"
COMMENTS 2,none
DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31
"""


def year_of(time: pd.Timestamp) -> int:
    """Return the year from which a typical year takes a month."""
    return (2005, 2011, 2003, 2008, 2008, 2014, 2001, 2010, 2006, 2004, 2012, 2007)[time.month - 1]


@pytest.mark.parametrize("minute", [0, 60])
@pytest.mark.parametrize("is_typical", [True, False])
def test_energyplus_weather(minute: int, is_typical: bool, tmp_path: Path, read_as_advised: Advised) -> None:
    def row(time: pd.Timestamp) -> str:
        year = year_of(time) if is_typical else time.year
        return f"{year},{time.month},{time.day},{time.hour + 1},{minute},?9?9?9?9E0"

    path = written(tmp_path / "place.epw", TYPICAL, row, PLACE)
    series, flags = read_as_advised(path)

    assert_is_truth(series, TYPICAL)
    assert flags == ("--start 2019-01-01" if is_typical else "")
    assert [column.name for column in series.columns] == ["Dry Bulb Temperature", "Dew Point Temperature"]
    assert read_as_advised(path, f"{flags} --column 'Dry Bulb Temperature'")[1].startswith(flags)


YEARS: dict[str, tuple[str, str, Row]] = {
    "columns": ("", "Year,Month,Day,Hour", lambda t: f"{year_of(t)},{t.month},{t.day},{t.hour}"),
    "no header": ("--no-header", "", lambda t: f"{year_of(t)},{t.month},{t.day},{t.hour + 1}"),
    "stamps": ("", "time", lambda t: f"{year_of(t)}{t:%m%d:%H%M}"),
    "ends": ("", "Date (MM/DD/YYYY),Time (HH:MM)", lambda t: f"{t:%m/%d/}{year_of(t)},{t.hour + 1:02d}:00"),
    "half past": ("", "Year,Month,Day,Hour,Minute", lambda t: f"{year_of(t)},{t.month},{t.day},{t.hour},30"),
}


@pytest.mark.parametrize("layout", YEARS)
def test_typical_years_are_put_into_one_year(layout: str, tmp_path: Path, read_as_advised: Advised) -> None:
    flags, names, row = YEARS[layout]
    path = written(tmp_path / "tmy.csv", TYPICAL, row, f"{names},wind,temp\n" if names else "")

    series, used = read_as_advised(path, flags)

    late = pd.Timedelta(minutes=30 if layout == "half past" else 0)
    assert_is_truth(series, TYPICAL + late)
    assert len(series.columns) == 2
    assert used.split()[-2:] == ["--start", "2019-01-01T00:30" if late else "2019-01-01"]


@pytest.mark.parametrize("names", ["Month,Day,Hour", "Month,Day,Hour,Minute"])
def test_rows_without_a_year_are_put_into_one(names: str, tmp_path: Path, read_as_advised: Advised) -> None:
    def row(time: pd.Timestamp) -> str:
        return f"{time.month},{time.day},{time.hour + 1}" + (",0" if "Minute" in names else "")

    path = written(tmp_path / "file.csv", HOURS, row, f"{names},wind,temp\n")

    series, flags = read_as_advised(path)

    assert_is_truth(series, HOURS)
    assert len(series.columns) == 2
    assert flags == "--start 2019-01-30"
    path.write_text(path.read_text().replace("1,30,7", "1,30,9", 1))
    with pytest.raises(InputError, match=r"file\.csv:8: the time is 2019-01-30 08:00:00 where 30 January 06:00 would"):
        read_as_advised(path)


@pytest.mark.parametrize("zone", [None, "Europe/Berlin", "America/Denver"])
def test_a_typical_year_keeps_the_clock_that_it_names(
    zone: str | None, tmp_path: Path, read_as_advised: Advised
) -> None:
    path = written(tmp_path / "tmy.csv", TYPICAL, YEARS["stamps"][2], "time(UTC),wind,temp\n")

    series, flags = read_as_advised(path, "" if zone is None else f"--tz {zone}")

    assert flags.endswith("--start 2019-01-01")
    assert_is_truth(series, TYPICAL.tz_localize("UTC"))
    assert str(series.start.tz) == (zone or "UTC")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Denver"])
def test_a_typical_year_in_a_zone_has_the_hours_of_its_standard_time(
    zone: str, tmp_path: Path, read_as_advised: Advised
) -> None:
    path = written(tmp_path / "tmy.csv", TYPICAL, YEARS["stamps"][2], "time,wind,temp\n")

    series, _ = read_as_advised(path, f"--tz {zone} --start 2019-01-01")

    first = pd.Timestamp("2019-01-01", tz=zone)
    assert_is_truth(series, pd.date_range(first, periods=8_760, freq="h"))


def test_a_typical_year_whose_years_go_up_is_one_too(tmp_path: Path, read_as_advised: Advised) -> None:
    path = written(tmp_path / "tmy.csv", TYPICAL, lambda t: f"{2000 + t.month}-{t:%m-%d %H:%M}", "time,wind,temp\n")

    assert read_as_advised(path)[1] == "--start 2019-01-01"


@pytest.mark.parametrize(
    ("start", "met", "advice"),
    [
        ("2020-01-01", "where 29 February 00:00 would follow", "--start 2019-01-01"),
        ("2019-07-01", "the first row is of 2005-01-01 00:00:00 and would be 2019-07-01", "--start 2019-01-01"),
    ],
)
def test_a_start_that_does_not_fit_is_refused(
    start: str, met: str, advice: str, tmp_path: Path, read_by_flags: Callable[..., Series], read_as_advised: Advised
) -> None:
    path = written(tmp_path / "tmy.csv", TYPICAL, YEARS["stamps"][2], "time,wind,temp\n")

    with pytest.raises(InputError, match=met):
        read_by_flags(path, f"--start {start}")
    assert_is_truth(read_as_advised(path, f"--start {start}")[0], TYPICAL)
    assert read_as_advised(path, f"--start {start}")[1].endswith(advice)


def test_a_gap_in_a_typical_year_is_no_year(tmp_path: Path, read_by_flags: Callable[..., Series]) -> None:
    path = written(tmp_path / "tmy.csv", TYPICAL.delete(2_000), YEARS["stamps"][2], "time,wind,temp\n")

    with pytest.raises(InputError, match=r"tmy\.csv:2002: the time is 2003-03-25 09:00:00 where 25 March 08:00 would"):
        read_by_flags(path, "--start 2019-01-01")


QUARTERS = pd.date_range("2019-03-29", periods=96 * 4, freq="15min")
JITTER = np.random.default_rng(4).integers(-8, 9, len(QUARTERS))


def late(time: pd.Timestamp, by: np.ndarray = JITTER) -> pd.Timestamp:
    seconds = int(by[int((time - QUARTERS[0]) / pd.Timedelta("15min"))])
    return time + pd.Timedelta(seconds=seconds if time != QUARTERS[0] else abs(seconds))


@pytest.mark.parametrize("zone", [None, "+01:00", "Europe/Berlin"])
@pytest.mark.parametrize("offset", [0, 15])
def test_times_some_seconds_off_are_snapped_as_advised(
    zone: str | None, offset: int, tmp_path: Path, read_as_advised: Advised
) -> None:
    times = QUARTERS if zone is None else QUARTERS.tz_localize("+01:00")
    if zone == "Europe/Berlin":
        times = times.tz_convert(zone)

    def row(time: pd.Timestamp) -> str:
        naive = time.tz_convert("+01:00").tz_localize(None) if zone is not None else time
        jittered = late(naive) + pd.Timedelta(minutes=offset)
        if zone == "Europe/Berlin":
            return f"{jittered.tz_localize('+01:00').tz_convert(zone).tz_localize(None)}"
        return f"{jittered}{zone or ''}"

    flags = ("--stamp end " if offset else "--stamp start ") + ("--tz Europe/Berlin" if zone == "Europe/Berlin" else "")
    series, used = read_as_advised(written(tmp_path / "file.csv", times, row, "time,wind,temp\n"), flags)

    assert_is_truth(series, times)
    assert used == f"{flags.strip()} --snap 1min"
    assert dict(series.source.changes)["stamps snapped"] == sum(late(time) != time for time in QUARTERS)


def test_a_length_that_joins_rows_is_refused(tmp_path: Path, read_by_flags: Callable[..., Series]) -> None:
    path = written(tmp_path / "file.csv", QUARTERS, lambda t: f"{late(t)}", "time,wind,temp\n")

    with pytest.raises(InputError, match=r"file\.csv:\d+: two times become .*choose a shorter length than snap='1h'"):
        read_by_flags(path, "--snap 1h")
    with pytest.raises(UsageError, match="does not divide a day"):
        read_by_flags(path, "--snap 7min")


def test_times_that_lie_nearer_to_another_multiple_are_refused(
    tmp_path: Path, read_by_flags: Callable[..., Series]
) -> None:
    by = np.where(np.arange(len(QUARTERS)) % 7 == 3, 40, 0)
    path = written(tmp_path / "file.csv", QUARTERS, lambda t: f"{late(t, by)}", "time,wind,temp\n")

    with pytest.raises(InputError, match=r"file\.csv:5: 2019-03-29 00:46:00 is 0 days 00:16:00 after"):
        read_by_flags(path, "--snap 1min")


SECONDS: dict[str, str] = {
    "another width": "time,wind,temp,extra\n",
    "another header": "time,solar,temp\n",
    "a title and a unit": "\nPlant B\ntime,solar,temp\n,MW,C\n",
    "a title of a word": "\nPlant,B\ntime,solar,temp,extra\n",
}


@pytest.mark.parametrize("second", SECONDS)
@pytest.mark.parametrize("suffix", ["csv", "semicolon"])
def test_one_of_several_tables_is_chosen_by_its_lines(
    second: str, suffix: str, tmp_path: Path, read_as_advised: Advised, read_by_flags: Callable[..., Series]
) -> None:
    more = ",0" if "extra" in SECONDS[second] else ""
    first = "time,wind,temp\n" + "".join(f"{time},{float(n)},1.5\n" for n, time in enumerate(HOURS[:48]))
    below = "".join(f"{time},{value},-3.5{more}\n" for time, value in zip(HOURS, truth(HOURS), strict=True))
    text = first + SECONDS[second] + below
    path = tmp_path / f"tables.{suffix}"
    path.write_text(text.replace(",", ";") if suffix == "semicolon" else text)
    header = text[: text.rindex("time,")].count("\n") + 1

    with pytest.raises(InputError, match=r"holds 2 tables one below the other; .* pass --rows|rows="):
        read_by_flags(path, "")
    series, flags = read_as_advised(path)

    assert_is_truth(series, HOURS)
    assert flags == f"--rows {header}-{text.count(chr(10))}"
    assert read_by_flags(path, "--rows 1-49").values[:, 0].tolist() == list(range(48))


@pytest.mark.parametrize("between", ["", "\n", "\nPlant B\n"])
def test_tables_of_one_header_whose_times_begin_again_are_two(
    between: str, tmp_path: Path, read_as_advised: Advised, read_by_flags: Callable[..., Series]
) -> None:
    path = written(tmp_path / "file.csv", HOURS, str, "time,wind,temp\n")
    again = "".join(f"{time},{float(number)},1.5\n" for number, time in enumerate(HOURS[:48]))
    text = path.read_text() + between + "time,wind,temp\n" + again
    path.write_text(text)

    series, flags = read_as_advised(path)

    assert_is_truth(series, HOURS)
    assert flags == "--rows 1-121"
    rows = f"--rows {text.count(chr(10)) - 48}-{text.count(chr(10))}"
    assert read_by_flags(path, rows).values[:, 0].tolist() == list(range(48))


def test_a_header_on_every_page_is_one_table(tmp_path: Path, read_by_flags: Callable[..., Series]) -> None:
    path = written(tmp_path / "file.csv", HOURS, str, "time,wind,temp\n")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:49], lines[0], *lines[49:]]))

    assert_is_truth(read_by_flags(path, ""), HOURS)


def test_chosen_lines_keep_their_numbers_and_their_header(
    tmp_path: Path, read_as_advised: Advised, read_by_flags: Callable[..., Series]
) -> None:
    path = written(tmp_path / "file.csv", MINUTES, str, "Title\n\ntime,wind,temp\n")
    lines = path.read_text().splitlines(keepends=True)
    rows = f"--rows {len(lines) - 575}-{len(lines)}"

    assert_is_truth(read_by_flags(path, ""), MINUTES)
    series, flags = read_as_advised(path, rows)
    assert flags == f"{rows} --header 3"
    assert [column.name for column in series.columns] == ["wind", "temp"]
    assert series.values[:, 0].tolist() == truth(MINUTES)[-576:]
    path.write_text("".join([*lines[:-2], lines[-2].replace(",-3.5", ",x"), lines[-1]]))
    with pytest.raises(InputError, match=rf"file\.csv:{len(lines) - 1}: temp is 'x'"):
        read_by_flags(path, f"{rows} --header 3")
    with pytest.raises(InputError, match="lines 5000-6000 hold nothing"):
        read_by_flags(path, "--rows 5000-6000")


def test_lines_are_not_chosen_of_what_has_none(hourly_frame: Callable[..., pd.DataFrame]) -> None:
    with pytest.raises(RequestError, match="rows='1-9' is for text"):
        read_series(hourly_frame(), rows="1-9")


def records(number: int, report: str, names: str, rows: list[str]) -> str:
    head = f"I,DISPATCH,{report},{number},SETTLEMENTDATE,{names}\n"
    return head + "".join(f"D,DISPATCH,{report},{number},{row}\n" for row in rows)


@pytest.mark.parametrize("tables", [1, 2, 3])
@pytest.mark.parametrize("is_mixed", [False, True])
def test_tables_of_records(tables: int, is_mixed: bool, tmp_path: Path, read_as_advised: Advised) -> None:
    rows = [
        f'"{time + pd.Timedelta("1h"):%Y/%m/%d %H:%M:%S}",{name},{value if name == "A" else 2.5}'
        for time, value in zip(HOURS, truth(HOURS), strict=True)
        for name in ("A", "B")
    ]
    others = [f'"{time:%Y/%m/%d %H:%M:%S}",1,50.5' for time in HOURS[:30]]
    parts = [records(1, "UNIT_SCADA", "DUID,SCADAVALUE", rows), records(4, "PRICE", "RUNNO,RRP", others)]
    parts = [*parts, records(4, "LOSS", "RUNNO,MW", others)][:tables]
    if is_mixed and tables > 1:  # the second table in the middle of the first
        lines = parts[0].splitlines(keepends=True)
        parts = ["".join(lines[:60]), parts[1], "".join([lines[0], *lines[60:]]), *parts[2:]]
    path = tmp_path / "PUBLIC.CSV"
    head = "C,NEMP.WORLD,DISPATCH,AEMO,PUBLIC,2019/01/30,00:05:00,000,DISPATCH,000\n"
    path.write_text(head + "".join(parts) + f'C,"END OF REPORT",{len(rows) + 3}\n')

    series, flags = read_as_advised(path)

    assert_is_truth(series, HOURS)
    assert [column.name for column in series.columns] == ["A", "B"]
    assert bool(flags) is (tables > 1)
