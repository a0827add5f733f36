"""JSON: the scenario set as one object, written and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import InputError
from scenred.io.storage.envelope import LAYOUTS, enveloped, from_json, to_json
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


def read_document(data: bytes, name: str, max_size: int) -> tuple[pd.DataFrame, Facts]:
    """Read a scenario set in JSON as a long scenario table and what it tells besides; messages call the file `name`.

    Raise an InputError if it is not one, or would take more than `max_size` bytes of memory.
    """
    content = from_json(data, name, max_size)
    if not isinstance(content, dict) or content.get(KIND) != LAYOUTS[KIND]:
        raise InputError(
            f"is JSON, and not a scenario set of version {LAYOUTS[KIND]}",
            advice="name what scenred export wrote",
            place=name,
        )
    try:
        rows = [_rows(scenario) for scenario in content["scenarios"]]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(
            f"a scenario in it is incomplete ({type(error).__name__}: {error})",
            "scenario, probability and values by column, all of one length, in each",
            place=name,
        ) from error
    if not rows:
        raise InputError("holds no scenario", "at least one", place=name)
    return pd.concat(rows, ignore_index=True), facts_of(content, name)


def _rows(scenario: dict[str, Any]) -> pd.DataFrame:
    values = {_text(name): np.asarray(series, dtype=np.float64) for name, series in scenario["values"].items()}
    if any(series.ndim != 1 for series in values.values()):
        raise ValueError(f"scenario {scenario['scenario']!r} has values that are no series")
    lengths = {len(series) for series in values.values()}
    if len(lengths) != 1:
        raise ValueError(f"scenario {scenario['scenario']!r} has series of {sorted(lengths)} steps")
    head: dict[str, Any] = {"scenario": _text(scenario["scenario"]), "probability": float(scenario["probability"])}
    if scenario.get("start") is not None:
        head["start"] = _text(scenario["start"])
    if "group" in scenario:
        head["group"] = _text(scenario["group"])
    return pd.DataFrame(head | {"step": np.arange(lengths.pop())} | values)


def _text(name: object) -> str:
    """Return a name as text, or raise a ValueError if it holds half a character, which no file can."""
    text = str(name)
    text.encode()
    return text
