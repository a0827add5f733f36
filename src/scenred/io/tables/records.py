"""Texts of records, whose first cell says what a line is: C a comment, I the header of a table, D a row of it.

Rules: AEMO, "NEM data model: CSV data format standard".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scenred.errors import InputError, Setting
from scenred.io.files.source import Text
from scenred.io.tables.several import LISTED

RECORD = re.compile(rb'"?([CID])"?,"?([^",\r\n]*)"?,"?([^",\r\n]*)"?,"?([^",\r\n]*)"?(?:,|\r?$)')
# Lines that decide whether a text is one of records.
HEAD = 50


@dataclass
class _Records:
    """A table of records: the line of its header, its rows, and the last line of them."""

    header: int
    rows: int = 0
    last: int = 0


def of_one_table(text: Text, *, is_chosen: bool) -> tuple[Text, str] | None:
    """Return a text with nothing but the header and the rows of one table, and the line of the header.

    The cells that name the table are left out. None if lines are no such records. Where lines are chosen, the table is
    the first in them; else raise an InputError if there are several.
    """
    if not _is_records(text.data):
        return None
    lines = text.data.split(b"\n")
    keys = [RECORD.match(line) for line in lines]
    tables: dict[tuple[bytes, ...], _Records] = {}
    for number, found in enumerate(keys, start=1):
        if found is None or found[1] == b"C":
            continue
        table = tables.get(found.groups()[1:])
        if found[1] == b"I":
            tables.setdefault(found.groups()[1:], _Records(number))
        elif table is not None:
            table.rows, table.last = table.rows + 1, number
    filled = {key: table for key, table in tables.items() if table.rows}
    if not filled:
        return None
    if len(filled) > 1 and not is_chosen:
        raise _several(text, filled)
    key, table = next(iter(filled.items()))
    kept = (
        line[found.end() :]
        if found and found.groups()[1:] == key and (found[1] == b"D" or number == table.header)
        else b""
        for number, (line, found) in enumerate(zip(lines, keys, strict=True), start=1)
    )
    return replace(text, data=b"\n".join(kept)), str(table.header)


def _is_records(data: bytes) -> bool:
    head = [line for line in data[: 1 << 16].lstrip(b"\n").split(b"\n")[:HEAD] if line.strip()]
    head = head if len(data) <= 1 << 16 or len(head) == HEAD else head[:-1]
    kinds = [RECORD.match(line) for line in head]
    found = {kind[1] for kind in kinds if kind is not None}
    return all(kinds) and {b"I", b"D"} <= found


def _several(text: Text, tables: dict[tuple[bytes, ...], _Records]) -> InputError:
    largest = max(tables, key=lambda key: tables[key].rows)
    keys = [largest, *(key for key in tables if key != largest)]
    settings = [Setting("rows", f"{tables[key].header}-{tables[key].last}") for key in keys]
    named = [" ".join(part.decode(errors="replace") for part in key[:2]) for key in keys]
    choices = zip(settings[:LISTED], named, strict=False)
    ways = [part for setting, name in choices for part in (setting, f" ({name})", ", ")]
    return InputError(
        f"holds {len(tables)} tables of records",
        "one",
        ("choose by its lines: pass ", *ways[:-1]),
        place=text.name,
        remedy=(settings[0],),
    )
