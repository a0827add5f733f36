"""Clock times become moments: without zone, with one fixed offset from UTC, or in the zone that is named."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenred.arrays import Int64, first
from scenred.errors import Setting, UsageError
from scenred.io.clock.assembled import clock_columns
from scenred.io.clock.counted import passed_times, with_clock_times
from scenred.io.clock.digits import DAY, SECOND
from scenred.io.clock.implicit import following
from scenred.io.clock.likely_zones import zones_of
from scenred.io.clock.snapped import n_snapped, snapped
from scenred.io.clock.typical import check_typical
from scenred.io.clock.within_day import ClockColumns
from scenred.io.clock.zone_fit import fitted
from scenred.io.clock.zones import at_offset, in_zone, localized, zone_of, zoned
from scenred.io.tables.table import Table
from scenred.model.duration import describe
from scenred.notes import note


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
    stamp = reading.stamp or ("end" if _is_end(table, columns) else "start")
    if columns.counts is not None:  # which begin their step, whatever number the first has
        columns = with_clock_times(table, columns)
        back = 0
    else:
        back = _modal_step(columns.stamps.clock) if stamp == "end" else 0
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
        return Times(following(table, start, reading.step or "1h"), (), table)
    plain = replace(reading, start=None, step=None, tz=None, calendar=None)
    found = read_times(replace(table, reading=plain), given)
    step = pd.Timedelta(_modal_step(found.index.as_unit("us").asi8), "us")
    index = following(table, start, reading.step or describe(step))
    check_typical(table, found.columns, found.index, index)
    return Times(index, found.columns, table, found.n_snapped)


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


def _is_end(table: Table, columns: ClockColumns) -> bool:
    """Return whether stamps are the end of their step: by a name, or since days run to 24:00."""
    if columns.counts is not None:
        return False
    said = columns.ends or ("days run to 24:00" if _runs_to_midnight(table, columns) else _ends_at_midnight(columns))
    if said is None:
        return False
    note(
        f"{table.name}: time stamps are read as the end of their step, as {said}; pass ",
        *(Setting("stamp", "start"), " if they are not, ", Setting("stamp", "end"), " to confirm"),
    )
    return True


def _runs_to_midnight(table: Table, columns: ClockColumns) -> bool:
    column = table.frame[columns.names[-1]]
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return False
    head = column.iloc[:400].astype(str)
    late = head.str.contains(r"(?:^|[T ])24:00", regex=True)
    return bool(late.any()) and not head.str.contains(r"(?:^|[T ])0?0:00(?!.* - )", regex=True).any()


def _ends_at_midnight(columns: ClockColumns) -> str | None:
    """Return that stamps of less than an hour run from a step after midnight to midnight, which no zone explains."""
    clock = columns.stamps.clock
    step, begin, end = _modal_step(clock), int(clock.min()), int(clock.max())
    if not 0 < step < 1_800 * SECOND or begin % DAY != step or end % DAY:
        return None
    return f"they run from {pd.Timestamp(begin, unit='us')} to {pd.Timestamp(end, unit='us')}"


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
