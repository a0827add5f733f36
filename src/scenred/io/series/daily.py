"""Faults that every day shows at the same time: a way of writing times, which no row is to blame for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.arrays import Int64

# Days with the fault at least, their share of all, and the share of faults at the same time of day.
DAYS, MOST, ALIKE = 3, 0.5, 0.8


def on_most_days(times: pd.DatetimeIndex, rows: Int64) -> str | None:
    """Return on how many days rows lie, as ', as on 9 of 10 days', if that is most and they lie at the same time.

    Examples
    --------
    >>> hours = pd.date_range("2020-01-01", periods=240, freq="h")
    >>> on_most_days(hours, np.arange(23, 240, 24)), on_most_days(hours, np.array([23, 100]))
    (', as on 10 of 10 days', None)
    """
    if len(rows) < DAYS:
        return None
    dates = times.normalize()
    days, total = int(dates[rows].nunique()), int(dates.nunique())
    _, counts = np.unique((times[rows] - dates[rows]).to_numpy(), return_counts=True)
    if days < DAYS or days < MOST * total or counts.max() < ALIKE * days:
        return None
    return f", as on {days} of {total} days"
