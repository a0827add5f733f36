"""The capacities of paired columns: as given, or the largest value that is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenred.arrays import Float64
from scenred.errors import InputError, RequestError, Setting
from scenred.model import History

# A capacity this many times the largest value would leave next to nothing of it.
LARGEST_RATIO = 1e6


def with_capacities(past: History, forecast: Float64, place: str) -> History:
    """Return a history whose columns all have a capacity: as given, else the largest value, also of the forecast."""
    largest = np.concatenate([past.forecast, past.actual, forecast]).max(axis=(0, 1))
    columns = []
    for column, most in zip(past.columns, largest, strict=True):
        given = column.capacity
        if given is not None and given < most:
            raise RequestError(
                f"the capacity of {column.name!r} is {given:g}, and values up to {most:g} were seen",
                advice=(
                    "name the capacity in the unit of the values, at least as large, or pass ",
                    Setting("clip", True),
                ),
                place=place,
            )
        if given is not None and given > LARGEST_RATIO * most > 0:
            raise RequestError(
                f"the capacity of {column.name!r} is {given:g}, and no value above {most:g} was seen",
                advice=(
                    "name the capacity in the unit of the values: ",
                    Setting("capacity", {column.name: float(most)}),
                ),
                place=place,
            )
        if most == 0 and given is None:
            raise InputError(
                f"{column.name!r} is 0 throughout",
                advice="leave the column out, or give its capacity",
                place=place,
            )
        columns.append(replace(column, capacity=float(most if given is None else given)))
    return replace(past, columns=tuple(columns))


def known_capacities(past: History, n_known: int, place: str) -> History:
    """Take the largest value of the first days where no capacity is given; later values above it count as full."""
    nothing = past.forecast[:0]
    with_capacities(past, nothing, place)  # a given one holds for the later days too
    known = with_capacities(past.before(n_known), nothing, place).columns
    return replace(past, columns=known)
