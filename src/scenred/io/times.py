"""Times as files write them become one time index without or with one fixed offset from UTC."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from scenred.errors import InputError
from scenred.io.table import Table, parses

# Cells of a column that are tried before it is taken for times.
TRIED = 3


def looks_like_times(column: pd.Series) -> bool:
    """Say whether a column holds times: its type does, or the first of its cells parse as ISO 8601."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    if pd.api.types.is_numeric_dtype(column):
        return False
    return any(parses(cell) for cell in column.iloc[:TRIED])


def parse_times(table: Table, name: str) -> pd.DatetimeIndex:
    """Parse a column of times.

    Returns
    -------
    pandas.DatetimeIndex
        Without zone, or with one fixed offset from UTC.

    Raises
    ------
    InputError
        Naming the first cell that is no time, or whose offset differs from the first one's.
    """
    column = table.frame[name]
    try:
        if not _may_be_times(column):
            raise ValueError("no times")  # noqa: TRY301 - the search below names the row
        times = pd.DatetimeIndex(pd.to_datetime(column, format="ISO8601"))
        if not times.hasnans:
            return _one_offset(table, times)
    except (ValueError, TypeError, OverflowError):
        pass
    offset: dt.timedelta | None = None
    for row in range(len(column)):
        cell = table.text(row, name)
        if not parses(cell):
            met = f"is {cell!r}" if cell.strip() else "is empty"
            raise InputError(
                f"{table.place(row)}: the time ({name}) {met}; scenred needs ISO 8601, such as 2019-07-02 12:00"
            )
        here = pd.Timestamp(cell).utcoffset()
        if row and here != offset:
            raise InputError(
                f"{table.place(row)}: the offset from UTC changes at {cell} (zones are mixed); scenred needs one; "
                "convert the times to UTC or to standard time"
            )
        offset = here
    raise InputError(f"{table.name}: column {name!r} cannot be read as times; scenred needs ISO 8601")


def _may_be_times(column: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    if pd.api.types.is_numeric_dtype(column):
        return False
    return bool(column.astype(str).str.match(r"\s*\d{4}").all())


def _one_offset(table: Table, times: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Replace a zone by its offset, or refuse a zone whose offset changes within the index."""
    if times.tz is None:
        return times
    first = times[0].utcoffset() or dt.timedelta(0)
    shifted = times.tz_localize(None) - times.tz_convert("UTC").tz_localize(None)
    changed = (shifted != shifted[0]).nonzero()[0]
    if len(changed):
        row = int(changed[0])
        raise InputError(
            f"{table.place(row)}: the offset from UTC changes at {times[row].isoformat()} (zone {times.tz}); "
            "scenred needs one; convert the times to UTC or to standard time"
        )
    return times.tz_convert(dt.timezone(first))
