"""Drop empty padding rows for the local hour skipped at the start of daylight saving time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Int64
from scenred.io.clock.digits import DAY, Stamps
from scenred.io.clock.within_day import ClockColumns
from scenred.io.clock.zones import zone_of
from scenred.io.tables.cells import MISSING
from scenred.io.tables.table import Table
from scenred.notes import note


def without_lost_hours(table: Table, columns: ClockColumns, back: int) -> tuple[Table, ClockColumns]:
    """Leave out rows at local times that the zone does not have, where no cell next to the time holds a value.

    `back` is the length of a step in microseconds where stamps are its end, else 0.
    """
    tz = table.reading.tz
    if tz is None or columns.named_offset is not None or not np.isnan(columns.stamps.offset).any():
        return table, columns
    clock = columns.stamps.clock - back
    if columns.counts is not None:
        clock = clock + columns.counts * columns.step
    naive = pd.DatetimeIndex(clock.view("M8[us]"))
    local = naive.tz_localize(zone_of(tz), ambiguous=np.ones(len(clock), dtype=bool), nonexistent="NaT")
    lost = np.flatnonzero(local.isna() & np.isnan(columns.stamps.offset))
    if columns.counts is not None:  # hours of a short day may be numbered without the missing one
        per_day = pd.Series(columns.stamps.clock).map(pd.Series(columns.stamps.clock).value_counts()).to_numpy()
        lost = lost[per_day[lost] == DAY // columns.step]
    lost = lost[_hold_nothing(table, lost, columns.names)]
    if not len(lost):
        return table, columns
    place = table.place(int(lost[0]))
    note(f"{place}: {len(lost)} rows without a value at times that {tz} does not have are not read")
    kept = np.setdiff1d(np.arange(len(clock)), lost)
    stamps = columns.stamps
    chosen = Stamps(stamps.clock[kept], stamps.offset[kept], stamps.is_good[kept], stamps.has_hours)
    counts = None if columns.counts is None else columns.counts[kept]
    moved = None if columns.moved is None else columns.moved[kept]
    return table.rows(kept), replace(columns, stamps=chosen, counts=counts, moved=moved)


def _hold_nothing(table: Table, rows: Int64, clock: tuple[str, ...]) -> Bool:
    """Return which rows hold no value next to the time: words of columns of words are none."""
    nothing = np.ones(len(rows), dtype=bool)
    marks = MISSING | {mark.strip().casefold() for mark in table.reading.na}
    for name in map(str, table.frame.columns if len(rows) else ()):
        if name in clock or table.is_text(name):
            continue
        cells = table.frame[name].iloc[rows]
        nothing &= [bool(pd.isna(cell)) or str(cell).strip().casefold() in marks for cell in cells]
    return nothing
