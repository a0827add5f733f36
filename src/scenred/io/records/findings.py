"""What is understood of an input: its layout, clock, columns and periods, and the settings that read it so."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from scenred.errors import ScenredError, ScenredWarning
from scenred.io.opening.open import Sources
from scenred.io.records.inspection import Chosen, Cut, Input, Understood, understood, unlike
from scenred.io.records.proposals import is_doubtful, proposed
from scenred.io.series.units import unit_of
from scenred.io.storage.envelope import enveloped
from scenred.io.tables.delimiter import NAMES
from scenred.io.tables.table import Table
from scenred.model import Series, Source
from scenred.model.duration import describe, parse_period
from scenred.options import Calendar, Cutting, Reading

# Gaps and clock changes that are listed; all are counted.
LISTED = 10


def inspect_input(
    source: Sources, chosen: Chosen, cut: Cut, respelled: Callable[[Mapping[str, Any]], Chosen] = Chosen.of
) -> tuple[dict[str, Any], ScenredError | None]:
    """Read and cut an input, and return what was understood.

    If the input is refused, the remedies that refusals name are added one by one until it is read; the refusal with the
    options as given is returned too. `cut` slices a series.

    In the findings, `settings` are the options by name that read the input so, `notes` the warnings. A face that spells
    options in its own way writes both, and the text `refused`. The input is read once more by the settings alone, as
    `respelled` returns them after that face has written them; if it is then read otherwise, there are no settings, and
    `not_reproduced` says what differs. `proposal` are settings that no refusal names, and that were found by trying.
    """
    given = Input.of(source, chosen.reading.max_size, cut)
    found, refusal = understood(given, chosen)
    head: dict[str, Any] = {} if refusal is None else {"refused": str(refusal)}
    if refusal is not None and (found is None or is_doubtful(found, chosen)):
        proposal = proposed(given, chosen)
        if proposal is not None:
            found = proposal
            head["proposal"] = proposal.chosen.beyond(chosen)
    if found is None:
        return enveloped("findings", head | {"files": _layouts(given, chosen.reading)}), refusal
    described = _findings(found)
    settings = found.settings()
    reason = unlike(given, found, lambda: respelled(settings))
    described |= {"settings": settings} if reason is None else {"not_reproduced": reason}
    return enveloped("findings", head | described | {"notes": found.notes}), refusal


def _layouts(given: Input, reading: Reading) -> list[dict[str, Any]]:
    """Return how the files are laid out, where at least that is understood."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        try:
            return [_layout(table) for table in given.opened(reading)]
        except ScenredError:
            return []


def _findings(found: Understood) -> dict[str, Any]:
    layout = [_layout(table) for table in found.tables]
    series, scenarios = found.series, found.scenarios
    if series is None:
        return {
            "files": layout,
            "table": "scenarios",
            "scenarios": scenarios.n_scenarios,
            "steps": scenarios.n_steps,
            "columns": [{"name": column.name, "kind": column.kind} for column in scenarios.columns],
        }
    reading, cutting = series.source.reading or found.chosen.reading, found.chosen.cutting
    origin = scenarios.source or Source("", None, 0)
    changes = dict(origin.changes)
    return {
        "files": layout,
        "table": "series",
        "time": _time(series, reading),
        "columns": [_column(series, number) for number in range(len(series.columns))],
        "gaps": _gaps(series),
        "clock_changes": _clock_changes(series),
        "periods": {
            "usable": scenarios.n_scenarios,
            "in_span": _periods_in_span(series, cutting, reading.calendar),
            "steps": scenarios.n_steps,
            "dropped": sum(count for what, count in changes.items() if what.startswith("periods")),
            "rows_dropped_before": origin.rows_dropped_before,
            "rows_dropped_after": origin.rows_dropped_after,
        },
        "changes": changes,
    }


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
