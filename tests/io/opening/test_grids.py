"""Grids of latitudes and longitudes in NetCDF, classic and not: one place, or the mean, to the bit."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.io import netcdf_file

from scenred import InputError, RequestError, ScenredWarning, Series, export, generate, read_input, read_series

pytest.importorskip("xarray")
pytest.importorskip("h5netcdf")

TIMES = pd.date_range("2019-03-01", periods=72, freq="h")
LATITUDES = np.array([54.0, 53.5, 53.0, 52.5, 52.0])
LONGITUDES = np.array([12.5, 13.0, 13.5, 14.0])
PACKED = np.random.default_rng(5).integers(-30_000, 30_000, (72, 5, 4)).astype("i2")
SCALE, OFFSET, FILL = np.float64(0.00137), np.float64(12.75), -32_767
TRUTH = PACKED.astype(float) * SCALE + OFFSET
Advised = Callable[..., tuple[Series, str]]
HOURS = (TIMES - pd.Timestamp("1900-01-01")) // pd.Timedelta("1h")
UNITS: dict[str, tuple[Any, str, str]] = {
    "hours": (np.asarray(HOURS, dtype="i4"), "hours since 1900-01-01 00:00:00.0", "gregorian"),
    "days": (np.asarray(HOURS) / 24, "days since 1900-1-1", "standard"),
    "seconds": (np.asarray(HOURS, dtype=float) * 3600, "seconds since 1900-01-01T00:00:00", "proleptic_gregorian"),
    "year 1": (np.asarray(HOURS, dtype=float) + (693_595 + 2) * 24, "hours since 1-1-1 00:00:0.0", "standard"),
    "noleap": (np.asarray(HOURS, dtype=float) - 29 * 24, "hours since 1900-01-01", "noleap"),
    "rounded days": (np.round(np.asarray(HOURS) / 24 - 43_000, 7), "days since 2017-09-24", "standard"),
}


def classic(path: Path, version: int, unit: str = "hours", **attributes: Any) -> Path:
    """Write a grid with scipy, in the format 1 or 2; time is its record dimension."""
    numbers, units, calendar = UNITS[unit]
    with netcdf_file(path, "w", version=version) as file:
        for name, size in (("time", None), ("latitude", 5), ("longitude", 4)):
            file.createDimension(name, size)
        time = file.createVariable("time", numbers.dtype, ("time",))
        time[:], time.units, time.calendar = numbers, units, calendar
        for name, values in (("latitude", LATITUDES), ("longitude", LONGITUDES)):
            place = file.createVariable(name, "f4", (name,))
            place[:], place.units = values, "degrees_north" if name == "latitude" else "degrees_east"
        wind = file.createVariable("wind", "i2", ("time", "latitude", "longitude"))
        wind[:], wind.scale_factor, wind.add_offset, wind._FillValue = PACKED, SCALE, OFFSET, np.int16(FILL)
        for name, value in attributes.items():
            setattr(wind, name, value)
    return path


def fifth(path: Path) -> Path:
    """Write a grid in the format CDF-5, byte by byte."""

    def text(name: str) -> bytes:
        return struct.pack(">q", len(name)) + name.encode() + b"\0" * (-len(name) % 4)

    def attribute(name: str, value: str | float | np.int16) -> bytes:
        if isinstance(value, str):
            return text(name) + struct.pack(">i", 2) + text(value)
        kind, form = (3, ">hxx") if isinstance(value, np.int16) else (6, ">d")
        return text(name) + struct.pack(">iq", kind, 1) + struct.pack(form, value)

    numbers, units, _ = UNITS["hours"]
    variables: list[tuple[str, tuple[int, ...], int, list[bytes], bytes]] = [
        ("time", (0,), 10, [attribute("units", units)], numbers.astype(">i8").tobytes()),
        ("latitude", (1,), 6, [], LATITUDES.astype(">f8").tobytes()),
        ("longitude", (2,), 6, [], LONGITUDES.astype(">f8").tobytes()),
        (
            *("wind", (0, 1, 2), 3),
            [
                attribute("scale_factor", SCALE),
                attribute("add_offset", OFFSET),
                attribute("_FillValue", np.int16(FILL)),
            ],
            PACKED.astype(">i2").tobytes(),
        ),
    ]

    def header(begins: list[int]) -> bytes:
        sizes = (("time", 72), ("latitude", 5), ("longitude", 4))
        out = b"CDF\x05" + struct.pack(">q", 0) + struct.pack(">iq", 10, 3)
        out += b"".join(text(name) + struct.pack(">q", size) for name, size in sizes)
        out += struct.pack(">iq", 0, 0) + struct.pack(">iq", 11, len(variables))
        for (name, dims, kind, given, data), begin in zip(variables, begins, strict=True):
            out += text(name) + struct.pack(f">q{len(dims)}q", len(dims), *dims)
            out += struct.pack(">iq", 12 if given else 0, len(given)) + b"".join(given)
            out += struct.pack(">iqq", kind, len(data), begin)
        return out

    begins = np.cumsum([len(header([0] * 4)), *(len(data) for *_, data in variables)])[:4].tolist()
    path.write_bytes(header(begins) + b"".join(data for *_, data in variables))
    return path


def fourth(path: Path) -> Path:
    """Write a grid with xarray and HDF5."""
    import xarray

    wind = ("time", "latitude", "longitude"), PACKED, {"scale_factor": SCALE, "add_offset": OFFSET, "_FillValue": FILL}
    numbers, units, calendar = UNITS["hours"]
    coordinates = {
        "time": ("time", numbers, {"units": units, "calendar": calendar}),
        "latitude": ("latitude", LATITUDES, {"units": "degrees_north"}),
        "longitude": ("longitude", LONGITUDES, {"units": "degrees_east"}),
    }
    data = xarray.Dataset({"wind": wind}, coordinates)
    data.to_netcdf(path, engine="h5netcdf")
    return path


FORMATS: dict[str, Callable[[Path], Path]] = {
    "CDF-1": lambda path: classic(path, 1),
    "CDF-2": lambda path: classic(path, 2),
    "CDF-5": fifth,
    "HDF5": fourth,
}


@pytest.mark.parametrize("form", FORMATS)
def test_a_grid_asks_for_a_place_and_is_read_there(form: str, tmp_path: Path, read_as_advised: Advised) -> None:
    path = FORMATS[form](tmp_path / "grid.nc")

    series, flags = read_as_advised(path)

    assert flags == "--at 53,13.5"
    assert [column.name for column in series.columns] == ["wind"]
    assert (series.times() == TIMES).all()
    assert series.values[:, 0].tolist() == TRUTH[:, 2, 2].tolist()


@pytest.mark.parametrize("form", FORMATS)
def test_the_mean_counts_every_place_alike(form: str, tmp_path: Path) -> None:
    path = FORMATS[form](tmp_path / "grid.nc")

    with pytest.warns(ScenredWarning, match="the mean of 20 places, each counted alike: wind"):
        series = read_series(path, at="mean")

    assert series.values[:, 0].tolist() == TRUTH.reshape(72, -1).mean(axis=-1).tolist()


@pytest.mark.parametrize("unit", UNITS)
def test_times_since_a_date_are_read(unit: str, tmp_path: Path) -> None:
    path = classic(tmp_path / "grid.nc", 2, unit)

    with pytest.warns(ScenredWarning, match="nearest place"):
        series = read_series(path, at="52.5,13")

    assert (series.times() == TIMES).all()
    assert series.values[:, 0].tolist() == TRUTH[:, 3, 1].tolist()


@pytest.mark.parametrize(("at", "row", "column"), [("53.9,12.6", 0, 0), ("52.01,373.9", 4, 3), ("53.3,13.3", 1, 2)])
def test_the_nearest_place_is_told(at: str, row: int, column: int, tmp_path: Path) -> None:
    here = rf"nearest place to {at} is {LATITUDES[row]:g},{LONGITUDES[column]:g}, \d+\.\d km away"

    with pytest.warns(ScenredWarning, match=here):
        series = read_series(classic(tmp_path / "grid.nc", 1), at=at)
    assert series.values[:, 0].tolist() == TRUTH[:, row, column].tolist()


def test_a_place_outside_of_the_grid_is_refused(tmp_path: Path, read_as_advised: Advised) -> None:
    path = classic(tmp_path / "grid.nc", 1)

    with pytest.raises(InputError, match=r"the nearest place to 40,13 is 52,13, 1,334 km away.*latitudes 52 to 54"):
        read_series(path, at="40,13")
    assert read_as_advised(path, "--at 40,13")[1].endswith("--at 52,13")


def test_missing_values_are_missing_at_the_place(tmp_path: Path) -> None:
    packed = PACKED.copy()
    packed[5, 3, 1] = FILL
    packed[:, 0, 0] = FILL
    path = classic(tmp_path / "grid.nc", 1)
    with netcdf_file(path, "a") as file:
        file.variables["wind"][:] = packed

    with pytest.raises(InputError, match=r"grid\.nc, row 5: wind is empty"), pytest.warns(ScenredWarning):
        read_series(path, at="52.5,13")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        series = read_series(path, at="mean", missing="interpolate")
    assert "mean of 19 places, each counted alike, without 1 that never hold a value" in str(caught[0].message)
    assert series.source.changes == (("values interpolated", 1),)


@pytest.mark.parametrize("calendar", ["360_day", "366_day", "julian"])
def test_calendars_without_real_dates_are_refused_in_one_line(calendar: str, tmp_path: Path) -> None:
    path = classic(tmp_path / "grid.nc", 1)
    with netcdf_file(path, "a") as file:
        file.variables["time"].calendar = calendar

    with pytest.raises(InputError, match=f"times are of the calendar {calendar}, whose dates are not those"):
        read_series(path, at="mean")


def test_times_of_netcdf_are_utc_where_a_zone_is_given(tmp_path: Path) -> None:
    path = classic(tmp_path / "grid.nc", 1)
    with pytest.warns(ScenredWarning, match="times are UTC"), pytest.warns(ScenredWarning, match="nearest place"):
        series = read_series(path, at="53,13", tz="Europe/Berlin", stamp="start")

    assert (series.times() == TIMES.tz_localize("UTC")).all()
    assert str(series.start) == "2019-03-01 01:00:00+01:00"


def test_sites_are_columns_or_the_nearest_is_one(tmp_path: Path) -> None:
    import xarray

    places = {"lat": ("site", [52.5, 48.1]), "lon": ("site", [13.4, 11.6]), "time": TIMES}
    data = xarray.Dataset({"power": (("time", "site"), np.arange(144.0).reshape(72, 2))}, places)
    data.to_netcdf(tmp_path / "sites.nc", engine="scipy", format="NETCDF3_64BIT")

    assert [column.name for column in read_series(tmp_path / "sites.nc").columns] == ["power_0", "power_1"]
    with pytest.warns(ScenredWarning, match="is 48.1,11.6"):
        series = read_series(tmp_path / "sites.nc", at="48,11")
    assert series.values[:, 0].tolist() == list(range(1, 144, 2))


def test_curved_grids_have_the_nearest_place_too(tmp_path: Path) -> None:
    import xarray

    rows, columns = np.mgrid[0:3, 0:4]
    places = {"lat": (("y", "x"), 50.0 + rows + columns / 10), "lon": (("y", "x"), 10.0 + columns - rows / 10)}
    data = xarray.Dataset({"wind": (("time", "y", "x"), TRUTH[:, :3])}, places | {"time": TIMES})
    data.to_netcdf(tmp_path / "curved.nc", engine="h5netcdf")

    with pytest.warns(ScenredWarning, match=r"is 51\.2,11\.9"):
        series = read_series(tmp_path / "curved.nc", at="51.25,11.9")
    assert series.values[:, 0].tolist() == TRUTH[:, 1, 2].tolist()


def test_a_place_is_not_taken_of_what_has_none(tmp_path: Path, hourly_frame: Callable[..., pd.DataFrame]) -> None:
    frame = hourly_frame().assign(time=TIMES).set_index("time")
    frame.to_xarray().to_netcdf(tmp_path / "flat.nc", engine="h5netcdf")

    with pytest.raises(RequestError, match="has no latitudes and longitudes"):
        read_series(tmp_path / "flat.nc", at="mean")
    with pytest.raises(RequestError, match="is for grids in NetCDF"):
        read_series(frame, at="mean")
    with pytest.raises(RequestError, match="rows='1-9' is for text"):
        read_series(tmp_path / "flat.nc", rows="1-9")
    frame.to_csv(tmp_path / "flat.csv")
    with pytest.raises(RequestError, match="is for grids in NetCDF"):
        read_series(tmp_path / "flat.csv", at="mean")


@pytest.mark.parametrize("form", ["CDF-1", "CDF-2", "CDF-5"])
def test_cut_and_garbled_files_are_refused(form: str, tmp_path: Path) -> None:
    whole = FORMATS[form](tmp_path / "grid.nc").read_bytes()
    generator = np.random.default_rng(1)
    path = tmp_path / "broken.nc"

    for size in (4, 7, 40, 200, len(whole) // 2, len(whole) - 40):
        path.write_bytes(whole[:size])
        with pytest.raises(InputError):
            read_series(path, at="mean")
    for _ in range(200):
        garbled = bytearray(whole)
        for place in generator.integers(4, 700, 3):
            garbled[place] = int(generator.integers(256))
        path.write_bytes(bytes(garbled))
        with warnings.catch_warnings(), suppress(InputError, RequestError):
            warnings.simplefilter("ignore", ScenredWarning)
            read_series(path, at="mean", missing="drop", duplicates="first", sort=True, negative="keep")


@pytest.mark.parametrize("form", ["NETCDF3_CLASSIC", "NETCDF3_64BIT"])
def test_scenario_sets_are_read_from_classic_files_too(form: Any, tmp_path: Path, sample_path: Path) -> None:
    import xarray

    found = generate(sample_path, 3, columns=["wind_miami"])
    export(found, "netcdf", tmp_path / "set.nc")
    with xarray.open_dataset(tmp_path / "set.nc", engine="h5netcdf") as data:
        data.load().to_netcdf(tmp_path / "classic.nc", engine="scipy", format=form)

    again, first = (read_input(tmp_path / name) for name in ("classic.nc", "set.nc"))

    assert again.values.tolist() == first.values.tolist()
    assert again.probabilities.tolist() == first.probabilities.tolist()
    assert again.starts is not None
    assert first.starts is not None
    assert again.starts.tolist() == first.starts.tolist()
