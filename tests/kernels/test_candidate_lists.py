"""Lists of the pairs below the ceilings."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scenred.kernels.candidate_lists import count_below, lists_below


@given(n=st.integers(5, 40), seed=st.integers(0, 1000))
def test_lists_hold_the_pairs_below_the_ceilings(n: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    costs, ceilings = generator.random((n, n)).astype(np.float32), generator.random(n)
    rows = np.arange(0, n, 2)

    lists = lists_below(costs, rows, ceilings)

    pairs = [(int(row), int(i), float(costs[row, i])) for row in rows for i in np.flatnonzero(costs[row] < ceilings)]
    owners = np.repeat(rows, np.diff(lists.first)).tolist()
    assert list(zip(owners, lists.points.tolist(), lists.costs.tolist(), strict=True)) == pairs
    assert count_below(costs, rows, ceilings).tolist() == np.diff(lists.first).tolist()
