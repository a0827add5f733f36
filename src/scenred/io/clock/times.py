"""Clock times become moments: without zone, with one fixed offset from UTC, or in the zone that is named."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenred.arrays import Int64, first
from scenred.errors import Setting, UsageError
from scenred.io.clock.assembled import clock_columns
from scenred.io.clock.counted import by_clock, passed_times, with_clock_times
from scenred.io.clock.day_order import in_day_order
from scenred.io.clock.digits import SECOND
from scenred.io.clock.implicit import following
from scenred.io.clock.likely_zones import zones_of
from scenred.io.clock.sides import side_of
from scenred.io.clock.snapped import n_snapped, snapped
from scenred.io.clock.typical import check_typical
from scenred.io.clock.unnamed import YEAR, with_year, yearless
from scenred.io.clock.within_day import ClockColumns
from scenred.io.clock.zone_fit import fitted
from scenred.io.clock.zones import at_offset, in_zone, localized, zone_of, zoned
from scenred.io.tables.table import Table
from scenred.model.duration import describe
from scenred.options.reading import DEFAULT_STEP


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """The begin of every row's step, the names of the time columns, and the table of those rows.

    The table's reading is resolved. Rows at hours that a zone does not have are left out where they hold no value.
    `n_snapped` stamps were moved to a multiple of the length `snap`.
    """

    index: pd.DatetimeIndex
    columns: tuple[str, ...]
    table: Table
    n_snapped: int = 0


def read_times(table: Table, given: str | tuple[str, ...] | None) -> Times:
    """Read the time columns of a table: without zone, with one offset from UTC, or in the zone `tz` where it is given.

    Raise an InputError if a cell is not a time, the offset changes and no zone is given, or a local time cannot be
    distinguished from the same time an hour earlier or later.
    """
    reading = table.reading
    if reading.start is not None:
        return _from_start(table, given, reading.start)
    columns = clock_columns(table, given)
    if reading.snap is not None:
        columns = snapped(columns, reading.snap)
    form = reading.time_format or columns.form
    columns = in_day_order(table, columns)
    stamp = side_of(table, columns)
    back = 0
    if columns.counts is not None and (columns.base == 1 or stamp == "start"):
        columns = with_clock_times(table, columns)
    elif stamp == "end":
        columns = by_clock(columns)
        back = _modal_step(columns.stamps.clock)
    if columns.counts is not None:
        table, index = passed_times(table, columns)
    else:
        table, columns = fitted(table, columns, back)
        index = _stamped(table, columns, back)
    resolved = replace(reading, time_format=form, stamp=stamp)
    return Times(index, columns.names, replace(table, reading=resolved), n_snapped(table, index, columns))


def _from_start(table: Table, given: str | tuple[str, ...] | None, start: str) -> Times:
    """Return times from the start that is given, in place of those of the time columns, which differ in the year."""
    reading = table.reading
    if not given:
        if (reading.time_format, reading.stamp) != (None, None):
            raise UsageError(
                "no column holds times",
                advice=("leave out ", Setting("time_format"), " and ", Setting("stamp")),
                place=Setting("start", start),
            )
        return Times(following(table, start, reading.step or DEFAULT_STEP), (), table)
    year = following(table, start, reading.step or DEFAULT_STEP)[0].year
    plain = replace(table, reading=replace(reading, start=None, step=None, tz=None, calendar=None))
    names = tuple(given) if not isinstance(given, str) else ()
    if names and yearless(table) == names:
        plain, given = with_year(plain, names, year), (YEAR, *names)
    found = read_times(plain, given)
    used = tuple(name for name in found.columns if name in table.frame.columns)
    step = pd.Timedelta(_modal_step(found.index.as_unit("us").asi8), "us")
    zone = found.index.tz
    if zone is not None and pd.Timestamp(start).tz is None:  # the clock of the file, which it names
        start = pd.Timestamp(start).tz_localize(zone).isoformat()
    index = following(table, start, reading.step or describe(step))
    check_typical(table, used, found.index, index if zone is None else index.tz_convert(zone))
    return Times(index, used, table, found.n_snapped)


def with_side(table: Table, given: str | tuple[str, ...] | None) -> Table:
    """Return a table whose reading says that stamps end their step, where its time columns together show it."""
    if table.reading.stamp is not None or table.reading.start is not None or not given:
        return table
    if side_of(table, in_day_order(table, clock_columns(table, given))) == "start":
        return table
    return replace(table, reading=replace(table.reading, stamp="end"))


def parse_times(table: Table, name: str) -> pd.DatetimeIndex:
    """Read one column of times of a scenario table, as `read_times`; in UTC where offsets change without a zone."""
    return clock_times(table, name)[0]


def clock_times(table: Table, name: str) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """Return the times of `parse_times`, and what the clock showed at each, without zone."""
    columns = clock_columns(table, name)
    offsets = columns.stamps.offset
    if table.reading.tz is None and isinstance(table.frame[name].dtype, pd.DatetimeTZDtype):
        moments = pd.DatetimeIndex(table.frame[name], name=None)
    elif np.isnan(offsets).all() or len(np.unique(offsets)) == 1 or table.reading.tz is not None:
        moments = _stamped(table, columns, 0)
    else:
        _check_all_zoned(table, columns)
        utc = columns.stamps.clock - (offsets * SECOND).astype(np.int64)
        moments = pd.DatetimeIndex(utc.view("M8[us]")).tz_localize("UTC")
        return moments, pd.DatetimeIndex(columns.stamps.clock.view("M8[us]"))
    return moments, moments.tz_localize(None)


def _stamped(table: Table, columns: ClockColumns, back: int) -> pd.DatetimeIndex:
    """Return the begin of every step, `back` microseconds before each stamp."""
    clock, offsets, reading = columns.stamps.clock, columns.stamps.offset, table.reading
    bare = np.isnan(offsets)
    if bare.any() and not bare.all() and reading.tz is not None:
        return _partly_zoned(table, columns, back, reading.tz)
    if not bare.all():
        _check_all_zoned(table, columns)
        moments = clock - (offsets * SECOND).astype(np.int64) - back
        return zoned(table, moments, offsets)
    if columns.named_offset is not None:
        return at_offset(table, clock - back, columns.names, columns.named_offset)
    if reading.tz is None:
        if reading.calendar == "utc":
            raise table.error(
                "times have no zone, so that days of UTC are not known",
                advice=("pass ", Setting("tz"), ", such as ", Setting("tz", "UTC")),
            )
        return pd.DatetimeIndex((clock - back).view("M8[us]"))
    return localized(table, clock, back, reading.tz)


def _partly_zoned(table: Table, columns: ClockColumns, back: int, name: str) -> pd.DatetimeIndex:
    """Return moments where only some stamps have an offset, as those of the day on which the clock is put back."""
    clock, offsets = columns.stamps.clock, columns.stamps.offset
    bare = np.flatnonzero(np.isnan(offsets))
    moments = clock - (np.nan_to_num(offsets) * SECOND).astype(np.int64) - back
    moments[bare] = localized(table.rows(bare), clock[bare], back, name).as_unit("us").asi8
    return in_zone(moments, zone_of(name))


def _check_all_zoned(table: Table, columns: ClockColumns) -> None:
    bare = np.isnan(columns.stamps.offset)
    if bare.any():
        row, offsets = first(bare != bare[0]) or 0, columns.stamps.offset
        moments = columns.stamps.clock - (np.nan_to_num(offsets) * SECOND).astype(np.int64)
        zone = next(iter(zones_of(moments, offsets)), None)
        raise table.error(
            f"the offset from UTC changes at {table.text(row, columns.names[0])} (some times have one, some have none)",
            "it in every row or in none",
            ("name the zone of those without", " with " if zone is None else ", such as ", Setting("tz", zone)),
            row=row,
        )


def _modal_step(clock: Int64) -> int:
    forward, counts = np.unique(np.abs(np.diff(clock)), return_counts=True)
    counts = np.where(forward > 0, counts, 0)
    return int(forward[np.argmax(counts)]) if counts.any() else 0
