"""The reduction against optimal transport, brute force and its invariants."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import ot
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
    pairwise_distances,
    reduce,
)
from scenred import reduction as room
from scenred.options import Work

Draw = Callable[..., ScenarioSet]


def reduced(days: ScenarioSet, k: int, order: float = 1, **options: Any) -> Reduction:
    return reduce(days, pairwise_distances(days, "pointwise", order=order), k, **options)


def draw_set(n: int, seed: int, weighted: bool = True) -> ScenarioSet:
    generator = np.random.default_rng(seed)
    masses = generator.random(n) + 0.05 if weighted else np.ones(n)
    return ScenarioSet((Column("a"), Column("b")), generator.random((n, 3, 2)), masses / masses.sum())


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("weighted", [False, True])
def test_cost_equals_optimal_transport_to_the_reduced_set(random_set: Draw, order: int, weighted: bool) -> None:
    days = random_set(40, weighted=weighted)
    tops = days.values.max(axis=(0, 1))

    reduction = reduced(days, 5, order)

    kept = reduction.scenarios
    gaps = np.abs(days.values[:, None] - kept.values[None]) / tops
    plan_cost = ot.emd2(days.probabilities, kept.probabilities, (gaps**order).sum(axis=(2, 3)) / 4)
    assert reduction.cost == pytest.approx(plan_cost, rel=1e-11)
    assert reduction.wasserstein == pytest.approx(plan_cost ** (1 / order), rel=1e-11)


@given(n=st.integers(2, 8), k=st.integers(1, 8), seed=st.integers(0, 10_000), weighted=st.booleans())
def test_cost_equals_brute_force(n: int, k: int, seed: int, weighted: bool) -> None:
    days = draw_set(n, seed, weighted)
    k = min(k, n)

    reduction = reduced(days, k, n_starts=30)

    costs = pairwise_distances(days, "pointwise").distances()
    best = min(days.probabilities @ costs[list(members)].min(axis=0) for members in combinations(range(n), k))
    assert reduction.cost == pytest.approx(best, rel=1e-6, abs=1e-12)


@given(n=st.integers(3, 8), seed=st.integers(0, 1000), order=st.permutations(range(8)))
def test_permuting_the_scenarios_changes_nothing(n: int, seed: int, order: list[int]) -> None:
    days = draw_set(n, seed)
    places = [place for place in order if place < n]
    shuffled = ScenarioSet(days.columns, days.values[places], days.probabilities[places])

    one, other = reduced(days, 3, n_starts=30), reduced(shuffled, 3, n_starts=30)

    assert other.cost == pytest.approx(one.cost, rel=1e-12)
    assert sorted(np.array(places)[other.medoids].tolist()) == one.medoids.tolist()


@given(n=st.integers(3, 7), seed=st.integers(0, 1000), twice=st.integers(0, 6))
def test_a_duplicate_is_a_double_weight(n: int, seed: int, twice: int) -> None:
    days = draw_set(n, seed, weighted=False)
    row = twice % n
    repeated = ScenarioSet(days.columns, np.concatenate([days.values, days.values[[row]]]), np.full(n + 1, 1 / (n + 1)))
    masses = np.ones(n)
    masses[row] = 2
    weighted = ScenarioSet(days.columns, days.values, masses / (n + 1))

    k = min(2, n)
    assert reduced(repeated, k, n_starts=30).cost == pytest.approx(reduced(weighted, k, n_starts=30).cost, rel=1e-12)


def test_n_scenarios_of_n_cost_nothing(random_set: Draw) -> None:
    days = random_set(9, weighted=True)

    reduction = reduced(days, 9)

    assert reduction.cost == 0
    assert reduction.relative_cost == 0
    np.testing.assert_allclose(reduction.scenarios.probabilities, days.probabilities, rtol=1e-15)


def test_one_scenario_is_the_best_single_one(random_set: Draw) -> None:
    days = random_set(20)

    reduction = reduced(days, 1)

    assert reduction.relative_cost == 1
    assert reduction.medoids[0] == np.argmin(pairwise_distances(days, "pointwise").distances().sum(axis=0))


def test_probabilities_sum_to_1_and_every_medoid_stands_for_itself(random_set: Draw) -> None:
    reduction = reduced(random_set(300, weighted=True), 17)

    assert abs(reduction.scenarios.probabilities.sum() - 1) <= 1e-12
    assert reduction.assignment[reduction.medoids].tolist() == list(range(17))
    assert (np.diff(reduction.medoids) > 0).all()


def test_copies_of_a_medoid_keep_a_probability(random_set: Draw) -> None:
    values = np.repeat(random_set(2).values, 4, axis=0)
    days = ScenarioSet((Column("a"), Column("b")), values, np.full(8, 1 / 8))

    reduction = reduced(days, 5)

    assert reduction.cost == 0
    assert (reduction.scenarios.probabilities > 0).all()


def test_of_equal_scenarios_the_first_stays(random_set: Draw) -> None:
    days = random_set(12)
    twice = ScenarioSet(days.columns, np.concatenate([days.values, days.values[::-1]]), np.full(24, 1 / 24))

    for seed in range(5):
        assert reduced(twice, 4, seed=seed, n_starts=3).medoids.max() < 12


def test_scenarios_are_rows_of_the_original_bit_for_bit(random_set: Draw) -> None:
    days = random_set(50)

    reduction = reduced(days, 6)

    assert np.array_equal(reduction.scenarios.values, days.values[reduction.medoids])


def test_fixed_scenarios_stay(random_set: Draw) -> None:
    days = random_set(50)

    reduction = reduced(days, 6, fixed=[49, 7])

    assert {7, 49} <= set(reduction.medoids.tolist())
    assert reduction.cost >= reduced(days, 6, n_starts=50).cost


@pytest.mark.parametrize("k", [1, 2])
def test_all_scenarios_may_be_fixed(random_set: Draw, k: int) -> None:
    assert reduced(random_set(9), k, fixed=range(k)).medoids.tolist() == list(range(k))


def test_threads_and_repetition_change_no_bit(random_set: Draw) -> None:
    days = random_set(300, weighted=True)

    runs = [reduced(days, 8, n_threads=threads) for threads in (1, 2, 3, 2)]

    assert len({run.medoids.tobytes() + run.distances.tobytes() for run in runs}) == 1


def test_more_starts_are_never_worse(random_set: Draw) -> None:
    days = random_set(200)

    costs = [reduced(days, 12, n_starts=starts).cost for starts in (1, 3, 10, 30)]

    assert costs == sorted(costs, reverse=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_scenarios": 0}, "choose from 1 to 5"),
        ({"n_scenarios": 6}, "choose from 1 to 5"),
        (
            {"n_starts": 0},
            "the number of starts is 0; scenred needs a whole number of at least 1 and at most 100000",
        ),
        ({"seed": -1}, "at least 0"),
        ({"n_scenarios": 1, "fixed": [0, 1]}, "fix fewer"),
        ({"n_scenarios": 2, "fixed": [5]}, "index 5; there are 0 to 4"),
        ({"n_scenarios": 2, "fixed": [-1]}, "index -1"),
        ({"n_threads": 0}, "at least 1"),
    ],
)
def test_impossible_requests_are_refused(random_set: Draw, options: dict[str, Any], message: str) -> None:
    days = random_set(5)
    distances = pairwise_distances(days)

    with pytest.raises(RequestError, match=message):
        reduce(days, distances, **{"n_scenarios": 3, **options})


def test_distances_of_another_set_are_refused(random_set: Draw) -> None:
    with pytest.raises(RequestError, match="of 4 scenarios, the set has 5"):
        reduce(random_set(5), pairwise_distances(random_set(4)), 2)


def test_one_matrix_serves_many_sizes(random_set: Draw) -> None:
    days = random_set(60)
    distances = pairwise_distances(days)

    costs = [reduce(days, distances, k).cost for k in (1, 2, 4, 8, 16, 60)]

    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == 0


def test_a_given_matrix_is_unchanged() -> None:
    days = draw_set(3, 0, weighted=False)
    costs = np.array([[0, 9, 9], [1, 0, 9], [1, 9, 0]], dtype=np.float32)  # 1 and 2 serve 0 cheaply

    reduction = reduce(days, DistanceMatrix(costs, GroundMetric("precomputed", 1.0)), 2)

    assert reduction.medoids.tolist() == [1, 2]
    assert reduction.cost == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({}, "optimal"),
        ({"bound": False}, "heuristic"),
        ({"method": "forward", "bound": False}, "heuristic"),
        ({"method": "random"}, "heuristic"),
    ],
)
def test_statistics_tell_how_the_search_ended(random_set: Draw, options: dict[str, Any], status: str) -> None:
    found = reduced(random_set(60), 5, **options).statistics

    assert found.status == status
    assert found.seconds[0][0] == "search"
    assert all(seconds >= 0 for _, seconds in found.seconds)
    assert found.n_starts >= (0 if "method" in options else 10)
    assert (found.n_visits > 0) == options.get("bound", True)


def test_a_loose_gap_is_reached_before_the_optimum(random_set: Draw) -> None:
    found = reduced(random_set(600, n_steps=1, weighted=True), 25, gap=0.05)

    assert found.statistics.status == "gap reached"
    assert not found.is_optimal


def test_seconds_come_from_the_clock_of_the_work(random_set: Draw) -> None:
    days = random_set(60)
    ticks = itertools.count()
    work = Work(clock=lambda: float(next(ticks)), n_threads=1)

    found = room.reduce(days, pairwise_distances(days), 5, work=work)

    assert dict(found.statistics.seconds)["search"] == 1.0


def test_statistics_of_groups_are_summed(random_set: Draw) -> None:
    days = replace(random_set(60), groups=("a", "b") * 30)
    distances = pairwise_distances(days)

    both = room.reduce_groups(days, distances, 8, "mass").statistics

    assert both.n_starts >= 20
    assert both.status == "optimal"


def test_the_reduced_set_is_built_once(random_set: Draw) -> None:
    reduction = reduced(random_set(20), 3)

    assert reduction.scenarios is reduction.scenarios
    assert not reduction.masses.flags.writeable
    assert not reduction.counts.flags.writeable


@pytest.mark.parametrize("order", [1, 2, 3])
def test_distances_are_those_to_the_representatives(random_set: Draw, order: int) -> None:
    days = random_set(12)

    reduction = reduced(days, 3, order)

    exact = pairwise_distances(days, "pointwise", order=order).distances()
    representatives = reduction.medoids[reduction.assignment]
    np.testing.assert_allclose(reduction.distances, exact[np.arange(12), representatives], rtol=1e-6)


def test_progress_rises_to_1(random_set: Draw) -> None:
    told: list[float] = []

    reduced(random_set(40), 4, n_starts=5, progress=lambda _, fraction: told.append(fraction))

    assert told == sorted(told)
    assert told[-1] == 1
