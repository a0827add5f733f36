"""How a text is laid out as a table: delimiter, decimal mark, the lines of the header and those that are no rows.

What a file cannot decide is refused with the flag that decides it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scenred.errors import InputError
from scenred.io.files.source import Text
from scenred.io.tables.cells import NUMBER_LIKE, decimal_mark, kind_of
from scenred.io.tables.footer import idle_lines, repeated_lines
from scenred.io.tables.header import header_of
from scenred.io.tables.rows import DELIMITERS, Row, head_of, kinds_of, split, width_of
from scenred.options import Reading

MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
MOST_COLUMNS = 10_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """Hold how a text is laid out.

    `header` are the first and last line of the header (None without one), `begin` is the line of the first row,
    `idle` the lines after it that are no rows (of them `footer` below the table, where there are no others, and
    `repeated` the header again, as in files that were strung together), `is_decided` says whether cells (or a
    caller) told the decimal mark, and `kinds` what the cells of each column look like in the sample.
    """

    delimiter: str
    decimal: str
    is_decided: bool
    header: tuple[int, int] | None
    names: list[str]
    begin: int
    idle: tuple[int, ...]
    footer: int
    repeated: int
    kinds: list[str]


def dialect_of(text: Text, reading: Reading) -> Dialect:
    """Find the layout of a text, or take what is told.

    Raises
    ------
    InputError
        When there is no header, several lines could be it, or the decimal mark cannot be told.
    """
    lines = head_of(text)
    delimiter = reading.delimiter or _delimiter(lines)
    rows = split(lines, delimiter)
    width = width_of(rows)
    if width == 1 and _is_spaced(rows):
        raise InputError(
            f"{text.name}: fields seem to stand between spaces, and scenred was not told so; pass --delimiter space",
            {"delimiter": " "},
        )
    if width > MOST_COLUMNS:
        raise InputError(
            f"{text.name}: has {width:,} columns; scenred reads at most {MOST_COLUMNS:,}; split the file"
        )
    kinds = kinds_of(rows, width)
    header, names, begin = header_of(text, rows, width, kinds, reading.header)
    body = [row for row in rows if row.first >= begin]
    mark, is_decided = _decimal(text, body, kinds, delimiter, reading.decimal)
    idle, footer = idle_lines(text, delimiter, width, kinds, begin)
    again = repeated_lines(text, header, begin)
    if again:
        idle, footer = tuple(sorted({*idle, *again})), 0
    return Dialect(delimiter, mark, is_decided, header, names, begin, idle, footer, len(again), kinds)


def blanked(text: Text, dialect: Dialect) -> Text:
    """Give the text from the first row on with the lines that are no rows made empty, so that lines keep numbers."""
    lines_before = dialect.begin - 1
    position = 0
    for _ in range(lines_before):
        position = (text.data.find(b"\n", position) + 1) or len(text.data)
    if not dialect.idle:
        return replace(text, begin=position)
    data = text.data[position:]
    if len(dialect.idle) == dialect.footer:  # only below the table: cut it there
        rest = text.data.count(b"\n", position) + lines_before + 1 - (dialect.idle[0] - 1)
        end = len(data)
        for _ in range(rest):
            end = data.rfind(b"\n", 0, end)
        return replace(text, data=data[: end + 1])
    idle = {line - dialect.begin for line in dialect.idle}
    lines = (b"" if number in idle else line for number, line in enumerate(data.split(b"\n")))
    return replace(text, data=b"\n".join(lines))


def _delimiter(lines: Sequence[str]) -> str:
    """Choose the delimiter whose rows agree in width and whose cells are numbers and times."""
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        rows = split(lines, delimiter)
        width = width_of(rows)
        if width < 2:
            continue
        alike = [row for row in rows if len(row.fields) == width]
        cells = [kind_of(cell) for row in alike[-50:] for cell in row.fields]
        clean = 1 - cells.count("word") / len(cells)
        here = (len(alike) / len(rows)) * (0.2 + clean)
        if here > score + 1e-9:
            best, score = delimiter, here
    return best


def _is_spaced(rows: Sequence[Row]) -> bool:
    """Say whether most rows of one field hold the same number of words between spaces, two of them numbers."""
    words = [row.fields[0].split() for row in rows[len(rows) // 2 :][-50:]]
    width = width_of([Row(0, 0, fields) for fields in words])
    numbers = [sum(kind_of(word) == "number" for word in fields) for fields in words if len(fields) == width]
    return width > 2 and len(numbers) > len(words) / 2 and min(numbers[-5:], default=0) >= 2


def _decimal(
    text: Text, body: Sequence[Row], kinds: Sequence[str], delimiter: str, told: str | None
) -> tuple[str, bool]:
    """Find the decimal mark in the sample, else in the whole text."""
    if told is not None:
        return told, True
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
        found = re.finditer(
            rf'(?:^|[{ends}"])[ +-]*(\d[\d.,]*[.,]\d+)(?=[{ends}"\r\n ])'.encode(), text.data, re.MULTILINE
        )
        mark, is_ambiguous = decimal_mark(cell for cell in ((match[1].decode()) for match in found)
                                          if kind_of(cell) == "number")  # fmt: skip
    if mark is None and is_ambiguous:
        example = next((cell for cell in cells if "." in cell or "," in cell), "1.234")
        raise InputError(
            f"{text.name}: numbers such as {example} can be read in two ways, and no number decides; say which mark "
            "is the decimal one: --decimal . or --decimal ,"
        )
    return mark or ".", mark is not None
