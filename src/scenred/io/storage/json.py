"""JSON: the scenario set as one object, written and read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import InputError
from scenred.io.storage.envelope import LAYOUTS, enveloped, to_json
from scenred.io.storage.facts import facts_of
from scenred.model import Facts, ScenarioSet

KIND = "scenario_set"


def document(scenarios: ScenarioSet, facts: Facts) -> bytes:
    """Return what is known besides the table, `columns` and `scenarios` in an envelope."""
    starts: Sequence[str | None] = scenarios.stamps or [None] * scenarios.n_scenarios
    content = {
        **dict.fromkeys(("step_seconds", "hours", "zone")),
        **facts.named(),
        "columns": [asdict(column) for column in scenarios.columns],
        "scenarios": [
            {
                "scenario": label,
                "probability": float(scenarios.probabilities[number]),
                "start": starts[number],
                **({"group": scenarios.groups[number]} if scenarios.groups else {}),
                "values": dict(zip(scenarios.names, scenarios.values[number].T.tolist(), strict=True)),
            }
            for number, label in enumerate(scenarios.labels)
        ],
    }
    return to_json(enveloped(KIND, content), indent=None).encode()


def read_document(data: bytes, name: str) -> tuple[pd.DataFrame, Facts]:
    """Read a scenario set in JSON as a long scenario table and what it tells besides, or raise an InputError.

    Messages call the file `name`.
    """
    try:
        content = json.loads(data)
    except ValueError as error:  # also bytes that are not text
        raise InputError(f"cannot be parsed as JSON: {error}", place=name) from error
    if not isinstance(content, dict) or content.get(KIND) != LAYOUTS[KIND]:
        raise InputError(
            f"is JSON, and not a scenario set of version {LAYOUTS[KIND]}",
            advice="name what scenred export wrote",
            place=name,
        )
    try:
        frame = pd.concat([_rows(scenario) for scenario in content["scenarios"]], ignore_index=True)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"a scenario in it is incomplete ({type(error).__name__}: {error})",
            "scenario, probability and values by column, all of one length, in each",
            place=name,
        ) from error
    return frame, facts_of(content, name)


def _rows(scenario: dict[str, Any]) -> pd.DataFrame:
    values = {name: np.asarray(series, dtype=np.float64) for name, series in scenario["values"].items()}
    lengths = {len(series) for series in values.values()}
    if len(lengths) != 1:
        raise ValueError(f"scenario {scenario['scenario']!r} has series of {sorted(lengths)} steps")
    head: dict[str, Any] = {"scenario": str(scenario["scenario"]), "probability": float(scenario["probability"])}
    if scenario.get("start") is not None:
        head["start"] = str(scenario["start"])
    if "group" in scenario:
        head["group"] = str(scenario["group"])
    return pd.DataFrame(head | {"step": np.arange(lengths.pop())} | values)
