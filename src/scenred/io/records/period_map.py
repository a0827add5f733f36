"""A period map, read back: the scenario that represents each original period."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from scenred.arrays import first
from scenred.io.clock.times import clock_times
from scenred.io.opening.open import open_table
from scenred.model import PeriodMap

NEEDED = ("period", "scenario", "distance")


def read_period_map(source: str | os.PathLike[str] | pd.DataFrame) -> PeriodMap:
    """Read a period map as `generate --map` writes it.

    Parameters
    ----------
    source : path, '-' or pandas.DataFrame
        Columns `period, scenario, distance`, and `start` where the periods have one; one row per original
        period, in the order of time.

    Raises
    ------
    InputError
        If a column is not there, a distance is not a number of at least 0, a time cannot be read, or the
        starts do not increase.

    Examples
    --------
    >>> table = pd.DataFrame({"period": [1, 2], "scenario": ["1", "1"], "distance": [0.0, 0.2]})
    >>> read_period_map(table).scenarios
    ('1', '1')
    """
    table = open_table(source)
    missing = [name for name in NEEDED if name not in table.frame.columns]
    if missing:
        raise table.error(
            f"is not a period map: it has no column {missing[0]!r}", advice="name the one that generate wrote"
        )
    starts, clocks = None, None
    if "start" in table.frame.columns:
        starts, clocks = clock_times(table, "start")
        if (row := first(np.diff(starts.asi8) <= 0)) is not None:
            raise table.error(
                f"the period starts at {starts[row + 1]}, not after the one before ({starts[row]})",
                "the periods in the order of time",
                "sort the rows",
                row=row + 1,
            )
    distances = table.numbers("distance")
    if (row := first(distances < 0)) is not None:
        raise table.error(f"distance is {table.text(row, 'distance')}", "at least 0", row=row)
    return PeriodMap(
        _texts(table.frame["period"]),
        _texts(table.frame["scenario"]),
        distances,
        starts,
        clocks,
        table.sha256,
    )


def _texts(column: pd.Series) -> tuple[str, ...]:
    return tuple(str(cell).strip() for cell in column)
