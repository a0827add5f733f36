"""Capacities of columns: from a table of plants, in the unit of the values, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pandas as pd

from scenred.arrays import first
from scenred.errors import RequestError, Setting, nearest_name
from scenred.io.files.source import read_text
from scenred.io.tables.text import parse_table
from scenred.options import Columns, Reading

Capacity: TypeAlias = float | Mapping[str, float] | str | None

# Names of the columns in tables of plants, in the order of preference.
CAPACITY = (
    *(r"\bp_?max\b", r"\bp_?nom\b", r"capacity", r"\bmw\b"),
    *(r"nennleistung", r"potencia", r"puissance", r"power"),
)
PLANT = (r"gen uid", r"\bplant", r"\bsite", r"\bname\b", r"\bcolumn\b", r"\bunit\b", r"\bid\b")
# What one MW, or the whole capacity, is in each unit.
PER_MW = {"MW": 1.0, "kW": 1_000.0}
WHOLE = {"percent": 100.0, "cf": 1.0}


class Register(dict[str, float]):
    """Capacities by name from a table of plants, which may hold more than the columns."""


def with_plants(columns: Columns) -> Columns:
    """Read the capacities if they are given as a table of plants."""
    if not isinstance(columns.capacity, str):
        return columns
    return replace(columns, capacity=read_plants(columns.capacity))


def read_plants(path: str) -> Register:
    """Read capacities by name.

    Raise an InputError if no column holds names or capacities, a name is duplicated, or a capacity is not a number.
    """
    table = parse_table(read_text(path))
    names = [str(name) for name in table.frame.columns]
    plant = _match(names, PLANT)
    capacity = _match([name for name in names if name != plant], CAPACITY)
    if len(names) == 2 and (plant is None or capacity is None):
        plant, capacity = names[0], names[1]
    if plant is None or capacity is None:
        met = f"has no column of plants and of capacities (there are: {', '.join(names[:50])})"
        raise table.error(met, advice="call them name and capacity")
    keys = [str(cell).strip() for cell in table.frame[plant]]
    if (row := first(pd.Index(keys).duplicated())) is not None:
        raise table.error(f"plant {keys[row]!r} is duplicated", "one capacity for every plant", row=row)
    return Register(zip(keys, table.numbers(capacity).tolist(), strict=True))


def _match(names: list[str], patterns: tuple[str, ...]) -> str | None:
    return next((name for pattern in patterns for name in names if re.search(pattern, name, re.IGNORECASE)), None)


def capacities_in_unit(capacity: Capacity, reading: Reading) -> Capacity:
    """Return capacities in the unit of the values.

    Raise a RequestError if values are shares of capacity and a capacity in MW is given too.
    """
    unit = reading.unit
    if unit is None or isinstance(capacity, str):  # a path, which the caller has read
        return capacity
    if unit in WHOLE:
        if capacity is not None:
            raise RequestError(
                f"values in {unit} have the capacity {WHOLE[unit]:g}",
                advice=("leave ", Setting("capacity"), " out, or name another ", Setting("unit")),
            )
        return WHOLE[unit]
    factor = PER_MW[unit]
    if isinstance(capacity, Mapping):
        scaled = {name: value * factor for name, value in capacity.items()}
        return Register(scaled) if isinstance(capacity, Register) else scaled
    return None if capacity is None else capacity * factor


def capacities_of(names: Sequence[str], given: Capacity) -> dict[str, float | None]:
    """Return the capacity of every column, None where none is given.

    Raise a RequestError if one is not above 0 or names no column, or a table of plants names none of the columns.
    """
    if isinstance(given, str):
        given = read_plants(given)
    if isinstance(given, Register):
        given = {name: value for name, value in given.items() if name in names}
        if not given:
            raise RequestError(
                "the table of plants names none of the columns", advice=f"there are: {', '.join(names[:50])}"
            )
    capacities = dict(given) if isinstance(given, Mapping) else dict.fromkeys(names, given)
    for name, value in capacities.items():
        if name not in names:
            raise RequestError(f"a capacity names column {name!r}", advice=nearest_name(name, names))
        if value is not None and not (np.isfinite(value) and value > 0):
            raise RequestError(f"the capacity of {name!r} is {value}", "a finite number above 0")
    return {name: capacities.get(name) for name in names}
