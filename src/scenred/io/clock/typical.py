"""Typical years, put together of months of several years: their rows follow each other but for the year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.arrays import first
from scenred.errors import Setting
from scenred.io.tables.table import Table
from scenred.notes import note

DAY = 86_400_000_000
YEAR = 365.2425 * DAY
# Microseconds by which a jump may differ from whole years, where months are not whole.
NEAR = 16 * DAY
# Jumps to another year, at least, if all go forward: with fewer it may be a series with gaps.
JUMPS = 5
COMMON, LEAP = 2019, 2020


def is_typical(times: pd.DatetimeIndex) -> bool:
    """Return whether rows are at most a year that goes on from row to row but for jumps by whole years."""
    moments = times.as_unit("us").asi8
    differences = np.diff(moments)
    steps, counts = np.unique(differences, return_counts=True)
    if not len(steps):
        return False
    step = int(steps[np.argmax(counts)])
    jumps = (differences - step)[np.abs(differences - step) > 300 * DAY]
    off = np.abs(jumps - np.round(jumps / YEAR) * YEAR)
    is_forward = bool((jumps > 0).all())
    if len(jumps) < (JUMPS if is_forward else 1) or (off > NEAR).any():
        return False
    return bool(step > 0 and moments[-1] - moments[0] - jumps.sum() < 366 * DAY)


def typical_start(times: pd.DatetimeIndex) -> Setting:
    """Return the start that puts rows into one year: that of the first row in a year with as many days.

    It is that of the file's own clock: of the zone's or of UTC, whichever is at midnight.
    """
    clocks = [_wall(times), times if times.tz is None else _wall(times.tz_convert("UTC"))]
    clock = next((one for one in clocks if one[0] == one[0].normalize()), clocks[0])
    is_leap = ((clock.month == 2) & (clock.day == 29)).any()
    return Setting("start", _text(_in_year(clock[0], LEAP if is_leap else COMMON)))


def check_typical(table: Table, names: tuple[str, ...], times: pd.DatetimeIndex, index: pd.DatetimeIndex) -> None:
    """Raise an InputError if the times of the columns `names` do not go on like `index` but for the year.

    They may lie a part of a step off, as stamps within a step do.
    """
    found, begin, step = _wall(times), _wall(index)[0], index[1] - index[0]
    shift = _in_year(found[0], begin.year) - begin
    if abs(shift) >= step:
        raise table.error(
            f"the first row is of {found[0]} and would be {begin}",
            "the same time of another year",
            ("pass ", Setting("start", _text(_in_year(found[0], begin.year)))),
            row=0,
        )
    wanted = pd.DatetimeIndex(begin + shift + np.arange(len(found)) * step)
    differs = (
        (found.month != wanted.month)
        | (found.day != wanted.day)
        | (found - found.normalize() != wanted - wanted.normalize())
    )
    row = first(np.asarray(differs))
    if row is None:
        changed = f"{found[0]} is {begin}" if found[0] != begin else f"from {begin} on"
        note(f"{table.name}: the times of {', '.join(names)} are replaced by rows that follow each other: {changed}")
        return
    leap = {(3, 1): COMMON, (2, 29): LEAP}.get((int(found[row].month), int(found[row].day)))
    is_leap = leap is not None and abs(wanted[row] - _in_year(found[row], wanted[row].year)) <= pd.Timedelta(
        days=1, hours=1
    )
    other = Setting("start", _text(_in_year(begin, leap or COMMON)))
    raise table.error(
        f"the time is {found[row]} where {wanted[row]:%d %B %H:%M} would follow",
        f"rows that follow each other by {step} but for the year",
        ("choose a year with as many days, such as ", other) if is_leap else "sort the rows, or fill the gap",
        row=row,
    )


def _wall(times: pd.DatetimeIndex) -> pd.DatetimeIndex:
    return times.tz_localize(None)


def _in_year(time: pd.Timestamp, year: int) -> pd.Timestamp:
    """Return a time in another year; 29 February is 1 March in one that has no such day."""
    try:
        return time.replace(year=year)
    except ValueError:
        return time.replace(year=year, month=3, day=1)


def _text(time: pd.Timestamp) -> str:
    if time == time.normalize():
        return f"{time:%Y-%m-%d}"
    return time.isoformat(timespec="minutes" if time.second == 0 else "auto")
