"""A regular time series, its columns, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError
from scenred.model.arrays import finite

# Columns of the scenario table that are not values.
HEAD = ("scenario", "probability", "start", "group", "step", "time")

Kind = Literal["wind", "pv", "load", "other"]


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one series of one kind at one site.

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


@dataclass(frozen=True, slots=True)
class Source:
    """Say where a scenario set comes from: the record that the manifest keeps.

    `time` (name of the time column), `first`, `last`, `zone` and the two counts of dropped rows are None or 0
    for a scenario table.
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


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Hold a regular time series: one row per time step.

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
    source : Source

    Raises
    ------
    InputError
        When a name stands twice or a value is not finite.
    """

    columns: tuple[Column, ...]
    start: pd.Timestamp
    step: pd.Timedelta
    values: npt.NDArray[np.float64]
    source: Source

    def __post_init__(self) -> None:
        check_columns(self.columns)
        object.__setattr__(self, "values", finite(self.values, "values"))


def check_columns(columns: Sequence[Column]) -> None:
    """Refuse no column, or a name that stands twice."""
    names = [column.name for column in columns]
    if not names:
        raise InputError("there is no column of values; scenred needs at least one")
    for name in names:
        if name in HEAD:
            raise InputError(
                f"column {name!r} is called as a column of the scenario table; rename it, or name the columns to use"
            )
        if names.count(name) > 1:
            raise InputError(f"column {name!r} stands twice; every column needs a name of its own")
