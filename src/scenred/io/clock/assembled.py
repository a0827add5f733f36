"""The clock times that the time columns of a table add up to.

One column of stamps; a column of dates with one of times, hours or periods; or columns year, month, day and so on.
"""

from __future__ import annotations

import numpy as np

from scenred.arrays import first
from scenred.errors import Setting
from scenred.io.clock.columns import names_of
from scenred.io.clock.digits import DAY, SECOND, Stamps, date_days
from scenred.io.clock.stamp_column import stamps_of
from scenred.io.clock.within_day import ClockColumns, whole_numbers, within_day
from scenred.io.clock.words import WITHIN, parts_of, said_end, tells_day
from scenred.io.tables.table import Table

MOST_DAYS, MOST_MONTHS = 31, 12


def clock_columns(table: Table, given: str | tuple[str, ...] | None) -> ClockColumns:
    """Find or take the time columns and read them.

    Raise a RequestError if a column that is given is not there; an InputError if no column holds times, a cell is not a
    time, or day and month cannot be distinguished.
    """
    names = names_of(table, given)
    parts = parts_of(names)
    if tells_day(parts):
        return _from_parts(table, names, parts)
    if len(names) in (4, 5):
        return _from_parts(table, names, _parts_in_order(table, names))
    form, stamps = stamps_of(table, names[0])
    if len(names) > 1:  # a column of dates and one of times, hours or periods
        dates = Stamps(stamps.clock // DAY * DAY, stamps.offset, stamps.is_good, has_hours=False)
        return within_day(table, (names[0], names[1]), form, dates)
    if not stamps.has_hours:
        _check_dates_stand_once(table, (names[0],), stamps)
    return ClockColumns((names[0],), form, stamps, ends=said_end(names[0]))


def date_columns(table: Table, given: str | None) -> ClockColumns | None:
    """Find or take columns that hold the day of every row and nothing more; None where they hold more.

    Raise a RequestError or an InputError as `clock_columns`.
    """
    names = names_of(table, given)
    parts = parts_of(names)
    if tells_day(parts):
        if set(WITHIN) & set(parts):
            return None
        used, dates = _dates(table, parts)
        return ClockColumns(used, "ymd", dates)
    if len(names) > 1:
        return None
    form, stamps = stamps_of(table, names[0])
    return ClockColumns((names[0],), form, stamps)


def _check_dates_stand_once(table: Table, names: tuple[str, ...], dates: Stamps) -> None:
    if len(np.unique(dates.clock)) < len(dates.clock) / 2 and len(dates.clock) > 1:
        held = ",".join(names)
        raise table.error(
            f"{held} holds duplicated dates and no time of day",
            "both",
            ("name the column of hours or periods too: ", Setting("time", f"{held},HOUR")),
            row=1,
        )


def _from_parts(table: Table, names: list[str], parts: dict[str, str]) -> ClockColumns:
    """Add up columns year, month, day and hour, minute or period."""
    used, dates = _dates(table, parts)
    if "minute" in parts and "hour" in parts:
        hour, minute = whole_numbers(table, parts["hour"]), whole_numbers(table, parts["minute"])
        if (row := first((hour < 0) | (hour > 23) | (minute < 0) | (minute > 59))) is not None:
            setting = Setting("time", ",".join((*used, parts["hour"])))
            hours = ("where hours are counted from 1 to 24, leave out the minutes: ", setting)
            met = f"there is no time {hour[row]}:{minute[row]:02d}"
            raise table.error(met, advice="correct it" if minute.any() else hours, row=row)
        moments = dates.clock + (hour * 60 + minute) * 60 * SECOND
        used = (*used, parts["hour"], parts["minute"])
        return ClockColumns(used, "ymd", Stamps(moments, dates.offset, dates.is_good))
    others = [name for name in names if name not in parts.values()]  # given, and of no known name
    name = next((parts[part] for part in WITHIN if part in parts), others[0] if len(others) == 1 else None)
    if name is None:
        _check_dates_stand_once(table, used, dates)
        return ClockColumns(used, "ymd", dates)
    return within_day(table, (*used, name), "ymd", dates)


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
