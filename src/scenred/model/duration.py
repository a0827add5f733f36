"""Lengths of time as people write them."""

from __future__ import annotations

import re

import pandas as pd

from scenred.errors import UsageError

LONGEST_SECONDS = 100 * 366 * 86_400
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_period(period: str | pd.Timedelta) -> pd.Timedelta:
    """Read a length of time such as '24h' or '7D'; raise a UsageError if it is not above 0 and at most 100 years.

    Examples
    --------
    >>> parse_period("7D")
    Timedelta('7 days 00:00:00')
    """
    if isinstance(period, pd.Timedelta):
        length = period
    else:
        match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?) ?([a-z]+)", period.strip().lower(), re.ASCII)
        seconds = float(match[1]) * UNITS.get(match[2], 0) if match else 0.0
        if seconds > LONGEST_SECONDS:
            raise UsageError(f"{period!r} is longer than any series", "a length of at most 100 years")
        length = pd.Timedelta(seconds=round(seconds, 6))
    if not length > pd.Timedelta(0):
        raise UsageError(
            f"{period!r} is not a length of time",
            advice="write a number and a unit, such as 6h, 24h, 7D or 90min",
        )
    return length


def describe(length: pd.Timedelta) -> str:
    """Write a length of time with the largest unit that divides it, in days where they are whole weeks.

    Examples
    --------
    >>> describe(pd.Timedelta("90min")), describe(pd.Timedelta("24h")), describe(pd.Timedelta("7D"))
    ('90min', '24h', '7D')
    """
    for multiple, unit in (("7D", "D"), ("1h", "h"), ("1min", "min")):
        if length % pd.Timedelta(multiple) == pd.Timedelta(0):
            return f"{length // pd.Timedelta('1' + unit)}{unit}"
    return f"{length.total_seconds():g}s"
