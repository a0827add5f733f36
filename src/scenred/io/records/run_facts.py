"""What the manifest next to a scenario table knows of it: step, kinds, capacities, zone and origin."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from scenred.io.records.outputs import TABLE, manifest_of
from scenred.model import Column, Facts, ScenarioSet
from scenred.model.replay import CALENDAR
from scenred.notes import note
from scenred.options import Columns, Conditions, Cutting, GroundOptions, Reading, SearchOptions
from scenred.options.declare import recorded

# Options of a run that say how its table is laid out, and nothing of what is in it.
LAYOUT = ("layout", "separate")


def manifest_beside(table: str | os.PathLike[str], scenarios: ScenarioSet) -> dict[str, Any]:
    """Return the manifest next to a table in CSV; empty where there is none, or it is of another; see `manifest_of`.

    Other formats hold themselves what it knows.
    """
    if not os.fspath(table).endswith(TABLE):
        return {}
    content = manifest_of(table, None if scenarios.source is None else scenarios.source.sha256)
    return content if {"manifest", "sample_manifest"} & content.keys() else {}


def with_known_columns(scenarios: ScenarioSet, content: Mapping[str, Any], given: Columns) -> ScenarioSet:
    """Return a set whose columns have the kinds of a manifest, and its capacities but for loads, unless given.

    A load keeps its unit: its capacity scaled the metric of the reduction. Of a sample only capacities that were given
    count: the others are the largest values that were seen.
    """
    known = {str(column.get("name")): dict(column) for column in content.get("columns", [])}
    if "sample_manifest" in content:
        stated = (content.get("options") or {}).get("capacity")
        for name, column in known.items():
            number = stated.get(name) if isinstance(stated, dict) else stated
            column["capacity"] = None if isinstance(number, str) else number  # not the name of a table of plants
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
    is_sample = "sample_manifest" in content
    seconds = content["result" if is_sample else "periods"]["step_seconds"]
    origin = _histories(content["inputs"]) if is_sample else content["input"]
    named = {"source": origin.get("name"), "source_sha256": origin.get("sha256"), "options": _given(content["options"])}
    zone = origin.get("zone")
    return Facts(
        None if seconds is None else pd.Timedelta(seconds=float(seconds)),
        zone=None if zone is None else str(zone),
        origin={name: str(text) for name, text in named.items() if text is not None},
    )


def _histories(inputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the name, hash and zone of the one input of a sample, or the names of several."""
    found = list({str(one.get("name")): dict(one) for one in inputs.values()}.values())
    return found[0] if len(found) == 1 else {"name": ", ".join(str(one.get("name")) for one in found)}


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
