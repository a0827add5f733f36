"""Small valid files of every kind that the commands read, by the name that command lines give them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.io import netcdf_file

from scenred.cli.app import run

STEPS_A_DAY, N_DAYS = 4, 14
COLUMNS = ["wind", "pv", "load"]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Write a file of every kind into a folder of its own, enter it, and return their bytes by name."""
    monkeypatch.chdir(tmp_path)
    folder = Path()
    generator = np.random.default_rng(3)
    times = pd.date_range("2019-03-25", periods=STEPS_A_DAY * N_DAYS, freq="6h")
    values = generator.uniform(0.0, 90.0, (len(times), len(COLUMNS))).round(1)
    frame = pd.DataFrame(values, columns=COLUMNS)
    texts = pd.concat([pd.Series(times.strftime("%Y-%m-%d %H:%M"), name="time"), frame], axis=1)
    texts.to_csv(folder / "year.csv", index=False)
    texts.to_csv(folder / "german.csv", index=False, sep=";", decimal=",", encoding="utf-16")
    melted = texts.melt("time", COLUMNS[:2], "site", "mw").sort_values(["time", "site"])
    melted.to_csv(folder / "long.csv", index=False)
    timed = frame.set_index(times.rename("time"))
    timed.reset_index().to_parquet(folder / "year.parquet")
    timed.reset_index().to_excel(folder / "year.xlsx", index=False)
    timed.to_xarray().to_netcdf(folder / "year.nc", engine="h5netcdf")
    _write_history(folder, generator)
    _write_small(folder)
    made = [
        "generate year.csv -k 3 -o s.csv --map map.csv -q",
        "export s.csv --to json -o s.json",
        "export s.csv --to scenred2 -o s.fan",
        "export s.csv --to xlsx -o s.xlsx",
        "export s.csv --to parquet -o s.parquet",
        "export s.csv --to netcdf -o s.nc",
    ]
    for line in made:
        words = [str(folder / word) if (folder / word).suffix else word for word in line.split()]
        assert run(words) == 0, line
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _write_history(folder: Path, generator: np.random.Generator) -> None:
    """Write past forecasts with their observations, and a forecast of the day after them."""
    times = pd.date_range("2019-01-01", periods=STEPS_A_DAY * 40, freq="6h")
    forecast = generator.uniform(0.1, 0.9, len(times)).round(3)
    actual = np.clip(forecast + generator.normal(0.0, 0.1, len(times)), 0, 1).round(3)
    table = {"time": times.strftime("%Y-%m-%d %H:%M"), "wind_forecast": forecast, "wind_actual": actual}
    past = pd.DataFrame(table)
    past.to_csv(folder / "history.csv", index=False)
    ahead = past.iloc[-STEPS_A_DAY:].copy()
    later = [dt.datetime.fromisoformat(text) + dt.timedelta(days=1) for text in ahead["time"]]
    ahead["time"] = [f"{moment:%Y-%m-%d %H:%M}" for moment in later]
    ahead[["time", "wind_forecast"]].to_csv(folder / "forecast.csv", index=False)


def _write_small(folder: Path) -> None:
    """Write what is not a series: matrix, study, plants, dates, an instance, a classic NetCDF file."""
    places = np.arange(float(N_DAYS))
    np.save(folder / "m.npy", np.abs(places[:, None] - places))
    (folder / "study.toml").write_text("[economy]\ninterest_rate = 0.05\n\n[wind]\ninvestment = 900\nlarging = 3\n")
    study = (folder / "study.toml").read_text().replace("larging = 3\n", "largest = 500.0\n")
    (folder / "study.toml").write_text(f"{study}\n[storage]\nfixed = 3\ncharge_efficiency = 0.9\n")
    (folder / "plants.csv").write_text("name,mw\nwind,100\npv,90\nload,80\n")
    (folder / "dates.txt").write_text("# days\n2019-03-26\n2019-03-30\n")
    edges = [f"{node} {node % 9 + 1} {node}\n" for node in range(1, 10)]
    (folder / "pmed.txt").write_text("9 9 2\n" + "".join(edges))
    with netcdf_file(folder / "classic.nc", "w") as file:
        file.createDimension("time", STEPS_A_DAY * N_DAYS)
        for name in ("time", "wind"):
            file.createVariable(name, "d", ("time",))[:] = np.arange(STEPS_A_DAY * N_DAYS) * 6.0
        file.variables["time"].units = b"hours since 2019-03-25"
