"""A regular time series, its columns, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.arrays import Float64, finite, read_only
from scenred.errors import InputError
from scenred.options import Cutting, Reading

# Columns of the scenario table that are not values.
HEAD = ("scenario", "probability", "start", "group", "step", "time")

Kind = Literal["wind", "pv", "load", "other"]


@dataclass(frozen=True, slots=True)
class Column:
    """One series of one kind at one site.

    Parameters
    ----------
    name : str
        As in the input.
    kind : {'wind', 'pv', 'load', 'other'}
    capacity : float, optional
        Installed capacity in the unit of the values, above 0. The ground metric divides by it; without it
        by the column's maximum.
    """

    name: str
    kind: Kind = "other"
    capacity: float | None = None


class Cells(NamedTuple):
    """How many cells a column had as it was read, and how many of them were missing or negative."""

    column: str
    n_cells: int
    missing: int
    negative: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a scenario set comes from: the record that the manifest keeps.

    `time` (names of the time columns), `first`, `last`, `zone` and the two counts of dropped rows are None or 0
    for a scenario table. `files` are the paths that were read, `reading` the options as they were found or given,
    `changes` how many rows, cells or periods were dropped, filled or changed, by reason. Of a series, `span` are the
    first and last step that the input has, with values or without, and `cells` counts those of its columns.
    """

    name: str
    sha256: str | None
    n_rows: int
    time: str | None = None
    first: str | None = None
    last: str | None = None
    zone: str | None = None
    rows_dropped_before: int = 0
    rows_dropped_after: int = 0
    files: tuple[str, ...] = ()
    reading: Reading | None = None
    cutting: Cutting | None = None
    changes: tuple[tuple[str, int], ...] = ()
    span: tuple[str, str] = ("", "")
    cells: tuple[Cells, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A regular time series: one row per time step.

    Parameters
    ----------
    columns : tuple of Column
        Unique names.
    start : pandas.Timestamp
        Time stamp of the first row.
    step : pandas.Timedelta
        Above 0.
    values : ndarray of shape (n_rows, n_columns), float64
        Finite, in the unit of the input.
    places : ndarray of shape (n_rows,), int64, optional
        How many steps after `start` each row lies, increasing from 0; without it no step is missing.

    Raises
    ------
    InputError
        If a name is duplicated or a value is not finite.
    """

    columns: tuple[Column, ...]
    start: pd.Timestamp
    step: pd.Timedelta
    values: Float64
    source: Source
    places: npt.NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        check_columns(self.columns)
        object.__setattr__(self, "values", finite(self.values, "values"))
        if self.places is not None:
            object.__setattr__(self, "places", read_only(np.asarray(self.places, dtype=np.int64)))

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [column.name for column in self.columns]

    def steps(self) -> npt.NDArray[np.int64]:
        """Return the place of every row, in steps after the first, shape (n_rows,)."""
        return np.arange(len(self.values)) if self.places is None else self.places

    def times(self) -> pd.DatetimeIndex:
        """Return the time stamp of every row."""
        moments = micros(self.start) + self.steps() * micros(self.step)
        times = pd.DatetimeIndex(moments.view("M8[us]"))
        return times if self.start.tz is None else times.tz_localize("UTC").tz_convert(self.start.tz)


def micros(moment: pd.Timestamp | pd.Timedelta) -> int:
    """Return a moment in microseconds since 1970 in UTC, or a length of time in microseconds.

    Examples
    --------
    >>> micros(pd.Timestamp("1970-01-01 00:00:01")), micros(pd.Timedelta("1ms"))
    (1000000, 1000)
    """
    if isinstance(moment, pd.Timedelta):
        return moment // pd.Timedelta(1, "us")
    return int(moment.as_unit("us").asm8.astype("int64"))


def check_columns(columns: Sequence[Column]) -> None:
    """Raise an InputError if there is no column, or a name is duplicated or reserved."""
    names = [column.name for column in columns]
    if not names:
        raise InputError("there is no column of values", "at least one")
    for name in names:
        if name in HEAD:
            raise InputError(
                f"column {name!r} has the name of a column of the scenario table",
                advice="rename it, or name the columns to use",
            )
        if names.count(name) > 1:
            raise InputError(f"column {name!r} is duplicated", "a name of its own for every column")
