"""The format of times that are written in no usual way, by the digits and letters of which they consist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from scenred.io.clock.stamps import parse_stamps

# Orders of the parts of a date and of a time of day, as directives of strptime.
DATES = ("Ymd", "dmY", "mdY", "dbY", "Ybd", "bdY", "dmy", "ymd", "dby", "Yj")
CLOCKS = ("HMS", "HM", "H", "IMSp", "IMp", "Ip")
WIDTHS = {"Y": 4, "j": 3}
LONGEST, FIRST = 40, 200
# Share of the rows that follow the one before by the same step, at least.
REGULAR = 0.9


def likely_form(cells: pd.Series) -> str | None:
    """Return the format that reads all cells, and with which the most of them follow each other by one step.

    None if no format reads them, or two do it as well.

    Examples
    --------
    >>> hours = pd.date_range("2019-01-31 22:00", periods=48, freq="h")
    >>> [likely_form(pd.Series(hours.strftime(form))) for form in ("%d.%m.%Y %H.%M", "%d%b%Y:%H:%M:%S", "%Y_%m_%d_%H")]
    ['%d.%m.%Y %H.%M', '%d%b%Y:%H:%M:%S', '%Y_%m_%d_%H']
    """
    shares = {form: _regular(cells, form) for form in _forms(str(cells.iloc[0]).strip())}
    best = max(shares.values(), default=0.0)
    found = [form for form, share in shares.items() if share == best and share >= REGULAR]
    found = [form for form in found if "%Y" in form] or found  # before years of two digits
    return found[0] if len(found) == 1 else None


def _forms(cell: str) -> Iterator[str]:
    """Yield the formats that a cell may have."""
    if len(cell) > LONGEST or sum(map(str.isdigit, cell)) < 5:
        return
    tokens = re.findall(r"\d+|[^\W\d_]+|[\W_]+", cell)
    for date in DATES:
        for clock in CLOCKS:
            for order in (date + clock, clock + date):
                if (form := _form(tokens, order)) is not None:
                    yield form


def _form(tokens: list[str], order: str) -> str | None:
    """Return the format of tokens whose parts are in an order, None if it does not fit."""
    left, form = order, ""
    for token in tokens:
        if token.isdecimal():
            n = _count(token, left)
            if not n:
                return None
            form, left = form + "".join(f"%{part}" for part in left[:n]), left[n:]
        elif left[:1] == "p" and token.upper() in ("AM", "PM"):
            form, left = form + "%p", left[1:]
        elif left[:1] == "b" and token.isalpha() and len(token) >= 3:
            form, left = form + ("%b" if len(token) == 3 else "%B"), left[1:]
        else:
            form += token.replace("%", "%%")
    return None if left else form


def _count(digits: str, left: str) -> int:
    """Return how many of the next parts a group of digits holds; 0 if it does not end with one of them."""
    if len(digits) == 1:
        return int(bool(left) and left[0] not in "Ybpj")
    width = 0
    for count, part in enumerate(left, start=1):
        width += WIDTHS.get(part, 2)
        if part in "bp" or width > len(digits):
            return 0
        if width == len(digits):
            return count
    return 0


def _regular(cells: pd.Series, form: str) -> float:
    """Return the share of cells that follow the one before by the most frequent step; 0 if not all can be read."""
    if not all(parse_stamps(some, form).is_good.all() for some in (cells.head(FIRST), cells)):
        return 0.0
    steps, counts = np.unique(np.diff(parse_stamps(cells, form).clock), return_counts=True)
    is_forward = bool(len(steps)) and bool(steps[np.argmax(counts)] > 0)
    return float(counts.max() / counts.sum()) if is_forward else 0.0
