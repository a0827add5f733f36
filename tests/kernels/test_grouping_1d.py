"""Groups on the line against dynamic programming over all cuts, in exact arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from scenred.kernels import grouping_1d
from scenred.kernels.grouping_1d import best_segments


def cost(x: list[Fraction], w: list[int], i: int, j: int, order: int) -> Fraction:
    """Return what values i to j-1 cost about their centre."""
    mass = sum(w[i:j])
    if order == 2:
        mean = sum((a * b for a, b in zip(x[i:j], w[i:j], strict=True)), Fraction(0)) / mass
        return sum((b * (a - mean) ** 2 for a, b in zip(x[i:j], w[i:j], strict=True)), Fraction(0))
    return min(sum((b * abs(a - z) for a, b in zip(x[i:j], w[i:j], strict=True)), Fraction(0)) for z in x[i:j])


def least_costs(x: list[Fraction], w: list[int], order: int) -> list[Fraction]:
    """Return the least cost of 1, 2, ... n groups by trying every last cut."""
    n = len(x)
    table = [[cost(x, w, i, j, order) if i < j else Fraction(0) for j in range(n + 1)] for i in range(n)]
    before = [table[0][j] for j in range(n + 1)]
    found = [before[n]]
    for q in range(2, n + 1):
        now = [Fraction(0)] * (n + 1)
        for j in range(q, n + 1):
            now[j] = min(before[i] + table[i][j] for i in range(q - 1, j))
        before = now
        found.append(before[n])
    return found


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("kind", ["spread", "dense", "even", "heavy"])
def test_every_number_of_groups_costs_least(order: int, kind: str) -> None:
    generator = np.random.default_rng([order, len(kind)])
    for _ in range(4):
        values = {
            "spread": generator.integers(0, 3000, 22),
            "dense": generator.integers(0, 30, 40),
            "even": np.arange(20),
            "heavy": np.round(np.exp(3 * generator.normal(size=20))).astype(int),
        }[kind]
        x = np.unique(values)
        w = np.ones(len(x), int) if kind == "even" else generator.integers(1, 9, len(x))
        exact = [Fraction(value) for value in x.tolist()]
        expected = least_costs(exact, w.tolist(), order)

        for k in range(1, len(x) + 1):
            begins, centres = best_segments(x.astype(float), w.astype(float), k, order)

            ends = [*begins[1:].tolist(), len(x)]
            assert len(begins) == len(centres) == k
            ours = sum(
                (cost(exact, w.tolist(), i, j, order) for i, j in zip(begins.tolist(), ends, strict=True)),
                Fraction(0),
            )
            assert float(ours) == pytest.approx(float(expected[k - 1]), rel=1e-12, abs=1e-10)


def test_centres_are_means_and_lower_medians() -> None:
    x, w = np.array([0.0, 1.0, 5.0, 10.0]), np.array([1.0, 1.0, 1.0, 3.0])

    assert best_segments(x, w, 1, 1)[1].tolist() == [5.0]
    assert best_segments(x, w, 2, 1)[1].tolist() == [1.0, 10.0]
    assert best_segments(x, w, 2, 2)[1].tolist() == [2.0, 10.0]


def test_values_far_from_zero_keep_their_groups() -> None:
    x = 1e9 + np.array([0.0, 1.0, 2.0, 100.0, 101.0, 102.0])

    begins, centres = best_segments(x, np.ones(6), 2, 2)

    assert begins.tolist() == [0, 3]
    assert centres.tolist() == [1e9 + 1, 1e9 + 101]


def wide_values(kind: str, generator: np.random.Generator, n: int) -> np.ndarray:
    """Return values whose squares span more than a double's digits."""
    kinds: dict[str, np.ndarray] = {
        "decades": 10 ** generator.uniform(-8, 8, n),
        "both signs": generator.choice([-1, 1], n) * 10 ** generator.uniform(-8, 8, n),
        "hundreds of decades": 10 ** generator.uniform(-130, 130, n),
        "two clusters": np.append(generator.random(n // 2), 1e9 + generator.random(n - n // 2)),
        "two near points": np.append(1 + 1e-13 * generator.integers(0, 900, n - 2), [-1e12, 1e14]),
        "cauchy": generator.standard_cauchy(n) ** 3,
        "one far": np.append(generator.random(n - 1), 1e9),
    }
    return kinds[kind]


WIDE = ("decades", "both signs", "two clusters", "cauchy", "one far")


@pytest.mark.parametrize("scale", [1.0, 1e-160, 1e160])
@pytest.mark.parametrize(
    ("order", "kind"),
    [
        *((order, kind) for order in (1, 2) for kind in WIDE),
        (2, "hundreds of decades"),
        (2, "two near points"),
    ],
)
def test_wide_samples_cost_least_at_every_number_of_groups(order: int, kind: str, scale: float) -> None:
    generator = np.random.default_rng(len(kind))
    for _ in range(3):
        x = np.unique(wide_values(kind, generator, 14) * scale)
        w = generator.integers(1, 9, len(x))
        exact, masses = [Fraction(value) for value in x.tolist()], w.tolist()
        expected = least_costs(exact, masses, order)

        for k in range(1, len(x) + 1):
            begins, _ = best_segments(x, w.astype(float), k, order)

            ends = [*begins[1:].tolist(), len(x)]
            ours = sum(cost(exact, masses, i, j, order) for i, j in zip(begins.tolist(), ends, strict=True))
            assert expected[k - 1] <= ours <= expected[k - 1] * (1 + Fraction(1, 10**12))


@pytest.mark.parametrize("order", [1, 2])
def test_prices_between_those_of_two_paths_find_the_least_cost_too(monkeypatch: pytest.MonkeyPatch, order: int) -> None:
    monkeypatch.setattr(grouping_1d, "FEW_PRICES", 0)
    monkeypatch.setattr(grouping_1d, "N_GUESSES", 0)
    x = np.unique(np.random.default_rng(order).integers(0, 3000, 18))
    exact, w = [Fraction(value) for value in x.tolist()], [1] * len(x)
    expected = least_costs(exact, w, order)

    for k in range(1, len(x) + 1):
        begins, _ = best_segments(x.astype(float), np.ones(len(x)), k, order)

        ends = [*begins[1:].tolist(), len(x)]
        ours = sum((cost(exact, w, i, j, order) for i, j in zip(begins.tolist(), ends, strict=True)), Fraction(0))
        assert ours == expected[k - 1]
