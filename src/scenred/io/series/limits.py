"""Values as the policies say: negative ones, those above capacity, and capacities in the unit of the values."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np

from scenred.arrays import Float64
from scenred.errors import InputError, RequestError, ScenredWarning
from scenred.model import Column
from scenred.options import Reading

# What one MW, or the whole capacity, is in each unit.
PER_MW = {"MW": 1.0, "kW": 1_000.0}
WHOLE = {"percent": 100.0, "cf": 1.0}


def capacities_in_unit(
    capacity: float | Mapping[str, float] | str | None, reading: Reading
) -> float | Mapping[str, float] | str | None:
    """Give capacities in the unit of the values.

    Raises
    ------
    RequestError
        When values are shares of capacity and a capacity in MW is given too.
    """
    unit = reading.unit
    if unit is None or isinstance(capacity, str):  # a path, which the caller has read
        return capacity
    if unit in WHOLE:
        if capacity is not None:
            raise RequestError(
                f"values in {unit} have the capacity {WHOLE[unit]:g}; leave --capacity out, or name another --unit"
            )
        return WHOLE[unit]
    factor = PER_MW[unit]
    if isinstance(capacity, Mapping):
        return {name: value * factor for name, value in capacity.items()}
    return None if capacity is None else capacity * factor


def checked_values(
    values: Float64, columns: tuple[Column, ...], reading: Reading, name: str, changes: dict[str, int]
) -> Float64:
    """Change negative values and clip as told, count what was changed, and report what exceeds its capacity.

    Raises
    ------
    InputError
        When a value is negative and that is refused.
    RequestError
        When values are to be clipped and no column has a capacity.
    """
    values = _negative(values, columns, reading, name, changes)
    limits = np.array([np.inf if column.capacity is None else column.capacity for column in columns])
    if reading.clip and np.isinf(limits).all():
        raise RequestError(f"{name}: --clip needs to know the capacity; give --capacity or --unit")
    above = values > limits
    if above.any() and not reading.clip:
        worst = int(np.argmax((values / limits).max(axis=0)))
        changes["values above capacity"] = int(above.sum())
        warnings.warn(
            f"{name}: {int(above.sum())} values are above their capacity, the largest {values[:, worst].max():g} of "
            f"{limits[worst]:g} in {columns[worst].name}; they stay as they are; --clip cuts them",
            ScenredWarning,
            stacklevel=2,
        )
    if not reading.clip:
        return values
    bounded = np.isfinite(limits)
    below = (values < 0) & bounded
    if above.any() or below.any():
        changes["values clipped"] = int(above.sum() + below.sum())
        warnings.warn(
            f"{name}: {changes['values clipped']} values clipped to [0, capacity]",
            ScenredWarning,
            stacklevel=2,
        )
        values = np.where(bounded, np.clip(values, 0, limits), values)
    return values


def _negative(
    values: Float64, columns: tuple[Column, ...], reading: Reading, name: str, changes: dict[str, int]
) -> Float64:
    below = values < 0
    if reading.negative in (None, "keep") or not below.any():
        return values
    by_column = ", ".join(
        f"{count} of {column.name}" for column, count in zip(columns, below.sum(axis=0), strict=True) if count
    )
    if reading.negative == "error":
        raise InputError(
            f"{name}: {int(below.sum())} values are negative ({by_column}); scenred was told to "
            "refuse them; pass --negative "
            "keep or zero",
            {"negative": "keep"},
        )
    changes["negative values set to zero"] = int(below.sum())
    warnings.warn(
        f"{name}: {int(below.sum())} negative values set to zero ({by_column})", ScenredWarning, stacklevel=2
    )
    return np.where(below, 0.0, values)
