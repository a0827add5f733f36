"""Variables over time of a NetCDF file become columns: of every site, of one place of a grid, or the mean of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from scenred.arrays import Float64
from scenred.errors import InputError, RequestError, Setting
from scenred.io.opening.budget import Budget
from scenred.io.opening.decoding import decoded_times, decoded_values, is_time
from scenred.io.opening.places import MEAN, Places, ask_for_place, nearest, places_of
from scenred.notes import note

# Names of variables and dimensions that hold the bounds of others.
BOUNDS = ("bnds", "bounds", "nv", "nbnd", "bound")
# Numbers that are unpacked at once.
BLOCK = 1 << 21


def over_time(data: Any, at: str | None, tz: str | None, name: str, budget: Budget) -> pd.DataFrame:
    """Lay out variables over time as columns, one for each position of one other dimension.

    `data` is a dataset of xarray whose values are packed as in the file. Where variables have latitudes and longitudes,
    `at` is the place that counts, or the mean; `budget` is what may be decoded. Raise an InputError if times or the
    place are not one choice, or values are too many; a RequestError if there is no place to choose.
    """
    clock, variable = _clock(data, name)
    index = decoded_times(variable.to_numpy(), variable.attrs, name)
    if index.tz is None and tz is not None:
        index = index.tz_localize("UTC")
        note(
            f"{name}: times are UTC, as in all NetCDF files whose unit names no offset; ",
            Setting("tz", tz),
            " sets days",
        )
    places = places_of(data)
    if places is None and at is not None:
        raise RequestError("has no latitudes and longitudes", advice=("leave out ", Setting("at")), place=name)
    used = {str(key): one for key, one in data.data_vars.items() if _is_value(data, str(key), clock)}
    is_placed = places is not None and any(set(places.dimensions) <= set(one.dims) for one in used.values())
    if is_placed and places is not None and places.is_grid and at is None and places.latitudes.size > 1:
        raise ask_for_place(places, name)
    position = nearest(places, at, name) if is_placed and places is not None and at not in (None, MEAN) else None
    columns: dict[str, Float64] = {}
    means: dict[str, list[str]] = {}
    unused = [str(key) for key in data.data_vars if str(key) not in used and str(key) != variable.name]
    for key, one in used.items():
        is_here = places is not None and set(places.dimensions) <= set(one.dims) and (places.is_grid or at is not None)
        here, what = _at_place(one, places, position, budget) if places is not None and is_here else (one, "")
        means.setdefault(what, []).append(key)
        found = _columns(data, here, clock, key, budget)
        columns |= found
        unused += [] if found else [key]
    for what, keys in means.items():
        if what:
            note(f"{name}: {what}: {', '.join(keys)}")
    _note_unused(unused, clock, name)
    return pd.DataFrame(columns, index=index.rename(clock))


def _clock(data: Any, name: str) -> tuple[str, Any]:
    """Return the dimension of time and the variable that holds the times along it."""
    found: dict[str, Any] = {}
    for key, variable in data.variables.items():
        if variable.ndim == 1 and is_time(variable.attrs):
            dimension = str(variable.dims[0])
            if dimension not in found or str(key) == dimension:
                found[dimension] = data[key]
    if len(found) != 1:
        names = f" ({', '.join(found)})" if found else ""
        raise InputError(f"has {len(found)} dimensions of times{names}", "one, such as time", place=name)
    return next(iter(found.items()))


def _is_value(data: Any, key: str, clock: str) -> bool:
    """Return whether a variable holds numbers over time that are neither times nor bounds."""
    variable = data[key]
    bounds = {str(one.attrs.get("bounds", "")) for one in data.variables.values()}
    is_bound = key in bounds or not {str(dim).casefold() for dim in variable.dims}.isdisjoint(BOUNDS)
    return clock in variable.dims and variable.dtype.kind in "fiu" and not is_time(variable.attrs) and not is_bound


def _at_place(variable: Any, places: Places, position: tuple[int, ...] | None, budget: Budget) -> tuple[Any, str]:
    """Return a variable at one place, or its mean over all places that hold a value at some time, and what that is."""
    if position is None and places.latitudes.size == 1:
        position = (0,) * len(places.dimensions)
    if position is not None:
        return variable.isel(dict(zip(places.dimensions, position, strict=True))), ""
    budget.take(variable.size)
    others = [dim for dim in variable.dims if dim not in places.dimensions]
    ordered = variable.transpose(*others, *places.dimensions)
    mean, n_used = _mean(ordered.to_numpy().reshape(-1, places.latitudes.size), variable.attrs)
    found = ordered.isel(dict.fromkeys(places.dimensions, 0))
    found = found.copy(data=mean.reshape(found.shape))
    found.attrs = {}  # the mean is unpacked
    left_out = f", without {places.latitudes.size - n_used} that never hold a value"
    return found, f"the mean of {n_used} places, each counted alike{left_out if n_used < places.latitudes.size else ''}"


def _mean(raw: Any, attributes: Mapping[str, Any]) -> tuple[Float64, int]:
    """Return the mean of each row over the columns that hold a value in some row, and how many these are."""
    rows = max(1, BLOCK // raw.shape[1])
    blocks = [slice(begin, begin + rows) for begin in range(0, len(raw), rows)]
    filled = np.zeros(raw.shape[1], dtype=bool)
    for block in blocks:
        filled |= ~np.isnan(decoded_values(raw[block], attributes)).all(axis=0)
    mean = np.full(len(raw), np.nan)
    for block in blocks if filled.any() else ():
        mean[block] = np.ascontiguousarray(decoded_values(raw[block], attributes)[:, filled]).mean(axis=1)
    return mean, int(filled.sum())


def _columns(data: Any, variable: Any, clock: str, key: str, budget: Budget) -> dict[str, Float64]:
    """Return a variable as columns, one for each position of its other dimension; none if it has more."""
    others = [dim for dim in variable.dims if dim != clock]
    if len(others) > 1:  # those of one position are none
        others = [dim for dim in others if variable.sizes[dim] > 1]
        variable = variable.squeeze([dim for dim in variable.dims if dim not in (clock, *others)])
    if len(others) > 1:
        return {}
    found = {}
    n_columns = variable.sizes[others[0]] if others else 1
    budget.take(variable.size, n_columns)
    for position in range(n_columns):
        here = variable.isel({others[0]: position}) if others else variable
        label = [str(data[dim][position].item() if dim in data.coords else position) for dim in others]
        found["_".join([key, *label])] = decoded_values(here.to_numpy(), variable.attrs)
    return found


def _note_unused(unused: list[str], clock: str, name: str) -> None:
    if unused:
        note(
            f"{name}: variables that are not numbers over {clock} and at most one other dimension are not used: "
            f"{', '.join(unused)}"
        )
