"""A PyPSA network on the chosen days: a copy with the set's series, and its own on the same days.

Rules: PyPSA 1.0 and later, `Network.set_snapshots`, `Network.set_scenarios` and `Component.dynamic`: a frame for each
attribute that varies, snapshots by name, or by (scenario, name) once there are scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from scenred.arrays import Int64
from scenred.errors import RequestError, Setting, nearest_name
from scenred.io.exports.network_clock import own_rows
from scenred.io.exports.pypsa import component_series, snapshot_weightings, snapshots
from scenred.io.exports.request import ExportRequest
from scenred.model import ScenarioSet

Found = Mapping[str, tuple[str, ...]]  # names of generators or loads by column
Own = dict[tuple[str, str], pd.DataFrame]  # series by component and attribute


def to_network(network: Any, scenarios: ScenarioSet, request: ExportRequest) -> Any:
    """Return a copy of a network with the set's snapshots, weightings, series and, as alternatives, scenarios.

    Series of the network that the set does not replace are those of the network's own snapshots at the times of the
    set. Raise a RequestError if a column finds no component, or the network has no snapshot at one of these times.
    """
    _check(network)
    found = _components(network, scenarios, request.names)
    series = component_series(scenarios, request, found)
    own = _own_series(network, {name for names in found.values() for name in names})
    index = snapshots(scenarios, request)
    rows = _rows(network, scenarios, request, found, own) if own else None
    if rows is not None and request.form == "days" and network.snapshots[rows.ravel()].is_unique:
        index = network.snapshots[rows.ravel()]
    copy = _emptied(network)
    copy.meta = {**copy.meta, "scenred": request.facts(scenarios).named()}
    copy.set_snapshots(index)
    copy.snapshot_weightings = snapshot_weightings(scenarios, request).set_axis(copy.snapshots)
    if request.form == "scenarios":
        copy.set_scenarios(pd.Series(scenarios.probabilities, index=list(scenarios.labels)))
    if rows is not None:
        for (component, attribute), frame in own.items():
            _add(copy, component, attribute, _chosen(frame, rows, scenarios, request))
    for attribute, frame in series.items():
        component, _, name = attribute.partition(".")
        _add(copy, component, name, frame)
    return copy


def _check(network: Any) -> None:
    """Raise a RequestError if a network is of a kind that cannot take a set."""
    if network.has_scenarios:
        raise RequestError(
            "the network has scenarios already, which PyPSA cannot replace", advice="pass it without them"
        )
    if network.has_periods:
        raise RequestError(
            "the network has investment periods, each with snapshots of its own",
            "one sequence of snapshots",
            "pass a network of one investment period",
        )


def _components(network: Any, scenarios: ScenarioSet, names: Mapping[str, str | Sequence[str]]) -> Found:
    """Find the generators or loads of every column: as named, else those of its own name."""
    strange = next((name for name in names if name not in scenarios.names), None)
    if strange is not None:
        raise RequestError(f"names are given for column {strange!r}", advice=nearest_name(strange, scenarios.names))
    found = {}
    for column in scenarios.columns:
        given = names.get(column.name, column.name)
        wanted = (given,) if isinstance(given, str) else tuple(given)
        kind = "loads" if column.kind == "load" else "generators"
        known = [str(name) for name in network.c[kind].static.index]
        for name in wanted:
            if name not in known:
                raise RequestError(
                    f"column {column.name!r} is for {kind} {name!r}, which the network has not",
                    advice=(
                        f"{nearest_name(name, known)} If the column only chose the days, pass ",
                        Setting("names", {column.name: ()}),
                    ),
                )
        found[column.name] = wanted
    return found


def _own_series(network: Any, replaced: set[str]) -> Own:
    """Return the inputs of the network that vary in time and stay."""
    own: Own = {}
    for component in network.components:
        for attribute, frame in component.dynamic.items():
            is_output = str(component.defaults["status"].get(attribute, "Input")).startswith("Output")
            if is_output or frame.empty:
                continue
            is_set = attribute == {"generators": "p_max_pu", "loads": "p_set"}.get(component.list_name)
            kept = frame.drop(columns=[name for name in frame.columns if is_set and str(name) in replaced])
            if len(kept.columns):
                own[component.list_name, attribute] = kept
    return own


def _rows(network: Any, scenarios: ScenarioSet, request: ExportRequest, found: Found, own: Own) -> Int64:
    """Return the position of the network's snapshot for every step of every scenario."""
    n, t, _ = scenarios.values.shape
    if network.snapshots.equals(snapshots(scenarios, request)):
        return np.arange(n * t).reshape(n, t) if request.form == "days" else np.tile(np.arange(t), (n, 1))
    pairs = {}
    for attribute, frame in component_series(scenarios, replace(request, form="days"), found).items():
        component, name = attribute.split(".")
        there = network.c[component].dynamic[name]
        both = [one for one in frame.columns if one in there.columns]
        pairs[attribute] = (there[both], frame[both])
    (_, varying), frame = next(iter(own.items()))
    return own_rows(network.snapshots, scenarios, request, pairs, f"{varying} of {str(frame.columns[0])!r}")


def _emptied(network: Any) -> Any:
    """Return a copy without series in time, which are those of other snapshots."""
    try:
        copy = network.copy()
    except ValueError as error:  # it holds the model of a solver
        raise RequestError(
            f"the network cannot be copied: {error}", advice="set network.model.solver_model = None"
        ) from error
    for component in copy.components:
        for attribute, frame in component.dynamic.items():
            component.dynamic[attribute] = frame.iloc[:, :0]
    return copy


def _chosen(frame: pd.DataFrame, rows: Int64, scenarios: ScenarioSet, request: ExportRequest) -> pd.DataFrame:
    """Return series at the times of the set: one day after the other, or a column for each scenario."""
    if request.form == "days":
        return frame.iloc[rows.ravel()]
    blocks = {label: frame.iloc[own].reset_index(drop=True) for label, own in zip(scenarios.labels, rows, strict=True)}
    return pd.DataFrame(pd.concat(blocks, axis="columns", names=["scenario", "name"]))


def _add(network: Any, component: str, attribute: str, frame: pd.DataFrame) -> None:
    """Put series into a network next to those that are there."""
    dynamic = network.c[component].dynamic
    levels = ["scenario", "name"] if network.has_scenarios else ["name"]
    added = frame.set_axis(network.snapshots).rename_axis(columns=levels)
    there = dynamic[attribute]
    dynamic[attribute] = added if not len(there.columns) else pd.concat([there, added], axis="columns")
