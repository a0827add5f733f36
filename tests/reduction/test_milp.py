"""What is left of a proof, by HiGHS, against all choices tried."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from scenred.options import SearchOptions, Work
from scenred.reduction.solvers.certificate import certify
from scenred.reduction.solvers.effort import Effort
from scenred.reduction.solvers.milp import finish
from scenred.reduction.solvers.problem import Problem, quantum


@pytest.mark.parametrize("seed", range(8))
def test_the_rest_of_a_proof_ends_at_the_best_of_all_choices(seed: int) -> None:
    generator = np.random.default_rng(seed)
    n, k = 12, 3
    costs = generator.random((n, n)).astype(np.float32)
    np.fill_diagonal(costs, 0)
    masses = generator.random(n) + 0.01
    weights = masses / masses.sum()
    problem = Problem(costs, weights, k, np.zeros(0, dtype=np.int64), quantum(costs, weights))
    effort = Effort.of(SearchOptions(method="exact"), Work())
    root = certify(problem, problem.choice([0, 1, 2]), effort)

    found = finish(problem, root, effort)

    best = min(weights @ costs[list(chosen)].astype(float).min(axis=0) for chosen in combinations(range(n), k))
    assert found.choice.loss == pytest.approx(best, rel=1e-9)
    assert found.bound is not None
    assert best * (1 - 1e-6) <= found.bound <= best * (1 + 1e-9)
