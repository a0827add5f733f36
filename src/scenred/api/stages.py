"""The stages one by one, for those who join them themselves: options as keywords, nothing else."""

from __future__ import annotations

from typing import Unpack

import pandas as pd

from scenred.io.opening.open import Sources, open_tables
from scenred.io.series.series import series_of
from scenred.model import ScenarioSet, Series
from scenred.options import Calendar, Columns, Cutting, Reading
from scenred.options.declare import group_of
from scenred.options.keywords import ColumnsKeywords, CuttingKeywords
from scenred.periods import slicing


def read_series(
    source: Sources, *, reading: Reading | None = None, **keywords: Unpack[ColumnsKeywords]
) -> Series:
    """Read a regular time series.

    Parameters
    ----------
    source : path, '-' or pandas.DataFrame, or several of them
        A table with a header, as text (`-` is standard input), Excel, Parquet or NetCDF; or a folder of them. A
        frame has a time index or a time column. Several are joined on time.
    reading : Reading, optional
        How it is read.
    **keywords
        Of `Columns`.

    Returns
    -------
    Series

    Raises
    ------
    InputError, RequestError
        See `io.series.series.series_of`.

    Examples
    --------
    >>> hours = pd.date_range("2019-07-02", periods=3, freq="h")
    >>> series = read_series(pd.DataFrame({"wind_north": [0.1, 0.4, 0.2]}, index=hours))
    >>> series.columns[0].kind, series.step, series.values.shape
    ('wind', Timedelta('0 days 01:00:00'), (3, 1))
    """
    return series_of(open_tables(source, reading or Reading()), group_of(Columns, keywords))


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
