"""Labels: a column of words that name groups of periods is read on its own, as the numbers of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scenred.arrays import first
from scenred.io.clock.stamps import is_stamp
from scenred.io.tables.cells import MISSING
from scenred.io.tables.table import Table
from scenred.options import Reading

# A number stands for a word: options about values do not hold for it.
PLAIN = {"na": (), "negative": "keep", "clip": False, "unit": None, "resample": None}


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A column of words.

    `tables` are those that have it, with numbers in place of `words` in the column `name`, NaN if there is no word.
    """

    name: str
    words: tuple[str, ...]
    tables: tuple[Table, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """What to read: the column, or the columns of all sites, which are called by their sites."""
        return () if self.tables[0].reading.long else (self.name,)


def labels_of(tables: Sequence[Table], name: str) -> Labels | None:
    """Return a column of words of tables; None if none has such a column, or it holds numbers or times.

    Raise an InputError if a word is missing, and such periods are not to be dropped.
    """
    found = [table for table in tables if name in table.frame.columns and _holds_words(table, name)]
    if not found:
        return None
    cells = [_words(table, name) for table in found]
    pairs = list(zip(found, cells, strict=True))
    for table, column in pairs:
        row = first((column == "").to_numpy(dtype=bool))
        if row is not None and table.reading.missing != "drop":
            met, needed = f"{name} is {table.text(row, name)!r}", "a word in every row to group by"
            raise table.error(met, needed, "fill it", row=row)
    words = tuple(sorted({word for column in cells for word in column if word}))
    number = {word: float(place) for place, word in enumerate(words)} | {"": np.nan}
    called = f"{name} in words"
    coded = [_with_numbers(table, name, called, column.map(number)) for table, column in pairs]
    return Labels(called, words, tuple(coded))


def without(tables: Sequence[Table], name: str) -> list[Table]:
    """Return tables without a column."""
    return [replace(table, frame=table.frame.drop(columns=name, errors="ignore")) for table in tables]


def _holds_words(table: Table, name: str) -> bool:
    """Return whether a column holds neither numbers nor times; true and false are words."""
    column = table.frame[name]
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    is_time = pd.api.types.is_datetime64_any_dtype(column) or is_stamp(table.text(0, name))
    return not is_number and not is_time


def _words(table: Table, name: str) -> pd.Series:
    """Return the words of a column without blanks around them, '' if one is missing."""
    column = table.frame[name]
    words = column.astype(object).where(column.notna(), "").astype(str).str.strip()
    absent = MISSING | {mark.strip().casefold() for mark in table.reading.na}
    return words.where(~words.str.casefold().isin(absent), "")


def _with_numbers(table: Table, name: str, called: str, numbers: pd.Series) -> Table:
    """Replace words by their numbers; messages show the words."""
    reading = table.reading
    missing = "error" if reading.missing == "error" else "drop"  # no word lies between two others
    duplicates = "error" if reading.duplicates == "mean" else reading.duplicates
    long = (reading.long[0], called) if reading.long else ()
    plain: Reading = replace(reading, missing=missing, duplicates=duplicates, long=long, **PLAIN)  # type: ignore[arg-type]
    frame = table.frame.drop(columns=name).assign(**{called: numbers.astype(np.float64)})
    return replace(table.framed(frame, {called: name}), reading=plain)
