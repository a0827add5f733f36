"""JSON: the scenario set as one object, written and read."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import InputError
from scenred.io.exports.request import ExportRequest
from scenred.io.storage.facts import facts, known_facts
from scenred.model import ScenarioSet

VERSION = 1


def document(scenarios: ScenarioSet, request: ExportRequest) -> dict[str, bytes]:
    """Write `scenario_set` (version of this layout), `step_seconds`, `columns` and `scenarios`."""
    starts: list[str | None] = [None] * scenarios.n_scenarios
    if scenarios.starts is not None:
        starts = [start.isoformat() for start in scenarios.starts]
    said = facts(scenarios)
    content = {
        "scenario_set": VERSION,
        "step_seconds": None if request.step is None else request.step.total_seconds(),
        "columns": [
            {"name": column.name, "kind": column.kind, "capacity": column.capacity}
            for column in scenarios.columns
        ],
        "scenarios": [
            {
                "scenario": label,
                "probability": float(scenarios.probabilities[number]),
                "start": starts[number],
                **{name: texts[number] for name, texts in said.items()},
                "values": dict(zip(scenarios.names, scenarios.values[number].T.tolist(), strict=True)),
            }
            for number, label in enumerate(scenarios.labels)
        ],
    }
    return {"": (json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n").encode()}


def read_document(data: bytes, name: str) -> pd.DataFrame:
    """Read a scenario set in JSON as a long scenario table; `name` is what messages call it.

    Raises
    ------
    InputError
        If it is no scenario set in JSON.
    """
    try:
        content = json.loads(data)
    except ValueError as error:  # also bytes that are no text
        raise InputError(f"{name}: cannot be parsed as JSON: {error}") from error
    if not isinstance(content, dict) or content.get("scenario_set") != VERSION:
        raise InputError(
            f"{name}: is JSON, and no scenario set of version {VERSION}; name what scenred export --to json wrote"
        )
    try:
        return pd.concat([_rows(scenario) for scenario in content["scenarios"]], ignore_index=True)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{name}: a scenario in it is incomplete ({type(error).__name__}: {error}); each needs scenario, "
            "probability and values by column, all of one length"
        ) from error


def _rows(scenario: dict[str, Any]) -> pd.DataFrame:
    values = {name: np.asarray(series, dtype=np.float64) for name, series in scenario["values"].items()}
    lengths = {len(series) for series in values.values()}
    if len(lengths) != 1:
        raise ValueError(f"scenario {scenario['scenario']!r} has series of {sorted(lengths)} steps")
    head: dict[str, Any] = {
        "scenario": str(scenario["scenario"]),
        "probability": float(scenario["probability"]),
    }
    if scenario.get("start") is not None:
        head["start"] = str(scenario["start"])
    head |= {name: str(scenario[name]) for name in known_facts(scenario)}
    return pd.DataFrame(head | {"step": np.arange(lengths.pop())} | values)
