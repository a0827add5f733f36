"""A column of stamps becomes clock times, by the one form that fits all of its rows."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from scenred.arrays import first
from scenred.errors import Setting, Text
from scenred.io.clock.columns import as_text
from scenred.io.clock.digits import DAY, Stamps
from scenred.io.clock.numeric import is_unix
from scenred.io.clock.stamps import ORDERS, best_order, forms_of, parse_stamps, unmarked
from scenred.io.tables.preamble import FEW
from scenred.io.tables.table import Table

# Share of a span that stamps of the true order of day and month fill, at least.
FILLED = 0.8


def _form_and_stamps(table: Table, cells: pd.Series, name: str) -> tuple[str, Stamps]:
    """Find how the stamps of a column are written, by the cells of all its rows, and read them."""
    given = table.reading.time_format
    if given is not None:
        return given, parse_stamps(cells, given)
    if is_unix(table.frame[name], name):
        return "unix", parse_stamps(cells, "unix")
    read = forms_of(cells)
    if not read:
        form = best_order(cells)
        return form, parse_stamps(cells, form)
    if len(read) > 1:
        if re.match(r"\s*\d{1,2}\.\d{1,2}\.\d{2,4}", str(cells.iloc[0])) and "dmy" in read:
            return "dmy", read["dmy"]  # nobody writes the month first with points
        orders = list(read)
        read = {order: stamps for order, stamps in read.items() if _is_regular(stamps)}
        if len(read) != 1:
            met = f"{name} {cells.iloc[0]!r} can be day-first or month-first, and no row decides"
            others = "".join(f" or {order}" for order in orders[1:])
            raise table.error(met, advice=("pass ", Setting("time_format", orders[0]), others), row=0)
    return next(iter(read.items()))


def _is_regular(stamps: Stamps) -> bool:
    """Return whether stamps fill most of a span of at least a day with one step: a false order leaves holes."""
    moments = np.unique(stamps.clock)
    steps, counts = np.unique(np.diff(moments), return_counts=True)
    if not len(steps):
        return False
    step, span = int(steps[np.argmax(counts)]), int(moments[-1] - moments[0])
    is_whole = not (np.diff(moments) % step).any()
    return is_whole and span >= DAY and len(moments) * step >= FILLED * (span + step)


def stamps_of(table: Table, name: str) -> tuple[str, Stamps]:
    """Read the stamps of a column, or raise an InputError that names the first cell that is not one."""
    column = table.frame[name]
    if pd.api.types.is_datetime64_any_dtype(column):
        return "iso", _typed(table, column, name)
    cells = as_text(column)
    form, stamps = _form_and_stamps(table, cells, name)
    if not stamps.is_good.all():
        plain = unmarked(cells)
        form, stamps = _form_and_stamps(table, plain, name) if (plain != cells).any() else (form, stamps)
    row = first(~stamps.is_good)
    if row is not None:
        cell = table.text(row, name)
        met = f"the time ({name}) {f'is {cell!r}' if cell.strip() else 'is empty'}"
        if belongs := _part_of_header(table, stamps, name):
            advice: Text = ("where the lines up to there belong to the header, pass ", *belongs, "; else remove them")
            raise table.error(met, "a time in every row", advice, belongs, row=row)
        last = "remove the row if it is not a step, as a total; else " if row == len(cells) - 1 else ""
        raise table.error(
            (met, " (read as ", Setting("time_format", form), ")") if form in ORDERS else met,
            "a time such as 2019-07-02 12:00 in every row",
            (f"{last}correct it, or name the form with ", Setting("time_format")),
            row=row,
        )
    return form, stamps


def _part_of_header(table: Table, stamps: Stamps, name: str) -> tuple[Setting, ...]:
    """Return the lines of the header with the first rows, if these hold words in place of times and no others do."""
    bad, header = np.flatnonzero(~stamps.is_good), None if table.dialect is None else table.dialect.header
    if (
        header is None
        or header.lines is None
        or len(bad) > FEW
        or bad[-1] != len(bad) - 1
        or len(bad) == len(table.frame)
    ):
        return ()
    if any(any(mark.isdigit() for mark in table.text(int(row), name)) for row in bad):
        return ()
    line = table.place(int(bad[-1])).rpartition(":")[2]
    return (Setting("header", f"{header.lines[0]}-{line}"),)


def _typed(table: Table, column: pd.Series, name: str) -> Stamps:
    if (row := first(column.isna().to_numpy())) is not None:
        raise table.error(f"the time ({name}) is empty", "a time in every row", row=row)
    times = pd.DatetimeIndex(column)
    clock = times.tz_localize(None).as_unit("us").asi8
    offset = np.full(len(times), np.nan) if times.tz is None else (clock - times.as_unit("us").asi8) / 1e6
    return Stamps(clock, offset, np.ones(len(times), bool))
