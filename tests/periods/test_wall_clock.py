"""The clock on the wall, where it changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scenred import Reading, RequestError, ScenredWarning, Series, read_series, slice_periods


def berlin(start: str, end: str) -> Series:
    times = pd.date_range(start, end, freq="h", inclusive="left", tz="Europe/Berlin")
    frame = pd.DataFrame({"time": [time.isoformat() for time in times], "wind": np.arange(float(len(times)))})
    return read_series(frame, reading=Reading(tz="Europe/Berlin"))


def test_spring_late_in_a_series_repeats_the_hour_before() -> None:
    with pytest.warns(ScenredWarning, match="0 steps cut in autumn and 1 repeated in spring"):
        days = slice_periods(berlin("2020-03-01", "2020-03-31"), dst="regular")

    first = 28.0 * 24
    assert days.values[28, :4, 0].tolist() == [first, first + 1, first + 1, first + 2]


def test_the_day_of_the_change_is_dropped_also_if_a_series_begins_in_the_morning() -> None:
    with pytest.warns(ScenredWarning, match="dropped 19 rows before|1 periods of 23 or 25 hours"):
        days = slice_periods(berlin("2020-03-27 05:00", "2020-04-01"), dst="drop")

    assert days.starts is not None
    assert [start.day for start in days.starts] == [28, 30, 31]


@pytest.mark.parametrize(("end", "written"), [("2020-11-01", "01:00\\)"), ("2021-04-01", "01:00, ...\\)")])
def test_the_first_two_changes_of_the_clock_are_named(end: str, written: str) -> None:
    with pytest.raises(RequestError, match=r"2020-03-29T03:00:00\+02:00, 2020-10-25T02:00:00\+" + written):
        slice_periods(berlin("2020-03-28", end))
