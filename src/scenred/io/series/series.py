"""Tables with a time column become one regular series, or are refused with the place of the first fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from scenred.arrays import Float64
from scenred.errors import Setting
from scenred.io.clock.columns import time_columns
from scenred.io.clock.times import read_times
from scenred.io.series.capacities import Register, capacities_in_unit, with_plants
from scenred.io.series.columns import describe_columns, no_column, value_columns
from scenred.io.series.gaps import completed
from scenred.io.series.grid import Grid, counted, gridded, resampled
from scenred.io.series.hours_across import check_hours, unfolded
from scenred.io.series.join import joined
from scenred.io.series.limits import checked_values
from scenred.io.series.long import found_sites, split_sites
from scenred.io.series.units import unit_of
from scenred.io.tables.table import Table
from scenred.io.tables.text import python_text
from scenred.model import Cells, Series, Source
from scenred.model.duration import parse_period
from scenred.notes import note
from scenred.options import Columns

ALL = Columns()


def series_of(tables: Sequence[Table], columns: Columns = ALL) -> Series:
    """Return the regular series that tables hold, joined on time.

    Raise an InputError if a cell is empty, not a number or infinite; a time is duplicated, is missing, or breaks the
    step; the offset from UTC changes; and no option of reading says what to do. Raise a RequestError if a column or
    capacity names a column that is not there, or a capacity is not above 0.
    """
    columns = with_plants(columns)
    parts = [part for table in tables for part in _parts(table, columns)]
    series = joined(parts)
    is_register = isinstance(columns.capacity, Register)
    if len(parts) > 1 and not is_register:
        given = {*columns.wanted, *(columns.capacity if isinstance(columns.capacity, Mapping) else ())}
        names = {column.name for part in (*parts, series) for column in part.columns}
        for name in sorted(given - names):
            raise no_column(series.source.name, name, sorted(names))
    return series


def _parts(table: Table, columns: Columns) -> list[Series]:
    """Read one table: one series, or one per site of a long table."""
    table, clock = unfolded(table, columns.time)
    clock = time_columns(table, columns.time) if clock is None else clock
    if not table.reading.long:
        found = found_sites(table, clock)
        if found is None:
            return [_one(table, columns, clock)]
        table = replace(table, reading=replace(table.reading, long=found))
    site, *values = table.reading.long
    sites = _expected(table, split_sites(table, clock, site, tuple(values)), len(values))
    wanted = [part for part in sites if not columns.wanted or columns.wanted & set(map(str, part.frame.columns))]
    if not wanted:
        known = [str(part.frame.columns[-1]) for part in sites]
        raise no_column(table.name, min(columns.wanted), known, " of values")
    return [_one(part, columns, clock, is_part=True) for part in wanted]


def _expected(table: Table, sites: list[Table], n_values: int) -> list[Table]:
    """Leave out sites of a long table that are n/e (not expected) in every row, if others are not."""
    called = [[str(name) for name in part.frame.columns[-n_values:]] for part in sites]
    absent = [all(map(part.is_not_expected, names)) for part, names in zip(sites, called, strict=True)]
    if not any(absent) or all(absent):
        return sites
    names = ", ".join(name for names, is_absent in zip(called, absent, strict=True) if is_absent for name in names)
    note(f"{table.name}: sites that are n/e (not expected) in every row are not used: {names}")
    return [part for part, is_absent in zip(sites, absent, strict=True) if not is_absent]


def _one(table: Table, columns: Columns, clock: tuple[str, ...], *, is_part: bool = False) -> Series:
    """Read the series of one table."""
    with python_text():
        times = read_times(table, clock)
    is_stamp_open = table.reading.stamp is None
    table = replace(times.table, moment=lambda row: f" at {times.index[row]}")
    reading = table.reading
    names = [str(name) for name in table.frame.columns if str(name) not in times.columns]
    capacity = columns.capacity
    if is_part:  # the columns of all sites are named
        columns = columns.among(names)
        names = [name for name in names if name in columns.wanted] if columns.wanted else names
    used = value_columns(table, names, columns)
    capacity = capacities_in_unit(capacity if isinstance(capacity, Register) else columns.capacity, reading)
    _note_units(table, used)
    quantity = reading.long[1] if is_part and len(reading.long) == 2 else ""
    described = describe_columns(used, replace(columns, capacity=capacity), quantity)
    values = np.empty((len(table.frame), len(used)))
    for place, name in enumerate(used):  # one at a time: a list of all would hold them twice
        values[:, place] = table.cells(name)
    cells = _cells(used, values)
    grid, rows = gridded(table, times.index, values)
    begin, end = grid.start, grid.time(grid.places[-1])
    if times.n_snapped:
        counted(table.name, grid.changes, "stamps snapped", times.n_snapped, f" to multiples of {reading.snap}")
    grid = completed(table, grid, rows, used)
    check_hours(table, used, grid.step)
    if is_stamp_open and reading.stamp == "start":
        _hint_at_ends(table, grid)
    grid = replace(grid, values=checked_values(grid.values, described, reading, table.name, grid.changes))
    if reading.resample is not None:
        grid, step = resampled(table, grid, parse_period(reading.resample)), grid.step
        end -= grid.step - step
    span = min(begin, grid.start), max(end, grid.time(grid.places[-1]))
    return Series(
        columns=described,
        start=grid.start,
        step=grid.step,
        values=grid.values,
        source=_source(table, times.columns, grid, span, cells),
        places=None if int(grid.places[-1]) == len(grid.places) - 1 else grid.places,
    )


def _note_units(table: Table, names: Sequence[str]) -> None:
    """Note that the unit that is given is not that of a column's name."""
    given = table.reading.unit
    if given in (None, "cf"):
        return
    found = ((name, unit_of(name)) for name in names)
    other = next(((name, unit.name) for name, unit in found if unit is not None and unit.name != given), None)
    if other is not None:
        note(
            f"{table.name}: {other[0]!r} says {other[1]}, and is read in {given}, as ", Setting("unit", given), " says"
        )


