"""Whether stamps are the begin or the end of their step, judged from all time columns of a table together."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from scenred.arrays import Float64, Int64
from scenred.errors import InputError, Setting
from scenred.io.clock.clocks import MINUTE, NEARLY_ALL, Clock, clock_of, modal_step, other_clocks, some_rows
from scenred.io.clock.digits import DAY
from scenred.io.clock.within_day import ClockColumns
from scenred.io.clock.zones import zone_of
from scenred.io.tables.table import Table
from scenred.notes import note
from scenred.options.reading import Stamp

# What one clock shows of another: its side, that it may be either, or that both date some rows by another day.
Implied = Stamp | Literal["either", "other day"]

# Share of rows from which on a difference counts.
FEW = 0.02
# Offsets from UTC with a part of an hour, in minutes.
FRACTIONS = (-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825)


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
    rows = some_rows(len(table.frame))
    clock = clock_of(table.rows(rows), columns, rows)
    if columns.counts is not None and columns.ends is not None:
        raise _open(table, f"{columns.names[-1]} counts from 0, and {columns.ends} that it ends a step")
    step = modal_step(clock.times)
    said = [(clock.side, clock.why)] if clock.side is not None else []
    may_end, doubts = clock.may_end, []
    others = other_clocks(table, columns, rows, clock) if 0 < step < DAY else []
    for other in (_with_side(one, others, step, table.reading.tz) for one in others):
        side = _implied(clock, other, step, table.reading.tz)
        if other.side is None:
            may_end = may_end or (other.may_end if side == "end" else None)
        elif side == "either":
            doubts.append(other)
        elif side == "other day":
            raise _other_day(table, clock, other)
        elif side in ("start", "end"):
            said.append((side, other.why))
    return _decided(table, clock, said, may_end, doubts)


def _with_side(clock: Clock, others: list[Clock], step: int, tz: str | None) -> Clock:
    """Return a clock that does not show its side with that which another one shows."""
    if clock.side is not None:
        return clock
    for other in others:
        if other.side is not None and (side := _implied(clock, other, step, tz)) in ("start", "end"):
            return replace(clock, side=side, why=other.why)
    return clock


def _decided(
    table: Table, clock: Clock, said: list[tuple[Stamp, str]], may_end: str | None, doubts: list[Clock]
) -> Stamp:
    ends, begins = ([why for side, why in said if side == one] for one in ("end", "start"))
    name = ",".join(clock.names)
    if ends and begins:
        raise _open(table, f"stamps of {name} end their step, as {ends[0]}, and begin it, as {begins[0]}")
    if not said and doubts:
        _doubted(table, name, doubts)
    if not ends and (begins or may_end is None):
        return "start"
    note(
        f"{table.name}: time stamps are read as the end of their step, as {ends[0] if ends else may_end}; pass ",
        *(Setting("stamp", "start"), " if they are not, ", Setting("stamp", "end"), " to confirm"),
    )
    return "end"


def _doubted(table: Table, name: str, doubts: list[Clock]) -> None:
    """Note that stamps begin their step like those of another clock; raise an InputError if those end it, or count."""
    for other in doubts:
        if other.side == "end" or other.is_counted:
            what = "ends its step" if other.side == "end" else "counts steps"
            met = f"{','.join(other.names)} {what} ({other.why}), and {name} may be of another zone or not"
            raise _open(table, met, tz=True)
    end = Setting("stamp", "end")
    note(
        f"{table.name}: {name} is read as the begin of its step, like {','.join(doubts[0].names)}; pass ",
        end,
        " if not",
    )


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


def _implied(clock: Clock, other: Clock, step: int, tz: str | None) -> Implied | None:
    """Return whether a clock begins or ends the steps of another one; None where they have nothing to do."""
    back = step * (other.side == "end" or (other.side is None and other.may_end is not None))
    begins = other.times - back
    ahead = (clock.times - begins).astype(np.float64)
    if clock.is_utc != other.is_utc and tz is not None:
        local = _moments(begins if clock.is_utc else clock.times, tz)
        ahead = clock.times - local if clock.is_utc else local - begins
    ahead = ahead[~np.isnan(ahead)]
    if clock.is_utc == other.is_utc or tz is not None:
        exact = _exact(ahead, step)
    elif (clock.written != clock.times).any():  # its cells hold the local time
        exact = _exact(clock.written - (other.written - back), step)
    else:  # what begins in UTC may as well end by a clock of the next zone to the east
        exact = _exact(ahead, step)
        exact = None if exact == "start" else exact
    if exact is not None:
        return exact
    values, counts = np.unique(ahead, return_counts=True)
    usual = values[counts >= FEW * counts.sum()]
    if not len(usual) or counts[counts >= FEW * counts.sum()].sum() < NEARLY_ALL * counts.sum():
        return None
    if other.is_counted and other.step > step:  # minutes of an hour that has one number
        usual = usual[:1]
    ahead_of_utc = -1 if clock.is_utc else 1
    may_begin, may_end = (_are_of_zones(ahead_of_utc * apart) for apart in (usual, usual - step))
    if may_begin and may_end:
        return "either"
    return "start" if may_begin else "end" if may_end else None


def _exact(ahead: Float64 | Int64, step: int) -> Implied | None:
    """Return whether times are nearly all those of the begins or ends of steps, or some by a whole day off."""
    apart_of: dict[Stamp, int] = {"start": 0, "end": step}
    for side, apart in apart_of.items():
        if len(ahead) and np.mean(ahead == apart) >= NEARLY_ALL:
            rest = ahead[ahead != apart]
            return "other day" if len(rest) and (np.abs(rest - apart) == DAY).all() else side
    return None


def _are_of_zones(differences: Float64) -> bool:
    """Return whether differences may be offsets from UTC: whole hours, or those of zones with a part of one."""
    minutes = differences / MINUTE
    is_real = (minutes % 60 == 0) | np.isin(minutes, FRACTIONS)
    return bool((is_real & (np.abs(minutes) <= 14 * 60)).all())


def _moments(clock: Int64, tz: str) -> Float64:
    """Return the moments of local times, NaN where a time has none or two."""
    local = pd.DatetimeIndex(clock.view("M8[us]")).tz_localize(zone_of(tz), ambiguous="NaT", nonexistent="NaT")
    return np.where(local.isna(), np.nan, local.as_unit("us").asi8.astype(np.float64))
