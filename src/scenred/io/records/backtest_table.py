"""A backtest as CSV, JSON or aligned text."""

from __future__ import annotations

import json
from importlib.metadata import version

from scenred.io.storage.csv import to_csv
from scenred.model import Backtest

VERSION = 1


def write_backtest(result: Backtest, *, as_json: bool) -> str:
    """Write the table as CSV, the rank histogram in one cell, or everything as JSON."""
    if not as_json:
        table = result.table.copy()
        table["rank_histogram"] = [" ".join(f"{share:g}" for share in row) for row in table["rank_histogram"]]
        return to_csv(table)
    rows = json.loads(result.table.to_json(orient="records", double_precision=15))
    content = {
        "backtest": VERSION,
        "versions": {"scenred": version("scenred")},
        "days": result.n_days,
        "first": result.first.isoformat(),
        "last": result.last.isoformat(),
        "steps": result.n_steps,
        "refit": result.refit,
        "columns": [
            {"name": column.name, "kind": column.kind, "capacity": column.capacity}
            for column in result.columns
        ],
        "rows": rows,
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
