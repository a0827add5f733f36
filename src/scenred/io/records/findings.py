"""What is understood of an input: its layout, clock, columns and periods, and the settings that read it so."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import InputError, RequestError, ScenredError, ScenredWarning
from scenred.io.files.source import STDIN, read_content
from scenred.io.opening.open import Sources, open_tables
from scenred.io.records.scenario_table import is_scenario_table, scenarios_of
from scenred.io.series.series import series_of
from scenred.io.series.units import unit_of
from scenred.io.storage.envelope import enveloped
from scenred.io.tables.delimiter import NAMES
from scenred.io.tables.table import Table
from scenred.model import ScenarioSet, Series, Source
from scenred.model.duration import describe, parse_period
from scenred.options import Calendar, Columns, Cutting, Reading
from scenred.options.declare import overrides

Cut = Callable[[Series, Cutting, Calendar | None], ScenarioSet]
# Gaps and clock changes that are listed; all are counted.
LISTED = 10
MOST_REMEDIES = 8


def inspect_input(
    source: Sources, columns: Columns, reading: Reading, cutting: Cutting, cut: Cut
) -> tuple[dict[str, Any], ScenredError | None]:
    """Read and cut an input, and return what was understood.

    If the input is refused, the remedies that refusals name are added one by one until it is read; the refusal with the
    options as given is returned too. `cut` slices a series.

    In the findings, `settings` are the options by name that read the input so, `notes` the warnings. A face that spells
    options in its own way writes both, and the text `refused`.
    """
    held = [
        read_content(STDIN, reading.max_size) if isinstance(one, str) and one == STDIN else one
        for one in ([source] if not isinstance(source, list | tuple) else source)
    ]
    refusal: ScenredError | None = None
    found: dict[str, Any] = {}
    for _ in range(MOST_REMEDIES):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ScenredWarning)
            try:
                found = _findings(held, columns, reading, cutting, cut)
            except (InputError, RequestError) as error:
                refusal = refusal or error
                remedied = _remedied(reading, cutting, error)
            else:
                found["notes"] = [one.message for one in caught if isinstance(one.message, ScenredWarning)]
                break
        if remedied is None:
            found = {"files": _layouts(held, reading)}
            break
        reading, cutting = remedied
    refused = {} if refusal is None else {"refused": str(refusal)}
    return enveloped("findings", refused | found), refusal


def _layouts(held: list[Any], reading: Reading) -> list[dict[str, Any]]:
    """Return how the files are laid out, where at least that is understood."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        try:
            return [_layout(table) for table in open_tables(held, reading)]
        except ScenredError:
            return []


def _remedied(reading: Reading, cutting: Cutting, error: ScenredError) -> tuple[Reading, Cutting] | None:
    remedy: dict[str, Any] = {one.option: one.value for one in error.remedy}
    if "na" in remedy:
        remedy["na"] = (*reading.na, *remedy["na"])
        if reading.missing != "error":
            remedy.pop("missing", None)
    changed = tuple(
        replace(group, **{name: value for name, value in remedy.items() if hasattr(group, name)})
        for group in (reading, cutting)
    )
    return None if changed == (reading, cutting) else changed  # type: ignore[return-value]


def _findings(source: list[Any], columns: Columns, reading: Reading, cutting: Cutting, cut: Cut) -> dict[str, Any]:
    tables = open_tables(source, reading)
    layout = [_layout(table) for table in tables]
    if len(tables) == 1 and is_scenario_table(tables[0]):
        scenarios = scenarios_of(tables[0], columns)
        return {
            "files": layout,
            "table": "scenarios",
            "scenarios": scenarios.n_scenarios,
            "steps": scenarios.n_steps,
            "columns": [{"name": column.name, "kind": column.kind} for column in scenarios.columns],
            "settings": _settings(tables[0].reading, cutting, replace(columns, time=None)),
        }
    series = series_of(tables, columns)
    found = series.source.reading or reading
    periods = cut(series, cutting, found.calendar)
    origin = periods.source or Source("", None, 0)
    changes = dict(origin.changes)
    time = series.source.time if series.source.sha256 is not None else None
    return {
        "files": layout,
        "table": "series",
        "time": _time(series, found),
        "columns": [_column(series, number) for number in range(len(series.columns))],
        "gaps": _gaps(series),
        "clock_changes": _clock_changes(series),
        "periods": {
            "usable": periods.n_scenarios,
            "in_span": _periods_in_span(series, cutting, found.calendar),
            "steps": periods.n_steps,
            "dropped": sum(count for what, count in changes.items() if what.startswith("periods")),
            "rows_dropped_before": origin.rows_dropped_before,
            "rows_dropped_after": origin.rows_dropped_after,
        },
        "changes": changes,
        "settings": _settings(_common(tables, found), cutting, replace(columns, time=time)),
    }


