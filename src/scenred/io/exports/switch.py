"""Switch: timeseries, timepoints, capacity factors and loads as the CSV files of a folder `inputs`.

Rules: Switch 2, `switch_model.timescales`, `generators.core.dispatch` and `balancing.load_zones`: a timeseries for each
scenario, `ts_scale_to_period` times in the period; hours of all timepoints must be within 1 % of 8766 a year.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.errors import RequestError, Setting
from scenred.io.exports.profiles import capacity_factors, columns_of, profile
from scenred.io.exports.request import ExportRequest
from scenred.io.exports.step_times import model_year, step_stamps
from scenred.io.storage.csv import to_csv
from scenred.io.storage.names import as_words
from scenred.model import ScenarioSet

READER = "Switch"
HOURS = 8766.0  # of a year in Switch
TOLERANCE = 0.01


def switch(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write `periods.csv`, `timeseries.csv`, `timepoints.csv`, `variable_capacity_factors.csv` and `loads.csv`.

    Raise a RequestError if the hours are not those of whole years, or a column is not a capacity factor.
    """
    n, t, _ = scenarios.values.shape
    year, years = model_year(scenarios, request, READER), _years(request.hours)
    names = as_words(scenarios.labels, "timeseries")
    points = np.arange(1, n * t + 1)
    length = t * request.step_hours
    frames = {
        "periods.csv": pd.DataFrame(
            {"INVESTMENT_PERIOD": [year], "period_start": [year], "period_end": [year + years - 1]}
        ),
        "timeseries.csv": pd.DataFrame(
            {
                "TIMESERIES": names,
                "ts_period": year,
                "ts_duration_of_tp": request.step_hours,
                "ts_num_tps": t,
                "ts_scale_to_period": scenarios.probabilities * request.hours / length,
            }
        ),
        "timepoints.csv": pd.DataFrame(
            {"timepoint_id": points, "timestamp": step_stamps(scenarios, request), "timeseries": np.repeat(names, t)}
        ),
    }
    factors = {
        number: capacity_factors(scenarios, number, READER) for number in columns_of(scenarios, "wind", "pv", "other")
    }
    loads = {number: profile(scenarios, number) for number in columns_of(scenarios, "load")}
    for file, found, heads in (
        ("variable_capacity_factors.csv", factors, ("GENERATION_PROJECT", "timepoint", "gen_max_capacity_factor")),
        ("loads.csv", loads, ("LOAD_ZONE", "TIMEPOINT", "zone_demand_mw")),
    ):
        if found:
            owners = np.repeat([scenarios.names[number] for number in found], n * t)
            values = np.concatenate([series.ravel() for series in found.values()])
            cells = (owners, np.tile(points, len(found)), values)
            frames[file] = pd.DataFrame(dict(zip(heads, cells, strict=True)))
    return {name: to_csv(frame).encode() for name, frame in frames.items()}


def _years(hours: float) -> int:
    """Return the years that these hours are, or raise a RequestError if Switch would refuse them."""
    years = max(round(hours / HOURS), 1)
    if abs(hours - years * HOURS) > TOLERANCE * years * HOURS:
        raise RequestError(
            f"{hours:g} hours are asked for; Switch counts whole years of {HOURS:g} h, within 1 %",
            advice=("leave ", Setting("hours"), " out"),
        )
    return years
