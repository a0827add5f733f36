"""What the cells of a text say about its decimal mark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from scenred.io.tables.cells import NEARLY_NUMBER, NUMBER_LIKE, number_pattern

# What follows a number in its cell: a unit or a mark.
ENDING = re.compile(r"\s*[a-z%*?!/]{1,5}$", re.ASCII | re.IGNORECASE)


class Marks(NamedTuple):
    """The decimal mark, and how sure it is.

    Whether cells or an option decided it; whether groups of digits are beyond doubt; whether the option is given; and
    whether most rows have a number with this mark.
    """

    decimal: str
    is_decided: bool = False
    is_sure: bool = False
    is_given: bool = False
    is_common: bool = False


# Cells that show groups of digits, at least, so that others are beyond doubt.
SHOWN = 3


class Votes(NamedTuple):
    """Cells that only one decimal mark can read, those of them that show groups, and a cell that both can read."""

    point: int = 0
    comma: int = 0
    open: str = ""
    point_groups: int = 0
    comma_groups: int = 0

    @property
    def mark(self) -> str | None:
        """The mark that most cells need, None if no cell needs one."""
        if not self.point and not self.comma:
            return None
        return "." if self.point >= self.comma else ","

    @property
    def groups(self) -> int:
        """Cells that show groups of digits next to that mark."""
        return self.point_groups if self.mark == "." else self.comma_groups


def votes_of(cells: Iterable[str]) -> Votes:
    """Count what number-like cells say about the decimal mark.

    Examples
    --------
    >>> votes = votes_of(["1.234", "12,5", "1.234,5", "0.4.7", "987"])
    >>> votes.mark, votes.comma, votes.groups, votes.open
    (',', 2, 1, '1.234')
    >>> [votes_of([cell]).mark for cell in ("1.2345", "1.234.567", "0.123", "12,34", "12,34,567", "1'234,567", "1.234")]
    ['.', ',', '.', ',', '.', ',', None]
    """
    counts, groups, example = {".": 0, ",": 0}, {".": 0, ",": 0}, ""
    for given in cells:
        cell = bare(given)
        if "." not in cell and "," not in cell:
            continue
        reads = [mark for mark in ".," if number_pattern(mark, grouped=True).fullmatch(cell)]
        if len(reads) == 2:
            example = example or cell
        elif reads:
            counts[reads[0]] += 1
            groups[reads[0]] += shows_groups(cell, reads[0])
    return Votes(counts["."], counts[","], example, groups["."], groups[","])


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
