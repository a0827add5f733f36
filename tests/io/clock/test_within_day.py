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
def test_hours_from_1_to_24_next_to_empty_minutes_are_read_without_the_minutes(days: list[str]) -> None:
    hours = np.tile(np.arange(1, 25), 2)
    frame = pd.DataFrame({"Year": 2019, "Month": 1, "Day": 1, "DOY": 1, "Hour": hours, "Minute": 0, "wind": 0.5})
    frame.loc[24:, ["Day", "DOY"]] = 2
    kept = frame[["Year", *days, "Hour", "Minute", "wind"]]

    with pytest.raises(InputError, match=f"time='Year,{','.join(days)},Hour'"):
        read_series(kept)
