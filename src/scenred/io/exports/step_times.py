"""The times of all steps of all scenarios, and the day and year that scenarios are for."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from scenred.errors import RequestError, Setting
from scenred.io.exports.request import ExportRequest
from scenred.model import ScenarioSet
from scenred.model.stamps import iso_stamps


def step_clocks(scenarios: ScenarioSet, request: ExportRequest, reader: str) -> pd.DatetimeIndex:
    """Return what the clock shows at each step, one scenario after the other, without zone.

    Raise a RequestError if the scenarios have no starts.
    """
    if scenarios.clocks is None:
        raise RequestError(
            f"{reader} needs times and the scenarios have no starts", advice="reduce a series with times"
        )
    return _after(scenarios.clocks, scenarios, request)


def step_stamps(scenarios: ScenarioSet, request: ExportRequest) -> list[str]:
    """Return the time of each step in ISO 8601 with its offset, or its position from 0 where times are not known."""
    if scenarios.starts is None or scenarios.clocks is None:
        return [str(number) for number in range(scenarios.n_scenarios * scenarios.n_steps)]
    starts, clocks = (_after(index, scenarios, request) for index in (scenarios.starts, scenarios.clocks))
    return iso_stamps(starts, clocks)


def _after(starts: pd.DatetimeIndex, scenarios: ScenarioSet, request: ExportRequest) -> pd.DatetimeIndex:
    passed = np.tile(np.arange(scenarios.n_steps), scenarios.n_scenarios)
    return starts.repeat(scenarios.n_steps) + pd.Timedelta(hours=request.step_hours) * passed


def target_day(scenarios: ScenarioSet, request: ExportRequest, reader: str) -> dt.date:
    """Return the day that scenarios are alternatives of: as given, else the one on which all start."""
    if request.date is not None:
        return request.date
    days: set[dt.date] = set() if scenarios.clocks is None else set(scenarios.clocks.date)
    if len(days) != 1:
        raise RequestError(
            f"{reader}'s scenarios are about one day and these start on {len(days)}",
            advice=("pass the day that they are for: ", Setting("date", "2030-07-02")),
        )
    return days.pop()


def time_of_day(scenarios: ScenarioSet, reader: str) -> pd.Timedelta:
    """Return when scenarios begin by their clock, or raise a RequestError if they begin at different times."""
    if scenarios.clocks is None:
        return pd.Timedelta(0)
    begins = set(scenarios.clocks - scenarios.clocks.normalize())
    if len(begins) > 1:
        raise RequestError(
            f"{reader} names steps by the clock and these scenarios begin at different hours",
            advice="reduce periods that begin at one time of day",
        )
    return begins.pop()


def model_year(scenarios: ScenarioSet, request: ExportRequest, reader: str) -> int:
    """Return the year that scenarios are for: as given, else that of the first period or scenario."""
    if request.year is not None:
        return request.year
    known = None if request.chronology is None else request.chronology.starts
    starts = scenarios.clocks if known is None else known
    if starts is None:
        raise RequestError(f"{reader} needs a year and there are no starts", advice=("pass ", Setting("year", 2030)))
    return int(starts[0].year)
