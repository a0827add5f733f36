"""The clock that periods are counted by: local time with its double and missing hours, standard time, or UTC."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import RequestError, Setting
from scenred.model import Series
from scenred.model.duration import describe
from scenred.model.series import micros
from scenred.notes import note
from scenred.options import Calendar, Dst

DAY = pd.Timedelta(days=1)
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
    changes = _changes(series)
    if not len(changes.places):
        return WallClock(series.start.tz_localize(None), slots, rows)
    if dst == "keep-utc":
        least = int(_offsets(series, np.zeros(1, dtype=np.int64))[0]) + min(0, int(np.cumsum(changes.shifts).min()))
        standard = pd.Timedelta(least, "us")
        return WallClock(series.start.tz_convert("UTC").tz_localize(None) + standard, slots, rows)
    _check_changes(series, changes, dst)
    return _local(series, changes, dst)


@dataclass(frozen=True, slots=True, eq=False)
class _Changes:
    """Where a clock changes: the first place, in steps after the start, of each new offset, and by how much it grew.

    `shifts` are in microseconds, above 0 where the clock is put forward. They are those of the calendar: rows of a
    changed day may be missing.
    """

    places: Int64
    shifts: Int64


def _changes(series: Series) -> _Changes:
    """Find the changes of the clock between the first and the last row, first to the day, then to the step."""
    last = int(series.steps()[-1])
    a_day = max(DAY // series.step, 1)
    coarse = np.append(np.arange(0, last, a_day), last)
    before = np.flatnonzero(np.diff(_offsets(series, coarse)))
    fine = np.unique(np.concatenate([NONE, *(np.arange(coarse[day], coarse[day + 1] + 1) for day in before)]))
    shifts = np.diff(_offsets(series, fine))
    at = np.flatnonzero(shifts)
    return _Changes(fine[at + 1], shifts[at])


def _offsets(series: Series, places: Int64) -> Int64:
    """Return the offset from UTC at places of the grid, in microseconds."""
    moments = micros(series.start) + places * micros(series.step)
    utc = pd.DatetimeIndex(moments.view("M8[us]"))
    local = utc.tz_localize("UTC").tz_convert(series.start.tz).tz_localize(None)
    return local.as_unit("us").asi8 - moments


def _local(series: Series, changes: _Changes, dst: Dst | None) -> WallClock:
    """Lay the rows out by local time, in which an hour is missing in spring and one is duplicated in autumn."""
    places = series.steps()
    shifts = changes.shifts // micros(series.step)
    before = np.concatenate([[0], np.cumsum(shifts)])
    slots = places + before[np.searchsorted(changes.places, places, side="right")]
    first = changes.places + before[:-1]  # the slot at which each change would come without it
    lost = [np.arange(slot, slot + shift) for slot, shift in zip(first, shifts, strict=True) if shift > 0]
    doubled = [np.arange(slot + shift, slot) for slot, shift in zip(first, shifts, strict=True) if shift < 0]
    again = np.zeros(len(places), dtype=bool)
    for place, shift in zip(changes.places, shifts, strict=True):
        again |= (places >= place) & (places < place - shift)
    slots, rows = slots[~again], np.flatnonzero(~again)
    start = series.start.tz_localize(None)
    if dst == "drop":
        return WallClock(start, slots, rows, blocked=np.concatenate([NONE, *lost, *doubled]))
    added, sources = _repeated(series, start, slots, lost)
    filled = np.concatenate([slots, added])
    order = np.argsort(filled, kind="stable")
    n_cut = int(again.sum())
    note(
        f"{series.source.name}: {n_cut} steps cut in autumn and {len(added)} repeated in spring, where the clock "
        "changes"
    )
    counts = {"steps cut in autumn": n_cut, "steps repeated in spring": len(added)}
    return WallClock(start, filled[order], np.concatenate([rows, rows[sources]])[order], changes=counts)


def _repeated(series: Series, start: pd.Timestamp, slots: Int64, lost: list[Int64]) -> tuple[Int64, Int64]:
    """Return the slots that local time leaves out and can be filled, and the places in `slots` of what fills them.

    That is the hour before, or the one after where the hour before is of another day. A whole day is not filled, nor a
    slot whose source is missing.
    """
    added, sources = [NONE], [NONE]
    into, a_day = (start - start.normalize()) // series.step, DAY // series.step
    for block in lost:
        if len(block) * series.step >= DAY:
            continue
        before = block - len(block)
        wanted = np.where((before + into) // a_day == (block + into) // a_day, before, block + len(block))
        found = np.searchsorted(slots, wanted)
        is_there = slots[np.minimum(found, len(slots) - 1)] == wanted
        added.append(block[is_there])
        sources.append(found[is_there])
    return np.concatenate(added), np.concatenate(sources)


def _check_changes(series: Series, changes: _Changes, dst: Dst | None) -> None:
    """Raise a RequestError if the clock changes by part of a step, or nothing decides what to do with such days."""
    times = [(series.start + int(place) * series.step).isoformat() for place in changes.places[:2]]
    at = ", ".join(times) + (", ..." if len(changes.places) > 2 else "")
    utc = Setting("calendar", "utc")
    if (changes.shifts % micros(series.step)).any():
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
