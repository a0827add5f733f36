"""Rows at moments become rows on a regular grid: order, repeats, step, and steps that are missing."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Float64, Int64
from scenred.errors import InputError, RequestError, ScenredWarning
from scenred.io.series.long import sites_advice
from scenred.io.tables.table import Table
from scenred.options import Reading

# Rows of the double hours of a year, at most: quarter hours, twice.
SMALL_HOURS = 24
# Microseconds by which a clock is put back, and no more.
HOUR = 3_600_000_001
# Times that come too early, from which on days and months may be swapped.
OFTEN = 10
# Share of rows that stand twice by mistake, at most: where there are more, they are of several sites.
FEW = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Hold rows on a grid: `start`, `step`, the place of each row, values (NaN where missing), and what was changed."""

    start: pd.Timestamp
    step: pd.Timedelta
    places: Int64
    values: Float64
    changes: dict[str, int]


def gridded(table: Table, times: pd.DatetimeIndex, values: Float64) -> tuple[Grid, Int64]:
    """Put rows in order on a regular grid, as the policies of reading say; what is missing stays missing.

    Returns
    -------
    grid : Grid
    rows : ndarray of int64
        The row of the table that each row of the grid was.

    Raises
    ------
    InputError
        Naming the row at which a time comes too early, stands twice with other values, or breaks the step.
    """
    reading = table.reading
    moments: Int64 = times.as_unit("us").asi8
    if len(moments) < 2:
        raise InputError(f"{table.name}: holds one row; scenred needs at least two to know the step")
    changes: dict[str, int] = {}
    rows = _order(table, times, moments, reading, changes)
    rows, values = _unique(table, times, moments, values, rows, reading, changes)
    step = _regular_step(table, times, moments, rows)
    places = (moments[rows] - moments[rows[0]]) // step
    return Grid(times[rows[0]], pd.Timedelta(step, "us"), places, values, changes), rows


def _order(
    table: Table, times: pd.DatetimeIndex, moments: Int64, reading: Reading, changes: dict[str, int]
) -> Int64:
    """Give the rows in the order of time: as they stand, from the last to the first, or sorted if told."""
    rows = np.arange(len(moments))
    differences = np.diff(moments)
    back = np.flatnonzero(differences < 0)
    if not len(back):
        return rows
    if (differences <= 0).all():
        warnings.warn(
            f"{table.name}: rows stand from the last time to the first and are read the other way round",
            ScenredWarning,
            stacklevel=2,
        )
        changes["rows reversed"] = len(rows)
        return rows[::-1]
    if reading.sort:
        order = np.argsort(moments, kind="stable")
        changes["rows moved by sorting"] = int((order != rows).sum())
        note(table, changes, "rows moved by sorting")
        return order
    row = int(back[0]) + 1
    if (changed := _clock_change(times, back[:SMALL_HOURS] + 1)) is not None and differences[
        changed - 1
    ] > -HOUR:
        raise InputError(
            f"{table.place(changed)}: time {times[changed]} comes after {times[changed - 1]}, as where a clock is put "
            "back; scenred needs increasing times; name the zone and what becomes of days of 23 and 25 hours, such as "
            "--tz Europe/Berlin --dst drop"
        )
    if (np.diff(times.month) >= 0).all() and len(set(times.year)) > 1:
        raise InputError(
            f"{table.place(row)}: time {times[row]} comes after {times[row - 1]}, and months follow each other, as in "
            "typical years put together of months; scenred needs increasing times; remove the time columns and pass "
            "--start 2019-01-01"
        )
    if len(np.unique(moments)) * 2 <= len(moments):
        advice, remedy = sites_advice(table, times)
        raise InputError(
            f"{table.place(row)}: time {times[row]} comes after {times[row - 1]}, and most times stand more than once; "
            f"scenred needs every time once; {advice}",
            remedy,
        )
    doubt = (
        "; day and month may be swapped in some of them, so check that first" if len(back) >= OFTEN else ""
    )
    raise InputError(
        f"{table.place(row)}: time {times[row]} comes after {times[row - 1]}; scenred needs "
        f"increasing times; sort the rows, or pass --sort{doubt}",
        {"sort": True},
    )


