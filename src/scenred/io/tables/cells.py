"""What a cell of a text table holds: a number, a time, a mark for a missing value, or a word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

# Marks of a missing value that files of the field use, in lower case.
MISSING = frozenset(
    {"", "-", "--", "---", ".", "..", "...", "?", "\\n", "n/e", "n/a", "n.a.", "n/d", "n.d.", "nd", "n.v."}
    | {"k.a.", "na", "nan", "nat", "#n/a", "#na", "#nv", "<na>", "null", "<null>", "none"}
    | {"missing", "no data", "nodata"}
)
# As pandas compares them: letter by letter.
MISSING_CELLS = sorted(
    {form for mark in MISSING for form in (mark, mark.upper(), mark.capitalize(), mark.title())} | {"NaN", "NaT"}
)
MINUS = "\u2212"
GROUPS = "'\u2019\u00a0\u202f "
NUMBER_LIKE = re.compile(
    rf"[+\-{MINUS}]?(?:\d[\d.,{GROUPS}]*|[.,]\d+)(?:[eEdD][+-]?\d+)? ?%?|[+-]?inf(inity)?", re.ASCII | re.IGNORECASE
)
TIME_LIKE = re.compile(
    r"\d{4}([-/.])\d{1,2}\1\d{1,2}\b.*|\d{1,2}([-/.])\d{1,2}\2(\d{4}|\d{2})\b.*"
    r"|[a-z]{3,9}\.? \d{1,2}, \d{4}\b.*"
    r"|\d{1,2}[-/. ][a-z]{3,9}[-/. ,]+\d{2,4}\b.*"
    r"|\d{4}-?\d{2}-?\d{2}[t :]+\d{2}.*|\d{1,2}:\d{2}\b.*|\d{4}-\d{2}",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
# A number with something after it: neither a name nor a value.
NEARLY_NUMBER = re.compile(r"\s*+\(?[+-]?\d[\d.,]*+\)?\s*+[a-z%*?!/-]{0,5}+\s*+", re.ASCII | re.IGNORECASE)
GROUPED_POINT = re.compile(r"[+\-\u2212]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
GROUPED_COMMA = re.compile(r"[+\-\u2212]?[1-9]\d{0,2},\d{3}", re.ASCII)


def kind_of(cell: str) -> str:
    """Return what a cell looks like: 'missing', 'number', 'time' or 'word'.

    Examples
    --------
    >>> [kind_of(cell) for cell in ("1.234,5", "01.02.2020 00:00", "n/e", "north")]
    ['number', 'time', 'missing', 'word']
    """
    cell = cell.strip()
    if cell.casefold() in MISSING:
        return "missing"
    if TIME_LIKE.fullmatch(cell):
        return "time"
    return "number" if NUMBER_LIKE.fullmatch(cell) else "word"


@lru_cache(maxsize=8)
def number_pattern(decimal: str, *, grouped: bool) -> re.Pattern[str]:
    """Return the pattern of a number with this decimal mark; `grouped` allows marks between groups of three digits."""
    mark = re.escape(decimal)
    group = f"[{GROUPS}{',' if decimal == '.' else '.'}]"
    plain = rf"\d+(?:{mark}\d*)?|{mark}\d+"
    groups = rf"|[1-9]\d{{0,2}}(?P<group>{group})\d{{3}}(?:(?P=group)\d{{3}})*(?:{mark}\d*)?" if grouped else ""
    return re.compile(rf"\s*[+\-{MINUS}]?(?:{plain}{groups})(?:[eEdD][+-]?\d+)?\s*", re.ASCII)


def to_number(cell: str, decimal: str) -> float:
    """Read a cell that matches `number_pattern`.

    Examples
    --------
    >>> to_number("1.234,5", ","), to_number("1 234.5", ".")
    (1234.5, 1234.5)
    """
    for mark in GROUPS + (",." if decimal == "." else "."):
        if mark != decimal:
            cell = cell.replace(mark, "")
    return float(cell.replace(decimal, ".").replace(MINUS, "-").replace("D", "e").replace("d", "e"))


def decimal_mark(cells: Iterable[str]) -> tuple[str | None, bool]:
    """Find the decimal mark of number-like cells.

    Returns
    -------
    mark : '.' or ',' or None
        None if no cell decides.
    is_ambiguous : bool
        Whether a cell such as 1.234 could be above a thousand or near one, and no other decides.

    Examples
    --------
    >>> decimal_mark(["1.234", "12,5"]), decimal_mark(["1.234", "987"]), decimal_mark(["3", "4"])
    ((',', False), (None, True), (None, False))
    """
    point = comma = 0
    ambiguous = False
    for cell in cells:
        points, commas = cell.count("."), cell.count(",")
        if not points and not commas:
            continue
        if points and commas:
            last = max(cell.rfind("."), cell.rfind(","))
            point, comma = point + (cell[last] == "."), comma + (cell[last] == ",")
        elif points > 1 or commas > 1:
            point, comma = point + (commas > 1), comma + (points > 1)
        elif GROUPED_POINT.fullmatch(cell.strip()) or GROUPED_COMMA.fullmatch(cell.strip()):
            ambiguous = True
        else:
            point, comma = point + points, comma + commas
    if point or comma:
        return ("." if point >= comma else ","), False
    return None, ambiguous
