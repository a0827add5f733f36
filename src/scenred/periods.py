"""A series becomes a scenario set: one scenario per period, none padded."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from scenred.errors import RequestError, ScenredWarning, UsageError, nearest_name
from scenred.model import ScenarioSet, Series

Align = Literal["midnight", "start"]

DEFAULT_PERIOD = "24h"
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "w": 604800}
DAY = pd.Timedelta(days=1)


def slice_periods(
    series: Series, period: str | pd.Timedelta = DEFAULT_PERIOD, *, align: Align = "midnight"
) -> ScenarioSet:
    """Cut a series into periods of equal length and equal probability.

    Parameters
    ----------
    series : Series
    period : str or pandas.Timedelta
        A multiple of the series' step, such as '6h', '24h' or '7D'.
    align : {'midnight', 'start'}
        Where the first period begins: at the first midnight in the series' own zone (periods of a day or
        more), or at the first whole number of periods after midnight (shorter ones); or at the first row.

    Returns
    -------
    ScenarioSet
        Rows before the first and after the last whole period are dropped; a `ScenredWarning` counts
        them.

    Raises
    ------
    UsageError
        When the period cannot be read.
    RequestError
        When it is no multiple of the step, or the series holds none.

    Examples
    --------
    >>> from scenred import read_series
    >>> hours = pd.date_range("2019-01-01", periods=72, freq="h")
    >>> series = read_series(pd.DataFrame({"wind": np.linspace(0, 1, 72)}, index=hours))
    >>> slice_periods(series, "24h").values.shape
    (3, 24, 1)
    """
    length = parse_period(period)
    if align not in get_args(Align):
        raise RequestError(f"there is no alignment {align!r}; {nearest_name(align, get_args(Align))}")
    n_steps = length // series.step
    if n_steps < 1 or n_steps * series.step != length:
        raise RequestError(
            f"a period of {describe(length)} is no multiple of the series' step of {describe(series.step)}; "
            "choose a multiple"
        )
    first = _first_row(series, length) if align == "midnight" else 0
    n_rows = len(series.values)
    n_periods = max(n_rows - first, 0) // n_steps
    if n_periods == 0:
        raise RequestError(
            f"{n_rows} rows of {describe(series.step)} hold no whole period of {describe(length)} from "
            f"{'midnight' if align == 'midnight' else 'the first row'} on; choose a shorter period"
        )
    after = n_rows - first - n_periods * n_steps
    if first or after:
        warnings.warn(
            f"{series.source.name}: dropped {first} rows before the first and {after} rows after the last "
            f"whole period of {describe(length)}",
            ScenredWarning,
            stacklevel=2,
        )
    return ScenarioSet(
        columns=series.columns,
        values=series.values[first : n_rows - after].reshape(n_periods, n_steps, -1),
        probabilities=np.full(n_periods, 1.0 / n_periods),
        starts=pd.date_range(series.start + first * series.step, periods=n_periods, freq=length),
        step=series.step,
        source=replace(series.source, rows_dropped_before=first, rows_dropped_after=after),
    )


def parse_period(period: str | pd.Timedelta) -> pd.Timedelta:
    """Read a length of time such as '24h' or '7D'.

    Raises
    ------
    UsageError
        When it is no length of time above 0.

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
            f"{period!r} is no length of time; write a number and a unit, such as 6h, 24h, 7D or 90min"
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


def _first_row(series: Series, length: pd.Timedelta) -> int:
    """Count the rows before the first that begins a period: the first at or after a boundary."""
    grid = min(length, DAY)
    into = (series.start - series.start.normalize()) % grid
    if into < series.step:  # the first row begins a period, also at half past midnight
        return 0
    return int(-((into - grid) // series.step))
