"""A table: columns of numbers and of text, and how to name a row and a cell in a message."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.arrays import Float64
from scenred.errors import InputError, ScenredWarning
from scenred.io.tables.cells import (
    GROUPS,
    MISSING,
    NEARLY_NUMBER,
    NUMBER_LIKE,
    kind_of,
    number_pattern,
    to_number,
)
from scenred.io.tables.dialect import Dialect
from scenred.options import Reading

NAMELESS = "column "
# Names that programs give to columns without one.
PLACEHOLDER = re.compile(r"(column|unnamed|field|var)[ :_]*\d+", re.IGNORECASE | re.ASCII)
NOT_EXPECTED = "n/e"
# Names of a column that numbers the rows.
INDEX = frozenset(
    {"index", "idx", "id", "no", "nr", "n", "#", "row", "rownum", "obs", "lfd. nr", "unnamed: 0", "step"}
    | {"time_index", "timestep", "time step", "time_step", "snapshot", "t"}
)
# What cells write behind values of a unit, in lower case.
UNITS = {"percent": "%", "MW": "mw", "kW": "kw"}
# Numbers that files write for a missing value: none of them is a plausible power.
NINES = re.compile(r"-?9{2,9}(\.9+)?")
SENTINELS = (-9999.0, -999.0, -99999.0, -9999.9, -999.9, -999.99, -9999.99, 1e20, 9.969209968386869e36)


AS_FOUND = Reading()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Hold columns of numbers and of text, and how to name a row in a message.

    `place(row)` gives `file.csv:17` for the row of a file and `row 15` for the row of a frame;
    `text(row, name)` the cell as it stands there. `decimal` is the decimal mark of cells that are still text, and
    `is_grouped` says whether they may have marks between groups of three digits; `reading` is what was told,
    with what the text's layout added; `dialect` that layout.
    """

    frame: pd.DataFrame
    name: str
    sha256: str | None
    place: Callable[[int], str]
    text: Callable[[int, str], str]
    reading: Reading = AS_FOUND
    decimal: str = "."
    is_grouped: bool = False
    dialect: Dialect | None = None

    def numbers(self, name: str, at: Callable[[int], str] = lambda _row: "") -> Float64:
        """Give a column as finite numbers, shape (n_rows,); `at(row)` adds the time to a message.

        Raises
        ------
        InputError
            Naming the first cell that is empty, no number, or not finite.
        """
        values = self.cells(name, at)
        bad = np.flatnonzero(np.isnan(values))
        if len(bad):
            raise self.refusal(int(bad[0]), name, at)
        return values

    def cells(self, name: str, at: Callable[[int], str] = lambda _row: "") -> Float64:
        """Give a column as numbers, NaN where a value is missing, shape (n_rows,).

        Raises
        ------
        InputError
            Naming the first cell that is no number, not finite, or a mark such as -999 that files write for a
            missing value.
        """
        column = self.frame[name]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            values = column.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
            bad = np.isinf(values)
        else:  # text, or whole numbers that are too long for an integer
            values, bad = self._parsed(column)
        told = [float(mark) for mark in self.reading.na if _is_plain(mark)]
        if told:
            values[np.isin(values, told)] = np.nan
        if bad.any():
            raise self.refusal(int(np.flatnonzero(bad)[0]), name, at)
        self._check_sentinels(values, name, at)
        return values

    def _parsed(self, column: pd.Series) -> tuple[Float64, npt.NDArray[np.bool_]]:
        """Parse cells of text, each distinct one once."""
        pattern = number_pattern(self.decimal, grouped=self.is_grouped)
        codes, distinct = pd.factorize(column.to_numpy(dtype=object), use_na_sentinel=False)
        marks = {mark.strip().casefold() for mark in self.reading.na}
        unit = UNITS.get(self.reading.unit or "", "")
        values, bad = np.full(len(distinct), np.nan), np.zeros(len(distinct), dtype=bool)
        for number, cell in enumerate(distinct):
            word = "" if cell is None or cell is pd.NaT or cell != cell else str(cell).strip()
            if unit and word.casefold().endswith(unit):
                word = word[: -len(unit)].rstrip()
            if pattern.fullmatch(word):
                values[number] = to_number(word, self.decimal)
                bad[number] = not np.isfinite(values[number])
            elif word.casefold() not in MISSING and word.casefold() not in marks:
                bad[number] = True
        return values[codes], bad[codes]

    def _check_sentinels(self, values: Float64, name: str, at: Callable[[int], str]) -> None:
        """Refuse numbers that stand for a missing value in many files, unless told that they are values."""
        if self.reading.negative is not None or not len(values):
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # all missing
            extremes = (np.nanmin(values), np.nanmax(values))
        for mark in SENTINELS:
            if mark in extremes:
                found = np.flatnonzero(values == mark)
                raise InputError(
                    f"{self.place(int(found[0]))}: {name} is {mark:g}{at(int(found[0]))} (in "
                    f"{len(found)} rows), as many "
                    f"files write a missing value; pass --na {mark:g} with --missing drop or interpolate, or "
                    "--negative keep if it is a value",
                    {"na": (f"{mark:g}",), "missing": "drop"},
                )
        for extreme in extremes:
            self._tell_of_nines(values, float(extreme), name)

    def _tell_of_nines(self, values: Float64, extreme: float, name: str) -> None:
        """Say that an extreme such as -99 or 99999 is far from all other values, as a mark of a missing one is."""
        if not NINES.fullmatch(f"{extreme:.15g}"):
            return
        others = values[np.isfinite(values) & (values != extreme)]
        if len(others) and np.abs(others).max() < abs(extreme) and _is_far(extreme, others):
            rows = np.flatnonzero(values == extreme)
            warnings.warn(
                f"{self.place(int(rows[0]))}: {name} is {extreme:g} in {len(rows)} rows, far from all other values; it "
                f"is read as a value; if it marks a missing one, pass --na {extreme:g} and --missing drop",
                ScenredWarning,
                stacklevel=3,
            )

    def refusal(self, row: int, name: str, at: Callable[[int], str] = lambda _row: "") -> InputError:
        """Say that a cell is missing or no number, and what to do about it."""
        cell = self.text(row, name)
        is_missing = cell.strip().casefold() in MISSING or cell in self.reading.na
        met = f"is {cell!r}" if cell.strip() else "is empty"
        remedy: dict[str, object] = (
            {"missing": "drop"} if is_missing and self.reading.missing == "error" else {}
        )
        advice = (
            "fill the gap, pass --missing drop or --missing interpolate, or name the columns to use"
            if is_missing
            else "correct the value, pass --na if it stands for a missing one, or name the columns to use"
        )
        if (
            NUMBER_LIKE.fullmatch(cell.strip())
            and any(mark in cell.strip() for mark in ",." + GROUPS)
            and not remedy
        ):
            advice = "correct the value, or say which mark is the decimal one with --decimal"
        for unit, mark in UNITS.items() if self.reading.unit is None else ():
            if NEARLY_NUMBER.fullmatch(cell) and cell.strip().casefold().endswith(mark):
                advice, remedy = f"pass --unit {unit} where values are {unit}", {"unit": unit}
        return InputError(
            f"{self.place(row)}: {name} {met}{at(row)}; scenred needs a finite number in every row; {advice}",
            remedy,
        )

    def is_text(self, name: str) -> bool:
        """Say whether a column holds names or times, not values: no cell is a number, and some cell is a word."""
        column = self.frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            return True
        if pd.api.types.is_numeric_dtype(column):
            return False
        cells = ["" if pd.isna(cell) else str(cell) for cell in column.unique()[:10_000]]
        kinds = {kind_of(cell) for cell in cells}
        if "time" not in kinds and any(NEARLY_NUMBER.fullmatch(cell) for cell in cells):
            return False
        return "number" not in kinds and not {"word", "time"}.isdisjoint(kinds)

    def is_not_expected(self, name: str) -> bool:
        """Say whether every cell of a column is `n/e`: not expected, as a table of all kinds of plants says of some."""
        column = self.frame[name]
        if pd.api.types.is_numeric_dtype(column):
            return bool(column.isna().all()) and self.text(0, name).strip().casefold() == NOT_EXPECTED
        return all(str(cell).strip().casefold() == NOT_EXPECTED for cell in column.unique()[:3])

    def is_counter(self, name: str) -> bool:
        """Say whether a column holds 0, 1, 2, ... or 1, 2, 3, ... and has no name or that of an index of rows."""
        column = self.frame[name]
        is_index = name.startswith(NAMELESS) or name.casefold().rstrip(".:") in INDEX
        if not is_index or not pd.api.types.is_integer_dtype(column):
            return False
        numbers = column.to_numpy(dtype=np.int64, na_value=-1)
        return bool(numbers[0] in (0, 1) and (numbers == np.arange(len(column)) + numbers[0]).all())

    def is_blank(self, name: str) -> bool:
        """Say whether a column has no name of its own and no cell, as where rows end with a delimiter."""
        column = self.frame[name]
        return PLACEHOLDER.fullmatch(name) is not None and bool(
            (column.isna() | (column.astype(str).str.strip() == "")).all()
        )

    def rows(self, chosen: npt.NDArray[np.int64]) -> Table:
        """Give the table of some rows, which keep their places."""
        return replace(
            self,
            frame=self.frame.iloc[chosen].reset_index(drop=True),
            place=lambda row: self.place(int(chosen[row])),
            text=lambda row, name: self.text(int(chosen[row]), name),
        )


