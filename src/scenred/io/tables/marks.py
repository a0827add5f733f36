"""What the cells of a text say about its decimal mark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from scenred.io.tables.cells import NEARLY_NUMBER, NUMBER_LIKE, number_pattern

# What follows a number in its cell: a unit or a mark.
ENDING = re.compile(r"\s*[a-z%*?!/]{1,5}$", re.ASCII | re.IGNORECASE)


class Marks(NamedTuple):
    """The decimal mark; whether cells or an option decided it, and whether groups of digits are beyond doubt."""

    decimal: str
    is_decided: bool = False
    is_sure: bool = False
    is_given: bool = False


class Votes(NamedTuple):
    """Cells that only one decimal mark can read, cells that show groups of digits, and a cell that both can read."""

    point: int = 0
    comma: int = 0
    groups: int = 0
    open: str = ""

    @property
    def mark(self) -> str | None:
        """The mark that most cells need, None if no cell needs one."""
        if not self.point and not self.comma:
            return None
        return "." if self.point >= self.comma else ","


def votes_of(cells: Iterable[str]) -> Votes:
    """Count what number-like cells say about the decimal mark.

    Examples
    --------
    >>> votes_of(["1.234", "12,5"]), votes_of(["1.234,5", "0.4.7", "987"])
    (Votes(point=0, comma=1, groups=0, open='1.234'), Votes(point=0, comma=1, groups=1, open=''))
    >>> [votes_of([cell]).mark for cell in ("1.2345", "1.234.567", "0.123", "12,34", "12,34,567", "1'234,567", "1.234")]
    ['.', ',', '.', ',', '.', ',', None]
    """
    point = comma = groups = 0
    example = ""
    for given in cells:
        cell = bare(given)
        if "." not in cell and "," not in cell:
            continue
        reads = [mark for mark in ".," if number_pattern(mark, grouped=True).fullmatch(cell)]
        if len(reads) == 2:
            example = example or cell
        elif reads:
            point, comma = point + (reads[0] == "."), comma + (reads[0] == ",")
            groups += shows_groups(cell, reads[0])
    return Votes(point, comma, groups, example)


def is_nearly_number(cell: str) -> bool:
    """Return whether a cell holds a number, also with a unit behind it."""
    return bool(NUMBER_LIKE.fullmatch(cell.strip()) or NEARLY_NUMBER.fullmatch(cell))


def bare(cell: str) -> str:
    """Return a cell without blanks around it and the unit behind its number."""
    cell = cell.strip()
    return (
        ENDING.sub("", cell) if NEARLY_NUMBER.fullmatch(cell) and not NUMBER_LIKE.fullmatch(cell) else cell.rstrip("% ")
    )


def shows_groups(cell: str, decimal: str) -> bool:
    """Return whether a cell can only be a number in groups: 1.234,5 or 1.234.567.

    Examples
    --------
    >>> [shows_groups(cell, ",") for cell in ("1.234,5", "1.234.567", "1.234", "987,5")]
    [True, True, False, False]
    """
    mark = "," if decimal == "." else "."
    count = cell.count(mark)
    return count > 0 and (count > 1 or decimal in cell) and bool(number_pattern(decimal, grouped=True).fullmatch(cell))
