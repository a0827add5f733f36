"""Modelled days of wind and PV in any number, for measurements that need thousands."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Float64 = npt.NDArray[np.float64]


def modelled_days(n: int, seed: int) -> Float64:
    """Draw n consecutive days: 24 h of wind, then 24 h of PV; shape (n, 48), 0 to 1.

    Wind: AR(1) log-speed (0.97 an hour) with a season through a smooth power curve. PV: a clear-sky arc with
    the season's length of day, times the day's and the hour's cloudiness.
    """
    generator = np.random.default_rng(seed)
    hours = 24 * n
    noise = generator.standard_normal(hours)
    weather = np.empty(hours)
    weather[0] = noise[0]
    for hour in range(1, hours):
        weather[hour] = 0.97 * weather[hour - 1] + np.sqrt(1 - 0.97**2) * noise[hour]
    speed = np.exp(0.5 * weather + 1.9 + 0.15 * np.cos(2 * np.pi * np.arange(hours) / 8760))
    wind = np.where(speed > 25, 0.0, 1 / (1 + np.exp(-(speed - 9) / 1.6)))
    season = -np.cos(2 * np.pi * (np.arange(n) % 365) / 365)
    from_noon = np.arange(24)[None] - 12
    length = (12 + 3.5 * season)[:, None]
    arc = np.where(np.abs(from_noon) > length / 2, 0.0, np.cos(np.pi * from_noon / length).clip(0))
    clear = 1 / (1 + np.exp(-(1.2 * generator.standard_normal(n) + 0.6)))
    haze = np.clip(1 + 0.2 * generator.standard_normal((n, 24)), 0, 1.3)
    pv = arc * (0.5 + 0.3 * season)[:, None] * clear[:, None] * haze
    return np.hstack([wind.reshape(n, 24), pv])


def as_series(days: Float64) -> pd.DataFrame:
    """Lay days out as an hourly table with columns time, wind, pv."""
    times = pd.date_range("2010-01-01", periods=24 * len(days), freq="h").strftime("%Y-%m-%d %H:%M")
    wind, pv = days[:, :24].ravel().round(4), days[:, 24:].ravel().round(4)
    return pd.DataFrame({"time": times, "wind": wind, "pv": pv})
