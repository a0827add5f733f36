"""A table with a time column becomes a regular series, or is refused with the place of the first fault."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from scenred.errors import InputError, RequestError, ScenredWarning, nearest_name
from scenred.io.clock.columns import time_columns
from scenred.io.clock.times import read_times
from scenred.io.opening.open import Sources, open_tables
from scenred.io.series.capacities import with_plants
from scenred.io.series.columns import ColumnChoice, describe_columns, value_columns
from scenred.io.series.gaps import completed
from scenred.io.series.grid import Grid, gridded, resampled
from scenred.io.series.hours_across import unfolded
from scenred.io.series.join import joined
from scenred.io.series.limits import capacities_in_unit, checked_values
from scenred.io.series.long import found_sites, split_sites
from scenred.io.tables.cells import python_text
from scenred.io.tables.table import Table
from scenred.model import Series, Source
from scenred.model.duration import parse_period
from scenred.options import Columns, Reading

# Columns of a day that is laid out in one row.
HOURS = 23


def read_series(
    source: Sources,
    *,
    time: str | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | str | None = None,
    reading: Reading | None = None,
) -> Series:
    """Read a regular time series.

    Parameters
    ----------
    source : path, '-' or pandas.DataFrame, or several of them
        A table with a header, as text (`-` is standard input), Excel, Parquet or NetCDF; or a folder of them. A
        frame has a time index or a time column. Several are joined on time.
    time : str, optional
        Name of the time column, or names with commas between them, such as 'Date,Hour'; found unless told.
    columns, wind, pv : sequence of str
        Columns to use, in the order of the file; all that hold numbers unless told. `wind` and `pv` also
        set the kind, which is otherwise read from the name (wind; pv, solar; load, demand).
    capacity : float, mapping of str to float, or path, optional
        Installed capacity in the unit of the values, or in MW where `reading.unit` is told: one number for all
        columns, by name, or from a table of plants. The ground metric then works on capacity factors; the
        values stay as read.
    reading : Reading, optional
        What else is told of the file; see `Reading`.

    Returns
    -------
    Series

    Raises
    ------
    InputError
        When the file cannot be read; a cell is empty, no number or infinite; a time stands twice, is
        missing, or breaks the step; the offset from UTC changes; and no policy of `reading` says what to do.
    RequestError
        When a column or capacity names a column that is not there, or a capacity is not above 0.

    Examples
    --------
    >>> import pandas as pd
    >>> hours = pd.date_range("2019-07-02", periods=3, freq="h")
    >>> series = read_series(pd.DataFrame({"wind_north": [0.1, 0.4, 0.2]}, index=hours))
    >>> series.columns[0].kind, series.step, series.values.shape
    ('wind', Timedelta('0 days 01:00:00'), (3, 1))
    """
    table = open_tables(source, reading or Reading())
    return series_of(table, ColumnChoice(columns, wind, pv, capacity), time)


def series_of(
    tables: Sequence[Table], choice: ColumnChoice | Columns, time: str | None = None
) -> Series:
    """Do what `read_series` does, from tables, and join them."""
    if isinstance(choice, Columns):
        time, choice = choice.time, ColumnChoice(choice.columns, choice.wind, choice.pv, choice.capacity)
    choice = with_plants(choice)
    parts = [part for table in tables for part in _parts(table, choice, time)]
    series = joined(parts)
    told = {*choice.wanted, *(choice.capacity if isinstance(choice.capacity, Mapping) else ())}
    names = {column.name for part in parts for column in part.columns} | {
        column.name for column in series.columns
    }
    for name in sorted(told - names) if len(parts) > 1 and not choice.is_register else ():
        raise RequestError(
            f"{series.source.name}: there is no column {name!r}; {nearest_name(name, sorted(names))}"
        )
    return series


def _parts(table: Table, choice: ColumnChoice, time: str | None) -> list[Series]:
    """Read one table: one series, or one per site of a long table."""
    table, clock = unfolded(table, time)
    clock = time_columns(table, time) if clock is None else clock
    reading = table.reading
    if not reading.long:
        found = found_sites(table, clock)
        if found is None:
            return [_one(table, choice, clock)]
        reading = replace(reading, long=found)
        table = replace(table, reading=reading)
    sites = split_sites(table, clock, reading.long[0], reading.long[1:])
    sites = _expected(table, sites, reading.long[1:])
    wanted = [
        part for part in sites if not choice.wanted or choice.wanted & set(map(str, part.frame.columns))
    ]
    if not wanted:
        name, known = sorted(choice.wanted)[0], [str(part.frame.columns[-1]) for part in sites]
        raise RequestError(
            f"{table.name}: there is no column {name!r} of values; {nearest_name(name, known)}"
        )
    return [_one(part, choice, clock, is_part=True) for part in wanted]


def _expected(table: Table, sites: list[Table], values: tuple[str, ...]) -> list[Table]:
    """Leave out sites of a long table that are n/e (not expected) in every row, where others are not."""
    called = [[str(name) for name in part.frame.columns[-len(values) :]] for part in sites]
    absent = [
        all(part.is_not_expected(name) for name in names) for part, names in zip(sites, called, strict=True)
    ]
    if not any(absent) or all(absent):
        return sites
    names = ", ".join(
        name for names, is_absent in zip(called, absent, strict=True) if is_absent for name in names
    )
    warnings.warn(
        f"{table.name}: sites that are n/e (not expected) in every row are not used: {names}",
        ScenredWarning,
        stacklevel=3,
    )
    return [part for part, is_absent in zip(sites, absent, strict=True) if not is_absent]


def _one(table: Table, choice: ColumnChoice, clock: tuple[str, ...], *, is_part: bool = False) -> Series:
    with python_text():
        times = read_times(table, clock)
    told = table.reading.stamp
    table = times.table
    names = [str(name) for name in table.frame.columns if str(name) not in times.columns]
    if is_part:  # the choice names columns of all sites
        choice = choice.among(names)
        names = names if not choice.wanted else [name for name in names if name in choice.wanted]
    used = value_columns(table, names, choice)

    def at(row: int) -> str:
        return f" at {times.index[row]}"

    told_capacity = replace(choice, capacity=capacities_in_unit(choice.capacity, table.reading))
    quantity = table.reading.long[1] if is_part and len(table.reading.long) == 2 else ""
    columns = describe_columns(used, told_capacity, quantity)
    values = np.empty((len(table.frame), len(used)))
    for place, name in enumerate(used):  # one at a time: a list of all would hold them twice
        values[:, place] = table.cells(name, at)
    grid, rows = gridded(table, times.index, values)
    grid = completed(table, grid, rows, times.index, used)
    _check_hours(table, used, grid.step)
    if told is None and table.reading.stamp == "start":
        _hint_at_ends(table, grid)
    values = checked_values(grid.values, columns, table.reading, table.name, grid.changes)
    grid = replace(grid, values=values)
    if table.reading.resample is not None:
        grid = resampled(table, grid, parse_period(table.reading.resample))
    last = grid.start + int(grid.places[-1]) * grid.step
    return Series(
        columns=columns,
        start=grid.start,
        step=grid.step,
        values=grid.values,
        source=Source(
            name=table.name,
            sha256=table.sha256,
            n_rows=len(table.frame),
            time=",".join(times.columns) or None,
            first=grid.start.isoformat(),
            last=last.isoformat(),
            zone=None if grid.start.tz is None else str(grid.start.tz),
            files=(table.name,) if table.sha256 is not None else (),
            reading=table.reading,
            changes=tuple(grid.changes.items()),
        ),
        places=None if int(grid.places[-1]) == len(grid.places) - 1 else grid.places,
    )


def _hint_at_ends(table: Table, grid: Grid) -> None:
    """Say that stamps may be the end of their step, where they run from one step after midnight to midnight."""
    first, last = grid.start, grid.start + int(grid.places[-1]) * grid.step
    is_daily = grid.step < pd.Timedelta(days=1) and first - first.normalize() == grid.step
    if is_daily and last == last.normalize():
        warnings.warn(
            f"{table.name}: times run from {first} to {last}, as where a stamp is the end of its step; they are read "
            "as its start; pass --stamp end or --stamp start to decide",
            ScenredWarning,
            stacklevel=2,
        )


def _check_hours(table: Table, names: list[str], step: pd.Timedelta) -> None:
    """Refuse a row per day with a column per hour, which would be read as so many sites."""
    if step < pd.Timedelta(days=1) or len(names) < HOURS:
        return
    numbers = {int(found[1]) for name in names if (found := re.search(r"(\d{1,2})(:00)*\D*$", name))}
    if len(numbers & set(range(25))) >= HOURS:
        raise InputError(
            f"{table.name}: has a row per day and a column per hour ({names[0]} to {names[-1]}); "
            "scenred needs a row per hour, or "
            "columns called H1 to H24, 1 to 24 or 0:00 to 23:00; call them so"
        )
