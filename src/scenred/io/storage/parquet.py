"""Parquet: the long scenario table, written with pyarrow; any table of Parquet is read by `opening`."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

from scenred.errors import InputError
from scenred.io.files.extras import load_extra
from scenred.io.storage.facts import facts_of
from scenred.model import Facts, ScenarioSet

EXTRA = "parquet"
KEY = "scenred"


def parquet(scenarios: ScenarioSet, facts: Facts) -> bytes:
    """Return the columns of the scenario table: text, doubles, `start` as a time with its zone or offset.

    Where the offset changes and the zone has no name, `start` is text in ISO 8601. What is known besides is JSON in the
    metadata of the schema, below `scenred`.
    """
    frame = scenarios.to_frame()
    starts, clocks = scenarios.starts, scenarios.clocks
    if starts is not None and clocks is not None and (starts.tz_localize(None) == clocks).all():
        frame["start"] = starts.repeat(scenarios.n_steps)
    arrow: Any = load_extra("pyarrow", EXTRA, "Parquet")
    table = arrow.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({KEY: json.dumps(facts.named())})
    buffer = io.BytesIO()
    load_extra("pyarrow.parquet", EXTRA, "Parquet").write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def parquet_facts(metadata: Mapping[bytes, bytes] | None, name: str) -> Facts:
    """Return what the metadata of a schema tells; messages call the file `name`."""
    try:
        named = json.loads((metadata or {}).get(KEY.encode(), b"{}"))
    except ValueError as error:
        raise InputError(f"its metadata {KEY} cannot be parsed as JSON: {error}", place=name) from error
    return facts_of(named if isinstance(named, dict) else {}, name)
