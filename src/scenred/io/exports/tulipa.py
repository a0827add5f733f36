"""Tulipa: representative periods as TulipaEnergyModel reads them.

Rules: `input-schemas.json` of TulipaEnergyModel.jl 0.21 (tables `rep_periods_data`, `rep_periods_mapping`,
`profiles_rep_periods`, `timeframe_data`), which calls `milestone_year` what was `year` before and since 0.19 maps
periods by stochastic scenario, of which there is one here; and `write_clustering_result_to_tables` of
TulipaClustering.jl. Numbers count from 1. Every period is one whole representative, so its mapping has one row; its
weight is 1 for the days of one year, and otherwise how often the period comes in the hours that are asked for, since
operation costs are counted by weight and resolution, against costs of a year.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenred.io.exports.chronology import check_shares
from scenred.io.exports.profiles import per_unit
from scenred.io.exports.request import ExportRequest
from scenred.io.exports.step_times import model_year
from scenred.io.storage.csv import to_csv
from scenred.model import ScenarioSet


def tulipa(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write the four tables of the time structure.

    Raise a RequestError if the probabilities are not the map's shares, a column of wind, PV or another kind is not a
    capacity factor, or no year is known.
    """
    calendar = request.calendar
    check_shares(scenarios, calendar, "Tulipa")
    year = model_year(scenarios, request, "Tulipa")
    n, t, c = scenarios.values.shape
    frames = {
        "rep_periods_data.csv": pd.DataFrame(
            {
                "milestone_year": year,
                "rep_period": np.arange(1, n + 1),
                "num_timesteps": t,
                "resolution": request.step_hours,
            }
        ),
        "rep_periods_mapping.csv": pd.DataFrame(
            {
                "milestone_year": year,
                "period": np.arange(1, calendar.n_periods + 1),
                "rep_period": calendar.order + 1,
                "scenario": 1,
                "weight": request.repeats(scenarios),
            }
        ),
        "timeframe_data.csv": pd.DataFrame(
            {"milestone_year": year, "period": np.arange(1, calendar.n_periods + 1), "num_timesteps": t}
        ),
        "profiles_rep_periods.csv": pd.DataFrame(
            {
                "profile_name": np.repeat(scenarios.names, n * t),
                "milestone_year": year,
                "rep_period": np.tile(np.repeat(np.arange(1, n + 1), t), c),
                "timestep": np.tile(np.arange(1, t + 1), c * n),
                "value": np.concatenate([per_unit(scenarios, number, "Tulipa").ravel() for number in range(c)]),
            }
        ),
    }
    return {name: to_csv(frame).encode() for name, frame in frames.items()}
