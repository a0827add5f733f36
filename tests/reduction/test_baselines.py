"""The field's baselines when their time is short."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scenred import ScenarioSet, ScenredWarning, pairwise_distances
from scenred.options import Method, SearchOptions, Work
from scenred.reduction import HeldRows, reduce

Draw = Callable[..., ScenarioSet]


@pytest.mark.parametrize(
    ("method", "met"),
    [("forward", "1 of 10 were selected; the others are drawn"), ("backward", "120 are left; 10 of them")],
)
def test_a_greedy_choice_that_has_no_time_says_so(random_set: Draw, method: Method, met: str) -> None:
    days = random_set(120, n_steps=12)
    search, work = SearchOptions(method=method), Work(time_left=lambda: 0.0)

    with pytest.warns(ScenredWarning, match=f"time ran out: {met}"):
        found = reduce(days, pairwise_distances(days), 10, search, HeldRows.of([7]), work)

    assert len(set(found.medoids.tolist())) == 10
    assert 7 in found.medoids
