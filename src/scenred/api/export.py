"""Scenarios go to the models that read them: files in their formats, networks of PyPSA."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any, Unpack

import pandas as pd

from scenred.errors import RequestError, Setting
from scenred.io.exports.export import check_format, request_of, write_set
from scenred.io.exports.formats import FORMATS
from scenred.io.exports.profiles import without_load_capacity
from scenred.io.exports.pypsa_network import to_network
from scenred.io.files.inputs import inputs_kept
from scenred.io.opening.open import open_tables
from scenred.io.records.outputs import check_run
from scenred.io.records.period_map import read_period_map
from scenred.io.records.run_facts import manifest_beside, run_facts, with_cutting, with_known_columns
from scenred.io.records.scenario_table import scenarios_of
from scenred.io.storage.names import renamed
from scenred.model import Facts, PeriodMap, Reduction, ScenarioSet
from scenred.options import Columns, Reading
from scenred.options.declare import check_keywords, group_of, overrides
from scenred.options.exporting import Exporting
from scenred.options.keywords import ColumnsKeywords, ExportingKeywords

Scenarios = str | os.PathLike[str] | pd.DataFrame | ScenarioSet | Reduction
Map = str | os.PathLike[str] | pd.DataFrame | PeriodMap | None


class ExportKeywords(ColumnsKeywords, ExportingKeywords, total=False):
    """Keywords of `Columns` and `Exporting`, and the zone of `Reading`."""

    tz: str | None


def export(
    scenarios: Scenarios,
    to: str,
    path: str | os.PathLike[str],
    *,
    period_map: Map = None,
    force: bool = False,
    **keywords: Unpack[ExportKeywords],
) -> None:
    """Write a scenario set in the format of the model that will read it.

    Parameters
    ----------
    scenarios : path, '-', pandas.DataFrame, ScenarioSet or Reduction
        A reduction brings its period map.
    to : str
        One of `FORMATS`; docs/export.md describes each.
    path : path
        A file, or a folder for a format of several files; '-' is standard output.
    period_map : path, pandas.DataFrame or PeriodMap, optional
        What `generate --map` wrote; see `read_period_map`. Formats that link days to the year need it.
    force : bool
        Write into a folder that holds other files too.
    **keywords
        Options of `Columns` and `Exporting`, and `tz`, the zone of starts of a table whose offsets change.

    Raises
    ------
    RequestError
        If the format cannot carry the set, or a library is missing.
    UsageError
        If there is no such format, or an option belongs to another.
    OutputError
        If it cannot be written.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from scenred import generate, read_scenarios
    >>> hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h")
    >>> year = pd.DataFrame({"wind": 0.5 + 0.5 * np.sin(np.arange(24 * 60) / 3.1)}, index=hours)
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(generate(year, 2), "json", f"{folder}/set.json")
    ...     read_scenarios(f"{folder}/set.json").values.shape
    (2, 24, 1)
    """
    check_keywords(keywords, ExportKeywords)
    columns, exporting = group_of(Columns, keywords), group_of(Exporting, keywords)
    reading = Reading(tz=keywords.get("tz"))
    with inputs_kept():
        exported(scenarios, to, path, period_map, columns, exporting, reading, force=force)


def exported(
    scenarios: Scenarios,
    to: str,
    path: str | os.PathLike[str],
    period_map: Map,
    columns: Columns,
    exporting: Exporting,
    reading: Reading,
    *,
    force: bool,
) -> tuple[str | Setting, ...]:
    """Do what `export` does, by options as objects; return in words which hours the scenarios stand for."""
    check_format(to)
    original, known, facts = _set_and_map(scenarios, period_map, columns, reading)
    request = request_of(original, known, exporting, facts)
    if isinstance(scenarios, Reduction) and not FORMATS[to].holds_load_capacity:
        original = without_load_capacity(original)
    original = renamed(original, exporting.rename or {})
    write_set(to, original, os.fspath(path), request, exporting, force=force)
    return request.said(to)


def to_pypsa(network: Any, scenarios: Scenarios, **keywords: Unpack[ExportKeywords]) -> Any:
    """Put a scenario set into a copy of a PyPSA network, ready to be solved.

    Series of the network that the set does not replace (inflow, prices, `p_min_pu`, ...) are kept at the times of the
    chosen days; results of an earlier optimum are left out.

    Parameters
    ----------
    network : pypsa.Network
        PyPSA 1.0 or later, without scenarios and investment periods.
    scenarios : path, '-', pandas.DataFrame, ScenarioSet or Reduction
    **keywords
        As in `export`. `form` gives alternatives of one period with probabilities (`set_scenarios`), or weighted days
        in one sequence of snapshots, across which stores carry energy. `names` tells which generators, or for a column
        of kind load which loads, get a column: those of its name by default, none for an empty tuple.

    Raises
    ------
    RequestError
        If the network lacks a component or a snapshot, its clock cannot be told, or a column is not a capacity factor.
    """
    check_keywords(keywords, ExportKeywords)
    columns, exporting = group_of(Columns, keywords), group_of(Exporting, keywords)
    reading = Reading(tz=keywords.get("tz"))
    original, known, facts = _set_and_map(scenarios, None, columns, reading)
    request = request_of(original, known, exporting, facts)
    if isinstance(scenarios, Reduction):
        original = without_load_capacity(original)
    return to_network(network, renamed(original, exporting.rename or {}), request)


def _set_and_map(
    scenarios: Scenarios, period_map: Map, columns: Columns, reading: Reading
) -> tuple[ScenarioSet, PeriodMap | None, Facts]:
    """Read a scenario set, its period map, and what its file tells besides; a reduction has both."""
    if isinstance(scenarios, Reduction):
        period_map = scenarios.to_map() if period_map is None else period_map
        scenarios = scenarios.scenarios
    known = period_map if isinstance(period_map, PeriodMap) or period_map is None else read_period_map(period_map)
    if not isinstance(scenarios, ScenarioSet):
        table = open_tables(scenarios, reading)[0]
        original, facts = scenarios_of(table, columns), table.facts
        if isinstance(scenarios, str | os.PathLike):
            if known is not None and known.sha256 is not None:
                check_run(scenarios, table.sha256, str(period_map), known.sha256)
            original, facts = _with_manifest(scenarios, original, facts, columns, reading)
        return original, known, facts
    if overrides(columns) or overrides(reading):
        raise RequestError(
            "a scenario set is already read", advice="choose columns, capacities and zone when it is read"
        )
    return scenarios, known, Facts()


def _with_manifest(
    path: str | os.PathLike[str], scenarios: ScenarioSet, facts: Facts, columns: Columns, reading: Reading
) -> tuple[ScenarioSet, Facts]:
    """Add what the manifest next to a table knows: kinds, capacities, step, zone and origin."""
    content = manifest_beside(path, scenarios)
    if not content:
        return scenarios, facts
    known = run_facts(content)
    if reading.tz is None and known.zone is not None and scenarios.zone != known.zone and "/" in known.zone:
        zoned = scenarios_of(open_tables(path, replace(reading, tz=known.zone))[0], columns)
        scenarios = zoned if zoned.stamps == scenarios.stamps else scenarios
    scenarios = with_cutting(with_known_columns(scenarios, content, columns), content)
    return replace(scenarios, step=scenarios.step or known.step), replace(facts, origin=known.origin)
