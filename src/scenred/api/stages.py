"""The stages one by one, for those who join them themselves: options as keywords, nothing else."""

from __future__ import annotations

from typing import Unpack

import pandas as pd

from scenred.model import ScenarioSet, Series
from scenred.options import Calendar, Cutting
from scenred.options.declare import group_of
from scenred.options.keywords import CuttingKeywords
from scenred.periods import slicing


def slice_periods(
    series: Series,
    period: str | pd.Timedelta | None = None,
    *,
    calendar: Calendar | None = None,
    **keywords: Unpack[CuttingKeywords],
) -> ScenarioSet:
    """Cut a series into periods of equal length and equal probability.

    Parameters
    ----------
    series : Series
    period : str or pandas.Timedelta, optional
        A multiple of the series' step, such as '6h' or '7D'; 24 hours by default.
    calendar : {'local', 'utc'}, optional
        Whose midnight: by default that of the series' own clock.
    **keywords
        The other options of `Cutting`.

    Returns
    -------
    ScenarioSet
        See `periods.slicing.slice_periods`, also for what is raised.

    Examples
    --------
    >>> from scenred import read_series
    >>> hours = pd.date_range("2019-01-01", periods=72, freq="h")
    >>> series = read_series(pd.DataFrame({"wind": range(72)}, index=hours))
    >>> slice_periods(series, "6h").values.shape
    (12, 6, 1)
    """
    length = f"{period.total_seconds():g}s" if isinstance(period, pd.Timedelta) else period
    return slicing.slice_periods(series, group_of(Cutting, {"period": length, **keywords}), calendar)
