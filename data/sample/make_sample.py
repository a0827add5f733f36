"""Make the sample data: a modelled typical year of wind and PV at three sites, and a forecast of it.

Run `python data/sample/make_sample.py [FOLDER]` with the extra `sample` installed. Weather: typical
meteorological years that ship inside the pvlib wheel. README.md beside this file says what comes out.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pvlib

Float64 = npt.NDArray[np.float64]

YEAR = 2019
ZONE = "-05:00"
ZONE_HOURS = -5
HOURS = 8760
SEED = 20190101


@dataclass(frozen=True)
class Site:
    """Describe a site: its weather file and the plants put there.

    `exposure` is the ratio of the wind speed at the farm to that at the airfield, both at 10 m; `tilt`
    in degrees, facing south.
    """

    name: str
    file: str
    exposure: float
    tilt: float


SITES = (
    Site("greensboro", "723170TYA.CSV", exposure=1.45, tilt=25.0),
    Site("miami", "12839.tm2", exposure=1.05, tilt=20.0),
    Site("sand_point", "703165TY.csv", exposure=0.92, tilt=40.0),
)


def read_weather(site: Site) -> tuple[pd.DataFrame, float, float]:
    """Read a station as hours of local standard time, labelled by their beginning.

    Returns
    -------
    frame : DataFrame of shape (8760, 5)
        ghi, dni, dhi [W/m2], temp_air [deg C], wind_speed [m/s at 10 m].
    latitude, longitude : float
        Degrees.
    """
    path = Path(pvlib.__file__).parent / "data" / site.file
    if path.suffix == ".tm2":  # labelled by the beginning; temperature and wind in tenths
        frame, station = pvlib.iotools.read_tmy2(path)
        frame = frame.rename(
            columns={"GHI": "ghi", "DNI": "dni", "DHI": "dhi", "DryBulb": "temp_air", "Wspd": "wind_speed"}
        )
        frame[["temp_air", "wind_speed"]] = frame[["temp_air", "wind_speed"]] / 10
    else:  # labelled by the end of the hour
        frame, station = pvlib.iotools.read_tmy3(path, map_variables=True)
    zone = f"Etc/GMT{-int(station['TZ']):+d}"
    frame.index = pd.date_range(f"{YEAR}-01-01", periods=HOURS, freq="h", tz=zone)
    columns = ["ghi", "dni", "dhi", "temp_air", "wind_speed"]
    return frame[columns].astype(float), station["latitude"], station["longitude"]


def pv_power(weather: pd.DataFrame, latitude: float, longitude: float, tilt: float) -> Float64:
    """Model a fixed-tilt plant (PVWatts, DC to AC ratio 1.2): capacity factors, exactly 0 at night."""
    middle = weather.index + pd.Timedelta(minutes=30)
    sun = pvlib.solarposition.get_solarposition(middle, latitude, longitude).set_index(weather.index)
    plane = pvlib.irradiance.get_total_irradiance(
        tilt,
        180,
        sun["apparent_zenith"],
        sun["azimuth"],
        weather["dni"],
        weather["ghi"],
        weather["dhi"],
        dni_extra=pvlib.irradiance.get_extra_radiation(weather.index),
        model="haydavies",
    )["poa_global"].fillna(0.0)
    thermal = pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"]["open_rack_glass_polymer"]
    cell = pvlib.temperature.sapm_cell(plane, weather["temp_air"], weather["wind_speed"], **thermal)
    losses = 1 - pvlib.pvsystem.pvwatts_losses() / 100
    dc = pvlib.pvsystem.pvwatts_dc(plane, cell, pdc0=1.2, gamma_pdc=-0.0035) * losses
    ac = pvlib.inverter.pvwatts(dc, pdc0=1.0 / 0.96)
    is_night = (sun["apparent_elevation"] <= 0) | (weather["ghi"] <= 0)
    return ac.clip(0, 1).where(~is_night, 0.0).to_numpy()


def hub_speed(weather: pd.DataFrame, longitude: float, exposure: float) -> Float64:
    """Carry the wind from 10 m to a hub at 110 m; the shear is 0.12 at noon and 0.28 at night.

    An anemometer's hour is rougher than a farm's: speeds are averaged with half an hour on either side.
    """
    solar_hour = weather.index.tz_convert("UTC").hour.to_numpy() + 0.5 + longitude / 15
    night = 0.5 - 0.5 * np.cos(2 * np.pi * (solar_hour - 13) / 24)  # 0 in the early afternoon, 1 at 1 h
    raw = weather["wind_speed"].to_numpy() * exposure
    speed = 0.25 * np.roll(raw, 1) + 0.5 * raw + 0.25 * np.roll(raw, -1)
    return np.asarray(speed * (110 / 10) ** (0.12 + 0.16 * night))


def wind_power(speed: Float64) -> Float64:
    """Give the capacity factor of a farm: a generic turbine curve smoothed over its turbines.

    The turbine starts at 3 m/s, follows the cube of the speed to 11.5 m/s and stops at 25 m/s. The farm's
    speeds scatter around the mean by 0.6 m/s + 8 %, 7 % of the power is lost in wakes and downtime.
    """
    grid = np.linspace(0, 40, 801)
    turbine = np.clip((grid**3 - 3**3) / (11.5**3 - 3**3), 0, 1) * (grid <= 25)
    spread = 0.6 + 0.08 * grid
    kernel = np.exp(-0.5 * ((grid[:, None] - grid[None]) / spread[:, None]) ** 2)
    farm = 0.93 * (kernel @ turbine) / kernel.sum(axis=1)
    farm *= np.clip((grid - 1.0) / 2.0, 0, 1)  # no turbine turns in a calm
    return np.interp(speed, grid, farm)


def autoregression(n: int, keep: float, seed: np.random.Generator) -> Float64:
    """Draw a standard normal AR(1) series: correlation `keep` from hour to hour."""
    noise = seed.standard_normal(n)
    series = np.empty(n)
    series[0] = noise[0]
    for hour in range(1, n):
        series[hour] = keep * series[hour - 1] + np.sqrt(1 - keep**2) * noise[hour]
    return series


def forecast(speed: Float64, pv: Float64) -> tuple[Float64, Float64]:
    """Model a day-ahead forecast: a smoother series with errors that persist for hours.

    Wind: the speed averaged over three hours, times exp(0.16 z), z AR(1) with 0.95 an hour, through the farm
    curve. PV: the power times exp(0.25 z), z AR(1) with 0.9 an hour, at most the best of that hour of the
    day in the 31 days around; 0 at night.
    """
    seed = np.random.default_rng(SEED)
    smooth = pd.Series(speed).rolling(3, center=True, min_periods=1).mean().to_numpy()
    wind_forecast = wind_power(smooth * np.exp(0.16 * autoregression(HOURS, 0.95, seed)))
    by_day = pd.DataFrame(pv.reshape(-1, 24))
    clearest = by_day.rolling(31, center=True, min_periods=1).max().to_numpy().ravel()
    flatter = 0.75 * pv + 0.25 * by_day.rolling(31, center=True, min_periods=1).mean().to_numpy().ravel()
    pv_forecast = np.minimum(flatter * np.exp(0.25 * autoregression(HOURS, 0.9, seed)), clearest)
    return wind_forecast, np.where(pv > 0, pv_forecast, 0.0)


def to_common_clock(values: Float64, weather: pd.DataFrame) -> Float64:
    """Move a local year to the common clock; what leaves at one end of the year enters at the other."""
    offset = int(weather.index[0].utcoffset().total_seconds()) // 3600
    return np.roll(values, ZONE_HOURS - offset)


def make(folder: Path) -> None:
    """Write wind_pv_year.csv and forecast_actual.csv."""
    wind, pv, speeds = {}, {}, {}
    for site in SITES:
        weather, latitude, longitude = read_weather(site)
        speed = hub_speed(weather, longitude, site.exposure)
        speeds[site.name] = to_common_clock(speed, weather)
        wind[f"wind_{site.name}"] = wind_power(speeds[site.name])
        pv[f"pv_{site.name}"] = to_common_clock(pv_power(weather, latitude, longitude, site.tilt), weather)
    stamps = pd.date_range(f"{YEAR}-01-01", periods=HOURS, freq="h")
    time = [f"{stamp.isoformat(timespec='minutes')}{ZONE}" for stamp in stamps]
    year = pd.DataFrame({"time": time} | wind | pv)
    year.round(4).to_csv(folder / "wind_pv_year.csv", index=False, lineterminator="\n")
    wind_forecast, pv_forecast = forecast(speeds["greensboro"], pv["pv_greensboro"])
    pairs = pd.DataFrame(
        {
            "time": time,
            "wind_forecast": wind_forecast,
            "wind_actual": wind["wind_greensboro"],
            "pv_forecast": pv_forecast,
            "pv_actual": pv["pv_greensboro"],
        }
    )
    pairs.round(4).to_csv(folder / "forecast_actual.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
