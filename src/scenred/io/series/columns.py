"""Columns of a table that hold values, and their kinds and capacities."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from scenred.errors import RequestError, Setting, nearest_name
from scenred.io.clock.stamps import is_stamp
from scenred.io.clock.words import folded, is_time_part
from scenred.io.series.capacities import capacities_of
from scenred.io.series.kinds import kind_of_name
from scenred.io.tables.table import Table
from scenred.model import HEAD, Column, Kind
from scenred.notes import note
from scenred.options import Columns

# Names of columns that count days and weeks, and of those that hold where a site is.
CALENDAR = frozenset(
    {"weekday", "dayofweek", "day of week", "dow", "week", "weekofyear", "week of year", "doy", "dayofyear"}
    | {"day of year", "wochentag", "kw", "hour of year", "hourofyear", "hoy"}
)
PLACES = frozenset({"latitude", "longitude", "lat", "lon", "lng", "breitengrad", "längengrad"})
# Names of columns of whole numbers that mark rows, and of capacities next to series: neither is a series to reduce.
MARKS = re.compile(
    r"(.*\b)?(quality|qc|flag|status|code|version|revision|uid|id|ptid|geoid|stn|run ?no|runno|block no|interval|"
    r"dispatchinterval|(gmt|utc) offset|dst)|block|group",
    re.IGNORECASE,
)
LISTED = 30
CAPACITY = re.compile(r"capacity|installed|nameplate|\bp_?nom\b", re.IGNORECASE)
CAPACITY_FACTOR = re.compile(r"capacity[\s_-]*factor", re.IGNORECASE)


def no_column(place: str, name: str, known: list[str], of: str = "") -> RequestError:
    """Return the error about a column that is not there."""
    return RequestError(f"there is no column {name!r}{of}", advice=nearest_name(name, known), place=place)


def named_columns(table: Table, names: list[str], columns: Columns) -> list[str]:
    """Return the columns that are given, in the order of the table, or all; raise a RequestError if one is missing."""
    for name in [*columns.columns, *columns.wind, *columns.pv]:
        if name not in names:
            raise no_column(table.name, name, names, " of values")
    return [name for name in names if name in columns.wanted] if columns.wanted else names


def value_columns(table: Table, names: list[str], columns: Columns) -> list[str]:
    """Return the columns that are given, or all that hold values, with a note of the others.

    Raise a RequestError if one that is given is not there; an InputError if none is left, or one is called as a column
    of the scenario table.
    """
    used = named_columns(table, names, columns)
    texts, absent = [], []
    if not columns.wanted:
        used = [name for name in used if not table.is_blank(name)]
        absent = [name for name in used if table.is_not_expected(name)]
        texts = [name for name in used if name not in absent and _is_no_value(table, name)]
    if len(texts) + len(absent) == len(used):
        why = [f"{name} ({_reason(table, name)})" for name in [*texts, *absent][:LISTED]]
        seen = f" (not used: {', '.join(why)}{', ...' if len(texts) + len(absent) > LISTED else ''})" if why else ""
        met = f"there is no column of numbers next to the times{seen}"
        raise table.error(met, "at least one", ("name one that is not used with ", Setting("columns")) if why else "")
    for name in used:
        is_other_clock = name in texts and is_stamp(table.frame[name].iloc[0])
        if name in HEAD and not is_other_clock:
            met = f"column {name!r} is called as a column of the scenario table"
            raise table.error(met, advice="rename it, or name the columns to use")
    for what, left_out in (
        ("of text, times, row numbers, marks or capacities", texts),
        ("that are n/e (not expected) in every row", absent),
    ):
        if left_out:
            note(f"{table.name}: columns {what} are not used: {', '.join(left_out)}")
    return [name for name in used if name not in texts and name not in absent]


def _is_no_value(table: Table, name: str) -> bool:
    """Return whether a column holds words, row numbers, marks, capacities, or a part of the time."""
    return bool(_reason(table, name))


def _reason(table: Table, name: str) -> str:
    """Return why a column is not used as values, '' where it is."""
    column = table.frame[name]
    is_whole = pd.api.types.is_integer_dtype(column)
    is_kind = name.isdecimal() and is_whole and bool((column == int(name)).all())  # of the row, in the header too
    is_place = folded(name) in PLACES and pd.api.types.is_numeric_dtype(column) and column.nunique() == 1
    reasons = (
        ("not expected in any row", table.is_not_expected(name)),
        ("times" if pd.api.types.is_datetime64_any_dtype(column) else "text", table.is_text(name)),
        ("row numbers", table.is_counter(name)),
        ("called as a capacity" if is_capacity(name) else "called as a mark of rows", is_mark(table, name)),
        ("the kind of row", is_kind),
        ("where a site is", is_place),
        ("called as a part of the time", (is_time_part(name) or folded(name) in CALENDAR) and is_whole),
    )
    return next((reason for reason, holds in reasons if holds), "")


def is_mark(table: Table, name: str) -> bool:
    """Return whether a column holds whole numbers that mark rows, such as flags, or the capacity next to a series."""
    is_whole = pd.api.types.is_integer_dtype(table.frame[name])
    if is_whole and MARKS.fullmatch(folded(name)):
        return True
    return is_capacity(name)


def is_capacity(name: str) -> bool:
    """Return whether a column is called as a capacity, and not as a capacity factor."""
    return CAPACITY.search(name) is not None and CAPACITY_FACTOR.search(name) is None


def describe_columns(names: Sequence[str], columns: Columns, quantity: str = "") -> tuple[Column, ...]:
    """Return every column with its kind and capacity.

    `quantity` is what all columns hold; the kind is read from it where a name does not say it. Raise a RequestError if
    a capacity is not above 0 or names no column, or a column is both wind and PV.
    """
    both = set(columns.wind) & set(columns.pv)
    if both:
        raise RequestError(f"column {min(both)!r} is named as wind and as PV", advice="name it once")
    capacities = capacities_of(names, columns.capacity)
    return tuple(Column(name, _kind(name, columns, quantity), capacities[name]) for name in names)


def _kind(name: str, columns: Columns, quantity: str) -> Kind:
    if name in columns.wind:
        return "wind"
    if name in columns.pv:
        return "pv"
    return kind_of_name(name, quantity)