def _cells(names: Sequence[str], values: Float64) -> tuple[Cells, ...]:
    """Return the counts of the cells of every column."""
    missing, negative = np.isnan(values).sum(axis=0), (values < 0).sum(axis=0)
    counts = zip(names, missing.tolist(), negative.tolist(), strict=True)
    return tuple(Cells(name, len(values), *count) for name, *count in counts)


def _source(
    table: Table, clock: Sequence[str], grid: Grid, span: tuple[pd.Timestamp, pd.Timestamp], cells: tuple[Cells, ...]
) -> Source:
    """Return the provenance of a series."""
    return Source(
        name=table.name,
        sha256=table.sha256,
        n_rows=len(table.frame),
        time=",".join(clock) or None,
        first=grid.start.isoformat(),
        last=grid.time(grid.places[-1]).isoformat(),
        zone=None if grid.start.tz is None else str(grid.start.tz),
        files=(table.name,) if table.sha256 is not None else (),
        reading=table.reading,
        changes=tuple(grid.changes.items()),
        span=(span[0].isoformat(), span[1].isoformat()),
        cells=cells,
    )


def _hint_at_ends(table: Table, grid: Grid) -> None:
    """Note that stamps may be the end of their step, if they run from one step after midnight to midnight."""
    first, last = grid.start, grid.time(grid.places[-1])
    is_daily = grid.step < pd.Timedelta(days=1) and first - first.normalize() == grid.step
    if is_daily and last == last.normalize():
        note(
            f"{table.name}: times run from {first} to {last}, as where a stamp is the end of its step; they are read "
            "as its start; pass ",
            *(Setting("stamp", "end"), " or ", Setting("stamp", "start"), " to decide"),
        )
