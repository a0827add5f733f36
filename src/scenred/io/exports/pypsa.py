"""PyPSA: a stochastic network's scenarios, or weighted days, as files.

Rules: PyPSA 1.0 and later, "Stochastic optimization" (`n.set_scenarios`, series by scenario and name) and "Time series"
(`n.snapshot_weightings`): `objective` and `generators` are the hours that a snapshot stands for, `stores` the hours
that it lasts. PyPSA's own CSV folders know no scenarios, so theirs are tables that pandas reads; days are a CSV folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import RequestError, Setting
from scenred.io.exports.profiles import per_unit
from scenred.io.exports.request import ExportRequest
from scenred.io.storage.csv import to_csv
from scenred.model import ScenarioSet

READER = "PyPSA"


def pypsa(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write the tables of one form.

    `scenarios`: `scenarios.csv`, `snapshots.csv`, `generators.p_max_pu.csv` and `loads.p_set.csv` with two header rows,
    scenario and name. `days`: `snapshots.csv`, `generators-p_max_pu.csv`, `loads-p_set.csv` for a PyPSA CSV folder.
    Raise a RequestError if a column is not a capacity factor, or a step is of unknown length.
    """
    weightings = snapshot_weightings(scenarios, request).reset_index()
    files = {"snapshots.csv": weightings.to_csv(lineterminator="\n")}
    mark = "."
    if request.form == "days":
        mark = "-"
    else:
        weights = pd.DataFrame({"scenario": scenarios.labels, "weight": scenarios.probabilities})
        files["scenarios.csv"] = to_csv(weights)
    for attribute, frame in component_series(scenarios, request).items():
        files[f"{attribute.replace('.', mark)}.csv"] = frame.to_csv(lineterminator="\n")
    return {name: text.encode() for name, text in files.items()}


def snapshots(scenarios: ScenarioSet, request: ExportRequest) -> pd.Index:
    """Return the snapshots: steps from 0 for alternatives; the days one after the other, as their clock shows them."""
    n, t, _ = scenarios.values.shape
    if request.form == "scenarios":
        return pd.RangeIndex(t, name="snapshot")
    if scenarios.clocks is None:
        return pd.RangeIndex(n * t, name="snapshot")
    step = pd.Timedelta(hours=request.step_hours)
    times = [start + number * step for start in scenarios.clocks for number in range(t)]
    index = pd.DatetimeIndex(times, name="snapshot")
    if not index.is_unique:
        raise RequestError(
            "two scenarios share a time, and PyPSA needs every snapshot once",
            advice=("pass ", Setting("form", "scenarios")),
        )
    return index


def snapshot_weightings(scenarios: ScenarioSet, request: ExportRequest) -> pd.DataFrame:
    """Return `objective`, `stores`, `generators` of each snapshot; `objective` sums to the hours that are asked for."""
    t = scenarios.n_steps
    shares = np.repeat(scenarios.probabilities, t) if request.form == "days" else np.ones(t)
    hours = shares * request.hours / t
    stores = np.full(len(hours), request.step_hours)
    return pd.DataFrame(
        {"objective": hours, "stores": stores, "generators": hours}, index=snapshots(scenarios, request)
    )


def component_series(
    scenarios: ScenarioSet, request: ExportRequest, names: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, pd.DataFrame]:
    """Return `generators.p_max_pu` and `loads.p_set`, each only where there is a column for it."""
    columns: dict[str, dict[Any, Any]] = {"generators.p_max_pu": {}, "loads.p_set": {}}
    for number, column in enumerate(scenarios.columns):
        wanted = (column.name,) if names is None else names[column.name]
        if not wanted:  # it only chose the days
            continue
        is_load = column.kind == "load"
        values = per_unit(scenarios, number, READER)
        series = columns["loads.p_set" if is_load else "generators.p_max_pu"]
        for name in wanted:
            if request.form == "days":
                series[name] = values.ravel()
            else:
                series |= {(label, name): row for label, row in zip(scenarios.labels, values, strict=True)}
    levels = ["name"] if request.form == "days" else ["scenario", "name"]
    index = snapshots(scenarios, request)
    return {
        attribute: pd.DataFrame(found, index=index).rename_axis(columns=levels)
        for attribute, found in columns.items()
        if found
    }
