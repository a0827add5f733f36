"""One table of a text, by the lines that are chosen or the records in it, and its layout."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from scenred.errors import InputError
from scenred.io.files.source import Text
from scenred.io.tables.delimiter import found_delimiter
from scenred.io.tables.dialect import Dialect, dialect_of
from scenred.io.tables.records import of_one_table
from scenred.io.tables.rows import COMMENT, head_of, is_row
from scenred.io.tables.several import chosen_lines, header_above
from scenred.options import Reading


def one_table(text: Text, reading: Reading) -> tuple[Text, Dialect]:
    """Return the text of one table, by the lines that are chosen or the records in it, and its layout."""
    whole = text
    if reading.rows is not None:
        text = chosen_lines(text, reading.rows, reading.header)
    layout = replace(reading, delimiter="\t") if reading.delimiter == " " else reading
    records = of_one_table(text, is_chosen=reading.rows is not None) if reading.header is None else None
    if records is not None:
        text, line = records
        layout = replace(layout, header=line)
    try:
        dialect = dialect_of(text, layout)
    except InputError as refusal:
        if reading.rows is None or reading.header is not None:
            raise
        above = header_above(whole, reading.rows, layout.delimiter or found_delimiter(head_of(text)))
        if above is None:
            raise
        advice = ("name the line of their header: pass ", above)
        raise InputError(refusal.met, refusal.needed, advice, place=refusal.place, remedy=(above,)) from refusal
    header = dialect.header if records is None else dialect.header._replace(is_known=True)
    return text, replace(dialect, header=header)


def lines_with_rows(text: Text, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield all rows of a text, header and all, each with its line."""
    reader = csv.reader(text.open(), delimiter=delimiter)
    with suppress(csv.Error):
        for fields in reader:
            if is_row(fields) and not fields[0].lstrip().startswith(COMMENT):
                yield reader.line_num, fields
