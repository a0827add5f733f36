"""A scenario table becomes a scenario set: long or wide, rows in any order, labels of any kind.

Long: `scenario, probability, start, group, step, <columns>`, one row per scenario and step (`start` and `group`
optional, `time` instead of `step`). Wide: `scenario, probability, start, group, <column>_<step>`, one row per scenario.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.arrays import Float64, Int64
from scenred.errors import InputError
from scenred.io.clock.times import parse_times
from scenred.io.opening.open import open_table
from scenred.io.series.capacities import with_plants
from scenred.io.series.columns import ColumnChoice, describe_columns, named_columns, value_columns
from scenred.io.tables.table import Table
from scenred.model import HEAD, PROBABILITY_TOLERANCE, ScenarioSet, Source
from scenred.options import Reading


def is_scenario_table(table: Table) -> bool:
    """Return whether a table holds scenarios: it has the columns `scenario` and `probability` or `weight`."""
    names = set(table.frame.columns)
    return "scenario" in names and bool({"probability", "weight"} & names)


def read_scenarios(
    source: str | os.PathLike[str] | pd.DataFrame,
    *,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | str | None = None,
    reading: Reading | None = None,
) -> ScenarioSet:
    """Read a scenario table, as `generate` writes it or by hand.

    Parameters
    ----------
    source : path, '-' or pandas.DataFrame
    columns, wind, pv, capacity, reading
        As in `read_series`.

    Returns
    -------
    ScenarioSet
        Ordered by start where there is one, else by label (numbers by value).

    Raises
    ------
    InputError
        If it is no scenario table; a scenario lacks a step, has one twice, or changes its probability or
        start; a value is no finite number; or the probabilities do not sum to 1 within 1e-6.

    Examples
    --------
    >>> table = pd.DataFrame({"scenario": ["b", "a"], "probability": [0.4, 0.6], "step": [0, 0], "wind": [1, 2]})
    >>> read_scenarios(table).labels
    ('a', 'b')
    """
    table = open_table(source, reading)
    if not is_scenario_table(table):
        raise InputError(f"{table.name}: is no scenario table; it needs the columns scenario and probability")
    return scenarios_of(table, ColumnChoice(columns, wind, pv, capacity))


def scenarios_of(table: Table, choice: ColumnChoice) -> ScenarioSet:
    """Return what `read_scenarios` does, from a table."""
    choice = with_plants(choice)
    names = [str(name) for name in table.frame.columns if name not in HEAD]
    is_wide = not {"step", "time"} & set(table.frame.columns)
    clock = None
    labels, rows = _labels(table)
    if "probability" not in table.frame.columns:
        table = _with_probabilities(table, rows)
        names = [name for name in names if name != "weight"]
    if is_wide:
        layout = _wide_columns(table, names)
        used = named_columns(table, list(layout), choice)
        row_of = _one_row_each(table, rows, len(labels))[:, None]
        blocks = [np.column_stack([table.numbers(cell) for cell in layout[name]]) for name in used]
        values = np.stack(blocks, axis=2)[row_of[:, 0]]
    else:
        used = value_columns(table, names, choice)
        row_of, clock = _rows_by_step(table, labels, rows)
        values = np.column_stack([table.numbers(name) for name in used])[row_of]
    probabilities = _constant(table, "probability", table.numbers("probability"), row_of)
    _check_probabilities(table, probabilities, row_of)
    starts = _starts(table, row_of, clock)
    groups = _groups(table, row_of)
    order = _order(labels, starts)
    return ScenarioSet(
        columns=describe_columns(used, choice),
        values=values[order],
        probabilities=probabilities[order],
        labels=tuple(labels[position] for position in order),
        starts=None if starts is None else starts[order],
        step=None if clock is None or row_of.shape[1] < 2 else clock[row_of[0, 1]] - clock[row_of[0, 0]],
        source=Source(
            table.name,
            table.sha256,
            len(table.frame),
            files=(table.name,) if table.sha256 is not None else (),
            reading=table.reading,
        ),
        groups=tuple(groups[position] for position in order) if groups else (),
    )


def _with_probabilities(table: Table, rows: Int64) -> Table:
    """Make weights probabilities: each divided by the sum over scenarios."""
    weights = table.numbers("weight")
    if (weights < 0).any() or not weights.any():
        row = int(np.flatnonzero(weights < 0)[0]) if (weights < 0).any() else 0
        raise InputError(
            f"{table.place(row)}: weight is {table.text(row, 'weight')}; scenred needs at least 0, and one above 0"
        )
    _, first = np.unique(rows, return_index=True)
    shares = weights / math.fsum(weights[first])
    text = table.text
    return replace(
        table,
        frame=table.frame.assign(probability=shares),
        text=lambda row, name: text(row, "weight" if name == "probability" else name),
    )


def _labels(table: Table) -> tuple[list[str], Int64]:
    """Return the labels in order of appearance, and each row's position among them."""
    column = table.frame["scenario"]
    cells = column.astype(str).str.strip()
    empty = np.flatnonzero((column.isna() | (cells == "")).to_numpy())
    if len(empty):
        raise InputError(
            f"{table.place(int(empty[0]))}: scenario is empty; scenred needs a label in every row"
        )
    codes, labels = pd.factorize(cells)
    return [str(label) for label in labels], codes.astype(np.int64)


