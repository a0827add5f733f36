"""What conditions cost."""

from __future__ import annotations

import numpy as np
import pytest

from scenred import Column, DistanceMatrix, GroundMetric, ScenarioSet
from scenred.options import Conditions, SearchOptions
from scenred.reduction import Demands, reduce_constrained

FORWARD = SearchOptions(method="forward")


def test_a_condition_that_leads_the_search_to_a_better_choice_costs_nothing() -> None:
    """Points 0, 1, 2 of masses 2, 1, 2: forward selection begins in the middle and loses 2/5, the ends lose 1/5."""
    points = np.arange(3.0)
    days = ScenarioSet((Column("x"),), points.reshape(3, 1, 1), np.array([0.4, 0.2, 0.4]))
    costs = np.abs(points[:, None] - points).astype(np.float32)
    distances = DistanceMatrix(costs, GroundMetric("precomputed", 1.0))

    free = reduce_constrained(days, distances, 2, Demands.of(days, Conditions()), FORWARD)
    found = reduce_constrained(days, distances, 2, Demands.of(days, Conditions(fixed=(0,))), FORWARD)

    (paid,) = found.payments
    assert free.cost == pytest.approx(0.4)
    assert found.cost == pytest.approx(0.2)
    assert paid.before == paid.after == found.cost
