"""Parquet: the long scenario table, written and read with pyarrow."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from scenred.errors import InputError
from scenred.io.files.extras import load_extra
from scenred.model import ScenarioSet

EXTRA = "parquet"
MAGIC = b"PAR1"


def parquet(scenarios: ScenarioSet, _step: pd.Timedelta | None) -> bytes:
    """Return the columns of the scenario table: text, doubles, `start` as a time with its offset."""
    frame = scenarios.to_frame()
    if scenarios.starts is not None:
        frame["start"] = scenarios.starts.repeat(scenarios.n_steps)
    arrow: Any = load_extra("pyarrow", EXTRA, "Parquet")
    table = arrow.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    load_extra("pyarrow.parquet", EXTRA, "Parquet").write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def read_parquet(data: bytes, name: str) -> pd.DataFrame:
    """Read a Parquet file as a table; `name` is what messages call it.

    Raises
    ------
    InputError
        If the file is broken.
    RequestError
        If pyarrow is not installed.
    """
    arrow: Any = load_extra("pyarrow", EXTRA, f"{name}: a Parquet file")
    try:
        table = load_extra("pyarrow.parquet", EXTRA, name).read_table(io.BytesIO(data))
    except (arrow.ArrowException, OSError) as error:
        raise InputError(f"cannot be read as Parquet: {error}", place=name) from error
    frame: pd.DataFrame = table.to_pandas()
    return frame
