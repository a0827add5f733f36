"""Whether local times follow the changes of the clock of their zone: rows that it gives no place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Int64
from scenred.errors import InputError, Setting, Text
from scenred.io.clock.changes import changes_between, standard_time
from scenred.io.clock.digits import Stamps
from scenred.io.clock.within_day import ClockColumns
from scenred.io.clock.words import is_time_part
from scenred.io.clock.zones import zone_of
from scenred.io.tables.cells import MISSING
from scenred.io.tables.missing import DROP
from scenred.io.tables.table import Table
from scenred.notes import note

NONE: Int64 = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class ZoneFit:
    """Rows to which a zone gives no place.

    `padding` are rows without a value at times that the zone leaves out, `lost` those with one; `alone` are rows at a
    time that is two moments, which no other row with a value shares. `follows` tells whether the other rows follow a
    change of the clock: they leave an hour out in spring, or repeat one in autumn.
    """

    padding: Int64
    lost: Int64
    alone: Int64
    follows: bool

    @property
    def fits(self) -> bool:
        """Whether every row with a value has a place."""
        return not len(self.lost) and not len(self.alone)


def zone_fit(table: Table, clock: Int64, zone: dt.tzinfo, names: tuple[str, ...]) -> ZoneFit:
    """Compare the local times of the rows of a table with the changes of the clock; `names` are the time columns."""
    padding, lost, alone, shared = [NONE], [NONE], [NONE], [NONE]
    n_skipped, n_repeated = 0, 0
    for change in changes_between(zone, int(clock.min()), int(clock.max())):
        rows = np.flatnonzero((clock >= change.begin) & (clock < change.end))
        is_empty = hold_nothing(table, rows, names)
        if change.is_forward:
            padding.append(rows[is_empty])
            lost.append(rows[~is_empty])
            n_skipped += bool(is_empty.all()) and _meets(clock, change.begin, change.end)
            continue
        for time in np.unique(clock[rows]):
            here = clock[rows] == time
            n_rows, n_filled = int(here.sum()), int((here & ~is_empty).sum())
            n_repeated += n_filled > 1
            if n_rows == 1:
                alone.append(rows[here])
            elif n_filled == 1:
                shared.append(rows[here])
    follows = n_repeated > 0 or (n_skipped > 0 and not sum(map(len, lost)))
    alone += [] if follows else shared  # a row without a value is one of the two where others follow the zone
    return ZoneFit(np.concatenate(padding), np.concatenate(lost), np.concatenate(alone), follows)


def _meets(clock: Int64, begin: int, end: int) -> bool:
    """Return whether rows go on at the end of what is left out, from a step before it."""
    before = clock[clock < begin]
    return bool(len(before)) and end in clock and begin - int(before.max()) <= end - begin


def fitted(table: Table, columns: ClockColumns, back: int) -> tuple[Table, ClockColumns]:
    """Leave out rows to which a zone gives no place: without a value, or if periods with missing steps are dropped.

    `back` is the length of a step in microseconds where stamps are its end, else 0. Raise an InputError if rows with
    values have no place and are to be kept, or the rows follow no change of the clock.
    """
    tz = table.reading.tz
    bare = np.isnan(columns.stamps.offset)
    if tz is None or columns.named_offset is not None or not bare.any():
        return table, columns
    zone, rows = zone_of(tz), np.flatnonzero(bare)
    some, clock = table if bare.all() else table.rows(rows), columns.stamps.clock[rows]
    fit, clock = _best_fit(some, clock, back, zone, columns.names)
    if not fit.fits and not (fit.follows and table.reading.missing == "drop"):
        raise no_fit(some, fit, clock, zone)
    if len(fit.padding):
        place = some.place(int(fit.padding[0]))
        note(f"{place}: {len(fit.padding)} rows without a value at times that {tz} does not have are not read")
    if not fit.fits:
        n, row = len(fit.lost) + len(fit.alone), int(np.concatenate([fit.lost, fit.alone]).min())
        note(f"{some.place(row)}: {n} rows are not read, whose time {tz} does not have, or has twice and the file once")
    return without_rows(table, columns, rows[np.concatenate([fit.padding, fit.lost, fit.alone])])


def _best_fit(table: Table, clock: Int64, back: int, zone: dt.tzinfo, names: tuple[str, ...]) -> tuple[ZoneFit, Int64]:
    """Return the fit of stamps moved back on the clock, or as moments where only that fits, and the local times."""
    fit = zone_fit(table, clock - back, zone, names)
    if not fit.fits and back:
        other = zone_fit(table, clock, zone, names)
        if other.fits:
            return other, clock
    return fit, clock - back


def without_rows(table: Table, columns: ClockColumns, rows: Int64) -> tuple[Table, ClockColumns]:
    """Leave out rows of a table and of its clock."""
    if not len(rows):
        return table, columns
    kept = np.setdiff1d(np.arange(len(table.frame)), rows)
    old = columns.stamps
    stamps = Stamps(old.clock[kept], old.offset[kept], old.is_good[kept], old.has_hours)
    counts = None if columns.counts is None else columns.counts[kept]
    moved = None if columns.moved is None else columns.moved[kept]
    return table.rows(kept), replace(columns, stamps=stamps, counts=counts, moved=moved)


def no_fit(table: Table, fit: ZoneFit, clock: Int64, zone: dt.tzinfo) -> InputError:
    """Return the refusal of rows to which a zone gives no place."""
    rows = fit.lost if len(fit.lost) else fit.alone
    row = int(rows[0])
    time = pd.Timestamp(int(clock[row]), unit="us")
    met = (
        f"there is no time {time} in {zone}, where the clock was put forward"
        if len(fit.lost)
        else f"{time} is two moments in {zone}, where the clock was put back, and is in one row"
    )
    if not fit.follows:
        return table.error(met, "days of 23 and 25 hours in such a zone", does_not_follow(zone, clock), row=row)
    drop: Text = ("write offsets or UTC, or leave such rows and their periods out: pass ", DROP)
    needed = "" if len(fit.lost) else "both in the order of time"
    return table.error(met, needed, drop, (DROP,), row=row)


def does_not_follow(zone: dt.tzinfo, clock: Int64) -> Text:
    """Return what to do about periods that do not fit the changes of the clock of a zone."""
    return (
        *(
            "the periods do not fit the zone: if they are of its standard time all year, pass ",
            standard_time(zone, clock),
        ),
        *("; to count days by the clock of the file, leave out ", Setting("tz")),
    )


def hold_nothing(table: Table, rows: Int64, clock: tuple[str, ...]) -> Bool:
    """Return which rows hold no value next to the time: words of columns of words are none."""
    nothing = np.ones(len(rows), dtype=bool)
    marks = MISSING | {mark.strip().casefold() for mark in table.reading.na}
    for name in map(str, table.frame.columns if len(rows) else ()):
        if name in clock or is_time_part(name) or table.is_text(name) or table.is_counter(name):
            continue
        cells = table.frame[name].iloc[rows]
        nothing &= [bool(pd.isna(cell)) or str(cell).strip().casefold() in marks for cell in cells]
    return nothing
