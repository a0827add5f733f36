"""Times that are numbers: seconds since 1970, days since the epoch of a program, and dates such as 20200131."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from scenred.io.clock.stamps import SERIALS, parse_stamps

# Counts in a second.
SCALES = (1, 1_000, 1_000_000, 1_000_000_000)
UNIX = re.compile(r"time|date|epoch|unix|stamp", re.IGNORECASE)


def is_unix(column: pd.Series, name: str) -> bool:
    """Return whether whole numbers of a column named for time count from 1970: 1980 to 2100.

    Dates such as 2019010100 are in that range too, and are none.
    """
    return UNIX.search(name) is not None and counts_seconds(column) and not is_compact(column)


def counts_seconds(column: pd.Series) -> bool:
    """Return whether whole numbers that differ count seconds, or parts of them, from 1970: 1980 to 2100."""
    if not pd.api.types.is_integer_dtype(column):
        return False
    low, high = int(column.min()), int(column.max())
    if low == high and len(column) > 1:
        return False
    return any(315_532_800 * scale <= low and high <= 4_102_444_800 * scale for scale in SCALES)


def serial_form(column: pd.Series) -> str | None:
    """Return the form of numbers that may be days since the epoch of Excel or MATLAB, in 1980 to 2100.

    They rise by a part of a day: whole days alone may be anything.
    """
    if not pd.api.types.is_float_dtype(column) or len(column) < 2:
        return None
    numbers = column.to_numpy(dtype=np.float64)
    rises = np.diff(numbers)
    if not (np.isfinite(numbers).all() and (rises > 0).all() and np.median(rises) <= 1):
        return None
    first, last = numbers[0], numbers[-1]
    return next((form for form, epoch in SERIALS.items() if epoch + 3_652 <= first and last <= epoch + 47_482), None)


def is_compact(column: pd.Series) -> bool:
    """Return whether whole numbers are dates such as 20200131 or 202001311200."""
    if not pd.api.types.is_integer_dtype(column):
        return False
    low, high = int(column.min()), int(column.max())
    scales = (1, 100, 10_000, 1_000_000)
    if not any(19_000_101 * scale <= low and high <= 22_001_232 * scale for scale in scales):
        return False
    ends = pd.Series([str(low), str(high), str(column.iloc[0]), str(column.iloc[len(column) // 2])], dtype=object)
    return bool(parse_stamps(ends, "ymd").is_good.all())
