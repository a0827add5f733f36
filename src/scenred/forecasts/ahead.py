"""The days to come: whole ones of a forecast, which begin at the hour of the history's days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.errors import InputError, RequestError, Setting
from scenred.forecasts.history import Days, days_of
from scenred.model import Series
from scenred.options import Cutting, Reading

DAY = pd.Timedelta(days=1)


def days_ahead(series: Series, past: pd.DatetimeIndex, reading: Reading, cutting: Cutting, day: str | None) -> Days:
    """Cut the days of a forecast, or only `day`; `past` are the starts of the history's days."""
    place = series.source.name
    wanted = None if day is None else _parsed(day)
    try:
        cut = days_of(series, reading, cutting)
    except InputError:  # say which hours are missing, if any are
        _check_whole(series, series.times()[:0], reading, cutting, wanted)
        raise
    _check_whole(series, cut.starts, reading, cutting, wanted)
    dates = cut.starts.tz_localize(None).normalize()
    rows = np.ones(len(dates), bool) if wanted is None else np.asarray(dates == wanted)
    if not rows.any():
        raise RequestError(
            f"there is no whole day {day}",
            advice=f"it holds {dates[0].date()} to {dates[-1].date()}",
            place=place,
        )
    found = cut.of(cut.names, rows)
    _check_offset(found.starts, past, place)
    return found


def _check_whole(
    series: Series,
    starts: pd.DatetimeIndex,
    reading: Reading,
    cutting: Cutting,
    wanted: pd.Timestamp | None,
) -> None:
    """Raise an InputError if a wanted day lacks hours and such days are not to be dropped."""
    if reading.missing == "drop":
        return
    times = series.times()
    dates = _dates(times, reading, cutting)
    whole = set(dates[times.get_indexer(starts)])
    per_day, per_hour = int(DAY / series.step), int(pd.Timedelta("1h") / series.step)
    counts = dates.value_counts(sort=False)
    for date, n_held in zip(pd.DatetimeIndex(counts.index), counts, strict=True):
        is_leap_day = cutting.drop_leap_day and (date.month, date.day) == (2, 29)
        may_be_short = cutting.dst == "drop" or is_leap_day
        lacks = n_held < (per_day - per_hour if may_be_short else per_day)
        if date not in whole and lacks and wanted in (None, date):
            raise InputError(
                f"day {date.date()} holds {n_held} of {per_day} steps",
                "whole days",
                (
                    *("add the missing ones, name another with ", Setting("day", "YYYY-MM-DD")),
                    *(", or pass ", Setting("missing", "drop")),
                ),
                place=series.source.name,
            )


def _dates(times: pd.DatetimeIndex, reading: Reading, cutting: Cutting) -> pd.DatetimeIndex:
    """Return the date of every row on the clock that days are counted by."""
    if times.tz is None:
        return times.normalize()
    utc = times.tz_convert("UTC").tz_localize(None)
    local = times.tz_localize(None)
    if reading.calendar == "utc":
        return utc.normalize()
    if cutting.dst == "keep-utc":
        return (utc + (local - utc).min()).normalize()
    return local.normalize()


def _parsed(day: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(pd.to_datetime(day, format="%Y-%m-%d"))
    except ValueError as error:
        raise RequestError(f"{day!r} is not a day", advice="write it as 2020-06-01") from error


def _check_offset(starts: pd.DatetimeIndex, past: pd.DatetimeIndex, place: str) -> None:
    """Raise an InputError if days begin at another hour than those of the history: their steps would be others."""
    if starts.tz is None:
        return
    there = starts[0].tz_convert(past.tz)
    if there.utcoffset() != starts[0].utcoffset():
        raise InputError(
            f"its days begin at {starts[0].isoformat()}, which is {there.isoformat()} in the zone of the history",
            "days that begin at one hour",
            ("write both in one zone, or name it with ", Setting("tz")),
            place=place,
        )
