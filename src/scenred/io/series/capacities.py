"""Capacities from a table of plants: names in one column, MW in another."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from scenred.errors import InputError
from scenred.io.files.source import read_text
from scenred.io.series.columns import ColumnChoice
from scenred.io.series.limits import WHOLE as WHOLE
from scenred.io.series.limits import capacities_in_unit as capacities_in_unit
from scenred.io.tables.text import parse_table

# Names of the columns in tables of plants, in the order of preference.
CAPACITY = (
    r"\bp_?max\b",
    r"\bp_?nom\b",
    r"capacity",
    r"\bmw\b",
    r"nennleistung",
    r"potencia",
    r"puissance",
    r"power",
)
PLANT = (r"gen uid", r"\bplant", r"\bsite", r"\bname\b", r"\bcolumn\b", r"\bunit\b", r"\bid\b")


def with_plants(choice: ColumnChoice) -> ColumnChoice:
    """Read the capacities of a choice that names a table of plants."""
    if not isinstance(choice.capacity, str):
        return choice
    return replace(choice, capacity=read_plants(choice.capacity), is_register=True)


def read_plants(path: str) -> dict[str, float]:
    """Read capacities by name.

    Raises
    ------
    InputError
        When no column holds names or capacities, a name stands twice, or a capacity is no number.
    """
    table = parse_table(read_text(path))
    names = [str(name) for name in table.frame.columns]
    plant = _match(names, PLANT)
    capacity = _match([name for name in names if name != plant], CAPACITY)
    if len(names) == 2 and (plant is None or capacity is None):
        plant, capacity = names[0], names[1]
    if plant is None or capacity is None:
        raise InputError(
            f"{table.name}: has no column of plants and of capacities (there are: "
            f"{', '.join(names[:50])}); call them name "
            "and capacity"
        )
    keys = [str(cell).strip() for cell in table.frame[plant]]
    if len(set(keys)) < len(keys):
        row = next(row for row, key in enumerate(keys) if key in keys[:row])
        raise InputError(
            f"{table.place(row)}: plant {keys[row]!r} stands twice; every plant needs one capacity"
        )
    return dict(zip(keys, np.asarray(table.numbers(capacity)).tolist(), strict=True))


def _match(names: list[str], patterns: tuple[str, ...]) -> str | None:
    return next(
        (name for pattern in patterns for name in names if re.search(pattern, name, re.IGNORECASE)), None
    )
