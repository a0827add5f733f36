"""Optimal quantisers against closed forms, brute force and reference numbers."""

from __future__ import annotations

import csv
import tracemalloc
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from scenred import Mixture, RequestError, ScenredWarning, optimal_quantiles

DENSITIES = {"N(0,1)": stats.norm(), "Beta(2,5)": stats.beta(2, 5), "Weibull(k=2,c=1)": stats.weibull_min(2)}


def test_all_rows_of_the_reference_are_reached(reference: Path) -> None:
    with (reference / "quantizers.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 40
    for row in rows:
        found = optimal_quantiles(DENSITIES[row["density"]], int(row["n_points"]), float(row["order"]))
        for ours, theirs in ((found.points, row["points"]), (found.probabilities, row["probabilities"])):
            np.testing.assert_allclose(ours, np.array(theirs.split(), float), rtol=0, atol=1e-7)
        assert found.distortion == pytest.approx(float(row["distortion"]), abs=1e-7)
        # the reference cut the tails of the formula's integral off
        assert found.formula_distortion == pytest.approx(float(row["distortion_of_asymptotic_formula"]), rel=2e-3)
        assert found.residual <= 1e-10


def test_formula_of_a_normal_density_is_its_closed_form() -> None:
    shares = (2 * np.arange(1, 8) - 1) / 14

    for order in (1.0, 2.0, 1.5):
        found = optimal_quantiles(stats.norm(), 7, order)
        expected = np.sqrt(1 + order) * stats.norm.ppf(shares)
        np.testing.assert_allclose(found.formula_points, expected, atol=1e-9)


@pytest.mark.parametrize("order", [1.0, 1.5, 2.0, 3.0])
def test_uniform_density_is_cut_into_equal_cells(order: float) -> None:
    found = optimal_quantiles(stats.uniform(), 10, order)

    np.testing.assert_allclose(found.points, (np.arange(10) + 0.5) / 10, atol=1e-12)
    np.testing.assert_allclose(found.probabilities, 0.1, atol=1e-12)
    assert found.distortion == pytest.approx(0.05**order / (order + 1), rel=1e-12)


def test_two_points_of_a_laplace_density_are_known() -> None:
    median = optimal_quantiles(stats.laplace(), 2, 1.0)
    mean = optimal_quantiles(stats.laplace(), 2, 2.0)

    np.testing.assert_allclose(median.points, [-np.log(2), np.log(2)], atol=1e-10)
    np.testing.assert_allclose(mean.points, [-1, 1], atol=1e-10)


@pytest.mark.parametrize(
    ("distribution", "order"),
    [
        (stats.beta(0.5, 0.5), 2.0),
        (stats.t(4), 1.0),
        (stats.weibull_min(0.7), 2.0),
        (stats.lognorm(1.0), 1.5),
        (Mixture(parts=((0.6, stats.beta(2, 3)),), atoms=((0.0, 0.3), (1.0, 0.1))), 1.0),
        (Mixture(parts=((0.6, stats.beta(2, 3)),), atoms=((0.0, 0.3), (1.0, 0.1))), 1.5),
        (Mixture(parts=((0.5, stats.norm(-3, 0.3)), (0.5, stats.norm(3, 1)))), 2.0),
    ],
)
def test_points_are_stationary_and_below_the_formula(distribution: Any, order: float) -> None:
    found = optimal_quantiles(distribution, 6, order)

    assert found.residual <= 1e-10
    assert found.distortion <= found.formula_distortion
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-14)


def test_distortion_is_that_of_adaptive_quadrature() -> None:
    found = optimal_quantiles(stats.gamma(2.5), 4, 1.5)
    walls = [0.0, *((found.points[1:] + found.points[:-1]) / 2), np.inf]

    parts = [
        integrate.quad(lambda x, z=z: abs(x - z) ** 1.5 * stats.gamma(2.5).pdf(x), a, b, epsabs=1e-12)[0]
        for z, a, b in zip(found.points, walls[:-1], walls[1:], strict=True)
    ]

    assert found.distortion == pytest.approx(sum(parts), abs=1e-7)


def test_atoms_get_points_of_their_own() -> None:
    night = Mixture(parts=((0.5, stats.beta(2, 3)),), atoms=((0.0, 0.5),))

    found = optimal_quantiles(night, 4, 1.0)

    assert found.points[0] == 0
    assert found.probabilities[0] > 0.5


def test_best_of_two_peaks_is_found_where_the_formula_alone_settles_elsewhere() -> None:
    uneven = Mixture(parts=((0.9, stats.norm(0, 1)), (0.1, stats.norm(30, 1))))

    found = optimal_quantiles(uneven, 2, 2.0)

    np.testing.assert_allclose(found.points, [0, 30], atol=1e-6)


def test_kernel_density_is_quantised_as_its_mixture_of_normals() -> None:
    sample = np.array([0.1, 0.15, 0.4, 0.9])
    kde = stats.gaussian_kde(sample)
    width = float(np.sqrt(kde.covariance[0, 0]))
    same = Mixture(parts=tuple((0.25, stats.norm(x, width)) for x in sample))

    smooth, exact = (optimal_quantiles(each, 5, 2.0) for each in (kde, same))

    np.testing.assert_allclose(smooth.points, exact.points, atol=1e-8)
    np.testing.assert_allclose(smooth.probabilities, exact.probabilities, atol=1e-8)


