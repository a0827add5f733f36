"""Lengths of time as people write them."""

from __future__ import annotations

import re

import pandas as pd

from scenred.errors import UsageError

UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_period(period: str | pd.Timedelta) -> pd.Timedelta:
    """Read a length of time such as '24h' or '7D'; raise a UsageError if it is not above 0.

    Examples
    --------
    >>> parse_period("7D")
    Timedelta('7 days 00:00:00')
    """
    if isinstance(period, pd.Timedelta):
        length = period
    else:
        match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?) ?([a-z]+)", period.strip().lower(), re.ASCII)
        unit = UNITS.get(match[2], 0.0) if match else 0.0
        length = pd.Timedelta(seconds=round(float(match[1]) * unit, 6)) if match else pd.Timedelta(0)
    if not length > pd.Timedelta(0):
        raise UsageError(
            f"{period!r} is not a length of time",
            advice="write a number and a unit, such as 6h, 24h, 7D or 90min",
        )
    return length


def describe(length: pd.Timedelta) -> str:
    """Write a length of time with the largest unit that divides it.

    Examples
    --------
    >>> describe(pd.Timedelta("90min")), describe(pd.Timedelta("24h")), describe(pd.Timedelta("7D"))
    ('90min', '24h', '7D')
    """
    for unit, name in (
        (pd.Timedelta(days=7), "D"),
        (pd.Timedelta(hours=1), "h"),
        (pd.Timedelta(minutes=1), "min"),
    ):
        if length % unit == pd.Timedelta(0):
            return f"{length // unit * (7 if name == 'D' else 1)}{name}"
    return f"{length.total_seconds():g}s"
