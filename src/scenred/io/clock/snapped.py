"""Stamps that are some seconds early or late: snapped to the nearest multiple of a length."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from scenred.arrays import Int64, first
from scenred.errors import Setting, UsageError
from scenred.io.clock.digits import DAY, SECOND
from scenred.io.clock.within_day import ClockColumns
from scenred.io.tables.table import Table
from scenred.model.duration import parse_period
from scenred.model.series import micros

# Lengths that are proposed, in seconds.
LENGTHS = (1, 10, 60, 300, 600, 900, 1_800, 3_600)
# Share of a length by which stamps may be off where it is proposed.
NEAR = 0.35


def snapped(columns: ClockColumns, snap: str) -> ClockColumns:
    """Return stamps moved to the nearest multiple of a length after midnight; raise a UsageError if it cuts no day."""
    length = micros(parse_period(snap))
    if DAY % length:
        raise UsageError("does not divide a day", "a length such as 1min", place=Setting("snap", snap))
    clock = columns.stamps.clock
    moved = _nearest(clock, length) - clock
    return replace(columns, stamps=replace(columns.stamps, clock=clock + moved), moved=moved)


def n_snapped(table: Table, index: pd.DatetimeIndex, columns: ClockColumns) -> int:
    """Count the stamps that were snapped; raise an InputError if rows of different times become one time."""
    moved = columns.moved
    if moved is None:
        return 0
    moments = index.as_unit("us").asi8
    order = np.argsort(moments, kind="stable")
    same = (np.diff(moments[order]) == 0) & (np.diff(moved[order]) != 0)
    if (place := first(same)) is not None:
        before, row = int(order[place]), int(order[place + 1])
        raise table.error(
            f"two times become {index[row]}: that of {table.place(before)} and this one",
            "a time of its own for each row",
            ("choose a shorter length than ", Setting("snap", table.reading.snap)),
            row=row,
        )
    return int(np.count_nonzero(moved))


def proposed_snap(moments: Int64) -> Setting | None:
    """Return the shortest length to whose multiples moments are near, and then follow each other regularly."""
    for length in (seconds * SECOND for seconds in LENGTHS):
        here = _nearest(moments, length)
        steps, counts = np.unique(np.diff(here), return_counts=True)
        step = int(steps[np.argmax(counts)])
        is_regular = steps[0] > 0 and not (steps % step).any()
        if is_regular and np.abs(here - moments).max() <= NEAR * length:
            minutes = length // SECOND // 60
            return Setting("snap", f"{minutes}min" if minutes else f"{length // SECOND}s")
    return None


def _nearest(clock: Int64, length: int) -> Int64:
    """Return the nearest multiples of a length after midnight; those halfway are later."""
    since = clock % DAY
    return clock - since + (since + length // 2) // length * length
