"""Ground metrics: how far apart two scenarios are, and the costs of all pairs or of pairs with a few.

Columns are divided by their capacity, or by their largest absolute value, and weighted inside the metric
only. The metrics are described in docs/metrics.md.

=============  ====================================================================================
`pointwise`    (1/T sum_t sum_c w_c abs(x_tc - y_tc)^r)^(1/r): the clock, exactly
`duration`     the same between duration curves (each column sorted): how much, not when. For r = 1
               the weighted sum over columns of the 1-D Wasserstein distance of the values
`wasserstein`  exact optimal transport between the clouds of T atoms (time, values): a move by one
               hour costs the shift cost. 0 forgets the clock, a large one is `pointwise`
`sliced`       the sliced version of `wasserstein`, an embedding: for large sets
`precomputed`  distances that the user gives
=============  ====================================================================================
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
