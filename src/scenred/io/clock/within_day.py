"""The time within a day, next to a column of dates: clock times, hours from 1 to 24, settlement periods."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Int64, first
from scenred.errors import Setting
from scenred.io.clock.digits import DAY, SECOND
from scenred.io.clock.stamps import clock_times
from scenred.io.clock.words import ENDS, PARTS, folded, said_end
from scenred.io.tables.table import Table

# Numbers of periods in a day.
PERIODS_A_DAY = (24, 48, 96, 144, 288, 1440)
# Hours as words: "HE 1", "H01", "3A" and "3B" or "02*" where a clock is put back, "00-01" as an interval.
HOUR = re.compile(
    r"\s*(?:he|hb|h|hour|hora|stunde)?[ _.]*(?P<hour>\d{1,2})\s*+(?:[abx*]|h?\s*+[-\u2013]\s*+\d{1,2}\s*+h?)?\s*+",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class DaySteps:
    """What a column says of the time within each row's day.

    Either `moments` since midnight in microseconds, or `counts` of steps of length `step` (in microseconds) that
    lie before the row's own. `ends` says why a moment is the end of its step.
    """

    moments: Int64 | None = None
    counts: Int64 | None = None
    step: int = 0
    ends: str | None = None


def day_steps(table: Table, dates: Int64, within: str) -> DaySteps:
    """Read the column `within`; `dates` are the days of its rows, in microseconds since 1970.

    Raises
    ------
    InputError
        If a cell is not a time of day (the first is named), or steps may be counted from 0 or from 1.
    """
    column = table.frame[within]
    if not pd.api.types.is_numeric_dtype(column):
        moments, is_clock = clock_times(column.astype(str))
        if is_clock.all():
            return DaySteps(moments, ends=said_end(within))
        hours = column.astype(str).str.extract(f"^(?:{HOUR.pattern})$", flags=HOUR.flags)["hour"]
        is_hour = hours.notna().to_numpy(dtype=bool)
        if not is_hour.all():
            row = first(~(is_clock if is_clock.sum() >= is_hour.sum() else is_hour)) or 0
            raise table.error(
                f"the time of day ({within}) is {table.text(row, within)!r}",
                "one such as 13:15, or an hour of 1 to 24 or 0 to 23, in every row",
                "correct it",
                row=row,
            )
        return _counted(table, dates, within, hours.to_numpy(dtype=object).astype(np.int64))
    numbers = whole_numbers(table, within)
    if _is_hhmm(within, numbers):
        moments = (numbers // 100 * 60 + numbers % 100) * 60 * SECOND
        runs_to_midnight = numbers.max() == 2400 and numbers.min() > 0
        return DaySteps(moments, ends=said_end(within) or ("days run to 24:00" if runs_to_midnight else None))
    return _counted(table, dates, within, numbers)


def whole_numbers(table: Table, name: str) -> Int64:
    """Return a column of whole numbers, or raise an InputError that names the first cell that is not one."""
    numbers = table.numbers(name)
    if (row := first((numbers != np.round(numbers)) | (np.abs(numbers) > 1e6))) is not None:
        raise table.error(f"{name} is {table.text(row, name)}", "a whole number", "correct it", row=row)
    return numbers.astype(np.int64)


def _is_hhmm(within: str, numbers: Int64) -> bool:
    """Return whether numbers are hours and minutes: 0, 15, 30, 45, 100, ... or 100, 200, ... 2400."""
    is_named = folded(within) in PARTS["hour"] | PARTS["clock"]
    fits = (numbers >= 0) & (numbers <= 2400) & (numbers % 100 < 60)
    return is_named and bool(fits.all()) and numbers.max() >= 100


def _counted(table: Table, dates: Int64, within: str, numbers: Int64) -> DaySteps:
    """Count the steps of each day that lie before a row: from 1 or from 0, as the numbers and names say."""
    is_hour = folded(within) in PARTS["hour"] | PARTS["clock"]
    base = _base(table, within, numbers)
    per_day = pd.Series(numbers).groupby(dates).max().to_numpy() + 1 - base
    usual = 24 if is_hour else int(np.bincount(np.maximum(per_day, 0)).argmax())
    short = {count * hours // 24: count for count in PERIODS_A_DAY for hours in (25, 23, 24)}
    usual = short.get(usual, usual)
    if usual not in PERIODS_A_DAY:
        raise table.error(
            f"most days have {usual} steps by {within}",
            f"one of {', '.join(map(str, PERIODS_A_DAY))}",
            ("name the time columns with ", Setting("time")),
        )
    counts = numbers - base
    if (row := first((counts < 0) | (counts >= usual * 25 // 24))) is not None:
        raise table.error(
            f"{within} is {numbers[row]}, and days have {usual} steps",
            advice=("correct it, or name the time columns with ", Setting("time")),
            row=row,
        )
    return DaySteps(counts=counts, step=DAY // usual)


def _base(table: Table, within: str, numbers: Int64) -> int:
    """Return 0 or 1, from which steps are counted."""
    stamp = table.reading.stamp
    low, high = int(numbers.min()), int(numbers.max())
    if low == 0:
        if high in PERIODS_A_DAY:
            raise table.error(
                f"{within} counts from 0 and is {high} here",
                f"0 to {high - 1} or 1 to {high}",
                "correct it",
                row=int(numbers.argmax()),
            )
        return 0
    if ENDS.search(within) or stamp == "end" or folded(within) in PARTS["period"]:
        return 1
    if high in {count * hours // 24 for count in PERIODS_A_DAY for hours in (24, 25)}:
        return 1
    if stamp == "start":
        return 0
    raise table.error(
        f"{within} runs from {low} to {high}, and the first hour of a day may be 0 or 1",
        advice=("pass ", Setting("stamp", "start"), " if it is 0, ", Setting("stamp", "end"), " if it is 1"),
        row=0,
    )
