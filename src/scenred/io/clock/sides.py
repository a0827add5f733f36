"""Whether stamps are the begin or the end of their step, judged from all time columns of a table together."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from scenred.arrays import Float64, Int64
from scenred.errors import InputError, ScenredWarning, Setting
from scenred.io.clock.assembled import clock_columns
from scenred.io.clock.columns import has_hours, looks_like_times
from scenred.io.clock.day_order import in_day_order
from scenred.io.clock.digits import DAY, SECOND
from scenred.io.clock.stamps import CLOCKS, INTERVAL, clock_times
from scenred.io.clock.within_day import ClockColumns
from scenred.io.clock.words import ISSUED, PARTS, folded, parts_of, said_begin, tells_day
from scenred.io.clock.zones import zone_of
from scenred.io.tables.table import Table
from scenred.notes import note
from scenred.options.reading import Stamp

# What one clock shows of another: its side, that it may be either, or that both date some rows by another day.
Implied = Stamp | Literal["either", "other day"]

# Rows at the begin, the middle and the end of a table that are looked at.
SOME = 1_000
# Other clocks of a table that are looked at, at most.
MOST = 8
# Shares of rows that agree, at least, and of a difference that counts.
NEARLY_ALL, FEW = 0.95, 0.02
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
# Parts of an hour that offsets from UTC have, in minutes, next to whole hours.
FRACTIONS = (150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825)


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """Times of some rows by one of several clocks, as they are written, in microseconds.

    `side` tells whether they begin or end their step and `why`, where the clock shows it; `may_end` why they may end
    it. Times are of UTC (`is_utc`) where a name or the cells hold the offset.
    """

    names: tuple[str, ...]
    times: Int64
    side: Stamp | None
    why: str
    may_end: str | None
    is_utc: bool


def side_of(table: Table, columns: ClockColumns) -> Stamp:
    """Return whether stamps begin or end their step, by the names, the cells, and the other clocks of a table.

    Raise an InputError if two of them contradict each other, or another clock ends its steps and the difference
    between both may be that of their zones.
    """
    given = table.reading.stamp
    if given is not None:
        return "end" if given == "end" else "start"
    if columns.counts is not None and columns.base == 1:
        return "start"
    rows = _some(len(table.frame))
    clock = _clock(table.rows(rows), columns, rows)
    if columns.counts is not None and columns.ends is not None:
        raise _open(table, f"{columns.names[-1]} counts from 0, and {columns.ends} that it ends a step")
    step = _step(clock.times)
    said = [(clock.side, clock.why)] if clock.side is not None else []
    may_end, doubts = clock.may_end, []
    for other in _others(table, columns, rows) if 0 < step < DAY else ():
        side = _implied(clock, other, step, table.reading.tz)
        if other.side is None:
            may_end = may_end or (other.may_end if side == "end" else None)
        elif side == "either":
            doubts.append(other)
        elif side == "other day":
            raise _other_day(table, clock, other)
        elif side is not None:
            said.append((side, other.why))
    return _decided(table, clock, said, may_end, doubts)


def _decided(
    table: Table, clock: Clock, said: list[tuple[Stamp, str]], may_end: str | None, doubts: list[Clock]
) -> Stamp:
    ends, begins = ([why for side, why in said if side == one] for one in ("end", "start"))
    name = ",".join(clock.names)
    if ends and begins:
        raise _open(table, f"stamps of {name} end their step, as {ends[0]}, and begin it, as {begins[0]}")
    if not said and doubts:
        other = doubts[0]
        what = "ends its step" if other.side == "end" else "counts steps"
        raise _open(
            table, f"{','.join(other.names)} {what} ({other.why}), and {name} may be of another zone or not", tz=True
        )
    if not ends and (begins or may_end is None):
        return "start"
    note(
        f"{table.name}: time stamps are read as the end of their step, as {ends[0] if ends else may_end}; pass ",
        *(Setting("stamp", "start"), " if they are not, ", Setting("stamp", "end"), " to confirm"),
    )
    return "end"


def _open(table: Table, met: str, *, tz: bool = False) -> InputError:
    """Return the refusal of stamps that may begin or end their step."""
    zone = ("; where the zone of the other is known, pass ", Setting("tz"), " too") if tz else ()
    advice = (
        "pass ",
        Setting("stamp", "start"),
        " if stamps begin their step, ",
        Setting("stamp", "end"),
        " if they end it",
    )
    return table.error(met, "to know whether a stamp is the begin or the end of its step", (*advice, *zone))


def _other_day(table: Table, clock: Clock, other: Clock) -> InputError:
    """Return the refusal of two clocks that date the same rows by days next to each other, such as midnight."""
    name, counted = ",".join(clock.names), ",".join(other.names)
    by_other = (Setting("time", counted), " ", Setting("sort", True), " if that of ", counted)
    return table.error(
        f"{name} and {counted} date some hours, such as midnight, by days next to each other",
        advice=("pass ", Setting("stamp", "end"), f" if that of {name} is right, ", *by_other, " is"),
    )


def _some(n: int) -> Int64:
    """Return rows at the begin, in the middle and at the end."""
    middle = max(n // 2 - SOME // 2, 0)
    parts = ((0, SOME), (middle, middle + SOME), (n - SOME, n))
    return np.unique(np.concatenate([np.arange(max(begin, 0), min(end, n)) for begin, end in parts]))


def _others(table: Table, columns: ClockColumns, rows: Int64) -> list[Clock]:
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
            clocks.append(_clock(some, read, np.arange(len(rows))))
    return clocks


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


def _clock(some: Table, columns: ClockColumns, rows: Int64) -> Clock:
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
    return Clock(columns.names, moments, side, why, may_end, is_utc)


def _holds_intervals(table: Table, name: str) -> bool:
    cell = table.text(0, name) if name in table.frame.columns else ""
    return INTERVAL.fullmatch(cell) is not None or CLOCKS.match(cell) is not None


def _has_24(table: Table, name: str) -> bool:
    """Return whether a column has the time 24:00, which no step begins at."""
    column = table.frame[name]
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return False
    return bool(column.astype(str).str.contains(r"(?:^|[T ])24:00", regex=True).any())


def _runs_to_midnight(times: Int64) -> str | None:
    """Return that stamps of less than an hour run from a step after midnight to midnight, which no zone explains."""
    step, begin, end = _step(times), int(times.min()), int(times.max())
    if not 0 < step < 30 * MINUTE or begin % DAY != step or end % DAY:
        return None
    return f"they run from {pd.Timestamp(begin, unit='us')} to {pd.Timestamp(end, unit='us')}"


def _implied(clock: Clock, other: Clock, step: int, tz: str | None) -> Implied | None:
    """Return whether a clock begins or ends the steps of another one; None where they have nothing to do."""
    begins = other.times - step * (other.side == "end" or (other.side is None and other.may_end is not None))
    ahead = (clock.times - begins).astype(np.float64)
    if clock.is_utc != other.is_utc and tz is not None:
        local = _moments(begins if clock.is_utc else clock.times, tz)
        ahead = clock.times - local if clock.is_utc else local - begins
    ahead = ahead[~np.isnan(ahead)]
    apart_of: dict[Stamp, int] = {"start": 0, "end": step}
    for side, apart in apart_of.items():
        if len(ahead) and np.mean(ahead == apart) >= NEARLY_ALL:
            rest = ahead[ahead != apart]
            is_other_day = len(rest) > 0 and bool((np.abs(rest - apart) == DAY).all())
            return "other day" if is_other_day else side
    values, counts = np.unique(ahead, return_counts=True)
    usual = values[counts >= FEW * counts.sum()]
    if not len(usual) or counts[counts >= FEW * counts.sum()].sum() < NEARLY_ALL * counts.sum():
        return None
    may_begin, may_end = _are_of_zones(usual), _are_of_zones(usual - step)
    if may_begin and may_end:
        return "either"
    return "start" if may_begin else "end" if may_end else None


def _are_of_zones(differences: Float64) -> bool:
    """Return whether differences may be those of zones: whole hours, or those of zones with a part of one."""
    minutes = np.abs(differences) / MINUTE
    is_real = (minutes % 60 == 0) | np.isin(minutes, FRACTIONS)
    return bool((is_real & (minutes <= 14 * 60)).all())


def _moments(clock: Int64, tz: str) -> Float64:
    """Return the moments of local times, NaN where a time has none or two."""
    local = pd.DatetimeIndex(clock.view("M8[us]")).tz_localize(zone_of(tz), ambiguous="NaT", nonexistent="NaT")
    return np.where(local.isna(), np.nan, local.as_unit("us").asi8.astype(np.float64))


def _step(times: Int64) -> int:
    forward, counts = np.unique(np.abs(np.diff(times)), return_counts=True)
    counts = np.where(forward > 0, counts, 0)
    return int(forward[np.argmax(counts)]) if counts.any() else 0
