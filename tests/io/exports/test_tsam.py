"""tsam's clustering by the rules of `ClusteringResult.from_dict`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scenred import RequestError, export, generate


@pytest.fixture(scope="module")
def year() -> pd.DataFrame:
    """Thirty days in a zone."""
    hours = pd.date_range("2019-01-01", periods=24 * 30, freq="h", tz="-05:00")
    draw = np.random.default_rng(2).random((len(hours), 2))
    return pd.DataFrame({"wind": draw[:, 0], "pv": draw[:, 1]}, index=hours)


def test_centres_are_the_days_that_stand_for_their_clusters(year: pd.DataFrame, tmp_path: Path) -> None:
    found = generate(year, 3, metric="pointwise", n_starts=1)
    export(found, "tsam", tmp_path / "days.json")

    content = json.loads((tmp_path / "days.json").read_text())

    days = year.to_numpy().reshape(30, 24, 2)
    centres = np.array(content["cluster_centers"])
    assert np.array_equal(days[centres], found.scenarios.values)
    assert np.array_equal(centres[content["cluster_assignments"]], found.medoids[found.assignment])
    assert content["period_duration"] == content["n_timesteps_per_period"] == 24
    assert content["preserve_column_means"] is False
    assert content["clusterings"][0]["clustering"]["cluster_centers"] == content["cluster_centers"]


def test_probabilities_that_are_not_the_counts_are_refused(year: pd.DataFrame, tmp_path: Path) -> None:
    found = generate(year, 3, metric="pointwise", n_starts=1, equal_probabilities=True)

    with pytest.raises(RequestError, match="tsam weighs scenarios by the days"):
        export(found, "tsam", tmp_path / "days.json")
