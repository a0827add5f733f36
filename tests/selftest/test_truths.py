"""Published truths: all are met, and a wrong answer would be seen."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from scenred.io.records.instances import read_instance
from scenred.selftest.truths import IRIS, REFINERY, Finding, instance_truth, small_truths


@pytest.mark.parametrize(("what", "check"), [pytest.param(*truth, id=truth[0]) for truth in small_truths()])
def test_small_truth_is_met_and_proven(what: str, check: object) -> None:
    found = check()  # type: ignore[operator]

    assert found.is_right, what
    assert found.gap == 0


def test_wrong_answer_is_seen() -> None:
    assert not Finding(5819.0, 5820.0, 0.0).is_right
    assert not Finding(1.0, 1.0 + 2e-6, 0.0).is_right
    assert Finding(None, 5820.0, 0.1).is_right


def test_all_rows_of_the_reference_are_among_the_truths(reference: Path) -> None:
    with (reference / "exact_reductions.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["data"] != "tsam GHI+Wind"]
    ours = {("iris", "euclidean", order, k, cost) for order, k, cost in IRIS}
    ours |= {("srkandw", d, 1, k, cost) for d, costs in REFINERY for k, cost in enumerate(costs, start=1)}

    known = {
        (row["data"], row["ground"], int(row["order"]), int(row["n_scenarios"]), float(row["cost"])) for row in rows
    }
    assert ours == known


@pytest.mark.parametrize("number", range(1, 6))
def test_p_median_instances_are_proven_optimal(reference: Path, number: int) -> None:
    assert_is_proven(reference / "pmed" / f"pmed{number}.txt")


@pytest.mark.parametrize("number", range(6, 11))
def test_larger_p_median_instances_are_proven_optimal(shared: Path, number: int) -> None:
    assert_is_proven(shared / "pmed" / f"pmed{number}.txt")


def assert_is_proven(path: Path) -> None:
    instance = read_instance(path)
    assert instance.p is not None
    assert instance.optimum is not None

    found = instance_truth(instance.costs, instance.p, instance.optimum)

    assert (found.ours, found.gap) == (instance.optimum, 0)


def test_instance_whose_relaxation_stands_still_is_closed_by_cuts() -> None:
    """The linear relaxation is exactly 1884 and no choice has that: branching alone takes minutes."""
    from scipy.sparse.csgraph import floyd_warshall

    generator = np.random.default_rng(1)
    n = 500
    lengths = np.full((n, n), np.inf)
    for i in range(n - 1):
        lengths[i, i + 1] = lengths[i + 1, i] = generator.integers(1, 101)
    for _ in range(n * n // 50 - n + 1):
        i, j = generator.choice(n, 2, replace=False)
        lengths[i, j] = lengths[j, i] = generator.integers(1, 101)
    costs = floyd_warshall(lengths)
    np.fill_diagonal(costs, 0)

    found = instance_truth(costs.astype(np.float32), 167, None)

    assert (found.ours, found.gap) == (1885, 0)


def test_time_that_is_up_gives_an_honest_gap() -> None:
    places = np.random.default_rng(0).integers(0, 1000, (400, 2))
    costs = np.abs(places[:, None] - places[None]).sum(axis=2).astype(np.float32)
    optimum = instance_truth(costs, 40, None)

    found = instance_truth(costs, 40, None, time_left=lambda: 0.0)

    assert found.gap > 0
    assert found.ours * (1 - found.gap) <= optimum.ours <= found.ours
