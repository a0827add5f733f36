"""Every group against an independent library or a closed form."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import ot
import pytest
import scoringrules
from scipy import stats
from scipy.spatial.distance import cdist, jensenshannon

from scenred import Column, ScenarioSet, Scorecard, distances_to, evaluate, generate, ground_metric
from scenred.evaluation.axes import axes_of
from scenred.evaluation.divergence import N_BINS, SMOOTHING, kullback_leibler
from scenred.evaluation.set_pair import make_pair
from scenred.evaluation.temporal import longest_lulls
from scenred.evaluation.transport import set_cost, single_cost

Draw = Callable[..., ScenarioSet]
Float64 = npt.NDArray[np.float64]


@pytest.fixture
def original(random_set: Draw) -> ScenarioSet:
    columns = (Column("wind", "wind", 1.0), Column("pv", "pv", 1.0))
    return replace(random_set(40, n_steps=8, seed=1, weighted=True), columns=columns)


@pytest.fixture
def reduced(random_set: Draw, original: ScenarioSet) -> ScenarioSet:
    return replace(random_set(7, n_steps=8, seed=2, weighted=True), columns=original.columns)


@pytest.fixture
def card(original: ScenarioSet, reduced: ScenarioSet) -> Scorecard:
    return evaluate(reduced, original)


def column(scenarios: ScenarioSet, number: int) -> tuple[Float64, Float64]:
    return scenarios.values[:, :, number].ravel(), np.repeat(scenarios.probabilities / 8, 8)


@pytest.mark.parametrize("metric", ["sliced", "pointwise", "duration", "wasserstein"])
@pytest.mark.parametrize("order", [1, 2])
def test_transport_is_pots(original: ScenarioSet, reduced: ScenarioSet, metric: str, order: int) -> None:
    ground = ground_metric(original, metric, order=order)  # type: ignore[arg-type]
    costs = distances_to(original, reduced, ground) ** order
    exact = ot.emd2(original.probabilities, reduced.probabilities, costs)
    among = distances_to(original, original, ground) ** order

    found = evaluate(reduced, original, metric=metric, order=order)  # type: ignore[arg-type]

    assert found[f"wasserstein_{order}"] ** order == pytest.approx(exact, rel=1e-9)
    alone = (original.probabilities @ among).min()
    assert found["relative_cost"] == pytest.approx(exact / alone, rel=1e-9)


@pytest.mark.parametrize("order", [1, 2])
def test_transport_of_a_reduction_is_its_cost(original: ScenarioSet, order: int) -> None:
    reduction = generate(original, 5, order=order)

    found = evaluate(reduction.scenarios, original, order=order)

    assert found["relative_cost"] == pytest.approx(reduction.relative_cost, rel=1e-6)
    assert found[f"wasserstein_{order}"] == pytest.approx(reduction.wasserstein, rel=1e-9)


@pytest.mark.parametrize("metric", ["sliced", "pointwise", "duration"])
@pytest.mark.parametrize("order", [1, 2])
def test_best_single_scenario_is_that_of_all_pairs(original: ScenarioSet, metric: str, order: int) -> None:
    ground = ground_metric(original, metric, order=order)  # type: ignore[arg-type]
    pair = make_pair(original, original, ground)
    among = distances_to(pair.original, pair.original, ground) ** order

    assert single_cost(pair, ground, axes_of(pair, ground), None)[0] == np.argmin(pair.p @ among)


@pytest.mark.parametrize("order", [1, 2])
def test_sliced_cost_is_a_lower_bound(
    original: ScenarioSet, reduced: ScenarioSet, order: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground = ground_metric(original, "sliced", order=order)
    pair = make_pair(reduced, original, ground)
    exact, told = set_cost(pair, ground, None)
    monkeypatch.setattr("scenred.evaluation.transport.EXACT_PAIRS", 10)

    bound, how = set_cost(pair, ground, None)

    assert (told, how) == ("exact", "sliced")
    assert 0 < bound < exact


def test_energy_distance_is_that_of_all_pairs(original: ScenarioSet, reduced: ScenarioSet) -> None:
    ground = ground_metric(original, "pointwise")
    p, q = original.probabilities, reduced.probabilities
    across, within, kept = (
        one.probabilities @ distances_to(one, other, ground) @ other.probabilities
        for one, other in ((original, reduced), (original, original), (reduced, reduced))
    )

    found = evaluate(reduced, original, metric="pointwise")["energy_distance"]

    assert (p.sum(), q.sum()) == (pytest.approx(1), pytest.approx(1))
    assert found == pytest.approx(2 * across - within - kept, rel=1e-9)


def test_column_distances_are_scipys(card: Scorecard, original: ScenarioSet, reduced: ScenarioSet) -> None:
    for number, name in enumerate(original.names):
        (x, p), (y, q) = column(original, number), column(reduced, number)
        assert card[f"value_distance[{name}]"] == pytest.approx(stats.wasserstein_distance(x, y, p, q))
        costs = (x[:, None] - y[None, :]) ** 2
        assert card[f"duration_curve_rmse[{name}]"] == pytest.approx(
            math.sqrt(ot.emd2(p / p.sum(), q / q.sum(), costs)), rel=1e-9
        )


def test_divergences_are_scipys(card: Scorecard, original: ScenarioSet, reduced: ScenarioSet) -> None:
    (x, p), (y, q) = column(original, 0), column(reduced, 0)
    edges = np.linspace(min(x.min(), y.min()), max(x.max(), y.max()), N_BINS + 1)
    one, other = np.histogram(x, edges, weights=p)[0], np.histogram(y, edges, weights=q)[0]
    smooth = [(1 - SMOOTHING) * shares / shares.sum() + SMOOTHING / N_BINS for shares in (one, other)]

    assert card["kullback_leibler[wind]"] == pytest.approx(stats.entropy(smooth[0], smooth[1]), rel=1e-9)
    assert card["kullback_leibler_reverse[wind]"] == pytest.approx(stats.entropy(smooth[1], smooth[0]))
    assert card["jensen_shannon[wind]"] == pytest.approx(jensenshannon(one, other) ** 2, rel=1e-9)


def test_jensen_shannon_saturates_where_supports_do_not_meet_and_wasserstein_does_not() -> None:
    still = ScenarioSet((Column("wind", capacity=1.0),), np.array([[[0.0]], [[0.1]]]), np.full(2, 0.5))
    cards = [evaluate(replace(still, values=still.values + away), still) for away in (0.3, 0.8)]

    assert [one["jensen_shannon"] for one in cards] == [pytest.approx(math.log(2))] * 2
    assert [one["value_distance"] for one in cards] == [pytest.approx(0.3), pytest.approx(0.8)]
    assert kullback_leibler(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == math.inf


def test_moments_are_numpys(card: Scorecard, original: ScenarioSet, reduced: ScenarioSet) -> None:
    (x, p), (y, q) = column(original, 1), column(reduced, 1)
    means = np.average(x, weights=p), np.average(y, weights=q)
    deviations = np.sqrt(np.cov(x, aweights=p, ddof=0)), np.sqrt(np.cov(y, aweights=q, ddof=0))

    assert card["energy_error[pv]"] == pytest.approx(means[1] / means[0] - 1)
    assert card["deviation_error[pv]"] == pytest.approx(deviations[1] / deviations[0] - 1)
    assert card["largest_value_error[pv]"] == y.max() - x.max()
    energies = original.values[:, :, 1].mean(axis=1), reduced.values[:, :, 1].mean(axis=1)
    assert card["smallest_energy_error[pv]"] == pytest.approx(energies[1].min() - energies[0].min())


def test_quantiles_are_numpys_inverted_distribution(
    card: Scorecard, original: ScenarioSet, reduced: ScenarioSet
) -> None:
    for level, name in ((0.05, "05"), (0.5, "50"), (0.95, "95")):
        one, other = (
            np.quantile(values, level, weights=masses, method="inverted_cdf")
            for values, masses in (column(original, 0), column(reduced, 0))
        )
        assert card[f"quantile_{name}_error[wind]"] == pytest.approx(other - one)


@pytest.mark.parametrize("lag", [1, 3, 6])
def test_ramps_are_scipys(card: Scorecard, original: ScenarioSet, reduced: ScenarioSet, lag: int) -> None:
    ramps = [(s.values[:, lag:, 0] - s.values[:, :-lag, 0]) for s in (original, reduced)]
    masses = [np.repeat(s.probabilities, 8 - lag) for s in (original, reduced)]

    expected = stats.wasserstein_distance(ramps[0].ravel(), ramps[1].ravel(), *masses)

    assert card[f"ramp_{lag}h_distance[wind]"] == pytest.approx(expected)


def test_autocorrelation_is_numpys(card: Scorecard, original: ScenarioSet, reduced: ScenarioSet) -> None:
    def of(scenarios: ScenarioSet, lag: int) -> float:
        late, early = scenarios.values[:, lag:, 0].ravel(), scenarios.values[:, :-lag, 0].ravel()
        covariance = np.cov(late, early, aweights=np.repeat(scenarios.probabilities, 8 - lag))
        return float(covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1]))

    apart = [of(original, lag) - of(reduced, lag) for lag in range(1, 8)]

    assert card["autocorrelation_error[wind]"] == pytest.approx(np.sqrt(np.mean(np.square(apart))))


def test_profile_is_the_mean_of_each_step(card: Scorecard, original: ScenarioSet, reduced: ScenarioSet) -> None:
    one, other = (np.average(s.values, axis=0, weights=s.probabilities)[:, 0] for s in (original, reduced))

    assert card["profile_error[wind]"] == pytest.approx(np.sqrt(np.mean((one - other) ** 2)))


def test_longest_lull_is_counted_by_hand() -> None:
    days = np.array([[0.0, 0.0, 0.5, 0.0], [0.09, 0.1, 0.09, 0.05], [0.9, 0.9, 0.9, 0.9]])

    assert longest_lulls(days, 0.5).tolist() == [1.0, 1.0, 0.0]


def test_correlations_are_scipys_of_repeated_rows(random_set: Draw) -> None:
    days = [
        replace(random_set(5, 8, seed=seed), columns=(Column("wind", "wind"), Column("pv", "pv"))) for seed in (1, 2)
    ]
    counts = np.array([1, 2, 3, 1, 3])
    weighted = replace(days[1], probabilities=counts / 10)
    repeated = np.repeat(days[1].values, counts, axis=0)

    found = evaluate(weighted, days[0])

    for name, correlate in (("pearson_error", stats.pearsonr), ("spearman_error", stats.spearmanr)):
        one, other = (
            correlate(values[:, :, 0].ravel(), values[:, :, 1].ravel()).statistic
            for values in (days[0].values, repeated)
        )
        assert found[name] == pytest.approx(other - one)


def test_low_wind_and_pv_together_are_counted_by_hand() -> None:
    columns = (Column("wind", "wind", 1.0), Column("pv", "pv", 1.0))
    calm, mixed, windy = [[0.05, 0.0], [0.05, 0.0]], [[0.05, 0.0], [0.5, 0.5]], [[0.9, 0.9], [0.9, 0.9]]
    original = ScenarioSet(columns, np.array([calm, mixed, windy, windy]), np.full(4, 0.25))
    reduced = ScenarioSet(columns, np.array([mixed, windy]), np.full(2, 0.5))

    found = evaluate(reduced, original, metric="pointwise")

    assert found["low_steps_error"] == pytest.approx(0.25 - 0.375)
    assert found["low_periods_error"] == pytest.approx(0.0 - 0.25)


def test_scores_are_scoringrules(card: Scorecard, original: ScenarioSet, reduced: ScenarioSet) -> None:
    observed, members = (s.values.reshape(s.n_scenarios, -1) for s in (original, reduced))
    n, weights = len(observed), reduced.probabilities
    p = original.probabilities
    forecasts, ens_w = (
        np.broadcast_to(members, (n, *members.shape)),
        np.broadcast_to(weights, (n, len(weights))),
    )

    energy = scoringrules.es_ensemble(observed, forecasts, ens_w=ens_w)
    variogram = scoringrules.vs_ensemble(observed, forecasts, p=0.5, ens_w=ens_w)

    assert card["energy_score"] == pytest.approx(p @ energy, rel=1e-9)
    assert card["variogram_score"] == pytest.approx(p @ variogram, rel=1e-9)
    for number, name in enumerate(original.names):
        crps = [
            scoringrules.crps_ensemble(
                original.values[:, step, number],
                np.broadcast_to(reduced.values[:, step, number], (n, len(weights))),
                ens_w=ens_w,
                estimator="nrg",
            )
            for step in range(8)
        ]
        assert card[f"crps[{name}]"] == pytest.approx(p @ np.mean(crps, axis=0), rel=1e-9)


def test_excess_of_the_energy_score_is_half_the_energy_distance(
    card: Scorecard, original: ScenarioSet, reduced: ScenarioSet
) -> None:
    one, other = (s.values.reshape(s.n_scenarios, -1) for s in (original, reduced))
    p, q = original.probabilities, reduced.probabilities

    distance = 2 * p @ cdist(one, other) @ q - p @ cdist(one, one) @ p - q @ cdist(other, other) @ q

    assert card["energy_score_excess"] == pytest.approx(distance / 2, rel=1e-9)
