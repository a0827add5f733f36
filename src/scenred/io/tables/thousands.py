"""Numbers such as 1.234 are above a thousand or near one: what is beyond doubt is read, all else refused.

They are thousands if some cell shows groups (1.234,5 or 1.234.567), or an option says so; with a note if the column
runs up to a thousand without them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import numpy as np

from scenred.arrays import Float64, Int64
from scenred.errors import InputError, Setting
from scenred.io.tables.cells import MINUS, number_pattern, to_number
from scenred.io.tables.marks import SHOWN, Marks, shows_groups
from scenred.notes import note

# A number that is above a thousand or near one, as the mark in it is read.
OPEN = re.compile(rf"[+\-{MINUS}]?[1-9]\d{{0,2}}[.,]\d{{3}}", re.ASCII)
# Numbers from 100 to 999 in a column, at least, from which on those in groups continue them.
HUNDREDS = 3
# Share of such whole numbers next to numbers with three decimals, at least, that no rounding explains.
OFTEN_WHOLE = 0.05
HEAD = 5_000
OTHER = {".": ",", ",": "."}


def check_groups(
    name: str, words: Sequence[str], codes: Int64, marks: Marks, place: Callable[[int], str], texts: Iterable[str]
) -> None:
    """Raise an InputError, or note, if a cell of a text column would be thousands and need not be.

    `words` are the distinct cells of the column and `codes` those of its rows; `texts` are the cells of all columns.
    """
    decimal = marks.decimal
    cell = open_cell(words, decimal)
    if cell is None or marks.is_sure:
        return
    shown = list(islice((text for text in texts if shows_groups(text.strip(), decimal)), SHOWN))
    if len(shown) == SHOWN:
        return
    row = int(np.argmax(codes == words.index(cell)))
    near, above = Setting("decimal", OTHER[decimal]), Setting("decimal", decimal)
    is_other = marks.is_common and not any(decimal in word for word in words)
    if shown or is_other or reaches_hundreds(words, decimal):
        reason = f"as {shown[0].strip()} is in thousands" if shown else f"as others have the decimal mark {decimal}"
        note(
            f"{place(row)}: {name} is {cell!r}, read as {to_number(cell, decimal):g}, {reason}; pass ",
            *(near, " if that is wrong, ", above, " to confirm"),
        )
        return
    raise _undecided(name, words, codes, decimal, place)


def _undecided(name: str, words: Sequence[str], codes: Int64, decimal: str, place: Callable[[int], str]) -> InputError:
    """Return the refusal of numbers in thousands which only a few others speak for, with the likely reading first."""
    near, above = Setting("decimal", OTHER[decimal]), Setting("decimal", decimal)
    opened = np.isin(
        codes, [number for number, word in enumerate(words) if decimal not in word and OPEN.fullmatch(word)]
    )
    voters = np.isin(codes, [number for number, word in enumerate(words) if decimal in word])
    cell, row = open_cell(words, decimal) or "", int(np.argmax(opened))
    who = "a number of another column has"
    if voters.any():
        first = int(np.argmax(voters))
        example = f"{words[codes[first]]!r} ({place(first)})"
        who = f"{example} has" if voters.sum() == 1 else f"{voters.sum()} numbers such as {example} have"
    likely, other = (near, above) if 0 < voters.sum() < opened.sum() else (above, near)
    return InputError(
        f"{name} is {cell!r}, above a thousand or near one, as {who} the decimal mark {decimal}",
        advice=("pass ", likely, _if(likely, near, cell), ", ", other, _if(other, near, cell)),
        place=place(row),
    )


def _if(setting: Setting, near: Setting, cell: str) -> str:
    """Return the condition of a setting."""
    return (
        f" if {cell} is near one and the others are mistakes" if setting == near else f" if {cell} is above a thousand"
    )


def check_decimals(
    name: str, values: Float64, marks: Marks, place: Callable[[int], str], text: Callable[[int, str], str]
) -> None:
    """Raise an InputError if numbers with three decimals continue whole ones as thousands: 850, 920, 1.020."""
    if marks.is_given or (rows := looks_grouped(values)) is None:
        return
    broken, whole = (text(row, name).strip() for row in rows)
    here, other = Setting("decimal", marks.decimal), Setting("decimal", OTHER[marks.decimal])
    alone = Setting("columns", (name,))
    raise InputError(
        f"{name} is {broken!r}, above a thousand or near one, and {whole!r} elsewhere",
        advice=("pass ", other, " and ", alone, f" if {broken} is above a thousand, ", here, " if it is near one"),
        place=place(rows[0]),
    )


def open_cell(cells: Sequence[str], decimal: str) -> str | None:
    """Return a cell that is read as thousands with this decimal mark and need not be.

    Examples
    --------
    >>> open_cell(["1,5", "1.234"], ","), open_cell(["1.234"], ".")
    ('1.234', None)
    """
    return next((cell for cell in cells if decimal not in cell and OPEN.fullmatch(cell)), None)


def reaches_hundreds(cells: Sequence[str], decimal: str) -> bool:
    """Return whether numbers in groups continue those of a column: some are from 100 to 999.

    Examples
    --------
    >>> reaches_hundreds(["920", "987,5", "850", "1.020"], ","), reaches_hundreds(["1.234", "0", "1,5"], ",")
    (True, False)
    """
    plain = number_pattern(decimal, grouped=False)
    sizes = (abs(to_number(cell, decimal)) for cell in cells if plain.fullmatch(cell))
    return sum(100 <= size < 1_000 for size in sizes) >= HUNDREDS


def looks_grouped(values: Float64) -> tuple[int, int] | None:
    """Return the rows of a number with three decimals and of a whole one which it continues if it is in thousands.

    850, 920 and 1.020 are such numbers; None where values are not.
    """
    if _breaks(values[:HEAD]):
        return None
    finite = np.isfinite(values)
    broken = finite & (values != np.floor(values))
    whole = finite & ~broken & (np.abs(values) >= 100) & (np.abs(values) < 1_000)
    if not broken.any() or _breaks(values) or len(np.unique(values[whole])) < HUNDREDS:
        return None
    last = np.round(np.abs(values[broken]) * 1_000) % 10
    if whole.sum() < OFTEN_WHOLE * broken.sum() or (last != 0).mean() < 0.5:
        return None
    return int(np.argmax(broken)), int(np.argmax(whole))


def _breaks(values: Float64) -> bool:
    """Return whether some value cannot be a number in groups of three digits, read with a decimal mark."""
    sizes = np.abs(values[np.isfinite(values)])
    broken = sizes[sizes != np.floor(sizes)]
    fits = (broken >= 1) & (broken < 1_000) & (np.abs(broken * 1_000 - np.round(broken * 1_000)) < 1e-6)
    return not fits.all()
