"""Rows at moments become rows on a regular grid: order, repeats, step, and steps that are missing."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError, RequestError, ScenredWarning
from scenred.io.stamps import is_stamp
from scenred.io.table import Table
from scenred.model import Reading

# Rows of the double hours of a year, at most: quarter hours, twice.
SMALL_HOURS = 24
# Share of rows that stand twice by mistake, at most: where there are more, they are of several sites.
FEW = 0.05
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Hold rows on a grid: `start`, `step`, the place of each row, values (NaN where missing), and what was changed."""

    start: pd.Timestamp
    step: pd.Timedelta
    places: Int64
    values: Float64
    changes: dict[str, int]


def gridded(table: Table, times: pd.DatetimeIndex, values: Float64, names: list[str]) -> Grid:
    """Put rows in order on a regular grid, as the policies of reading say.

    Raises
    ------
    InputError
        Naming the row at which a time comes too early, stands twice with other values, or breaks the step;
        or at which a step or value is missing, where that is refused.
    """
    reading = table.reading
    moments: Int64 = times.as_unit("us").asi8
    if len(moments) < 2:
        raise InputError(f"{table.name}: holds one row; scenred needs at least two to know the step")
    changes: dict[str, int] = {}
    rows = _order(table, times, moments, reading, changes)
    rows, values = _unique(table, times, moments, values, rows, reading, changes)
    step = _regular_step(table, times, moments, rows)
    places = (moments[rows] - moments[rows[0]]) // step
    grid = Grid(times[rows[0]], pd.Timedelta(step, "us"), places, values, changes)

    def place(position: int) -> str:
        return table.place(int(rows[position]))

    return _complete(table, grid, names, lambda position, name: table.refusal(
        int(rows[position]), name, lambda row: f" at {times[row]}"), place)  # fmt: skip


def _order(
    table: Table, times: pd.DatetimeIndex, moments: Int64, reading: Reading, changes: dict[str, int]
) -> Int64:
    """Give the rows in the order of time: as they stand, from the last to the first, or sorted if told."""
    rows = np.arange(len(moments))
    differences = np.diff(moments)
    back = np.flatnonzero(differences < 0)
    if not len(back):
        return rows
    if (differences <= 0).all():
        warnings.warn(
            f"{table.name}: rows stand from the last time to the first and are read the other way round",
            ScenredWarning,
            stacklevel=2,
        )
        changes["rows reversed"] = len(rows)
        return rows[::-1]
    if reading.sort:
        order = np.argsort(moments, kind="stable")
        changes["rows moved by sorting"] = int((order != rows).sum())
        _note(table, changes, "rows moved by sorting")
        return order
    row = int(back[0]) + 1
    raise InputError(
        f"{table.place(row)}: time {times[row]} comes after {times[row - 1]}; scenred needs "
        "increasing times; sort the rows, "
        "or pass --sort",
        {"sort": True},
    )


def _unique(
    table: Table,
    times: pd.DatetimeIndex,
    moments: Int64,
    values: Float64,
    rows: Int64,
    reading: Reading,
    changes: dict[str, int],
) -> tuple[Int64, Float64]:
    """Keep one row of each time: identical ones are dropped and counted, others only as told."""
    values = (
        values if rows[0] == 0 and len(rows) == len(values) and (np.diff(rows) == 1).all() else values[rows]
    )
    again = np.flatnonzero(np.diff(moments[rows]) == 0) + 1
    if not len(again):
        return rows, values
    if len(again) == len(rows) - 1:
        raise InputError(
            f"{table.place(1)}: time {times[rows[1]]} stands twice, as all others; scenred needs two times"
        )
    group = np.cumsum(np.concatenate([[True], np.diff(moments[rows]) != 0])) - 1
    first = np.flatnonzero(np.concatenate([[True], np.diff(group) != 0]))
    differs = ((values != values[first[group]]) & ~(np.isnan(values) & np.isnan(values[first[group]]))).any(
        axis=1
    )
    if reading.duplicates == "error" and (changed := _clock_change(times, rows[again])) is not None:
        raise InputError(
            f"{table.place(changed)}: time {times[changed]} stands twice, as where a clock is put back; name the zone, "
            "such as --tz Europe/Berlin; or pass --duplicates first to drop such rows"
        )
    if differs.any() and reading.duplicates == "error":
        row = int(rows[np.flatnonzero(differs)[0]])
        raise InputError(
            f"{table.place(row)}: time {times[row]} stands twice with different values; scenred needs every time once; "
            f"{_advice(table, times)}",
            {"duplicates": "first"} if len(again) <= FEW * len(rows) else {},
        )
    what = "identical rows dropped" if not differs.any() else f"rows of a time joined ({reading.duplicates})"
    changes[what] = len(again)
    _note(table, changes, what)
    if reading.duplicates == "mean":
        return rows[first], pd.DataFrame(values).groupby(group).mean().to_numpy()
    kept = np.concatenate([first[1:] - 1, [len(rows) - 1]]) if reading.duplicates == "last" else first
    return rows[kept], values[kept]


