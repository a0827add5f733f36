"""Clock times become moments: without zone, with one fixed offset from UTC, or in the zone that is named."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError, ScenredWarning, UsageError
from scenred.io.clock_columns import ClockColumns, clock_columns
from scenred.io.stamp_digits import DAY
from scenred.io.stamps import parse_stamps
from scenred.io.table import Table
from scenred.io.zones import localized, midnights, zone_of
from scenred.model import Reading
from scenred.model.length import parse_period
from scenred.model.series import micros

Int64 = npt.NDArray[np.int64]
SECOND = 1_000_000
# Microseconds that rows without times may span.
MOST = 200 * 366 * DAY


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Hold the begin of every row's step, and how the columns were read: their names and the resolved options."""

    index: pd.DatetimeIndex
    columns: tuple[str, ...]
    reading: Reading


def read_times(table: Table, told: str | tuple[str, ...] | None) -> Times:
    """Read the time columns of a table.

    Returns
    -------
    Times
        Without zone; with one fixed offset from UTC; or in the zone `tz` where it is told.

    Raises
    ------
    InputError
        When a cell is no time, the offset changes and no zone is told, or a local time cannot be told apart
        from the same time an hour earlier or later.
    """
    reading = table.reading
    if reading.start is not None:
        return Times(_following(table, reading.start, reading.step or "1h"), (), reading)
    columns = clock_columns(table, told)
    form = reading.time_format or columns.form
    stamp = reading.stamp or ("end" if _is_end(table, columns) else "start")
    if columns.counts is not None:
        index = _counted(table, columns, reading)
        stamp = reading.stamp or "start"
        if stamp == "end" and columns.counts.min() > 0:
            stamp = "start"
    else:
        index = _stamped(table, columns, reading, stamp)
    return Times(
        index, columns.names, replace(reading, time_format=form, stamp="end" if stamp == "end" else "start")
    )


def _following(table: Table, start: str, step: str) -> pd.DatetimeIndex:
    """Give the times of rows that follow each other from `start`."""
    length = micros(parse_period(step))
    stamps = parse_stamps(pd.Series([start], dtype=object), "iso")
    if not stamps.is_good[0]:
        raise UsageError(
            f"--start {start}: is no time; scenred needs one such as 2019-01-01 or 2019-01-01T00:30"
        )
    if len(table.frame) * length > MOST:
        raise InputError(
            f"{table.name}: {len(table.frame):,} rows of {step} reach beyond the year 2200; check --step"
        )
    after = np.arange(len(table.frame)) * length
    if not np.isnan(stamps.offset[0]):
        moments = stamps.clock[0] - round(stamps.offset[0] * SECOND) + after
        return _zoned(table, moments, np.full(len(after), stamps.offset[0]), table.reading)
    first = pd.DatetimeIndex(stamps.clock.view("M8[us]"))
    if table.reading.tz is None:
        if table.reading.calendar == "utc":
            raise InputError(
                f"{table.name}: --start has no zone, so that days of UTC cannot be told; pass --tz UTC"
            )
        return pd.DatetimeIndex((stamps.clock[0] + after).view("M8[us]"))
    zone = zone_of(table.reading.tz)
    local = first.tz_localize(zone, ambiguous=np.array([True]), nonexistent="NaT")
    if local.isna()[0]:
        raise UsageError(f"--start {start}: there is no such time in {zone.key}; name another")
    return (
        pd.DatetimeIndex((local.as_unit("us").asi8[0] + after).view("M8[us]"))
        .tz_localize("UTC")
        .tz_convert(zone)
    )


def parse_times(table: Table, name: str) -> pd.DatetimeIndex:
    """Read one column of times of a scenario table.

    Returns
    -------
    pandas.DatetimeIndex
        Without zone; with one fixed offset; in `tz` where it is told; else, where offsets change, in UTC.
    """
    columns = clock_columns(table, name)
    offsets = columns.stamps.offset
    if np.isnan(offsets).all() or len(np.unique(offsets)) == 1 or table.reading.tz is not None:
        return _stamped(table, columns, table.reading, "start")
    _check_all_zoned(table, columns)
    moments = columns.stamps.clock - (offsets * SECOND).astype(np.int64)
    return pd.DatetimeIndex(moments.view("M8[us]")).tz_localize("UTC")


def _is_end(table: Table, columns: ClockColumns) -> bool:
    """Say whether stamps are the end of their step, as a name tells, or days that run to 24:00."""
    if columns.counts is not None:
        return False
    said = columns.ends or ("days run to 24:00" if _runs_to_midnight(table, columns) else None)
    if said is None:
        return False
    if table.reading.stamp is None:
        warnings.warn(
            f"{table.name}: time stamps are read as the end of their step, as {said}; pass --stamp "
            "start if they are not, "
            "--stamp end to confirm",
            ScenredWarning,
            stacklevel=2,
        )
    return True


def _runs_to_midnight(table: Table, columns: ClockColumns) -> bool:
    column = table.frame[columns.names[-1]]
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return False
    cells = column.astype(str)
    head = cells.iloc[:400]
    late = head.str.contains(r"(?:^|[T ])24:00", regex=True)
    return bool(late.any()) and not head.str.contains(r"(?:^|[T ])0?0:00(?!.* - )", regex=True).any()


