"""When the sun is down, learnt from past days: PV is exactly zero then.

The sun's path repeats with its declination, so the most similar days are those of nearest declination, before or
after the solstice. A step is dark if none of them had any power. The forecast may know better: in spring the
sun rises earlier than on any of the last days, so a forecast above those of the dark steps counts as light.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.arrays import Bool, Float64
from scenred.model import History

NEAREST_DAYS = 15


def dark_steps(history: History, forecast: Float64, starts: pd.DatetimeIndex) -> Bool:
    """Return where PV is zero, never other columns, in a forecast of shape (n_days, n_steps, n_columns)."""
    dark = np.zeros(forecast.shape, dtype=bool)
    pv = [number for number, column in enumerate(history.columns) if column.kind == "pv"]
    if not pv:
        return dark
    past, now = _declination(history.starts), _declination(starts)
    for day in range(len(starts)):
        near = np.argsort(np.abs(past - now[day]), kind="stable")[:NEAREST_DAYS]
        actual, expected = history.actual[near][:, :, pv], history.forecast[near][:, :, pv]
        dark[day][:, pv] = (actual == 0).all(0) & (forecast[day][:, pv] <= expected.max(0))
    return dark


def _declination(starts: pd.DatetimeIndex) -> Float64:
    """Return the sun's declination of each day, -1 at the winter solstice and 1 at the summer solstice."""
    return np.asarray(-np.cos(2 * np.pi * (starts.day_of_year.to_numpy() + 9) / 365.25), dtype=np.float64)
