"""An input becomes a scenario set, or is described: the way in of every command that reads series or scenarios."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from scenred.errors import RequestError, ScenredError, ScenredWarning, Setting, UsageError
from scenred.io.opening.open import Sources, open_tables
from scenred.io.records.findings import inspect_input
from scenred.io.records.scenario_table import is_scenario_table, scenarios_of
from scenred.io.series.labels import labels_of, without
from scenred.io.series.series import series_of
from scenred.io.tables.table import Table
from scenred.model import ScenarioSet
from scenred.options import Align, Columns, Cutting, Reading
from scenred.options.declare import check_keywords, group_of
from scenred.periods.slicing import slice_periods
from scenred.reduction import (
    grouped,
    grouped_by_words,
)


def reading_of(told: Reading | Mapping[str, Any] | None) -> tuple[Reading, Cutting]:
    """Return what is given of a reading as options; a mapping may also hold how days are cut."""
    if isinstance(told, Reading):
        return told, Cutting()
    check_keywords(told or {}, Reading, Cutting)
    reading, cutting = group_of(Reading, told or {}), group_of(Cutting, told or {})
    if reading.calendar == "utc" and cutting.dst is not None:
        raise UsageError(
            "days of UTC all have 24 hours",
            advice=("leave out ", Setting("dst"), ", or choose ", Setting("calendar", "local")),
        )
    return reading, cutting


def read_input(
    source: Sources,
    *,
    time: str | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | str | None = None,
    reading: Reading | Mapping[str, Any] | None = None,
    period: str | None = None,
    align: Align = "midnight",
    group_by: str | None = None,
) -> ScenarioSet:
    """Read a scenario table, or read and cut a series, whichever the input is.

    Parameters
    ----------
    source : path, '-' or pandas.DataFrame, or several to join on time
    time, columns, wind, pv, capacity, reading
        What to read, and how; see `read_series`.
    period, align
        How to cut a series, '24h' from midnight unless told; see `slice_periods`.
    group_by : str, optional
        What gives every period its group, as in `generate`; also a column of words.

    Returns
    -------
    ScenarioSet
        Equal probabilities for a series; those of the table otherwise.

    Raises
    ------
    InputError
        When the input is refused.
    RequestError
        When a scenario table is to be cut, or a column is not there.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> hours = pd.date_range("2019-01-01", periods=48, freq="h")
    >>> read_input(pd.DataFrame({"wind": np.linspace(0, 1, 48)}, index=hours), period="6h").n_scenarios
    8
    """
    reading, cutting = reading_of(reading)
    cutting = replace(cutting, period=period, align=align)
    tables = open_tables(source, reading)
    choice = Columns(time, columns, wind, pv, capacity)
    read = partial(_read, cutting=cutting)
    if group_by is None:
        return read(tables, choice, reading)
    labels = labels_of(tables, group_by)
    if labels is None:
        if choice.wanted and any(group_by in table.frame.columns for table in tables):
            choice = replace(choice, columns=(*choice.columns, group_by))
        return grouped(read(tables, choice, reading), group_by)
    if choice.wanted == {group_by}:
        raise RequestError(f"--group-by {group_by}: is the only column; scenred needs values beside it")
    kept = choice.among([name for name in choice.wanted if name != group_by])
    original = read(without(tables, group_by), replace(kept, capacity=capacity), reading)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)  # the values were told of
        numbers = read(labels.tables, Columns(time, labels.columns), labels.tables[0].reading)
    return grouped_by_words(original, numbers, labels.words, group_by)


def _read(
    tables: Sequence[Table],
    choice: Columns,
    reading: Reading,
    *,
    cutting: Cutting,
) -> ScenarioSet:
    """Do what `read_input` does, from tables."""
    if not any(map(is_scenario_table, tables)):
        return slice_periods(series_of(tables, choice), cutting, reading.calendar)
    if len(tables) > 1:
        raise RequestError(f"{tables[0].name} and others: a scenario table stands alone; name one input")
    if cutting.period is not None or choice.time is not None or cutting.align != "midnight":
        asked = "time column" if choice.time is not None else "period"
        raise RequestError(
            f"{tables[0].name}: is a scenario table, already cut; a {asked} is for series; leave it out"
        )
    return scenarios_of(tables[0], Columns(None, choice.columns, choice.wind, choice.pv, choice.capacity))


def inspect(
    source: Sources, *, reading: Reading | Mapping[str, Any] | None = None, **told: Any
) -> tuple[dict[str, Any], ScenredError | None]:
    """Say what is understood of an input, and how it would be read.

    Parameters
    ----------
    source, reading, **told
        As `read_input` takes them.

    Returns
    -------
    findings : dict
        Ready for JSON: layout, time, columns, gaps, periods, changes, and `flags` that read the input so.
    refusal : ScenredError or None
        With which `read_input` refuses the input as it is told; `findings` then are those of the flags that would
        read it, where there are any.
    """
    read, cutting = reading_of(reading)
    cutting = replace(cutting, period=told.pop("period", None), align=told.pop("align", "midnight"))
    return inspect_input(source, group_of(Columns, told), read, cutting, slice_periods)


def read_scenarios(source: Any, *, reading: Reading | None = None, **keywords: Any) -> ScenarioSet:
    """Read a scenario table."""
    return scenarios_of(open_tables(source, reading or Reading())[0], group_of(Columns, keywords))
