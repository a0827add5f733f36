"""A wrong keyword or a wrong group of options is an error of the type checker, in every layer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
HEAD = """
import scenred
from scenred.api.generate import Request
from scenred.metrics import measured, pairwise_distances
from scenred.model import DistanceMatrix, ScenarioSet, Series
from scenred.options import Conditions, Cutting, GroundOptions, Reading, SearchOptions, Work
from scenred.options.sampling import Sampling
from scenred.periods.slicing import slice_periods
from scenred.reduction import reduce, reduce_constrained

days: ScenarioSet
distances: DistanceMatrix
series: Series
"""
WRONG = [
    *('scenred.generate("x.csv", 5, gapp=0.1)', 'scenred.generate("x.csv", 5, gap="0.1")'),
    *("scenred.reduce(days, distances, 5, n_start=3)", 'scenred.pairwise_distances(days, "slicd")'),
    *('scenred.read_series("x.csv", missin="drop")', 'scenred.evaluate("a", "b", stabilty=3)'),
    *('scenred.sample("a", "b", margin="beta")', 'scenred.export("a", "json", "b", hour=3)'),
    *(
        "SearchOptions(gapp=1)",
        "Reading(missing=3)",
        "Conditions(kept=())",
        "Work(threads=2)",
        "Sampling(n_quantile=3)",
    ),
    "Request(3, None, Conditions(), GroundOptions(), SearchOptions(), matrixx=None)",
    *("reduce(days, distances, 5, SearchOptions(), wrk=Work())", "reduce(days, distances, 5, Work())"),
    "reduce_constrained(days, distances, 5, Conditions())",
    *("pairwise_distances(days, SearchOptions())", "measured(days, GroundOptions(), Work(), matrx=None)"),
    *("slice_periods(series, Reading())", "slice_periods(days, Cutting())"),
]


@pytest.mark.slow
def test_wrong_options_are_errors_of_the_type_checker(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(HEAD + "\n".join(WRONG) + "\n")
    begin = HEAD.count("\n") + 1

    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(file)]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout

    lines = {int(line) for line in re.findall(r"wrong\.py:(\d+): error", printed)}
    assert lines == set(range(begin, begin + len(WRONG))), printed
