"""The clock that periods are counted by: local time with its double and missing hours, standard time, or UTC."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Int64
from scenred.errors import RequestError, Setting
from scenred.model import Series
from scenred.model.duration import describe
from scenred.notes import note
from scenred.options import Calendar, Dst

NONE: Int64 = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class WallClock:
    """The rows of a series on the clock that periods are counted by.

    `slots` are the steps since `start` on that clock, increasing; `rows` are the rows of the series at them (one may
    fill two slots where a day is made whole); `blocked` are slots whose period is to be dropped; `changes` count the
    steps that were cut and repeated.
    """

    start: pd.Timestamp
    slots: Int64
    rows: Int64
    blocked: Int64 = field(default_factory=lambda: NONE)
    changes: dict[str, int] = field(default_factory=dict)


def wall_clock(series: Series, calendar: Calendar | None, dst: Dst | None) -> WallClock:
    """Lay the rows of a series out on the clock that periods are counted by.

    A RequestError is raised if days of UTC are wanted of times without a zone, or days differ in length and nothing
    decides.
    """
    slots = series.steps()
    rows = np.arange(len(slots))
    if series.start.tz is None:
        if calendar == "utc":
            raise RequestError(
                "times have no zone, so that days of UTC are not known",
                advice=("name the zone, such as ", Setting("tz", "UTC")),
                place=series.source.name,
            )
        return WallClock(series.start, slots, rows)
    if calendar == "utc":
        return WallClock(series.start.tz_convert("UTC"), slots, rows)
    times = series.times()
    offsets = (times.tz_localize(None) - times.tz_convert("UTC").tz_localize(None)).as_unit("us").asi8
    if (offsets == offsets[0]).all():
        return WallClock(series.start.tz_localize(None), slots, rows)
    if dst == "keep-utc":
        standard = pd.Timedelta(int(offsets.min()), "us")
        return WallClock(series.start.tz_convert("UTC").tz_localize(None) + standard, slots, rows)
    return _local(series, times, offsets, dst)


def _local(series: Series, times: pd.DatetimeIndex, offsets: Int64, dst: Dst | None) -> WallClock:
    """Lay the rows out by local time, in which an hour is missing in spring and one is duplicated in autumn."""
    changed = np.flatnonzero(np.diff(offsets) != 0) + 1
    _check_changes(series, times[changed], offsets, dst)
    shift = (offsets - offsets[0]) // (series.step // pd.Timedelta(1, "us"))
    slots = series.steps() + shift
    again = _duplicated(slots, shift, changed)
    lost = _skipped(slots, shift, changed)
    start = series.start.tz_localize(None)
    slots, rows, blocked = slots[~again], np.flatnonzero(~again), np.concatenate([lost, slots[again]])
    if dst == "drop":
        return WallClock(start, slots, rows, blocked)
    earlier = np.searchsorted(slots, lost - (pd.Timedelta(hours=1) // series.step or 1))
    filled = np.concatenate([slots, lost])
    order = np.argsort(filled, kind="stable")
    rows = np.concatenate([rows, rows[np.clip(earlier, 0, len(rows) - 1)]])[order]
    n_cut = int(again.sum())
    note(
        f"{series.source.name}: {n_cut} steps cut in autumn and {len(lost)} repeated in spring, where the clock changes"
    )
    changes = {"steps cut in autumn": n_cut, "steps repeated in spring": len(lost)}
    return WallClock(start, filled[order], rows, changes=changes)


def _check_changes(series: Series, changes: pd.DatetimeIndex, offsets: Int64, dst: Dst | None) -> None:
    """Raise a RequestError if the clock changes by part of a step, or nothing decides what to do with such days."""
    at = ", ".join(time.isoformat() for time in changes[:2]) + (", ..." if len(changes) > 2 else "")
    utc = Setting("calendar", "utc")
    if ((offsets - offsets[0]) % (series.step // pd.Timedelta(1, "us"))).any():
        raise RequestError(
            f"the clock changes by part of a step of {describe(series.step)} at {at}",
            advice=("choose ", utc),
            place=series.source.name,
            remedy=(utc,),
        )
    if dst is None:
        drop, regular, keep = (Setting("dst", choice) for choice in ("drop", "regular", "keep-utc"))
        raise RequestError(
            f"days of 23 or 25 hours in {series.start.tz} (the clock changes at {at})",
            "days of one length",
            ("pass ", drop, ", ", regular, ", ", keep, ", or ", utc),
            place=series.source.name,
            remedy=(drop,),
        )


def _duplicated(slots: Int64, shift: Int64, changed: Int64) -> Bool:
    """Return which rows repeat local times, after the clock was put back."""
    again = np.zeros(len(slots), dtype=bool)
    for row in changed:
        back = int(shift[row - 1] - shift[row])
        if back > 0:
            again[row:] |= (slots[row:] <= slots[row - 1]) & (np.arange(len(slots) - row) < back)
    return again


def _skipped(slots: Int64, shift: Int64, changed: Int64) -> Int64:
    """Return the slots that local time leaves out, where the clock was put forward."""
    spring = [
        np.arange(slots[row - 1] + 1, slots[row - 1] + 1 + int(shift[row] - shift[row - 1]))
        for row in changed
        if shift[row] > shift[row - 1]
    ]
    return np.concatenate([NONE, *spring])
