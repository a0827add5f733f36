"""The page that shows the street, and the names a notebook imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import scenred
from scenred import RequestError, ScenarioSet, UsageError, generate, read_input


def test_every_public_name_exists_and_is_listed() -> None:
    for name in dir(scenred):
        assert getattr(scenred, name) is not None


def test_type_checkers_read_the_same_names_from_the_same_modules() -> None:
    tree = ast.parse(Path(str(scenred.__file__)).read_text(encoding="utf-8"))
    (checked,) = (node for node in tree.body if isinstance(node, ast.If))
    imported = [node for node in checked.body if isinstance(node, ast.ImportFrom)]

    assert {alias.name: node.module for node in imported for alias in node.names} == scenred.PUBLIC


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'generat'"):
        scenred.generat  # noqa: B018


def test_importing_scenred_loads_no_numerical_library() -> None:
    heavy = "{'numpy', 'pandas', 'numba', 'rich'}"
    code = f"import scenred, scenred.cli.app, sys; print(sorted({heavy} & set(sys.modules)))"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "[]"


def test_stages_by_hand_give_what_generate_gives(sample_path: Path) -> None:
    series = scenred.read_series(sample_path, wind=["wind_miami"], pv=["pv_miami"])
    days = scenred.slice_periods(series, "24h")
    by_hand = scenred.reduce(days, scenred.pairwise_distances(days), 6)

    at_once = generate(sample_path, 6, wind=["wind_miami"], pv=["pv_miami"])

    assert by_hand.medoids.tolist() == at_once.medoids.tolist()
    assert by_hand.cost == at_once.cost


def test_generate_takes_a_scenario_set(random_set: Callable[..., ScenarioSet]) -> None:
    days = random_set(12)

    assert generate(days, 3).original is days


@pytest.mark.parametrize("options", [{"columns": ["x"]}, {"capacity": 9.0}, {"period": "6h"}, {"align": "start"}])
def test_scenario_set_is_not_read_again(random_set: Callable[..., ScenarioSet], options: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match=f"leave out {next(iter(options))}"):
        generate(random_set(4), 2, **options)


def test_progress_names_its_stages(hourly_frame: Callable[..., pd.DataFrame]) -> None:
    told: dict[str, float] = {}

    generate(hourly_frame(240), 2, progress=told.__setitem__)

    assert told == {"distances": 1.0, "medoids": 1.0}


def test_input_may_be_either_kind(random_set: Callable[..., ScenarioSet], sample_path: Path) -> None:
    assert read_input(sample_path).n_scenarios == 365
    assert read_input(random_set(4).to_frame()).n_scenarios == 4


def test_sample_year_is_the_same_on_any_number_of_threads(sample_path: Path) -> None:
    one, two = (generate(sample_path, 10, n_threads=threads).to_frame() for threads in (1, 2))

    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_conditions_that_cannot_be_met_are_refused_before_distances(
    random_set: Callable[..., ScenarioSet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenred.api.generate.measured", None)

    with pytest.raises(UsageError, match="there is no statistic 'least'"):
        generate(random_set(6), 2, keep=["least:column0"])


def test_a_matrix_and_another_metric_are_refused(random_set: Callable[..., ScenarioSet]) -> None:
    with pytest.raises(RequestError, match="a matrix is given, and metric 'sliced'; leave one of them out"):
        generate(random_set(3), 1, matrix=[[0, 1, 2], [1, 0, 1], [2, 1, 0]], metric="sliced")
