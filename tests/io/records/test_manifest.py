"""What the manifest tells."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from scenred import export, generate, read_scenarios
from scenred.io.records.manifest import manifest, read_manifest
from scenred.io.storage.envelope import to_json

OUTPUTS = {"table": None, "map": None}
CREATED = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def test_manifest_tells_input_request_and_result(hourly_frame: Callable[..., pd.DataFrame]) -> None:
    reduction = generate(hourly_frame(24 * 20), 3, capacity={"wind": 2.0}, column_weights={"pv": 0.5})

    content = json.loads(to_json(manifest(reduction, {"seed": 0}, CREATED, OUTPUTS)))

    assert content["created"] == "2026-01-02T03:04:05+00:00"
    assert content["options"] == {"seed": 0}
    assert content["outputs"] == OUTPUTS
    assert content["input"]["rows"] == 480
    assert content["input"]["first"] == "2019-07-01T00:00:00"
    assert content["columns"][0] == {
        "name": "wind", "kind": "wind", "capacity": 2.0, "scale": 2.0, "weight": 1.0,
    }  # fmt: skip
    assert content["periods"]["kept"] == 20
    assert content["periods"]["step_seconds"] == 3600
    assert content["ground_metric"] == {
        "name": "sliced", "order": 1.0, "shift_cost": 0.05, "step_hours": 1.0, "directions": 32,
        "moved_share": None, "mean_shift_hours": None,
    }  # fmt: skip
    assert content["result"]["cost"] == reduction.cost
    assert content["result"]["wasserstein"] == reduction.wasserstein
    assert content["result"]["relative_cost"] == reduction.relative_cost
    assert [row["scenario"] for row in content["scenarios"]] == [1, 2, 3]
    assert sum(row["weight"] for row in content["scenarios"]) == pytest.approx(20, rel=1e-12)
    assert sum(row["members"] for row in content["scenarios"]) == 20
    assert set(content["versions"]) == {"python", "scenred", "numpy", "pandas", "numba"}


def test_files_from_before_there_was_a_kind_are_read(hourly_frame: Callable[..., pd.DataFrame], tmp_path: Path) -> None:
    reduction = generate(hourly_frame(24 * 20), 3)
    export(reduction, "json", tmp_path / "set.json")
    now = {
        "manifest": manifest(reduction, {}, CREATED, OUTPUTS),
        "scenario_set": json.loads((tmp_path / "set.json").read_text()),
    }

    for kind, content in now.items():
        assert (content["kind"], content["version"], content[kind]) == (kind, 1, 1)
        old = {key: value for key, value in content.items() if key not in ("kind", "version")}
        (tmp_path / f"{kind}.json").write_text(to_json(old))

    replay = read_manifest(tmp_path / "manifest.json")
    assert replay.probabilities.tolist() == reduction.scenarios.probabilities.tolist()
    assert (read_scenarios(tmp_path / "scenario_set.json").values == reduction.scenarios.values).all()
