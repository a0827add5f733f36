"""The capacities that bound forecasts and what happened: as told, or the largest value that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from scenred.arrays import Float64
from scenred.errors import InputError, RequestError, nearest_name
from scenred.io.series.capacities import capacities_in_unit
from scenred.io.series.limits import checked_values
from scenred.model import Column, History
from scenred.options import Reading

Told = float | Mapping[str, float] | None


def capacities_of(columns: tuple[Column, ...], told: Told, reading: Reading) -> tuple[Column, ...]:
    """Give columns the capacities that are told, in the unit of the values.

    Raises
    ------
    RequestError
        When one is not a finite number above 0, or names no column.
    """
    told = capacities_in_unit(told, reading)  # type: ignore[assignment]  # a path is refused by the caller's type
    names = [column.name for column in columns]
    for name in told if isinstance(told, Mapping) else ():
        if name not in names:
            raise RequestError(f"a capacity names {name!r}; {nearest_name(name, names)}")
    with_told = []
    for column in columns:
        value = told.get(column.name) if isinstance(told, Mapping) else told
        if value is not None and not (np.isfinite(value) and value > 0):
            raise RequestError(
                f"the capacity of {column.name!r} is {value}; scenred needs a finite number above 0"
            )
        with_told.append(replace(column, capacity=None if value is None else float(value)))
    return tuple(with_told)


def clipped(values: Float64, columns: tuple[Column, ...], reading: Reading, place: str) -> Float64:
    """Clip values of shape (n_days, n_steps, n_columns) to [0, capacity], where that is told."""
    if not reading.clip:
        return values
    flat = checked_values(values.reshape(-1, len(columns)), columns, reading, place, {})
    return flat.reshape(values.shape)


def with_capacities(past: History, forecast: Float64, place: str) -> History:
    """Give every column its capacity: as told, which no value exceeds, else the largest value.

    Parameters
    ----------
    past : History
        Whose columns have the capacities that are told.
    forecast : ndarray of shape (n_days, n_steps, n_columns)
        Of the days to come.
    place : str
        The history, for messages.

    Raises
    ------
    RequestError
        When a capacity lies below a value.
    InputError
        When a column without one is 0 throughout.
    """
    largest = np.concatenate([past.forecast, past.actual, forecast]).max(axis=(0, 1))
    columns = []
    for column, most in zip(past.columns, largest, strict=True):
        told = column.capacity
        if told is not None and told < most:
            raise RequestError(
                f"{place}: the capacity of {column.name!r} is {told:g}, and values up to {most:g} were seen; name "
                "the capacity in the unit of the values, at least as large, or pass --clip"
            )
        if most == 0 and told is None:
            raise InputError(
                f"{place}: {column.name!r} is 0 throughout; leave the column out, or give its capacity"
            )
        columns.append(replace(column, capacity=float(most if told is None else told)))
    return replace(past, columns=tuple(columns))


def capped(past: History, n_known: int, place: str) -> History:
    """Take the largest value of the first days where no capacity is told; later values above it count as full."""
    with_capacities(past, past.forecast[:0], place)  # what is told holds for the later days too
    known = with_capacities(past.before(n_known), past.forecast[:0], place).columns
    told = tuple(
        column if given.capacity is None else given for given, column in zip(past.columns, known, strict=True)
    )
    return replace(past, columns=told)
