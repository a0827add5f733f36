"""Small problems made to break numbers: every cost against POT, every bound and proof against brute force.

Ties, constants, magnitudes from 1e-300 to 1e300, weights of 1e-12 and 0, k = n, orders from 1 to 10, all metrics,
methods and conditions. A refusal is allowed as one line. `SCENRED_ADVERSARIES` sets their number.
"""

from __future__ import annotations

import os
import re
import warnings
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import Any, get_args

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment, linprog

from scenred import Column, Reduction, ScenarioSet, ScenredError, ScenredWarning, generate
from scenred.metrics import ground_metric, member_costs, pairwise_distances
from scenred.options import GroundOptions, Method

QUICK, SLOW = 60, int(os.environ.get("SCENRED_ADVERSARIES", "1000"))
VALUES = ("uniform", "ties", "constants", "magnitudes", "outlier", "copies", "tiny", "huge", "nights", "signs", "near")
WEIGHTS = ("equal", "uneven", "small", "zeros")
METRICS = ("pointwise", "duration", "wasserstein", "sliced", "precomputed")
CONDITIONS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"preserve": "mean"},
    {"preserve": "mean:a", "min_probability": 1e-3},
    {"equal_probabilities": True},
    {"min_probability": 0.02},
    {"max_probability": 0.6},
    {"fixed": [0]},
    {"keep": ["max:a"]},
    {"keep": ["min:a"], "extreme_weight": "single"},
    {"keep": ["max:a"], "preserve": "mean"},
    {"group_by": "group"},
    {"group_by": "group", "preserve": "mean:a"},
    {"group_by": "group", "equal_probabilities": True, "share": "cost"},
)
NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")
# A cost and the referee's may differ by this share of it; and by the rounding of masses next to the largest cost.
SAME, ROUNDING = 1e-6, 4e-16
# Of the linear program of the referee, next to the largest cost.
TOLERANCE = 1e-6
# Means that differ by less, as a share of their spread, are below what that program's tolerance of 1e-7 tells apart.
LEAST_APART = 1e-3
# A proof says that no choice costs less by more than this share: the rounding of float32.
PROVEN = 5e-7


@dataclass(frozen=True)
class Adversary:
    """A scenario set, and what is asked of it."""

    days: ScenarioSet
    k: int
    options: dict[str, Any]

    @property
    def order(self) -> float:
        """Order of the ground metric."""
        return float(self.options["order"])


def draw(seed: int) -> Adversary:
    generator = np.random.default_rng(seed)
    n, t, c = int(generator.integers(2, 13)), int(generator.choice([1, 2, 3, 6])), int(generator.choice([1, 2]))
    values = values_of(str(generator.choice(VALUES)), generator, (n, t, c))
    weights = weights_of(str(generator.choice(WEIGHTS)), generator, n)
    groups = tuple("ab"[int(number)] for number in generator.integers(0, 2, n))
    days = ScenarioSet((Column("a"), Column("b"))[:c], values, weights, groups=groups)
    k = n if generator.random() < 0.1 else int(generator.integers(1, n + 1))
    options: dict[str, Any] = {
        "metric": str(generator.choice(METRICS)),
        "order": float(generator.choice([1, 1, 1.5, 2, 3, 5, 10])),
        "method": str(generator.choice(get_args(Method))),
        **CONDITIONS[int(generator.integers(len(CONDITIONS)))],
    }
    if options["metric"] == "precomputed":
        options["matrix"] = values_of("magnitudes" if seed % 7 == 0 else "uniform", generator, (n, n, 1))[:, :, 0]
        np.fill_diagonal(options["matrix"], 0.0)
    return Adversary(days, k, options)


def values_of(kind: str, generator: np.random.Generator, shape: tuple[int, int, int]) -> np.ndarray:
    values = generator.random(shape)
    if kind == "ties":
        values = generator.integers(0, 3, shape).astype(float)
    elif kind == "constants":
        values = np.full(shape, 0.3)
        values[generator.integers(shape[0])] = generator.random()
    elif kind == "magnitudes":
        values = 10.0 ** generator.uniform(-300, 300, shape)
    elif kind == "outlier":
        values[generator.integers(shape[0])] = 10.0 ** generator.uniform(3, 8)
    elif kind == "copies":
        values = values[generator.integers(0, min(3, shape[0]), shape[0])]
    elif kind in ("tiny", "huge"):
        values = values * (1e-300 if kind == "tiny" else 1e300)
    elif kind == "nights":
        values = np.where(generator.random(shape) < 0.6, 0.0, values)
    elif kind == "signs":
        values = values - 0.5
    elif kind == "near":
        values = 1.0 + 1e-6 * values
    return values


