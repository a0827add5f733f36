"""The street from an input to scenarios on one page: read, slice, measure, reduce.

What judges scenarios is in `judging`, what hands them to other tools in `handover`, what draws them from a forecast
in `forecasting`: each loads when it is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from scenred import reduction
from scenred.api.inputs import inspect, read_input, reading_of
from scenred.api.stages import slice_periods
from scenred.errors import RequestError, UsageError
from scenred.io.files.timer import countdown
from scenred.io.opening.open import Sources, open_tables
from scenred.io.records.dates import read_dates
from scenred.io.records.manifest import read_manifest
from scenred.io.records.matrix import read_matrix
from scenred.io.records.scenario_table import is_scenario_table, read_scenarios
from scenred.io.series.columns import ColumnChoice
from scenred.io.series.series import read_series, series_of
from scenred.metrics import (
    DEFAULT_METRIC,
    distances_to,
    ground_metric,
    pairwise_distances,
    precomputed_distances,
    thin,
)
from scenred.model import Column, DistanceMatrix, Reduction, ScenarioSet
from scenred.options import (
    Align,
    Conditions,
    ExtremeWeight,
    Method,
    Metric,
    Reading,
    SearchOptions,
    Share,
    Work,
)
from scenred.options.cutting import DEFAULT_PERIOD
from scenred.options.declare import group_of
from scenred.periods.groups import GROUP, grouped
from scenred.periods.sites import split_sites
from scenred.reduction import HeldRows, reduce_constrained

__all__ = [
    "DEFAULT_PERIOD",
    "GROUP",
    "apply",
    "curve",
    "dates_of",
    "distances_to",
    "generate",
    "ground_metric",
    "inspect",
    "measure",
    "pairwise_distances",
    "precomputed_distances",
    "read_input",
    "read_matrix",
    "read_scenarios",
    "read_series",
    "reduce",
    "slice_periods",
    "smallest",
    "split_sites",
    "thin",
]

Progress = Callable[[str, float], None]


def reduce(
    original: ScenarioSet,
    distances: DistanceMatrix,
    n_scenarios: int = 10,
    *,
    fixed: Any = (),
    excluded: Any = (),
    alone: Any = (),
    **keywords: Any,
) -> Reduction:
    """Keep scenarios; see `reduction.reduce`."""
    search, work = group_of(SearchOptions, keywords), group_of(Work, keywords)
    rows = HeldRows.of(fixed, excluded, alone)
    return reduction.reduce(original, distances, n_scenarios, search, rows, work)


def smallest(
    original: ScenarioSet,
    distances: DistanceMatrix,
    tolerance: float,
    *,
    fixed: Any = (),
    excluded: Any = (),
    alone: Any = (),
    **keywords: Any,
) -> Reduction:
    """Keep as few as lose no more; see `reduction.smallest`."""
    search, work = group_of(SearchOptions, keywords), group_of(Work, keywords)
    rows = HeldRows.of(fixed, excluded, alone)
    return reduction.smallest(original, distances, tolerance, search, rows, work)


def curve(original: ScenarioSet, distances: DistanceMatrix, most: int = 50, **keywords: Any) -> Any:
    """Tabulate costs; see `reduction.curve`."""
    tell, left = keywords.pop("on_fraction", None), keywords.pop("time_left", None)
    search, work = group_of(SearchOptions, keywords), group_of(Work, keywords)
    if tell is not None:
        work = replace(work, progress=lambda _stage, fraction: tell(fraction))
    if left is not None:
        work = replace(work, time_left=left)
    return reduction.curve(original, distances, most, search, work)


def generate(
    source: Sources | ScenarioSet,
    n_scenarios: int | Mapping[str, int] | None = None,
    *,
    tolerance: float | None = None,
    keep: Sequence[str] = (),
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    extreme_weight: ExtremeWeight = "cluster",
    installed: Mapping[str, float] | None = None,
    preserve: str | Sequence[str] = (),
    equal_probabilities: bool = False,
    min_probability: float = 0.0,
    max_probability: float = 1.0,
    group_by: str | None = None,
    share: Share = "mass",
    time: str | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | str | None = None,
    reading: Reading | Mapping[str, Any] | None = None,
    period: str | None = None,
    align: Align = "midnight",
    metric: Metric | None = None,
    order: float = 1,
    shift_cost: float | None = None,
    directions: int | None = None,
    column_weights: Mapping[str, float] | None = None,
    matrix: npt.ArrayLike | None = None,
    method: Method = "kmedoids",
    gap: float = 1e-4,
    bound: bool = True,
    require_optimal: bool = False,
    time_limit: float | None = None,
    n_starts: int = 10,
    seed: int = 0,
    fixed: Sequence[int] = (),
    n_threads: int | None = None,
    progress: Progress | None = None,
) -> Reduction:
    """Turn time series, or a scenario table, into representative scenarios with probabilities.

    Parameters
    ----------
    source : path, '-', pandas.DataFrame or ScenarioSet
        A regular series with a time column, or a scenario table (columns `scenario` and `probability`), whose
        probabilities then are the weights, or what `read_input` made of either.
    n_scenarios : int or mapping of str to int, optional
        How many to keep, from 1 to the number of periods, all that is kept for a reason included; 10 unless told. With
        groups, also by group.
    tolerance : float, optional
        Keep as few as lose no more than this share of the best single scenario's cost; see `smallest`.
    keep, include, exclude, extreme_weight, installed
        Extremes such as 'min:wind+pv' and dates that stay, dates that are left out; see docs/planning.md.
    preserve, equal_probabilities, min_probability, max_probability
        'mean': probabilities that make every column's mean that of the input, and other scenarios where these cannot
        or only dearly; or equal probabilities, or bounds; see docs/planning.md.
    group_by, share
        Reduce groups each by itself: 'season', 'month', 'weekday', 'year', or a column; and how k is shared out.
    time, columns, wind, pv, capacity, reading
        What to read, and how; see `read_series`.
    period, align
        How to cut a series, '24h' from midnight unless told; see `slice_periods`.
    metric, order, shift_cost, directions, column_weights
        The ground metric; see `ground_metric`. With a matrix 'precomputed'.
    matrix : array_like of shape (n, n), optional
        Ground distances that were computed elsewhere; see `precomputed_distances`.
    method, gap, bound, require_optimal, n_starts, seed, fixed
        The search and its certificate; see `reduce`.
    time_limit : float, optional
        Seconds, above 0, after which the best found so far is returned with its bound. Without it the same
        input and options give the same result on any machine.
    n_threads : int, optional
        At least 1; as many as there are processors unless told. The result does not depend on it.
    progress : callable, optional
        Called as `progress(stage, fraction)` while work is done.

    Returns
    -------
    Reduction
        `.scenarios` is the reduced set, `.to_frame()` its table, `.to_map()` the period map.

    Raises
    ------
    InputError
        When the input is refused.
    RequestError
        When this input cannot fulfil the request.
    SolverError
        When the optimum is required and not proven.

    Notes
    -----
    n**2 / 2 distances (see `pairwise_distances`) and a few n**2 steps a start, 4 n**2 bytes, for n periods.

    Examples
    --------
    >>> import pandas as pd
    >>> hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h")
    >>> wind = 0.5 + 0.5 * np.sin(np.arange(24 * 60) / 3.1)
    >>> reduction = generate(pd.DataFrame({"wind": wind}, index=hours), 3)
    >>> reduction.scenarios.values.shape, float(reduction.scenarios.probabilities.sum())
    ((3, 24, 1), 1.0)
    """
    time_left = countdown(time_limit)
    _check_size(n_scenarios, tolerance, group_by)
    told: dict[str, Any] = {
        "reading": reading,
        "time": time,
        "columns": columns,
        "wind": wind,
        "pv": pv,
        "capacity": capacity,
        "period": period,
    }
    if not isinstance(source, ScenarioSet):
        original = read_input(source, **told, align=align, group_by=group_by)
    elif given := [name for name, value in (told | {"align": align != "midnight"}).items() if value]:
        raise RequestError(f"a scenario set is already read and cut; leave out {', '.join(given)}")
    else:
        original = source if group_by is None else grouped(source, group_by)
    conditions = Conditions(
        keep=keep,
        include=include,
        exclude=exclude,
        extreme_weight=extreme_weight,
        installed=installed,
        fixed=fixed,
        preserve=(preserve,) if isinstance(preserve, str) else preserve,
        equal_probabilities=equal_probabilities,
        min_probability=min_probability,
        max_probability=max_probability,
        group_by=group_by,
        share=share,
    )
    distances = measure(
        original,
        matrix,
        metric=metric,
        n_threads=n_threads,
        progress=progress,
        order=order,
        shift_cost=shift_cost,
        directions=directions,
        column_weights=column_weights,
    )
    search = SearchOptions(method, gap, bound, require_optimal, time_limit, n_starts, seed)
    work = Work(n_threads, progress, time_left)
    wanted = 10 if n_scenarios is None else n_scenarios
    return reduce_constrained(original, distances, wanted, conditions, search, work, tolerance=tolerance)


def _check_size(n_scenarios: object, tolerance: float | None, group_by: str | None) -> None:
    """Refuse two answers to the question how many stay, or one that belongs to groups without them."""
    if n_scenarios is not None and tolerance is not None:
        raise UsageError("a number of scenarios and a tolerance are both given; choose one")
    if tolerance is not None and group_by is not None:
        raise UsageError("a tolerance and groups are both given; give a number of scenarios for groups")
    if isinstance(n_scenarios, Mapping) and group_by is None:
        raise UsageError("numbers are given by group and there are no groups; say what to group by")


def dates_of(texts: Sequence[str]) -> list[str]:
    """Give dates as they stand, and those of the file for each `@FILE`."""
    return [date for text in texts for date in (read_dates(text[1:]) if text.startswith("@") else [text])]


def apply(
    manifest: str | os.PathLike[str],
    source: Sources,
    *,
    time: str | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | str | None = None,
    reading: Reading | Mapping[str, Any] | None = None,
) -> ScenarioSet:
    """Apply the dates and probabilities of an earlier reduction to other columns of the same calendar.

    Parameters
    ----------
    manifest : path
        Of the earlier reduction.
    source : path, '-' or pandas.DataFrame, or several to join on time
        A series: load, prices, another site.
    time, columns, wind, pv, capacity, reading
        What to read, and how; see `read_series`.

    Returns
    -------
    ScenarioSet
        The same scenarios with the values of the series.

    Raises
    ------
    InputError
        When the manifest or the series is refused.
    RequestError
        When the series does not hold all scenarios; see `Replay.applied_to`.
    """
    replay, (how, cutting) = read_manifest(manifest), reading_of(reading)
    replay.check_cutting(cutting)
    tables = open_tables(source, how)
    if is_scenario_table(tables[0]):
        raise RequestError(
            f"{tables[0].name}: is a scenario table; scenarios are applied to a series, with a column of times"
        )
    return replay.applied_to(series_of(tables, ColumnChoice(columns, wind, pv, capacity), time))


def measure(
    original: ScenarioSet,
    matrix: npt.ArrayLike | None = None,
    *,
    metric: Metric | None = None,
    n_threads: int | None = None,
    progress: Progress | None = None,
    **ground: Any,
) -> DistanceMatrix:
    """Compute the ground costs of all pairs, or take those of a matrix.

    Parameters
    ----------
    original : ScenarioSet
    matrix : array_like of shape (n, n), optional
        See `precomputed_distances`.
    metric, **ground
        See `pairwise_distances`.
    n_threads, progress
        As in `generate`.

    Returns
    -------
    DistanceMatrix

    Raises
    ------
    RequestError
        When a matrix and another metric are given, or as the two functions do.
    """
    if matrix is not None:
        if metric not in (None, "precomputed"):
            raise RequestError(f"a matrix is given, and metric {metric!r}; leave one of them out")
        return precomputed_distances(original, matrix, **ground)
    tell: Progress = progress or (lambda _stage, _fraction: None)
    return pairwise_distances(
        original,
        DEFAULT_METRIC if metric is None else metric,
        n_threads=n_threads,
        on_fraction=partial(tell, "distances"),
        **ground,
    )


def compile_kernels(
    metric: Metric = DEFAULT_METRIC,
    progress: Progress | None = None,
    *,
    method: Method = "kmedoids",
    bound: bool = True,
) -> None:
    """Compile the kernels, or load them where that was done before, by a tiny reduction.

    Any first call does that by itself; call this to keep compilation (some seconds, once per machine) out of
    a measurement, or to tell of it.

    Parameters
    ----------
    metric : str
        The ground metric that will be used.
    progress : callable, optional
        As in `generate`.
    method, bound
        What the kernels are for.
    """
    tell: Progress = progress or (lambda _stage, _fraction: None)
    stage = "compiling, once per machine"
    tiny = ScenarioSet((Column("wind"),), np.linspace(0, 1, 4).reshape(4, 1, 1), np.full(4, 0.25))
    tell(stage, 0.0)
    distances = pairwise_distances(tiny, "pointwise" if metric == "precomputed" else metric, n_threads=1)
    tell(stage, 0.25)
    reduce(tiny, distances, 2, n_starts=1, n_threads=1, method=method, bound=bound)
    tell(stage, 1.0)
