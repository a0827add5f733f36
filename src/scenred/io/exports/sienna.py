"""Sienna: a folder for each scenario with the pointers and the CSV files of its time series.

Rules: PowerSystems.jl, "Parse Time Series Data from .csv's": pointers in JSON name component, category, resolution in
seconds, `normalization_factor`, by which values are divided, and the accessor that they are multiplied by; a data file
has a column `DateTime` and one with the name of the component. Sienna's times have no zone.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import RequestError, Setting
from scenred.io.exports.profiles import capacity_factors
from scenred.io.exports.request import ExportRequest
from scenred.io.exports.step_times import step_clocks
from scenred.io.storage.csv import to_csv
from scenred.io.storage.envelope import to_json
from scenred.io.storage.names import unfit
from scenred.model import ScenarioSet

READER = "Sienna"
POINTERS = "timeseries_pointers.json"


def sienna(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write `scenarios.csv`, probabilities and hours, and for each scenario the pointers and a file per column.

    Raise a RequestError if the scenarios have no starts, a load has no capacity, another column is not a capacity
    factor, or a name is not one of a file.
    """
    n, t, _ = scenarios.values.shape
    times = step_clocks(scenarios, request, READER)
    factors = [_normalization(scenarios, number) for number in range(len(scenarios.columns))]
    for name in scenarios.names:
        if name == "DateTime":
            raise unfit("column 'DateTime' is called as Sienna's own column of times", name, [*scenarios.names, name])
        if PurePosixPath(name).name != name or name.startswith(".") or any(mark in name for mark in "\\\0\n\r"):
            raise unfit(f"column {name!r} names no file", name, scenarios.names)
    folders = [f"scenario_{number + 1:0{len(str(n))}}" for number in range(n)]
    weights = {
        "scenario": scenarios.labels,
        "probability": scenarios.probabilities,
        "hours": scenarios.probabilities * request.hours,
        "start": scenarios.stamps,
        "folder": folders,
    }
    files = {"scenarios.csv": to_csv(pd.DataFrame(weights)).encode()}
    for number, folder in enumerate(folders):
        stamps = [time.isoformat() for time in times[number * t : (number + 1) * t]]
        pointers = [_pointer(scenarios, one, request, factor) for one, factor in enumerate(factors)]
        files[f"{folder}/{POINTERS}"] = to_json(pointers).encode()
        for one, name in enumerate(scenarios.names):
            frame = pd.DataFrame({"DateTime": stamps, name: scenarios.values[number, :, one]})
            files[f"{folder}/{name}.csv"] = to_csv(frame).encode()
    return files


def _pointer(scenarios: ScenarioSet, number: int, request: ExportRequest, factor: float) -> dict[str, Any]:
    column = scenarios.columns[number]
    return {
        "simulation": "scenred",
        "module": "PowerSystems",
        "category": "ElectricLoad" if column.kind == "load" else "Generator",
        "component_name": column.name,
        "name": "max_active_power",
        "resolution": round(request.step_hours * 3600),
        "normalization_factor": factor,
        "scaling_factor_multiplier_module": "PowerSystems",
        "scaling_factor_multiplier": "get_max_active_power",
        "data_file": f"{column.name}.csv",
        "type": "SingleTimeSeries",
    }


def _normalization(scenarios: ScenarioSet, number: int) -> float:
    """Return what values are divided by: the capacity, or 1 for capacity factors."""
    column = scenarios.columns[number]
    if column.kind == "load" and column.capacity is None:
        largest = float(np.abs(scenarios.values[:, :, number]).max())
        raise RequestError(
            f"Sienna multiplies load {column.name!r} by the maximum active power of its component, which is not known",
            advice=("pass it, such as ", Setting("capacity", {column.name: largest})),
        )
    if column.kind != "load":
        capacity_factors(scenarios, number, READER)
    return 1.0 if column.capacity is None else float(column.capacity)