def weights_of(kind: str, generator: np.random.Generator, n: int) -> np.ndarray:
    weights = np.ones(n) if kind == "equal" else generator.dirichlet(np.ones(n))
    chosen = generator.random(n) < 0.3
    chosen[generator.integers(n)] = False
    if kind in ("small", "zeros"):
        weights = np.where(chosen, 1e-12 if kind == "small" else 0.0, weights)
    return np.asarray(weights / weights.sum())


def ground_costs(adversary: Adversary) -> np.ndarray:
    """Return d^r from row i to candidate j by another way than the program's; `sliced` has none."""
    days, options, order = adversary.days, adversary.options, adversary.order
    if options["metric"] == "precomputed":
        return np.asarray(options["matrix"] ** order)
    ground_options = GroundOptions(options["metric"], order)
    if options["metric"] == "sliced":
        distances = pairwise_distances(days, ground_options)
        return member_costs(distances, np.arange(days.n_scenarios))
    ground = ground_metric(days, ground_options)
    scaled = days.values / np.array(ground.scales)
    if options["metric"] == "duration":
        scaled = np.sort(scaled, axis=1)
    if options["metric"] != "wasserstein":
        return np.asarray((np.abs(scaled[:, None] - scaled[None]) ** order).mean(axis=2).sum(axis=2))
    steps = np.arange(days.n_steps)
    hours = (np.abs(np.subtract.outer(steps, steps)) * (ground.shift_cost or 0.0)) ** order
    costs = np.zeros((len(scaled), len(scaled)))
    for i, j in combinations(range(len(scaled)), 2):
        atoms = hours + (np.abs(scaled[i][:, None] - scaled[j][None]) ** order).sum(axis=2)
        costs[i, j] = costs[j, i] = atoms[linear_sum_assignment(atoms)].mean()
    return costs


def transported(costs: np.ndarray, p: np.ndarray, q: np.ndarray) -> float:
    """Return W(p, q) by POT, in units of the largest cost."""
    import ot

    largest = float(costs.max())
    if largest == 0:
        return 0.0
    return float(ot.emd2(p, q * (p.sum() / q.sum()), costs / largest, numItermax=1_000_000)) * largest


def barred(found: Reduction, medoids: np.ndarray, options: dict[str, Any]) -> np.ndarray:
    """Return which rows may not be represented by which medoids."""
    closed = np.zeros((len(found.assignment), len(medoids)), dtype=bool)
    if "group_by" in options:
        groups = np.array(found.original.groups)
        closed |= groups[:, None] != groups[medoids]
    if options.get("extreme_weight") == "single" and len(medoids) < len(found.assignment):
        closed[:, np.isin(medoids, [extreme.row for extreme in found.extremes])] = True
    closed[medoids, np.arange(len(medoids))] = False
    return closed


def least_of_conditions(found: Reduction, used: np.ndarray, options: dict[str, Any]) -> float:
    """Return the least cost of any probabilities of these scenarios that meet the conditions, by scipy."""
    p, (n, k), largest = found.original.probabilities, used.shape, used.max()
    closed = barred(found, found.medoids, options).ravel()
    low, high = np.full(k, options.get("min_probability", 0.0)), np.full(k, options.get("max_probability", 1.0))
    if found.probabilities is None or "equal_probabilities" in options or options.get("extreme_weight") == "single":
        low = high = found.scenarios.probabilities
    to_each = np.tile(np.eye(k), n)
    rows, right = [np.repeat(np.eye(n), k, axis=1)], [p]
    for name in found.original.names if options.get("preserve") == "mean" else ["a"] if "preserve" in options else []:
        means = found.original.values[:, :, found.original.names.index(name)].mean(axis=1)
        off = means - (p * means).sum()
        kept = off[found.medoids] / (np.abs(off).max() or 1.0)
        apart = np.diff(np.sort(kept))
        if apart.size and apart.max() > 0 and apart[apart > 0].min() < LEAST_APART:
            return np.inf
        rows.append(np.tile(kept, n)[None])
        right.append(np.zeros(1))
    best = linprog(
        (used / (largest or 1.0)).ravel(),
        np.vstack([-to_each, to_each]),
        np.concatenate([-low, high]) + 1e-12,
        np.vstack(rows),
        np.concatenate(right),
        np.column_stack([np.zeros(n * k), np.where(closed, 0.0, np.inf)]),
    )
    return float(best.fun) * largest if best.status == 0 else np.inf