def brute_force(x: np.ndarray, p: np.ndarray, k: int, order: int) -> float:
    """Try every way to cut sorted values into k groups."""
    least = np.inf
    for cuts in combinations(range(1, len(x)), k - 1):
        ends = [0, *cuts, len(x)]
        total = 0.0
        for i, j in pairwise(ends):
            if order == 2:
                total += p[i:j] @ (x[i:j] - np.average(x[i:j], weights=p[i:j])) ** 2
            else:
                total += min(p[i:j] @ np.abs(x[i:j] - z) for z in x[i:j])
        least = min(least, total)
    return least


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 9)), min_size=4, max_size=9, unique_by=lambda t: t[0]),
    st.integers(1, 4),
    st.sampled_from([1, 2]),
)
def test_weighted_samples_are_solved_exactly(sample: list[tuple[int, int]], k: int, order: int) -> None:
    pairs = np.array(sorted(sample), dtype=float)
    x, p = pairs[:, 0], pairs[:, 1] / pairs[:, 1].sum()

    found = optimal_quantiles(x, k, order, weights=pairs[:, 1])

    assert found.is_optimal
    assert found.distortion == pytest.approx(brute_force(x, p, k, order), abs=1e-9)
    assert found.probabilities.sum() == pytest.approx(1)


def test_copies_of_a_value_are_its_weight() -> None:
    generator = np.random.default_rng(1)
    x, counts = generator.normal(size=30), generator.integers(1, 5, 30)

    copied, weighted = (
        optimal_quantiles(np.repeat(x, counts), 5, 1),
        optimal_quantiles(x, 5, 1, weights=counts),
    )

    np.testing.assert_allclose(copied.points, weighted.points)
    assert copied.distortion == pytest.approx(weighted.distortion)


