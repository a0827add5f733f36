"""PGscen: one CSV per asset below the day and the kind, as its `write_to_csv` lays scenarios out.

Rules: PGscen, `GeminiEngine.write_to_csv`: folder `YYYYMMDD/wind`, `solar` or `load`; columns `Type, Index`, then the
clock of every step such as 0000; rows of type Simulation, numbered from 1. PGscen's scenarios are equally likely, so
its files have no place for probabilities: they are in `probabilities.csv` next to them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from scenred.errors import RequestError, Setting
from scenred.io.exports.request import ExportRequest
from scenred.io.storage.csv import to_csv
from scenred.model import Column, ScenarioSet

FOLDERS = {"wind": "wind", "pv": "solar", "load": "load"}
DAY = pd.Timedelta(days=1)


def pgscen(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write one file per column, and the probabilities.

    Raise a RequestError if the scenarios are not about one day, are longer, or a column is neither wind, PV nor load.
    """
    day = _day(scenarios, request)
    clock = _clock(scenarios, request)
    numbers = np.arange(1, scenarios.n_scenarios + 1)
    files = {
        "probabilities.csv": pd.DataFrame(
            {"Index": numbers, "Probability": scenarios.probabilities, "Scenario": scenarios.labels}
        )
    }
    for number, column in enumerate(scenarios.columns):
        name = f"{day:%Y%m%d}/{_folder(column)}/{_file(column)}"
        if name in files:
            raise RequestError(f"two columns would be asset {_file(column)!r}", advice="rename one of them")
        head = pd.DataFrame({"Type": "Simulation", "Index": numbers})
        files[name] = pd.concat([head, pd.DataFrame(scenarios.values[:, :, number], columns=clock)], axis="columns")
    return {name: to_csv(frame).encode() for name, frame in files.items()}


def _day(scenarios: ScenarioSet, request: ExportRequest) -> dt.date:
    if request.date is not None:
        return request.date
    days: set[dt.date] = set() if scenarios.starts is None else set(scenarios.starts.date)
    if len(days) != 1:
        raise RequestError(
            f"PGscen's scenarios are about one day and these start on {len(days)}",
            advice=("pass the day that they are for: ", Setting("date")),
        )
    return days.pop()


def _clock(scenarios: ScenarioSet, request: ExportRequest) -> list[str]:
    """Name the steps by the clock; scenarios that begin at different hours have none in common."""
    step = pd.Timedelta(hours=request.step_hours)
    if step * scenarios.n_steps > DAY:
        raise RequestError(
            f"PGscen names steps by the clock of one day and these scenarios last {step * scenarios.n_steps}",
            advice="reduce days or less",
        )
    begins = {pd.Timedelta(0)}
    if scenarios.starts is not None:
        clocks = scenarios.starts.tz_localize(None)
        begins = set(clocks - clocks.normalize())
    if len(begins) > 1:
        raise RequestError("PGscen names steps by the clock and these scenarios begin at different hours")
    begin = pd.Timestamp("2000-01-01") + begins.pop()
    return [(begin + step * number).strftime("%H%M") for number in range(scenarios.n_steps)]


def _folder(column: Column) -> str:
    if column.kind not in FOLDERS:
        raise RequestError(
            f"PGscen knows wind, solar and load, and column {column.name!r} is neither by its name",
            advice="name it as wind or PV, or leave it out",
        )
    return FOLDERS[column.kind]


def _file(column: Column) -> str:
    name = column.name.rstrip().replace(" ", "_")
    if PurePosixPath(name).name != name or "\\" in name or name.startswith(".") or "\0" in name:
        raise RequestError(f"column {column.name!r} names no file", advice="rename it")
    return f"{name}.csv"
