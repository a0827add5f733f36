"""Stored scenario sets that are not CSV: recognised by their first bytes, read as the long scenario table."""

from __future__ import annotations

import pandas as pd

BINARY = (b"PAR1", b"PK\x03\x04", b"\x89HDF", b"CDF")


def stored_set(data: bytes, name: str) -> pd.DataFrame | None:
    """Read what `scenred export` wrote as parquet, xlsx, netcdf, json or scenred2; None for any other text.

    Raises
    ------
    InputError
        If it is of such a format and cannot be read.
    RequestError
        If the library that reads it is not installed.
    """
    if not data.startswith(BINARY) and not data[:64].lstrip().startswith((b"{", b"*", b"TYPE", b"type")):
        return None
    from scenred.io.storage.json import read_document
    from scenred.io.storage.netcdf import MAGICS, read_netcdf
    from scenred.io.storage.parquet import MAGIC as PARQUET
    from scenred.io.storage.parquet import read_parquet
    from scenred.io.storage.scenred2 import is_fan, read_fan
    from scenred.io.storage.xlsx import read_workbook

    if data.startswith(PARQUET):
        return read_parquet(data, name)
    if data.startswith(MAGICS):
        return read_netcdf(data, name)
    if data.startswith(BINARY):
        return read_workbook(data, name)
    if data.lstrip().startswith(b"{"):
        return read_document(data, name)
    return read_fan(data, name) if is_fan(data) else None
