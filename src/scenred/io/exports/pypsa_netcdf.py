"""PyPSA's own NetCDF: a network of the user's with the scenarios, or the days, in it.

Rules: PyPSA 1.0 and later, "Import and export": `pypsa.Network(path)` reads NetCDF and folders of CSV,
`Network.export_to_netcdf` writes scenarios (`scenario_weight`, and every table by scenario and name).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from scenred.errors import InputError, RequestError, Setting
from scenred.io.exports.pypsa_network import to_network
from scenred.io.exports.request import ExportRequest
from scenred.io.files.extras import load_extra
from scenred.io.files.inputs import register_path
from scenred.io.files.source import printable
from scenred.model import ScenarioSet

EXTRA = "pypsa"


def stochastic(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write the network with the set in it.

    Raise a RequestError if no network is named, or as `to_network`; an InputError if it cannot be read.
    """
    if request.network_file is None:
        raise RequestError(
            "pypsa-netcdf puts the scenarios into a network, and none is named",
            advice=("pass ", Setting("network_file", "network.nc"), ", or export tables to pypsa"),
        )
    pypsa: Any = load_extra("pypsa", EXTRA, "PyPSA's NetCDF")
    load_extra("h5netcdf", EXTRA, "PyPSA's NetCDF")
    with pypsa.option_context("general.allow_network_requests", False):
        data = to_network(_read(pypsa, request.network_file), scenarios, request).export_to_netcdf()
    with pd.option_context("future.infer_string", False):  # the strings of pandas 3 are no type of NetCDF
        return {"": bytes(data.to_netcdf(engine="h5netcdf"))}


def _read(pypsa: Any, path: str) -> Any:
    """Read a network; PyPSA raises errors of many kinds for what is none."""
    if not Path(path).exists():
        raise InputError("there is no such file or folder", advice="name a network of PyPSA", place=path)
    register_path(path, printable(path))
    try:
        return pypsa.Network(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise InputError(
            f"cannot be read as a network of PyPSA: {error or type(error).__name__}",
            advice="name NetCDF or a folder of CSV that PyPSA wrote",
            place=path,
        ) from error
