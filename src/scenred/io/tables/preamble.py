"""Lines above a table that are not its header: titles, and the metadata of a station or a plant.

Programs pad them with delimiters, so that they have the fields of a row. They are told from rows by the columns that
hold the calendar, whose cells are all written alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scenred.io.tables.cells import kind_of
from scenred.io.tables.rows import Row

# Rows of metadata between such lines and the header, at most, and rows below for each of them, at least.
FEW, MANY = 5, 10
# Rows by which a column is judged, at least, and the share of cells that are written alike.
ENOUGH, ALIKE = 4, 0.9
# Years, and dates without marks: 201901, 20190131, 2019013112, 201901311200.
CALENDAR = {
    "year": re.compile(r"(19|20|21)\d\d(\.0+)?", re.ASCII),
    "month": re.compile(r"(19|20|21)\d\d(0[1-9]|1[0-2])", re.ASCII),
    "date": re.compile(r"(19|20|21)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])(\d\d){0,3}", re.ASCII),
}
# Words in the names of columns of times, in the languages of operators.
TIME_WORD = re.compile(
    r"time|date|stamp|year|month|day|hour|period|utc|gmt|epoch|datum|zeit|jahr|monat|tag\b|stunde|"
    r"fecha|hora|año|heure|année|jour|data\b|ora\b|anno|godz|tid\b|dato|aika|pvm|tarih|saat|tijd|čas|cas\b|"
    r"\byr\b|\byyyy|\bdoy\b|\bmtu\b|[日时時年月]|일시|시간",
    re.IGNORECASE,
)


def calendar_columns(rows: Sequence[Row], kinds: Sequence[str]) -> dict[int, str]:
    """Return which columns hold times, years or dates without marks, by the second half of the rows."""
    body = [row.fields for row in rows if len(row.fields) == len(kinds)]
    body = body[len(body) // 2 :]
    if len(body) < ENOUGH:
        return {}
    found: dict[int, str] = {}
    for position, column in enumerate(zip(*body, strict=True)):
        cells = [cell.strip() for cell in column if kind_of(cell) != "missing"]
        for form in ("time", *CALENDAR):
            if cells and sum(_is_of(cell, form) for cell in cells) >= ALIKE * len(column):
                found[position] = form
                break
    return found


def is_preamble(row: Row, calendar: Mapping[int, str]) -> bool:
    """Return whether a cell of a row is not written as the times of the rows below."""
    cells = ((row.fields[position].strip(), form) for position, form in calendar.items() if position < len(row.fields))
    return any(kind_of(cell) != "missing" and not _is_of(cell, form) for cell, form in cells)


def is_named(row: Row) -> bool:
    """Return whether most cells of a row are words, all different, and none is a number or a time."""
    kinds = [kind_of(cell) for cell in row.fields]
    words = [cell.strip() for cell, kind in zip(row.fields, kinds, strict=True) if kind == "word"]
    return not {"number", "time"} & set(kinds) and len(words) > len(kinds) / 2 and len(set(words)) == len(words)


def names_times(row: Row, calendar: Mapping[int, str]) -> bool:
    """Return whether a row calls a column of times by a word for time."""
    return any(TIME_WORD.search(row.fields[at]) is not None for at in calendar if at < len(row.fields))


def named_below(alike: Sequence[Row], data: int) -> int | None:
    """Return the last row of names within a few rows from `data` on, the first that could be one of data.

    None if there is none, or too few rows follow to say that those above it are not rows of the table.
    """
    below = [at for at in range(data + 1, min(data + 1 + FEW, len(alike) - 1)) if is_named(alike[at])]
    return below[-1] if below and len(alike) - below[-1] - 1 >= MANY * (below[-1] - data) else None


def _is_of(cell: str, form: str) -> bool:
    return kind_of(cell) == "time" if form == "time" else CALENDAR[form].fullmatch(cell) is not None
