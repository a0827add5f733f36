"""Steps of a day are counted from 0 or from 1."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from scenred import InputError, Reading, ScenredWarning, read_series

LONDON = "Europe/London"


def numbered(column: str) -> tuple[pd.DatetimeIndex, pd.DataFrame]:
    """Return half hours numbered up to the 49th of the day with 50: what was delivered before its last half hour."""
    times = pd.date_range("2020-10-21", "2020-10-25 23:30", freq="30min", inclusive="left", tz=LONDON)
    day = pd.Series(times.strftime("%Y-%m-%d"))
    frame = pd.DataFrame({"date": day, column: day.groupby(day).cumcount() + 1, "wind": np.arange(len(day))})
    return times, frame


def test_settlement_periods_count_from_1_whatever_the_last_is() -> None:
    times, frame = numbered("SETTLEMENT_PERIOD")
    assert frame["SETTLEMENT_PERIOD"].max() == 49

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        series = read_series(frame, reading=Reading(tz=LONDON))

    assert (series.times() == times).all()
    assert series.values[:, 0].tolist() == list(range(len(times)))


def test_other_numbers_that_end_oddly_are_asked_about() -> None:
    _, frame = numbered("hour")
    frame["hour"] = frame["hour"].clip(upper=23)
    frame = frame.drop_duplicates(["date", "hour"])

    with pytest.raises(InputError, match="the first hour of a day may be 0 or 1"):
        read_series(frame)


@pytest.mark.parametrize("days", [["Month", "Day"], ["DOY"]])
@pytest.mark.parametrize("minute", [0, 60])
def test_hours_from_1_to_24_next_to_minutes_that_are_all_alike_are_counted(days: list[str], minute: int) -> None:
    hours = np.tile(np.arange(1, 25), 2)
    frame = pd.DataFrame({"Year": 2019, "Month": 1, "Day": 1, "DOY": 1, "Hour": hours, "Minute": minute, "wind": 0.5})
    frame.loc[24:, ["Day", "DOY"]] = 2

    series = read_series(frame[["Year", *days, "Hour", "Minute", "wind"]])

    assert (series.times() == pd.date_range("2019-01-01", periods=48, freq="h")).all()
    assert [column.name for column in series.columns] == ["wind"]


def test_hours_from_1_to_24_at_half_past_are_asked_about() -> None:
    frame = pd.DataFrame({"Year": 2019, "Month": 1, "Day": 1, "Hour": np.arange(1, 25), "Minute": 30, "wind": 0.5})

    with pytest.raises(InputError, match=r"hour 24 and minute 30; where hours .* time='Year,Month,Day,Hour'"):
        read_series(frame)
