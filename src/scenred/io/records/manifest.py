"""The manifest of a reduction: request, input, result and versions; written, and read again for replay."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import InputError
from scenred.io.files.source import read_text
from scenred.io.records.outputs import check_table_of
from scenred.io.storage.envelope import enveloped, from_json, to_json
from scenred.model import Reduction, Replay, Source
from scenred.model.replay import CALENDAR
from scenred.options.declare import overrides


def manifest(
    reduction: Reduction, options: Mapping[str, Any], created: dt.datetime, outputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe a reduction completely, ready for JSON, in an envelope.

    `options` are the resolved ones, as `generate` takes them; `created`, with zone, is the only thing in any result
    that differs from run to run; `outputs` are the files that belong to it.
    """
    content = {
        "created": created.isoformat(timespec="seconds"),
        "outputs": dict(outputs),
        "options": dict(options),
        "input": described_source(reduction.original.source),
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
        "payments": _payments(reduction),
        "extremes": _extremes(reduction),
        "scenarios": _scenarios(reduction),
    }
    return enveloped("manifest", content, "numpy", "pandas", "numba")


def manifest_text(reduction: Reduction, options: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
    """Return the manifest of a reduction made now, as JSON."""
    return to_json(manifest(reduction, options, dt.datetime.now(dt.UTC), outputs))


def described_source(source: Source | None) -> dict[str, Any]:
    """Return where a scenario set comes from; empty where it was made in memory."""
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
        "reading": _reading(source),
        "changes": dict(source.changes),
    }


def _reading(source: Source) -> dict[str, Any]:
    """Return how a file was read and cut, as far as that was not the default."""
    cut = {} if source.cutting is None else overrides(source.cutting)
    read = {} if source.reading is None else overrides(source.reading)
    return read | {name: cut[name] for name in CALENDAR if name in cut}


def _columns(reduction: Reduction) -> list[dict[str, Any]]:
    columns, ground = reduction.original.columns, reduction.ground
    unused = [None] * len(columns)  # by a precomputed metric
    rows = zip(columns, ground.scales or unused, ground.column_weights or unused, strict=True)
    return [asdict(column) | {"scale": scale, "weight": weight} for column, scale, weight in rows]


def _ground(reduction: Reduction) -> dict[str, Any]:
    ground, movement = reduction.ground, reduction.movement
    names = ("name", "order", "shift_cost", "step_hours", "directions")
    return {name: getattr(ground, name) for name in names} | {
        "moved_share": None if movement is None else movement.moved_share,
        "mean_shift_hours": None if movement is None else movement.mean_shift_hours,
    }


def _periods(reduction: Reduction) -> dict[str, Any]:
    original, source = reduction.original, reduction.original.source or Source("", None, 0)
    return {
        "kept": original.n_scenarios,
        "steps": original.n_steps,
        "step_seconds": None if original.step is None else original.step.total_seconds(),
        "rows_dropped_before": source.rows_dropped_before,
        "rows_dropped_after": source.rows_dropped_after,
    }


def _payments(reduction: Reduction) -> list[dict[str, Any]]:
    """Return the price of every condition: as cost W_r^r, as W_r, and as gap to the bound without it."""
    root = 1.0 / reduction.ground.order
    return [
        {
            "condition": paid.condition,
            "cost_before": paid.before,
            "cost_after": paid.after,
            "wasserstein_before": paid.before**root,
            "wasserstein_after": paid.after**root,
            "gap": paid.gap,
        }
        for paid in reduction.payments
    ]


def _extremes(reduction: Reduction) -> list[dict[str, Any]]:
    starts = reduction.original.stamps
    return [
        {
            "keep": extreme.keep,
            "value": extreme.value,
            "period": reduction.original.labels[extreme.row],
            "start": None if starts is None else starts[extreme.row],
            "scenario": int(np.searchsorted(reduction.medoids, extreme.row)) + 1,
        }
        for extreme in reduction.extremes
    ]


def _scenarios(reduction: Reduction) -> list[dict[str, Any]]:
    original, reduced, counts = reduction.original, reduction.scenarios, reduction.counts
    hours = None if original.step is None else original.n_steps * original.step.total_seconds() / 3600
    starts = reduced.stamps
    rows = []
    for number, medoid in enumerate(reduction.medoids):
        weight = float(reduced.probabilities[number] * original.n_scenarios)
        rows.append(
            {
                "scenario": number + 1,
                "period": original.labels[medoid],
                "start": None if starts is None else starts[number],
                "group": reduced.groups[number] if reduced.groups else None,
                "probability": float(reduced.probabilities[number]),
                "weight": weight,
                "weight_days": None if hours is None else weight * hours / 24,
                "weight_hours": None if hours is None else weight * hours,
                "count": int(counts[number]),
                "members": int((reduction.assignment == number).sum()),
            }
        )
    return rows


def read_manifest(path: str | os.PathLike[str]) -> Replay:
    """Read the scenarios of a manifest: their dates, length and probabilities.

    Raise an InputError if it cannot be read, is not a manifest, or its scenarios have no dates.
    """
    text = read_text(path)
    try:
        content = from_json(text.data, text.name)
        rows, periods = content["scenarios"], content["periods"]
        starts = [row["start"] for row in rows]
        seconds = periods["step_seconds"]
        probabilities = np.array([float(row["probability"]) for row in rows])
        groups = tuple(str(row["group"]) for row in rows if row.get("group") is not None)
        read = content["input"]
        given, zone = dict(read.get("reading") or {}), read.get("zone")
    except (InputError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise InputError(
            "is not a manifest of scenred",
            advice="name one that scenred generate wrote, such as scenarios.manifest.json",
            place=text.name,
        ) from error
    if not rows or None in starts or seconds is None:
        raise InputError(
            "its scenarios have no dates or no length, since they come from a table without",
            advice="reduce a series to apply its days to others",
            place=text.name,
        )
    try:
        # offsets change with the clock of a zone
        is_local = given.get("calendar") != "utc" and zone is not None
        is_mixed = len({pd.Timestamp(start).utcoffset() for start in starts}) > 1  # and no zone known
        index = pd.DatetimeIndex(pd.to_datetime(starts, format="ISO8601", utc=is_local or is_mixed))
        index = index.tz_convert(str(zone)) if is_local else index
        length = pd.Timedelta(seconds=float(seconds)) * int(periods["steps"])
        if index.hasnans or not (
            length > pd.Timedelta(0) and (probabilities >= 0).all() and np.isfinite(probabilities).all()
        ):
            raise ValueError(f"{starts[0]!r}, {length}, {probabilities.min()}")  # noqa: TRY301 - one message for all
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        met = f"holds a start, a length or a probability that cannot be read: {error}"
        raise InputError(met, place=text.name) from error
    check_table_of(os.fspath(path), content)
    return Replay(text.name, index, length, probabilities, groups, given)
