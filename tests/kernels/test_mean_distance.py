"""Mean distances between clouds against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from scenred.kernels import mean_distance as module
from scenred.kernels.mean_distance import mean_distance


@pytest.mark.parametrize("n_dimensions", [1, 3, 4, 5, 8, 11])
def test_mean_distance_is_that_of_scipy(n_dimensions: int) -> None:
    generator = np.random.default_rng(n_dimensions)
    x, y = generator.random((7, n_dimensions)), generator.random((5, n_dimensions)) + 0.5
    p, q = generator.dirichlet(np.ones(7)), generator.dirichlet(np.ones(5))

    assert mean_distance(x, p, y, q) == pytest.approx(p @ cdist(x, y) @ q, rel=1e-12)
    assert mean_distance(x, p, x, p) == pytest.approx(p @ cdist(x, x) @ p, rel=1e-12)


def test_tiles_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(0)
    x, p = generator.random((10, 6)), generator.dirichlet(np.ones(10))
    y, q = generator.random((9, 6)), generator.dirichlet(np.ones(9))
    monkeypatch.setattr(module, "TILE", 4)

    assert mean_distance(x, p, y, q) == pytest.approx(p @ cdist(x, y) @ q, rel=1e-12)
    assert mean_distance(x, p, x, p) == pytest.approx(p @ cdist(x, x) @ p, rel=1e-12)
