"""Methods side by side."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from scenred import Column, RequestError, ScenarioSet, Study, compare, evaluate, generate
from scenred.cli.app import run
from scenred.comparison import METHODS
from scenred.evaluation.value import full_plan

Draw = Callable[..., ScenarioSet]


def test_medoids_row_is_what_evaluate_gives(random_set: Draw) -> None:
    days = random_set(20, 24)

    row = compare(days, [4], ["kmedoids"], ["duration"]).iloc[0]

    card = evaluate(generate(days, 4, metric="duration").scenarios, days, metric="duration")
    for name in ("relative_cost", "energy_error", "energy_score_excess"):
        assert row[name] == pytest.approx(card[name], rel=1e-9)


def test_medoids_cost_no_more_than_random_members(random_set: Draw) -> None:
    table = compare(random_set(40, 24), [3, 8], ["kmedoids", "random"], ["sliced", "pointwise"])

    cost = table.pivot(index=["metric", "scenarios"], columns="method", values="relative_cost")
    assert len(table) == 8
    assert (cost["kmedoids"] < cost["random"]).all()


def test_centroids_have_the_mean_of_the_original(random_set: Draw) -> None:
    assert abs(compare(random_set(30, 24), [5], ["kmeans"])["energy_error"][0]) < 1e-9


def test_unknown_method_suggests_the_nearest(random_set: Draw) -> None:
    with pytest.raises(RequestError, match="did you mean 'kmedoids'"):
        compare(random_set(5, 24), [2], ["kmedoid"])


@pytest.mark.parametrize("layout", ["csv", "json", "text"])
def test_command_writes_every_method(sample_path: Path, capfd: pytest.CaptureFixture[str], layout: str) -> None:
    flags = [word for method in METHODS for word in ("--method", method)]
    columns = ["--wind", "wind_miami", "--pv", "pv_miami"]

    code = run(["compare", str(sample_path), "-k", "3", *flags, *columns, "--format", layout])

    out, err = capfd.readouterr()
    assert (code, err) == (0, "")
    if layout == "csv":
        assert pd.read_csv(StringIO(out))["method"].tolist() == list(METHODS)
    if layout == "json":
        assert [row["method"] for row in json.loads(out)["rows"]] == list(METHODS)
    assert all(method in out for method in METHODS)


def test_the_plan_of_the_whole_set_is_made_once(random_set: Draw, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counted(*arguments: Any) -> Any:
        made.append(arguments)
        return full_plan(*arguments)

    monkeypatch.setattr("scenred.evaluation.headline.full_plan", counted)
    monkeypatch.setattr("scenred.evaluation.value.full_plan", counted)
    days = replace(random_set(12, 24), columns=(Column("wind", "wind"), Column("pv", "pv")))

    table = compare(days, [2, 12], ["kmedoids", "random"], ["sliced", "duration"], study=Study())

    assert len(made) == 1
    assert table["regret"].min() > -1e-9
    assert table[table.scenarios == 12]["regret"].abs().max() < 1e-9


def test_shift_cost_and_directions_reach_the_metric(sample_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    flags = ["-k", "3", "--method", "kmedoids", "--wind", "wind_miami", "-v"]

    run(["compare", str(sample_path), *flags])
    plain = capfd.readouterr().out
    code = run(["compare", str(sample_path), *flags, "--shift-cost", "0.5", "--directions", "8"])

    assert code == 0
    assert capfd.readouterr().out != plain
