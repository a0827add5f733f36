"""The stages one by one, for those who join them themselves: options as keywords, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

import numpy.typing as npt
import pandas as pd

from scenred import metrics
from scenred.model import DistanceMatrix, GroundMetric, ScenarioSet, Series
from scenred.options import Calendar, Cutting, GroundOptions, Metric, Work
from scenred.options.declare import group_of
from scenred.options.ground import DEFAULT_METRIC
from scenred.options.keywords import CuttingKeywords
from scenred.periods import slicing


def slice_periods(
    series: Series,
    period: str | pd.Timedelta | None = None,
    *,
    calendar: Calendar | None = None,
    **keywords: Unpack[CuttingKeywords],
) -> ScenarioSet:
    """Cut a series into periods of equal length and equal probability.

    Parameters
    ----------
    series : Series
    period : str or pandas.Timedelta, optional
        A multiple of the series' step, such as '6h' or '7D'; 24 hours by default.
    calendar : {'local', 'utc'}, optional
        Whose midnight: by default that of the series' own clock.
    **keywords
        The other options of `Cutting`.

    Returns
    -------
    ScenarioSet
        See `periods.slicing.slice_periods`, also for what is raised.

    Examples
    --------
    >>> from scenred import read_series
    >>> hours = pd.date_range("2019-01-01", periods=72, freq="h")
    >>> series = read_series(pd.DataFrame({"wind": range(72)}, index=hours))
    >>> slice_periods(series, "6h").values.shape
    (12, 6, 1)
    """
    length = f"{period.total_seconds():g}s" if isinstance(period, pd.Timedelta) else period
    return slicing.slice_periods(series, group_of(Cutting, {"period": length, **keywords}), calendar)


def ground_metric(scenarios: ScenarioSet, metric: Metric = DEFAULT_METRIC, **keywords: Any) -> GroundMetric:
    """Make a ground metric definite by the scenario set it is to measure."""
    return metrics.ground_metric(scenarios, GroundOptions(metric, **keywords))


def pairwise_distances(
    scenarios: ScenarioSet,
    metric: Metric = DEFAULT_METRIC,
    *,
    n_threads: int | None = None,
    on_fraction: Callable[[float], None] | None = None,
    **keywords: Any,
) -> DistanceMatrix:
    """Compute the ground costs of all pairs of a scenario set."""
    progress = None if on_fraction is None else lambda _stage, fraction: on_fraction(fraction)
    return metrics.pairwise_distances(scenarios, GroundOptions(metric, **keywords), Work(n_threads, progress))


def precomputed_distances(scenarios: ScenarioSet, matrix: npt.ArrayLike, **keywords: Any) -> DistanceMatrix:
    """Take ground distances that were computed elsewhere, for example by the planner's own model."""
    return metrics.precomputed_distances(scenarios, matrix, GroundOptions("precomputed", **keywords))
