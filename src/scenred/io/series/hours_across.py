"""A row per day with a column per hour, or quarter hour, becomes a row per step."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import InputError, ScenredWarning
from scenred.io.clock.assembled import ClockColumns, date_columns
from scenred.io.clock.digits import DAY, SECOND
from scenred.io.clock.within_day import PERIODS_A_DAY
from scenred.io.clock.zones import midnights, zone_of
from scenred.io.tables.table import Table

# Names of columns that are steps of a day: HE01, H1, Hour 1, Q96, 1, 02X and 3B where a clock is put back.
WORD = (
    r"(?:he|hb|h|hr|hour|hour ending|hora|heure|stunde|std|q|qh|quarter|period|interval|sp|tp|trading period)"
)
NUMBER = r"[\s_.-]*0*(?P<number>\d{1,3})\s?(?:h|hr|uhr|\uc2dc|\u6642|\u65f6)?(?P<again>\s?[abx*])?"
# And clock times: 01:00, 0:15, 00:00-01:00.
CLOCK = r"(?P<hour>\d{1,2})(?P<again>[abx*])?:(?P<minute>[0-5]\d)(?::00)?(?:\s*[-\u2013]\s*\d{1,2}:\d{2}(?::00)?)?"
HHMM = r"(?P<hour>\d{2})(?P<minute>[0-5]\d)"
HALF_DAY = r"(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?\s*(?P<half>[ap])\.?m\.?"
# Before either a name may stand: wind_h1, pv 13:00.
NAME = r"(?P<name>.*?)[\s_.-]+"
NUMBERED = [
    re.compile(form, re.IGNORECASE | re.ASCII) for form in (WORD + "?" + NUMBER, NAME + WORD + NUMBER)
]
CLOCKS = [
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (CLOCK, HHMM, HALF_DAY, NAME + CLOCK, NAME + HHMM, NAME + HALF_DAY)
]
VALUE = "value"
# Characters of such a name, at most.
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Steps:
    """Hold the columns of one quantity in the order of time: `usual` of them a day, and `again` for a longer one.

    `again` maps a column to the step that it repeats or follows.
    """

    name: str
    columns: tuple[str, ...]
    usual: int
    again: tuple[str, ...]


def unfolded(table: Table, told: str | None) -> tuple[Table, tuple[str, ...] | None]:
    """Turn columns that are steps of a day into rows, and give the name of the time column.

    Returns
    -------
    table : Table
        As it came, where no columns are steps of a day.
    clock : tuple of str or None
        None where the table is as it came.

    Raises
    ------
    InputError
        Naming the day that has another number of values than steps.
    """
    names = [str(name) for name in table.frame.columns]
    has_names = table.reading.header != "none" and table.reading.start is None
    groups = _groups(names) if has_names else []
    if not groups:
        return table, None
    steps = [column for group in groups for column in group.columns]
    rest = replace(table, frame=table.frame.drop(columns=steps))
    dates = date_columns(rest, told)
    if dates is None or (dates.stamps.clock % DAY).any() or not np.isnan(dates.stamps.offset).all():
        return table, None
    texts = [name for name in names if name not in {*steps, *dates.names} and table.is_text(name)]
    unused = [name for name in names if name not in {*steps, *dates.names, *texts}]
    for name in unused:
        if name.strip().casefold() in ("dst", "dst hour", "extra hour"):
            raise InputError(
                f"{table.name}: column {name} may hold the hour that stands twice where the clock is put back; call it "
                f"{groups[0].columns[1]}* and leave the cell of the hour that spring leaves out empty; or remove it"
            )
    _tell(table, groups, unused)
    rows, columns, moments = _places(table, dates, groups[0])
    time = ",".join(dates.names)
    frame = pd.DataFrame({time: moments}).join(table.frame[texts].iloc[rows].reset_index(drop=True))
    for group in groups:
        cells = np.column_stack([table.cells(name) for name in group.columns])
        frame[group.name] = cells[rows, columns]
    reading = replace(table.reading, time_format=dates.form, stamp="start")
    whole = replace(table, frame=frame, place=lambda row: table.place(int(rows[row])), reading=reading)
    return replace(whole, text=_text(table, groups, rows, columns, {time: dates.names[0]})), (time,)


def _text(
    table: Table, groups: list[Steps], rows: Int64, columns: Int64, called: dict[str, str]
) -> Callable[[int, str], str]:
    """Give the cell of a step as it stands in the row of its day."""
    by_name = {group.name: group.columns for group in groups}

    def text(row: int, name: str) -> str:
        name = by_name[name][columns[row]] if name in by_name else called.get(name, name)
        return table.text(int(rows[row]), name)

    return text


def _tell(table: Table, groups: list[Steps], unused: list[str]) -> None:
    first = groups[0]
    beside = f"; columns beside them are not used: {', '.join(unused)}" if unused else ""
    warnings.warn(
        f"{table.name}: is read as a row per day with {first.usual} steps in columns {first.columns[0]} to "
        f"{first.columns[-1]}{beside}",
        ScenredWarning,
        stacklevel=3,
    )


def _groups(names: list[str]) -> list[Steps]:
    """Find columns that are all steps of a day, in order, by their names."""
    numbered: dict[str, list[tuple[str, int, bool]]] = {}
    clocks: dict[str, list[tuple[str, int, bool]]] = {}
    for column in names:
        if len(column) > LONGEST:
            continue
        bare = re.sub(r"\s*[(\[].*", "", column).strip()
        if (found := _match(CLOCKS, bare)) is not None:
            parts: dict[str, Any] = {"name": "", "half": None, "again": None} | found.groupdict()
            hour = int(found["hour"]) if parts["half"] is None else _of_day(int(found["hour"]), parts["half"])
            again = (parts["again"] or "").casefold() not in ("", "a")
            clocks.setdefault(parts["name"], []).append(
                (column, hour * 60 + int(found["minute"] or 0), again)
            )
        elif (found := _match(NUMBERED, bare)) is not None:
            again = (found["again"] or "").strip().casefold() not in ("", "a")
            entry = (column, int(found["number"]), again)
            numbered.setdefault(found.groupdict().get("name", ""), []).append(entry)
    groups = [_numbered(name, columns) for name, columns in numbered.items()]
    groups += [_clocks(name, columns) for name, columns in clocks.items()]
    whole = [group for group in groups if group is not None]
    layouts = {
        (group.usual, len(group.columns), tuple(map(group.columns.index, group.again))) for group in whole
    }
    return whole if len(layouts) == 1 else []


def _of_day(hour: int, half: str) -> int:
    """Give the hour of a day from one of 12 hours, before or after noon."""
    return hour % 12 + (12 if half.casefold() == "p" else 0)


def _match(patterns: list[re.Pattern[str]], name: str) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.fullmatch(name)) is not None), None)


def _numbered(name: str, columns: list[tuple[str, int, bool]]) -> Steps | None:
    """Take columns numbered from 1, or from 0, to the number of steps of a day, or of a longer one."""
    plain = [number for _, number, again in columns if not again]
    base = min(plain, default=-1)
    usual = next((count for count in reversed(PERIODS_A_DAY) if count <= len(plain)), 0)
    numbers = list(range(base, base + len(plain)))
    if base not in (0, 1) or plain != numbers or not usual or len(columns) > usual * 25 // 24:
        return None
    again = tuple(column for column, number, again in columns if again or number >= base + usual)
    return Steps(name or VALUE, tuple(column for column, _, _ in columns), usual, again)


def _clocks(name: str, columns: list[tuple[str, int, bool]]) -> Steps | None:
    """Take columns called by the clock time at which their step begins, or ends."""
    again = tuple(column for column, _, is_again in columns if is_again)
    usual = len(columns) - len(again)
    if usual not in PERIODS_A_DAY or len(again) > usual // 24:
        return None
    minutes = np.array([minute for _, minute, is_again in columns if not is_again])
    starts = np.arange(usual) * (1440 // usual)
    ends = starts + 1440 // usual
    if not any((minutes == wanted).all() for wanted in (starts, ends, ends % 1440)):
        return None
    return Steps(name or VALUE, tuple(column for column, _, _ in columns), usual, again)


def _places(table: Table, dates: ClockColumns, group: Steps) -> tuple[Int64, Int64, pd.DatetimeIndex]:
    """Give the row and the column of every step, in the order of rows, and when it begins."""
    step, days = DAY // group.usual, dates.stamps.clock
    told = table.reading.tz
    zone: dt.tzinfo | None = None if told is None else zone_of(told)
    if dates.named_offset is not None:
        begins = days - round(dates.named_offset) * SECOND
        ends, zone = begins + DAY, zone or dt.timezone(dt.timedelta(seconds=dates.named_offset))
    else:
        begins, ends = (days, days + DAY) if told is None else midnights(days, zone_of(told))
    lengths = (ends - begins) // step
    is_again = np.isin(group.columns, group.again)
    usual = np.flatnonzero(~is_again)
    rows: list[Int64] = []
    columns: list[Int64] = []
    filled = np.column_stack([~np.isnan(table.cells(name)) for name in group.columns])
    odd = (lengths != group.usual) | filled[:, is_again].any(axis=1)
    for row in range(len(days)):
        chosen = usual if not odd[row] else _odd_day(table, row, filled[row], int(lengths[row]), zone is None)
        columns.append(chosen)
        rows.append(np.full(len(chosen), row))
    moments = np.concatenate(
        [begin + np.arange(len(chosen)) * step for begin, chosen in zip(begins, columns, strict=True)]
    )
    index = pd.DatetimeIndex(moments.view("M8[us]"))
    if zone is not None:
        index = index.tz_localize("UTC").tz_convert(zone)
    return np.concatenate(rows), np.concatenate(columns), index


def _odd_day(table: Table, row: int, filled: npt.NDArray[np.bool_], length: int, is_naive: bool) -> Int64:
    """Give the columns of a day on which the clock changes: those that hold values."""
    held = np.flatnonzero(filled)
    if not is_naive and len(held) == length:
        return held
    advice = (
        "name the zone, such as --tz Europe/Berlin --dst drop"
        if is_naive
        else "leave empty the cell of an hour that is left out, name another zone with --tz, or remove that day and "
        "pass --missing drop"
    )
    raise InputError(
        f"{table.place(row)}: has {len(held)} values where the day has {length} steps, as where a clock is changed; "
        f"{advice}"
    )
