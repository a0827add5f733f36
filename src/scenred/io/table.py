"""A text becomes a frame, cell by cell as it stands, with the line of every row at hand for messages."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError, ScenredWarning
from scenred.io.cells import (
    GROUPS,
    MISSING,
    MISSING_CELLS,
    NEARLY_NUMBER,
    NUMBER_LIKE,
    kind_of,
    number_pattern,
    python_text,
    to_number,
)
from scenred.io.dialect import Dialect, blanked, dialect_of
from scenred.io.source import Text
from scenred.model import Reading
from scenred.model.reading import DEFAULT

# From 3.1 on pandas reads every number exactly; before, only when told so.
EXACT: dict[str, Any] = {}
if tuple(int(part) for part in pd.__version__.split(".")[:2]) < (3, 1):
    EXACT["float_precision"] = "round_trip"

NAMELESS = "column "
# Names of a column that numbers the rows.
INDEX = frozenset(
    {"index", "idx", "id", "no", "nr", "n", "#", "row", "rownum", "obs", "lfd. nr", "unnamed: 0", "step"}
)
# Numbers that files write for a missing value: none of them is a plausible power.
SENTINELS = (-9999.0, -999.0, -99999.0, -9999.9, -999.9, -999.99, -9999.99, 1e20, 9.969209968386869e36)


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
    reading: Reading = DEFAULT
    decimal: str = "."
    is_grouped: bool = False
    dialect: Dialect | None = None

    def numbers(self, name: str, at: Callable[[int], str] = lambda _row: "") -> npt.NDArray[np.float64]:
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

    def cells(self, name: str, at: Callable[[int], str] = lambda _row: "") -> npt.NDArray[np.float64]:
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

    def _parsed(self, column: pd.Series) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Parse cells of text, each distinct one once."""
        pattern = number_pattern(self.decimal, grouped=self.is_grouped)
        codes, distinct = pd.factorize(column.to_numpy(dtype=object), use_na_sentinel=False)
        marks = {mark.strip().casefold() for mark in self.reading.na}
        values, bad = np.full(len(distinct), np.nan), np.zeros(len(distinct), dtype=bool)
        for number, cell in enumerate(distinct):
            word = "" if cell is None or cell is pd.NaT or cell != cell else str(cell).strip()
            if self.reading.unit == "percent":
                word = word.removesuffix("%").rstrip()
            if pattern.fullmatch(word):
                values[number] = to_number(word, self.decimal)
                bad[number] = not np.isfinite(values[number])
            elif word.casefold() not in MISSING and word.casefold() not in marks:
                bad[number] = True
        return values[codes], bad[codes]

    def _check_sentinels(self, values: npt.NDArray[np.float64], name: str, at: Callable[[int], str]) -> None:
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
        if cell.strip().endswith("%"):
            advice, remedy = "pass --unit percent where values are percent", {"unit": "percent"}
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

    def is_counter(self, name: str) -> bool:
        """Say whether a column holds 0, 1, 2, ... or 1, 2, 3, ... and has no name or that of an index of rows."""
        column = self.frame[name]
        is_index = name.startswith(NAMELESS) or name.casefold().rstrip(".:") in INDEX
        if not is_index or not pd.api.types.is_integer_dtype(column):
            return False
        numbers = column.to_numpy(dtype=np.int64, na_value=-1)
        return bool(numbers[0] in (0, 1) and (numbers == np.arange(len(column)) + numbers[0]).all())

    def is_blank(self, name: str) -> bool:
        """Say whether a column has no name and no cell, as where rows end with a delimiter."""
        column = self.frame[name]
        return name.startswith(NAMELESS) and bool(
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


def parse_table(text: Text, reading: Reading | None = None) -> Table:
    """Parse text: see `scenred.io.dialect` for what is found by itself.

    Raises
    ------
    InputError
        When there is no row, a name stands twice, or a row has another number of fields than the header.
    """
    reading = reading or Reading()
    dialect = dialect_of(text, reading)
    place = f"{text.name}:{dialect.header[0] if dialect.header else dialect.begin}"
    body = blanked(text, dialect)
    names = _names(_widened(body, dialect), place)
    first = next(_rows(body, dialect), None)
    if first is None:
        raise InputError(f"{text.name}: holds a header and no row; scenred needs one row per time step")
    _check_width(text.name, *first, names, dialect)
    _tell(text, dialect)
    cells: list[list[str]] = []

    def row_of(row: int) -> list[str]:  # read again, and only when a message needs it
        if not cells:
            cells.extend(fields for _, fields in _rows(body, dialect))
        return cells[row]

    def place_of(row: int) -> str:
        line, _ = next(islice(_rows(body, dialect), row, None))
        return f"{text.name}:{line}"

    def cell(row: int, name: str) -> str:
        fields, position = row_of(row), names.index(name)
        return fields[position] if position < len(fields) else ""

    return Table(
        _parse(body, names, dialect),
        text.name,
        text.sha256,
        place_of,
        cell,
        _resolved(reading, text, dialect),
        dialect.decimal,
        dialect.is_decided,
        dialect,
    )


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
    _names(list(frame.columns), name)
    if not len(frame):
        raise InputError(f"{name}: holds no row; scenred needs one row per time step")

    def cell(row: int, column: str) -> str:
        value: Any = frame[column].iat[row]
        return "" if pd.isna(value) else str(value)

    return Table(
        frame.reset_index(drop=True), name, None, lambda row: f"{name}, row {row}", cell, reading or Reading()
    )


def _resolved(reading: Reading, text: Text, dialect: Dialect) -> Reading:
    """Add what was found to what was told."""
    header = "none" if dialect.header is None else str(dialect.header[0])
    if dialect.header is not None and dialect.header[1] > dialect.header[0] and reading.header is not None:
        header = reading.header
    return replace(
        reading, encoding=text.encoding, delimiter=dialect.delimiter, decimal=dialect.decimal, header=header
    )


def _tell(text: Text, dialect: Dialect) -> None:
    """Say which lines that might be rows are not read."""
    if dialect.footer:
        warnings.warn(
            f"{text.name}:{dialect.idle[0]}: {dialect.footer} lines below the table are not read",
            ScenredWarning,
            stacklevel=2,
        )
    if dialect.repeated:
        warnings.warn(
            f"{text.name}: the header stands {dialect.repeated} times more among the rows, which is not read",
            ScenredWarning,
            stacklevel=2,
        )


def _parse(body: Text, names: list[str], dialect: Dialect) -> pd.DataFrame:
    """Parse the rows; a column of numbers becomes numeric, any other stays text."""
    kinds = dict(zip(names, dialect.kinds + ["missing"] * len(names), strict=False))
    texts = {name: str for name, kind in kinds.items() if kind == "time" or name == "scenario"}
    numeric = [name for name, kind in kinds.items() if kind in ("number", "missing") and name not in texts]
    options: dict[str, Any] = {"decimal": dialect.decimal} if dialect.decimal != "." else {}
    try:
        with python_text():
            frame: pd.DataFrame = pd.read_csv(
                body.stream(),
                header=None,
                names=names,
                sep=dialect.delimiter,
                dtype=texts,
                index_col=False,
                keep_default_na=False,
                na_values=dict.fromkeys(numeric, MISSING_CELLS),
                low_memory=False,
                **EXACT,
                **options,
            )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, OverflowError) as error:
        for line, fields in _rows(body, dialect):
            _check_width(body.name, line, fields, names, dialect)
        raise InputError(f"{body.name}: cannot be parsed as a table of text: {error}") from error
    last = frame.iloc[:, -1]
    is_short = last.isna() if pd.api.types.is_numeric_dtype(last) else last.isna() | (last == "")
    if is_short.any():  # an empty cell, or a row that is too short
        for line, fields in _rows(body, dialect):
            _check_width(body.name, line, fields, names, dialect)
    return frame


