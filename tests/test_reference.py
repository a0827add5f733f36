"""Published and independently computed truths."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.sparse.csgraph import floyd_warshall
from scipy.spatial.distance import cdist

from scenred import (
    Column,
    DistanceMatrix,
    GroundMetric,
    Reduction,
    ScenarioSet,
    generate,
    pairwise_distances,
    read_input,
    reduce,
)
from scenred.options import Method, Metric

Float64 = npt.NDArray[np.float64]

# Demands of the refinery of Kall and Wallace: a stage's three vectors, and the nine leaves' probabilities.
DEMANDS = [(200, 180), (180, 160), (160, 140)]
LEAVES = [0.3 * p for p in (0.2, 0.5, 0.3)] + [0.4 * p for p in (0.3, 0.4, 0.3)] + [0.3 * p for p in (0.4, 0.4, 0.2)]

# (data, distance, order, k, proven optimal cost): computed once with HiGHS at gap 0.
OPTIMA = [
    ("iris", "euclidean", 1, 2, 0.86220259),
    ("iris", "euclidean", 1, 3, 0.65420770),
    ("iris", "euclidean", 1, 4, 0.57108607),
    ("iris", "euclidean", 1, 5, 0.52728351),
    ("iris", "euclidean", 1, 10, 0.39695394),
    ("iris", "euclidean", 2, 3, 0.55940000),
    ("iris", "euclidean", 2, 5, 0.33946667),
    *[("srkandw", "euclidean", 1, k, c) for k, c in enumerate(
        (27.624978, 21.624978, 16.122035, 12.727922, 9.333810), start=1)],
    *[("srkandw", "cityblock", 1, k, c) for k, c in enumerate(
        (46.8, 34.8, 22.8, 18, 13.2, 8.4, 4.8, 2.4), start=1)],
]  # fmt: skip


def reduced(
    points: Float64, distance: str, order: int, k: int, masses: Float64, method: Method = "kmedoids"
) -> Reduction:
    """Reduce points of the plane under a distance of scipy's."""
    costs = cdist(points, points, distance) ** order
    days = ScenarioSet(tuple(Column(f"x{c}") for c in range(points.shape[1])), points[:, None, :], masses)
    matrix = DistanceMatrix(costs.astype(np.float32), GroundMetric("precomputed", float(order)))
    return reduce(days, matrix, k, method=method, n_starts=100 if method == "kmedoids" else 10)


def data(name: str) -> tuple[Float64, Float64]:
    if name == "srkandw":
        points = np.array([first + second for first in DEMANDS for second in DEMANDS], dtype=np.float64)
        return points, np.array(LEAVES)
    from sklearn.datasets import load_iris

    points = load_iris().data
    return points, np.full(len(points), 1 / len(points))


@pytest.mark.parametrize(("name", "distance", "order", "k", "cost"), OPTIMA)
def test_best_of_many_starts_reaches_the_proven_optimum(
    name: str, distance: str, order: int, k: int, cost: float
) -> None:
    points, masses = data(name)

    reduction = reduced(points, distance, order, k, masses)

    assert reduction.cost == pytest.approx(cost, rel=1e-6)


@pytest.mark.parametrize(
    ("order", "k", "cost", "members"),
    [
        (1, 2, 0.86220259, [7, 126]),
        (1, 3, 0.65420770, [7, 78, 112]),
        (2, 3, 0.55940000, [7, 78, 120]),
    ],
)
def test_iris_keeps_the_published_members(order: int, k: int, cost: float, members: list[int]) -> None:
    reduction = reduced(*data("iris")[:1], "euclidean", order, k, data("iris")[1])

    assert reduction.cost == pytest.approx(cost, rel=1e-6)
    assert reduction.medoids.tolist() == members


