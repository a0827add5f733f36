"""One truth in the layouts of weather services and operators: each is read, or read as its refusal advises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import Series

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
    "names of another language": (HOURS, "Rok,Miesiac,Dzien,Czas", lambda t: f"{t.year},{t.month},{t.day},{t.hour}"),
}


@pytest.mark.parametrize("layout", NAMED)
def test_parts_of_the_time_in_columns(layout: str, tmp_path: Path, read_as_advised: Advised) -> None:
    times, names, row = NAMED[layout]

    series, flags = read_as_advised(written(tmp_path / "file.csv", times, row, f"{names},wind,temp\n"))

    assert_is_truth(series, times)
    assert len(series.columns) == 2
    assert flags == ("--time Rok,Miesiac,Dzien,Czas" if layout == "names of another language" else "")
