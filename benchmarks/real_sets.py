"""Real and modelled years that experiments compare metrics on.

The sample lies in the repository. RTS-GMLC and tsam's test data do not: they are looked for in the folder that
SCENRED_SHARED names, `shared` next to the repository by default.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from scenred import ScenarioSet, read_input

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("SCENRED_SHARED", ROOT.parent / "shared"))
SAMPLE = ROOT / "data" / "sample" / "wind_pv_year.csv"


def sample_year(site: str = "") -> ScenarioSet:
    """Read the sample year: wind and PV of one site, or of all three."""
    return read_input(SAMPLE, columns=[f"wind_{site}", f"pv_{site}"] if site else [])


def rts_gmlc(*, totals: bool = True) -> ScenarioSet:
    """Read RTS-GMLC's hourly day-ahead year: all wind and all PV, or the four wind sites and one PV site."""
    folder = SHARED / "data" / "rts_gmlc"
    if not totals:
        tidy = pd.read_csv(folder / "tidy_hourly_da_rt.csv", index_col="timestamp", parse_dates=True)
        return read_input(tidy[[name for name in tidy.columns if name.endswith("_da_mw")]])
    files = {kind: pd.read_csv(folder / f"DAY_AHEAD_{kind}.csv") for kind in ("wind", "pv")}
    first = files["wind"]
    hours = pd.date_range(f"{first.Year[0]}-{first.Month[0]}-{first.Day[0]}", periods=len(first), freq="h")
    sums = {kind: table.iloc[:, 4:].sum(axis=1).to_numpy() for kind, table in files.items()}
    return read_input(pd.DataFrame(sums, index=hours))


def tsam_year() -> ScenarioSet:
    """Read tsam's test data: irradiance and wind speed of a year, cut by row position."""
    table = pd.read_csv(SHARED / "data" / "tsam" / "testdata.csv", index_col=0, parse_dates=True)
    hours = pd.date_range("2010-01-01", periods=len(table), freq="h")
    values = table[["Wind", "GHI"]].astype(np.float64).set_axis(["wind", "pv"], axis=1)
    return read_input(values.set_index(hours))


def all_sets() -> dict[str, ScenarioSet]:
    """Return every set by name."""
    return {
        "sample, one site": sample_year("greensboro"),
        "sample, three sites": sample_year(),
        "RTS-GMLC, totals": rts_gmlc(),
        "RTS-GMLC, five sites": rts_gmlc(totals=False),
        "tsam, wind and sun": tsam_year(),
    }
