"""Ground metrics: how far apart two scenarios are, and the costs of all pairs or of pairs with a few.

Columns are divided by their capacity, or by their largest absolute value, and weighted inside the metric only. Each
metric has its formula in docs/metrics.md.
"""

from scenred.metrics.distances import (
    costs_of_points,
    distances_to,
    measured,
    member_costs,
    pairwise_distances,
    precomputed_distances,
    thin,
)
from scenred.metrics.ground import ground_metric

__all__ = [
    "costs_of_points",
    "distances_to",
    "ground_metric",
    "measured",
    "member_costs",
    "pairwise_distances",
    "precomputed_distances",
    "thin",
]
