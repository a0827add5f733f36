"""The hours of the year that scenarios stand for: what models count costs over, unless another number is given."""

from __future__ import annotations

import pandas as pd

from scenred.errors import RequestError, Setting
from scenred.io.exports.chronology import Chronology
from scenred.io.exports.request import ExportRequest
from scenred.model import ScenarioSet
from scenred.options.exporting import HOURS_PER_LEAP_YEAR, HOURS_PER_YEAR


def hours_of_year(scenarios: ScenarioSet, calendar: Chronology | None) -> float:
    """Return 8784 where all days are of leap years, else 8760.

    The days are those of the period map; without it those of the scenarios, and the first and last of the series that
    they are from, where these are known. A leap day that was dropped (the map holds the day before and the day after
    it) leaves 8760 hours.

    Examples
    --------
    >>> import numpy as np
    >>> from scenred.model import Column
    >>> days = pd.DatetimeIndex(["2024-02-03", "2024-07-01"])
    >>> two = ScenarioSet((Column("wind"),), np.zeros((2, 1, 1)), np.full(2, 0.5), starts=days)
    >>> hours_of_year(two, None)
    8784.0
    """
    days = _days(scenarios) if calendar is None or calendar.starts is None else calendar.starts
    if days is None or not days.is_leap_year.all() or _lacks_leap_day(days, scenarios):
        return HOURS_PER_YEAR
    return HOURS_PER_LEAP_YEAR


def check_one_year(request: ExportRequest, reader: str) -> None:
    """Raise a RequestError if other hours than those of a year are asked for, for a reader of shares of a year."""
    if request.given_hours not in (None, HOURS_PER_YEAR, HOURS_PER_LEAP_YEAR):
        raise RequestError(
            f"{request.given_hours:g} hours are asked for; {reader} counts shares of a year",
            advice=("leave ", Setting("hours"), " out"),
        )


def _days(scenarios: ScenarioSet) -> pd.DatetimeIndex | None:
    """Return the days that are known without a period map, in any order."""
    days, source = scenarios.clocks, scenarios.source
    if days is None or source is None or source.first is None or source.last is None:
        return days
    first, last = (pd.Timestamp(text).tz_localize(None) for text in (source.first, source.last))
    # the first moment of a year is the end of the one before
    return pd.DatetimeIndex([*days, first, last - pd.Timedelta(1, "us")])


def _lacks_leap_day(days: pd.DatetimeIndex, scenarios: ScenarioSet) -> bool:
    cutting = None if scenarios.source is None else scenarios.source.cutting
    if cutting is not None and cutting.drop_leap_day:
        return True
    there = {(day.month, day.day) for day in days}
    return {(2, 28), (3, 1)} <= there and (2, 29) not in there
