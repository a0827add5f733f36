"""The table of a comparison: one row of headline scores for each metric, number of scenarios and method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from scenred.comparison.methods import METHODS
from scenred.errors import RequestError, nearest_name
from scenred.evaluation import headline_values, truth_of
from scenred.metrics import pairwise_distances
from scenred.model import ScenarioSet
from scenred.options import GroundOptions, Metric, Work
from scenred.options.study import Study

HEADLINE = (
    *("relative_cost", "wasserstein_1", "energy_error", "duration_curve_rmse", "smallest_energy_error"),
    *("ramp_1h_distance", "pearson_error", "energy_score_excess", "objective_bias", "regret"),
)


def compare_methods(
    original: ScenarioSet,
    sizes: Sequence[int],
    methods: Sequence[str],
    metrics: Sequence[Metric],
    options: GroundOptions = GroundOptions(),
    *,
    seed: int,
    study: Study | None = None,
    work: Work = Work(),
) -> pd.DataFrame:
    """Reduce a set by several of `METHODS` and score every result; `options` are what the metrics have in common.

    The distances are computed once for each metric, the original's best plan once. A RequestError is raised if there is
    no such method, or a number is out of range.
    """
    _check(original, sizes, methods)
    rows: list[dict[str, Any]] = []
    full = None
    for metric in metrics:
        distances = pairwise_distances(original, replace(options, metric=metric), work)
        truth = truth_of(original, distances.ground, study, work.n_threads, full)
        full = truth.full
        for k in sizes:
            for method in methods:
                kept = METHODS[method](original, distances, k, seed)
                values = headline_values(kept, truth, work.n_threads)
                scores = {name: values[name] for name in HEADLINE if name in values}
                rows.append({"metric": metric, "scenarios": k, "method": method} | scores)
    return pd.DataFrame(rows)


def _check(original: ScenarioSet, sizes: Sequence[int], methods: Sequence[str]) -> None:
    for method in methods:
        if method not in METHODS:
            raise RequestError(f"there is no method {method!r}", advice=nearest_name(method, METHODS))
    for k in sizes:
        if not 1 <= k <= original.n_scenarios:
            raise RequestError(
                f"{k} scenarios are asked for",
                advice=f"choose from 1 to {original.n_scenarios}, the number of periods",
            )
