"""The time within a day, next to a column of dates: clock times, hours from 1 to 24, settlement periods."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Int64, first
from scenred.errors import Setting
from scenred.io.clock.digits import DAY, SECOND, Stamps
from scenred.io.clock.stamps import clock_times
from scenred.io.clock.words import ENDS, PARTS, folded, named_offset, said_begin, said_end
from scenred.io.tables.table import Table
from scenred.notes import note

# Numbers of periods in a day.
PERIODS_A_DAY = (24, 48, 96, 144, 288, 1440)
# Hours as words: "HE 1", "H01", "3A" and "3B" or "02*" where a clock is put back, "00-01" as an interval.
HOUR = re.compile(
    r"\s*(?:he|hb|h|hour|hora|stunde)?[ _.]*(?P<hour>\d{1,2})\s*+(?:[abx*]|h?\s*+[-\u2013]\s*+\d{1,2}\s*+h?)?\s*+",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class ClockColumns:
    """What the time columns `names` hold, written in the form that `time_format` takes.

    Where periods or hours are counted, `stamps` are dates, `counts` the number that lie before each row in its day,
    counted from `base`, and `step` their length in microseconds. `ends` says why a stamp is the end of its step, None
    where it is not.
    `moved` is by how many microseconds stamps were snapped, None where they were not.
    """

    names: tuple[str, ...]
    form: str
    stamps: Stamps
    step: int = 0
    counts: Int64 | None = None
    ends: str | None = None
    moved: Int64 | None = None
    base: int = 0

    @property
    def named_offset(self) -> float | None:
        """Offset from UTC in seconds of naive times, where a name holds it: 0 of 'MTU (UTC)', else None."""
        return named_offset(self.names)


def within_day(table: Table, names: tuple[str, ...], form: str, dates: Stamps) -> ClockColumns:
    """Add the time of day, which the last of the columns `names` holds, to the dates of the others.

    Raise an InputError if a cell is not a time of day (the first is named), or steps may be counted from 0 or from 1.
    """
    within, column = names[-1], table.frame[names[-1]]
    ends = said_end(within)
    if pd.api.types.is_numeric_dtype(column):
        numbers = whole_numbers(table, within)
        if not _is_hhmm(within, numbers):
            return _counted(table, names, form, dates, numbers)
        moments = (numbers // 100 * 60 + numbers % 100) * 60 * SECOND
        if ends is None and numbers.max() == 2400 and numbers.min() > 0:
            ends = "days run to 24:00"
    else:
        moments, is_clock = clock_times(column.astype(str))
        if not is_clock.all():
            return _counted(table, names, form, dates, _hours(table, within, is_clock))
    whole = Stamps(dates.clock + moments, dates.offset, dates.is_good)
    return ClockColumns(names, form, whole, ends=ends)


def _hours(table: Table, within: str, is_clock: Bool) -> Int64:
    """Read hours as words, or raise an InputError that names the first cell that is neither an hour nor a time."""
    cells = table.frame[within].astype(str)
    hours = cells.str.extract(f"^(?:{HOUR.pattern})$", flags=HOUR.flags)["hour"]
    is_hour = hours.notna().to_numpy(dtype=bool)
    if not is_hour.all():
        row = first(~(is_clock if is_clock.sum() >= is_hour.sum() else is_hour)) or 0
        raise table.error(
            f"the time of day ({within}) is {table.text(row, within)!r}",
            "one such as 13:15, or an hour of 1 to 24 or 0 to 23, in every row",
            "correct it",
            row=row,
        )
    return hours.to_numpy(dtype=object).astype(np.int64)


def whole_numbers(table: Table, name: str) -> Int64:
    """Return a column of whole numbers, or raise an InputError that names the first cell that is not one."""
    numbers = table.numbers(name)
    if (row := first((numbers != np.round(numbers)) | (np.abs(numbers) > 1e6))) is not None:
        raise table.error(f"{name} is {table.text(row, name)}", "a whole number", "correct it", row=row)
    return numbers.astype(np.int64)


def _is_hhmm(within: str, numbers: Int64) -> bool:
    """Return whether numbers are hours and minutes: 0, 15, 30, 45, 100, ... or 100, 200, ... 2400."""
    is_count = folded(within) in PARTS["period"]
    fits = (numbers >= 0) & (numbers <= 2400) & (numbers % 100 < 60)
    return not is_count and bool(fits.all()) and numbers.max() >= 100


def _counted(table: Table, names: tuple[str, ...], form: str, dates: Stamps, numbers: Int64) -> ClockColumns:
    """Count the steps of each day that lie before a row: from 1 or from 0, as the numbers and names say."""
    within = names[-1]
    is_hour = folded(within) in PARTS["hour"] | PARTS["clock"]
    base = 0 if is_hour and _are_of_twelve(dates.clock, numbers) else _base(table, within, numbers)
    per_day = pd.Series(numbers).groupby(dates.clock).max().to_numpy() + 1 - base
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
    high = int(numbers.max())
    if base == 1 and (said := said_begin(within)) is not None:
        note(f"{table.name}: {within} counts from 1 to {high}, so that 1 begins at midnight, although {said} otherwise")
    ends = said_end(within) if base == 0 else None
    return ClockColumns(names, form, dates, DAY // usual, counts, ends, base=base)


def _are_of_twelve(dates: Int64, numbers: Int64) -> bool:
    """Return whether hours go from 1 to 12, most of them twice a day."""
    pairs = np.unique(np.stack([dates, numbers]), axis=1).shape[1]
    return int(numbers.min()) == 1 and int(numbers.max()) == 12 and pairs < 0.7 * len(numbers)


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