def test_other_orders_of_a_sample_settle_below_the_formula() -> None:
    found = optimal_quantiles(np.random.default_rng(2).normal(size=200), 6, 3.0)

    assert not found.is_optimal
    assert found.distortion < found.formula_distortion


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((stats.norm(), 0, 2), "0 points are asked for"),
        ((stats.norm(), 3, 0.5), "the order is 0.5"),
        ((stats.cauchy(), 3, 1), "no finite moment of order 1"),
        ((stats.poisson(3), 3, 1), "the distribution is discrete"),
        (([1.0, 1.0, 2.0], 3, 1), "the sample has 2 different values"),
        (([1.0, np.nan], 1, 1), "finite numbers"),
        ((Mixture(atoms=((0.0, 1.0),)), 1, 1), "atoms only"),
    ],
)
def test_what_cannot_be_quantised_is_refused(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        optimal_quantiles(*arguments)


def test_mixture_weights_sum_to_one() -> None:
    with pytest.raises(RequestError, match="sum to 1"):
        Mixture(parts=((0.5, stats.norm()),))


@pytest.mark.parametrize(
    "density",
    [
        stats.beta(0.1, 0.1),
        stats.beta(3, 0.05),
        stats.beta(0.3, 0.3),
        stats.gamma(0.001),
        stats.gamma(0.05),
        stats.lognorm(2),
    ],
)
def test_points_keep_the_mean_of_a_density_with_singular_ends_or_long_tails(density: Any) -> None:
    for n_points in (1, 4):
        found = optimal_quantiles(density, n_points, 2.0)

        assert found.points @ found.probabilities == pytest.approx(density.mean(), rel=1e-10)
        assert found.probabilities.sum() == pytest.approx(1, abs=1e-12)
        assert found.residual <= 1e-10


def test_medians_of_a_density_with_singular_ends_are_its_quantiles() -> None:
    density = stats.beta(0.1, 0.1)

    found = optimal_quantiles(density, 4, 1.0)

    middles = (found.points[1:] + found.points[:-1]) / 2
    levels = np.concatenate([[0], density.cdf(middles), [1]])
    np.testing.assert_allclose(density.cdf(found.points), (levels[1:] + levels[:-1]) / 2, atol=1e-9)


def test_order_of_no_whole_number_takes_a_density_that_scipy_overflows_on() -> None:
    found = optimal_quantiles(stats.beta(0.1, 0.1), 6, 1.3)

    np.testing.assert_allclose(found.points + found.points[::-1], 1, atol=1e-9)
    assert found.residual <= 1e-10


def test_mass_at_a_singular_end_inside_a_mixture_stays_there() -> None:
    mixed = Mixture(parts=((0.5, stats.norm()), (0.5, stats.beta(0.1, 0.1))))

    for n_points in (1, 5):
        found = optimal_quantiles(mixed, n_points, 2.0)
        assert found.points @ found.probabilities == pytest.approx(0.25, abs=1e-10)


@pytest.mark.parametrize("density", [stats.cauchy(), stats.t(1.0), stats.pareto(1.0), stats.levy()])
def test_density_without_a_moment_is_refused(density: Any) -> None:
    with pytest.raises(RequestError, match="no finite moment of order 1"):
        optimal_quantiles(density, 3, 1.0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_atom_at_no_number_is_refused(value: float) -> None:
    with pytest.raises(RequestError, match="atoms at finite numbers"):
        Mixture(parts=((0.9, stats.norm()),), atoms=((value, 0.1),))


def test_more_points_of_a_density_than_memory_holds_are_refused() -> None:
    with pytest.raises(RequestError, match="takes up to 3,000; choose fewer"):
        optimal_quantiles(stats.norm(), 3001)


@pytest.mark.parametrize("order", [1.5, 1.3])
def test_point_next_to_an_edge_of_a_panel_becomes_stationary_too(order: float) -> None:
    found = optimal_quantiles(stats.norm(), 7, order)

    assert found.residual <= 1e-12
    np.testing.assert_allclose(found.points, -found.points[::-1], atol=1e-10)


@pytest.mark.parametrize("density", [stats.norm(), stats.t(4), stats.lognorm(1.0)])
def test_a_hundred_points_are_stationary_and_keep_the_mean(density: Any) -> None:
    found = optimal_quantiles(density, 100, 2.0)

    assert found.residual <= 1e-10
    assert found.points @ found.probabilities == pytest.approx(density.mean(), abs=1e-10)


def test_best_of_three_uneven_peaks_is_found_at_both_exact_orders() -> None:
    peaks = [(0.5, -9.0), (0.45, 0.0), (0.05, 40.0)]
    uneven = Mixture(parts=tuple((share, stats.norm(at, 0.1)) for share, at in peaks))

    for order in (1.0, 2.0):
        np.testing.assert_allclose(optimal_quantiles(uneven, 3, order).points, [-9, 0, 40], atol=1e-6)


def test_large_sample_takes_no_matrix_of_values_and_points() -> None:
    sample = np.random.default_rng(0).normal(size=30_000)
    tracemalloc.start()

    found = optimal_quantiles(sample, 500, 2)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30e6
    assert found.distortion < found.formula_distortion


def test_one_far_value_takes_a_point_and_leaves_the_others_their_optimum() -> None:
    near = np.random.default_rng(9).random(700)

    found = optimal_quantiles(np.append(near, 1e9), 11, 2)

    alone = optimal_quantiles(near, 10, 2)
    np.testing.assert_allclose(found.points, [*alone.points, 1e9], rtol=1e-14)
    assert found.distortion == pytest.approx(alone.distortion * 700 / 701, rel=1e-13)
    assert found.is_optimal


@pytest.mark.parametrize(
    ("order", "power"), [(1, -1000), (1, 1000), (2, -500), (2, 500), (3, -300), (3, 300), (1.5, -600)]
)
def test_points_and_distortion_scale_with_the_sample(order: float, power: int) -> None:
    sample = np.random.default_rng(3).normal(size=60)

    plain, scaled = (optimal_quantiles(each, 5, order) for each in (sample, np.ldexp(sample, power)))

    np.testing.assert_array_equal(np.ldexp(scaled.points, -power), plain.points)
    assert scaled.distortion * 2.0 ** (-power * order / 2) * 2.0 ** (-power * order / 2) == plain.distortion


def test_distortion_too_small_for_a_number_is_said_and_the_points_are_right() -> None:
    sample = np.random.default_rng(3).normal(size=60)

    with pytest.warns(ScenredWarning, match="too small for a number, and given as 0"):
        found = optimal_quantiles(np.ldexp(sample, -900), 5, 2)

    assert found.distortion == 0
    np.testing.assert_array_equal(np.ldexp(found.points, 900), optimal_quantiles(sample, 5, 2).points)


@pytest.mark.parametrize(("order", "scale"), [(2, 1e160), (2, 1.7e308), (3, 1e110), (1.3, 1e300)])
def test_distortion_too_large_for_a_number_is_refused(order: float, scale: float) -> None:
    with pytest.raises(RequestError, match=f"order {order:g} that no number holds; divide it"):
        optimal_quantiles(np.linspace(-1, 1, 41) * scale, 5, order)


def test_optimum_is_not_claimed_where_gaps_or_weights_are_lost_beside_the_largest() -> None:
    tiny, heavy = np.array([0.0, 1e-300, 3e-300, 1e10]), np.array([1.0, 1.0, 1.0, 1e8])
    near = np.append(1 + 1e-13 * np.arange(12), [-1e12, 1e14])

    assert not optimal_quantiles(tiny, 4, 2).is_optimal
    assert not optimal_quantiles(near, 6, 1).is_optimal
    assert optimal_quantiles(near, 6, 2).is_optimal
    assert not optimal_quantiles(np.arange(4.0), 2, 2, weights=heavy).is_optimal
    assert optimal_quantiles(np.arange(4.0), 2, 2, weights=heavy**0.5).is_optimal


def test_more_values_than_memory_holds_are_refused() -> None:
    with pytest.raises(RequestError, match=r"has 1,500,001 different values; .* round the values"):
        optimal_quantiles(np.arange(1_500_001), 3, 1)
