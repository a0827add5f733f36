"""Where the nearest scenarios cannot hold the means, others are found; against all choices on small sets."""

from __future__ import annotations

import itertools
import math
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import scenred
from scenred import Column, RequestError, ScenarioSet, ScenredWarning, generate, pairwise_distances
from scenred.model import DistanceMatrix
from scenred.options import Work
from scenred.periods.groups import GROUP
from scenred.reduction.constraints.exchange import exchanged
from scenred.reduction.constraints.weights import WeightTargets, reweigh

COLUMNS = (Column("a"), Column("b"))
MEANS = WeightTargets(("a", "b"), 0.0, 1.0, equal=False)


def skewed(seed: int, n: int = 11, groups: tuple[str, ...] = ()) -> ScenarioSet:
    """Draw days whose mean lies outside of what few near ones span."""
    generator = np.random.default_rng(seed)
    values = generator.gamma(0.6, 1, (n, 2, 2))
    return ScenarioSet(COLUMNS, values, generator.dirichlet(np.ones(n)), groups=groups)


def misses(found: scenred.Reduction) -> np.ndarray:
    """Return what the means miss by, each by its column's largest value."""
    sets = (found.original, found.scenarios)
    first, second = (one.probabilities @ one.values.mean(axis=1) for one in sets)
    return np.asarray(np.abs(first - second) / found.original.values.max(axis=(0, 1)))


def cost_with_means(days: ScenarioSet, distances: DistanceMatrix, rows: tuple[int, ...]) -> float:
    chosen = scenred.reduce(days, distances, len(rows), fixed=rows, n_starts=1, bound=False)
    try:
        return reweigh(chosen, distances, MEANS).cost
    except RequestError:
        return math.inf


@cache
def least_of_all_choices(seed: int) -> float:
    days = skewed(seed)
    distances = pairwise_distances(days, "pointwise")
    return min(cost_with_means(days, distances, rows) for rows in itertools.combinations(range(11), 3))


