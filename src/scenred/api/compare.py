"""Methods of reduction side by side: one row of headline scores for each metric, number kept and method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.arrays import Float64
from scenred.errors import RequestError, nearest_name
from scenred.evaluation import headline_values, truth_of
from scenred.metrics import DEFAULT_METRIC, pairwise_distances
from scenred.model import DistanceMatrix, ScenarioSet
from scenred.options import Method as ReductionMethod
from scenred.options import Metric, SearchOptions, Study
from scenred.reduction import reduce

Method = Callable[[ScenarioSet, DistanceMatrix, int, int], ScenarioSet]

HEADLINE = (
    "relative_cost",
    "wasserstein_1",
    "energy_error",
    "duration_curve_rmse",
    "smallest_energy_error",
    "ramp_1h_distance",
    "pearson_error",
    "energy_score_excess",
    "objective_bias",
    "regret",
)


def compare(
    original: ScenarioSet,
    sizes: Sequence[int] = (5, 10),
    methods: Sequence[str] = ("kmedoids", "random"),
    metrics: Sequence[Metric] = (DEFAULT_METRIC,),
    *,
    order: int = 1,
    seed: int = 0,
    study: Study | None = None,
    n_threads: int | None = None,
    **ground: Any,
) -> pd.DataFrame:
    """Reduce a set by several methods and score every result.

    Parameters
    ----------
    original : ScenarioSet
    sizes : sequence of int
        Numbers of scenarios to keep.
    methods : sequence of str
        Of `METHODS`: those of `reduce`, and `kmeans` centroids, a baseline
        whose scenarios never happened.
    metrics : sequence of str
        Ground metrics; the distances are computed once for each.
    order, seed, n_threads
        As in `reduce` and `evaluate`.
    study : Study, optional
        Plan, too: objective bias and regret.
    **ground
        Shift cost, directions and column weights; see `ground_metric`.

    Returns
    -------
    pandas.DataFrame
        `metric, scenarios, method` and the headline scores, each of its worst column.

    Raises
    ------
    RequestError
        For an unknown method, or a number out of range.

    Examples
    --------
    >>> from scenred import Column
    >>> values = np.random.default_rng(0).random((12, 24, 2))
    >>> days = ScenarioSet((Column("wind"), Column("pv")), values, np.full(12, 1 / 12))
    >>> compare(days, [2, 12], ["kmedoids"])["relative_cost"].round(6).tolist()[1]
    0.0
    """
    _check(original, sizes, methods)
    rows: list[dict[str, Any]] = []
    full = None
    for metric in metrics:
        distances = pairwise_distances(original, metric, order=order, n_threads=n_threads, **ground)
        truth = truth_of(original, distances.ground, study, n_threads, full)
        full = truth.full
        for k in sizes:
            for method in methods:
                kept = METHODS[method](original, distances, k, seed)
                values = headline_values(kept, truth, n_threads)
                scores = {name: values[name] for name in HEADLINE if name in values}
                rows.append({"metric": metric, "scenarios": k, "method": method} | scores)
    return pd.DataFrame(rows)


def _check(original: ScenarioSet, sizes: Sequence[int], methods: Sequence[str]) -> None:
    for method in methods:
        if method not in METHODS:
            raise RequestError(f"there is no method {method!r}; {nearest_name(method, METHODS)}")
    for k in sizes:
        if not 1 <= k <= original.n_scenarios:
            raise RequestError(
                f"{k} scenarios are asked for; choose from 1 to {original.n_scenarios}, the number of periods"
            )


def kmeans_centroids(original: ScenarioSet, distances: DistanceMatrix, k: int, seed: int) -> ScenarioSet:
    """Take the weighted means of clusters (scikit-learn) on scaled values: not real periods."""
    from sklearn.cluster import KMeans

    scales = np.array(distances.ground.scales)
    points = (original.values / scales).reshape(original.n_scenarios, -1)
    model = KMeans(k, n_init=10, random_state=seed).fit(points, sample_weight=original.probabilities)
    centroids = model.cluster_centers_.reshape(k, *original.values.shape[1:]) * scales
    return _members(original, centroids, model.labels_.astype(np.int64), k)


def _reduced(method: str, original: ScenarioSet, distances: DistanceMatrix, k: int, seed: int) -> ScenarioSet:
    return reduce(original, distances, k, SearchOptions(method=cast("Any", method), seed=seed)).scenarios


def _members(original: ScenarioSet, values: Float64, nearest: npt.NDArray[np.int64], k: int) -> ScenarioSet:
    masses = np.asarray(np.bincount(nearest, original.probabilities, k), dtype=np.float64)
    return replace(original, values=values, probabilities=masses, labels=(), starts=None, groups=())


METHODS: dict[str, Method] = {
    **{name: partial(_reduced, name) for name in get_args(ReductionMethod)},
    "kmeans": kmeans_centroids,
}
