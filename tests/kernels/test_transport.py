"""Exact transport between clouds against POT and scipy, on easy, tied, and long-moving pairs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import ot
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from scenred.kernels.transport import pairwise_transport, steepest_moves, transport_costs_to

Float64 = npt.NDArray[np.float64]


def atom_costs(one: Float64, other: Float64, hours: Float64, order: float) -> Float64:
    """Return the costs of moving each atom of one cloud, shape (c, t), to each of the other."""
    steps = np.arange(one.shape[1])
    values = np.abs(one[:, :, None] - other[:, None, :]) ** order
    return np.asarray(hours[np.abs(steps[:, None] - steps)] + values.sum(axis=0))


def by_pot(one: Float64, other: Float64, hours: Float64, order: float) -> float:
    mass = np.full(one.shape[1], 1 / one.shape[1])
    return float(ot.emd2(mass, mass, atom_costs(one, other, hours, order)))


@pytest.mark.parametrize("n_steps", [1, 2, 24, 96, 168])
@pytest.mark.parametrize("n_columns", [1, 2, 6])
@pytest.mark.parametrize("order", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("shift_cost", [0.0, 0.003, 0.05, 0.3, 10.0])
def test_costs_equal_those_of_pot(n_steps: int, n_columns: int, order: float, shift_cost: float) -> None:
    generator = np.random.default_rng(n_steps + n_columns)
    smooth = generator.normal(0, 0.1, (2, n_columns, n_steps)).cumsum(axis=2) % 1.0
    tied = generator.integers(0, 3, (2, n_columns, n_steps)) / 2
    rough = generator.random((1, n_columns, n_steps))
    points = np.concatenate([smooth, tied, rough])
    hours = (shift_cost * np.arange(float(n_steps))) ** order

    costs = transport_costs_to(points, points, hours, order)

    for i, j in ((0, 1), (2, 3), (4, 0), (2, 4)):
        assert costs[i, j] == pytest.approx(by_pot(points[i], points[j], hours, order), abs=1e-9)


@given(
    n_steps=st.integers(2, 12),
    levels=st.integers(2, 4),
    shift_cost=st.sampled_from([0.0, 0.01, 0.1, 0.25, 1.0]),
    seed=st.integers(0, 10_000),
)
def test_costs_with_many_ties_equal_those_of_scipy(n_steps: int, levels: int, shift_cost: float, seed: int) -> None:
    points = np.random.default_rng(seed).integers(0, levels, (3, 2, n_steps)) / (levels - 1)
    hours = shift_cost * np.arange(float(n_steps))

    costs, *_ = pairwise_transport(points, hours, 1.0)

    for i in range(3):
        for j in range(3):
            matrix = atom_costs(points[i], points[j], hours, 1.0)
            rows, columns = linear_sum_assignment(matrix)
            assert costs[i, j] == pytest.approx(matrix[rows, columns].mean(), rel=1e-6, abs=1e-9)


def test_a_move_longer_than_the_values_pay_for_is_found() -> None:
    """A chain of short moves closed by one long move: cheap, but outside the first band."""
    one = np.random.default_rng(0).random((3, 120))
    other = np.roll(one, -1, axis=1)
    hours = 0.05 * np.arange(120.0)
    most = np.abs(one - other).sum(axis=0).max()

    costs = transport_costs_to(one[None], other[None], hours, 1.0)

    matrix = atom_costs(one, other, hours, 1.0)
    rows, columns = linear_sum_assignment(matrix)
    assert hours[np.abs(rows - columns).max()] > 2 * most
    assert costs[0, 0] == pytest.approx(matrix[rows, columns].mean(), abs=1e-12)


def test_a_gentle_cloud_stays_where_it_is() -> None:
    generator = np.random.default_rng(1)
    gentle = np.linspace(0.0, 0.5, 24)[None, None]  # moves by 0.022 a step
    wild = generator.random((40, 1, 24))
    hours = 0.03 * np.arange(24.0)

    costs = transport_costs_to(wild, gentle, hours, 1.0)

    np.testing.assert_allclose(costs, np.abs(wild - gentle).mean(axis=(1, 2))[:, None], rtol=1e-12)
    assert steepest_moves(gentle)[0] < 0.03 < steepest_moves(wild).min()


def test_matrix_is_symmetric_to_the_bit_and_counts_what_moves() -> None:
    points = np.array([[[0.0, 1.0, 1.0, 0.0]], [[0.0, 0.0, 1.0, 1.0]], [[0.0, 1.0, 1.0, 0.0]]])

    costs, moved, shift, _ = pairwise_transport(points, np.array([0.0, 0.1, 0.2, 0.3]), 1.0)

    # two atoms move, each by two steps (or all four by one and the last by three): 0.4 in sum
    assert np.array_equal(costs, costs.T)
    assert costs[0].tolist() == [0.0, pytest.approx(0.1), 0.0]
    assert moved == pytest.approx(2 / 3)
    assert shift == pytest.approx(2 / 3)


@pytest.mark.parametrize("n", [1, 2, 130, 700])
def test_all_pairs_are_filled_whatever_the_blocks(n: int) -> None:
    points = np.random.default_rng(n).random((n, 1, 3))
    hours = np.array([0.0, 0.1, 0.2])
    told: list[float] = []

    costs, *_ = pairwise_transport(points, hours, 1.0, on_fraction=told.append)

    assert np.array_equal(costs, costs.T)
    few = transport_costs_to(points, points[:3], hours, 1.0)
    np.testing.assert_allclose(costs[:, :3], few, rtol=1e-6, atol=1e-9)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_threads_change_no_bit() -> None:
    points = np.random.default_rng(3).random((60, 2, 24))
    hours = 0.02 * np.arange(24.0)

    runs = [pairwise_transport(points, hours, 1.0, n_threads=threads) for threads in (1, 2, 5)]

    assert len({(costs.tobytes(), *rest) for costs, *rest in runs}) == 1


@pytest.mark.parametrize("order", [1.0, 1.5, 2.0])
def test_differences_above_1_cost_their_power_where_nothing_moves(order: float) -> None:
    points = np.array([[[0.0, 0.0, 0.0]], [[3.0, 2.0, 4.0]]])

    costs, moved, *_ = pairwise_transport(points, np.array([0.0, 100.0, 200.0]), order)

    assert costs[0, 1] == pytest.approx((3.0**order + 2.0**order + 4.0**order) / 3)
    assert moved == 0


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 1e300])
@pytest.mark.parametrize("order", [1.0, 2.0, 3.0])
def test_numbers_that_are_not_finite_end_all_the_same(wrong: float, order: float) -> None:
    """They are refused before; if they came, no loop would run on and no index leave its array."""
    points = np.random.default_rng(1).random((4, 2, 8))
    points[1, 0, ::3], points[2] = wrong, wrong

    costs, *_ = pairwise_transport(points, 0.1 * np.arange(8.0), order)

    assert costs.shape == (4, 4)
    assert np.isfinite(costs[0, 3])
