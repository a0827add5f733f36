"""The clocks of a table: what each of its time columns, alone or with others, says of some rows."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import InputError, ScenredWarning
from scenred.io.clock.assembled import clock_columns
from scenred.io.clock.columns import has_hours, looks_like_times
from scenred.io.clock.day_order import in_day_order
from scenred.io.clock.digits import DAY, SECOND
from scenred.io.clock.stamps import CLOCKS, INTERVAL, clock_times
from scenred.io.clock.within_day import ClockColumns, within_day
from scenred.io.clock.words import ISSUED, PARTS, folded, parts_of, said_begin, tells_day
from scenred.io.tables.table import Table
from scenred.options.reading import Stamp

# Rows at the begin, the middle and the end of a table that are looked at.
SOME = 1_000
# Other clocks of a table that are looked at, at most.
MOST = 8
# Share of rows that agree, at least.
NEARLY_ALL = 0.95
MINUTE = 60 * SECOND


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """Times of some rows by one of several clocks in microseconds, also as they are written.

    `side` tells whether they begin or end their step and `why`, where the clock shows it; `may_end` why they may end
    it. Times are of UTC (`is_utc`) where a name or the cells hold the offset; `is_counted` where steps of the
    length `step` count from 1.
    """

    names: tuple[str, ...]
    written: Int64
    times: Int64
    side: Stamp | None
    why: str
    may_end: str | None
    is_utc: bool
    is_counted: bool = False
    step: int = 0


def some_rows(n: int) -> Int64:
    """Return rows at the begin, in the middle and at the end."""
    middle = max(n // 2 - SOME // 2, 0)
    parts = ((0, SOME), (middle, middle + SOME), (n - SOME, n))
    return np.unique(np.concatenate([np.arange(max(begin, 0), min(end, n)) for begin, end in parts]))


def other_clocks(table: Table, columns: ClockColumns, rows: Int64, clock: Clock) -> list[Clock]:
    """Return the other clocks of a table, as far as their cells can be read."""
    some = table.rows(rows)
    some = replace(some, reading=replace(some.reading, time_format=None, stamp=None))
    clocks = []
    for names in _combinations(some, columns)[:MOST]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScenredWarning)
            try:
                read = in_day_order(some, clock_columns(some, names))
            except InputError:
                continue
            if not read.stamps.has_hours and read.counts is None:
                continue
            clocks.append(clock_of(some, read, np.arange(len(rows))))
    return clocks + _hours_next_to(some, columns, rows, clock)


def _hours_next_to(some: Table, columns: ClockColumns, rows: Int64, clock: Clock) -> list[Clock]:
    """Return clocks of hours or periods from 1 without a date of their own, if stamps begin or end them.

    They are laid into the day of the stamp, so that they decide only where the time of day is theirs.
    """
    if len(columns.names) != 1 or columns.counts is not None:
        return []
    stamps = replace(columns.stamps, clock=columns.stamps.clock[rows] // DAY * DAY, offset=columns.stamps.offset[rows])
    found = []
    for name in map(str, some.frame.columns):
        if not any(folded(name) in PARTS[part] for part in ("hour", "period")):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScenredWarning)
            try:
                read = within_day(some, (columns.names[0], name), columns.form, stamps)
            except InputError:
                continue
        if read.counts is not None and read.base == 1:
            ahead = (columns.stamps.clock[rows] - read.counts * read.step) % DAY
            if np.mean(ahead == 0) >= NEARLY_ALL or np.mean(ahead == read.step) >= NEARLY_ALL:
                found.append(
                    Clock(
                        (name,),
                        clock.written - ahead,
                        clock.times - ahead,
                        "start",
                        f"{name} counts from 1",
                        None,
                        clock.is_utc,
                    )
                )
    return found


def _combinations(table: Table, columns: ClockColumns) -> list[tuple[str, ...]]:
    """Return the columns of other clocks: stamps, dates with times, hours or periods, and parts of the time."""
    names = [str(name) for name in table.frame.columns]
    about = [name for name in names if not ISSUED.search(name.replace("_", " ")) and looks_like_times(table, name)]
    dates = [name for name in about if not has_hours(table, name)]
    within = [name for name in names if name not in about and _is_within(table, name)] if dates else []
    found: list[tuple[str, ...]] = [(name,) for name in about if name not in dates]
    found += [(date, name) for date in dates for name in within]
    parts = parts_of(names)
    if tells_day(parts):
        found.append(tuple(parts.values()))
    return [names for names in found if set(names) != set(columns.names)]


def _is_within(table: Table, name: str) -> bool:
    """Return whether a column holds times of the day, hours or periods."""
    if any(folded(name) in PARTS[part] for part in ("hour", "period", "clock")):
        return True
    column = table.frame[name]
    return not pd.api.types.is_numeric_dtype(column) and bool(clock_times(column.head(50))[1].all())


def clock_of(some: Table, columns: ClockColumns, rows: Int64) -> Clock:
    """Return the times of some rows, and what a clock shows of their side."""
    counts = 0 if columns.counts is None else columns.counts[rows] * columns.step
    times, offset, name = columns.stamps.clock[rows] + counts, columns.stamps.offset[rows], columns.names[-1]
    begins = said_begin(name) or (f"{name} holds begin and end" if _holds_intervals(some, name) else None)
    side: Stamp | None = None
    why, may_end = "", None
    if columns.counts is not None and columns.base == 1:
        side, why = "start", f"{name} counts from 1"
    elif columns.ends is not None:
        side, why = "end", columns.ends
    elif begins is not None:
        side, why = "start", begins
    elif _has_24(some, name):
        side, why = "end", f"days of {name} run to 24:00"
    else:
        may_end = _runs_to_midnight(times)
    is_utc = not np.isnan(offset).any()
    shift = offset if is_utc else np.full(len(times), np.nan if (named := columns.named_offset) is None else named)
    is_utc = not np.isnan(shift).any()
    moments = times - (shift * SECOND).astype(np.int64) if is_utc else times
    is_counted = columns.counts is not None and columns.base == 1
    return Clock(columns.names, times, moments, side, why, may_end, is_utc, is_counted, columns.step)


def _holds_intervals(table: Table, name: str) -> bool:
    cell = str(table.frame[name].iloc[0])
    return INTERVAL.fullmatch(cell) is not None or CLOCKS.match(cell) is not None


def _has_24(table: Table, name: str) -> bool:
    """Return whether a column has the time 24:00, which no step begins at."""
    column = table.frame[name]
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return False
    return bool(column.astype(str).str.contains(r"(?:^|[T ])24:00", regex=True).any())


def _runs_to_midnight(times: Int64) -> str | None:
    """Return that stamps of less than an hour run from a step after midnight to midnight, which no zone explains."""
    step, begin, end = modal_step(times), int(times.min()), int(times.max())
    if not 0 < step < 30 * MINUTE or begin % DAY != step or end % DAY:
        return None
    return f"they run from {pd.Timestamp(begin, unit='us')} to {pd.Timestamp(end, unit='us')}"


def modal_step(times: Int64) -> int:
    """Return the most frequent step between times, in microseconds; 0 if there is none."""
    forward, counts = np.unique(np.abs(np.diff(times)), return_counts=True)
    counts = np.where(forward > 0, counts, 0)
    return int(forward[np.argmax(counts)]) if counts.any() else 0