def _unique(
    table: Table,
    times: pd.DatetimeIndex,
    moments: Int64,
    values: Float64,
    rows: Int64,
    reading: Reading,
    changes: dict[str, int],
) -> tuple[Int64, Float64]:
    """Keep one row of each time: identical ones are dropped and counted, others only as told."""
    values = (
        values if rows[0] == 0 and len(rows) == len(values) and (np.diff(rows) == 1).all() else values[rows]
    )
    again = np.flatnonzero(np.diff(moments[rows]) == 0) + 1
    if not len(again):
        return rows, values
    if len(again) == len(rows) - 1:
        raise InputError(
            f"{table.place(1)}: time {times[rows[1]]} stands twice, as all others; scenred needs two times"
        )
    group = np.cumsum(np.concatenate([[True], np.diff(moments[rows]) != 0])) - 1
    first = np.flatnonzero(np.concatenate([[True], np.diff(group) != 0]))
    differs = ((values != values[first[group]]) & ~(np.isnan(values) & np.isnan(values[first[group]]))).any(
        axis=1
    )
    if reading.duplicates == "error" and (changed := _clock_change(times, rows[again])) is not None:
        raise InputError(
            f"{table.place(changed)}: time {times[changed]} stands twice, as where a clock is put back; name the zone "
            "and what becomes of days of 23 and 25 hours, such as --tz Europe/Berlin --dst drop"
        )
    if differs.any() and reading.duplicates == "error":
        row = int(rows[np.flatnonzero(differs)[0]])
        advice, remedy = _advice(table, times)
        raise InputError(
            f"{table.place(row)}: time {times[row]} stands twice with different values; scenred needs every time once; "
            f"{advice}",
            remedy,
        )
    what = "identical rows dropped" if not differs.any() else f"rows of a time joined ({reading.duplicates})"
    changes[what] = len(again)
    note(table, changes, what)
    if reading.duplicates == "mean":
        return rows[first], pd.DataFrame(values).groupby(group).mean().to_numpy()
    kept = np.concatenate([first[1:] - 1, [len(rows) - 1]]) if reading.duplicates == "last" else first
    return rows[kept], values[kept]


def _advice(table: Table, times: pd.DatetimeIndex) -> tuple[str, dict[str, object]]:
    """Say what to do about times that stand more than once, and the remedy where it is beyond doubt."""
    if len(times.unique()) * 2 <= len(times):
        return sites_advice(table, times)
    zone = (
        ""
        if times.tz is not None
        else "; where a clock is put back, name the zone, such as --tz Europe/Berlin"
    )
    few = len(times) - len(times.unique()) <= FEW * len(times)
    return f"remove one of the rows, or pass --duplicates first, last or mean{zone}", (
        {"duplicates": "first"} if few else {}
    )


def _clock_change(times: pd.DatetimeIndex, rows: Int64) -> int | None:
    """Give the first row in the small hours of a Sunday of a month in which clocks are put back, without zone."""
    if times.tz is not None or len(rows) > SMALL_HOURS * max(len(times) // 8_000, 1):
        return None
    again = times[rows]
    small = (again.day_of_week == 6) & again.month.isin([4, 10, 11]) & (again.hour <= 3)
    return int(rows[np.flatnonzero(small)[0]]) if small.any() else None


def _regular_step(table: Table, times: pd.DatetimeIndex, moments: Int64, rows: Int64) -> int:
    """Find the step and refuse the first row that breaks it."""
    differences = np.diff(moments[rows])
    forward, counts = np.unique(differences, return_counts=True)
    step = int(forward[np.argmax(counts)])
    bad = np.flatnonzero(differences % step)
    if not len(bad):
        return step
    here, before = int(rows[bad[0] + 1]), int(rows[bad[0]])
    raise InputError(
        f"{table.place(here)}: {times[here]} is {times[here] - times[before]} after {times[before]} "
        "where the step is "
        f"{pd.Timedelta(step, 'us')}; scenred needs one step; correct the time, or cut the file "
        "where the step changes"
    )


def resampled(table: Table, grid: Grid, step: pd.Timedelta) -> Grid:
    """Take means over longer steps, which begin at their multiples after midnight; a part that is missing loses one.

    Raises
    ------
    RequestError
        When the new step is no multiple of the old one.
    """
    many = step // grid.step
    if many * grid.step != step or many < 1:
        raise RequestError(
            f"{table.name}: the step is {grid.step} and means over {step} are asked for; choose a "
            "multiple of the step"
        )
    if many == 1:
        return grid
    since = grid.start - grid.start.normalize()
    offset = int((since // grid.step) % many)
    groups, inverse, counts = np.unique(
        (grid.places + offset) // many, return_inverse=True, return_counts=True
    )
    whole = counts == many
    if whole.sum() < 2:
        raise RequestError(f"{table.name}: holds no two whole steps of {step}; choose a shorter one")
    sums = np.add.reduceat(grid.values, np.concatenate([[0], np.cumsum(counts)[:-1]]), axis=0)
    kept = groups[whole]
    inner = int(((groups > kept[0]) & (groups < kept[-1]) & ~whole).sum())
    grid.changes["steps averaged"] = len(inverse)
    warnings.warn(
        f"{table.name}: {len(inverse)} steps of {grid.step} are averaged to {len(kept)} of {step}"
        + (f"; {inner} lack a part" if inner else ""),
        ScenredWarning,
        stacklevel=2,
    )
    start = grid.start + (int(kept[0]) * many - offset) * grid.step
    return Grid(start, step, kept - kept[0], sums[whole] / many, grid.changes)


def note(table: Table, changes: dict[str, int], what: str, more: str = "") -> None:
    """Tell on stderr how many rows, steps or values were changed."""
    warnings.warn(f"{table.name}: {changes[what]} {what}{more}", ScenredWarning, stacklevel=3)
