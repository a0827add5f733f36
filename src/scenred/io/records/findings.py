"""What is understood of an input: facts of its layout, clock, columns and periods, and the flags that read it so."""

from __future__ import annotations

import shlex
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from scenred.errors import InputError, RequestError, ScenredError, ScenredWarning
from scenred.io.files.source import STDIN, read_content
from scenred.io.opening.open import Sources, open_tables
from scenred.io.records.scenario_table import is_scenario_table, scenarios_of
from scenred.io.series.columns import ColumnChoice
from scenred.io.series.series import series_of
from scenred.io.tables.table import Table
from scenred.model import ScenarioSet, Series
from scenred.model.duration import describe
from scenred.options import Calendar, Cutting, Reading
from scenred.options.declare import overrides

Cut = Callable[[Series, Cutting, Calendar | None], ScenarioSet]
# Gaps and clock changes that are listed; all are counted.
LISTED = 10
MOST_REMEDIES = 8
UNITS = (("kWh", "kwh"), ("MWh", "mwh"), ("kW", "kw"), ("MW", "mw"), ("percent", "%"))
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}


def inspect_input(
    source: Sources, reading: Reading, cutting: Cutting, given: Mapping[str, Any], cut: Cut
) -> tuple[dict[str, Any], ScenredError | None]:
    """Do what `api.inspect` does; `cut` slices a series.

    Where the input is refused, the remedies that refusals name are added one by one until it is read.
    """
    held = [
        read_content(STDIN, reading.max_size) if isinstance(one, str) and one == STDIN else one
        for one in ([source] if not isinstance(source, list | tuple) else source)
    ]
    refusal: ScenredError | None = None
    for _ in range(MOST_REMEDIES):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ScenredWarning)
            try:
                findings = _findings(held, reading, cutting, given, cut)
            except (InputError, RequestError) as error:
                refusal = refusal or error
                remedied = _remedied(reading, cutting, error)
                if remedied is None:
                    return {"refused": str(refusal), "files": _layouts(held, reading)}, refusal
                reading, cutting = remedied
                continue
        findings["notes"] = [
            str(note.message) for note in caught if issubclass(note.category, ScenredWarning)
        ]
        if refusal is not None:
            findings = {"refused": str(refusal)} | findings
        return findings, refusal
    return {"refused": str(refusal)}, refusal


