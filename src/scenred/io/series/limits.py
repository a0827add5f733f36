"""Limits of values: negative ones, and those above the capacity."""

from __future__ import annotations

import numpy as np

from scenred.arrays import Float64
from scenred.errors import InputError, RequestError, Setting
from scenred.io.series.grid import counted
from scenred.model import Column
from scenred.notes import note
from scenred.options import Reading


def checked_values(
    values: Float64, columns: tuple[Column, ...], reading: Reading, name: str, changes: dict[str, int]
) -> Float64:
    """Change negative values and clip as `reading` says, count what is changed, and note what is above capacity.

    Raise an InputError if a value is negative and that is an error; a RequestError if values are to be clipped and no
    column has a capacity.
    """
    values = _negative(values, columns, reading, name, changes)
    limits = np.array([np.inf if column.capacity is None else column.capacity for column in columns])
    clip = Setting("clip", True)
    if reading.clip and np.isinf(limits).all():
        advice = ("give ", Setting("capacity"), " or ", Setting("unit"))
        raise RequestError((clip, " needs to know the capacity"), advice=advice, place=name)
    above = values > limits
    if not reading.clip:
        if above.any():
            worst = int(np.argmax((values / limits).max(axis=0)))
            changes["values above capacity"] = int(above.sum())
            note(
                f"{name}: {int(above.sum())} values are above their capacity, the largest "
                f"{values[:, worst].max():g} of {limits[worst]:g} in {columns[worst].name}; they are unchanged; ",
                clip,
                " cuts them",
            )
        return values
    bounded = np.isfinite(limits)
    n_clipped = int(above.sum() + ((values < 0) & bounded).sum())
    if n_clipped:
        counted(name, changes, "values clipped", n_clipped, " to [0, capacity]")
        values = np.where(bounded, np.clip(values, 0, limits), values)
    return values


def _negative(
    values: Float64, columns: tuple[Column, ...], reading: Reading, name: str, changes: dict[str, int]
) -> Float64:
    below = values < 0
    if reading.negative in (None, "keep") or not below.any():
        return values
    n, counts = int(below.sum()), zip(columns, below.sum(axis=0), strict=True)
    by_column = ", ".join(f"{count} of {column.name}" for column, count in counts if count)
    if reading.negative == "error":
        keep = Setting("negative", "keep")
        raise InputError(
            f"{n} values are negative ({by_column})",
            ("none, as given with ", Setting("negative", "error")),
            ("pass ", keep, " or zero"),
            place=name,
            remedy=(keep,),
        )
    counted(name, changes, "negative values set to zero", n, f" ({by_column})")
    return np.where(below, 0.0, values)
