"""PGscen: one CSV per asset below the day and the kind, as its `write_to_csv` lays scenarios out.

Rules: PGscen, `GeminiEngine.write_to_csv`: folder `YYYYMMDD/wind`, `solar` or `load`; columns `Type, Index`, then the
clock of every step such as 0000; rows of type Simulation, numbered from 1. Day and clock are those of the moments of
its index, which are of UTC: the day of Texas begins at 0600. PGscen's scenarios are equally likely, so its files have
no place for probabilities: they are in `probabilities.csv` next to them.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from scenred.arrays import first
from scenred.errors import RequestError, Setting
from scenred.io.exports.request import ExportRequest
from scenred.io.exports.step_times import target_day, time_of_day
from scenred.io.storage.csv import to_csv
from scenred.io.storage.names import unfit
from scenred.model import Column, ScenarioSet

FOLDERS = {"wind": "wind", "pv": "solar", "load": "load"}
DAY = pd.Timedelta(days=1)


def pgscen(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write one file per column, and the probabilities with the hours that they stand for.

    Raise a RequestError if the scenarios are not about one day, are longer, begin at a time of UTC that is not known,
    or a column is neither wind, PV nor load.
    """
    step = _step(scenarios, request)
    begin = _first_step(scenarios, request)
    clock = [(begin + step * number).strftime("%H%M") for number in range(scenarios.n_steps)]
    numbers = np.arange(1, scenarios.n_scenarios + 1)
    weights = {
        "Index": numbers,
        "Probability": scenarios.probabilities,
        "Hours": scenarios.probabilities * request.hours,
        "Scenario": scenarios.labels,
    }
    files = {"probabilities.csv": pd.DataFrame(weights)}
    for number, column in enumerate(scenarios.columns):
        name = f"{begin:%Y%m%d}/{_folder(column)}/{_file(column, scenarios.names)}"
        if name in files:
            taken = [*scenarios.names, *map(_asset, scenarios.names)]
            raise unfit(f"two columns would be asset {_asset(column.name)!r}", column.name, taken)
        head = pd.DataFrame({"Type": "Simulation", "Index": numbers})
        files[name] = pd.concat([head, pd.DataFrame(scenarios.values[:, :, number], columns=clock)], axis="columns")
    return {name: to_csv(frame).encode() for name, frame in files.items()}


def _first_step(scenarios: ScenarioSet, request: ExportRequest) -> pd.Timestamp:
    """Return the time of the first step on the day that the scenarios are for: of UTC, where their zone is known."""
    date = pd.Timestamp(target_day(scenarios, request, "PGscen"))
    starts, clocks = scenarios.starts, scenarios.clocks
    if starts is not None and starts.tz is not None and scenarios.zone is not None:
        moments = starts.tz_convert("UTC")
        if (passed := _time_of_day(moments)) is not None and _time_of_day(clocks) is None:
            return _on_day(date, passed, starts.tz)
    day = date + time_of_day(scenarios, "PGscen")
    if starts is None or clocks is None or starts.tz is None:
        return day
    if (there := first(np.asarray(clocks == day))) is not None:  # also where its clock shows this time twice
        return starts[there].tz_convert("UTC")
    if (starts.tz_localize(None) != clocks).any():
        raise RequestError(
            "PGscen names steps by the time of UTC, and the starts have offsets that change, of no zone that is known",
            advice=("name the zone, such as ", Setting("tz", "Europe/Berlin")),
        )
    local = pd.DatetimeIndex([day]).tz_localize(starts.tz, ambiguous=np.array([True]), nonexistent="shift_forward")
    return local.tz_convert("UTC")[0]


def _time_of_day(times: pd.DatetimeIndex | None) -> pd.Timedelta | None:
    """Return the time of day that all times have; None where there is no such one."""
    passed = set() if times is None else set(times - times.normalize())
    return passed.pop() if len(passed) == 1 else None


def _on_day(date: pd.Timestamp, passed: pd.Timedelta, zone: Any) -> pd.Timestamp:
    """Return the moment of a time of day of UTC that lies on a date of a zone, as where days keep standard time."""
    days = (date.tz_localize("UTC") + pd.Timedelta(days=number) for number in (-1, 0, 1))
    return next(day + passed for day in days if (day + passed).tz_convert(zone).date() == date.date())


def _step(scenarios: ScenarioSet, request: ExportRequest) -> pd.Timedelta:
    step = pd.Timedelta(hours=request.step_hours)
    if step * scenarios.n_steps > DAY:
        raise RequestError(
            f"PGscen names steps by the clock of one day and these scenarios last {step * scenarios.n_steps}",
            advice="reduce days or less",
        )
    return step


def _folder(column: Column) -> str:
    if column.kind not in FOLDERS:
        raise RequestError(
            f"PGscen knows wind, solar and load, and column {column.name!r} is neither by its name",
            advice="name it as wind or PV, or leave it out",
        )
    return FOLDERS[column.kind]


def _asset(name: str) -> str:
    return name.rstrip().replace(" ", "_")


def _file(column: Column, names: list[str]) -> str:
    asset = _asset(column.name)
    if PurePosixPath(asset).name != asset or "\\" in asset or asset.startswith(".") or "\0" in asset:
        raise unfit(f"column {column.name!r} names no file", column.name, names)
    return f"{asset}.csv"
