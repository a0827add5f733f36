"""Which columns of a table hold values, of what kind, and with what capacity."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import InputError, RequestError, ScenredWarning, nearest_name
from scenred.io.clock.words import folded, is_time_part
from scenred.io.tables.table import Table
from scenred.model import HEAD, Column, Kind
from scenred.options import Columns

# Parts of a column's name that tell its kind, tried in this order.
KINDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("wind", ("wind",)),
    ("pv", ("pv", "solar", "photovolt")),
    ("load", ("load", "demand")),
)


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Hold what a caller says of the columns; the fields are those of `read_series`."""

    columns: Sequence[str] = ()
    wind: Sequence[str] = ()
    pv: Sequence[str] = ()
    capacity: float | Mapping[str, float] | str | None = None
    is_register: bool = False  # of plants: it may hold more than the columns

    def among(self, names: Sequence[str]) -> ColumnChoice:
        """Leave out the names of columns that are not there."""
        known = set(names)
        capacity = self.capacity
        if isinstance(capacity, Mapping):
            capacity = {name: value for name, value in capacity.items() if name in known}
        chosen = [[name for name in part if name in known] for part in (self.columns, self.wind, self.pv)]
        columns, wind, pv = chosen
        return ColumnChoice(columns, wind, pv, capacity, self.is_register)

    @property
    def wanted(self) -> set[str]:
        """Names of the columns to use; empty when nothing was said."""
        return {*self.columns, *self.wind, *self.pv}


def named_columns(table: Table, names: list[str], choice: ColumnChoice) -> list[str]:
    """Pick the columns that are wanted, in the order of the table, or all.

    Raises
    ------
    RequestError
        When one that is wanted is not there.
    """
    for name in [*choice.columns, *choice.wind, *choice.pv]:
        if name not in names:
            raise RequestError(
                f"{table.name}: there is no column {name!r} of values; {nearest_name(name, names)}"
            )
    return [name for name in names if name in choice.wanted] if choice.wanted else names


def value_columns(table: Table, names: list[str], choice: ColumnChoice) -> list[str]:
    """Pick the columns that are wanted, or all that hold numbers, saying which of text, or not expected, are left out.

    Raises
    ------
    RequestError
        When one that is wanted is not there.
    InputError
        When none is left.
    """
    used = named_columns(table, names, choice)
    told = bool(choice.wanted)
    if not told:
        used = [name for name in used if not table.is_blank(name)]
    absent = [] if told else [name for name in used if table.is_not_expected(name)]
    texts = [] if told else [name for name in used if name not in absent and _is_no_value(table, name)]
    if len(texts) + len(absent) == len(used):
        seen = f" (not used: {', '.join(texts[:50])})" if texts else ""
        raise InputError(
            f"{table.name}: there is no column of numbers beside the times{seen}; scenred needs at least one; name one "
            "that is not used with --column"
        )
    for name in used:
        if name in HEAD:
            raise InputError(
                f"{table.name}: column {name!r} is called as a column of the scenario table; rename it, or name the "
                "columns to use"
            )
    if texts:
        warnings.warn(
            f"{table.name}: columns of text, times, row numbers, marks or capacities are not used: {', '.join(texts)}",
            ScenredWarning,
            stacklevel=2,
        )
    if absent:
        warnings.warn(
            f"{table.name}: columns that are n/e (not expected) in every row are not used: {', '.join(absent)}",
            ScenredWarning,
            stacklevel=2,
        )
    return [name for name in used if name not in texts and name not in absent]


# Names of columns that count days and weeks, and of those that tell where a site is.
CALENDAR = frozenset(
    {"weekday", "dayofweek", "day of week", "dow", "week", "weekofyear", "week of year", "doy", "dayofyear"}
    | {"day of year", "wochentag", "kw", "hour of year", "hourofyear", "hoy"}
)
# Names of columns of whole numbers that mark rows, and of capacities beside series: neither is a series to reduce.
MARKS = re.compile(
    r"(.*\b)?(quality|qc|flag|status|code|version|revision|uid|id|ptid|geoid|stn|run ?no|runno|block no|interval|"
    r"dispatchinterval|(gmt|utc) offset|dst)|block|group",
    re.IGNORECASE,
)
CAPACITY_FACTOR = re.compile(r"capacity[\s_-]*factor", re.IGNORECASE)
CAPACITY = re.compile(r"capacity|installed|nameplate|\bp_?nom\b", re.IGNORECASE)
PLACES = frozenset({"latitude", "longitude", "lat", "lon", "lng", "breitengrad", "längengrad"})


def _is_no_value(table: Table, name: str) -> bool:
    """Say whether a column holds words, row numbers, marks, capacities, or a part of the time beside the clock."""
    if table.is_text(name) or table.is_counter(name):
        return True
    column = table.frame[name]
    if name.isdecimal() and pd.api.types.is_integer_dtype(column) and bool((column == int(name)).all()):
        return True  # a mark of the kind of row, that stands in the header too
    if is_mark(table, name):
        return True
    if folded(name) in PLACES:
        return pd.api.types.is_numeric_dtype(column) and column.nunique() == 1
    return (is_time_part(name) or folded(name) in CALENDAR) and pd.api.types.is_integer_dtype(column)


def is_mark(table: Table, name: str) -> bool:
    """Say whether a column holds whole numbers that mark rows, such as flags, or the capacity beside a series."""
    is_whole = pd.api.types.is_integer_dtype(table.frame[name])
    if is_whole and MARKS.fullmatch(folded(name)):
        return True
    return CAPACITY.search(name) is not None and CAPACITY_FACTOR.search(name) is None


def describe_columns(
    names: Sequence[str], choice: ColumnChoice | Columns, quantity: str = ""
) -> tuple[Column, ...]:
    """Give every column its kind and capacity.

    `quantity` is what all columns hold; it tells the kind of those whose names do not.

    Raises
    ------
    RequestError
        When a capacity is not above 0 or names no column, or a column is both wind and PV.
    """
    if isinstance(choice, Columns):
        choice = ColumnChoice(choice.columns, choice.wind, choice.pv, choice.capacity)
    both = set(choice.wind) & set(choice.pv)
    if both:
        raise RequestError(f"column {min(both)!r} is named as wind and as PV; name it once")
    told = choice.capacity
    if choice.is_register and isinstance(told, Mapping):
        told = {name: value for name, value in told.items() if name in names}
        if not told:
            raise RequestError(
                f"the table of plants names none of the columns; there are: {', '.join(names[:50])}"
            )
    capacities: dict[str, Any] = dict(told) if isinstance(told, Mapping) else dict.fromkeys(names, told)
    for name, value in capacities.items():
        if name not in names:
            raise RequestError(f"a capacity names column {name!r}; {nearest_name(name, names)}")
        if value is not None and not (np.isfinite(value) and value > 0):
            raise RequestError(f"the capacity of {name!r} is {value}; scenred needs a finite number above 0")
    return tuple(Column(name, _kind(name, choice, quantity), capacities.get(name)) for name in names)


def _kind(name: str, choice: ColumnChoice, quantity: str) -> Kind:
    if name in choice.wind:
        return "wind"
    if name in choice.pv:
        return "pv"
    said = [
        kind
        for word in (name, quantity)
        for kind, parts in KINDS
        if any(part in word.casefold() for part in parts)
    ]
    return said[0] if said else "other"
