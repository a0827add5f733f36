"""The manifest: what was asked, what was read, what came out, and with which versions."""

from __future__ import annotations

import datetime as dt
import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from scenred.model import Reduction

VERSION = 1


def manifest(reduction: Reduction, options: Mapping[str, Any], created: dt.datetime) -> dict[str, Any]:
    """Describe a reduction completely.

    Parameters
    ----------
    reduction : Reduction
    options : mapping
        The resolved options, as `generate` takes them.
    created : datetime.datetime
        With zone. The only thing in any result that differs from run to run.

    Returns
    -------
    dict
        Ready for JSON: `manifest` (version of this layout), `created`, `versions`, `options`, `input`,
        `columns`, `periods`, `ground_metric`, `result`, `scenarios`.
    """
    return {
        "manifest": VERSION,
        "created": created.isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in ("scenred", "numpy", "pandas", "numba")},
        "options": dict(options),
        "input": _input(reduction),
        "columns": _columns(reduction),
        "periods": _periods(reduction),
        "ground_metric": _ground(reduction),
        "result": {
            "n_scenarios": len(reduction.medoids),
            "cost": reduction.cost,
            "wasserstein": reduction.wasserstein,
            "single_scenario_cost": reduction.single_cost,
            "relative_cost": reduction.relative_cost,
            "method": reduction.method,
            "lower_bound": reduction.lower_bound,
            "gap": reduction.gap,
            "is_optimal": reduction.is_optimal,
        },
        "scenarios": _scenarios(reduction),
    }


def to_json(content: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    """Write a manifest, or the rows of a table, as indented JSON with a final newline."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _input(reduction: Reduction) -> dict[str, Any]:
    source = reduction.original.source
    if source is None:
        return {}
    return {
        "name": source.name,
        "sha256": source.sha256,
        "rows": source.n_rows,
        "time": source.time,
        "first": source.first,
        "last": source.last,
        "zone": source.zone,
        "files": list(source.files),
        "reading": {} if source.reading is None else source.reading.told(),
        "changes": dict(source.changes),
    }


def _columns(reduction: Reduction) -> list[dict[str, Any]]:
    columns, ground = reduction.original.columns, reduction.ground
    unused = [None] * len(columns)  # by a precomputed metric
    rows = zip(columns, ground.scales or unused, ground.column_weights or unused, strict=True)
    return [
        {
            "name": column.name,
            "kind": column.kind,
            "capacity": column.capacity,
            "scale": scale,
            "weight": weight,
        }
        for column, scale, weight in rows
    ]


def _ground(reduction: Reduction) -> dict[str, Any]:
    ground, movement = reduction.ground, reduction.movement
    return {
        "name": ground.name,
        "order": ground.order,
        "shift_cost": ground.shift_cost,
        "step_hours": ground.step_hours,
        "directions": ground.directions,
        "moved_share": None if movement is None else movement.moved_share,
        "mean_shift_hours": None if movement is None else movement.mean_shift_hours,
    }


def _periods(reduction: Reduction) -> dict[str, Any]:
    original, source = reduction.original, reduction.original.source
    return {
        "kept": original.n_scenarios,
        "steps": original.n_steps,
        "step_seconds": None if original.step is None else original.step.total_seconds(),
        "rows_dropped_before": 0 if source is None else source.rows_dropped_before,
        "rows_dropped_after": 0 if source is None else source.rows_dropped_after,
    }


def _scenarios(reduction: Reduction) -> list[dict[str, Any]]:
    original, reduced = reduction.original, reduction.scenarios
    return [
        {
            "scenario": number + 1,
            "period": original.labels[medoid],
            "start": None if reduced.starts is None else reduced.starts[number].isoformat(),
            "probability": float(reduced.probabilities[number]),
            "weight": float(reduced.probabilities[number] * original.n_scenarios),
            "members": int((reduction.assignment == number).sum()),
        }
        for number, medoid in enumerate(reduction.medoids)
    ]
