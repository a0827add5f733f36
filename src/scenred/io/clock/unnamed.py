"""Time columns without known names: year, month, day, hour and minute, by what the columns hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.io.clock.digits import date_days
from scenred.io.clock.within_day import PERIODS_A_DAY
from scenred.io.clock.words import parts_of
from scenred.io.tables.table import Table

# Least and largest number of each part of the time.
RANGES = {
    "year": (1900, 2199),
    "month": (1, 12),
    "day": (1, 31),
    "day of year": (1, 366),
    "year month": (190_001, 219_912),
    "hour": (0, 24),
    "minute": (0, 60),
    "second": (0, 59),
    "clock": (0, 2400),
}
DATES = (
    *(("year", "day of year", "month", "day"), ("year", "month", "day", "day of year")),
    *(("year", "month", "day"), ("day", "month", "year"), ("month", "day", "year")),
    *(("year month", "day"), ("year", "day of year")),
)
CLOCKS = (("hour", "minute", "second"), ("hour", "minute"), ("clock",), ("hour",))
# The order in which they are tried: the most columns first.
PATTERNS = sorted(((*date, *clock) for date in DATES for clock in CLOCKS), key=len, reverse=True)
YEAR = "year"
# A year with 29 February.
LEAP = 2020
# Columns before those of the time, such as the number of a station, at most.
MOST_BEFORE = 3
# Share of the rows that follow the one before by the same step, at least.
REGULAR = 0.9
YEAR_MONTH = re.compile(r"\s*(?:19|2[01])\d{2}[-/.]?(?:0[1-9]|1[0-2])\s*", re.ASCII)


def parts_in(table: Table, names: Sequence[str]) -> dict[str, str]:
    """Find the columns that are named for a part of the time; that of months may hold the year too, as 201901."""
    parts = parts_of(list(names))
    if "year" in parts or "year month" in parts or "day" not in parts:
        return parts
    others = [name for name in names if name not in parts.values()]
    for name in [parts["month"]] if "month" in parts else others:
        if _holds_year_month(table.frame[name]):
            parts.pop("month", None)
            return {"year month": name} | parts
    return parts


def parts_in_order(table: Table, names: Sequence[str]) -> dict[str, str] | None:
    """Return which part of the time each of the columns is, by the one pattern whose times follow each other."""
    columns = [_whole(table.frame[name]) for name in names]
    if any(column is None for column in columns):
        return None
    known = [column for column in columns if column is not None]
    for pattern in PATTERNS:
        if len(pattern) == len(names) and _fits(dict(zip(pattern, known, strict=True))):
            return dict(zip(pattern, names, strict=True))
    return None


def found_parts(table: Table) -> dict[str, str] | None:
    """Find the first columns next to each other whose numbers are a time that goes on from row to row."""
    names = [str(name) for name in table.frame.columns]
    for length in sorted({len(pattern) for pattern in PATTERNS}, reverse=True):
        for begin in range(min(MOST_BEFORE, len(names) - length) + 1):
            found = parts_in_order(table, names[begin : begin + length])
            if found is not None:
                return found
    return None


def counted_within(table: Table, dates: Sequence[str], days: pd.Series | None = None) -> str | None:
    """Return the column of whole numbers that are the same on all days of columns of dates, and unique on each.

    `days` are the dates, by default the cells of the one column.
    """
    days = table.frame[dates[0]] if days is None else days
    size = int(days.value_counts().mode().iloc[0])
    for name in map(str, table.frame.columns):
        numbers = _whole(table.frame[name]) if name not in dates and size in PERIODS_A_DAY else None
        if numbers is None or len(np.unique(numbers)) > size * 25 // 24 or numbers.max() > RANGES["clock"][1]:
            continue
        if not pd.DataFrame({"day": days, "number": numbers}).duplicated().any():
            return name
    return None


def yearless(table: Table) -> tuple[str, ...]:
    """Return columns of months, days, hours and minutes where there is none of years; none if they are not whole."""
    parts = parts_in(table, [str(name) for name in table.frame.columns])
    names = [parts[part] for part in ("month", "day", "hour", "period", "clock", "minute") if part in parts]
    has_year = not {"year", "year month"}.isdisjoint(parts)
    if has_year or not {"month", "day"} <= set(parts) or len(names) < 3:
        return ()
    return tuple(names) if all(_whole(table.frame[name]) is not None for name in names) else ()


def with_year(table: Table, names: tuple[str, ...], year: int) -> Table:
    """Add a column of one year to a table whose columns `names` are month and day and so on: a leap year if needed."""
    month, day = (table.frame[name] for name in names[:2])
    year = LEAP if ((month == 2) & (day == 29)).any() else year

    def text(row: int, name: str) -> str:
        return str(year) if name == YEAR else table.text(row, name)

    return replace(table, frame=table.frame.assign(**{YEAR: year}), text=text)


def year_and_month(table: Table, name: str) -> tuple[Int64, Int64]:
    """Return the years and months of a column of 201901 or 2019-01; 0 where a cell is neither."""
    cells = table.frame[name].astype(str).str.strip().str.replace(r"[-/.]", "", n=1, regex=True)
    numbers = pd.to_numeric(cells, errors="coerce").fillna(0).to_numpy(dtype=np.int64)
    return numbers // 100, numbers % 100


def _holds_year_month(column: pd.Series) -> bool:
    if not (pd.api.types.is_integer_dtype(column) or not pd.api.types.is_numeric_dtype(column)):
        return False
    return all(YEAR_MONTH.fullmatch(str(cell)) for cell in column.unique()[:2_500])


def _whole(column: pd.Series) -> Int64 | None:
    """Return a column of whole numbers, None for another."""
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column) or column.isna().any():
        return None
    numbers = column.to_numpy(dtype=np.float64)
    if (numbers != np.floor(numbers)).any() or np.abs(numbers).max(initial=0) > 1e6:
        return None
    return numbers.astype(np.int64)


def _fits(parts: dict[str, Int64]) -> bool:
    """Return whether numbers are in the range of their parts, and most rows follow the one before by one step."""
    for part, numbers in parts.items():
        low, high = RANGES[part]
        if numbers.min() < low or numbers.max() > high:
            return False
    if "clock" in parts and (parts["clock"].max() < 100 or (parts["clock"] % 100 >= 60).any()):
        return False
    years = parts["year"] if "year" in parts else parts["year month"] // 100
    typical = np.where(_is_leap(parts), 2000, 2001)
    return any(_is_regular(year, parts) for year in (years, np.broadcast_to(typical, years.shape)))


def _is_leap(parts: dict[str, Int64]) -> bool:
    if "day of year" in parts:
        return bool(parts["day of year"].max() > 365)
    months = parts["month"] if "month" in parts else parts["year month"] % 100
    return bool(((months == 2) & (parts["day"] == 29)).any())


def _is_regular(years: Int64, parts: dict[str, Int64]) -> bool:
    days = None
    if "day" in parts:
        months = parts["month"] if "month" in parts else parts["year month"] % 100
        days, good = date_days(years, months, parts["day"])
        if not good.all():
            return False
    if "day of year" in parts:
        begin, _ = date_days(years, np.ones_like(years), np.ones_like(years))
        counted = begin + parts["day of year"] - 1
        if days is not None and (counted != days).any():
            return False
        days = counted
    clock = parts.get("clock")
    minutes = (
        parts["hour"] * 60 + parts.get("minute", np.zeros_like(years))
        if clock is None
        else (clock // 100 * 60 + clock % 100)
    )
    assert days is not None  # noqa: S101 - for the type checker; every pattern has a date
    steps, counts = np.unique(np.diff((days * 1_440 + minutes) * 60 + parts.get("second", 0)), return_counts=True)
    return bool(len(steps)) and steps[np.argmax(counts)] != 0 and counts.max() >= REGULAR * counts.sum()
