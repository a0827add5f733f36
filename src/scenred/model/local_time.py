"""Local times become moments, also those that a zone leaves out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.arrays import Int64

# Microseconds.
DAY = 86_400_000_000


def local_moments(clock: Int64, near: pd.DatetimeIndex) -> Int64:
    """Return the moments of local times in the zone of `near`, in microseconds since 1970.

    A duplicated time is the first of the two. A time that the zone leaves out is as much earlier as it leaves out, or
    as much later where that is another day.

    Examples
    --------
    >>> clock = pd.DatetimeIndex(["2020-03-29 01:30", "2020-03-29 02:30"]).as_unit("us").asi8
    >>> np.diff(local_moments(clock, pd.DatetimeIndex(["2020-01-01"], tz="Europe/Berlin")))
    array([0])
    """
    first = np.ones(len(clock), dtype=bool)
    found = pd.DatetimeIndex(clock.view("M8[us]")).tz_localize(near.tz, ambiguous=first, nonexistent="NaT")
    lost = np.flatnonzero(found.isna())
    if not len(lost):
        return found.as_unit("us").asi8
    # pandas shifts such times by whole hours, also where a clock is put forward by half of one.
    at = clock[lost]
    length = _offsets(_utc(at + DAY, near)) - _offsets(_utc(at - DAY, near))
    there = np.where((at - length) // DAY == at // DAY, at - length, at + length)
    clock = clock.copy()
    clock[lost] = there
    return pd.DatetimeIndex(clock.view("M8[us]")).tz_localize(near.tz, ambiguous=first).as_unit("us").asi8


def left_out_before(times: pd.DatetimeIndex) -> Int64:
    """Return how much local time is left out just before each time of a zone, in microseconds; 0 elsewhere."""
    grown: Int64 = np.maximum(_offsets(times) - _offsets(times - pd.Timedelta(1, "us")), 0)
    return grown


def _utc(moments: Int64, near: pd.DatetimeIndex) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(moments.view("M8[us]")).tz_localize("UTC").tz_convert(near.tz)


def _offsets(times: pd.DatetimeIndex) -> Int64:
    local: Int64 = times.tz_localize(None).as_unit("us").asi8
    return local - times.as_unit("us").asi8
