"""Laws that hold for every score at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from scenred import Column, RequestError, ScenarioSet, Scorecard, Study, evaluate
from scenred.model.scorecard import SCORE_NAMES

Draw = Callable[..., ScenarioSet]

# Not 0 by nature: a proper score of the truth itself is the spread of the truth.
RAW = {"energy_score", "variogram_score", "crps"}


def named(scenarios: ScenarioSet) -> ScenarioSet:
    return replace(scenarios, columns=(Column("wind", "wind"), Column("pv", "pv")))


@pytest.fixture
def original(random_set: Draw) -> ScenarioSet:
    return named(random_set(30, n_steps=8, seed=1, weighted=True))


@pytest.fixture
def reduced(random_set: Draw) -> ScenarioSet:
    return named(random_set(6, n_steps=8, seed=2, weighted=True))


def values(card: Scorecard) -> dict[tuple[str, str | None], float | None]:
    return {(score.name, score.column): score.value for score in card.scores}


def assert_same(one: Scorecard, other: Scorecard) -> None:
    first, second = values(one), values(other)
    assert first.keys() == second.keys()
    for key, value in first.items():
        assert value == pytest.approx(second[key], rel=1e-9, abs=1e-12), key
    for band, again in zip(one.bands, other.bands, strict=True):
        assert band.mean == pytest.approx(again.mean, rel=1e-9, abs=1e-12)


def shuffled(scenarios: ScenarioSet) -> ScenarioSet:
    rows = np.random.default_rng(3).permutation(scenarios.n_scenarios)
    return replace(scenarios, values=scenarios.values[rows], probabilities=scenarios.probabilities[rows], labels=())


def split(scenarios: ScenarioSet) -> ScenarioSet:
    masses = scenarios.probabilities
    return replace(
        scenarios,
        values=np.concatenate([scenarios.values, scenarios.values[:1]]),
        probabilities=np.concatenate([[0.3 * masses[0]], masses[1:], [0.7 * masses[0]]]),
        labels=(),
    )


def with_impossible(scenarios: ScenarioSet) -> ScenarioSet:
    return replace(
        scenarios,
        values=np.concatenate([scenarios.values, scenarios.values[:1] * 0.5]),
        probabilities=np.append(scenarios.probabilities, 0.0),
        labels=(),
    )


@pytest.mark.parametrize("metric", ["sliced", "pointwise", "duration", "wasserstein"])
def test_the_whole_set_scores_zero(original: ScenarioSet, metric: str) -> None:
    card = evaluate(shuffled(original), original, metric=metric)  # type: ignore[arg-type]

    for score in card.scores:
        if score.name not in RAW and score.value is not None:
            assert score.value == pytest.approx(0, abs=1e-12), score
    assert {band.word for band in card.bands} == {"good"}


@pytest.mark.parametrize("change", [shuffled, split, with_impossible])
@pytest.mark.parametrize("metric", ["sliced", "wasserstein"])
def test_how_a_distribution_is_written_changes_nothing(
    original: ScenarioSet, reduced: ScenarioSet, change: Callable[[ScenarioSet], ScenarioSet], metric: str
) -> None:
    plain = evaluate(reduced, original, metric=metric)  # type: ignore[arg-type]

    changed = evaluate(change(reduced), change(original), metric=metric)  # type: ignore[arg-type]

    assert_same(plain, changed)


def test_order_of_columns_changes_nothing(original: ScenarioSet, reduced: ScenarioSet) -> None:
    turned = replace(reduced, columns=reduced.columns[::-1], values=reduced.values[:, :, ::-1])

    assert_same(evaluate(reduced, original), evaluate(turned, original))


def test_different_columns_are_named(original: ScenarioSet) -> None:
    wind = replace(original, columns=original.columns[:1], values=original.values[:, :, :1])

    with pytest.raises(RequestError, match=r"the original has columns .* lack: pv; .* columns=\['wind'\]"):
        evaluate(wind, original)


def test_different_numbers_of_steps_are_refused(original: ScenarioSet) -> None:
    short = replace(original, values=original.values[:, :4])

    with pytest.raises(RequestError, match="the scenarios have 4 steps and the original 8"):
        evaluate(short, original)


def test_a_scorecard_is_of_order_1_or_2(original: ScenarioSet) -> None:
    with pytest.raises(RequestError, match="the order of a scorecard is 3; scenred needs order 1 or 2"):
        evaluate(original, original, order=3)


def test_unknown_score_suggests_the_nearest(original: ScenarioSet, reduced: ScenarioSet) -> None:
    with pytest.raises(RequestError, match="did you mean 'relative_cost'"):
        evaluate(reduced, original)["relativ_cost"]


def test_threads_change_nothing(original: ScenarioSet, reduced: ScenarioSet) -> None:
    one, three = (evaluate(reduced, original, n_threads=threads) for threads in (1, 3))

    assert values(one) == values(three)


def test_names_of_scores_are_all_known(original: ScenarioSet, reduced: ScenarioSet) -> None:
    card = evaluate(reduced, original, plan=Study())

    assert {score.name for score in card.scores} == set(SCORE_NAMES)
