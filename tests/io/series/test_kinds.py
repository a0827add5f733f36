"""Units and kinds that the names of columns say, and what `inspect` shows of them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import ScenredWarning, inspect, read_series
from scenred.io.series.kinds import kind_of_name
from scenred.io.series.units import unit_of

HOURS = pd.date_range("2019-01-01", periods=8760, freq="h")


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        *(
            ("wind_mw", "MW"),
            ("windMW", "MW"),
            ("PowerKW", "kW"),
            ("Wind [GW]", "GW"),
            ("load_twh", "TWh"),
            ("pv_kwp", "kWp"),
        ),
        *(("Price [EUR/MWh]", "EUR/MWh"), ("price_eur_mwh", "EUR/MWh"), ("€/kWh", "€/kWh"), ("価格(円/kWh)", "円/kWh")),
        *(("cost per MWh", "cost/MWh"), ("ghi (W/m2)", "W/m2"), ("kW/m²", "kW/m²"), ("gCO2/kWh", "gCO2/kWh")),
        *(
            ("wind (MWh/h)", "MWh/h"),
            ("gen [kWh/15 min]", "kWh/15 min"),
            ("wind MW/h", "MW/h"),
            ("yield kWh/kWp", "kWh/kWp"),
        ),
        *(
            ("出力(万kW)", "万kW (10,000 kW)"),
            ("億kWh", "億kWh (100,000,000 kWh)"),
            ("[百万kWh]", "百万kWh (1,000,000 kWh)"),
        ),
        *(("Mio. kWh", "Mio. kWh (1,000,000 kWh)"), ("tys. MWh", "tys. MWh (1,000 MWh)"), ("МВт·ч", "MWh")),
        *(("(1000 MWh)", "1000 MWh (1,000 MWh)"), ("wind (p.u.)", "p.u."), ("wind [%]", "percent"), ("S [MVA]", "MVA")),
        *(("BMW plant", None), ("wind 100 MW", None), ("MTU (CET/CEST)", None), ("wind", None), ("west w", None)),
    ],
)
def test_unit_is_the_one_in_the_name(name: str, unit: str | None) -> None:
    found = unit_of(name)

    assert (None if found is None else found.name) == unit


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "wind",
            "wind|Wind Onshore [MW]|onwind|Eólica|Éolien|vindkraft|风电|風力(万kW)|wind_forecast|wind MW/h|"
            "Costa Rica wind",
        ),
        ("pv", "pv|Windsor PV|Solar [MWh]|Photovoltaik|Fotovoltaica|Solaire|太陽光(万kW)|solar (%)"),
        ("load", "load|Demand|Netzlast|Verbrauch|Consommation|エリア需要|Forbrug"),
        (
            "other",
            "wind_direction|winddir|Windrichtung|Dirección del viento|wind speed|WindSpeed100m|Windgeschwindigkeit|"
            "Wind Gust|Vitesse du vent eolien|风速|solar zenith|SolarAzimuth|Sonnenstand solar Winkel|solar_elevation|"
            "Solar Irradiance|"
            "pv temperature|solar price|wind [EUR/MWh]|wind (m/s)|solar [W/m2]|wind forecast error|wind curtailment|"
            "Windsor|window|load factor|download|last price",
        ),
    ],
)
def test_kind_is_that_of_power_not_of_weather_or_money(kind: str, names: str) -> None:
    assert {name: kind_of_name(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), kind)


def test_quantity_of_a_long_table_that_is_no_power_makes_its_sites_no_power() -> None:
    assert (kind_of_name("north", "wind"), kind_of_name("wind north", "price [EUR/MWh]")) == ("wind", "other")


def found_in(path: Path, **reading: Any) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        return inspect(path, reading=reading)[0]


def with_blanks() -> tuple[pd.DataFrame, int]:
    """Return two series, one of which begins on 12 February and has single blanks from then on, and their number."""
    generator = np.random.default_rng(7)
    data = pd.DataFrame({"time": HOURS, "a": generator.random(8760).round(3), "b": generator.random(8760).round(3)})
    data.loc[:999, "b"] = np.nan
    data.loc[generator.choice(np.arange(1_000, 8_700), 300, replace=False), "b"] = np.nan
    return data, 1_300


@pytest.mark.parametrize("shape", ["wide", "long", "two files"])
def test_share_missing_counts_the_blank_cells_in_any_shape(tmp_path: Path, shape: str) -> None:
    data, n_blank = with_blanks()
    path = tmp_path / "in"
    path.mkdir()
    if shape == "wide":
        data.to_csv(path / "a.csv", index=False)
    elif shape == "long":
        data.melt(id_vars="time", var_name="site", value_name="mw").to_csv(path / "a.csv", index=False)
    else:
        for name in "ab":
            data[["time", name]].rename(columns={name: "mw"}).to_csv(path / f"{name}.csv", index=False)

    columns = found_in(path, missing="drop")["columns"]

    assert {column["name"]: column["missing"] for column in columns} == {"a": 0, "b": round(n_blank / 8760, 6)}


def test_every_lost_day_is_told(tmp_path: Path) -> None:
    data, _ = with_blanks()
    data.to_csv(tmp_path / "a.csv", index=False)
    usable = int(data.set_index("time")["b"].notna().resample("D").min().sum())

    found = found_in(tmp_path / "a.csv", missing="drop")

    assert (found["periods"]["usable"], found["periods"]["in_span"]) == (usable, 365)
    held = np.flatnonzero(data["b"].notna())
    assert found["gaps"]["at_ends"] == held[0] + 8759 - held[-1]
    assert found["gaps"]["steps"] == int(data["b"].isna().sum()) - found["gaps"]["at_ends"]


def test_unit_unlike_that_of_a_name_is_noted(tmp_path: Path) -> None:
    pd.DataFrame({"time": HOURS, "風力(万kW)": 1.0}).to_csv(tmp_path / "a.csv", index=False)

    with pytest.warns(ScenredWarning, match=r"says 万kW \(10,000 kW\), and is read in kW"):
        read_series(tmp_path / "a.csv", unit="kW")
