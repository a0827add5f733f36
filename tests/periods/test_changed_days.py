"""Days on which the clock changes are cut by the calendar of their zone, whichever of their rows are there."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from scenred import Column, ScenarioSet, ScenredWarning, Series, slice_periods
from scenred.model import Replay, Source

# A zone, a month with a change of its clock, and a step that divides the change.
CHANGES = [
    ("Europe/Berlin", "2020-03", "h"),
    ("Europe/Berlin", "2020-10", "h"),
    ("Europe/Berlin", "2020-10", "15min"),
    ("America/New_York", "2020-11", "30min"),
    ("Australia/Lord_Howe", "2020-04", "30min"),
    ("Australia/Lord_Howe", "2020-10", "15min"),
    ("America/Sao_Paulo", "2018-11", "h"),
    ("America/Sao_Paulo", "2018-02", "h"),
    ("Asia/Beirut", "2020-03", "h"),
    ("Asia/Beirut", "2020-10", "30min"),
    ("Atlantic/Azores", "2020-03", "h"),
    ("Atlantic/Azores", "2020-10", "h"),
    ("Asia/Pyongyang", "2018-05", "30min"),
    ("America/Caracas", "2016-05", "30min"),
    ("Europe/Istanbul", "2016-03", "h"),
]
Dst = Literal["drop", "regular"]


def month_of(zone: str, month: str, freq: str) -> Series:
    """Make a month in which every value is the number of its step."""
    begin = pd.Timestamp(f"{month}-01", tz=zone)
    times = pd.date_range(begin, begin + pd.DateOffset(months=1), freq=freq, inclusive="left")
    values = np.arange(float(len(times)))[:, None]
    return Series((Column("wind"),), times[0], times[1] - times[0], values, Source("month", None, len(times)))


def without(series: Series, rows: list[int]) -> Series:
    """Leave out rows, whose places stay empty."""
    kept = np.setdiff1d(np.arange(len(series.values)), rows)
    return Series(series.columns, series.start, series.step, series.values[kept], series.source, kept)


def cut(series: Series, dst: Dst, period: str = "24h") -> ScenarioSet:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        return slice_periods(series, period, dst=dst)


def clock_of(series: Series) -> pd.DatetimeIndex:
    return series.times().tz_localize(None)


def changed_day(series: Series) -> pd.Timestamp:
    days = pd.Series(1, index=clock_of(series).normalize()).groupby(level=0).sum()
    return pd.Timestamp(days.index[days.to_numpy() != pd.Timedelta("24h") // series.step][0])


def around_change(series: Series) -> list[int]:
    """Return rows up to an hour or two before and after the change."""
    row = int(np.flatnonzero(np.diff(clock_of(series)) != series.step)[0])
    some = max(pd.Timedelta("1h") // series.step, 2)
    return list(range(row - some, row + some + 2))


def values_by_clock(series: Series) -> dict[pd.Timestamp, float]:
    """Return the value of every local time, of the first where a time is duplicated."""
    found: dict[pd.Timestamp, float] = {}
    for time, value in zip(clock_of(series), series.values[:, 0], strict=True):
        found.setdefault(time, float(value))
    return found


@pytest.mark.parametrize(("zone", "month", "freq"), CHANGES)
def test_no_missing_row_keeps_a_day_on_which_the_clock_changes(zone: str, month: str, freq: str) -> None:
    series = month_of(zone, month, freq)
    day = changed_day(series)
    hour = max(pd.Timedelta("30min") // series.step, 1)

    for first in around_change(series):
        days = cut(without(series, [*range(first, first + hour)]), "drop")
        assert days.starts is not None
        assert day not in days.starts.tz_localize(None).normalize()


@pytest.mark.parametrize(("zone", "month", "freq"), CHANGES)
@pytest.mark.parametrize("dst", ["drop", "regular"])
def test_every_step_holds_the_value_of_its_local_time(zone: str, month: str, freq: str, dst: Dst) -> None:
    """Whatever row is missing on the day of the change, also the one that the hour left out would repeat."""
    series = month_of(zone, month, freq)
    truth = values_by_clock(series)

    for row in around_change(series):
        days = cut(without(series, [row]), dst)
        assert days.starts is not None
        assert days.step is not None
        for start, values in zip(days.starts.tz_localize(None), days.values[:, :, 0], strict=True):
            times = pd.date_range(start.normalize(), periods=len(values), freq=days.step)
            known = [(truth[time], value) for time, value in zip(times, values, strict=True) if time in truth]
            assert all(true == value for true, value in known)
            assert set(values) <= {true for true, _ in known}  # none of another day


@pytest.mark.parametrize(("zone", "month", "freq"), CHANGES)
@pytest.mark.parametrize("period", ["24h", "6h", "2D"])
def test_regular_days_are_cut_again_by_their_starts(zone: str, month: str, freq: str, period: str) -> None:
    series = month_of(zone, month, freq)
    days = cut(series, "regular", period)
    assert days.starts is not None
    replay = Replay("m", days.starts, pd.Timedelta(period), days.probabilities, reading={"dst": "regular"})

    again = replay.applied_to(series)

    assert np.array_equal(again.values, days.values)


@pytest.mark.parametrize("period", ["7D", "2D", "6h"])
def test_a_period_of_any_length_that_holds_a_change_is_dropped(period: str) -> None:
    series = month_of("Europe/Berlin", "2020-10", "h")
    truth = values_by_clock(series)
    change = pd.Timestamp("2020-10-25 02:00")

    for missing in ([], [24 * 24 + 2], [24 * 24 + 3], [24 * 24 + 1]):
        days = cut(without(series, missing), "drop", period)
        assert days.starts is not None
        for start, values in zip(days.starts.tz_localize(None), days.values[:, :, 0], strict=True):
            assert not start <= change < start + pd.Timedelta(period)
            assert values.tolist() == [truth[time] for time in pd.date_range(start, periods=len(values), freq="h")]


def test_a_day_that_a_zone_left_out_is_not_made() -> None:
    """Samoa had no 30 December 2011."""
    series = month_of("Pacific/Apia", "2011-12", "h")

    days = cut(series, "regular")

    assert days.starts is not None
    assert pd.Timestamp("2011-12-30") not in days.starts.tz_localize(None).normalize()
    assert days.values.ravel().tolist() == series.values.ravel().tolist()


def test_midnight_that_spring_leaves_out_repeats_the_hour_after_it() -> None:
    series = month_of("America/Sao_Paulo", "2018-11", "h")

    days = cut(series, "regular")

    first = 3 * 24.0
    assert days.values[3, :4, 0].tolist() == [first, first, first + 1, first + 2]
    assert days.starts is not None
    assert days.starts[3].isoformat() == "2018-11-04T01:00:00-02:00"