def _advice(table: Table, times: pd.DatetimeIndex) -> str:
    texts = [
        str(name)
        for name in table.frame.columns
        if table.is_text(str(name)) and table.frame[name].nunique() > 1
    ]
    sites = [
        name
        for name in texts
        if 1 < table.frame[name].nunique() <= len(table.frame) // 2 and not is_stamp(table.text(0, name))
    ]
    if len(times.unique()) * 2 <= len(times) and sites:
        keys = {name: pd.DataFrame({"time": times, "site": table.frame[name].to_numpy()}) for name in sites}
        site = min(sites, key=lambda name: int(keys[name].duplicated().sum()))
        return f"if {site!r} names the site of a row, pass --long '{site},VALUE'"
    if len(times.unique()) * 2 <= len(times):
        return "where rows hold several sites, name their column and that of values: --long SITE,VALUE"
    zone = (
        ""
        if times.tz is not None
        else "; where a clock is put back, name the zone, such as --tz Europe/Berlin"
    )
    return f"remove one of the rows, or pass --duplicates first, last or mean{zone}"


def _clock_change(times: pd.DatetimeIndex, rows: Int64) -> int | None:
    """Give the first row in the small hours of a Sunday of a month in which clocks are put back, without zone."""
    if times.tz is not None or len(rows) > SMALL_HOURS * max(len(times) // 8_000, 1):
        return None
    again = times[rows]
    small = (again.day_of_week == 6) & again.month.isin([4, 10, 11]) & (again.hour <= 3)
    return int(rows[np.flatnonzero(small)[0]]) if small.any() else None


def _regular_step(table: Table, times: pd.DatetimeIndex, moments: Int64, rows: Int64) -> int:
    """Find the step and refuse the first row that breaks it."""
    differences = np.diff(moments[rows])
    forward, counts = np.unique(differences, return_counts=True)
    step = int(forward[np.argmax(counts)])
    bad = np.flatnonzero(differences % step)
    if not len(bad):
        return step
    here, before = int(rows[bad[0] + 1]), int(rows[bad[0]])
    raise InputError(
        f"{table.place(here)}: {times[here]} is {times[here] - times[before]} after {times[before]} "
        "where the step is "
        f"{pd.Timedelta(step, 'us')}; scenred needs one step; correct the time, or cut the file "
        "where the step changes"
    )


def _complete(
    table: Table,
    grid: Grid,
    names: list[str],
    refusal: Callable[[int, str], InputError],
    place: Callable[[int], str],
) -> Grid:
    """Refuse, drop or fill what is missing: whole rows and single cells."""
    reading = table.reading
    gaps = np.flatnonzero(np.diff(grid.places) > 1)
    holes = np.isnan(grid.values)
    empty = holes.any(axis=1)
    if not len(gaps) and not empty.any():
        return grid
    for column in np.flatnonzero(holes.all(axis=0)):
        raise (
            refusal(0, names[column])
            if reading.missing == "error"
            else InputError(f"{table.name}: {names[column]} has no value in any row; name the columns to use")
        )
    if reading.missing == "error":
        if len(gaps) and (not empty.any() or gaps[0] < np.flatnonzero(empty)[0]):
            raise _gap(place(int(gaps[0]) + 1), grid, int(gaps[0]))
        row = int(np.flatnonzero(empty)[0])
        raise refusal(row, names[int(np.flatnonzero(holes[row])[0])])
    if reading.missing == "drop":
        grid.changes["steps missing"] = int(np.diff(grid.places)[gaps].sum() - len(gaps) + empty.sum())
        _note(table, grid.changes, "steps missing", "; periods that hold one are dropped")
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
    zone = "" if times[0].tz is not None else ", or name the zone with --tz where a clock is put forward"
    return InputError(
        f"{place}: {rows} missing between {times[0]} and {times[1]} (the step is {grid.step}); "
        "scenred needs every step; fill "
        f"the gap, pass --missing drop or --missing interpolate{zone}",
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
    _note(table, grid.changes, "values interpolated")
    return Grid(grid.start, grid.step, places, values, grid.changes)


def resampled(table: Table, grid: Grid, step: pd.Timedelta) -> Grid:
    """Take means over longer steps, which begin at their multiples after midnight; a part that is missing loses one.

    Raises
    ------
    RequestError
        When the new step is no multiple of the old one.
    """
    many = step // grid.step
    if many * grid.step != step or many < 1:
        raise RequestError(
            f"{table.name}: the step is {grid.step} and means over {step} are asked for; choose a "
            "multiple of the step"
        )
    if many == 1:
        return grid
    since = grid.start - grid.start.normalize()
    offset = int((since // grid.step) % many)
    groups, inverse, counts = np.unique(
        (grid.places + offset) // many, return_inverse=True, return_counts=True
    )
    whole = counts == many
    if whole.sum() < 2:
        raise RequestError(f"{table.name}: holds no two whole steps of {step}; choose a shorter one")
    sums = np.add.reduceat(grid.values, np.concatenate([[0], np.cumsum(counts)[:-1]]), axis=0)
    kept = groups[whole]
    inner = int(((groups > kept[0]) & (groups < kept[-1]) & ~whole).sum())
    grid.changes["steps averaged"] = len(inverse)
    warnings.warn(
        f"{table.name}: {len(inverse)} steps of {grid.step} are averaged to {len(kept)} of {step}"
        + (f"; {inner} lack a part" if inner else ""),
        ScenredWarning,
        stacklevel=2,
    )
    start = grid.start + (int(kept[0]) * many - offset) * grid.step
    return Grid(start, step, kept - kept[0], sums[whole] / many, grid.changes)


def _note(table: Table, changes: dict[str, int], what: str, more: str = "") -> None:
    warnings.warn(f"{table.name}: {changes[what]} {what}{more}", ScenredWarning, stacklevel=3)
