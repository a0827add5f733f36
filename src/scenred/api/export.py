"""Scenarios go to the models that read them: files in their formats, networks of PyPSA."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from scenred.api.inputs import read_scenarios
from scenred.errors import RequestError
from scenred.io.exports import FORMATS, Entry, Form
from scenred.io.exports.export import check_format, request_of, write_set
from scenred.io.exports.pypsa import Names, to_network
from scenred.io.records.period_map import read_period_map
from scenred.model import PeriodMap, Reduction, ScenarioSet
from scenred.options import Exporting

__all__ = ["FORMATS", "Entry", "export", "read_period_map", "to_pypsa"]


def export(
    scenarios: str | os.PathLike[str] | pd.DataFrame | ScenarioSet | Reduction,
    to: str,
    path: str | os.PathLike[str],
    *,
    period_map: str | os.PathLike[str] | pd.DataFrame | PeriodMap | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | None = None,
    step: str | pd.Timedelta | None = None,
    force: bool = False,
    **told: Any,
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
    columns, wind, pv, capacity
        What to read; see `read_series`.
    step : str or pandas.Timedelta, optional
        Length of a step where neither the table nor the map tells; 1h for 24 steps.
    force : bool
        Write into a folder that holds other files too.
    **told
        `form`, `hours`, `entries`, `stage`, `date`, `year`, `value_of_lost_load`: see `ExportRequest`.

    Raises
    ------
    InputError
        When an input is refused.
    RequestError
        When the format cannot carry the set, or a library is missing.
    UsageError
        When there is no such format, or an option belongs to another.
    OutputError
        When it cannot be written.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from scenred import generate
    >>> hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h")
    >>> year = pd.DataFrame({"wind": 0.5 + 0.5 * np.sin(np.arange(24 * 60) / 3.1)}, index=hours)
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(generate(year, 2), "json", f"{folder}/set.json")
    ...     read_scenarios(f"{folder}/set.json").values.shape
    (2, 24, 1)
    """
    check_format(to)
    original, known = _set_and_map(scenarios, period_map, columns, wind, pv, capacity)
    exporting = Exporting(step=step, **told)
    write_set(to, original, os.fspath(path), request_of(original, known, exporting), exporting, force=force)


def to_pypsa(
    network: Any,
    scenarios: str | os.PathLike[str] | pd.DataFrame | ScenarioSet | Reduction,
    *,
    names: Names | None = None,
    form: Form = "scenarios",
    hours: float = 8760.0,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | None = None,
    step: str | pd.Timedelta | None = None,
) -> Any:
    """Put a scenario set into a copy of a PyPSA network, ready to be solved.

    Parameters
    ----------
    network : pypsa.Network
        PyPSA 1.0 or later. Series of its own on other snapshots are refused, since they would be lost.
    scenarios : path, '-', pandas.DataFrame, ScenarioSet or Reduction
    names : mapping of str to str or sequence of str, optional
        Which generators, or for a column of kind load which loads, get a column; those of its name unless told.
    form : {'scenarios', 'days'}
        Alternatives of one period with probabilities (`set_scenarios`), or weighted days in one sequence of
        snapshots, across which stores carry energy.
    hours : float
        [h] that the objective stands for.
    columns, wind, pv, capacity, step
        As in `export`.

    Returns
    -------
    pypsa.Network

    Raises
    ------
    InputError
        When the set is refused.
    RequestError
        When the network lacks a component, would lose series, or a column is no capacity factor.
    """
    original, _ = _set_and_map(scenarios, None, columns, wind, pv, capacity)
    request = request_of(original, None, Exporting(step=step, form=form, hours=hours))
    return to_network(network, original, request, names or {})


def _set_and_map(scenarios: Any, period_map: Any, *choice: Any) -> tuple[ScenarioSet, PeriodMap | None]:
    """Read a scenario set and its period map; a reduction has both."""
    if isinstance(scenarios, Reduction):
        period_map = scenarios.to_map() if period_map is None else period_map
        scenarios = scenarios.scenarios
    known = (
        period_map if isinstance(period_map, PeriodMap) or period_map is None else read_period_map(period_map)
    )
    if isinstance(scenarios, ScenarioSet):
        if any(choice):
            raise RequestError(
                "a scenario set is already read; choose columns and capacities when it is read"
            )
        return scenarios, known
    columns, wind, pv, capacity = choice
    return read_scenarios(scenarios, columns=columns, wind=wind, pv=pv, capacity=capacity), known
