"""The assignment kernel against scipy: costs, and the duals that prove them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import linear_sum_assignment

from scenred.kernels.assignment import solve_assignment

Float64 = npt.NDArray[np.float64]


def solve(costs: Float64, band: int) -> tuple[npt.NDArray[np.int64], Float64]:
    n = len(costs)
    duals = np.empty(n)
    columns, rows = np.empty(n, np.int64), np.empty(n, np.int64)
    scratch: Any = (np.empty(n, np.int64), np.empty(n), np.empty(n), np.empty(n, np.int64))
    solve_assignment(costs, band, duals, columns, rows, scratch)
    assert rows[columns].tolist() == list(range(n))
    return columns, duals


@pytest.mark.parametrize("n", [1, 2, 3, 24, 60])
@pytest.mark.parametrize("levels", [2, 5, 1_000_000])
@pytest.mark.parametrize("band", [0, 1, 4, 59])
def test_assignment_is_optimal_within_the_band_and_the_duals_prove_it(n: int, levels: int, band: int) -> None:
    band = min(band, n - 1)
    near = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) <= band
    for seed in range(10):
        costs = np.random.default_rng(seed).integers(0, levels, (n, n)) / levels

        columns, duals = solve(costs, band)

        rows, best = linear_sum_assignment(np.where(near, costs, 1e6))
        assert costs[range(n), columns].sum() == pytest.approx(costs[rows, best].sum(), abs=1e-9)
        own = costs[range(n), columns] - duals[columns]
        assert (costs - duals >= own[:, None] - 1e-9)[near].all()


def test_rows_stay_where_moving_does_not_pay() -> None:
    columns, _ = solve(np.ones((5, 5)), 4)

    assert columns.tolist() == list(range(5))
