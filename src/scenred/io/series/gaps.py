"""Steps and values that are missing from a grid: refused, dropped with their period, or filled."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import InputError, ScenredWarning
from scenred.io.series.grid import Grid, note
from scenred.io.tables.table import Table


def completed(table: Table, grid: Grid, rows: Int64, times: pd.DatetimeIndex, names: list[str]) -> Grid:
    """Refuse, drop or fill what is missing: whole rows and single cells.

    `rows` gives the row of the table that each row of the grid was, and `times` the time of every row of the table.

    Raises
    ------
    InputError
        Naming the first row at which a step or value is missing, where that is refused or cannot be filled.
    """

    def refusal(position: int, name: str) -> InputError:
        return table.refusal(int(rows[position]), name, lambda row: f" at {times[row]}")

    reading = table.reading
    gaps = np.flatnonzero(np.diff(grid.places) > 1)
    holes = np.isnan(grid.values)
    empty = holes.any(axis=1)
    if not len(gaps) and not empty.any():
        return grid
    for column in np.flatnonzero(holes.all(axis=0)):
        name, cell = names[column], table.text(int(rows[0]), names[column]).strip()
        raise InputError(
            f"{table.place(int(rows[0]))}: {name} is {repr(cell) if cell else 'empty'}, and has no value in any row; "
            "scenred needs a number in every row; name the columns to use: --column NAME"
        )
    if reading.missing == "error":
        if len(gaps) and (not empty.any() or gaps[0] < np.flatnonzero(empty)[0]):
            raise _gap(table.place(int(rows[gaps[0] + 1])), grid, int(gaps[0]))
        row = int(np.flatnonzero(empty)[0])
        raise refusal(row, names[int(np.flatnonzero(holes[row])[0])])
    if reading.missing == "drop":
        grid.changes["steps missing"] = int(np.diff(grid.places)[gaps].sum() - len(gaps) + empty.sum())
        note(table, grid.changes, "steps missing", "; periods that hold one are dropped")
        if (~empty).sum() < 2:
            raise InputError(
                f"{table.name}: no two rows have a value in every column; name the columns to use"
            )
        kept = grid.places[~empty]
        start = grid.start + int(kept[0]) * grid.step
        return _coarser(table, Grid(start, grid.step, kept - kept[0], grid.values[~empty], grid.changes))
    return _filled(table, grid, names, reading.fill)


def _coarser(table: Table, grid: Grid) -> Grid:
    """Take a longer step where all others are empty, as in files of quarter hours that fill every second one."""
    many = int(np.gcd.reduce(grid.places))
    if many < 2 or len(grid.places) < grid.places[-1] // many * 0.5:
        return grid
    grid.changes.pop("steps missing", None)
    step = many * grid.step
    warnings.warn(
        f"{table.name}: only one of {many} steps of {grid.step} has values; the step is taken to be {step}",
        ScenredWarning,
        stacklevel=2,
    )
    places = grid.places // many
    missing = int(places[-1]) + 1 - len(places)
    if missing:
        grid.changes["steps missing"] = missing
    return Grid(grid.start, step, places, grid.values, grid.changes)


def _gap(place: str, grid: Grid, before: int) -> InputError:
    """Say how many rows are missing, and between which times."""
    times = [grid.start + int(grid.places[before + offset]) * grid.step for offset in (0, 1)]
    n = int(grid.places[before + 1] - grid.places[before]) - 1
    rows = "1 row is" if n == 1 else f"{n} rows are"
    lost = int(grid.places[-1]) + 1 - len(grid.places)
    swapped = (
        f"; {lost:,} rows are missing in all, so day and month may be swapped, or rows of several years mixed"
        if lost > len(grid.places) / 5
        else ""
    )
    zone = "" if times[0].tz is not None else ", or name the zone with --tz where a clock is put forward"
    return InputError(
        f"{place}: {rows} missing between {times[0]} and {times[1]} (the step is {grid.step}); "
        "scenred needs every step; fill "
        f"the gap, pass --missing drop or --missing interpolate{zone}{swapped}",
        {"missing": "drop"},
    )


def _filled(table: Table, grid: Grid, names: list[str], most: int) -> Grid:
    """Draw straight lines across gaps of at most `most` steps; refuse longer ones and open ends."""
    n = int(grid.places[-1]) + 1
    if n > 50_000_000:
        raise InputError(
            f"{table.name}: {n - len(grid.places):,} steps are missing; correct the times, or drop them"
        )
    values = np.full((n, grid.values.shape[1]), np.nan)
    values[grid.places] = grid.values
    holes = np.isnan(values)
    places = np.arange(n)
    for column, name in enumerate(names):
        here = holes[:, column]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], here, [False]]).astype(np.int8)))
        for begin, end in edges.reshape(-1, 2):
            if end - begin > most or begin == 0 or end == n:
                first, last = (grid.start + int(place) * grid.step for place in (begin, end - 1))
                where = (
                    "at an end of the series"
                    if begin == 0 or end == n
                    else f"more than the {most} that may be filled"
                )
                raise InputError(
                    f"{table.name}: {name} is missing from {first} to {last}, {end - begin} steps, {where}; pass "
                    f"--missing interpolate:{end - begin} or --missing drop",
                    {"missing": "drop"},
                )
        if here.any():
            values[here, column] = np.interp(places[here], places[~here], values[~here, column])
    grid.changes["values interpolated"] = int(holes.sum())
    note(table, grid.changes, "values interpolated")
    return Grid(grid.start, grid.step, places, values, grid.changes)
