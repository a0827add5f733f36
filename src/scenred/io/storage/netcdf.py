"""NetCDF: a variable per column over (scenario, step), written with xarray and h5netcdf, and read from xarray.

Rules: CF conventions 1.11: `start` is a time coordinate in UTC; `probability` a coordinate of `scenario`. The clock
that the starts show is in attributes: `zone` of the file, and the offsets from UTC in `utc_offset_seconds` of `start`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import InputError
from scenred.io.files.extras import load_extra
from scenred.io.storage.facts import facts_of
from scenred.io.storage.names import unfit
from scenred.model import Facts, ScenarioSet
from scenred.model.stamps import iso_stamps

EXTRA = "netcdf"
TITLE = "scenarios with probabilities"
EPOCH = "1970-01-01 00:00:00"


def netcdf(scenarios: ScenarioSet, facts: Facts) -> bytes:
    """Return dimensions `scenario` and `step`, coordinates `probability` and `start`, a variable per column.

    Raise a RequestError if a library is missing, or a column cannot name a variable.
    """
    xarray: Any = load_extra("xarray", EXTRA, "NetCDF")
    load_extra("h5netcdf", EXTRA, "NetCDF")
    for name in scenarios.names:
        if "/" in name or name in (".", ".."):
            raise unfit(
                f"column {name!r} cannot name a variable of NetCDF, which allows no slash", name, scenarios.names
            )
    coordinates: dict[str, Any] = {
        "scenario": ("scenario", np.array(scenarios.labels, dtype=object), {"long_name": "scenario"}),
        "step": ("step", np.arange(scenarios.n_steps), {"long_name": "position inside the scenario, from 0"}),
        "probability": (
            "scenario",
            scenarios.probabilities,
            {"long_name": "probability of the scenario", "units": "1"},
        ),
    }
    if scenarios.groups:
        coordinates["group"] = ("scenario", np.array(scenarios.groups, dtype=object), {"long_name": "group"})
    if scenarios.starts is not None and scenarios.clocks is not None:
        coordinates["start"] = _start(scenarios.starts, scenarios.clocks)
    variables = {
        column.name: (
            ("scenario", "step"),
            scenarios.values[:, :, number],
            {"long_name": column.name, "kind": column.kind}
            | ({} if column.capacity is None else {"capacity": column.capacity}),
        )
        for number, column in enumerate(scenarios.columns)
    }
    attributes: dict[str, Any] = {"Conventions": "CF-1.11", "title": TITLE} | facts.named()
    data = xarray.Dataset(variables, coordinates, attributes)
    encoding: dict[str, dict[str, Any]] = {name: {"_FillValue": None} for name in (*scenarios.names, "probability")}
    if "start" in coordinates:
        whole = bool((data["start"].values.astype("datetime64[us]").astype(np.int64) % 1_000_000 == 0).all())
        unit = "seconds" if whole else "microseconds"
        encoding["start"] = {"units": f"{unit} since {EPOCH}", "dtype": "int64"}
    return bytes(data.to_netcdf(engine="h5netcdf", encoding=encoding))


def _start(starts: pd.DatetimeIndex, clocks: pd.DatetimeIndex) -> tuple[str, Any, dict[str, Any]]:
    """Return starts in UTC, with the offset of their clock as an attribute: one, or one for each where it changes."""
    attributes: dict[str, Any] = {"standard_name": "time", "long_name": "first time stamp of the scenario"}
    if starts.tz is not None:
        starts = starts.tz_convert("UTC").tz_localize(None)
        offsets = np.asarray((clocks - starts) / pd.Timedelta(seconds=1), dtype=np.float64)
        attributes["utc_offset_seconds"] = offsets if (offsets != offsets[0]).any() else float(offsets[0])
    return "scenario", starts.to_numpy(), attributes


def dataset_frame(dataset: Any, name: str) -> tuple[pd.DataFrame, Facts]:
    """Return a dataset of xarray as the long scenario table, and what it tells besides.

    Raise an InputError if it is not a scenario set.
    """
    columns = [str(key) for key, variable in dataset.data_vars.items() if variable.dims == ("scenario", "step")]
    if "probability" not in dataset or dataset["probability"].dims != ("scenario",) or not columns:
        raise InputError(
            "is not a scenario set in NetCDF",
            "variables over (scenario, step) and a probability for each scenario",
            place=name,
        )
    n, t = dataset.sizes["scenario"], dataset.sizes["step"]
    labels = dataset["scenario"].values if "scenario" in dataset.coords else np.arange(1, n + 1)
    table: dict[str, Any] = {
        "scenario": np.repeat([str(label) for label in labels], t),
        "probability": np.repeat(dataset["probability"].values, t),
    }
    if "start" in dataset:
        table["start"] = np.repeat(_zoned(dataset["start"]), t)
    if "group" in dataset.coords:
        table["group"] = np.repeat([str(group) for group in dataset["group"].values], t)
    table["step"] = np.tile(dataset["step"].values if "step" in dataset.coords else np.arange(t), n)
    frame = pd.DataFrame(table | {name: dataset[name].values.ravel() for name in columns})
    return frame, facts_of(dataset.attrs if dataset.attrs.get("title") == TITLE else {}, name)


def _zoned(start: Any) -> Any:
    """Return starts with their offsets: as times, or in ISO 8601 where the offset changes."""
    starts = pd.DatetimeIndex(start.values)
    if "utc_offset_seconds" not in start.attrs:
        return starts
    offsets = np.broadcast_to(np.asarray(start.attrs["utc_offset_seconds"], dtype=np.float64), len(starts))
    if (offsets != offsets[0]).any():
        return iso_stamps(starts.tz_localize("UTC"), starts + pd.to_timedelta(offsets, unit="s"))
    zone = pd.Timedelta(seconds=float(offsets[0])).to_pytimedelta()
    return starts.tz_localize("UTC").tz_convert(dt.timezone(zone))
