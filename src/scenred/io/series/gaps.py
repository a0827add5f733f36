"""Gaps: steps and values that are missing from a grid are refused, dropped with their period, or filled."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Int64
from scenred.errors import InputError, Setting, Text
from scenred.io.series.daily import on_most_days
from scenred.io.series.grid import Grid, counted
from scenred.io.tables.missing import DROP
from scenred.io.tables.table import Table
from scenred.notes import note
from scenred.options.reading import DEFAULT_FILL

MOST_STEPS = 50_000_000
# Columns that a message lists, at most.
LISTED = 10
DAY = pd.Timedelta(days=1)


def completed(table: Table, grid: Grid, rows: Int64, names: list[str]) -> Grid:
    """Drop or fill what is missing, or raise an InputError: whole rows and single cells.

    `rows` holds the row of the table that each row of the grid was. Raise an InputError naming the first row at which a
    step or value is missing, if that is an error or cannot be filled.
    """
    gaps = np.flatnonzero(np.diff(grid.places) > 1)
    holes = np.isnan(grid.values)
    empty = holes.any(axis=1)
    if not len(gaps) and not empty.any():
        return grid
    for column in np.flatnonzero(holes.all(axis=0)):
        cell = table.text(int(rows[0]), names[column]).strip()
        met = f"{names[column]} is {repr(cell) if cell else 'empty'}, and has no value in any row"
        held = Setting("columns", tuple(names[place] for place in np.flatnonzero(~holes.all(axis=0))))
        remedy = (held,) if held.value else ()
        advice: Text = ("use the columns that have one: ", held) if remedy else "no column has a value"
        raise table.error(met, "a number in every row", advice, remedy, row=int(rows[0]))
    if table.reading.missing == "drop":
        return _dropped(table, grid)
    if table.reading.missing != "error":
        return _filled(table, grid, names)
    if len(gaps) and (not empty.any() or gaps[0] < np.flatnonzero(empty)[0]):
        raise _gap(table, int(rows[gaps[0] + 1]), grid, int(gaps[0]))
    raise _blank(table, grid, rows, names)


def _blank(table: Table, grid: Grid, rows: Int64, names: list[str]) -> InputError:
    """Return the error about the first cell without a value: how many there are, and what does away with all."""
    holes = np.isnan(grid.values)
    row = int(np.flatnonzero(holes.any(axis=1))[0])
    error = table.refusal(int(rows[row]), names[int(np.flatnonzero(holes[row])[0])])
    by_column = [f"{count:,} of {name}" for count, name in zip(holes.sum(axis=0), names, strict=True) if count]
    more = f" ({holes.sum():,} cells are missing: {', '.join(by_column[:LISTED])})" if holes.sum() > 1 else ""
    fill = _fill(grid)
    advice = ("fill the gap, pass ", DROP, *((" or ", fill) if fill else ()), ", or name the columns to use")
    return InputError(f"{error.met}{more}", error.needed, advice, place=error.place, remedy=error.remedy)


def _fill(grid: Grid) -> Setting | None:
    """Return the option that fills all gaps by straight lines, unless one has an open end or is longer than a day."""
    if grid.places[-1] >= MOST_STEPS:
        return None
    holes = _holes(grid)
    if holes[[0, -1]].any():
        return None
    longest = max(end - begin for here in holes.T for begin, end in _edges(here))
    if longest * grid.step > DAY:
        return None
    return Setting("missing", "interpolate" if longest <= DEFAULT_FILL else f"interpolate:{longest}")


def _dropped(table: Table, grid: Grid) -> Grid:
    """Leave out the rows without a value in every column."""
    empty: Bool = np.asarray(np.isnan(grid.values).any(axis=1))
    n = int(grid.places[-1]) + 1 - len(grid.places) + int(empty.sum())
    counted(table.name, grid.changes, "steps missing", n, "; periods that hold one are dropped" + _at_ends(grid, empty))
    if (~empty).sum() < 2:
        raise table.error("no two rows have a value in every column", advice="name the columns to use")
    kept = grid.places[~empty]
    start = grid.start + int(kept[0]) * grid.step
    return _coarser(table, Grid(start, grid.step, kept - kept[0], grid.values[~empty], grid.changes))


def _at_ends(grid: Grid, empty: Bool) -> str:
    """Return the words about rows at the ends that lack a value; none if both ends hold values."""
    held = np.flatnonzero(~empty)
    if not len(held) or not (empty[0] or empty[-1]):
        return ""
    first, last = (grid.time(grid.places[row]) for row in (held[0], held[-1]))
    return f"; every column has a value only from {first} to {last}"


def _coarser(table: Table, grid: Grid) -> Grid:
    """Take a longer step where all others are empty, as in files of quarter hours that fill every second one."""
    n = int(np.gcd.reduce(grid.places))
    if n < 2 or len(grid.places) < grid.places[-1] // n * 0.5:
        return grid
    del grid.changes["steps missing"]
    step, places = n * grid.step, grid.places // n
    note(f"{table.name}: only one of {n} steps of {grid.step} has values; the step is taken to be {step}")
    missing = int(places[-1]) + 1 - len(places)
    if missing:
        grid.changes["steps missing"] = missing
    return Grid(grid.start, step, places, grid.values, grid.changes)


def _gap(table: Table, row: int, grid: Grid, before: int) -> InputError:
    """Return the error about missing rows: how many, and between which times."""
    first, last = (grid.time(int(grid.places[before + offset])) for offset in (0, 1))
    n = int(grid.places[before + 1] - grid.places[before]) - 1
    lost = int(grid.places[-1]) + 1 - len(grid.places)
    met = f"{'1 row is' if n == 1 else f'{n} rows are'} missing between {first} and {last}"
    times = pd.DatetimeIndex([grid.start]).repeat(len(grid.places)) + pd.TimedeltaIndex(grid.places * grid.step)
    if (daily := on_most_days(times, np.flatnonzero(np.diff(grid.places) > 1))) is not None:
        daily_advice = "no day would be left without them: write them, or correct hours with the date of another day"
        return table.error(f"{met}{daily} (the step is {grid.step})", "every step", daily_advice, row=row)
    advice: tuple[str | Setting, ...] = ("fill the gap, pass ", DROP)
    if (fill := _fill(grid)) is not None:
        advice += (" or ", fill)
    if first.tz is None:
        advice += (", or name the zone with ", Setting("tz"), " where a clock is put forward")
    if lost > len(grid.places) / 5:
        advice += (f"; {lost:,} rows are missing in all, so day and month may be swapped, or rows of several years "
                   "mixed",)  # fmt: skip
    return table.error(f"{met} (the step is {grid.step})", "every step", advice, (DROP,), row=row)


def _filled(table: Table, grid: Grid, names: list[str]) -> Grid:
    """Draw straight lines across gaps of at most `fill` steps; refuse longer ones and open ends, all at once."""
    n = int(grid.places[-1]) + 1
    if n > MOST_STEPS:
        met = f"{n - len(grid.places):,} steps are missing"
        raise table.error(met, advice="correct the times, or drop them")
    holes = _holes(grid)
    gaps = [_Gap(name, *edges) for name, here in zip(names, holes.T, strict=True) for edges in _edges(here)]
    if refused := [gap for gap in gaps if gap.end - gap.begin > table.reading.fill or gap.is_open(n)]:
        raise _unfilled(table, grid, gaps, refused)
    values = np.full((n, grid.values.shape[1]), np.nan)
    values[grid.places] = grid.values
    places = np.arange(n)
    for column, here in enumerate(holes.T):
        if here.any():
            values[here, column] = np.interp(places[here], places[~here], values[~here, column])
    counted(table.name, grid.changes, "values interpolated", int(holes.sum()))
    return Grid(grid.start, grid.step, places, values, grid.changes)


class _Gap(NamedTuple):
    """Steps in a row at which a column has no value: the first, and the one after the last."""

    name: str
    begin: int
    end: int

    def is_open(self, n: int) -> bool:
        """Return whether no value lies before or after it in a series of n steps."""
        return self.begin == 0 or self.end == n


def _holes(grid: Grid) -> Bool:
    """Return where each column of a whole grid has no value, shape (n_steps, n_columns)."""
    holes: Bool = np.ones((int(grid.places[-1]) + 1, grid.values.shape[1]), dtype=bool)
    holes[grid.places] = np.isnan(grid.values)
    return holes


def _edges(here: Bool) -> list[tuple[int, int]]:
    changes = np.flatnonzero(np.diff(np.concatenate([[False], here, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in changes.reshape(-1, 2)]


def _unfilled(table: Table, grid: Grid, gaps: list[_Gap], refused: list[_Gap]) -> InputError:
    """Return the error about gaps that are not filled: how many, the first, and what does away with all."""
    n, most = int(grid.places[-1]) + 1, table.reading.fill
    first, n_open = refused[0], sum(gap.is_open(n) for gap in refused)
    why = "at an end of the series" if first.is_open(n) else f"more than the {most} that may be filled"
    by_column = Counter(gap.name for gap in refused)
    others = (
        f"; {len(refused)} such gaps in all ({', '.join(f'{count} of {name}' for name, count in by_column.items())})"
    )
    fill = () if n_open else (Setting("missing", f"interpolate:{max(gap.end - gap.begin for gap in gaps)}"), " or ")
    span = f"from {grid.time(first.begin)} to {grid.time(first.end - 1)}, {first.end - first.begin} steps"
    return table.error(
        f"{first.name} is missing {span}, {why}{others if len(refused) > 1 else ''}",
        advice=("pass ", *fill, DROP),
        remedy=(DROP,),
    )