def assert_rows_are_proven(reference: Path, sets: dict[str, tuple[Float64, Float64]]) -> None:
    """Reduce the rows of the reference that belong to these sets."""
    with (reference / "exact_reductions.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["data"] in sets]
    assert {row["data"] for row in rows} == set(sets)
    for row in rows:
        points, masses = sets[row["data"]]
        order, k = int(row["order"]), int(row["n_scenarios"])
        reduction = reduced(points, row["ground"], order, k, masses, "exact")
        assert reduction.is_optimal, row
        assert reduction.cost == pytest.approx(float(row["cost"]), rel=1e-6), row
        if row["members"]:
            assert reduction.medoids.tolist() == [int(member) for member in row["members"].split()], row


def test_all_rows_of_exact_reductions_are_proven(reference: Path) -> None:
    assert_rows_are_proven(reference, {"iris": data("iris"), "srkandw": data("srkandw")})


def test_exact_reductions_of_a_weather_year_are_proven(reference: Path, shared: Path) -> None:
    table = pd.read_csv(shared / "tsam" / "testdata.csv")[["GHI", "Wind"]]
    unit = ((table - table.min()) / (table.max() - table.min())).to_numpy()
    days = unit.reshape(365, 24, 2).transpose(0, 2, 1).reshape(365, 48)

    assert_rows_are_proven(reference, {"tsam GHI+Wind": (days, np.full(365, 1 / 365))})


@pytest.mark.parametrize("number", range(1, 6))
def test_p_median_instances_are_solved_by_the_search(reference: Path, number: int) -> None:
    lines = (reference / "pmed" / f"pmed{number}.txt").read_text().split("\n")
    n, _, k = (int(word) for word in lines[0].split())
    lengths = np.full((n, n), np.inf)
    for line in lines[1:]:
        if line.split():
            i, j, length = (int(word) for word in line.split())
            lengths[i - 1, j - 1] = lengths[j - 1, i - 1] = length  # the last one counts
    costs = floyd_warshall(lengths)
    published = (reference / "pmed" / "pmedopt.txt").read_text().splitlines()
    optima = dict(line.split() for line in published if line.startswith("pmed"))
    days = ScenarioSet((Column("node"),), np.arange(n, dtype=np.float64).reshape(n, 1, 1), np.full(n, 1 / n))
    np.fill_diagonal(costs, 0)

    reduction = reduce(days, DistanceMatrix(costs.astype(np.float32), GroundMetric("precomputed", 1.0)), k)

    optimum = int(optima[f"pmed{number}"])
    assert round(reduction.cost * n, 6) == optimum
    assert reduction.gap == 0


def test_real_wind_and_pv_of_a_leap_year(shared: Path) -> None:
    path = shared / "rts_gmlc" / "tidy_hourly_da_rt.csv"

    reduction = generate(path, 10, columns=["309_WIND_1_rt_mw", "320_PV_1_rt_mw"])

    assert reduction.original.n_scenarios == 366
    assert [column.kind for column in reduction.original.columns] == ["wind", "pv"]
    assert reduction.scenarios.probabilities.sum() == pytest.approx(1, abs=1e-12)
    assert 0.1 < reduction.relative_cost < 0.6


@pytest.mark.parametrize("metric", ["duration", "pointwise", "sliced", "wasserstein"])
@pytest.mark.parametrize("k", [5, 10, 20, 30])
def test_real_year_comes_with_a_gap_of_one_in_ten_thousand(sample_path: Path, metric: Metric, k: int) -> None:
    days, distances = sample_distances(sample_path, metric)

    found = reduce(days, distances, k)

    exact = reduce(days, distances, k, method="exact")
    assert found.gap is not None
    assert found.lower_bound is not None
    assert exact.gap == 0
    assert found.gap <= 1e-4
    assert found.lower_bound <= exact.cost <= found.cost * (1 + 3e-7)


@cache
def sample_distances(path: Path, metric: Metric) -> tuple[ScenarioSet, DistanceMatrix]:
    days = read_input(path, wind=["wind_miami"], pv=["pv_miami"])
    return days, pairwise_distances(days, metric)