def _is_far(extreme: float, others: Float64) -> bool:
    """Say whether no other value reaches a tenth of an extreme, on its side of zero."""
    return bool(others.min() > extreme / 10 if extreme < 0 else others.max() < extreme / 10)


def table_of(frame: pd.DataFrame, name: str = "the frame", reading: Reading | None = None) -> Table:
    """Take a frame as a table; a time index becomes its first column.

    Raises
    ------
    InputError
        When it has no row or a column's name stands twice.
    """
    if isinstance(frame.index, pd.DatetimeIndex):
        frame = frame.rename_axis(index=str(frame.index.name or "time")).reset_index()
    frame = frame.rename(columns=str)
    stripped_names(list(frame.columns), name)
    if not len(frame):
        raise InputError(f"{name}: holds no row; scenred needs one row per time step")

    def cell(row: int, column: str) -> str:
        value: Any = frame[column].iat[row]
        return "" if pd.isna(value) else str(value)

    return Table(
        frame.reset_index(drop=True), name, None, lambda row: f"{name}, row {row}", cell, reading or Reading()
    )


def _is_plain(mark: str) -> bool:
    return bool(number_pattern(".", grouped=False).fullmatch(mark))


def stripped_names(header: list[str], place: str) -> list[str]:
    """Strip the names and name the nameless by their position."""
    names = [name.strip() or f"{NAMELESS}{position}" for position, name in enumerate(header, start=1)]
    if len(set(names)) == len(names):
        return names
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                f"{place}: column {name!r} stands twice in the header; every column needs a name of its own"
            )
    return names
