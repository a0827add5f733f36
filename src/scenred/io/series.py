"""A table with a time column becomes a regular series, or is refused with the place of the first fault."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError, RequestError, nearest_name
from scenred.io.columns import ColumnChoice, describe_columns, value_columns
from scenred.io.table import Table, open_table
from scenred.io.times import looks_like_times, parse_times
from scenred.model import Series, Source


def read_series(
    source: str | os.PathLike[str] | pd.DataFrame,
    *,
    time: str | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | None = None,
) -> Series:
    """Read a regular time series.

    Parameters
    ----------
    source : path, '-' or pandas.DataFrame
        CSV with one header line, comma-separated, UTF-8; `-` is standard input. A frame has a time index or
        a time column.
    time : str, optional
        Name of the time column; unless told, the first whose cells are times (ISO 8601, such as
        2019-07-02 12:00 or 2019-07-02T12:00+01:00).
    columns, wind, pv : sequence of str
        Columns to use, in the order of the file; all that hold numbers unless told. `wind` and `pv` also
        set the kind, which is otherwise read from the name (wind; pv, solar; load, demand).
    capacity : float or mapping of str to float, optional
        Installed capacity in the unit of the values: one number for all columns, or by name. The ground
        metric then works on capacity factors; the values stay as read.

    Returns
    -------
    Series

    Raises
    ------
    InputError
        When the file cannot be read; a cell is empty, no number or infinite; a time stands twice, is
        missing, or breaks the step; the offset from UTC changes.
    RequestError
        When a column or capacity names a column that is not there, or a capacity is not above 0.

    Examples
    --------
    >>> hours = pd.date_range("2019-07-02", periods=3, freq="h")
    >>> series = read_series(pd.DataFrame({"wind_north": [0.1, 0.4, 0.2]}, index=hours))
    >>> series.columns[0].kind, series.step, series.values.shape
    ('wind', Timedelta('0 days 01:00:00'), (3, 1))
    """
    table = open_table(source)
    return series_of(table, ColumnChoice(columns, wind, pv, capacity), time)


def series_of(table: Table, choice: ColumnChoice, time: str | None = None) -> Series:
    """Do what `read_series` does, from a table."""
    names = [str(name) for name in table.frame.columns]
    time_name = _time_column(table, names, time)
    times = parse_times(table, time_name)
    step = _regular_step(table, times)
    used = value_columns(table, [name for name in names if name != time_name], choice)

    def at(row: int) -> str:
        return f" at {times[row]}"

    return Series(
        columns=describe_columns(used, choice),
        start=times[0],
        step=step,
        values=np.column_stack([table.numbers(name, at) for name in used]),
        source=Source(
            name=table.name,
            sha256=table.sha256,
            n_rows=len(times),
            time=time_name,
            first=times[0].isoformat(),
            last=times[-1].isoformat(),
            zone=None if times.tz is None else str(times.tz),
        ),
    )


def _time_column(table: Table, names: list[str], time: str | None) -> str:
    if time is not None:
        if time not in names:
            raise RequestError(f"{table.name}: there is no time column {time!r}; {nearest_name(time, names)}")
        return time
    for name in names:
        if looks_like_times(table.frame[name]):
            return name
    hint = (
        "the header looks separated by ';' or tabs; scenred reads commas"
        if _other_delimiter(names)
        else ("scenred needs a column of ISO 8601 times, such as 2019-07-02 12:00; or name it with --time")
    )
    raise InputError(f"{table.name}: no column holds times (there are: {', '.join(names)}); {hint}")


def _other_delimiter(names: list[str]) -> bool:
    return len(names) == 1 and any(mark in names[0] for mark in ";\t|")


def _regular_step(table: Table, times: pd.DatetimeIndex) -> pd.Timedelta:
    """Find the step and refuse the first row that breaks it."""
    if len(times) < 2:
        raise InputError(f"{table.name}: holds one row; scenred needs at least two to know the step")
    moments: npt.NDArray[np.int64] = times.as_unit("us").asi8
    differences = np.diff(moments)
    forward, counts = np.unique(differences[differences > 0], return_counts=True)
    step = int(forward[np.argmax(counts)]) if len(forward) else 0
    bad = np.flatnonzero(differences != step)
    if step and not len(bad):
        return pd.Timedelta(step, "us")
    row = int(bad[0]) + 1 if step else 1
    raise InputError(f"{table.place(row)}: {_break(times, row, step, int(differences[row - 1]))}")


def _break(times: pd.DatetimeIndex, row: int, step: int, difference: int) -> str:
    """Say how a row breaks the step."""
    before, here = times[row - 1], times[row]
    if difference == 0:
        return (
            f"time {here} stands twice; scenred needs every time once; remove one of the rows, or write offsets "
            "or UTC where a clock was put back"
        )
    if difference < 0:
        return f"time {here} comes after {before}; scenred needs increasing times; sort the rows"
    length = pd.Timedelta(step, "us")
    if difference % step == 0:
        missing = difference // step - 1
        rows = "1 row is" if missing == 1 else f"{missing} rows are"
        return (
            f"{rows} missing between {before} and {here} (the step is {length}); "
            "scenred needs every step; fill the gap, or write UTC where a clock was put forward"
        )
    return (
        f"{here} is {here - before} after {before} where the step is {length}; scenred needs one step; "
        "resample the series"
    )
