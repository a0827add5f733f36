"""Days that are written into a folder that holds a network of PyPSA: only where PyPSA can read both together.

Rules: PyPSA 1.0 and later, "Import and export": a CSV folder holds `network.csv` and `buses.csv`, a table such as
`generators.csv` for each component, and a table such as `generators-p_max_pu.csv` with the snapshots of
`snapshots.csv` for each of its series. Series of other snapshots cannot be read with them.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from scenred.errors import InputError, RequestError, Setting, nearest_name
from scenred.io.exports.request import ExportRequest
from scenred.io.files.source import printable, read_bytes

MARKS = ("network.csv", "buses.csv")


def check_network_folder(path: str, files: Mapping[str, bytes], request: ExportRequest) -> None:
    """Raise a RequestError if a folder holds a network that PyPSA could not read with these files in it."""
    folder, place = Path(path), printable(path)
    if not any((folder / name).is_file() for name in MARKS):
        return
    netcdf = (Setting("to", "pypsa-netcdf"), " ", Setting("network_file", path), " writes the network with them in it")
    if request.form != "days":
        raise RequestError(
            "is a network of PyPSA, whose folders hold no scenarios",
            advice=("pass ", Setting("form", "days"), ", or name another folder; ", *netcdf),
            place=place,
        )
    for name in (name for name in files if "-" in name):
        _check_components(folder / f"{name.partition('-')[0]}.csv", _columns(files[name], place)[1:])
    for file in sorted(folder.glob("*-*.csv")):
        component, _, _ = file.name.partition("-")
        ours = _columns(files[file.name], place)[1:] if file.name in files else []
        held = read_bytes(file, printable(file), is_input=False)
        lost = [name for name in _columns(held, printable(file))[1:] if name not in ours]
        if lost and (folder / f"{component}.csv").is_file():
            raise RequestError(
                f"has {file.stem} of {lost[0]!r} on its own snapshots, which PyPSA cannot read with those of the days",
                advice=netcdf,
                place=place,
            )


def _check_components(table: Path, columns: list[str]) -> None:
    """Raise a RequestError if a column of series is not a component of the network."""
    place = printable(table)
    known: list[str] = []
    if table.is_file():
        known = _frame(read_bytes(table, place, is_input=False), place).iloc[:, 0].astype(str).tolist()
    strange = next((column for column in columns if column not in known), None)
    if strange is not None:
        raise RequestError(
            f"there is no {strange!r} in {table.stem}, for which there is a column",
            advice=f"rename the column, or leave it out; {nearest_name(strange, known)}",
            place=place,
        )


def _columns(data: bytes, place: str) -> list[str]:
    return [str(name) for name in _frame(data, place).columns]


def _frame(data: bytes, place: str) -> pd.DataFrame:
    try:
        return pd.read_csv(io.BytesIO(data), dtype=str)
    except ValueError as error:  # also bytes that are not text, and no columns
        raise InputError(f"cannot be read as a table of PyPSA: {error}", place=place) from error