def _rows_by_step(table: Table, labels: list[str], rows: Int64) -> tuple[Int64, pd.DatetimeIndex | None]:
    """Find the row of every scenario's every step, shape (n_scenarios, n_steps), and the clock if there is one."""
    name = "step" if "step" in table.frame.columns else "time"
    is_clock = name == "time" and not pd.api.types.is_numeric_dtype(table.frame[name])
    clock = parse_times(table, name).as_unit("us") if is_clock else None
    steps = table.numbers(name) if clock is None else clock.asi8.astype(np.float64)
    sorted_rows = np.lexsort((steps, rows))
    counts = np.bincount(rows)
    short = np.flatnonzero(counts != counts[0])
    if len(short):
        label = int(short[0])
        raise InputError(
            f"{table.name}: scenario {labels[label]!r} has {counts[label]} rows and scenario {labels[0]!r} "
            f"has {counts[0]}; scenred needs the same steps in every scenario"
        )
    row_of: Int64 = sorted_rows.reshape(len(labels), -1)
    ordered = steps[row_of]
    _check_steps(table, labels, row_of, ordered - (0.0 if clock is None else ordered[:, :1]))
    return row_of, clock


def _check_steps(table: Table, labels: list[str], row_of: Int64, steps: Float64) -> None:
    """Refuse steps that stand twice, differ between scenarios, or leave one out."""

    def place(found: npt.NDArray[np.int64]) -> str:
        scenario, step = (int(index) for index in found)
        return f"{table.place(int(row_of[scenario, step]))}: scenario {labels[scenario]!r}"

    twice = np.argwhere(np.diff(steps, axis=1) == 0)
    if len(twice):
        raise InputError(f"{place(twice[0] + [0, 1])} has a step twice; scenred needs every step once")
    wrong = np.argwhere(steps != steps[0])
    if len(wrong):
        raise InputError(
            f"{place(wrong[0])} has another step here than scenario {labels[0]!r}; "
            "scenred needs the same steps in every scenario"
        )
    lengths = np.diff(steps[0])
    uneven = np.flatnonzero(np.abs(lengths - lengths[:1]) > 1e-9 * np.abs(lengths[:1]))
    if len(uneven) or ("step" in table.frame.columns and (steps[0, 0] not in (0, 1) or (lengths != 1).any())):
        place_of = place(np.array([0, int(uneven[0]) + 1 if len(uneven) else 0]))
        raise InputError(
            f"{place_of} leaves a step out; scenred needs whole steps from 0, or times of one distance"
        )