def least_of_all(found: Reduction, costs: np.ndarray, options: dict[str, Any]) -> float:
    """Return the least cost of any choice that the conditions allow, with any probabilities."""
    p, n, k = found.original.probabilities, len(found.assignment), len(found.medoids)
    held = set(options.get("fixed", [])) | {extreme.row for extreme in found.extremes}
    groups = np.array(found.original.groups)
    numbers = sorted(groups[found.medoids])
    least = np.inf
    for chosen in combinations(range(n), k):
        medoids = np.array(chosen)
        if not held <= set(chosen) or ("group_by" in options and sorted(groups[medoids]) != numbers):
            continue
        near = np.where(barred(found, medoids, options), np.inf, costs[:, medoids]).min(axis=1)
        least = min(least, float((p * np.where(p > 0, near, 0.0)).sum()))
    return least


def check(adversary: Adversary, found: Reduction) -> None:
    """Fail where a cost, a bound, a proof or a condition is wrong."""
    options = adversary.options
    costs = ground_costs(adversary)
    p, q = found.original.probabilities, found.scenarios.probabilities
    used = costs[:, found.medoids]
    assert abs(q.sum() - 1) <= 1e-12
    assert q.min() >= options.get("min_probability", 0.0) - 1e-12
    assert q.max() <= options.get("max_probability", 1.0) + 1e-12
    if options.get("extreme_weight") != "single" and "group_by" not in options:
        referee = transported(used, p, q)
        assert abs(found.cost - referee) <= SAME * referee + ROUNDING * used.max(), (found.cost, referee)
    elif "group_by" in options and found.scenarios.groups:
        referee = 0.0
        for name in set(found.original.groups):
            inside, kept = np.array(found.original.groups) == name, np.array(found.scenarios.groups) == name
            if p[inside].sum() > 0:
                referee += transported(used[np.ix_(inside, kept)], p[inside], q[kept])
        assert abs(found.cost - referee) <= SAME * referee + ROUNDING * used.max(), (found.cost, referee)
    assert found.cost <= least_of_conditions(found, used, options) * (1 + SAME) + TOLERANCE * used.max()
    least = least_of_all(found, costs, options)
    allowance = ROUNDING * costs.max()
    assert found.cost >= least * (1 - SAME) - allowance, (found.cost, least)
    assert found.lower_bound is not None
    assert found.lower_bound <= least * (1 + 1e-9) + allowance, (found.lower_bound, least)
    assert found.lower_bound <= found.cost
    if found.is_optimal:
        assert found.cost <= least * (1 + PROVEN) + allowance, (found.cost, least)
    for name in ("a", "b") if options.get("preserve") == "mean" else ("a",) if "preserve" in options else ():
        if name in found.original.names:
            means = found.original.values[:, :, found.original.names.index(name)].mean(axis=1)
            spread = np.abs(means - (p * means).sum()).max()
            assert (
                abs((q * means[found.medoids]).sum() - (p * means).sum()) <= 1e-9 * spread + 1e-12 * np.abs(means).max()
            )


def trial(seed: int) -> str:
    """Return 'solved', or the class of a refusal and its first words."""
    adversary = draw(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ScenredWarning)
        try:
            found = generate(adversary.days, adversary.k, **adversary.options)
        except ScenredError as refusal:
            message = str(refusal)
            return f"{type(refusal).__name__}: {NUMBER.sub('#', message)[:60]}" if "\n" not in message else message
        with np.errstate(all="ignore"):
            check(adversary, found)
    return "solved"


@pytest.mark.parametrize("seed", range(QUICK))
def test_numbers_that_are_made_to_break_them(seed: int) -> None:
    assert "\n" not in trial(seed)


@pytest.mark.slow
def test_a_thousand_of_them() -> None:
    outcomes: Counter[str] = Counter()
    wrong: dict[int, str] = {}
    for seed in range(QUICK, QUICK + SLOW):
        try:
            outcomes[trial(seed)] += 1
        except Exception as error:  # noqa: BLE001 - counted, then reported together
            wrong[seed] = repr(error)[:300]
    print(*outcomes.most_common(), sep="\n")  # noqa: T201 - shown with -s
    assert not wrong
    assert not [outcome for outcome in outcomes if "\n" in outcome]
    assert outcomes["solved"] >= SLOW / 2
