"""What is left of a proof, by HiGHS, against all choices tried."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from scenred.options import SearchOptions, Work
from scenred.reduction.solvers.certificate import Root, certify, first_prices, relax
from scenred.reduction.solvers.effort import Effort
from scenred.reduction.solvers.milp import finish
from scenred.reduction.solvers.problem import Problem, quantum


def drawn(seed: int, n: int, k: int) -> tuple[Problem, tuple[int, ...]]:
    """Return a problem and the best of all choices."""
    generator = np.random.default_rng(seed)
    costs = generator.random((n, n)).astype(np.float32)
    np.fill_diagonal(costs, 0)
    weights = generator.dirichlet(np.ones(n))
    problem = Problem(costs, weights, k, np.zeros(0, dtype=np.int64), quantum(costs, weights))
    return problem, min(combinations(range(n), k), key=lambda chosen: problem.choice(list(chosen)).loss)


@pytest.mark.parametrize("seed", range(8))
def test_the_rest_of_a_proof_ends_at_the_best_of_all_choices(seed: int) -> None:
    problem, chosen = drawn(seed, 12, 3)
    best = float(problem.weights @ problem.costs[list(chosen)].astype(float).min(axis=0))
    effort = Effort.of(SearchOptions(method="exact"), Work())
    root = certify(problem, problem.choice([0, 1, 2]), effort)

    found = finish(problem, root, effort)

    assert found.choice.loss == pytest.approx(best, rel=1e-9)
    assert found.bound is not None
    assert best * (1 - 1e-6) <= found.bound <= best * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_best_choice_is_found_from_a_worse_one(seed: int) -> None:
    problem, chosen = drawn(seed, 12, 3)
    effort = Effort.of(SearchOptions(method="exact"), Work())
    best, worse = problem.choice(list(chosen)), problem.choice([0, 1, 2])
    relaxation = relax(problem, best, np.arange(problem.n), effort)

    found = finish(problem, Root(worse, 0.0, relaxation, first_prices(problem, best, relaxation)), effort)

    assert found.choice.medoids == best.medoids
