"""The clock times that the time columns of a table add up to.

One column of stamps; a column of dates with one of times, hours or periods; or columns year, month, day and so on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenred.arrays import Int64, first
from scenred.errors import Setting, Text
from scenred.io.clock.columns import found_names, given_names
from scenred.io.clock.digits import DAY, SECOND, Stamps, date_days
from scenred.io.clock.stamp_column import stamps_of
from scenred.io.clock.within_day import day_steps, whole_numbers
from scenred.io.clock.words import WITHIN, named_offset, parts_of, said_end, tells_day
from scenred.io.tables.table import Table

MOST_DAYS, MOST_MONTHS = 31, 12


@dataclass(frozen=True, slots=True, eq=False)
class ClockColumns:
    """What the time columns hold.

    Parameters
    ----------
    names : tuple of str
    form : str
        As `time_format` takes it.
    stamps : Stamps
    step : int
        Microseconds of a period, where periods or hours are counted; else 0.
    counts : ndarray of int64, optional
        Where periods or hours are counted: the number that lie before each row in its day; `stamps` then are dates.
    ends : str or None
        Why a stamp is the end of its step.
    named_offset : float or None
        Offset from UTC of naive times in seconds, where a name holds it: 0 of 'MTU (UTC)', 3600 of 'Time (UTC+1)'.
    """

    names: tuple[str, ...]
    form: str
    stamps: Stamps
    step: int = 0
    counts: Int64 | None = None
    ends: str | None = None
    named_offset: float | None = None


def clock_columns(table: Table, given: str | tuple[str, ...] | None) -> ClockColumns:
    """Find or take the time columns and read them.

    Raises
    ------
    RequestError
        If a column that is given is not there.
    InputError
        If no column holds times, a cell is not a time, or day and month cannot be distinguished.
    """
    names = given_names(table, given) if given is not None else found_names(table)
    parts = parts_of(names)
    if tells_day(parts):
        return _from_parts(table, names, parts)
    if len(names) == 1:
        return _from_one(table, names[0])
    if len(names) in (4, 5):
        return _from_parts(table, names, _parts_in_order(table, names))
    return _from_date(table, names[0], names[1])


def date_columns(table: Table, given: str | None) -> ClockColumns | None:
    """Find or take columns that hold the day of every row and nothing more; None where they hold more.

    Raises
    ------
    RequestError, InputError
        As `clock_columns`.
    """
    names = given_names(table, given) if given is not None else found_names(table)
    parts = parts_of(names)
    if tells_day(parts):
        if set(WITHIN) & set(parts):
            return None
        used, dates = _dates(table, parts)
        return ClockColumns(used, "ymd", dates, named_offset=named_offset(names))
    if len(names) > 1:
        return None
    form, stamps = stamps_of(table, names[0])
    return ClockColumns((names[0],), form, stamps, named_offset=named_offset(names))


def _from_one(table: Table, name: str) -> ClockColumns:
    form, stamps = stamps_of(table, name)
    if not stamps.has_hours:
        _check_dates_stand_once(table, (name,), stamps)
    return ClockColumns((name,), form, stamps, ends=said_end(name), named_offset=named_offset([name]))


def _check_dates_stand_once(table: Table, names: tuple[str, ...], dates: Stamps) -> None:
    if len(np.unique(dates.clock)) < len(dates.clock) / 2 and len(dates.clock) > 1:
        held = ",".join(names)
        raise table.error(
            f"{held} holds duplicated dates and no time of day",
            "both",
            ("name the column of hours or periods too: ", Setting("time", f"{held},HOUR")),
            row=1,
        )


def _from_date(table: Table, date: str, within: str) -> ClockColumns:
    """Add up a column of dates and one of times, hours or periods."""
    form, stamps = stamps_of(table, date)
    days = Stamps(stamps.clock // DAY * DAY, stamps.offset, stamps.is_good, has_hours=False)
    return _within_day(table, (date, within), form, days)


def _from_parts(table: Table, names: list[str], parts: dict[str, str]) -> ClockColumns:
    """Add up columns year, month, day and hour, minute or period."""
    used, dates = _dates(table, parts)
    offset = named_offset(names)
    if "minute" in parts and "hour" in parts:
        hour, minute = whole_numbers(table, parts["hour"]), whole_numbers(table, parts["minute"])
        if (row := first((hour < 0) | (hour > 23) | (minute < 0) | (minute > 59))) is not None:
            raise table.error(
                f"there is no time {hour[row]}:{minute[row]:02d}",
                advice=_minutes_advice(parts, minute),
                row=row,
            )
        moments = dates.clock + (hour * 60 + minute) * 60 * SECOND
        used = (*used, parts["hour"], parts["minute"])
        return ClockColumns(used, "ymd", Stamps(moments, dates.offset, dates.is_good), named_offset=offset)
    others = [name for name in names if name not in parts.values()]  # given, and of no known name
    within = next((parts[part] for part in WITHIN if part in parts), others[0] if len(others) == 1 else None)
    if within is None:
        _check_dates_stand_once(table, used, dates)
        return ClockColumns(used, "ymd", dates, named_offset=offset)
    return _within_day(table, (*used, within), "ymd", dates)


def _parts_in_order(table: Table, names: list[str]) -> dict[str, str]:
    """Take four or five columns for year, month and day, or day, month and year, then hour or period, then minute."""
    year, month, day = names[:3]
    if whole_numbers(table, year).max() <= MOST_DAYS:
        year, day = day, year
        if whole_numbers(table, day).max() <= MOST_MONTHS < whole_numbers(table, month).max():
            day, month = month, day
    given = {"year": year, "month": month, "day": day}
    return given | ({"hour": names[3], "minute": names[4]} if len(names) > 4 else {"period": names[3]})


def _dates(table: Table, parts: dict[str, str]) -> tuple[tuple[str, ...], Stamps]:
    """Read columns year, month and day, or year and day of the year; return their names too."""
    is_counted = "day of year" in parts and not {"month", "day"} <= set(parts)
    used = tuple(parts[part] for part in (("year", "day of year") if is_counted else ("year", "month", "day")))
    year, *rest = (whole_numbers(table, name) for name in used)
    years = np.where(year < 100, year + 2000, year)
    if is_counted:
        begin, good = date_days(years, np.ones_like(years), np.ones_like(years))
        after, _ = date_days(years + 1, np.ones_like(years), np.ones_like(years))
        days = begin + rest[0] - 1
        good &= (rest[0] >= 1) & (days < after)
    else:
        days, good = date_days(years, *rest)
    if (row := first(~good)) is not None:
        met = ", ".join(f"{name} {table.text(row, name).strip()}" for name in used)
        raise table.error(f"there is no date of {met}", advice="correct it", row=row)
    return used, Stamps(days * DAY, np.full(len(days), np.nan), good, has_hours=False)


def _within_day(table: Table, names: tuple[str, ...], form: str, dates: Stamps) -> ClockColumns:
    """Add the time of day, which the last of the columns holds, to dates."""
    steps = day_steps(table, dates.clock, names[-1])
    offset = named_offset(names)
    if steps.moments is None:
        return ClockColumns(names, form, dates, steps.step, steps.counts, named_offset=offset)
    whole = Stamps(dates.clock + steps.moments, dates.offset, dates.is_good)
    return ClockColumns(names, form, whole, ends=steps.ends, named_offset=offset)


def _minutes_advice(parts: dict[str, str], minute: Int64) -> Text:
    """Return how hours of 1 to 24 are read next to minutes that are always 0."""
    if minute.any():
        return "correct it"
    names = ",".join(parts[part] for part in ("year", "month", "day", "hour"))
    return ("where hours are counted from 1 to 24, leave out the minutes: ", Setting("time", names))
