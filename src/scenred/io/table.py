"""A CSV text becomes a frame, cell by cell as it stands, with the line of every row at hand for messages."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.errors import InputError
from scenred.io.source import Text, input_name, read_bytes, text_of
from scenred.io.stored import stored_set

# From 3.1 on pandas reads every number exactly; before, only when told so.
EXACT: dict[str, Any] = {}
if tuple(int(part) for part in pd.__version__.split(".")[:2]) < (3, 1):
    EXACT["float_precision"] = "round_trip"

NAMELESS = "column "
# Cells that a column of values may hold by mistake: they look like numbers, or like missing ones.
NEARLY_NUMBER = re.compile(
    r"\s*([-+.,]*\d.*|[-+]?inf(inity)?|nan?|#?n/a|nat|null|none|[-.?#]*)\s*", re.IGNORECASE
)
NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Hold columns of numbers and of text, and how to name a row in a message.

    `place(row)` gives `file.csv:17` for the row of a file and `row 15` for the row of a frame;
    `text(row, name)` the cell as it stands there.
    """

    frame: pd.DataFrame
    name: str
    sha256: str | None
    place: Callable[[int], str]
    text: Callable[[int, str], str]

    def numbers(self, name: str, at: Callable[[int], str] = lambda _row: "") -> npt.NDArray[np.float64]:
        """Give a column as finite numbers, shape (n_rows,); `at(row)` adds the time to a message.

        Raises
        ------
        InputError
            Naming the first cell that is empty, no number, or not finite.
        """
        column = self.frame[name]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        else:  # text, or whole numbers that are too long for an integer
            cells = (self.text(row, name) for row in range(len(column)))
            values = np.array([float(cell) if NUMBER.fullmatch(cell) else np.nan for cell in cells])
        bad = np.flatnonzero(~np.isfinite(values))
        if len(bad):
            row = int(bad[0])
            cell = self.text(row, name)
            met = f"is {cell!r}" if cell.strip() else "is empty"
            raise InputError(
                f"{self.place(row)}: {name} {met}{at(row)}; scenred needs a finite number in every row; "
                "fill the gap, correct the value, or name the columns to use"
            )
        return values

    def is_text(self, name: str) -> bool:
        """Say whether no cell of a column is nearly a number or missing: it holds names, not values."""
        column = self.frame[name]
        if pd.api.types.is_numeric_dtype(column):
            return False
        return not any(pd.isna(cell) or NEARLY_NUMBER.fullmatch(str(cell)) for cell in column.unique())

    def is_counter(self, name: str) -> bool:
        """Say whether a column has no name and holds 0, 1, 2, ...: an index that was written with the table."""
        column = self.frame[name]
        if not name.startswith(NAMELESS) or not pd.api.types.is_integer_dtype(column):
            return False
        return bool((column.to_numpy() == np.arange(len(column))).all())


def open_table(source: str | os.PathLike[str] | pd.DataFrame) -> Table:
    """Take a frame, or read a file or standard input (`-`), as a table."""
    if isinstance(source, pd.DataFrame):
        return table_of(source)
    name = input_name(source)
    data = read_bytes(source, name)
    frame = stored_set(data, name)
    if frame is None:
        return parse_table(text_of(data, name))
    return replace(table_of(frame, name), sha256=hashlib.sha256(data).hexdigest())


def parse_table(text: Text) -> Table:
    """Parse comma-separated text with one header line.

    Raises
    ------
    InputError
        When there is no row, a name stands twice, or a row has another number of fields than the header.
    """
    rows = _rows(text)
    header_line, header = next(rows)
    names = _names(header, f"{text.name}:{header_line}")
    if all(NUMBER.fullmatch(name) or parses(name) for name in names):
        raise InputError(
            f"{text.name}:{header_line}: holds data where scenred needs a header; name the columns there"
        )
    first = next(rows, None)
    if first is None:
        raise InputError(f"{text.name}: holds a header and no row; scenred needs one row per time step")
    _check_width(text.name, *first, names)
    cells: list[list[str]] = []

    def row_of(row: int) -> list[str]:  # read again, and only when a message needs it
        if not cells:
            cells.extend(fields for _, fields in _rows(text))
        return cells[row + 1]

    def place(row: int) -> str:
        line, _ = next(islice(_rows(text), row + 1, None))
        return f"{text.name}:{line}"

    def cell(row: int, name: str) -> str:
        fields, position = row_of(row), names.index(name)
        return fields[position] if position < len(fields) else ""

    return Table(_parse(text, names), text.name, text.sha256, place, cell)


def table_of(frame: pd.DataFrame, name: str = "the frame") -> Table:
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

    return Table(frame.reset_index(drop=True), name, None, lambda row: f"{name}, row {row}", cell)


def _parse(text: Text, names: list[str]) -> pd.DataFrame:
    """Parse the rows below the header; a column of numbers becomes numeric, any other stays text."""
    try:
        frame: pd.DataFrame = pd.read_csv(
            io.BytesIO(text.data),
            header=0,
            names=names,
            dtype={"scenario": str} if "scenario" in names else None,
            index_col=False,
            keep_default_na=False,
            low_memory=False,
            **EXACT,
        )
    except pd.errors.ParserError as error:
        for line, fields in _rows(text):
            _check_width(text.name, line, fields, names)
        raise InputError(f"{text.name}: cannot be parsed as comma-separated text: {error}") from error
    last = frame.iloc[:, -1]
    is_short = last.isna() if pd.api.types.is_numeric_dtype(last) else last.isna() | (last == "")
    if is_short.any():  # an empty cell, or a row that is too short
        for line, fields in _rows(text):
            _check_width(text.name, line, fields, names)
    return frame


def _rows(text: Text) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, header included, each with its line number."""
    reader = csv.reader(text.open())
    try:
        for fields in reader:
            if len(fields) > 1 or (fields and fields[0].strip()):
                yield reader.line_num, fields
    except csv.Error as error:
        raise InputError(
            f"{text.name}:{reader.line_num}: cannot be parsed as comma-separated text: {error}"
        ) from error


def _names(header: list[str], place: str) -> list[str]:
    """Strip the names and name the nameless by their position."""
    names = [name.strip() or f"{NAMELESS}{position}" for position, name in enumerate(header, start=1)]
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                f"{place}: column {name!r} stands twice in the header; every column needs a name of its own"
            )
    return names


def _check_width(file: str, line: int, fields: list[str], names: list[str]) -> None:
    if len(fields) != len(names):
        raise InputError(
            f"{file}:{line}: has {len(fields)} fields and the header has {len(names)}; "
            "scenred needs comma-separated text with the same number in every row"
        )


def parses(cell: object) -> bool:
    """Say whether a cell is a time in ISO 8601."""
    if not str(cell).strip()[:4].isdigit():  # pandas also takes words such as today
        return False
    try:
        moment: Any = pd.to_datetime(str(cell), format="ISO8601")
    except (ValueError, TypeError, OverflowError):
        return False
    return moment is not pd.NaT
