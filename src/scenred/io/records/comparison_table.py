"""A table of methods and their scores, as CSV, JSON or aligned text."""

from __future__ import annotations

import json

import pandas as pd

from scenred.io.storage.csv import to_csv

VERSION = 1


def write_comparison(table: pd.DataFrame, layout: str) -> str:
    """Write a comparison.

    Parameters
    ----------
    table : pandas.DataFrame
    layout : {'csv', 'json', 'text'}
    """
    if layout == "csv":
        return to_csv(table)
    if layout == "json":
        rows = json.loads(table.to_json(orient="records", double_precision=15))
        return json.dumps({"comparison": VERSION, "rows": rows}, indent=2) + "\n"
    return table.to_string(index=False, float_format=lambda number: f"{number:.4g}") + "\n"
