"""The delimiter between fields: found in the first lines; spaces become tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scenred.io.files.source import Text
from scenred.io.tables.cells import kind_of
from scenred.io.tables.rows import Row, split, width_of

DELIMITERS = ("\t", ";", "|", ",")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}


def found_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter whose rows agree in width and whose cells are numbers and times."""
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        rows = [row.fields for row in split(lines, delimiter)]
        width = width_of(rows)
        if width < 2:
            continue
        alike = [fields for fields in rows if len(fields) == width]
        cells = [kind_of(cell) for fields in alike[-50:] for cell in fields]
        clean = 1 - cells.count("word") / len(cells)
        here = (len(alike) / len(rows)) * (0.2 + clean)
        if here > score + 1e-9:
            best, score = delimiter, here
    return best


def is_spaced(rows: Sequence[Row]) -> bool:
    """Return whether most rows of one field hold the same number of words between spaces, two of them numbers."""
    words = [row.fields[0].split() for row in rows[len(rows) // 2 :][-50:]]
    width = width_of(words)
    numbers = [sum(kind_of(word) == "number" for word in fields) for fields in words if len(fields) == width]
    return width > 2 and len(numbers) > len(words) / 2 and min(numbers[-5:], default=0) >= 2


def with_tabs(text: Text) -> Text:
    """Write one tab for any number of spaces and tabs between fields, and none at the ends of lines."""
    data = re.sub(rb"^[ \t]+|[ \t]+(?=\r?$)", b"", text.data[text.begin :], flags=re.MULTILINE)
    return replace(text, data=re.sub(rb"[ \t]+", b"\t", data), begin=0)
