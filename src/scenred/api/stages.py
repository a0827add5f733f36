"""The stages one by one, for those who join them themselves: options as keywords, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

import numpy.typing as npt
import pandas as pd

from scenred import metrics, reduction
from scenred.api.apply import ApplyKeywords
from scenred.api.generate import started
from scenred.api.inputs import GivenReading, InputOptions
from scenred.io.opening.open import Sources, open_tables
from scenred.io.records import scenario_table
from scenred.io.series.series import series_of
from scenred.metrics import distances_to
from scenred.model import DistanceMatrix, GroundMetric, Reduction, ScenarioSet, Series
from scenred.options import Calendar, Cutting, GroundOptions, Metric, SearchOptions, Work
from scenred.options.amount import DEFAULT_AMOUNT, DEFAULT_MOST
from scenred.options.declare import check_keywords, group_of
from scenred.options.ground import DEFAULT_METRIC
from scenred.options.keywords import CuttingKeywords, GroundKeywords, SearchKeywords, WorkKeywords
from scenred.periods import slicing
from scenred.periods.sites import split_sites
from scenred.reduction.held_rows import HeldRows

__all__ = [
    "curve",
    "distances_to",
    "ground_metric",
    "pairwise_distances",
    "precomputed_distances",
    "read_scenarios",
    "read_series",
    "reduce",
    "slice_periods",
    "smallest",
    "split_sites",
]


class MeasureKeywords(GroundKeywords, WorkKeywords, total=False):
    """Keywords of `GroundOptions` and `Work`."""


class ReduceKeywords(SearchKeywords, WorkKeywords, total=False):
    """Keywords of `SearchOptions` and `Work`."""


def read_series(source: Sources, *, reading: GivenReading = None, **keywords: Unpack[ApplyKeywords]) -> Series:
    """Read a regular time series.

    Parameters
    ----------
    source : path, '-' or pandas.DataFrame, or several of them
        A table with a header, as text (`-` is standard input), Excel, Parquet or NetCDF; or a folder of them. A
        frame has a time index or a time column. Several are joined on time.
    reading, **keywords
        Options of `Columns` and `Reading`.

    Raises
    ------
    InputError
        If the file cannot be read; a cell is empty, not a number or infinite; a time is duplicated or missing, or
        breaks the step; the offset from UTC changes; and no option says what to do.
    RequestError
        If a column or capacity names a column that is not there, or a capacity is not above 0.

    Examples
    --------
    >>> import pandas as pd
    >>> hours = pd.date_range("2019-07-02", periods=3, freq="h")
    >>> series = read_series(pd.DataFrame({"wind_north": [0.1, 0.4, 0.2]}, index=hours))
    >>> series.columns[0].kind, series.step, series.values.shape
    ('wind', Timedelta('0 days 01:00:00'), (3, 1))
    """
    check_keywords(keywords, ApplyKeywords)
    inputs = InputOptions.of(keywords, reading)
    return series_of(open_tables(source, inputs.reading), inputs.columns)


def read_scenarios(source: Sources, *, reading: GivenReading = None, **keywords: Unpack[ApplyKeywords]) -> ScenarioSet:
    """Read a scenario table, whose order and probabilities stay; see docs/generate.md for its columns.

    The parameters are those of `read_series`; raise an InputError if it is not a scenario table, or its values or
    probabilities are refused.
    """
    check_keywords(keywords, ApplyKeywords)
    inputs = InputOptions.of(keywords, reading)
    return scenario_table.scenarios_of(open_tables(source, inputs.reading)[0], inputs.columns)


def slice_periods(
    series: Series,
    period: str | pd.Timedelta | None = None,
    /,
    *,
    calendar: Calendar | None = None,
    **keywords: Unpack[CuttingKeywords],
) -> ScenarioSet:
    """Cut a series into periods of equal length and equal probability; see `periods.slicing`, also for the errors.

    Parameters
    ----------
    period : str or pandas.Timedelta, optional
        A multiple of the series' step, such as '6h' or '7D'; 24 hours by default.
    calendar : {'local', 'utc'}, optional
        Whose midnight: by default that of the series' own clock.
    **keywords
        The other options of `Cutting`.

    Examples
    --------
    >>> hours = pd.date_range("2019-01-01", periods=72, freq="h")
    >>> series = read_series(pd.DataFrame({"wind": range(72)}, index=hours))
    >>> slice_periods(series, "6h").values.shape
    (12, 6, 1)
    """
    check_keywords(keywords, CuttingKeywords)
    given = {"period": period, **keywords}
    if isinstance(length := given["period"], pd.Timedelta):
        given["period"] = f"{length.total_seconds():g}s"
    return slicing.slice_periods(series, group_of(Cutting, given), calendar)


def ground_metric(
    scenarios: ScenarioSet, metric: Metric = DEFAULT_METRIC, /, **keywords: Unpack[GroundKeywords]
) -> GroundMetric:
    """Make a ground metric definite by the scenario set that it measures.

    Parameters
    ----------
    scenarios : ScenarioSet
        Gives the scales (capacities, else largest absolute values) and the length of a step.
    metric, **keywords
        Options of `GroundOptions`.

    Returns
    -------
    GroundMetric
        For `distances_to`; a scenario set measured by it needs the same columns and steps.

    Examples
    --------
    >>> import numpy as np
    >>> from scenred import Column
    >>> two = ScenarioSet((Column("wind", "wind", 50.0),), np.array([[[20.0]], [[9.0]]]), np.array([0.5, 0.5]))
    >>> ground_metric(two, "pointwise").scales
    (50.0,)
    """
    check_keywords(keywords, GroundKeywords)
    return metrics.ground_metric(scenarios, group_of(GroundOptions, {"metric": metric, **keywords}))


def pairwise_distances(
    scenarios: ScenarioSet, metric: Metric = DEFAULT_METRIC, /, **keywords: Unpack[MeasureKeywords]
) -> DistanceMatrix:
    """Compute the ground costs of all pairs of a scenario set.

    `metric` and the keywords are options of `GroundOptions` and `Work`; see `metrics.pairwise_distances`, also for what
    is raised and what it costs.

    Examples
    --------
    >>> import numpy as np
    >>> from scenred import Column
    >>> values = np.array([[[1.0], [0.0], [0.0]], [[0.0], [0.0], [1.0]]])
    >>> days = ScenarioSet((Column("wind"),), values, np.array([0.5, 0.5]), step=pd.Timedelta(hours=1))
    >>> round(pairwise_distances(days, "pointwise").distances()[0, 1], 6)
    np.float64(0.666667)
    """
    check_keywords(keywords, MeasureKeywords)
    ground = group_of(GroundOptions, {"metric": metric, **keywords})
    return metrics.pairwise_distances(scenarios, ground, group_of(Work, keywords))


def precomputed_distances(
    scenarios: ScenarioSet, matrix: npt.ArrayLike, **keywords: Unpack[GroundKeywords]
) -> DistanceMatrix:
    """Take ground distances that were computed elsewhere, for example by the planner's own model.

    Parameters
    ----------
    matrix : array_like of shape (n, n)
        matrix[i, j] is the distance when scenario i is represented by scenario j: finite, at least 0, 0 on the
        diagonal. It may be asymmetric: rows are served by columns.
    **keywords
        `order`; other options of `GroundOptions` are refused, since the matrix has settled them.

    Examples
    --------
    >>> import numpy as np
    >>> from scenred import Column
    >>> two = ScenarioSet((Column("wind"),), np.array([[[0.1]], [[0.9]]]), np.array([0.5, 0.5]))
    >>> precomputed_distances(two, [[0, 3], [1, 0]]).costs[0, 1]  # of serving 1 by 0
    np.float32(1.0)
    """
    check_keywords(keywords, GroundKeywords)
    ground = group_of(GroundOptions, {**keywords, "metric": "precomputed"})
    return metrics.precomputed_distances(scenarios, matrix, ground)


def reduce(
    original: ScenarioSet,
    distances: DistanceMatrix,
    n_scenarios: int = DEFAULT_AMOUNT,
    *,
    fixed: Sequence[int] = (),
    excluded: Sequence[int] = (),
    alone: Sequence[int] = (),
    **keywords: Unpack[ReduceKeywords],
) -> Reduction:
    """Keep the scenarios that represent the whole set at the least transport cost, with a certificate.

    See `reduction.reduce`, also for what is raised and what it costs.

    Parameters
    ----------
    distances : DistanceMatrix
        The ground costs of this set, from `pairwise_distances`.
    n_scenarios : int
        How many to keep, from 1 to the number of scenarios.
    fixed, excluded, alone : sequence of int
        Rows of the original that stay, that never do, and that stay and represent only themselves.
    **keywords
        Options of `SearchOptions` and `Work`.

    Examples
    --------
    >>> import numpy as np
    >>> from scenred import Column
    >>> values = np.array([0.1, 0.2, 0.8, 0.9, 0.9]).reshape(5, 1, 1)
    >>> original = ScenarioSet((Column("wind"),), values, np.full(5, 0.2))
    >>> found = reduce(original, pairwise_distances(original), 2)
    >>> found.medoids, found.scenarios.probabilities, found.gap < 1e-4
    (array([0, 3]), array([0.4, 0.6]), True)
    """
    search, work = _search_of(keywords)
    return reduction.reduce(original, distances, n_scenarios, search, HeldRows.of(fixed, excluded, alone), work)


def smallest(
    original: ScenarioSet,
    distances: DistanceMatrix,
    tolerance: float,
    *,
    fixed: Sequence[int] = (),
    excluded: Sequence[int] = (),
    alone: Sequence[int] = (),
    **keywords: Unpack[ReduceKeywords],
) -> Reduction:
    """Keep as few scenarios as lose no more than a share of the best single scenario's cost; see `reduction.smallest`.

    Parameters
    ----------
    original, distances, fixed, excluded, alone, **keywords
        As in `reduce`.
    tolerance : float
        Largest relative cost, above 0 and below 1; what GAMS/SCENRED calls `red_percentage`.
    """
    search, work = _search_of(keywords)
    rows = HeldRows.of(fixed, excluded, alone)
    return reduction.smallest(original, distances, tolerance, search, rows, work)


def curve(
    original: ScenarioSet, distances: DistanceMatrix, most: int = DEFAULT_MOST, **keywords: Unpack[ReduceKeywords]
) -> pd.DataFrame:
    """Tabulate what each number of scenarios costs, from 1 on.

    Parameters
    ----------
    original, distances, **keywords
        As in `reduce`.
    most : int
        Largest number of scenarios, at least 1; the number of periods where that is less.

    Returns
    -------
    pandas.DataFrame
        `k, cost, relative_cost, lower_bound, gap, wasserstein`, one row per k; see `reduction.curve`.
    """
    search, work = _search_of(keywords)
    return reduction.curve(original, distances, most, search, work)


def _search_of(keywords: Mapping[str, object]) -> tuple[SearchOptions, Work]:
    check_keywords(keywords, ReduceKeywords)
    search, work = group_of(SearchOptions, keywords), group_of(Work, keywords)
    return search, started(work, search)