def _wide_columns(table: Table, names: list[str]) -> dict[str, list[str]]:
    """Group columns such as wind_0, wind_1 by name, in the order of their steps."""
    found: dict[str, dict[int, str]] = {}
    for name in names:
        match = re.fullmatch(r"(.+)_(\d+)", name, re.ASCII)
        if match is None:
            raise InputError(
                f"{table.name}: column {name!r} of a wide scenario table does not end in a step, such as wind_0; "
                "a long table needs a column step"
            )
        steps = found.setdefault(match[1], {})
        if int(match[2]) in steps:
            raise InputError(
                f"{table.name}: columns {steps[int(match[2])]!r} and {name!r} are one step; name each once"
            )
        steps[int(match[2])] = name
    if not found:
        raise InputError(
            f"{table.name}: there is no column of values, such as wind_0; scenred needs at least one"
        )
    n_steps = max(len(steps) for steps in found.values())
    for name, steps in found.items():
        missing = sorted(set(range(n_steps)) - set(steps))
        if missing:
            raise InputError(
                f"{table.name}: column {name}_{missing[0]} is missing; scenred needs steps 0 to {n_steps - 1}"
            )
    return {name: [steps[step] for step in range(n_steps)] for name, steps in found.items()}


def _one_row_each(table: Table, rows: Int64, n: int) -> Int64:
    positions, first, counts = np.unique(rows, return_index=True, return_counts=True)
    twice = np.flatnonzero(counts > 1)
    if len(twice):
        row = int(np.flatnonzero(rows == positions[twice[0]])[1])
        raise InputError(
            f"{table.place(row)}: the scenario stands twice in a wide table; scenred needs one row each"
        )
    return first.reshape(n)


def _constant(table: Table, name: str, cells: npt.NDArray[np.generic], row_of: Int64) -> Float64:
    """Return one cell per scenario, and refuse a scenario within which the cell changes."""
    by_scenario = cells[row_of]
    changed = np.argwhere(by_scenario != by_scenario[:, :1])
    if len(changed):
        scenario, step = (int(index) for index in changed[0])
        row = int(row_of[scenario, step])
        raise InputError(
            f"{table.place(row)}: {name} is {table.text(row, name)} where the scenario began with "
            f"{table.text(int(row_of[scenario, 0]), name)}; scenred needs one {name} per scenario"
        )
    return np.asarray(by_scenario[:, 0], dtype=np.float64)


def _check_probabilities(table: Table, probabilities: Float64, row_of: Int64) -> None:
    """Refuse a negative probability or a sum other than 1, naming the place that the constructor cannot know."""
    negative = np.flatnonzero(probabilities < 0)
    if len(negative):
        row = int(row_of[negative[0], 0])
        raise InputError(
            f"{table.place(row)}: probability is {table.text(row, 'probability')}; scenred needs at least 0"
        )
    total = math.fsum(probabilities)
    if abs(total - 1) > PROBABILITY_TOLERANCE:
        raise InputError(
            f"{table.name}: the probabilities of {len(probabilities)} scenarios sum to {total:.9g}; "
            "scenred needs 1 (within 1e-6); divide them by their sum"
        )


def _starts(table: Table, row_of: Int64, clock: pd.DatetimeIndex | None) -> pd.DatetimeIndex | None:
    """Return the start of every scenario: the column `start`, else the first of its times."""
    if "start" not in table.frame.columns:
        return None if clock is None else clock[row_of[:, 0]]
    starts = parse_times(table, "start")
    _constant(table, "start", starts.asi8, row_of)
    return starts[row_of[:, 0]]


def _groups(table: Table, row_of: Int64) -> list[str]:
    """Return the group of every scenario: the column `group`, if there is one."""
    if "group" not in table.frame.columns:
        return []
    cells = table.frame["group"].astype(str).str.strip()
    empty = np.flatnonzero((table.frame["group"].isna() | (cells == "")).to_numpy())
    if len(empty):
        raise InputError(f"{table.place(int(empty[0]))}: group is empty; scenred needs a name in every row")
    codes, names = pd.factorize(cells)
    return [str(names[int(code)]) for code in _constant(table, "group", codes, row_of)]


def _order(labels: list[str], starts: pd.DatetimeIndex | None) -> list[int]:
    """Order scenarios by start, then by label: whole numbers by value, before text."""

    def key(position: int) -> tuple[int, int, int, str]:
        label = labels[position]
        number = int(label) if re.fullmatch(r"\d{1,18}", label, re.ASCII) else None
        start = 0 if starts is None else int(starts.asi8[position])
        return start, int(number is None), number or 0, label

    return sorted(range(len(labels)), key=key)