@pytest.mark.parametrize(
    ("seed", "most", "above"),
    [
        (3, 500, 0.0),
        (5, 500, 0.0),
        (23, 500, 0.0),
        (3, 0, 0.0),
        (5, 0, 0.0),
        (23, 0, 0.12),
    ],  # 0: by the search
)
def test_others_hold_the_means_near_the_least_cost_of_all_choices(
    seed: int, most: int, above: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenred.reduction.constraints.exchange.MOST_CHOICES", most)
    days = skewed(seed)
    distances = pairwise_distances(days, "pointwise")
    nearest = scenred.reduce(days, distances, 3)
    least = least_of_all_choices(seed)

    with pytest.warns(ScenredWarning, match=r"cannot meet the mean of a, b: [12] of 3 were exchanged"):
        found = generate(days, 3, metric="pointwise", preserve="mean")

    exchange, reweighing = found.payments
    assert math.isinf(cost_with_means(days, distances, tuple(nearest.medoids)))
    assert misses(found).max() < 1e-9
    assert least - 1e-12 <= found.cost <= least * (1 + above) + 1e-9
    assert exchange.before == nearest.cost < exchange.after == reweighing.before < reweighing.after == found.cost
    assert found.lower_bound == nearest.lower_bound
    assert not found.is_optimal


def test_map_and_cost_are_those_of_the_other_scenarios() -> None:
    days = skewed(3)
    distances = pairwise_distances(days, "pointwise")

    with pytest.warns(ScenredWarning, match="were exchanged"):
        found = generate(days, 3, metric="pointwise", preserve="mean")

    again = scenred.reduce(days, distances, 3, fixed=found.medoids.tolist(), bound=False)
    assert found.assignment.tolist() == again.assignment.tolist()
    assert found.distances.tolist() == again.distances.tolist()
    assert found.payments[0].after == again.cost


def test_what_is_kept_left_out_or_alone_stays_so() -> None:
    starts = pd.date_range("2019-01-01", periods=60, freq="D")
    days = replace(skewed(5, n=60), starts=starts)
    options: dict[str, Any] = {"metric": "pointwise", "keep": ["max:a:period"], "extreme_weight": "single"}
    free = generate(days, 4, **options)
    row = free.extremes[0].row
    with pytest.warns(ScenredWarning, match="were exchanged"):
        first = generate(days, 4, preserve="mean", **options)
    unwanted = np.setdiff1d(first.medoids, free.medoids)

    with pytest.warns(ScenredWarning, match="were exchanged"):
        found = generate(days, 4, preserve="mean", exclude=[str(starts[out].date()) for out in unwanted], **options)

    assert row in found.medoids
    assert not np.isin(found.medoids, unwanted).any()
    assert found.scenarios.probabilities[found.medoids.tolist().index(row)] == days.probabilities[row]
    assert misses(found).max() < 1e-9


def test_groups_keep_their_number_and_their_mass() -> None:
    days = skewed(0, n=60, groups=tuple("ab"[number % 3 == 0] for number in range(60)))
    options: dict[str, Any] = {"metric": "pointwise", "group_by": "group"}
    free = generate(days, 4, **options)

    with pytest.warns(ScenredWarning, match="were exchanged"):
        found = generate(days, 4, preserve="mean", **options)

    groups, of_original = np.array(found.scenarios.groups), np.array(days.groups)
    assert sorted(groups) == sorted(free.scenarios.groups)
    for group in "ab":
        mass = found.scenarios.probabilities[groups == group].sum()
        assert mass == pytest.approx(days.probabilities[of_original == group].sum(), abs=1e-12)
    assert (groups[found.assignment] == of_original).all()
    assert misses(found).max() < 1e-9


def test_scenarios_that_hold_the_means_dearly_are_exchanged(sample_path: Path) -> None:
    year = scenred.read_input(sample_path)
    distances = pairwise_distances(year)
    picks = scenred.reduce(year, distances, 10)
    dear = reweigh(picks, distances, replace(MEANS, columns=("wind_miami", "pv_miami")))

    with pytest.warns(
        ScenredWarning, match=r"meet the mean of wind_miami, pv_miami at (?!0\.0%)\d+\.\d% more cost: [1-5] of 10"
    ):
        found = generate(year, 10, preserve="mean:wind_miami,pv_miami")

    assert dear.cost > 1.1 * picks.cost
    assert found.cost < 1.02 * picks.cost
    assert misses(found)[[1, 4]].max() < 1e-9


def test_means_that_no_choice_holds_are_refused() -> None:
    days = skewed(0)

    with pytest.raises(RequestError, match="these 2 scenarios reach"):
        generate(days, 2, metric="pointwise", preserve="mean")


def test_a_column_that_hardly_varies_from_day_to_day_is_held_too() -> None:
    generator = np.random.default_rng(4)
    wind = generator.gamma(0.6, 1, (60, 24))
    hours = 900 + 200 * np.sin(np.arange(60 * 24).reshape(60, 24) * 0.2618)  # a day of 24.00014 hours
    flat = 1_000 + generator.uniform(-0.01, 0.01, (60, 24))
    values = np.stack([wind, hours, flat, np.full((60, 24), 7.0)], axis=2)
    columns = tuple(Column(name) for name in ("wind", "load", "flat", "same"))
    days = ScenarioSet(columns, values, np.full(60, 1 / 60), groups=("a",) * 30 + ("b",) * 30)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        found = generate(days, 8, metric="pointwise", preserve="mean", group_by=GROUP)

    first, second = (one.probabilities @ one.values.mean(axis=1) for one in (found.original, found.scenarios))
    spread = np.ptp(days.values.mean(axis=1), axis=0)
    assert (np.abs(first - second) < 1e-9 * spread + 1e-15 * np.abs(first)).all()  # sums of 900 in float64
    probabilities = found.scenarios.probabilities
    assert probabilities[:4].sum() == pytest.approx(0.5, abs=1e-12)
    assert math.fsum(probabilities) == pytest.approx(1, abs=1e-12)


def test_the_exchange_is_paid_from_what_the_method_found(sample_path: Path) -> None:
    given: dict[str, Any] = {
        "wind": ["wind_miami"],
        "pv": ["pv_miami"],
        "metric": "pointwise",
        "method": "forward",
    }
    without = generate(sample_path, 5, **given)

    with pytest.warns(ScenredWarning, match="were exchanged"):
        found = generate(sample_path, 5, preserve="mean", **given)

    assert found.payments[0].before == without.cost
    assert found.payments[0].after == found.payments[1].before
    assert found.payments[1].after == found.cost


def test_time_that_ends_the_search_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenred.reduction.constraints.exchange.MOST_CHOICES", 0)
    days = skewed(3)
    distances = pairwise_distances(days, "pointwise")

    with pytest.raises(RequestError, match=r"the time ended the search .*time_limit"):
        exchanged(scenred.reduce(days, distances, 3), distances, MEANS, work=Work(time_left=lambda: 0.0))


@pytest.mark.parametrize("condition", [{"preserve": "mean"}, {"equal_probabilities": True}])
def test_an_optimum_under_a_condition_is_not_proven(sample_path: Path, condition: dict[str, Any]) -> None:
    given: dict[str, Any] = {"wind": ["wind_miami"], "pv": ["pv_miami"], "require_optimal": True}
    generate(sample_path, 5, **given)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenredWarning)
        with pytest.raises(scenred.SolverError, match="not proven under the condition"):
            generate(sample_path, 5, **given, **condition)