def _stamped(table: Table, columns: ClockColumns, reading: Reading, stamp: str) -> pd.DatetimeIndex:
    """Give the begin of every step where each row has a stamp of its own."""
    clock, offsets = columns.stamps.clock, columns.stamps.offset
    back = _modal_step(clock) if stamp == "end" else 0
    if not np.isnan(offsets).all():
        _check_all_zoned(table, columns)
        moments = clock - (offsets * SECOND).astype(np.int64) - back
        return _zoned(table, moments, offsets, reading)
    if columns.is_utc:
        return _zoned(table, clock - back, np.zeros(len(clock)), reading)
    if reading.tz is None:
        if reading.calendar == "utc":
            raise InputError(
                f"{table.name}: times have no zone, so that days of UTC cannot be told; pass --tz, such as --tz UTC"
            )
        return pd.DatetimeIndex((clock - back).view("M8[us]"))
    return localized(table, clock, back, reading.tz)


def _check_all_zoned(table: Table, columns: ClockColumns) -> None:
    bare = np.flatnonzero(np.isnan(columns.stamps.offset) != np.isnan(columns.stamps.offset[0]))
    if len(bare) or np.isnan(columns.stamps.offset[0]):
        row = int(bare[0]) if len(bare) else 0
        raise InputError(
            f"{table.place(row)}: the offset from UTC changes at "
            f"{table.text(row, columns.names[0])} (some times have one, "
            "some have none); scenred needs it in every row or in none"
        )


def _zoned(
    table: Table, moments: Int64, offsets: npt.NDArray[np.float64], reading: Reading
) -> pd.DatetimeIndex:
    """Give moments in the zone that is told, or in the one offset that all of them have."""
    utc = pd.DatetimeIndex(moments.view("M8[us]")).tz_localize("UTC")
    if reading.tz is not None:
        return utc.tz_convert(zone_of(reading.tz))
    changed = np.flatnonzero(offsets != offsets[0])
    if not len(changed):
        return utc.tz_convert(dt.timezone(dt.timedelta(seconds=float(offsets[0])))) if offsets[0] else utc
    if reading.calendar == "utc":
        return utc
    row = int(changed[0])
    local = utc[row].tz_convert(dt.timezone(dt.timedelta(seconds=float(offsets[row]))))
    raise InputError(
        f"{table.place(row)}: the offset from UTC changes at {local.isoformat()} (zones are mixed, "
        "as where clocks are put "
        "forward); name the zone whose midnight begins a day, such as --tz Europe/Berlin, or pass --calendar utc",
        {"calendar": "utc"},
    )


def _counted(table: Table, columns: ClockColumns, reading: Reading) -> pd.DatetimeIndex:
    """Give the begin of every step where steps are counted from midnight."""
    counts = columns.counts
    assert counts is not None  # noqa: S101 - for the type checker; the caller looked
    dates, step = columns.stamps.clock, columns.step
    if columns.is_utc or reading.tz is None:
        late = np.flatnonzero(counts >= DAY // step)
        if len(late):
            row = int(late[0])
            raise InputError(
                f"{table.place(row)}: {columns.names[-1]} is {table.text(row, columns.names[-1])} "
                f"in a day of {DAY // step} "
                "steps, as where a clock is put back; name the zone, such as --tz Europe/London"
            )
        clock = dates + counts * step
        return _zoned(table, clock, np.zeros(len(clock)), reading) if columns.is_utc else pd.DatetimeIndex(
            clock.view("M8[us]")
        )  # fmt: skip
    begins, ends = midnights(dates, zone_of(reading.tz))
    elapsed = _elapsed(dates, counts, (ends - begins) // step, DAY // step)
    return (
        pd.DatetimeIndex((begins + elapsed * step).view("M8[us]"))
        .tz_localize("UTC")
        .tz_convert(zone_of(reading.tz))
    )


def _elapsed(dates: Int64, counts: Int64, true: Int64, usual: int) -> Int64:
    """Count steps since midnight: on a short day whose numbers skip the missing hour, by rank instead."""
    elapsed = counts.copy()
    for day in np.unique(dates[true < usual]):
        rows = np.flatnonzero(dates == day)
        labels, ranks = np.unique(counts[rows], return_inverse=True)
        if labels[-1] == usual - 1 and len(labels) == true[rows[0]]:
            elapsed[rows] = ranks
    for day in np.unique(dates[true > usual]):
        rows = np.flatnonzero(dates == day)
        if counts[rows].max() < usual and len(rows) == true[rows[0]] and (np.diff(counts[rows]) >= 0).all():
            elapsed[rows] = np.arange(len(rows))
    return elapsed


def _modal_step(clock: Int64) -> int:
    forward, counts = np.unique(np.abs(np.diff(clock)), return_counts=True)
    counts = np.where(forward > 0, counts, 0)
    return int(forward[np.argmax(counts)]) if counts.any() else 0
