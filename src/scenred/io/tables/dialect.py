"""The dialect of a text: delimiter, decimal mark, header, and the lines that are not rows.

What a file does not decide is refused, with the option that decides it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scenred.errors import InputError, Setting
from scenred.io.files.source import Text
from scenred.io.tables.cells import NUMBER_LIKE, decimal_mark, kind_of
from scenred.io.tables.delimiter import found_delimiter, is_spaced
from scenred.io.tables.footer import Idle, idle_lines
from scenred.io.tables.header import Header, header_of
from scenred.io.tables.rows import Row, head_of, kinds_of, split, width_of
from scenred.options import Reading

MOST_COLUMNS = 10_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text is laid out.

    `is_decided` says whether cells or an option decided the decimal mark, and `kinds` what the cells of each column
    look like in the sample.
    """

    delimiter: str
    decimal: str
    is_decided: bool
    header: Header
    idle: Idle
    kinds: list[str]


def dialect_of(text: Text, reading: Reading) -> Dialect:
    """Return the layout of a text: what is given, and what is found.

    Raise an InputError if there is no header, several lines could be it, or the decimal mark is not decided.
    """
    lines = head_of(text)
    delimiter = reading.delimiter or found_delimiter(lines)
    rows = split(lines, delimiter)
    width = width_of([row.fields for row in rows])
    if width == 1 and is_spaced(rows):
        space = Setting("delimiter", " ")
        raise InputError(
            "fields seem to be separated by spaces", advice=("pass ", space), place=text.name, remedy=(space,)
        )
    if width > MOST_COLUMNS:
        raise InputError(
            f"has {width:,} columns; scenred reads at most {MOST_COLUMNS:,}", advice="split the file", place=text.name
        )
    kinds = kinds_of(rows, width)
    header = header_of(text, rows, kinds, reading.header)
    body = [row for row in rows if row.first >= header.begin]
    mark = (reading.decimal, True) if reading.decimal is not None else _decimal(text, body, kinds, delimiter)
    return Dialect(delimiter, *mark, header, idle_lines(text.data, delimiter, kinds, header), kinds)


def _decimal(text: Text, body: Sequence[Row], kinds: Sequence[str], delimiter: str) -> tuple[str, bool]:
    """Find the decimal mark in the sample, else in the whole text."""
    cells = [
        cell.strip()
        for row in body
        for cell, kind in zip(row.fields, kinds, strict=False)
        if kind != "time" and NUMBER_LIKE.fullmatch(cell.strip())
    ]
    mark, is_ambiguous = decimal_mark(cells)
    if mark is None and delimiter == "," and not any("," in cell for cell in cells):
        return ".", any("." in cell for cell in cells)
    if mark is None:
        ends = re.escape(delimiter)
        number = rf'(?:^|[{ends}"])[ +-]*(\d[\d.,]*[.,]\d+)(?=[{ends}"\r\n ])'.encode()
        found = (match[1].decode() for match in re.finditer(number, text.data, re.MULTILINE))
        mark, is_ambiguous = decimal_mark(cell for cell in found if kind_of(cell) == "number")
    if mark is None and is_ambiguous:
        example = next((cell for cell in cells if "." in cell or "," in cell), "1.234")
        point, comma = Setting("decimal", "."), Setting("decimal", ",")
        raise InputError(
            f"numbers such as {example} can be read in two ways, and no number decides",
            advice=("say which mark is the decimal one: ", point, " or ", comma),
            place=text.name,
        )
    return mark or ".", mark is not None
