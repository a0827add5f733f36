"""tsam and tsam_xarray apply the exported choice of days to series."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenred import Reduction, export, generate

tsam = pytest.importorskip("tsam", minversion="4.0", reason="the group clients is not installed (tsam)")
pytestmark = pytest.mark.filterwarnings("ignore")


def series(periods: int, freq: str) -> pd.DataFrame:
    hours = pd.date_range("2019-01-01", periods=periods, freq=freq)
    draw = np.random.default_rng(8).random((periods, 3))
    return pd.DataFrame({"wind": draw[:, 0], "pv": draw[:, 1] ** 2, "load": 900 + 200 * draw[:, 2]}, index=hours)


@pytest.fixture(scope="module", params=[("h", 24), ("15min", 96)], ids=["1h", "15min"])
def frame(request: pytest.FixtureRequest) -> pd.DataFrame:
    """Forty days."""
    freq, steps = request.param
    return series(40 * steps, freq)


@pytest.fixture(scope="module")
def reduction(frame: pd.DataFrame) -> Reduction:
    """Four of them."""
    return generate(frame, 4, metric="pointwise", n_starts=1)


def applied(path: Path, frame: pd.DataFrame) -> Any:
    return tsam.ClusteringResult.from_json(str(path)).apply(frame)


def test_tsam_takes_the_chosen_days_and_their_counts(frame: pd.DataFrame, reduction: Reduction, tmp_path: Path) -> None:
    export(reduction, "tsam", tmp_path / "days.json")

    result = applied(tmp_path / "days.json", frame)

    assert result.cluster_assignments.tolist() == reduction.assignment.tolist()
    assert [result.cluster_counts[number] for number in range(4)] == np.bincount(reduction.assignment).tolist()
    own = result.cluster_representatives[reduction.scenarios.names].to_numpy()
    assert own == pytest.approx(reduction.scenarios.values.reshape(own.shape), rel=1e-12)


def test_tsam_takes_the_same_days_of_another_series(frame: pd.DataFrame, reduction: Reduction, tmp_path: Path) -> None:
    export(reduction, "tsam", tmp_path / "days.json")
    other = pd.DataFrame({"price": np.arange(len(frame), dtype=float)}, index=frame.index)

    result = applied(tmp_path / "days.json", other)

    steps = reduction.scenarios.n_steps
    firsts = result.cluster_representatives["price"].to_numpy()[::steps]
    assert firsts == pytest.approx(reduction.medoids * steps, abs=1e-6)


def test_tsam_refuses_another_number_of_days(frame: pd.DataFrame, reduction: Reduction, tmp_path: Path) -> None:
    export(reduction, "tsam", tmp_path / "days.json")

    with pytest.raises(ValueError, match="clustering expects 40 periods"):
        applied(tmp_path / "days.json", frame.iloc[: -reduction.scenarios.n_steps])


def test_tsam_lays_results_out_over_the_original_times(
    frame: pd.DataFrame, reduction: Reduction, tmp_path: Path
) -> None:
    export(reduction, "tsam", tmp_path / "days.json")
    clustering = tsam.ClusteringResult.from_json(str(tmp_path / "days.json"))

    whole = clustering.disaggregate(clustering.apply(frame).cluster_representatives)

    assert whole.index.equals(frame.index)


def test_a_dropped_day_is_no_time_of_the_clustering(tmp_path: Path) -> None:
    hours = series(24 * 20, "h")
    gap = hours.drop(hours.index[24 * 5 : 24 * 6])
    found = generate(gap, 3, metric="pointwise", n_starts=1, reading={"missing": "drop"})
    export(found, "tsam", tmp_path / "days.json")
    clustering = tsam.ClusteringResult.from_json(str(tmp_path / "days.json"))

    whole = clustering.disaggregate(clustering.apply(gap).cluster_representatives)

    assert whole.index.equals(gap.index)


def test_tsam_xarray_applies_the_same_file(frame: pd.DataFrame, reduction: Reduction, tmp_path: Path) -> None:
    tsam_xarray = pytest.importorskip("tsam_xarray", reason="the group clients is not installed (tsam_xarray)")
    export(reduction, "tsam", tmp_path / "days.json")
    data = frame.rename_axis(index="time", columns="variable").stack().to_xarray()

    result = tsam_xarray.ClusteringResult.from_json(tmp_path / "days.json").apply(data)

    assert result.cluster_assignments.values.tolist() == reduction.assignment.tolist()
    typical = result.cluster_representatives.sel(variable="wind").values.ravel()
    assert typical == pytest.approx(reduction.scenarios.values[:, :, 0].ravel(), rel=1e-12)
