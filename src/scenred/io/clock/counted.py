"""Steps that are counted from midnight: by the clock, which a zone changes, or as they pass."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Int64, first
from scenred.io.clock.changes import changes_between
from scenred.io.clock.digits import DAY
from scenred.io.clock.likely_zones import changed_on, zone_advice
from scenred.io.clock.within_day import ClockColumns
from scenred.io.clock.words import PARTS, folded
from scenred.io.clock.zone_fit import does_not_follow, hold_nothing, without_rows
from scenred.io.clock.zones import in_zone, midnights, zone_of
from scenred.io.tables.table import Table
from scenred.notes import note


def with_clock_times(table: Table, columns: ClockColumns) -> ClockColumns:
    """Return the columns with counted steps as clock times, unless they are counted as they pass in a zone.

    Raise an InputError if a day has more steps than the clock and no zone is given.
    """
    counts, step = columns.counts, columns.step
    if counts is None:
        return columns
    if columns.named_offset is None and table.reading.tz is not None:
        if _counts_what_passes(table, columns, counts, zone_of(table.reading.tz)):
            return columns
    elif (row := first(counts >= DAY // step)) is not None:
        name, date = columns.names[-1], pd.Timestamp(int(columns.stamps.clock[row]), unit="us")
        raise table.error(
            f"{name} is {table.text(row, name)} in a day of {DAY // step} steps, as where a clock is put back",
            advice=zone_advice(changed_on(date, is_longer=True), f"where {date.date()} is longer"),
            row=row,
        )
    return by_clock(columns)


def by_clock(columns: ClockColumns) -> ClockColumns:
    """Return the columns with counted steps as clock times."""
    if columns.counts is None:
        return columns
    clock = columns.stamps.clock + columns.counts * columns.step
    return replace(columns, stamps=replace(columns.stamps, clock=clock, has_hours=True), counts=None)


def passed_times(table: Table, columns: ClockColumns) -> tuple[Table, pd.DatetimeIndex]:
    """Return the begin of every step where steps are counted as they pass, without rows beyond the end of their day.

    Raise an InputError if such a row holds a value.
    """
    assert columns.counts is not None  # noqa: S101 - for the type checker; the caller looked
    assert table.reading.tz is not None  # noqa: S101
    zone, dates = zone_of(table.reading.tz), columns.stamps.clock
    begins, ends = midnights(dates, zone)
    lengths = (ends - begins) // columns.step
    beyond = np.flatnonzero(columns.counts >= lengths)
    is_empty = hold_nothing(table, beyond, columns.names)
    if not is_empty.all():
        row, name = int(beyond[~is_empty][0]), columns.names[-1]
        raise table.error(
            f"{name} is {table.text(row, name)} on {pd.Timestamp(int(dates[row]), unit='us').date()}, which has "
            f"{lengths[row]} steps in {zone}",
            "the steps of each day",
            does_not_follow(zone, dates),
            row=row,
        )
    if len(beyond):
        place = table.place(int(beyond[0]))
        note(f"{place}: {len(beyond)} rows without a value at steps that days of {zone} do not have are not read")
    table, kept = without_rows(table, columns, beyond)
    begins = np.delete(begins, beyond)
    assert kept.counts is not None  # noqa: S101
    return table, in_zone(begins + kept.counts * columns.step, zone)


@dataclass(frozen=True, slots=True, eq=False)
class _Day:
    """A day on which the clock changes: its counts with a value, how many steps it has, and those left out."""

    counts: Int64
    length: int
    left_out: Int64


def _counts_what_passes(table: Table, columns: ClockColumns, counts: Int64, zone: dt.tzinfo) -> bool:
    """Return whether steps are counted as they pass: up to 23 or 25 hours, not up to 24 by the clock.

    Where no day shows it, hours are of the clock and periods count what passes, unless a longer day has no more.
    """
    usual = DAY // columns.step
    if (counts >= usual).any():
        return True
    days = _changed_days(table, columns, counts, zone)
    if any(_is_by_clock(day, usual) for day in days):
        return False
    if any(day.length < usual and np.array_equal(day.counts, np.arange(day.length)) for day in days):
        return True
    is_whole = any(day.length > usual and np.array_equal(day.counts, np.arange(usual)) for day in days)
    return folded(columns.names[-1]) in PARTS["period"] and not is_whole


def _is_by_clock(day: _Day, usual: int) -> bool:
    """Return whether the numbers of a day are those of a clock that leaves an hour out, or repeats one."""
    if day.length > usual:
        return len(np.unique(day.counts)) < len(day.counts)
    return bool((day.counts >= day.length).any()) and not np.isin(day.counts, day.left_out).any()


def _changed_days(table: Table, columns: ClockColumns, counts: Int64, zone: dt.tzinfo) -> list[_Day]:
    """Return the days of the table on which the clock changes."""
    dates, step = columns.stamps.clock, columns.step
    days = []
    for change in changes_between(zone, int(dates.min()), int(dates.max())):
        date = change.begin // DAY * DAY
        rows = np.flatnonzero(dates == date)
        if not len(rows):
            continue
        filled: Bool = ~hold_nothing(table, rows, columns.names)
        left_out = (
            np.arange(change.begin - date, change.end - date, step) // step if change.is_forward else np.arange(0)
        )
        length = (DAY + change.before - change.after) // step
        days.append(_Day(np.sort(counts[rows[filled]]), length, left_out))
    return days
