"""What the manifest next to a scenario table knows of it: step, kinds, capacities, zone and origin."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import InputError, written
from scenred.io.files.source import printable, read_bytes
from scenred.io.storage.envelope import from_json
from scenred.model import Column, Facts, ScenarioSet
from scenred.model.replay import CALENDAR
from scenred.notes import note
from scenred.options import Columns, Conditions, Cutting, GroundOptions, Reading, SearchOptions
from scenred.options.declare import recorded

TABLE = ".csv"
MANIFEST = ".manifest.json"
# Options of a run that say how its table is laid out, and nothing of what is in it.
LAYOUT = ("layout", "separate")


def manifest_beside(table: str | os.PathLike[str], scenarios: ScenarioSet) -> dict[str, Any]:
    """Return the manifest next to a scenario table; empty where there is none, with a note where it is of another.

    A manifest is of a table if it has its scenarios: their number, starts and probabilities, and, where it names the
    SHA-256 of its table, this one. Raise an InputError if it is not JSON.
    """
    path = os.fspath(table).removesuffix(TABLE) + MANIFEST
    if not os.fspath(table).endswith(TABLE) or not Path(path).is_file():
        return {}
    try:
        content = from_json(read_bytes(path, printable(path)), printable(path))
    except InputError as error:
        met = f"is not a manifest that can be read: {written(error.met)}"
        raise InputError(met, advice="remove or repair it", place=printable(path)) from error
    if not isinstance(content, dict) or "manifest" not in content:
        return {}
    try:
        is_own = _is_of(content, scenarios)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        is_own = False
    if not is_own:
        note(f"{printable(path)} is not used: its scenarios are not those of the table, which comes from another run")
        return {}
    return content


def _is_of(content: Mapping[str, Any], scenarios: ScenarioSet) -> bool:
    rows = sorted(content["scenarios"], key=lambda row: int(row["scenario"]))
    shares = np.array([float(row["probability"]) for row in rows])
    starts = [row["start"] for row in rows]
    table = ((content.get("outputs") or {}).get("table") or {}).get("sha256")
    own = None if scenarios.source is None else scenarios.source.sha256
    return (
        np.array_equal(shares, scenarios.probabilities)
        and (scenarios.stamps is None or starts == scenarios.stamps)
        and table in (None, own)
    )


def with_known_columns(scenarios: ScenarioSet, content: Mapping[str, Any], given: Columns) -> ScenarioSet:
    """Return a set whose columns have the kinds of a manifest, and its capacities but for loads, unless given.

    A load keeps its unit: its capacity scaled the metric of the reduction.
    """
    known = {str(column.get("name")): column for column in content.get("columns", [])}
    used: list[str] = []

    def told(column: Column) -> Column:
        found = known.get(column.name, {})
        kind = column.kind if column.name in {*given.wind, *given.pv} else found.get("kind", column.kind)
        capacity = column.capacity
        if capacity is None and kind != "load" and found.get("capacity") is not None:
            capacity = float(found["capacity"])
            used.append(column.name)
        return replace(column, kind=kind, capacity=capacity)

    columns = tuple(map(told, scenarios.columns))
    if used:
        note(f"the manifest next to the table tells the capacity of {', '.join(used)}")
    return replace(scenarios, columns=columns)


def with_cutting(scenarios: ScenarioSet, content: Mapping[str, Any]) -> ScenarioSet:
    """Return a set whose source tells the span of its series, and how its days were cut, which its table does not."""
    series, source = content.get("input") or {}, scenarios.source
    read = series.get("reading") or {}
    cutting = Cutting(**{name: read[name] for name in CALENDAR if name in read})
    if source is None:
        return scenarios
    known = replace(source, cutting=cutting, first=series.get("first"), last=series.get("last"))
    return replace(scenarios, source=known)


def run_facts(content: Mapping[str, Any]) -> Facts:
    """Return step, zone and origin of a run from its manifest; the file that was reduced, not the table."""
    if not content:
        return Facts()
    seconds, origin = content["periods"]["step_seconds"], content["input"]
    named = {"source": origin.get("name"), "source_sha256": origin.get("sha256"), "options": _given(content["options"])}
    zone = origin.get("zone")
    return Facts(
        None if seconds is None else pd.Timedelta(seconds=float(seconds)),
        zone=None if zone is None else str(zone),
        origin={name: str(text) for name, text in named.items() if text is not None},
    )


def _given(options: Mapping[str, Any]) -> str:
    """Return the options of a run that are not the defaults, as JSON."""
    groups = (Columns(), Reading(), Cutting(), GroundOptions(), SearchOptions(), Conditions())
    defaults = {name: value for group in groups for name, value in recorded(group).items()}
    plain = json.loads(json.dumps(defaults, default=list))
    found = {
        name: value
        for name, value in options.items()
        if name not in LAYOUT and value not in (None, {}, []) and value != plain.get(name)
    }
    return json.dumps(found, ensure_ascii=False)
