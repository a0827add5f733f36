"""Cutting a series into periods."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from scenred import (
    Reading,
    RequestError,
    ScenredWarning,
    Series,
    UsageError,
    read_series,
    slice_periods,
)
from scenred.model.duration import describe, parse_period

Frame = Callable[..., pd.DataFrame]


def test_whole_days_are_kept_bit_for_bit(hourly_frame: Frame) -> None:
    frame = hourly_frame(72)

    days = slice_periods(read_series(frame))

    assert days.values.shape == (3, 24, 2)
    assert np.array_equal(days.values.reshape(72, 2), frame[["wind", "pv"]].to_numpy())
    assert days.probabilities.tolist() == [1 / 3] * 3
    assert days.starts is not None
    assert [str(start.date()) for start in days.starts] == ["2019-07-01", "2019-07-02", "2019-07-03"]


def test_rows_outside_whole_days_are_dropped_and_counted(hourly_frame: Frame) -> None:
    series = read_series(hourly_frame(60, start="2019-07-01 05:00"))

    with pytest.warns(ScenredWarning, match="dropped 19 rows before the first and 17 rows after the last"):
        days = slice_periods(series)

    assert days.n_scenarios == 1
    assert days.starts is not None
    assert days.starts[0] == pd.Timestamp("2019-07-02")
    assert days.source is not None
    assert (days.source.rows_dropped_before, days.source.rows_dropped_after) == (19, 17)


def test_half_past_stamps_belong_to_the_day_they_fall_in(hourly_frame: Frame) -> None:
    series = read_series(hourly_frame(49, start="2009-12-31 23:30"))

    with pytest.warns(ScenredWarning, match="dropped 1 rows before"):
        days = slice_periods(series)

    assert days.starts is not None
    assert days.starts[0] == pd.Timestamp("2010-01-01 00:30")


def test_year_that_begins_at_half_past_midnight_keeps_its_first_day(hourly_frame: Frame) -> None:
    days = slice_periods(read_series(hourly_frame(24 * 365, start="2019-01-01 00:30")))

    assert days.n_scenarios == 365


def test_short_periods_begin_at_their_multiple_after_midnight(hourly_frame: Frame) -> None:
    series = read_series(hourly_frame(13, start="2019-07-01 05:00"))

    with pytest.warns(ScenredWarning, match="dropped 1 rows before the first and 0 rows after"):
        quarters = slice_periods(series, "6h")

    assert quarters.starts is not None
    assert quarters.starts[0] == pd.Timestamp("2019-07-01 06:00")


def test_a_week_begins_at_the_first_midnight(hourly_frame: Frame) -> None:
    series = read_series(hourly_frame(24 * 15, start="2019-07-03"))

    with pytest.warns(ScenredWarning, match="24 rows after"):
        weeks = slice_periods(series, "7D")

    assert weeks.values.shape == (2, 168, 2)
    assert weeks.starts is not None
    assert weeks.starts[1] == pd.Timestamp("2019-07-10")


def test_a_week_of_a_series_that_begins_in_the_morning_begins_at_the_next_midnight(hourly_frame: Frame) -> None:
    series = read_series(hourly_frame(24 * 9, start="2019-07-03 05:00"))

    with pytest.warns(ScenredWarning, match="dropped 19 rows before the first"):
        weeks = slice_periods(series, "7D")

    assert weeks.starts is not None
    assert weeks.starts[0] == pd.Timestamp("2019-07-04")


def test_alignment_to_the_start_takes_the_first_row(hourly_frame: Frame) -> None:
    series = read_series(hourly_frame(48, start="2019-07-01 05:00"))

    days = slice_periods(series, align="start")

    assert days.starts is not None
    assert days.starts[0] == pd.Timestamp("2019-07-01 05:00")
    assert days.n_scenarios == 2


def test_midnight_is_that_of_the_series_own_zone() -> None:
    times = [f"2019-07-01T{hour:02d}:00+09:00" for hour in range(24)]
    frame = pd.DataFrame({"time": times, "wind": np.arange(24.0)})

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        days = slice_periods(read_series(frame))

    assert days.starts is not None
    assert days.starts[0].isoformat() == "2019-07-01T00:00:00+09:00"


@pytest.mark.parametrize(("freq", "n_steps"), [("30min", 48), ("15min", 96), ("5min", 288)])
def test_finer_steps_are_found(hourly_frame: Frame, freq: str, n_steps: int) -> None:
    days = slice_periods(read_series(hourly_frame(n_steps * 2, freq=freq)))

    assert days.values.shape == (2, n_steps, 2)


@pytest.mark.parametrize("period", ["90min", "30min", "25min"])
def test_period_must_be_a_multiple_of_the_step(hourly_frame: Frame, period: str) -> None:
    with pytest.raises(RequestError, match=f"{period} is not a multiple of the series' step of 1h"):
        slice_periods(read_series(hourly_frame()), period)


@pytest.mark.parametrize("period", ["", "day", "-24h", "0h", "NaT", "1e99h", "24", "5m", "h"])
def test_what_is_not_a_length_of_time_is_refused(period: str) -> None:
    with pytest.raises(UsageError, match="is not a length of time"):
        parse_period(period)


def test_series_without_a_whole_period_is_refused(hourly_frame: Frame) -> None:
    with pytest.raises(RequestError, match="hold no whole period of 7D"):
        slice_periods(read_series(hourly_frame(48)), "7D")


@pytest.mark.parametrize("text", ["24h", "7D", "90min", "14D", "30s"])
def test_lengths_are_written_as_they_are_read(text: str) -> None:
    assert describe(parse_period(text)) == text


def berlin(start: str, end: str, freq: str = "h") -> pd.DataFrame:
    times = pd.date_range(start, end, freq=freq, inclusive="left", tz="Europe/Berlin")
    return pd.DataFrame({"time": [time.isoformat() for time in times], "wind": np.arange(len(times), dtype=float)})


def local(frame: pd.DataFrame) -> Series:
    return read_series(frame, reading=Reading(tz="Europe/Berlin"))


def test_days_of_23_and_25_hours_are_refused_by_default() -> None:
    with pytest.raises(
        RequestError,
        match=r"23 or 25 hours in Europe/Berlin \(the clock changes at 2020-03-29T03:00:00\+02:00",
    ):
        slice_periods(local(berlin("2020-03-28", "2020-03-31")))


def test_days_with_a_clock_change_are_dropped() -> None:
    with pytest.warns(ScenredWarning, match="2 periods of 23 or 25 hours dropped"):
        days = slice_periods(local(berlin("2020-03-28", "2020-10-27")), dst="drop")

    assert days.n_scenarios == 213 - 2
    assert days.starts is not None
    assert (days.starts.hour == 0).all()
    assert "2020-03-29" not in {str(start.date()) for start in days.starts}


@pytest.mark.parametrize("freq", ["h", "15min"])
def test_regular_days_repeat_the_hour_before_and_cut_the_second(freq: str) -> None:
    frame = berlin("2020-03-28", "2020-10-27", freq)
    hour = 1 if freq == "h" else 4

    with pytest.warns(ScenredWarning, match="cut in autumn and .* repeated in spring"):
        days = slice_periods(local(frame), dst="regular")

    assert days.n_scenarios == 213
    assert days.starts is not None
    assert (days.starts.hour == 0).all()
    spring = days.values[1, :, 0]
    assert np.array_equal(spring[2 * hour : 3 * hour], spring[hour : 2 * hour])
    autumn = days.values[211, :, 0]
    assert np.array_equal(np.diff(autumn)[: 3 * hour - 1], np.ones(3 * hour - 1))
    assert autumn[3 * hour] - autumn[3 * hour - 1] == 1 + hour


def test_days_of_standard_time_change_nothing() -> None:
    frame = berlin("2020-03-28", "2020-10-27")

    days = slice_periods(local(frame), dst="keep-utc")

    assert np.array_equal(days.values.ravel(), np.arange(len(frame)))
    assert days.starts is not None
    assert [days.starts[day].hour for day in (0, 100)] == [0, 1]


def test_days_of_utc_begin_at_its_midnight() -> None:
    with pytest.warns(ScenredWarning, match="dropped 1 rows before"):
        days = slice_periods(local(berlin("2020-01-01", "2020-01-04")), calendar="utc")

    assert days.starts is not None
    assert days.starts[0].isoformat() == "2020-01-01T00:00:00+00:00"


def test_leap_days_are_kept_or_dropped(hourly_frame: Frame) -> None:
    series = read_series(hourly_frame(24 * 366, start="2020-01-01"))

    assert slice_periods(series).n_scenarios == 366
    with pytest.warns(ScenredWarning, match="1 periods with a leap day dropped"):
        assert slice_periods(series, drop_leap_day=True).n_scenarios == 365
