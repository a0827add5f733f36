"""The clock times that the time columns of a table add up to.

One column of stamps; a column of dates with one of times, hours or periods; or columns year, month, day and so on.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.arrays import first
from scenred.errors import Setting
from scenred.io.clock.columns import names_of
from scenred.io.clock.digits import DAY, Stamps, date_days
from scenred.io.clock.hour_and_minute import hour_and_minute
from scenred.io.clock.stamp_column import stamps_of
from scenred.io.clock.unnamed import counted_within, parts_in, parts_in_order, year_and_month
from scenred.io.clock.within_day import ClockColumns, whole_numbers, within_day
from scenred.io.clock.words import WITHIN, said_end, tells_day
from scenred.io.tables.table import Table

MOST_DAYS, MOST_MONTHS = 31, 12


def clock_columns(table: Table, given: str | tuple[str, ...] | None) -> ClockColumns:
    """Find or take the time columns and read them.

    Raise a RequestError if a column that is given is not there; an InputError if no column holds times, a cell is not a
    time, or day and month cannot be distinguished.
    """
    names = names_of(table, given)
    parts = parts_in(table, names)
    if tells_day(parts):
        return _from_parts(table, names, parts)
    if len(names) > 2:
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
    parts = parts_in(table, names)
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
        within = counted_within(table, names, pd.Series(dates.clock))
        setting = Setting("time", None if within is None else f"{held},{within}")
        raise table.error(
            f"{held} holds duplicated dates and no time of day",
            "both",
            (f"name the column of hours or periods{' next to it' if within is None else ' too'}: ", setting),
            () if within is None else (setting,),
            row=1,
        )


def _from_parts(table: Table, names: list[str], parts: dict[str, str]) -> ClockColumns:
    """Add up columns year, month, day and hour, minute or period."""
    used, dates = _dates(table, parts)
    if "day of year" in parts and parts["day of year"] not in used:
        used = (*used, parts["day of year"])  # says the same
    if "minute" in parts and "hour" in parts:
        return hour_and_minute(table, used, parts, dates)
    others = [name for name in names if name not in parts.values()]  # given, and of no known name
    name = next((parts[part] for part in WITHIN if part in parts), others[0] if len(others) == 1 else None)
    if name is None:
        _check_dates_stand_once(table, used, dates)
        return ClockColumns(used, "ymd", dates)
    return within_day(table, (*used, name), "ymd", dates)


def _parts_in_order(table: Table, names: list[str]) -> dict[str, str]:
    """Take columns for what their numbers are, else for year, month and day, then hour or period, then minute."""
    found = parts_in_order(table, names)
    if found is not None:
        return found
    if len(names) not in (4, 5):
        raise table.error(
            f"the columns {', '.join(names)} do not hold a time that goes on from row to row",
            "year, month and day, or year and day of the year, then the hour, or hour and minute",
            ("name others with ", Setting("time")),
        )
    year, month, day = names[:3]
    if whole_numbers(table, year).max() <= MOST_DAYS:
        year, day = day, year
        if whole_numbers(table, day).max() <= MOST_MONTHS < whole_numbers(table, month).max():
            day, month = month, day
    given = {"year": year, "month": month, "day": day}
    return given | ({"hour": names[3], "minute": names[4]} if len(names) > 4 else {"period": names[3]})


def _dates(table: Table, parts: dict[str, str]) -> tuple[tuple[str, ...], Stamps]:
    """Read columns year, month and day, year and day of the year, or year with month and day; return their names."""
    is_joined = "year month" in parts and "year" not in parts
    is_counted = "day of year" in parts and not is_joined and not {"month", "day"} <= set(parts)
    kinds = ("year month", "day") if is_joined else ("year", "day of year") if is_counted else ("year", "month", "day")
    used = tuple(parts[part] for part in kinds)
    rest = [whole_numbers(table, name) for name in used[1:]]
    if is_joined:
        year, months = year_and_month(table, used[0])
        rest = [months, *rest]
    else:
        year = whole_numbers(table, used[0])
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
