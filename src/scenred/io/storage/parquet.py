"""Parquet: the long scenario table, written with pyarrow; any table of Parquet is read by `opening`."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from scenred.io.files.extras import load_extra
from scenred.model import ScenarioSet

EXTRA = "parquet"


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
