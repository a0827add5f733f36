"""Variables over time of a NetCDF file become columns: of every site, of one place of a grid, or the mean of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    chosen = _chosen(used, places, at, name)
    columns: dict[str, Float64] = {}
    means: dict[str, list[str]] = {}
    for key, one in used.items():
        here, what = one, ""
        if chosen is not None and chosen.holds(one):
            here, what = chosen.read(one, budget)
        means.setdefault(what, []).append(key)
        columns |= _columns(data, here, clock, key, budget)
    for what, keys in means.items():
        if what:
            note(f"{name}: {what}: {', '.join(keys)}")
    kept = {key for key in used if any(column == key or column.startswith(f"{key}_") for column in columns)}
    _note_unused([str(key) for key in data.data_vars if str(key) not in kept | {str(variable.name)}], clock, name)
    return pd.DataFrame(columns, index=index.rename(clock))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The places of a grid, and the position of the one that counts; None for the mean of all."""

    places: Places
    position: tuple[int, ...] | None

    def holds(self, variable: Any) -> bool:
        """Return whether a variable lies on the grid."""
        return set(self.places.dimensions) <= set(variable.dims)

    def read(self, variable: Any, budget: Budget) -> tuple[Any, str]:
        """Return a variable at the place, or its mean over all that hold a value at some time, and what that is."""
        if self.position is not None:
            return variable.isel(dict(zip(self.places.dimensions, self.position, strict=True))), ""
        budget.take(variable.size)
        others = [dim for dim in variable.dims if dim not in self.places.dimensions]
        ordered, size = variable.transpose(*others, *self.places.dimensions), self.places.latitudes.size
        mean, n_used = _mean(ordered.to_numpy().reshape(-1, size), variable.attrs)
        found = ordered.isel(dict.fromkeys(self.places.dimensions, 0))
        found = found.copy(data=mean.reshape(found.shape))
        found.attrs = {}  # the mean is unpacked
        left_out = f", without {size - n_used} that never hold a value" if n_used < size else ""
        return found, f"the mean of {n_used} places, each counted alike{left_out}"


def _chosen(used: Mapping[str, Any], places: Places | None, at: str | None, name: str) -> _Chosen | None:
    """Return the place that counts where variables lie on a grid, or sites are one to choose; None where all count."""
    if places is None or not any(set(places.dimensions) <= set(one.dims) for one in used.values()):
        return None
    if places.latitudes.size == 1 and places.is_grid and at in (None, MEAN):
        return _Chosen(places, (0,) * len(places.dimensions))
    if at is None:
        if places.is_grid:
            raise ask_for_place(places, name)
        return None
    return _Chosen(places, None if at == MEAN else nearest(places, at, name))


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
