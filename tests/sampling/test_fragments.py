"""The paper's pipeline: what is paid bounds the true distance to the product."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from scenred.errors import RequestError
from scenred.options.sampling import Sampling
from scenred.sampling import product_scenarios
from scenred.sampling.fragments import margin_density
from scenred.sampling.levels import values_at

LEVELS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])


def sizes(n_quantiles: int, fragment_length: int, fragment_size: int) -> Sampling:
    return Sampling(n_quantiles=n_quantiles, fragment_length=fragment_length, fragment_size=fragment_size)


def margins(n_steps: int, n_columns: int) -> np.ndarray:
    return np.sort(np.random.default_rng(5).random((n_steps, n_columns, 5)), axis=-1)


def test_bound_lies_above_the_transport_cost_to_the_product() -> None:
    ot = pytest.importorskip("ot")
    quantiles = margins(3, 1)
    values, masses, bound = product_scenarios(LEVELS, quantiles, 6, sizes(4, 2, 5))

    # the product on a fine grid of midpoints, itself at most 1/2 stratum away
    strata = (np.arange(9) + 0.5) / 9
    grid = values_at(LEVELS, quantiles[:, 0], strata)
    points = np.array(list(product(*grid)))
    costs = np.abs(points[:, None] - values[None, :, :, 0]).mean(axis=2)
    truth = float(ot.emd2(np.full(len(points), 1 / len(points)), masses, costs, numItermax=10**6))

    assert bound >= truth - 0.02
    assert bound < 1.6 * truth
    assert masses.sum() == pytest.approx(1, abs=1e-12)


def test_nothing_is_reduced_where_all_combinations_fit() -> None:
    quantiles = margins(2, 1)

    values, masses, _ = product_scenarios(LEVELS, quantiles, 9, sizes(3, 2, 9))

    assert values.shape == (9, 2, 1)
    of_step = [np.unique(values[:, step, 0]) for step in range(2)]
    assert [len(points) for points in of_step] == [3, 3]
    one = np.array([masses[values[:, 0, 0] == point].sum() for point in of_step[0]])
    other = np.array([masses[values[:, 1, 0] == point].sum() for point in of_step[1]])
    joint = {
        (a, b): p * q for a, p in zip(of_step[0], one, strict=True) for b, q in zip(of_step[1], other, strict=True)
    }
    for row, mass in zip(values[:, :, 0], masses, strict=True):
        assert mass == pytest.approx(joint[row[0], row[1]])


def test_columns_and_steps_keep_their_places() -> None:
    low, high = np.linspace(0.0, 0.1, 5), np.linspace(0.8, 0.9, 5)
    quantiles = np.array([[low, high], [high, low], [low, low]])

    values, _, _ = product_scenarios(LEVELS, quantiles, 5, sizes(3, 2, 5))

    assert ((values > 0.5) == np.array([[False, True], [True, False], [False, False]])).all()


def test_margin_without_width_is_one_point() -> None:
    quantiles = margins(2, 1)
    quantiles[1] = 0.0

    values, _, _ = product_scenarios(LEVELS, quantiles, 4, sizes(4, 2, 4))

    assert (values[:, 1] == 0).all()


def test_density_of_a_margin_has_its_atoms_and_mass() -> None:
    density = margin_density(LEVELS, np.array([0.0, 0.0, 0.2, 0.7, 0.7]))

    assert density.atoms.tolist() == [0.0, 0.7]
    assert density.masses.tolist() == [0.25, 0.25]
    np.testing.assert_allclose(density.below(np.array([0.0, 0.2, 0.69999, 0.7])), [0.25, 0.5, 0.74999, 1.0], atol=1e-5)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((0, 2, 5), "at least 1 of each"),
        ((9, 9, 5), "combinations; scenred takes up to"),
        ((3, 2, 1), "4 scenarios are asked for, and two fragments of 1 have 1"),
    ],
)
def test_sizes_out_of_range_are_refused(numbers: tuple[int, int, int], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        product_scenarios(LEVELS, margins(2, 1), 4, sizes(*numbers))


def test_one_column_gives_the_number_of_scenarios_asked_for() -> None:
    values, probabilities, _ = product_scenarios(LEVELS, margins(6, 1), 20, sizes(4, 3, 6))

    assert values.shape == (20, 6, 1)
    assert probabilities.sum() == pytest.approx(1)


def test_values_that_rounding_parts_are_one_atom() -> None:
    at = 0.8731
    inside = [0.48, 0.53, 0.58, 0.6, 0.64, 0.68, 0.72, 0.735, 0.75, 0.76, 0.77, 0.785, 0.79, 0.8, 0.82, 0.84]
    quantiles = np.array([0.4734, *inside, 0.87, at, np.nextafter(at, 1), np.nextafter(at, 1), 0.882])
    levels = np.linspace(0, 1, len(quantiles))

    values, probabilities, _ = product_scenarios(levels, quantiles[None, None], 7, sizes(7, 1, 7))

    assert at in values
    assert probabilities.sum() == pytest.approx(1)
