"""What a cell of a text table holds: a number, a time, a mark for a missing value, or a word."""

from __future__ import annotations

import re
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
# Numbers with two points or more: a version such as 0.4.7, if they are not groups of three digits.
VERSION = re.compile(r"v?(?!\d{1,3}(?:\.\d{3})+$)\d+(?:\.\d+){2,}", re.ASCII | re.IGNORECASE)


def kind_of(cell: str) -> str:
    """Return what a cell looks like: 'missing', 'number', 'time' or 'word'.

    Examples
    --------
    >>> [kind_of(cell) for cell in ("1.234,5", "01.02.2020 00:00", "n/e", "north", "0.4.7")]
    ['number', 'time', 'missing', 'word', 'word']
    """
    cell = cell.strip()
    if cell.casefold() in MISSING:
        return "missing"
    if TIME_LIKE.fullmatch(cell):
        return "time"
    is_number = NUMBER_LIKE.fullmatch(cell) and not (cell.count(".") > 1 and VERSION.fullmatch(cell))
    return "number" if is_number else "word"


@lru_cache(maxsize=8)
def number_pattern(decimal: str, *, grouped: bool) -> re.Pattern[str]:
    """Return the pattern of a number with this decimal mark; `grouped` allows marks between groups of digits.

    Groups have three digits, or two before the last three with commas between them, as in India: 12,34,567.8.
    """
    mark = re.escape(decimal)
    group = f"[{GROUPS}{',' if decimal == '.' else '.'}]"
    plain = rf"(?:\d+(?:{mark}\d*)?|{mark}\d+)(?:[eEdD][+-]?\d+)?"
    groups = rf"|[1-9]\d{{0,2}}(?P<group>{group})\d{{3}}(?:(?P=group)\d{{3}})*(?:{mark}\d*)?" if grouped else ""
    if grouped and decimal == ".":
        groups += r"|[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d*)?"
    return re.compile(rf"\s*[+\-{MINUS}]?(?:{plain}{groups})\s*", re.ASCII)


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
