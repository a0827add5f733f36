"""Places of a dataset: latitudes and longitudes of a grid or of sites, the nearest to a point, and the mean of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenred.arrays import Float64
from scenred.errors import InputError, Setting
from scenred.io.opening.decoding import decoded_values
from scenred.notes import note

KINDS = {
    "latitude": ({"lat", "latitude", "latitudes", "nav_lat", "xlat"}, ("degrees_north", "degree_north", "degrees_n")),
    "longitude": (
        {"lon", "longitude", "longitudes", "nav_lon", "xlong", "lng"},
        ("degrees_east", "degree_east", "degrees_e"),
    ),
}
RADIUS = 6_371.0
# Kilometres from a place without neighbours that a point may lie.
ALONE = 100.0
MEAN = "mean"


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Dimensions of the places, their latitudes and longitudes, each of the shape of those dimensions."""

    dimensions: tuple[str, ...]
    latitudes: Float64
    longitudes: Float64

    @property
    def is_grid(self) -> bool:
        """Whether there are two dimensions, and not sites one after the other."""
        return len(self.dimensions) > 1


def places_of(data: Any) -> Places | None:
    """Return the places of a dataset, if it has latitudes and longitudes."""
    found = {kind: _coordinate(data, kind) for kind in KINDS}
    if any(variable is None for variable in found.values()):
        return None
    latitude, longitude = found["latitude"], found["longitude"]
    latitudes, longitudes = (decoded_values(one.to_numpy(), one.attrs) for one in (latitude, longitude))
    dimensions = tuple(map(str, latitude.dims))
    if latitude.dims == longitude.dims:
        return Places(dimensions, latitudes, longitudes)
    if latitude.ndim != 1 or longitude.ndim != 1:
        return None
    grid = np.meshgrid(latitudes, longitudes, indexing="ij")
    return Places((*dimensions, str(longitude.dims[0])), grid[0], grid[1])


def _coordinate(data: Any, kind: str) -> Any:
    names, units = KINDS[kind]
    for name, variable in data.variables.items():
        attributes = variable.attrs
        told = attributes.get("standard_name") == kind or str(attributes.get("units", "")).casefold() in units
        if (told or str(name).casefold() in names) and variable.dtype.kind in "fiu" and 0 < variable.ndim < 3:
            return variable
    return None


def ask_for_place(places: Places, place: str) -> InputError:
    """Return the refusal of a grid of which no place is named."""
    middle = tuple(size // 2 for size in places.latitudes.shape)
    point = Setting("at", f"{places.latitudes[middle]:g},{places.longitudes[middle]:g}")
    counts = " x ".join(
        f"{size} ({name})" for name, size in zip(places.dimensions, places.latitudes.shape, strict=True)
    )
    return InputError(
        f"holds a grid of {counts} places, {_span(places)}",
        "one place, or the mean of all",
        (
            "name a latitude and longitude, such as ",
            point,
            ", whose nearest place counts, or pass ",
            Setting("at", MEAN),
        ),
        place=place,
    )


def nearest(places: Places, at: str, place: str) -> tuple[int, ...]:
    """Return the position of the place nearest to a point, with a note; raise an InputError if it lies outside."""
    latitude, longitude = map(float, at.split(","))
    away = _kilometres(latitude, longitude, places.latitudes, places.longitudes)
    if not np.isfinite(away).any():
        raise InputError("has no latitudes and longitudes", "numbers", place=place)
    position = tuple(map(int, np.unravel_index(int(np.nanargmin(away)), away.shape)))
    here = float(places.latitudes[position]), float(places.longitudes[position])
    apart = _spacing(places)
    if away[position] > apart:
        raise InputError(
            f"the nearest place to {at} is {here[0]:g},{here[1]:g}, {away[position]:,.0f} km away",
            f"a point among the places, {_span(places)}",
            ("pass ", Setting("at", f"{here[0]:g},{here[1]:g}"), " if it is meant"),
            place=place,
        )
    note(f"{place}: the nearest place to {at} is {here[0]:g},{here[1]:g}, {away[position]:,.1f} km away")
    return position


def _kilometres(latitude: Any, longitude: Any, latitudes: Float64, longitudes: Float64) -> Float64:
    """Return distances along great circles."""
    lat, lats = np.radians(latitude), np.radians(latitudes)
    turn = np.radians(longitudes - longitude)
    half = np.sin((lats - lat) / 2) ** 2 + np.cos(lat) * np.cos(lats) * np.sin(turn / 2) ** 2
    away: Float64 = 2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return away


def _spacing(places: Places) -> float:
    """Return the largest distance of neighbours on a grid; a point is near any of several sites."""
    if not places.is_grid:
        return np.inf
    apart = [ALONE]
    for axis in range(2):
        lat, lon = (np.moveaxis(one, axis, 0) for one in (places.latitudes, places.longitudes))
        if len(lat) > 1:
            apart.append(float(np.nanmax(_kilometres(lat[:-1], lon[:-1], lat[1:], lon[1:]))))
    return max(apart[1:] or apart) if min(places.latitudes.shape) > 1 else max(apart)


def _span(places: Places) -> str:
    lat, lon = places.latitudes, places.longitudes
    return f"latitudes {np.nanmin(lat):g} to {np.nanmax(lat):g}, longitudes {np.nanmin(lon):g} to {np.nanmax(lon):g}"
