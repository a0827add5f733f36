"""A table: columns of numbers and of text, and how messages name a row and a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Float64, Int64, first
from scenred.errors import InputError, Setting, Text
from scenred.io.tables.cells import MISSING, NEARLY_NUMBER, VERSION, kind_of, number_pattern, to_number
from scenred.io.tables.dialect import Dialect
from scenred.io.tables.marks import Marks
from scenred.io.tables.missing import NOT_EXPECTED, UNITS, check_sentinels, not_a_number
from scenred.io.tables.thousands import check_decimals, check_groups
from scenred.model import Facts
from scenred.options import Reading

NAMELESS = "column "
# Names that programs give to columns without one.
PLACEHOLDER = re.compile(r"(column|unnamed|field|var)[ :_]*\d+", re.IGNORECASE | re.ASCII)
# Names of a column that numbers the rows.
INDEX = frozenset(
    {"index", "idx", "id", "no", "nr", "n", "#", "row", "rownum", "obs", "lfd. nr", "unnamed: 0", "step"}
    | {"time_index", "timestep", "time step", "time_step", "snapshot", "t"}
)
AS_FOUND = Reading()
NO_FACTS = Facts()
Remedy = tuple[Setting, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of numbers and of text, and how messages name a row.

    `place(row)` is `file.csv:17` for the row of a file and `row 15` for the row of a frame; `text(row, name)` the
    cell as it is there; `moment(row)` the time as messages add it, ' at ...', once times are read. `reading` holds
    what was given and what the layout of the text, `dialect`, added; `facts` is what a file tells besides its table.
    """

    frame: pd.DataFrame
    name: str
    sha256: str | None
    place: Callable[[int], str]
    text: Callable[[int, str], str]
    reading: Reading = AS_FOUND
    dialect: Dialect | None = None
    moment: Callable[[int], str] = lambda _row: ""
    facts: Facts = NO_FACTS

    def numbers(self, name: str) -> Float64:
        """Return a column as finite numbers, shape (n_rows,), or raise an InputError about the first that is not."""
        values = self.cells(name)
        if (row := first(np.isnan(values))) is not None:
            raise self.refusal(row, name)
        return values

    def cells(self, name: str) -> Float64:
        """Return a column as numbers, NaN where a value is missing, shape (n_rows,).

        Raise an InputError naming the first cell that is not a number, not finite, or a mark of a missing value such as
        -999.
        """
        column = self.frame[name]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            values = column.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
            bad = np.isinf(values)
            if self.dialect is not None:
                check_decimals(name, values, self.dialect.marks, self.place, self.text)
        else:  # text, or whole numbers that are too long for an integer
            values, bad = self._parsed(name)
        pattern = number_pattern(".", grouped=False)
        marks = [float(mark) for mark in self.reading.na if pattern.fullmatch(mark)]
        if marks:
            values[np.isin(values, marks)] = np.nan
        if (row := first(bad)) is not None:
            raise self.refusal(row, name)
        if self.reading.negative is None:
            check_sentinels(values, name, self.place, self.moment)
        return values

    def words(self, name: str, needed: str) -> pd.Series:
        """Return a column of text without blanks around it, or raise an InputError that names its first empty cell."""
        cells = self.frame[name].astype(str).str.strip()
        if (row := first((self.frame[name].isna() | (cells == "")).to_numpy(dtype=bool))) is not None:
            raise self.error(f"{name} is empty", f"{needed} in every row", row=row)
        return cells

    def _parsed(self, name: str) -> tuple[Float64, Bool]:
        """Parse cells of text, each distinct one once."""
        marks = self.dialect.marks if self.dialect else Marks(".")
        pattern = number_pattern(marks.decimal, grouped=marks.is_decided)
        codes, distinct = pd.factorize(self.frame[name].to_numpy(dtype=object), use_na_sentinel=False)
        absent = MISSING | {mark.strip().casefold() for mark in self.reading.na}
        unit = UNITS.get(self.reading.unit or "", "")
        values, bad = np.full(len(distinct), np.nan), np.zeros(len(distinct), dtype=bool)
        words = []
        for number, cell in enumerate(distinct):
            word = "" if cell is None or cell is pd.NaT or cell != cell else str(cell).strip()
            if unit and word.casefold().endswith(unit):
                word = word[: -len(unit)].rstrip()
            words.append(word)
            if pattern.fullmatch(word):
                values[number] = to_number(word, marks.decimal)
                bad[number] = not np.isfinite(values[number])
            else:
                bad[number] = word.casefold() not in absent
        if marks.is_decided:
            check_groups(name, words, codes, marks, self.place, self._texts())
        return values[codes], bad[codes]

    def _texts(self) -> Iterator[str]:
        """Yield the distinct cells of every column of text."""
        for column in (self.frame[name] for name in self.frame.columns):
            if not pd.api.types.is_numeric_dtype(column):
                yield from map(str, column.unique())

    def error(
        self, met: Text, needed: Text = "", advice: Text = "", remedy: Remedy = (), *, row: int | None = None
    ) -> InputError:
        """Return the error about the table, or about one of its rows."""
        place = self.name if row is None else self.place(row)
        return InputError(met, needed, advice, place=place, remedy=remedy)

    def refusal(self, row: int, name: str) -> InputError:
        """Return the error about a cell that is missing or not a number."""
        is_given = self.dialect is not None and self.dialect.marks.is_given
        return not_a_number(self.text(row, name), name, self.place(row), self.moment(row), self.reading, is_given)

    def is_text(self, name: str) -> bool:
        """Return whether a column holds names or times, not values: no cell is a number, and some cell is a word."""
        column = self.frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            return True
        if pd.api.types.is_numeric_dtype(column):
            return False
        cells = ["" if pd.isna(cell) else str(cell) for cell in column.unique()[:10_000]]
        kinds = {kind_of(cell) for cell in cells}
        if "time" not in kinds and any(NEARLY_NUMBER.fullmatch(cell) and not VERSION.fullmatch(cell) for cell in cells):
            return False
        return "number" not in kinds and not {"word", "time"}.isdisjoint(kinds)

    def is_not_expected(self, name: str) -> bool:
        """Return whether every cell of a column is `n/e`."""
        column = self.frame[name]
        if pd.api.types.is_numeric_dtype(column):
            return bool(column.isna().all()) and self.text(0, name).strip().casefold() == NOT_EXPECTED
        return all(str(cell).strip().casefold() == NOT_EXPECTED for cell in column.unique()[:3])

    def is_counter(self, name: str) -> bool:
        """Return whether a column holds 0, 1, 2, ... or 1, 2, 3, ... and has no name or that of an index of rows."""
        column = self.frame[name]
        is_index = name.startswith(NAMELESS) or name.casefold().rstrip(".:") in INDEX
        if not is_index or not pd.api.types.is_integer_dtype(column):
            return False
        numbers = column.to_numpy(dtype=np.int64, na_value=-1)
        return bool(numbers[0] in (0, 1) and (numbers == np.arange(len(column)) + numbers[0]).all())

    def is_blank(self, name: str) -> bool:
        """Return whether a column has neither a name of its own nor a cell, as where rows end with a delimiter."""
        column = self.frame[name]
        return PLACEHOLDER.fullmatch(name) is not None and bool(
            (column.isna() | (column.astype(str).str.strip() == "")).all()
        )

    def framed(self, frame: pd.DataFrame, names: Mapping[str, str]) -> Table:
        """Return the table with another frame of the same rows; `names` gives the name in the file of a new column."""
        return replace(self, frame=frame, text=lambda row, name: self.text(row, names.get(name, name)))

    def rows(self, chosen: Int64) -> Table:
        """Return the table of some rows, which keep their places."""
        return replace(
            self,
            frame=self.frame.iloc[chosen].reset_index(drop=True),
            place=lambda row: self.place(int(chosen[row])),
            text=lambda row, name: self.text(int(chosen[row]), name),
        )


