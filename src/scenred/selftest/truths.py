"""Published truths, and how scenred's answers compare with them on this machine.

- `iris`: 150 points of scikit-learn's copy, plain Euclidean distance, order 2 its square. Optima by a MILP solver
  at gap 0.
- `refinery`: the nine leaves of a two-stage tree, P. Kall and S. W. Wallace, "Stochastic Programming", 1994, as in
  the GAMS model library (srkandw). Optima by a MILP solver at gap 0.
- All choices tried, and the transport cost by POT: truths that are computed here by other means.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from scenred.arrays import Float32, Float64
from scenred.options import SearchOptions, Work
from scenred.reduction import Problem, quantum, solve

# The published costs have eight digits, ours are of a matrix in float32.
AGREEMENT = 1e-6
EXACT = SearchOptions(method="exact")

# (order, k, cost of a member on average)
IRIS = (
    (1, 2, 0.86220259),
    (1, 3, 0.65420770),
    (1, 4, 0.57108607),
    (1, 5, 0.52728351),
    (1, 10, 0.39695394),
    (2, 3, 0.55940000),
    (2, 5, 0.33946667),
)
# (distance, costs for k = 1, 2, ...)
REFINERY = (
    ("euclidean", (27.624978, 21.624978, 16.122035, 12.727922, 9.333810)),
    ("cityblock", (46.8, 34.8, 22.8, 18.0, 13.2, 8.4, 4.8, 2.4)),
)
DEMANDS = ((200.0, 180.0), (180.0, 160.0), (160.0, 140.0))
LEAVES = (0.06, 0.15, 0.09, 0.12, 0.16, 0.12, 0.12, 0.12, 0.06)


@dataclass(frozen=True, slots=True)
class Finding:
    """The comparison of one answer with one truth."""

    published: float | None  # None if nothing is known: then only the gap counts
    ours: float
    gap: float  # 0 if the optimum is proven

    @property
    def is_right(self) -> bool:
        """Whether the truth is met; without a truth no answer is wrong."""
        return self.published is None or math.isclose(self.ours, self.published, rel_tol=AGREEMENT, abs_tol=1e-12)


Check = tuple[str, Callable[[], Finding]]


def small_truths() -> Iterator[Check]:
    """Yield the checks that need no data beyond the installed packages, each to be called for its finding."""
    for order, k, cost in IRIS:
        yield f"iris, order {order}, k = {k}", partial(_iris, order, k, cost)
    for distance, costs in REFINERY:
        for k, cost in enumerate(costs, start=1):
            yield f"refinery, {distance}, k = {k}", partial(_refinery, distance, k, cost)
    yield "all choices tried, weighted", partial(_tried, is_symmetric=True, n_held=0)
    yield "all choices tried, costs not symmetric", partial(_tried, is_symmetric=False, n_held=0)
    yield "all choices tried, two fixed", partial(_tried, is_symmetric=True, n_held=2)
    yield "optimal transport by POT", _transport


def instance_truth(
    costs: Float32, k: int, optimum: float | None, time_left: Callable[[], float] = lambda: math.inf
) -> Finding:
    """Solve a p-median instance, costs of shape (n, n), to the published optimum, or as far as time allows.

    Every node counts once; `time_left` is that of `Work`.
    """
    return _solved(costs, np.ones(len(costs)), k, optimum, work=Work(time_left=time_left))


def _solved(
    costs: Float32, weights: Float64, k: int, published: float | None, held: Sequence[int] = (), work: Work = Work()
) -> Finding:
    fixed = np.array(held, dtype=np.int64)
    problem = Problem(costs, weights, k, fixed, quantum(costs, weights))
    solution = solve(problem, EXACT, work)
    loss, bound = solution.choice.loss, solution.bound or 0.0
    return Finding(published, loss, 0.0 if problem.is_proven(bound, loss) else (loss - bound) / loss)


def _iris(order: int, k: int, cost: float) -> Finding:
    from scipy.spatial.distance import cdist
    from sklearn.datasets import load_iris

    points = load_iris().data
    costs = (cdist(points, points) ** order).astype(np.float32)
    return _solved(costs, np.full(len(points), 1 / len(points)), k, cost)


def _refinery(distance: str, k: int, cost: float) -> Finding:
    from scipy.spatial.distance import cdist

    points = np.array([first + second for first in DEMANDS for second in DEMANDS])
    return _solved(cdist(points, points, distance).astype(np.float32), np.array(LEAVES), k, cost)


def _drawn(*, is_symmetric: bool) -> tuple[Float32, Float64]:
    """Draw the costs of ten points, and their weights."""
    generator = np.random.default_rng(4)
    costs = generator.random((10, 10)).astype(np.float32)
    costs = costs + costs.T if is_symmetric else costs
    np.fill_diagonal(costs, 0)
    return costs, generator.random(10)


def _tried(*, is_symmetric: bool, n_held: int) -> Finding:
    costs, weights = _drawn(is_symmetric=is_symmetric)
    held = range(n_held)
    exact = costs.astype(np.float64)
    choices = (list(choice) for choice in combinations(range(10), 4) if set(held) <= set(choice))
    best = min(float(weights @ exact[choice].min(axis=0)) for choice in choices)
    return _solved(costs, weights, 4, best, held)


def _transport() -> Finding:
    """Compare the loss of four medoids with the cost of the optimal plan to their clusters' masses."""
    import ot

    costs, weights = _drawn(is_symmetric=True)
    masses = weights / weights.sum()
    problem = Problem(costs, masses, 4, np.empty(0, dtype=np.int64))
    medoids = list(solve(problem, EXACT, Work()).choice.medoids)
    plan = costs[medoids].T.astype(np.float64)
    shares = np.bincount(plan.argmin(axis=1), weights=masses, minlength=4)
    return _solved(costs, masses, 4, float(ot.emd2(masses, shares, plan)))
