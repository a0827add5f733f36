"""The methods that are compared: those of `reduce`, and k-means centroids as a baseline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import get_args

import numpy as np

from scenred.arrays import weighted_sum
from scenred.model import DistanceMatrix, ScenarioSet
from scenred.options import Method, SearchOptions
from scenred.reduction import reduce

Kept = Callable[[ScenarioSet, DistanceMatrix, int, int], ScenarioSet]


def kmeans_centroids(original: ScenarioSet, distances: DistanceMatrix, k: int, seed: int) -> ScenarioSet:
    """Return the weighted means of clusters (scikit-learn) on scaled values: not real periods."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    scales = np.array(distances.ground.scales)
    points = (original.values / scales).reshape(original.n_scenarios, -1)
    with threadpool_limits(1):  # sums over several threads depend on their number
        model = KMeans(k, n_init=10, random_state=seed).fit(points, sample_weight=original.probabilities)
    masses = np.bincount(model.labels_, original.probabilities, k).astype(np.float64)
    clusters = [np.flatnonzero(model.labels_ == cluster) for cluster in range(k)]
    centroids = model.cluster_centers_.reshape(k, *original.values.shape[1:]) * scales
    for cluster in np.flatnonzero(masses > 0):  # its own sums depend on the processor
        rows = clusters[cluster]
        centroids[cluster] = weighted_sum(original.probabilities[rows], original.values[rows]) / masses[cluster]
    return replace(original, values=centroids, probabilities=masses, labels=(), starts=None, groups=())


def _reduced(method: Method, original: ScenarioSet, distances: DistanceMatrix, k: int, seed: int) -> ScenarioSet:
    return reduce(original, distances, k, SearchOptions(method=method, seed=seed)).scenarios


METHODS: dict[str, Kept] = {
    **{name: partial(_reduced, name) for name in get_args(Method)},
    "kmeans": kmeans_centroids,
}
