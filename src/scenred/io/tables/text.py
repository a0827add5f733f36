"""A text becomes a table, cell by cell as it stands, with the line of every row at hand for messages."""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pandas as pd

from scenred.errors import InputError, ScenredWarning
from scenred.io.files.source import Text
from scenred.io.tables.cells import (
    MISSING_CELLS,
    python_text,
)
from scenred.io.tables.dialect import Dialect, blanked, dialect_of
from scenred.io.tables.table import Table, stripped_names
from scenred.options import Reading

# From 3.1 on pandas reads every number exactly; before, only when told so.
EXACT: dict[str, Any] = {}
if tuple(int(part) for part in pd.__version__.split(".")[:2]) < (3, 1):
    EXACT["float_precision"] = "round_trip"


def parse_table(text: Text, reading: Reading | None = None) -> Table:
    """Parse text: see `scenred.io.tables.dialect` for what is found by itself.

    Raises
    ------
    InputError
        When there is no row, a name stands twice, or a row has another number of fields than the header.
    """
    reading = reading or Reading()
    if reading.delimiter == " ":
        text = _with_tabs(text)
    dialect = dialect_of(text, replace(reading, delimiter="\t") if reading.delimiter == " " else reading)
    place = f"{text.name}:{dialect.header[0] if dialect.header else dialect.begin}"
    body = blanked(text, dialect)
    names = stripped_names(_widened(body, dialect), place)
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


def _resolved(reading: Reading, text: Text, dialect: Dialect) -> Reading:
    """Add what was found to what was told."""
    header = "none" if dialect.header is None else str(dialect.header[0])
    if dialect.header is not None and dialect.header[1] > dialect.header[0] and reading.header is not None:
        header = reading.header
    return replace(
        reading,
        encoding=text.encoding,
        delimiter=reading.delimiter or dialect.delimiter,
        decimal=dialect.decimal,
        header=header,
    )


def _with_tabs(text: Text) -> Text:
    """Put one tab for spaces and tabs between fields, however many, and none at the ends of lines."""
    data = re.sub(rb"^[ \t]+|[ \t]+(?=\r?$)", b"", text.data[text.begin :], flags=re.MULTILINE)
    return replace(text, data=re.sub(rb"[ \t]+", b"\t", data), begin=0)


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
        raise _unparsed(body, dialect, error) from error
    last = frame.iloc[:, -1]
    is_short = last.isna() if pd.api.types.is_numeric_dtype(last) else last.isna() | (last == "")
    if is_short.any():  # an empty cell, or a row that is too short
        for line, fields in _rows(body, dialect):
            _check_width(body.name, line, fields, names, dialect)
    return frame


def _unparsed(body: Text, dialect: Dialect, error: Exception) -> InputError:
    """Say why rows could not be parsed: by the first line with an odd number of quotes, where there is one."""
    for line, raw in enumerate(body.stream(), start=dialect.begin):
        if raw.count(b'"') % 2:
            return InputError(
                f"{body.name}:{line}: a quote is opened and not closed; scenred needs both or none; correct the line"
            )
    return InputError(f"{body.name}: cannot be parsed as a table of text: {error}; check the file")


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


def _check_width(file: str, line: int, fields: list[str], names: list[str], dialect: Dialect) -> None:
    if len(fields) != len(names):
        is_early = dialect.header is None or line <= dialect.header[1] + 20
        advice = (
            "; where the header is another line, name it with --header, or pass --no-header"
            if is_early
            else ""
        )
        mark = {",": "comma", ";": "semicolon", "\t": "tab"}.get(dialect.delimiter, repr(dialect.delimiter))
        raise InputError(
            f"{file}:{line}: has {len(fields)} fields and the header has {len(names)}; "
            f"scenred needs {mark}-separated text with the same number in every row{advice}"
        )