def table_of(
    frame: pd.DataFrame, name: str = "the frame", reading: Reading = AS_FOUND, sha256: str | None = None
) -> Table:
    """Return a frame as a table; a time index becomes its first column, names of several levels are joined by `_`.

    Raise an InputError if it has no row, the name of a column is duplicated, or a cell holds several values.
    """
    frame = frame.set_axis([_text_of(label) for label in frame.columns], axis="columns")
    if isinstance(frame.index, pd.DatetimeIndex):
        frame = frame.rename_axis(index=str(frame.index.name or "time")).reset_index()
    stripped_names(list(frame.columns), name)
    if not len(frame):
        raise InputError("holds no row", "one row per time step", place=name)
    for column in (column for column in frame.columns if frame[column].dtype.kind == "O"):
        if (row := next((row for row, value in enumerate(frame[column]) if not isinstance(value, Hashable)), -1)) >= 0:
            met = f"{column} holds a {type(frame[column].iat[row]).__name__}"
            raise InputError(met, "one value in a cell", "leave the column out", place=f"{name}, row {row}")

    def cell(row: int, column: str) -> str:
        value: Any = frame[column].iat[row]
        return "" if pd.isna(value) else str(value)

    return Table(frame.reset_index(drop=True), name, sha256, lambda row: f"{name}, row {row}", cell, reading)


def _text_of(label: object) -> str:
    """Return the name of a column as text."""
    return "_".join(map(str, label)) if isinstance(label, tuple) else str(label)


def stripped_names(header: list[str], place: str) -> list[str]:
    """Strip the names of columns, call those without one by position; raise an InputError if one is duplicated."""
    names = [name.strip() or f"{NAMELESS}{position}" for position, name in enumerate(header, start=1)]
    if len(set(names)) < len(names):
        name = next(name for name in names if names.count(name) > 1)
        raise InputError(f"column {name!r} is duplicated in the header", "a unique name for every column", place=place)
    return names
