"""Several tables in one text: the lines of each, and the text of the lines that are chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from scenred.errors import InputError, Setting
from scenred.io.files.source import Text
from scenred.io.tables.cells import kind_of
from scenred.io.tables.rows import fields_of, head_of, split

# Tables that a message names.
LISTED = 5
# Rows of a table above another, at least: fewer are dates in lines about the file.
FEW = 3
# Rows that are looked through for a message, at most.
MOST_ROWS = 1_000_000


@dataclass
class _Lines:
    """The lines of a table, the number of its fields, its header and its first row."""

    first: int
    last: int
    width: int
    header: list[str]
    row: list[str]

    def is_before(self, header: list[str], fields: Sequence[str]) -> bool:
        """Return whether another table begins with this header and row: its header differs, or its times are again."""
        if header != self.header:
            return bool(header)
        times = [place for place, cell in enumerate(self.row) if kind_of(cell) == "time"]
        return bool(times) and all(fields[place] == self.row[place] for place in times)


def chosen_lines(text: Text, rows: str, header: str | None) -> Text:
    """Return a text of which only some lines are left, and those of a header that is given; the others are empty.

    Raise an InputError if the text ends before them.
    """
    first, last = map(int, rows.split("-"))
    begin, end = _position(text.data, first), _position(text.data, last + 1)
    if not text.data[begin:end].strip():
        count = text.data.count(b"\n") + (not text.data.endswith(b"\n"))
        raise InputError(
            f"lines {rows} hold nothing, and the text has {count:,}", advice="name others", place=text.name
        )
    above = [b""] * (first - 1)
    if header not in (None, "none"):
        top, _, bottom = str(header).partition("-")
        for line in range(int(top), min(int(bottom or top), first - 1) + 1):
            above[line - 1] = text.data[_position(text.data, line) : _position(text.data, line + 1)].rstrip(b"\r\n")
    data = b"\n".join([*above, text.data[begin:end]])
    return replace(text, data=data, blank=first - 1)


def header_above(text: Text, rows: str, delimiter: str) -> Setting | None:
    """Return the line above the chosen ones that may be their header: words only, in as many fields."""
    first = int(rows.partition("-")[0])
    begin = _position(text.data, first)
    line = text.data[begin : _position(text.data, first + 1)].decode(errors="replace").strip()
    width = len(fields_of(line, delimiter))
    above = (row for row in reversed(split(head_of(text), delimiter)) if row.last < first)
    found = next((row for row in above if len(row.fields) == width and _is_header(row.fields)), None)
    return None if found is None else Setting("header", str(found.first))


def tables_in(rows: Iterable[tuple[int, Sequence[str]]]) -> list[tuple[int, int]]:
    """Return the first and last line of each table among rows with their lines: words, and rows of data below them.

    Examples
    --------
    >>> tables_in([(1, ["t", "x"]), (2, ["1", "2"]), (3, ["3", "4"]), (5, ["a", "b", "c"]), (6, ["1", "2", "3"])])
    [(1, 3), (5, 6)]
    """
    found: list[_Lines] = []
    above: tuple[int, list[str]] | None = None  # words that may be the header of the next row
    for line, fields in rows:
        here = found[-1] if found else None
        if line > MOST_ROWS:
            break
        if here is not None and above is None and len(fields) == here.width and _is_data(fields[:1]):
            here.last = line
        elif _is_header(fields):
            above = above if above is not None and len(above[1]) == len(fields) else (line, list(fields))
        elif _is_data(fields):
            top, header = above if above is not None and len(above[1]) == len(fields) else (line, [])
            if here is not None and len(fields) == here.width and not here.is_before(header, fields):
                here.last = line
            elif header or here is None:
                found.append(_Lines(top, line, len(fields), header, list(fields)))
            above = None
    return [(table.first, table.last) for table in found]


def check_one_table(text: Text, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Raise an InputError if a text holds several tables, with the lines of each."""
    tables = tables_in(rows)
    if len(tables) < 2:
        return
    settings = [Setting("rows", f"{first}-{last}") for first, last in tables]
    largest = max(range(len(tables)), key=lambda number: tables[number][1] - tables[number][0])
    others = [part for setting in settings[:LISTED] if setting != settings[largest] for part in (", or ", setting)]
    raise InputError(
        f"holds {len(tables)} tables one below the other",
        "one",
        ("choose by its lines: pass ", settings[largest], " (the largest)", *others),
        place=f"{text.name}:{tables[1][0]}",
        remedy=(settings[largest],),
    )


def has_line_of_words(text: Text, delimiter: str) -> bool:
    """Return whether some line below the first begins with a field of letters alone, as a second header does."""
    return (
        re.compile(rb'\n"?[A-Za-z]{2}[^\d\n]*?' + re.escape(delimiter.encode())).search(text.data, text.begin)
        is not None
    )


def has_table_above(begin: int, rows: Iterable[tuple[int, Sequence[str]]]) -> bool:
    """Return whether rows that begin with a time lie above the line at which those of the table begin."""
    above = takewhile(lambda row: row[0] < begin, rows)
    return sum(len(fields) > 1 and kind_of(fields[0]) == "time" for _, fields in above) >= FEW


def _is_header(fields: Sequence[str]) -> bool:
    kinds = [kind_of(field) for field in fields]
    return kinds.count("word") > 1 and {"number", "time"}.isdisjoint(kinds)


def _is_data(fields: Sequence[str]) -> bool:
    return not {"number", "time"}.isdisjoint(map(kind_of, fields))


def _position(data: bytes, line: int) -> int:
    """Return where a line begins, counted from 1; the end for one below the last."""
    position = 0
    for _ in range(line - 1):
        position = data.find(b"\n", position) + 1
        if not position:
            return len(data)
    return position
