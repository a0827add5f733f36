"""Dates that do not turn at midnight, and clocks of twelve hours: recognised where every day shows the same pattern."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Int64
from scenred.errors import Setting
from scenred.io.clock.digits import DAY, SECOND
from scenred.io.clock.within_day import ClockColumns
from scenred.io.tables.table import Table
from scenred.notes import note

HOUR = 3_600 * SECOND
# By more than this no clock is put back: hours within a date that go back further are written in another way.
BACK = 3 * HOUR
# Share of steps that follow each other once the pattern is understood, and of days that show it, at least.
REGULAR = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class _Dated:
    """Clock times in the order of rows, the oldest first: the time of day, and the runs of rows of one date."""

    clock: Int64
    time: Int64
    run: Int64

    @classmethod
    def of(cls, clock: Int64) -> _Dated:
        date = clock // DAY
        return cls(clock, clock - date * DAY, np.cumsum(np.concatenate([[0], np.diff(date) != 0])))


def in_day_order(table: Table, columns: ClockColumns) -> ClockColumns:
    """Return the columns with times that follow each other, where dates or hours are written in another way.

    That is a midnight or the hours after it with the date of the day before, hours 1 to 12 without AM and PM, and noon
    written as 12 AM. Raise an InputError if midnight is dated so, and nothing tells whether stamps end their step.
    """
    counts = 0 if columns.counts is None else columns.counts * columns.step
    clock = columns.stamps.clock + counts
    falls = np.diff(clock) < -BACK
    is_reversed = len(clock) > 1 and bool(np.mean(np.diff(clock) < 0) > 0.5)
    order = slice(None, None, -1) if is_reversed else slice(None)
    if is_reversed:
        falls = np.diff(clock[::-1]) < -BACK
    if not falls.any() or _is_regular(clock[order]):
        return columns
    dated = _Dated.of(clock[order])
    for read in (_turned_late, _of_twelve_hours, _with_noon_as_midnight):
        found = read(dated)
        if found is None or not _is_regular(found[0]):
            continue
        there, what, late = found
        note(f"{table.name}: {what}, on every day; such times are read so")
        ends = columns.ends or (_ends(table, dated, late) if late is not None else None)
        stamps = replace(columns.stamps, clock=there[order].copy(), has_hours=True)
        return replace(columns, stamps=stamps, counts=None, ends=ends)
    return columns


Found = tuple[Int64, str, Bool | None]


def _turned_late(dated: _Dated) -> Found | None:
    """Read times that come after later ones of their date as those of the next day, if they always do.

    They are the fewer: where most of a date come after a fall, its first may as well be of the day before.
    """
    is_late = _late(dated.clock, dated.run)
    late = np.unique(dated.time[is_late])
    is_late = np.isin(dated.time, late)
    early = np.unique(dated.time[~is_late])
    if not 0 < len(late) < len(early) or late[-1] > early[0]:
        return None
    there = dated.clock + DAY * is_late
    if len(late) > 1:
        return there, f"times up to {_written(late[-1])} have the date of the day before", None
    return there, "midnight has the date of the day before", is_late if late[0] == 0 else None


def _of_twelve_hours(dated: _Dated) -> Found | None:
    """Read hours from 12 over 1 to 11, twice a day, as those before and after noon."""
    if dated.time.min() < HOUR or dated.time.max() >= 13 * HOUR or dated.time.max() < 12 * HOUR:
        return None
    morning = dated.clock - dated.time + dated.time % (12 * HOUR)
    is_late = _late(morning, dated.run)
    first, last = dated.run == 0, dated.run == dated.run[-1]
    if not is_late[first].any() and not last[0]:  # the first day begins after noon
        is_late = is_late | first
    return morning + 12 * HOUR * is_late, "hours have neither AM nor PM and go from 12 over 1 to 11", None


def _with_noon_as_midnight(dated: _Dated) -> Found | None:
    """Read 12 AM as noon and 12 PM as midnight, also where that ends its date."""
    hour = dated.time // HOUR
    swapped = dated.clock + 12 * HOUR * ((hour == 0).astype(np.int64) - (hour == 12))
    what = "12 AM is noon and 12 PM is midnight"
    if _is_regular(swapped):
        return swapped, what, None
    found = _turned_late(_Dated.of(swapped))
    return None if found is None else (found[0], f"{what}, and {found[1]}", found[2])


def _late(clock: Int64, run: Int64) -> Bool:
    """Return which rows come after a fall of the clock within their date."""
    falls = np.concatenate([[False], (np.diff(clock) < -BACK) & (np.diff(run) == 0)])
    n_falls = np.cumsum(falls)
    before = n_falls[np.flatnonzero(np.concatenate([[True], np.diff(run) != 0]))]
    return np.asarray(n_falls > before[run])


def _is_regular(clock: Int64) -> bool:
    """Return whether times follow each other by one step, but for gaps and an hour that is put back."""
    steps, counts = np.unique(np.diff(clock), return_counts=True)
    return bool(steps[0] >= -BACK and steps[np.argmax(counts)] > 0 and counts.max() >= REGULAR * counts.sum())


def _ends(table: Table, dated: _Dated, late: Bool) -> str | None:
    """Return that stamps end their step, where midnight has the date of the day before and the first day has its own.

    Raise an InputError if the rows neither begin nor end with a whole day.
    """
    if table.reading.stamp is not None:
        return None
    if late[0] and not late[-1]:
        return None
    if not late[0] and (late[-1] or dated.time[0] == np.diff(dated.clock)[0]):
        return "midnight is the last time of its date"
    raise table.error(
        "midnight has the date of the day before, and the rows do not begin or end with a day",
        "to know whether a time is the begin or the end of its step",
        ("pass ", Setting("stamp", "end"), " if it is the end, or ", Setting("stamp", "start")),
    )


def _written(time: int | np.int64) -> str:
    return str(pd.Timedelta(int(time), "us").components.hours).zfill(2) + f":{int(time) // (60 * SECOND) % 60:02d}"
