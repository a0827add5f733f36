"""Tables of results, with what belongs to them, as CSV, JSON or aligned text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pandas as pd

from scenred.io.storage.csv import to_csv
from scenred.io.storage.envelope import enveloped, to_json
from scenred.model import Backtest, Quantizer


def write_comparison(table: pd.DataFrame, layout: str) -> str:
    """Return a table of methods and their scores; `layout` is 'csv', 'json' or 'text'."""
    if layout == "csv":
        return to_csv(table)
    if layout == "json":
        return to_json(enveloped("comparison", {"rows": _rows(table)}))
    return table.to_string(index=False, float_format=lambda number: f"{number:.4g}") + "\n"


def write_backtest(result: Backtest, *, as_json: bool) -> str:
    """Return the table as CSV, the rank histogram in one cell, or everything as JSON."""
    if not as_json:
        shares = [" ".join(f"{share:g}" for share in row) for row in result.table["rank_histogram"]]
        return to_csv(result.table.assign(rank_histogram=shares))
    content = {
        "days": result.n_days,
        "first": result.first.isoformat(),
        "last": result.last.isoformat(),
        "steps": result.n_steps,
        "refit": result.refit,
        "columns": [asdict(column) for column in result.columns],
        "rows": _rows(result.table),
    }
    return to_json(enveloped("backtest", content))


def rows_to_json(table: pd.DataFrame) -> str:
    """Return a table as a JSON list of its rows, null where a cell is missing."""
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    return to_json([dict(zip(table.columns, row, strict=True)) for row in rows])


def write_quantizer(found: Quantizer, *, as_json: bool) -> str:
    """Return the points with their probabilities as CSV, or with both distortions as JSON."""
    if not as_json:
        return to_csv(found.to_frame())
    content = {
        "order": found.order,
        "points": found.points.tolist(),
        "probabilities": found.probabilities.tolist(),
        "distortion": found.distortion,
        "residual": found.residual,
        "is_optimal": found.is_optimal,
        "formula_points": found.formula_points.tolist(),
        "formula_distortion": found.formula_distortion,
    }
    return to_json(enveloped("quantizer", content))


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=15))
    return rows
