"""Bounds, gaps and proofs against all choices tried."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenred import (
    Column,
    DistanceMatrix,
    GroundMetric,
    Reduction,
    RequestError,
    ScenarioSet,
    ScenredWarning,
    SolverError,
    UsageError,
    pairwise_distances,
    reduce,
)
from scenred import reduction as room
from scenred.options import Method, SearchOptions, Work
from scenred.reduction.solvers import certificate
from scenred.reduction.solvers.certificate import certify
from scenred.reduction.solvers.effort import Effort
from scenred.reduction.solvers.problem import Problem

Float64 = npt.NDArray[np.float64]
Draw = Callable[..., ScenarioSet]
METHODS = get_args(Method)
KINDS = ("plane", "asymmetric", "whole numbers", "copies", "near copies")


def problem(kind: str, n: int, seed: int, weighted: bool) -> tuple[ScenarioSet, DistanceMatrix]:
    """Draw a set and costs of a kind: ties, copies and tiny costs are where bounds go wrong."""
    generator = np.random.default_rng(seed)
    places = generator.random((n, 2))
    if kind in ("copies", "near copies"):
        places = places[generator.integers(0, max(n // 2, 1), n)]
        places = places + (1e-9 * generator.random((n, 2)) if kind == "near copies" else 0)
    costs = np.abs(places[:, None] - places[None]).sum(axis=2)
    if kind == "asymmetric":
        costs = generator.random((n, n))
        np.fill_diagonal(costs, 0)
    if kind == "whole numbers":
        costs = np.rint(6 * costs)
    masses = generator.random(n) + 0.01 if weighted else np.ones(n)
    days = ScenarioSet((Column("x"),), np.arange(float(n)).reshape(n, 1, 1), masses / masses.sum())
    return days, DistanceMatrix(costs.astype(np.float32), GroundMetric("precomputed", 1.0))


def best_cost(days: ScenarioSet, distances: DistanceMatrix, k: int, fixed: Sequence[int] = ()) -> float:
    costs = distances.costs.astype(np.float64)
    choices = (list(c) for c in combinations(range(len(costs)), k) if set(fixed) <= set(c))
    return min(float(days.probabilities @ costs[choice].min(axis=0)) for choice in choices)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", KINDS)
@given(
    n=st.integers(1, 10), k=st.integers(1, 10), seed=st.integers(0, 10_000),
    weighted=st.booleans(), n_fixed=st.integers(0, 2),
)  # fmt: skip
def test_bound_is_below_the_best_of_all_choices(
    method: Method, kind: str, n: int, k: int, seed: int, weighted: bool, n_fixed: int
) -> None:
    days, distances = problem(kind, n, seed, weighted)
    k = min(k, n)
    fixed = np.random.default_rng(seed).permutation(n)[: min(n_fixed, k)].tolist()

    found = reduce(days, distances, k, method=method, fixed=fixed, n_starts=2, n_threads=1)

    best = best_cost(days, distances, k, fixed)
    assert found.lower_bound is not None
    assert found.gap is not None
    assert found.lower_bound <= best + 1e-15
    assert found.lower_bound <= found.cost
    assert set(fixed) <= set(found.medoids.tolist())
    if found.is_optimal:
        assert found.cost <= best * (1 + 3e-7) + 1e-15
        assert found.gap == 0
    if method in ("kmedoids", "exact"):
        assert found.is_optimal
        assert found.cost == pytest.approx(best, rel=3e-7, abs=1e-15)


@given(seed=st.integers(0, 10_000), k=st.integers(2, 4), order=st.sampled_from([1.0, 2.0]))
def test_bound_holds_for_costs_that_are_not_rounded_to_single_precision(seed: int, k: int, order: float) -> None:
    generator = np.random.default_rng(seed)
    days = ScenarioSet((Column("a"),), 100 + generator.random((9, 3, 1)), np.full(9, 1 / 9))
    distances = pairwise_distances(days, "pointwise", order=order)

    found = reduce(days, distances, k, n_starts=2, n_threads=1)

    values = days.values[:, :, 0] / days.values.max()
    costs = (np.abs(values[:, None] - values[None]) ** order).mean(axis=2)
    best = min(costs[list(choice)].min(axis=0).mean() for choice in combinations(range(9), k))
    assert found.lower_bound is not None
    assert found.lower_bound <= best * (1 + 1e-15)
    assert found.lower_bound == pytest.approx(best, rel=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_baselines_cost_what_they_cost_and_share_the_bound(random_set: Draw, method: Method) -> None:
    days = random_set(120, weighted=True)
    distances = pairwise_distances(days, "pointwise")
    optimum = reduce(days, distances, 6, method="exact")

    found = reduce(days, distances, 6, method=method)

    assert found.method == method
    assert found.gap is not None
    assert found.cost >= optimum.cost * (1 - 3e-7)
    assert found.lower_bound == pytest.approx(optimum.cost, rel=2e-4)
    assert found.gap == pytest.approx(1 - optimum.cost / found.cost, abs=2e-4)


def gap_of(reduction: Reduction) -> float:
    assert reduction.gap is not None
    return reduction.gap


def test_search_stops_at_the_gap_that_is_asked_for(random_set: Draw) -> None:
    days = random_set(600, n_steps=1, weighted=True)
    distances = pairwise_distances(days, "pointwise")

    loose, tight = (gap_of(reduce(days, distances, 25, gap=gap)) for gap in (0.05, 1e-4))

    assert tight <= 1e-4 < loose <= 0.05


def test_without_a_bound_there_is_no_gap(random_set: Draw) -> None:
    days = random_set(60)

    found = reduce(days, pairwise_distances(days), 5, bound=False)

    assert (found.lower_bound, found.gap, found.is_optimal) == (None, None, False)


@pytest.mark.parametrize("method", METHODS)
def test_threads_and_repetition_change_no_bit(random_set: Draw, method: Method) -> None:
    days = random_set(150, weighted=True)
    distances = pairwise_distances(days)

    runs = [reduce(days, distances, 9, method=method, n_threads=threads) for threads in (1, 2, 3, 2)]

    assert len({(run.medoids.tobytes(), run.cost, run.lower_bound, run.gap) for run in runs}) == 1


def test_stopping_at_once_gives_an_honest_gap(random_set: Draw) -> None:
    days = random_set(200, n_steps=12)
    distances = pairwise_distances(days, "pointwise")
    asked = iter([1.0] * 2 + [0.0] * 10_000)
    work = Work(time_left=lambda: next(asked))

    with pytest.warns(ScenredWarning, match=r"optimum is not proven: the cost lies at most .* allow more time"):
        found = room.reduce(days, distances, 30, SearchOptions(method="exact"), work=work)

    assert found.statistics.status == "time limit"
    optimum = reduce(days, distances, 30).lower_bound
    assert found.lower_bound is not None
    assert optimum is not None
    assert 0 < gap_of(found) < 1
    assert found.lower_bound <= optimum * (1 + 1e-4)


def test_required_optimum_that_is_not_proven_is_a_solver_error(random_set: Draw) -> None:
    days = random_set(200, n_steps=12)
    distances = pairwise_distances(days, "pointwise")

    with pytest.raises(SolverError, match="scenred needs 0"):
        reduce(days, distances, 30, method="random", require_optimal=True)
    with pytest.raises(SolverError, match="allow more time"):
        room.reduce(
            days,
            distances,
            30,
            SearchOptions(method="exact", require_optimal=True),
            work=Work(time_left=lambda: 0.0),
        )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "exakt"}, "no method 'exakt'; did you mean 'exact'"),
        ({"gap": -0.1}, "gap is -0.1"),
        ({"gap": 1.0}, "gap is 1;"),
        ({"gap": float("nan")}, "gap is nan"),
    ],
)
def test_impossible_certificates_are_refused(random_set: Draw, options: dict[str, Any], message: str) -> None:
    days = random_set(6)

    with pytest.raises(RequestError, match=message):
        reduce(days, pairwise_distances(days), 2, **options)


def test_an_optimum_needs_a_bound(random_set: Draw) -> None:
    days = random_set(6)

    with pytest.raises(UsageError, match="no bound is wanted to prove it"):
        reduce(days, pairwise_distances(days), 2, bound=False, require_optimal=True)


def test_exact_closes_instances_with_a_real_gap_of_the_relaxation() -> None:
    """A cycle of odd length: half a medoid everywhere is best for the relaxation."""
    n = 9
    steps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    costs = np.minimum(steps, n - steps).astype(np.float32)
    days = ScenarioSet((Column("x"),), np.arange(float(n)).reshape(n, 1, 1), np.full(n, 1 / n))

    found = reduce(days, DistanceMatrix(costs, GroundMetric("precomputed", 1.0)), 4, method="exact")

    assert found.gap == 0
    assert found.cost == pytest.approx(5 / 9)


@pytest.mark.parametrize("seed", range(30))
def test_bound_is_below_the_optimum_also_where_prices_dwarf_the_losses(seed: int) -> None:
    """Far clusters of near points: sums of prices near 1 are rounded by more than the choices of 1e-16 differ."""
    generator = np.random.default_rng(seed)
    n_members, k = 5, 3
    n = n_members * k
    clusters = np.repeat(np.arange(k), n_members)
    costs = np.where(clusters[:, None] == clusters, 1e-16 * generator.random((n, n)), 1.0).astype(np.float32)
    np.fill_diagonal(costs, 0)
    weights = generator.dirichlet(np.ones(n))
    asked = Problem(costs, weights, k, np.empty(0, dtype=np.int64))
    exact = [[Fraction(float(w)) * Fraction(float(c)) for w, c in zip(weights, row, strict=True)] for row in costs]
    optimum = sum(
        min(sum(exact[row][i] for i in members) for row in members)
        for members in (np.flatnonzero(clusters == cluster).tolist() for cluster in range(k))
    )

    root = certify(asked, asked.choice(range(0, n, n_members)), Effort.of(SearchOptions(), Work(n_threads=1)))

    assert math.isfinite(root.bound)
    assert Fraction(root.bound) <= optimum


@pytest.mark.parametrize("seed", range(10))
def test_bound_holds_where_too_many_pairs_lower_the_ceilings(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    days, distances = problem("plane", 10, seed, weighted=True)
    monkeypatch.setattr(certificate, "FEW_PAIRS", 14)

    found = reduce(days, distances, 3)

    assert found.lower_bound is not None
    assert 0 < found.lower_bound <= best_cost(days, distances, 3) * (1 + 1e-9) <= found.cost * (1 + 1e-6)
