"""OSeMOSYS: time slices and the parameters over them, as the CSV files of otoole.

Rules: otoole, "Data format": a folder with a file for each set (`VALUE`) and parameter (its indices, then `VALUE`);
OSeMOSYS, `YearSplit`, the share of the year that a time slice is, which sum to 1; `CapacityFactor`;
`SpecifiedDemandProfile`, the share of the year's demand that falls into a time slice; `Conversionls`, `Conversionld`
and `Conversionlh`, which put a time slice into a season, a type of day and a bracket of the day; `DaySplit`, the share
of the year that one bracket of one day is; `DaysInDayType`, days a week.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.arrays import Float64
from scenred.errors import RequestError
from scenred.io.exports.profiles import capacity_factors, columns_of
from scenred.io.exports.request import ExportRequest
from scenred.io.exports.step_times import model_year
from scenred.io.exports.year import check_one_year
from scenred.io.storage.csv import to_csv
from scenred.io.storage.names import unfit
from scenred.model import ScenarioSet

READER = "OSeMOSYS"


def osemosys(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write sets and parameters of the time slices: scenario 1, step 1 is `S1H1`, or `S01H01` where there are ten.

    Raise a RequestError if other hours than those of a year are asked for, a load is not positive, or another column is
    not a capacity factor.
    """
    check_one_year(request, READER)
    n, t, _ = scenarios.values.shape
    slices = slice_names(n, t)
    share = np.repeat(scenarios.probabilities / t, t)
    ones = np.ones(n * t)
    seasons, brackets = np.repeat(np.arange(1, n + 1), t), np.tile(np.arange(1, t + 1), n)
    year = model_year(scenarios, request, READER)
    split = {"DAILYTIMEBRACKET": np.arange(1, t + 1), "YEAR": year, "VALUE": request.step_hours / request.hours}
    frames = {
        "TIMESLICE": pd.DataFrame({"VALUE": slices}),
        "YEAR": pd.DataFrame({"VALUE": [year]}),
        "SEASON": pd.DataFrame({"VALUE": np.arange(1, n + 1)}),
        "DAYTYPE": pd.DataFrame({"VALUE": [1]}),
        "DAILYTIMEBRACKET": pd.DataFrame({"VALUE": np.arange(1, t + 1)}),
        "YearSplit": pd.DataFrame({"TIMESLICE": slices, "YEAR": year, "VALUE": share}),
        "Conversionls": pd.DataFrame({"TIMESLICE": slices, "SEASON": seasons, "VALUE": ones}),
        "Conversionld": pd.DataFrame({"TIMESLICE": slices, "DAYTYPE": 1, "VALUE": ones}),
        "Conversionlh": pd.DataFrame({"TIMESLICE": slices, "DAILYTIMEBRACKET": brackets, "VALUE": ones}),
        "DaySplit": pd.DataFrame(split),
        "DaysInDayType": pd.DataFrame({"SEASON": np.arange(1, n + 1), "DAYTYPE": 1, "YEAR": year, "VALUE": 7.0}),
    }
    factors = {name: capacity_factors(scenarios, number, READER) for number, name in _named(scenarios, "supply")}
    loads = {name: demand_shares(scenarios, number, READER) for number, name in _named(scenarios, "load")}
    for parameter, index, found in (
        ("CapacityFactor", "TECHNOLOGY", factors),
        ("SpecifiedDemandProfile", "FUEL", loads),
    ):
        if found:
            head = {"REGION": request.region, index: np.repeat(list(found), n * t), "TIMESLICE": slices * len(found)}
            values = np.concatenate([series.ravel() for series in found.values()])
            frames[parameter] = pd.DataFrame(head | {"YEAR": year, "VALUE": values})
    return {f"{name}.csv": to_csv(frame).encode() for name, frame in frames.items()}


def slice_names(n_scenarios: int, n_steps: int) -> list[str]:
    """Return a name for each step of each scenario, of equal length, in order.

    Examples
    --------
    >>> slice_names(2, 2)
    ['S1H1', 'S1H2', 'S2H1', 'S2H2']
    """
    wide, deep = len(str(n_scenarios)), len(str(n_steps))
    return [f"S{one + 1:0{wide}}H{step + 1:0{deep}}" for one in range(n_scenarios) for step in range(n_steps)]


def demand_shares(scenarios: ScenarioSet, number: int, reader: str) -> Float64:
    """Return the share of the year's demand that falls into each step, shape (n_scenarios, n_steps).

    Raise a RequestError if a load is below 0, or all are 0.
    """
    loads = scenarios.values[:, :, number]
    if (loads < 0).any() or not loads.any():
        name = scenarios.names[number]
        raise RequestError(
            f"{name} is {loads.min():g} at one step, and {reader} needs the share of the year's demand in each",
            advice="leave it out",
        )
    energy = loads * scenarios.probabilities[:, None]
    return np.asarray(energy / energy.sum())


def _named(scenarios: ScenarioSet, what: str) -> list[tuple[int, str]]:
    """Return number and name of the columns of a kind; otoole's names hold neither comma nor blank."""
    kinds = ("load",) if what == "load" else ("wind", "pv", "other")
    found = [(number, scenarios.names[number]) for number in columns_of(scenarios, *kinds)]
    for _, name in found:
        if not name.isidentifier() or not name.isascii():
            raise unfit(f"column {name!r} is not a name in OSeMOSYS: letters, digits and _", name, scenarios.names)
    return found
