"""Columns of hours and of minutes: clock times, or hours from 1 to 24 with the minutes in them."""

from __future__ import annotations

import numpy as np

from scenred.arrays import Int64, first
from scenred.errors import Setting
from scenred.io.clock.digits import SECOND, Stamps
from scenred.io.clock.within_day import ClockColumns, whole_numbers, within_day
from scenred.io.tables.table import Table

TO_24, TO_60 = "days run to 24:00", "minutes run to 60"


def hour_and_minute(table: Table, used: tuple[str, ...], parts: dict[str, str], dates: Stamps) -> ClockColumns:
    """Add hours and minutes, and seconds if there are such, to the dates that the columns `used` hold.

    Hours from 1 to 24 whose minutes are all 0, or all 60, are counted: hour 1 begins at midnight. Where minutes go on
    within such hours, or run to 60, they are the begin or the end of a step in them. Raise an InputError naming the
    first row that is none of these.
    """
    hour, minute = whole_numbers(table, parts["hour"]), whole_numbers(table, parts["minute"])
    names = (*used, parts["hour"], parts["minute"], *([parts["second"]] if "second" in parts else ()))
    is_counted, is_same = hour.min() >= 1 and hour.max() == 24, bool((minute == minute[0]).all())
    if is_counted and is_same and minute[0] in (0, 60):
        found = within_day(table, (*used, parts["hour"]), "ymd", dates)
        return ClockColumns(names, found.form, found.stamps, found.step, found.counts, found.ends)
    ends = TO_60 if minute.max() == 60 and minute.min() > 0 else None
    if is_counted and not is_same and (ends or (minute[hour == 24] > 0).any()):
        hour = hour - 1
    latest = 59 if ends is None else 60
    bad = (hour < 0) | (minute < 0) | (minute > latest) | (hour * 60 + minute > 1_440)
    if (row := first(bad)) is not None:
        raise _no_such_time(table, used, parts, row, is_counted)
    if ends is None and (hour == 24).any() and not (hour + minute == 0).any():
        ends = TO_24
    second = whole_numbers(table, parts["second"]) if "second" in parts else np.zeros_like(hour)
    if (row := first((second < 0) | (second > 59))) is not None:
        raise table.error(f"{parts['second']} is {second[row]}", "a second of 0 to 59", "correct it", row=row)
    moments: Int64 = ((hour * 60 + minute) * 60 + second) * SECOND
    return ClockColumns(names, "ymd", Stamps(dates.clock + moments, dates.offset, dates.is_good), ends=ends)


def _no_such_time(table: Table, used: tuple[str, ...], parts: dict[str, str], row: int, is_counted: bool) -> Exception:
    cells = (table.text(row, parts[part]).strip() for part in ("hour", "minute"))
    met = f"there is no time of hour {' and minute '.join(cells)}"
    if not is_counted:
        return table.error(met, advice="correct it", row=row)
    setting = Setting("time", ",".join((*used, parts["hour"])))
    return table.error(met, advice=("where hours are counted from 1 to 24, leave out the minutes: ", setting), row=row)