def _common(tables: list[Table], found: Reading) -> Reading:
    """Return what a series was read by, less the layout of its files where that differs."""
    readings = [*(table.reading for table in tables), found]
    layout = ("encoding", "delimiter", "decimal", "header") if len(tables) > 1 else ()
    differs: dict[str, Any] = {name: None for name in layout if len({getattr(one, name) for one in readings}) > 1}
    return replace(found, **differs)


def _layout(table: Table) -> dict[str, Any]:
    reading, dialect = table.reading, table.dialect
    found: dict[str, Any] = {"name": table.name, "sha256": table.sha256, "rows": len(table.frame)}
    if dialect is not None:
        found |= {
            "encoding": reading.encoding,
            "delimiter": NAMES.get(reading.delimiter or "", reading.delimiter),
            "decimal": dialect.decimal,
            "header": None if dialect.header.lines is None else list(dialect.header.lines),
            "first_row": dialect.header.begin,
            "lines_not_read": list(dialect.idle.lines),
        }
    return found


def _time(series: Series, reading: Reading) -> dict[str, Any]:
    source = series.source
    return {
        "columns": source.time,
        "form": reading.time_format,
        "stamp": reading.stamp,
        "zone": source.zone,
        "step": describe(series.step),
        "first": source.first,
        "last": source.last,
        "rows": len(series.values),
    }


def _periods_in_span(series: Series, cutting: Cutting, calendar: Calendar | None) -> int:
    """Return how many periods the input touches from its first step to its last, with values or without."""
    first, last = (pd.Timestamp(moment) for moment in series.source.span)
    if first.tz is not None:
        zone = "UTC" if calendar == "utc" else series.start.tz
        first, last = (moment.tz_convert(zone).tz_localize(None) for moment in (first, last))
    length = parse_period(cutting.length)
    if cutting.align == "midnight":
        first = first.normalize() + (first - first.normalize()) // length * length
    return int((last - first) // length) + 1


def _column(series: Series, number: int) -> dict[str, Any]:
    """Return what a column holds; the shares that are missing and negative are of the cells as they were read."""
    column, values = series.columns[number], series.values[:, number]
    cells = next(one for one in series.source.cells if one.column == column.name)
    times = series.times()
    night = (times.hour >= 22) | (times.hour < 4)
    return {
        "name": column.name,
        "kind": column.kind,
        "unit": _unit(column.name, series),
        "capacity": column.capacity,
        "scale": float(np.abs(values).max()) if column.capacity is None else column.capacity,
        "least": float(values.min()),
        "most": float(values.max()),
        "missing": round(cells.missing / cells.n_cells, 6),
        "negative": round(cells.negative / cells.n_cells, 6),
        "zero_at_night": round(float((np.abs(values[night]) < 1e-9).mean()), 4) if night.any() else None,
    }


def _unit(name: str, series: Series) -> str | None:
    """Return the unit that was given, or the one in the name."""
    given = series.source.reading.unit if series.source.reading is not None else None
    if given:
        return given
    found = unit_of(name)
    return None if found is None else found.name


def _gaps(series: Series) -> dict[str, Any]:
    places = series.steps()
    before = np.flatnonzero(np.diff(places) > 1)
    listed = [
        {
            "after": (series.start + int(places[row]) * series.step).isoformat(),
            "before": (series.start + int(places[row + 1]) * series.step).isoformat(),
            "steps": int(places[row + 1] - places[row] - 1),
        }
        for row in before[:LISTED]
    ]
    first, last = (pd.Timestamp(moment) for moment in series.source.span)
    in_span = (last - first) // series.step + 1
    inside = int(places[-1] + 1)
    return {"count": len(before), "steps": inside - len(places), "at_ends": in_span - inside, "first": listed}


def _clock_changes(series: Series) -> list[str]:
    """Return the first moments after the clock of the zone changed."""
    times = series.times()
    if times.tz is None:
        return []
    offsets = (times.tz_localize(None) - times.tz_convert("UTC").tz_localize(None)).as_unit("us").asi8
    return [times[row + 1].isoformat() for row in np.flatnonzero(np.diff(offsets)).tolist()]


def _settings(reading: Reading, cutting: Cutting, columns: Columns) -> dict[str, Any]:
    """Return the options by name that are not at their default."""
    return overrides(columns) | overrides(reading) | overrides(cutting)
