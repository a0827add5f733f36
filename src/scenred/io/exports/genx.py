"""GenX: demand and variability on representative periods, and the map that links them to the year.

Rules: GenX.jl's user guide, "Demand_data.csv", "Generators_variability.csv" and "Period_map.csv". Time steps are hours.
`Sub_Weights` are hours and sum to those of a year by default; `Rep_Period` is the number, from 1, of the real period.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import RequestError
from scenred.io.exports.chronology import note_shares
from scenred.io.exports.profiles import capacity_factors, columns_of
from scenred.io.exports.request import ExportRequest
from scenred.io.storage.csv import to_csv
from scenred.io.storage.names import unfit
from scenred.model import ScenarioSet

READER = "GenX"


def genx(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write `Demand_data.csv`, `Generators_variability.csv` and `Period_map.csv`.

    Raise a RequestError if a step is not an hour, there is no load column, or a column is not a capacity factor.
    """
    if request.step_hours != 1:
        raise RequestError(
            f"GenX takes every time step as one hour and these are {request.step_hours:g} h", advice="use hourly series"
        )
    note_shares(scenarios, request.calendar, "Sub_Weights", "Period_map")
    frames = {
        "Demand_data.csv": _demand(scenarios, request),
        "Generators_variability.csv": _variability(scenarios),
        "Period_map.csv": _period_map(request),
    }
    return {name: to_csv(frame).encode() for name, frame in frames.items()}


def _demand(scenarios: ScenarioSet, request: ExportRequest) -> pd.DataFrame:
    """Return demand by zone: the load columns in their order are zones 1, 2, ..."""
    loads = columns_of(scenarios, "load")
    if not loads:
        raise RequestError(
            "GenX reads demand on the same hours as variability, and this set has no load column",
            advice="reduce load, wind and PV together, a load column being one whose name holds load or demand",
        )
    n, t, _ = scenarios.values.shape
    head: dict[str, Any] = {
        "Voll": [request.value_of_lost_load],
        "Demand_Segment": [1],
        "Cost_of_Demand_Curtailment_per_MW": [1],
        "Max_Demand_Curtailment": [1],
        "Rep_Periods": [n],
        "Timesteps_per_Rep_Period": [t],
        "Sub_Weights": scenarios.probabilities * request.hours,
        "Time_Index": np.arange(1, n * t + 1),
    }
    zones = {f"Demand_MW_z{zone}": scenarios.values[:, :, number].ravel() for zone, number in enumerate(loads, start=1)}
    # every cell as it is: columns of other lengths end empty, which must not make numbers of the whole ones
    columns = {name: pd.Series(values).astype(object) for name, values in head.items()}
    return pd.DataFrame(columns | {name: pd.Series(values) for name, values in zones.items()})


def _variability(scenarios: ScenarioSet) -> pd.DataFrame:
    resources = columns_of(scenarios, "wind", "pv", "other")
    factors = {
        scenarios.columns[number].name: capacity_factors(scenarios, number, READER).ravel() for number in resources
    }
    if "Time_Index" in factors:
        raise unfit("column 'Time_Index' is called as GenX's own column of hours", "Time_Index", scenarios.names)
    n, t, _ = scenarios.values.shape
    return pd.DataFrame({"Time_Index": np.arange(1, n * t + 1)} | factors)


def _period_map(request: ExportRequest) -> pd.DataFrame:
    calendar = request.calendar
    return pd.DataFrame(
        {
            "Period_Index": np.arange(1, calendar.n_periods + 1),
            "Rep_Period": calendar.representatives[calendar.order] + 1,
            "Rep_Period_Index": calendar.order + 1,
        }
    )