def _layouts(held: list[Any], reading: Reading) -> list[dict[str, Any]]:
    """Say how the files are laid out, where at least that is understood."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        try:
            return [_layout(table) for table in open_tables(held, reading)]
        except ScenredError:
            return []


def _remedied(reading: Reading, cutting: Cutting, error: ScenredError) -> tuple[Reading, Cutting] | None:
    remedy = {one.option: one.value for one in error.remedy}
    if "na" in remedy:
        remedy["na"] = (*reading.na, *remedy["na"])  # type: ignore[misc]  # a tuple
        if reading.missing != "error":
            remedy.pop("missing", None)
    changed = tuple(
        replace(group, **{name: value for name, value in remedy.items() if hasattr(group, name)})
        for group in (reading, cutting)
    )
    return None if changed == (reading, cutting) else changed  # type: ignore[return-value]


def _findings(
    source: list[Any], reading: Reading, cutting: Cutting, given: Mapping[str, Any], cut: Cut
) -> dict[str, Any]:
    tables = open_tables(source, reading)
    choice = ColumnChoice(
        given.get("columns", ()), given.get("wind", ()), given.get("pv", ()), given.get("capacity")
    )
    layout = [_layout(table) for table in tables]
    if len(tables) == 1 and is_scenario_table(tables[0]):
        scenarios = scenarios_of(tables[0], choice)
        return {
            "files": layout,
            "table": "scenarios",
            "scenarios": scenarios.n_scenarios,
            "steps": scenarios.n_steps,
            "columns": [{"name": column.name, "kind": column.kind} for column in scenarios.columns],
            "flags": flags_of(_common([table.reading for table in tables]), cutting, given, None),
        }
    series = series_of(tables, choice, given.get("time"))
    found = series.source.reading or reading
    periods = cut(series, cutting, found.calendar)
    changes = dict(periods.source.changes) if periods.source is not None else {}
    return {
        "files": layout,
        "table": "series",
        "time": _time(series, found),
        "columns": [_column(series, number, tables) for number in range(len(series.columns))],
        "gaps": _gaps(series),
        "clock_changes": _clock_changes(series),
        "periods": {
            "usable": periods.n_scenarios,
            "steps": periods.n_steps,
            "dropped": sum(count for what, count in changes.items() if what.startswith("periods")),
            "rows_dropped_before": 0 if periods.source is None else periods.source.rows_dropped_before,
            "rows_dropped_after": 0 if periods.source is None else periods.source.rows_dropped_after,
        },
        "changes": changes,
        "flags": flags_of(
            found if len(tables) == 1 else _common([*_readings(tables), found]), cutting, given, series
        ),
    }


def _readings(tables: list[Table]) -> list[Reading]:
    return [table.reading for table in tables]


def _common(readings: list[Reading]) -> Reading:
    """Keep what all tables were read by; the last one also knows the clock."""
    last = readings[-1]
    layout = ("encoding", "delimiter", "decimal", "header")
    agreed: dict[str, Any] = dict.fromkeys(layout)
    for name in layout:
        if len({getattr(one, name) for one in readings}) == 1:
            agreed[name] = getattr(last, name)
    return replace(last, **agreed)


def _layout(table: Table) -> dict[str, Any]:
    reading, dialect = table.reading, table.dialect
    found: dict[str, Any] = {"name": table.name, "sha256": table.sha256, "rows": len(table.frame)}
    if dialect is not None:
        found |= {
            "encoding": reading.encoding,
            "delimiter": NAMES.get(reading.delimiter or "", reading.delimiter),
            "decimal": dialect.decimal,
            "header": None if dialect.header is None else list(dialect.header),
            "first_row": dialect.begin,
            "lines_not_read": list(dialect.idle),
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


def _column(series: Series, number: int, tables: list[Table]) -> dict[str, Any]:
    """Say what a column holds; shares are of the rows as they stand in the file."""
    column, values = series.columns[number], series.values[:, number]
    raw = next((table.cells(column.name) for table in tables if column.name in table.frame.columns), values)
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
        "missing": round(float(np.isnan(raw).mean()), 6),
        "negative": round(float((raw < 0).mean()), 6),
        "zero_at_night": round(float((np.abs(values[night]) < 1e-9).mean()), 4) if night.any() else None,
    }


def _unit(name: str, series: Series) -> str | None:
    """Return the unit that was given, or the one that the name tells."""
    given = series.source.reading.unit if series.source.reading is not None else None
    folded = name.casefold()
    return given or next((unit for unit, mark in UNITS if mark in folded), None)


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
    return {"count": len(before), "steps": int(places[-1] + 1 - len(places)), "first": listed}


def _clock_changes(series: Series) -> list[str]:
    """Return the first moments after the clock of the zone changed."""
    times = series.times()
    if times.tz is None:
        return []
    offsets = (times.tz_localize(None) - times.tz_convert("UTC").tz_localize(None)).as_unit("us").asi8
    return [times[row + 1].isoformat() for row in np.flatnonzero(np.diff(offsets)).tolist()]


def flags_of(reading: Reading, cutting: Cutting, given: Mapping[str, Any], series: Series | None) -> str:
    """Write the options as flags of the command line, fit for a shell."""
    words: list[str] = []
    if series is not None and series.source.time is not None and series.source.sha256 is not None:
        words += ["--time", series.source.time]
    for flag, name in (("--column", "columns"), ("--wind", "wind"), ("--pv", "pv")):
        for value in given.get(name, ()):
            words += [flag, value]
    words += _capacity(given.get("capacity"))
    for name, value in (overrides(reading) | overrides(cutting)).items():
        words += _flag(name, value)
    return shlex.join(words)


def _flag(name: str, value: Any) -> list[str]:
    flag = f"--{name.replace('_', '-')}"
    if value is True:
        return [flag]
    if name == "header" and value == "none":
        return ["--no-header"]
    if name == "delimiter":
        return [flag, NAMES.get(value, value)]
    if name == "na":
        return [word for mark in value for word in (flag, mark)]
    return [flag, ",".join(value) if isinstance(value, tuple) else str(value)]


def _capacity(capacity: Any) -> list[str]:
    if capacity is None:
        return []
    if isinstance(capacity, Mapping):
        return [word for name, value in capacity.items() for word in ("--capacity", f"{name}={value:.17g}")]
    return ["--capacity", capacity if isinstance(capacity, str) else f"{capacity:.17g}"]