def _rows(body: Text, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with its line number."""
    reader = csv.reader(body.open(), delimiter=dialect.delimiter)
    try:
        for fields in reader:
            if len(fields) > 1 or (fields and fields[0].strip()):
                yield reader.line_num + dialect.begin - 1, fields
    except csv.Error as error:
        raise InputError(
            f"{body.name}:{reader.line_num + dialect.begin - 1}: cannot be parsed as a table of text: {error}"
        ) from error


def _widened(body: Text, dialect: Dialect) -> list[str]:
    """Add a name to a header whose rows end with one more delimiter than it."""
    rows = [fields for _, fields in islice(_rows(body, dialect), 20)]
    if rows and all(len(fields) == len(dialect.names) + 1 and not fields[-1].strip() for fields in rows):
        return [*dialect.names, ""]
    return dialect.names


def _names(header: list[str], place: str) -> list[str]:
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


def _check_width(file: str, line: int, fields: list[str], names: list[str], dialect: Dialect) -> None:
    if len(fields) != len(names):
        mark = {",": "comma", ";": "semicolon", "\t": "tab"}.get(dialect.delimiter, repr(dialect.delimiter))
        raise InputError(
            f"{file}:{line}: has {len(fields)} fields and the header has {len(names)}; "
            f"scenred needs {mark}-separated text with the same number in every row"
        )


def _is_plain(mark: str) -> bool:
    return bool(number_pattern(".", grouped=False).fullmatch(mark))
