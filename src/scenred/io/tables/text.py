"""A text becomes a table of its cells, with the line of every row for messages."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import islice
from typing import Any, cast

import pandas as pd

from scenred.errors import InputError, Setting
from scenred.io.files.source import Text
from scenred.io.tables.cells import MISSING_CELLS
from scenred.io.tables.delimiter import NAMES, with_tabs
from scenred.io.tables.dialect import Dialect
from scenred.io.tables.footer import blanked
from scenred.io.tables.one_table import lines_with_rows, one_table
from scenred.io.tables.rows import is_row
from scenred.io.tables.several import check_one_table, has_line_of_words, has_table_above
from scenred.io.tables.table import AS_FOUND, Table, stripped_names
from scenred.notes import note
from scenred.options import Reading

# From 3.1 on pandas reads every number exactly by default.
EXACT: dict[str, Any] = {}
if tuple(int(part) for part in pd.__version__.split(".")[:2]) < (3, 1):
    EXACT["float_precision"] = "round_trip"


def python_text() -> AbstractContextManager[None]:
    """Let pandas hold text as Python does: pyarrow would keep 90 MB of 240,000 rows."""
    return cast("AbstractContextManager[None]", pd.option_context("mode.string_storage", "python"))


def parse_table(text: Text, reading: Reading = AS_FOUND, known: Sequence[Table] = ()) -> Table:
    """Parse a text; its layout is found as `scenred.io.tables.dialect` describes.

    The cells of a `known` table of the same bytes and layout are taken, as they would be parsed to the same ones.
    Raise an InputError if there is no row, a name is duplicated, or a row has another number of fields than the header.
    """
    if reading.delimiter == " ":
        text = with_tabs(text)
    text, dialect = one_table(text, reading)
    header, idle = dialect.header, dialect.idle
    data, begin = blanked(text.data, header.begin, idle)
    body = replace(text, data=data, begin=begin)
    place = f"{text.name}:{header.lines[0] if header.lines else header.begin}"
    names = stripped_names(_widened(body, dialect), place)
    first = next(_rows(body, dialect), None)
    if first is None:
        raise InputError("holds a header and no row", "one row per time step", place=text.name)
    _check_width(text, *first, names, dialect)
    is_below = dialect.kinds[0] in ("number", "time") and has_line_of_words(body, dialect.delimiter)
    if is_below or idle.repeated or has_table_above(header.begin, lines_with_rows(text, dialect.delimiter)):
        check_one_table(text, lines_with_rows(text, dialect.delimiter))
    if idle.footer:
        note(f"{text.name}:{idle.lines[0]}: {idle.footer} lines below the table are not read")
    if idle.repeated:
        note(f"{text.name}: the header is repeated {idle.repeated} times among the rows, which is not read")
    cells: list[list[str]] = []

    def place_of(row: int) -> str:
        line, _ = next(islice(_rows(body, dialect), row, None))
        return f"{text.name}:{line}"

    def cell(row: int, name: str) -> str:
        if not cells:  # read again, and only when a message needs it
            cells.extend(fields for _, fields in _rows(body, dialect))
        position = names.index(name)
        return cells[row][position] if position < len(cells[row]) else ""

    frame = next((one.frame for one in known if _is_parsed(one, text, reading, dialect)), None)
    frame = _parse(text, body, names, dialect) if frame is None else frame
    return Table(frame, text.name, text.sha256, place_of, cell, _resolved(reading, text, dialect), dialect)


def _is_parsed(known: Table, text: Text, reading: Reading, dialect: Dialect) -> bool:
    """Return whether a table has the bytes of a text and was parsed by the same layout."""
    if known.dialect is None or known.sha256 is None or known.sha256 != text.sha256:
        return False
    one, other = (
        (each.delimiter, each.decimal, each.header.names, each.header.begin, each.idle, each.kinds)
        for each in (known.dialect, dialect)
    )
    return one == other and known.reading.encoding == text.encoding and known.reading.rows == reading.rows


def _resolved(reading: Reading, text: Text, dialect: Dialect) -> Reading:
    """Add what was found to what was given."""
    first, last = dialect.header.lines or (None, None)
    header: str | None = "none" if first is None else str(first)
    if dialect.header.is_known or (first != last and reading.header is not None):
        header = reading.header
    return replace(
        reading,
        encoding=text.encoding,
        delimiter=reading.delimiter or dialect.delimiter,
        decimal=dialect.decimal,  # type: ignore[arg-type]  # . or ,
        header=header,
    )


def _parse(text: Text, body: Text, names: list[str], dialect: Dialect) -> pd.DataFrame:
    """Parse the rows, which are the body of a text; a column of numbers becomes numeric, any other stays text."""
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
        _check_widths(text, body, names, dialect)
        raise _unparsed(body, dialect, error) from error
    last = frame.iloc[:, -1]
    is_short = last.isna() if pd.api.types.is_numeric_dtype(last) else last.isna() | (last == "")
    if is_short.any():  # an empty cell, or a row that is too short
        _check_widths(text, body, names, dialect)
    return frame


def _unparsed(body: Text, dialect: Dialect, error: Exception) -> InputError:
    """Return the error about rows that cannot be parsed: a quote that is not closed, if there is one."""
    for line, raw in enumerate(body.stream(), start=dialect.header.begin):
        if raw.count(b'"') % 2:
            place = f"{body.name}:{line}"
            return InputError("a quote is opened and not closed", "both or none", "correct the line", place=place)
    return InputError(f"cannot be parsed as a table of text: {error}", advice="check the file", place=body.name)


def _rows(body: Text, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with its line number."""
    reader = csv.reader(body.open(), delimiter=dialect.delimiter)
    try:
        for fields in reader:
            if is_row(fields):
                yield reader.line_num + dialect.header.begin - 1, fields
    except csv.Error as error:
        place = f"{body.name}:{reader.line_num + dialect.header.begin - 1}"
        raise InputError(f"cannot be parsed as a table of text: {error}", place=place) from error


def _widened(body: Text, dialect: Dialect) -> list[str]:
    """Add a name to a header whose rows end with one more delimiter than it."""
    names, rows = dialect.header.names, [fields for _, fields in islice(_rows(body, dialect), 20)]
    if rows and all(len(fields) == len(names) + 1 and not fields[-1].strip() for fields in rows):
        return [*names, ""]
    return names


def _check_widths(text: Text, body: Text, names: list[str], dialect: Dialect) -> None:
    for line, fields in _rows(body, dialect):
        _check_width(text, line, fields, names, dialect)


def _check_width(text: Text, line: int, fields: list[str], names: list[str], dialect: Dialect) -> None:
    """Raise an InputError if a row has another number of fields than the header."""
    if len(fields) == len(names):
        return
    check_one_table(text, lines_with_rows(text, dialect.delimiter))
    is_early = dialect.header.lines is None or line <= dialect.header.lines[1] + 20
    header, none = Setting("header"), Setting("header", "none")
    mark = NAMES.get(dialect.delimiter, repr(dialect.delimiter))
    raise InputError(
        f"has {len(fields)} fields and the header has {len(names)}",
        f"{mark}-separated text with the same number in every row",
        ("where the header is another line, name it with ", header, ", or pass ", none) if is_early else "",
        place=f"{text.name}:{line}",
    )
