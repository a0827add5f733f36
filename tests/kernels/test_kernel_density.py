"""Sums of bells against scipy, which takes an exponential for every pair."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from scenred.kernels.kernel_density import bell_sums


@pytest.mark.parametrize("spacing", [0.02, 0.3, 2.5])
def test_sums_are_those_of_normal_densities(spacing: float) -> None:
    generator = np.random.default_rng(0)
    centres, masses = generator.normal(5, 2, 40), generator.random(40)
    x = -3 + spacing * np.arange(int(16 / spacing))

    found = bell_sums(centres, masses, 0.4, -3.0, spacing, len(x))

    expected = masses @ stats.norm(centres[:, None], 0.4).pdf(x) * 0.4 * np.sqrt(2 * np.pi)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("spacing", [5.0, 11.0, 15.0, 22.0])
def test_wide_spacing_loses_no_node_beside_a_bell(spacing: float) -> None:
    x = spacing * np.arange(-2, 3)
    for centre in (0.49 * spacing, 0.5 * spacing, -0.51 * spacing):
        found = bell_sums(np.array([centre]), np.array([1.0]), 1.0, x[0], spacing, len(x))

        np.testing.assert_allclose(found, np.exp(-0.5 * (x - centre) ** 2), rtol=1e-10, atol=1e-35)


def test_bell_beyond_the_nodes_is_added_at_their_end() -> None:
    found = bell_sums(np.array([-1.0]), np.array([2.0]), 1.0, 0.0, 0.5, 3)

    np.testing.assert_allclose(found, 2 * np.exp(-0.5 * np.array([1.0, 1.5, 2.0]) ** 2), rtol=1e-14)
