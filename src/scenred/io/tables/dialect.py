"""The dialect of a text: delimiter, decimal mark, header, and the lines that are not rows.

What a file does not decide is refused, with the option that decides it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scenred.errors import InputError, Setting
from scenred.io.files.source import Text
from scenred.io.tables.cells import kind_of
from scenred.io.tables.delimiter import found_delimiter, is_spaced
from scenred.io.tables.footer import Idle, idle_lines
from scenred.io.tables.header import Header, header_of
from scenred.io.tables.marks import SHOWN, Marks, is_nearly_number, votes_of
from scenred.io.tables.rows import Row, head_of, kinds_of, split, width_of
from scenred.options import Reading

MOST_COLUMNS = 10_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text is laid out.

    `marks` holds the decimal mark and how sure it is, `kinds` what the cells of each column look like in the sample.
    """

    delimiter: str
    marks: Marks
    header: Header
    idle: Idle
    kinds: list[str]

    @property
    def decimal(self) -> str:
        """The decimal mark."""
        return self.marks.decimal


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
    marks = Marks(reading.decimal, True, True, True) if reading.decimal else _marks(text, body, kinds, delimiter)
    return Dialect(delimiter, marks, header, idle_lines(text.data, delimiter, kinds, header), kinds)


def _marks(text: Text, body: Sequence[Row], kinds: Sequence[str], delimiter: str) -> Marks:
    """Find the decimal mark in the sample, else in the whole text."""
    cells = [
        cell
        for row in body
        for cell, kind in zip(row.fields, kinds, strict=False)
        if kind != "time" and ("." in cell or "," in cell) and is_nearly_number(cell)
    ]
    votes = votes_of(cells)
    if votes.mark is None and delimiter == "," and not any("," in cell for cell in cells):
        return Marks(".", bool(cells))
    if votes.mark is None:
        ends = re.escape(delimiter)
        number = rf'(?:^|[{ends}"])[ +-]*(\d[\d.,]*[.,]\d+)(?=[{ends}"\r\n ])'.encode()
        found = (match[1].decode() for match in re.finditer(number, text.data, re.MULTILINE))
        votes = votes_of(cell for cell in found if kind_of(cell) == "number")
    if votes.mark is None and votes.open:
        point, comma = Setting("decimal", "."), Setting("decimal", ",")
        raise InputError(
            f"numbers such as {votes.open} can be read in two ways, and no number decides",
            advice=("say which mark is the decimal one: ", point, " or ", comma),
            place=text.name,
        )
    is_common = max(votes.point, votes.comma) * 2 > len(body)
    return Marks(votes.mark or ".", votes.mark is not None, votes.groups >= SHOWN, is_common=is_common)
