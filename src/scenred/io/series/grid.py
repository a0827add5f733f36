"""A regular grid: rows at moments are put in order, duplicates joined, the step found, and means taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Float64, Int64
from scenred.errors import InputError, RequestError, Setting, Text
from scenred.io.clock.changes import zone_that_repeats
from scenred.io.clock.likely_zones import zone_advice
from scenred.io.clock.snapped import proposed_snap
from scenred.io.clock.typical import is_typical, typical_start
from scenred.io.series.daily import on_most_days
from scenred.io.series.long import sites_advice
from scenred.io.tables.table import Table
from scenred.notes import note

# Rows of the double hours of a year, at most: quarter hours, twice.
SMALL_HOURS = 24
# Microseconds by which a clock is put back, and no more.
HOUR = 3_600_000_001
# Times that come too early, from which on days and months may be swapped.
OFTEN = 10
# Share of rows that are duplicated by mistake, at most: where there are more, they are of several sites.
FEW = 0.05
SORT, DUPLICATES = Setting("sort", True), Setting("duplicates", "first")


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Rows on a grid: `start`, `step`, the place of each row, values (NaN if missing), and counts of changes."""

    start: pd.Timestamp
    step: pd.Timedelta
    places: Int64
    values: Float64
    changes: dict[str, int]

    def time(self, place: int | np.int64) -> pd.Timestamp:
        """Return the time of a place."""
        return self.start + int(place) * self.step


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows of a table with their moments in microseconds, and counts of changes."""

    table: Table
    times: pd.DatetimeIndex
    moments: Int64
    changes: dict[str, int]

    def late(self, row: int) -> str:
        """Return the words about a row whose time is before that of the row above."""
        return f"time {self.times[row]} comes after {self.times[row - 1]}"


def gridded(table: Table, times: pd.DatetimeIndex, values: Float64) -> tuple[Grid, Int64]:
    """Put rows in order on a regular grid, where what is missing stays missing; return the row that each of it was too.

    Raise an InputError naming the row at which a time comes too early, is duplicated with other values, or breaks the
    step.
    """
    source = _Rows(table, times, times.as_unit("us").asi8, {})
    if len(times) < 2:
        raise table.error("holds one row", "at least two to know the step")
    _check_one_year(source)
    rows, values = _unique(source, values, _order(source))
    moments = source.moments[rows]
    step = _regular_step(source, rows)
    places = (moments - moments[0]) // step
    return Grid(times[rows[0]], pd.Timedelta(step, "us"), places, values, source.changes), rows


def _check_one_year(source: _Rows) -> None:
    """Raise an InputError if rows are a typical year, put together of months of several years."""
    times, table = source.times, source.table
    is_ordered = bool((np.diff(source.moments) >= 0).all())
    if not is_typical(times) or (is_ordered and table.reading.missing != "error"):
        return
    row = int(np.argmax(np.diff(times.year) != 0)) + 1
    start = typical_start(times)
    raise table.error(
        f"time {times[row]} comes after {times[row - 1]}, and months follow each other, as in typical years put "
        "together of months",
        "times of one year",
        ("pass ", start, " to put them into one"),
        (start,),
        row=row,
    )


def counted(name: str, changes: dict[str, int], what: str, count: int, more: str = "") -> None:
    """Record and note how many rows, steps or values are changed."""
    changes[what] = count
    note(f"{name}: {count} {what}{more}")


def _order(source: _Rows) -> Int64:
    """Return the rows in the order of time: unchanged, from the last to the first, or sorted if that is given."""
    rows = np.arange(len(source.moments))
    differences = np.diff(source.moments)
    back = np.flatnonzero(differences < 0) + 1
    if not len(back):
        return rows
    if (differences <= 0).all():
        note(f"{source.table.name}: rows go from the last time to the first and are read in reverse")
        source.changes["rows reversed"] = len(rows)
        return rows[::-1]
    if source.table.reading.sort:
        order = np.argsort(source.moments, kind="stable")
        counted(source.table.name, source.changes, "rows moved by sorting", int((order != rows).sum()))
        return order
    raise _unordered(source, back, differences)


def _unordered(source: _Rows, back: Int64, differences: Int64) -> InputError:
    """Return the error about rows that are not in the order of time, with the likely cause."""
    table, times, moments, row = source.table, source.times, source.moments, int(back[0])
    needed = "increasing times"
    changed = _clock_change(times, back[:SMALL_HOURS])
    if changed is not None and differences[changed[0] - 1] > -HOUR:
        met = f"{source.late(changed[0])}, as where a clock is put back"
        return table.error(met, needed, _other_clock(times, changed[1]), row=changed[0])
    if len(np.unique(moments)) * 2 <= len(moments):
        met = f"{source.late(row)}, and most times are duplicated"
        return table.error(met, "unique times", *sites_advice(table, times), row=row)
    if (daily := on_most_days(times, back)) is not None:
        advice = "sorting would mix the hours of two days: correct the dates or the hours"
        return table.error(f"{source.late(row)}{daily}", needed, advice, row=row)
    doubt = "; day and month may be swapped in some of them, so check that first"
    sort = ("sort the rows, or pass ", SORT, doubt if len(back) >= OFTEN else "")
    return table.error(source.late(row), needed, sort, (SORT,), row=row)


def _unique(source: _Rows, values: Float64, rows: Int64) -> tuple[Int64, Float64]:
    """Keep one row of each time: identical ones are dropped and counted, others as `duplicates` says."""
    table, times, policy = source.table, source.times, source.table.reading.duplicates
    if rows[0] != 0 or len(rows) != len(values) or (np.diff(rows) != 1).any():
        values = values[rows]
    is_first = np.concatenate([[True], np.diff(source.moments[rows]) != 0])
    again, first = np.flatnonzero(~is_first), np.flatnonzero(is_first)
    if not len(again):
        return rows, values
    if len(first) == 1:
        raise table.error(f"time {times[rows[1]]} is duplicated, as all others", "two times", row=1)
    group = np.cumsum(is_first) - 1
    before = values[first[group]]
    differs = ((values != before) & ~(np.isnan(values) & np.isnan(before))).any(axis=1)
    if policy == "error" and (changed := _clock_change(times, rows[again])) is not None:
        met = f"time {times[changed[0]]} is duplicated, as where a clock is put back"
        raise table.error(met, advice=_other_clock(times, changed[1]), row=changed[0])
    if differs.any() and policy == "error":
        row = int(rows[np.flatnonzero(differs)[0]])
        daily = on_most_days(times, rows[again]) or ""
        met = f"time {times[row]} is duplicated with different values{daily}"
        raise table.error(met, "unique times", *_advice(table, times, is_daily=bool(daily)), row=row)
    what = f"rows of a time joined ({policy})" if differs.any() else "identical rows dropped"
    counted(table.name, source.changes, what, len(again))
    if policy == "mean":
        return rows[first], pd.DataFrame(values).groupby(group).mean().to_numpy()
    kept = np.append(first[1:] - 1, len(rows) - 1) if policy == "last" else first
    return rows[kept], _with_those_there(source, values, kept, group)


def _with_those_there(source: _Rows, values: Float64, kept: Int64, group: Int64) -> Float64:
    """Return the values of the rows that are kept, of another row of the same time where theirs are missing."""
    chosen = values[kept]
    holes = np.isnan(chosen)
    if not holes.any():
        return chosen
    groups = pd.DataFrame(values).groupby(group)
    there = (groups.last() if source.table.reading.duplicates == "last" else groups.first()).to_numpy()
    filled = holes & ~np.isnan(there)
    if filled.any():
        what = "values taken from another row of the same time"
        counted(source.table.name, source.changes, what, int(filled.sum()), ", where that of the row is missing")
    return np.where(holes, there, chosen)


def _advice(table: Table, times: pd.DatetimeIndex, *, is_daily: bool = False) -> tuple[Text, tuple[Setting, ...]]:
    """Return what to do about duplicated times, and the remedy if it is beyond doubt."""
    n_again = len(times) - len(times.unique())
    if n_again * 2 >= len(times):
        return sites_advice(table, times)
    if is_daily:
        return "as where hours 0 and 24 are both written, or hours of two days mixed: correct the times", ()
    zone = () if times.tz is not None else ("; where a clock is put back, name the zone with ", Setting("tz"))
    remedy = (DUPLICATES,) if n_again <= FEW * len(times) else ()
    return ("remove one of the rows, or pass ", DUPLICATES, ", last or mean", *zone), remedy


def _clock_change(times: pd.DatetimeIndex, rows: Int64) -> tuple[int, Setting] | None:
    """Return the first of few rows whose time a zone has twice, by local time, and that zone; none of every day."""
    if len(rows) > SMALL_HOURS * max(len(times) // 8_000, 1) or on_most_days(times, rows) is not None:
        return None
    clock = times[rows].tz_localize(None).as_unit("us").asi8
    for row, time in zip(rows.tolist(), clock.tolist(), strict=True):
        zone = zone_that_repeats(np.array([time]))
        if zone is not None:
            return row, zone
    return None


def _other_clock(times: pd.DatetimeIndex, zone: Setting) -> Text:
    """Return what to do about times that are duplicated where the clock of a zone is put back."""
    if times.tz is not None:
        return (f"the clock of {times.tz} is not put back there: name the zone of the file, such as ", zone)
    return zone_advice([str(zone.value)], "whose clock is put back then")


def _regular_step(source: _Rows, rows: Int64) -> int:
    """Return the step in microseconds; raise an InputError at the first row that breaks it."""
    differences = np.diff(source.moments[rows])
    forward, counts = np.unique(differences, return_counts=True)
    step = int(forward[np.argmax(counts)])
    bad = np.flatnonzero(differences % step)
    if not len(bad):
        return step
    here, before = source.times[rows[bad[0] + 1]], source.times[rows[bad[0]]]
    met = f"{here} is {here - before} after {before} where the step is {pd.Timedelta(step, 'us')}"
    snap = proposed_snap(source.times[rows].tz_localize(None).as_unit("us").asi8)
    advice: Text = "correct the time, or cut the file where the step changes"
    if snap is not None and source.table.reading.snap is None:
        advice = ("times are some seconds early or late: pass ", snap)
    remedy = (snap,) if snap is not None else ()
    raise source.table.error(met, "one step", advice, remedy, row=int(rows[bad[0] + 1]))


def resampled(table: Table, grid: Grid, step: pd.Timedelta) -> Grid:
    """Take means over longer steps, which begin at their multiples after midnight; incomplete ones are left out.

    Raise a RequestError if the new step is not a multiple of the old one.
    """
    n = step // grid.step
    if n * grid.step != step or n < 1:
        met = f"the step is {grid.step} and means over {step} are asked for"
        raise RequestError(met, advice="choose a multiple of the step", place=table.name)
    if n == 1:
        return grid
    since = grid.start - grid.start.normalize()
    offset = int((since // grid.step) % n)
    groups, counts = np.unique((grid.places + offset) // n, return_counts=True)
    whole = counts == n
    if whole.sum() < 2:
        raise RequestError(f"holds no two whole steps of {step}", advice="choose a shorter one", place=table.name)
    sums = np.add.reduceat(grid.values, np.concatenate([[0], np.cumsum(counts)[:-1]]), axis=0)
    kept = groups[whole]
    inner = int(((groups > kept[0]) & (groups < kept[-1]) & ~whole).sum())
    grid.changes["steps averaged"] = len(grid.places)
    lacking = f"; {inner} lack a part" if inner else ""
    note(f"{table.name}: {len(grid.places)} steps of {grid.step} are averaged to {len(kept)} of {step}{lacking}")
    return Grid(grid.time(int(kept[0]) * n - offset), step, kept - kept[0], sums[whole] / n, grid.changes)
