"""Typical years, put together of months of several years: their rows follow each other but for the year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.arrays import first
from scenred.errors import Setting
from scenred.io.tables.table import Table
from scenred.notes import note

# Months of a typical year, at least, whose years go up: with fewer it may be a series with a gap.
MONTHS = 6
COMMON, LEAP = 2019, 2020


def is_typical(times: pd.DatetimeIndex) -> bool:
    """Return whether months follow each other, each of one year, and not all of the same."""
    months, years = np.asarray(times.month), np.asarray(times.year)
    if years.min() == years.max() or (np.diff(months) < 0).any():
        return False
    begins = np.flatnonzero(np.diff(months, prepend=0))
    if len(begins) < MONTHS and (np.diff(years) >= 0).all():
        return False
    return bool((years == np.repeat(years[begins], np.diff([*begins, len(years)]))).all())


def typical_start(times: pd.DatetimeIndex) -> Setting:
    """Return the start that puts rows into one year: that of the first row in a year with as many days."""
    is_leap = ((times.month == 2) & (times.day == 29)).any()
    return Setting("start", _text(_in_year(_wall(times)[0], LEAP if is_leap else COMMON)))


def check_typical(table: Table, names: tuple[str, ...], times: pd.DatetimeIndex, index: pd.DatetimeIndex) -> None:
    """Raise an InputError if the times of the columns `names` do not go on like `index` but for the year.

    They may lie up to a step off, as stamps within a step do.
    """
    found, begin, step = _wall(times), _wall(index)[0], index[1] - index[0]
    shift = _in_year(found[0], begin.year) - begin
    if abs(shift) > step:
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
