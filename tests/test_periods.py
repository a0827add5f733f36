"""Cutting a series into periods."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from scenred import RequestError, ScenredWarning, UsageError, read_series, slice_periods
from scenred.periods import describe, parse_period

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
    with pytest.raises(RequestError, match=f"{period} is no multiple of the series' step of 1h"):
        slice_periods(read_series(hourly_frame()), period)


@pytest.mark.parametrize("period", ["", "day", "-24h", "0h", "NaT", "1e99h", "24", "5m", "h"])
def test_what_is_no_length_of_time_is_refused(period: str) -> None:
    with pytest.raises(UsageError, match="is no length of time"):
        parse_period(period)


def test_series_without_a_whole_period_is_refused(hourly_frame: Frame) -> None:
    with pytest.raises(RequestError, match="hold no whole period of 7D"):
        slice_periods(read_series(hourly_frame(48)), "7D")


@pytest.mark.parametrize("text", ["24h", "7D", "90min", "14D", "30s"])
def test_lengths_are_written_as_they_are_read(text: str) -> None:
    assert describe(parse_period(text)) == text
