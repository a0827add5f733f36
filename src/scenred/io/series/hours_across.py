"""Hours across a row: a row per day with a column per hour, or quarter hour, becomes a row per step."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.io.clock.assembled import date_columns
from scenred.io.clock.changes import changes_between
from scenred.io.clock.digits import DAY, SECOND
from scenred.io.clock.within_day import PERIODS_A_DAY, ClockColumns
from scenred.io.clock.zones import midnights, zone_of
from scenred.io.series.odd_days import OddDays
from scenred.io.tables.table import Table
from scenred.notes import note

# Names of columns that are steps of a day: HE01, H1, Hour 1, Q96, 1, 02X and 3B where a clock is put back.
WORD = r"(?:he|hb|h|hr|hour|hour ending|hora|heure|stunde|std|q|qh|quarter|period|interval|sp|tp|trading period)"
NUMBER = r"[\s_.-]*0*(?P<number>\d{1,3})\s?(?:h|hr|uhr|\uc2dc|\u6642|\u65f6)?(?P<again>\s?[abx*])?"
# And clock times: 01:00, 0:15, 00:00-01:00.
CLOCK = r"(?P<hour>\d{1,2})(?P<again>[abx*])?:(?P<minute>[0-5]\d)(?::00)?(?:\s*[-\u2013]\s*\d{1,2}:\d{2}(?::00)?)?"
HHMM = r"(?P<hour>\d{2})(?P<minute>[0-5]\d)"
HALF_DAY = r"(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?\s*(?P<half>[ap])\.?m\.?"
# Before either there may be a name: wind_h1, pv 13:00.
NAME = r"(?P<name>.*?)[\s_.-]+"
CLOCKS, NUMBERED = (
    [re.compile(form, re.IGNORECASE | re.ASCII) for form in forms]
    for forms in (
        (CLOCK, HHMM, HALF_DAY, NAME + CLOCK, NAME + HHMM, NAME + HALF_DAY),
        (WORD + "?" + NUMBER, NAME + WORD + NUMBER),
    )
)
VALUE = "value"
# Characters of such a name, at most.
LONGEST = 60
# Columns of a day that is laid out in one row, at least.
HOURS = 23


@dataclass(frozen=True, slots=True)
class Steps:
    """The columns of one quantity in the order of time: `usual` of them a day, and `again` for a longer one."""

    name: str
    columns: tuple[str, ...]
    usual: int
    again: tuple[str, ...]


def unfolded(table: Table, time: str | None) -> tuple[Table, tuple[str, ...] | None]:
    """Turn columns that are steps of a day into rows, and return the time column; None if there are no such columns.

    Raise an InputError naming the day that has another number of values than steps.
    """
    names = [str(name) for name in table.frame.columns]
    has_names = table.reading.header != "none" and table.reading.start is None
    groups = _groups(names) if has_names else []
    if not groups:
        return table, None
    steps = [column for group in groups for column in group.columns]
    dates = date_columns(replace(table, frame=table.frame.drop(columns=steps)), time)
    if dates is None or (dates.stamps.clock % DAY).any() or not np.isnan(dates.stamps.offset).all():
        return table, None
    others = [name for name in names if name not in {*steps, *dates.names}]
    texts = [name for name in others if table.is_text(name)]
    _note(table, groups[0], [name for name in others if name not in texts])
    rows, columns, moments = _places(table, dates, groups[0])
    clock = ",".join(dates.names)
    by_row = replace(table, frame=table.frame[texts]).rows(rows)
    frame = pd.DataFrame({clock: moments}).join(by_row.frame)
    for group in groups:
        cells = np.column_stack([table.cells(name) for name in group.columns])
        frame[group.name] = cells[rows, columns]
    columns_of = {group.name: group.columns for group in groups}

    def text(row: int, name: str) -> str:
        if name in columns_of:
            return by_row.text(row, columns_of[name][columns[row]])
        return by_row.text(row, dates.names[0] if name == clock else name)

    reading = replace(table.reading, time_format=dates.form, stamp="start")
    return replace(by_row, frame=frame, text=text, reading=reading), (clock,)


def _note(table: Table, first: Steps, unused: list[str]) -> None:
    """Note how the table is read; refuse a column that may hold a step of a longer day."""
    for name in unused:
        if name.strip().casefold() in ("dst", "dst hour", "extra hour"):
            raise table.error(
                f"column {name} may hold the hour that is repeated where the clock is put back",
                advice=f"call it {first.columns[1]}* and leave the cell of the hour that spring leaves out empty; or "
                "remove it",
            )
    more = f"; columns next to them are not used: {', '.join(unused)}" if unused else ""
    note(
        f"{table.name}: is read as a row per day with {first.usual} steps in columns {first.columns[0]} to "
        f"{first.columns[-1]}{more}"
    )


def check_hours(table: Table, names: list[str], step: pd.Timedelta) -> None:
    """Raise an InputError for a row per day with a column per hour, which would be read as sites."""
    if step < pd.Timedelta(days=1) or len(names) < HOURS:
        return
    numbers = {int(found[1]) for name in names if (found := re.search(r"(\d{1,2})(:00)*\D*$", name))}
    if len(numbers & set(range(25))) >= HOURS:
        raise table.error(
            f"has a row per day and a column per hour ({names[0]} to {names[-1]})",
            "a row per hour, or columns called H1 to H24, 1 to 24 or 0:00 to 23:00",
            "call them so",
        )


def _groups(names: list[str]) -> list[Steps]:
    """Find columns that are all steps of a day, in order, by their names."""
    numbered: dict[str, list[tuple[str, int, bool]]] = {}
    clocks: dict[str, list[tuple[str, int, bool]]] = {}
    for column in names:
        if len(column) > LONGEST:
            continue
        bare = re.sub(r"\s*[(\[].*", "", column).strip()
        patterns = ((clocks, CLOCKS), (numbered, NUMBERED))
        for group, pattern in ((group, one) for group, forms in patterns for one in forms):
            if (found := pattern.fullmatch(bare)) is not None:
                parts = found.groupdict()
                number = _minute(parts) if group is clocks else int(parts["number"])
                again = (parts.get("again") or "").strip().casefold() not in ("", "a")
                group.setdefault(parts.get("name") or "", []).append((column, number, again))
                break
    groups = [_numbered(name, columns) for name, columns in numbered.items()]
    groups += [_clocks(name, columns) for name, columns in clocks.items()]
    whole = [group for group in groups if group is not None]
    layouts = {(group.usual, len(group.columns), tuple(map(group.columns.index, group.again))) for group in whole}
    return whole if len(layouts) == 1 else []


def _minute(parts: dict[str, str | None]) -> int:
    """Return the minute of the day of a clock time, of 24 hours or of 12 before or after noon."""
    hour, half = int(parts["hour"] or 0), parts.get("half")
    if half is not None:
        hour = hour % 12 + (12 if half.casefold() == "p" else 0)
    return hour * 60 + int(parts["minute"] or 0)


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
    """Return the row and the column of every step, in the order of rows, and when it begins."""
    step, days = DAY // group.usual, dates.stamps.clock
    given = table.reading.tz
    zone: dt.tzinfo | None = None if given is None else zone_of(given)
    if dates.named_offset is not None:
        begins = days - round(dates.named_offset) * SECOND
        ends, zone = begins + DAY, zone or dt.timezone(dt.timedelta(seconds=dates.named_offset))
    else:
        begins, ends = (days, days + DAY) if given is None else midnights(days, zone_of(given))
    filled = np.column_stack([~np.isnan(table.cells(name)) for name in group.columns])
    is_again = np.isin(group.columns, group.again)
    changed = () if zone is None else changes_between(zone, int(days.min()), int(days.max()))
    by_day = {change.begin // DAY * DAY: change for change in changed}
    odd = OddDays(table, days, (ends - begins) // step, filled, is_again, step, zone, by_day)
    usual, in_order = np.flatnonzero(~is_again), np.arange(group.usual)
    is_odd = (odd.lengths != group.usual) | filled[:, is_again].any(axis=1)
    places = [odd.steps(row) if is_odd[row] else (usual, in_order) for row in range(len(days))]
    moments = np.concatenate([begin + after * step for begin, (_, after) in zip(begins, places, strict=True)])
    index = pd.DatetimeIndex(moments.view("M8[us]"))
    if zone is not None:
        index = index.tz_localize("UTC").tz_convert(zone)
    columns = [chosen for chosen, _ in places]
    return np.repeat(np.arange(len(days)), list(map(len, columns))), np.concatenate(columns), index
