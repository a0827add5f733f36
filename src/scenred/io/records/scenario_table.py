"""A scenario table becomes a scenario set: long or wide, rows in any order, labels of any kind.

Long: `scenario, probability, start, group, step, <columns>`, one row per scenario and step (`start` and `group`
optional, `time` instead of `step`). Wide: `scenario, probability, start, group, <column>_<step>`, one row per scenario.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.arrays import Float64, Int64, first
from scenred.io.clock.times import clock_times
from scenred.io.records.scenario_layout import long_rows, wide_columns, wide_rows
from scenred.io.series.capacities import with_plants
from scenred.io.series.columns import describe_columns, named_columns, value_columns
from scenred.io.tables.table import Table
from scenred.model import HEAD, PROBABILITY_TOLERANCE, ScenarioSet, Source
from scenred.model.stamps import zone_name
from scenred.options import Columns


def is_scenario_table(table: Table) -> bool:
    """Return whether a table holds scenarios: it has the columns `scenario` and `probability` or `weight`."""
    names = set(table.frame.columns)
    return "scenario" in names and bool({"probability", "weight"} & names)


def scenarios_of(table: Table, columns: Columns) -> ScenarioSet:
    """Return a scenario table, as `generate` writes it or made by hand, as a set.

    Scenarios are ordered by start where there is one, else by label (numbers by value). Raise an InputError if it is
    not a scenario table; a scenario lacks a step, has one twice, or changes its probability or start; a value is not a
    finite number; or the probabilities do not sum to 1 within 1e-6.
    """
    if not is_scenario_table(table):
        raise table.error("is not a scenario table", "the columns scenario and probability")
    columns = with_plants(columns)
    names = [str(name) for name in table.frame.columns if name not in HEAD]
    is_wide = not {"step", "time"} & set(table.frame.columns)
    clock = None
    labels, rows = _labels(table)
    if "probability" not in table.frame.columns:
        table = _with_probabilities(table, rows)
        names = [name for name in names if name != "weight"]
    if is_wide:
        layout = wide_columns(table, names)
        used = named_columns(table, list(layout), columns)
        row_of = wide_rows(table, rows)
        blocks = [np.column_stack([table.numbers(cell) for cell in layout[name]]) for name in used]
        values = np.stack(blocks, axis=2)[row_of[:, 0]]
    else:
        used = value_columns(table, names, columns)
        row_of, clock = long_rows(table, labels, rows)
        values = np.column_stack([table.numbers(name) for name in used])[row_of]
    probabilities = _constant(table, "probability", table.numbers("probability"), row_of)
    _check_probabilities(table, probabilities, row_of)
    starts, clocks = _starts(table, row_of, clock)
    groups = _groups(table, row_of)
    order = _order(labels, starts)
    step = table.facts.step
    if clock is not None and row_of.shape[1] > 1:
        step = clock[row_of[0, 1]] - clock[row_of[0, 0]]
    return ScenarioSet(
        columns=describe_columns(used, columns),
        values=values[order],
        probabilities=probabilities[order],
        labels=tuple(labels[position] for position in order),
        starts=None if starts is None else starts[order],
        clocks=None if clocks is None else clocks[order],
        step=step,
        source=Source(
            table.name,
            table.sha256,
            len(table.frame),
            zone=zone_name(starts, clocks),
            files=(table.name,) if table.sha256 is not None else (),
            reading=table.reading,
        ),
        groups=tuple(groups[position] for position in order) if groups else (),
    )


def _with_probabilities(table: Table, rows: Int64) -> Table:
    """Make weights probabilities: each divided by the sum over scenarios."""
    weights = table.numbers("weight")
    if (weights < 0).any() or not weights.any():
        row = first(weights < 0) or 0
        raise table.error(f"weight is {table.text(row, 'weight')}", "at least 0, and one above 0", row=row)
    _, begins = np.unique(rows, return_index=True)
    shares = weights / math.fsum(weights[begins])
    text = table.text
    return replace(
        table,
        frame=table.frame.assign(probability=shares),
        text=lambda row, name: text(row, "weight" if name == "probability" else name),
    )


def _labels(table: Table) -> tuple[list[str], Int64]:
    """Return the labels in order of appearance, and each row's position among them."""
    codes, labels = pd.factorize(table.words("scenario", "a label"))
    return [str(label) for label in labels], codes.astype(np.int64)


def _constant(table: Table, name: str, cells: npt.NDArray[np.generic], row_of: Int64) -> Float64:
    """Return one cell per scenario, or raise an InputError where the cell changes within a scenario."""
    by_scenario = cells[row_of]
    changed = np.argwhere(by_scenario != by_scenario[:, :1])
    if len(changed):
        scenario, step = (int(index) for index in changed[0])
        row = int(row_of[scenario, step])
        begin = table.text(int(row_of[scenario, 0]), name)
        raise table.error(
            f"{name} is {table.text(row, name)} where the scenario began with {begin}",
            f"one {name} per scenario",
            row=row,
        )
    return np.asarray(by_scenario[:, 0], dtype=np.float64)


def _check_probabilities(table: Table, probabilities: Float64, row_of: Int64) -> None:
    """Raise an InputError if a probability is negative or the sum is not 1, with the place in the table."""
    if (negative := first(probabilities < 0)) is not None:
        row = int(row_of[negative, 0])
        raise table.error(f"probability is {table.text(row, 'probability')}", "at least 0", row=row)
    total = math.fsum(probabilities)
    if abs(total - 1) > PROBABILITY_TOLERANCE:
        raise table.error(
            f"the probabilities of {len(probabilities)} scenarios sum to {total:.9g}",
            "1 (within 1e-6)",
            "divide them by their sum",
        )


def _starts(
    table: Table, row_of: Int64, clock: pd.DatetimeIndex | None
) -> tuple[pd.DatetimeIndex | None, pd.DatetimeIndex | None]:
    """Return the start of every scenario, in column `start` or else its first time, and what its clock shows."""
    if "start" in table.frame.columns:
        starts, clocks = clock_times(table, "start")
        _constant(table, "start", starts.asi8, row_of)
    elif clock is not None:
        starts, clocks = clock_times(table, "time")
    else:
        return None, None
    return starts[row_of[:, 0]], clocks[row_of[:, 0]]


def _groups(table: Table, row_of: Int64) -> list[str]:
    """Return the group of every scenario: the column `group`, if there is one."""
    if "group" not in table.frame.columns:
        return []
    codes, names = pd.factorize(table.words("group", "a name"))
    return [str(names[int(code)]) for code in _constant(table, "group", codes, row_of)]


def _order(labels: list[str], starts: pd.DatetimeIndex | None) -> list[int]:
    """Order scenarios by start, then by label: whole numbers by value, before text."""

    def key(position: int) -> tuple[int, int, int, str]:
        label = labels[position]
        number = int(label) if re.fullmatch(r"\d{1,18}", label, re.ASCII) else None
        start = 0 if starts is None else int(starts.asi8[position])
        return start, int(number is None), number or 0, label

    return sorted(range(len(labels)), key=key)
