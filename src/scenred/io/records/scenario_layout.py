"""The rows of a scenario table: long, a row per scenario and step, or wide, a row per scenario."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from scenred.arrays import Float64, Int64, first
from scenred.errors import InputError
from scenred.io.clock.times import parse_times
from scenred.io.tables.table import Table

SAME_STEPS = "the same steps in every scenario"


def long_rows(table: Table, labels: list[str], rows: Int64) -> tuple[Int64, pd.DatetimeIndex | None]:
    """Find the row of every scenario's every step, shape (n_scenarios, n_steps), and the clock if there is one."""
    name = "step" if "step" in table.frame.columns else "time"
    is_clock = name == "time" and not pd.api.types.is_numeric_dtype(table.frame[name])
    clock = parse_times(table, name).as_unit("us") if is_clock else None
    steps = table.numbers(name) if clock is None else clock.asi8.astype(np.float64)
    sorted_rows = np.lexsort((steps, rows))
    counts = np.bincount(rows)
    if (other := first(counts != counts[0])) is not None:
        raise table.error(
            f"scenario {labels[other]!r} has {counts[other]} rows and scenario {labels[0]!r} has {counts[0]}",
            SAME_STEPS,
        )
    row_of: Int64 = sorted_rows.reshape(len(labels), -1)
    ordered = steps[row_of]
    _check_steps(table, labels, row_of, ordered - (0.0 if clock is None else ordered[:, :1]))
    return row_of, clock


def _check_steps(table: Table, labels: list[str], row_of: Int64, steps: Float64) -> None:
    """Raise an InputError if a step is duplicated, differs between scenarios, or is left out."""

    def refusal(scenario: int, step: int, met: str, needed: str) -> InputError:
        place = table.place(int(row_of[scenario, step]))
        return InputError(f"scenario {labels[scenario]!r} {met}", needed, place=place)

    twice = np.argwhere(np.diff(steps, axis=1) == 0)
    if len(twice):
        raise refusal(int(twice[0, 0]), int(twice[0, 1]) + 1, "has a step twice", "every step once")
    wrong = np.argwhere(steps != steps[0])
    if len(wrong):
        other = f"has another step here than scenario {labels[0]!r}"
        raise refusal(int(wrong[0, 0]), int(wrong[0, 1]), other, SAME_STEPS)
    lengths = np.diff(steps[0])
    uneven = first(np.abs(lengths - lengths[:1]) > 1e-9 * np.abs(lengths[:1]))
    is_counted = steps[0, 0] in (0, 1) and (lengths == 1).all()
    if uneven is not None or ("step" in table.frame.columns and not is_counted):
        step = 0 if uneven is None else uneven + 1
        raise refusal(0, step, "leaves a step out", "whole steps from 0, or times of one distance")


def wide_columns(table: Table, names: list[str]) -> dict[str, list[str]]:
    """Group columns such as wind_0, wind_1 by name, in the order of their steps."""
    found: dict[str, dict[int, str]] = {}
    for name in names:
        match = re.fullmatch(r"(.+)_(\d{1,9})", name, re.ASCII)
        if match is None:
            raise table.error(
                f"column {name!r} of a wide scenario table does not end in a step, such as wind_0",
                advice="a long table needs a column step",
            )
        steps = found.setdefault(match[1], {})
        if int(match[2]) in steps:
            raise table.error(f"columns {steps[int(match[2])]!r} and {name!r} are one step", advice="name each once")
        steps[int(match[2])] = name
    if not found:
        raise table.error("there is no column of values, such as wind_0", "at least one")
    n_steps = max(len(steps) for steps in found.values())
    for name, steps in found.items():
        missing = sorted(set(range(n_steps)) - set(steps))
        if missing:
            raise table.error(f"column {name}_{missing[0]} is missing", f"steps 0 to {n_steps - 1}")
    return {name: [steps[step] for step in range(n_steps)] for name, steps in found.items()}


def wide_rows(table: Table, rows: Int64) -> Int64:
    """Return the row of every scenario, shape (n_scenarios, 1)."""
    _, begins, counts = np.unique(rows, return_index=True, return_counts=True)
    if (twice := first(counts > 1)) is not None:
        row = int(np.flatnonzero(rows == twice)[1])
        raise table.error("the scenario is duplicated in a wide table", "one row each", row=row)
    return begins[:, None]
