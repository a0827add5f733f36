"""Lines of text become rows of fields."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scenred.io.files.source import Text
from scenred.io.tables.cells import kind_of

COMMENT = ("#", "%", "//", "sep=")
SAMPLE_BYTES = 1 << 17
SAMPLE_ROWS = 300


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one row, and its first and last line, counted from 1."""

    first: int
    last: int
    fields: list[str]


def head_of(text: Text) -> list[str]:
    """Return the first lines, whole ones only."""
    end = len(text.data)
    most = SAMPLE_BYTES + text.blank
    if end > most:
        cut = text.data.rfind(b"\n", 0, most)
        for _ in range(4 if cut < 0 else 0):  # long lines: some of them
            cut = text.data.find(b"\n", cut + 1)
        end = cut + 1 if cut >= 0 else end
    return text.data[:end].decode().replace("\r\n", "\n").split("\n")[: 4 * SAMPLE_ROWS + text.blank]


def split(lines: Sequence[str], delimiter: str) -> list[Row]:
    """Split lines into rows; those that are blank or comments are left out."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    rows: list[Row] = []
    before = 0
    try:
        for fields in reader:
            first, before = before + 1, reader.line_num
            if is_row(fields) and not fields[0].lstrip().startswith(COMMENT):
                rows.append(Row(first, reader.line_num, fields))
            if len(rows) >= SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return rows


def is_row(fields: Sequence[str]) -> bool:
    """Return whether a line that was split is not blank."""
    return len(fields) > 1 or bool(fields and fields[0].strip())


def fields_of(line: str, delimiter: str) -> list[str]:
    """Split one line; one that cannot be split has no field."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def width_of(rows: Sequence[Sequence[str]]) -> int:
    """Return the number of fields that most rows have; the first such number if two are as frequent."""
    counts = Counter(map(len, rows))
    return counts.most_common(1)[0][0] if counts else 0


def kinds_of(rows: Sequence[Row], width: int) -> list[str]:
    """Return what most cells of each column look like, in the second half of the rows."""
    body = [row.fields for row in rows if len(row.fields) == width]
    body = body[len(body) // 2 :] if len(body) > 2 else body[-1:]
    kinds = []
    for column in zip(*body, strict=True):
        counts = Counter(kind for kind in map(kind_of, column) if kind != "missing")
        kinds.append(counts.most_common(1)[0][0] if counts else "missing")
    return kinds
