"""The sample data are what their README says."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

SAMPLE = Path(__file__).parent.parent / "data" / "sample"


def test_year_is_realistic() -> None:
    year = pd.read_csv(SAMPLE / "wind_pv_year.csv")
    wind = year.filter(like="wind")
    pv = year.filter(like="pv")

    assert year.shape == (8760, 7)
    assert wind.mean().between(0.2, 0.4).all()
    assert pv.mean().between(0.1, 0.25).all()
    assert ((year.iloc[:, 1:] >= 0) & (year.iloc[:, 1:] <= 1)).all(axis=None)
    night = (pv.to_numpy().reshape(365, 24, 3) == 0).mean(axis=0)
    assert (night.max(axis=0) == 1).all()  # an hour without sun all year at every site


def test_forecast_errors_are_correlated_in_time() -> None:
    pairs = pd.read_csv(SAMPLE / "forecast_actual.csv")
    error = pairs["wind_forecast"] - pairs["wind_actual"]

    assert 0.1 < float(np.sqrt((error**2).mean())) < 0.2
    assert error.autocorr(1) > 0.7
    assert (pairs.loc[pairs["pv_actual"] == 0, "pv_forecast"] == 0).all()


@pytest.mark.filterwarnings("ignore")  # pvlib's own
def test_script_makes_the_committed_files(tmp_path: Path) -> None:
    pytest.importorskip("pvlib")

    runpy.run_path(str(SAMPLE / "make_sample.py"))["make"](tmp_path)

    for name in ("wind_pv_year.csv", "forecast_actual.csv"):
        made, kept = pd.read_csv(tmp_path / name), pd.read_csv(SAMPLE / name)
        assert (made["time"] == kept["time"]).all()
        np.testing.assert_allclose(made.iloc[:, 1:], kept.iloc[:, 1:], atol=2e-4)
