"""The whole pipeline on one page: read, slice, measure, reduce."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scenred.comparison import compare
from scenred.errors import RequestError, UsageError
from scenred.evaluation import evaluate_sets, fallen_gates
from scenred.io.clock import countdown
from scenred.io.columns import ColumnChoice
from scenred.io.dates import read_dates
from scenred.io.export import check_format, request_of, write_set
from scenred.io.exports import FORMATS, Entry, Form
from scenred.io.exports.pypsa import Names, to_network
from scenred.io.instances import OPTIMA, Instance, read_instance
from scenred.io.manifest import read_manifest
from scenred.io.matrix import read_matrix
from scenred.io.period_map import read_period_map
from scenred.io.scenarios import is_scenario_table, read_scenarios, scenarios_of
from scenred.io.scorecard import read_certificate
from scenred.io.series import read_series, series_of
from scenred.io.study import read_study
from scenred.io.table import open_table
from scenred.metrics import (
    DEFAULT_METRIC,
    distances_to,
    ground_metric,
    pairwise_distances,
    precomputed_distances,
    thin,
)
from scenred.model import (
    Column,
    DistanceMatrix,
    Metric,
    PeriodMap,
    Reduction,
    ScenarioSet,
    Scorecard,
    Study,
)
from scenred.periods import DEFAULT_PERIOD, Align, slice_periods
from scenred.reduction import (
    ExtremeWeight,
    Method,
    Share,
    curve,
    grouped,
    picks_for,
    reduce,
    reduce_planned,
    smallest,
    split_sites,
    wish_for,
)
from scenred.truths import Check, Finding, instance_truth, small_truths

__all__ = [
    "DEFAULT_PERIOD",
    "FORMATS",
    "OPTIMA",
    "Check",
    "Entry",
    "apply",
    "compare",
    "curve",
    "dates_of",
    "distances_to",
    "evaluate",
    "export",
    "fallen_gates",
    "generate",
    "ground_metric",
    "measure",
    "pairwise_distances",
    "precomputed_distances",
    "read_input",
    "read_instance",
    "read_matrix",
    "read_period_map",
    "read_scenarios",
    "read_series",
    "reduce",
    "slice_periods",
    "small_truths",
    "smallest",
    "split_sites",
    "thin",
    "to_pypsa",
]

Progress = Callable[[str, float], None]


def generate(
    source: str | os.PathLike[str] | pd.DataFrame | ScenarioSet,
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
    capacity: float | Mapping[str, float] | None = None,
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
        'mean': probabilities that make every column's mean that of the input; or equal ones, or bounds; see
        docs/planning.md.
    group_by, share
        Reduce groups each by itself: 'season', 'month', 'weekday', 'year', or a column; and how k is shared out.
    time, columns, wind, pv, capacity
        What to read; see `read_series`.
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
    >>> hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h")
    >>> wind = 0.5 + 0.5 * np.sin(np.arange(24 * 60) / 3.1)
    >>> reduction = generate(pd.DataFrame({"wind": wind}, index=hours), 3)
    >>> reduction.scenarios.values.shape, float(reduction.scenarios.probabilities.sum())
    ((3, 24, 1), 1.0)
    """
    tell: Progress = progress or (lambda _stage, _fraction: None)
    time_left = countdown(time_limit)
    _check_size(n_scenarios, tolerance, group_by)
    reading: dict[str, Any] = {
        "time": time,
        "columns": columns,
        "wind": wind,
        "pv": pv,
        "capacity": capacity,
        "period": period,
    }
    if not isinstance(source, ScenarioSet):
        original = read_input(source, **reading, align=align)
    elif told := [name for name, value in (reading | {"align": align != "midnight"}).items() if value]:
        raise RequestError(f"a scenario set is already read and cut; leave out {', '.join(told)}")
    else:
        original = source
    if group_by is not None:
        original = grouped(original, group_by)
    picks = picks_for(
        original,
        keep=keep,
        include=include,
        exclude=exclude,
        extreme_weight=extreme_weight,
        installed=installed,
        fixed=fixed,
    )
    wish = wish_for(
        original,
        preserve,
        equal_probabilities=equal_probabilities,
        min_probability=min_probability,
        max_probability=max_probability,
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
    search: dict[str, Any] = {
        "method": method,
        "gap": gap,
        "bound": bound,
        "require_optimal": require_optimal,
        "n_starts": n_starts,
        "seed": seed,
        "n_threads": n_threads,
        "time_left": time_left,
        "on_fraction": partial(tell, "medoids"),
    }
    return reduce_planned(
        original,
        distances,
        10 if n_scenarios is None else n_scenarios,
        tolerance=tolerance,
        picks=picks,
        share=None if group_by is None else share,
        wish=wish,
        **search,
    )


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
    source: str | os.PathLike[str] | pd.DataFrame,
    *,
    time: str | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | None = None,
) -> ScenarioSet:
    """Apply the dates and probabilities of an earlier reduction to other columns of the same calendar.

    Parameters
    ----------
    manifest : path
        Of the earlier reduction.
    source : path, '-' or pandas.DataFrame
        A series: load, prices, another site.
    time, columns, wind, pv, capacity
        What to read; see `read_series`.

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
    replay = read_manifest(manifest)
    table = open_table(source)
    if is_scenario_table(table):
        raise RequestError(
            f"{table.name}: is a scenario table; scenarios are applied to a series, with a column of times"
        )
    return replay.applied_to(series_of(table, ColumnChoice(columns, wind, pv, capacity), time))


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


def read_input(
    source: str | os.PathLike[str] | pd.DataFrame,
    *,
    time: str | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | None = None,
    period: str | None = None,
    align: Align = "midnight",
) -> ScenarioSet:
    """Read a scenario table, or read and cut a series, whichever the input is.

    Parameters
    ----------
    source : path, '-' or pandas.DataFrame
    time, columns, wind, pv, capacity
        What to read; see `read_series`.
    period, align
        How to cut a series, '24h' from midnight unless told; see `slice_periods`.

    Returns
    -------
    ScenarioSet
        Equal probabilities for a series; those of the table otherwise.

    Raises
    ------
    InputError
        When the input is refused.
    RequestError
        When a scenario table is to be cut, or a column is not there.

    Examples
    --------
    >>> hours = pd.date_range("2019-01-01", periods=48, freq="h")
    >>> read_input(pd.DataFrame({"wind": np.linspace(0, 1, 48)}, index=hours), period="6h").n_scenarios
    8
    """
    table = open_table(source)
    choice = ColumnChoice(columns, wind, pv, capacity)
    if not is_scenario_table(table):
        return slice_periods(
            series_of(table, choice, time), DEFAULT_PERIOD if period is None else period, align=align
        )
    if period is not None or time is not None or align != "midnight":
        asked = "time column" if time is not None else "period"
        raise RequestError(
            f"{table.name}: is a scenario table, already cut; a {asked} is for series; leave it out"
        )
    return scenarios_of(table, choice)


def evaluate(
    scenarios: str | os.PathLike[str] | pd.DataFrame | ScenarioSet,
    original: str | os.PathLike[str] | pd.DataFrame | ScenarioSet,
    *,
    time: str | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | None = None,
    period: str | None = None,
    align: Align = "midnight",
    metric: Metric = DEFAULT_METRIC,
    order: int = 1,
    shift_cost: float | None = None,
    directions: int | None = None,
    column_weights: Mapping[str, float] | None = None,
    seed: int = 0,
    plan: Study | str | os.PathLike[str] | None = None,
    stability: int = 0,
    n_threads: int | None = None,
    progress: Progress | None = None,
) -> Scorecard:
    """Measure how far a scenario set lies from the set or series it stands for.

    Parameters
    ----------
    scenarios, original : path, '-', pandas.DataFrame or ScenarioSet
        Scenario tables, or series, which are cut.
    time, columns, wind, pv, capacity, period, align
        What to read, and how to cut series; see `generate`.
    metric, order, shift_cost, directions, column_weights
        The ground metric of the transport scores, of order 1 or 2; see `ground_metric`.
    seed : int
        Of the random subsets that the headline scores are compared with.
    plan : Study or path, optional
        Also plan capacity with these costs (`Study()` for the defaults, or a TOML file; see docs/plan.md).
    stability : int
        With a plan: reduce the original again from this many seeds, one start each, and plan on each.
    n_threads, progress
        As in `generate`.

    Returns
    -------
    Scorecard
        `card["relative_cost"]` is a score by name, `card.scores` all of them; see docs/evaluation.md.

    Raises
    ------
    InputError
        When an input is refused.
    RequestError
        When the sets do not belong together.
    SolverError
        When the transport problem is not solved.

    Examples
    --------
    >>> hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h")
    >>> year = pd.DataFrame({"wind": 0.5 + 0.5 * np.sin(np.arange(24 * 60) / 3.1)}, index=hours)
    >>> card = evaluate(generate(year, 3).scenarios, year)
    >>> card["relative_cost"] < 0.5, evaluate(year, year)["wasserstein_1"]
    (True, 0.0)
    """
    choice: dict[str, Any] = {"columns": columns, "wind": wind, "pv": pv, "capacity": capacity}
    cut: dict[str, Any] = {"time": time, "period": period, "align": align}
    certificate = read_certificate(os.fspath(scenarios)) if isinstance(scenarios, str | os.PathLike) else {}
    if stability < 0 or (stability and plan is None):
        raise RequestError(
            f"a stability of {stability} seeds is asked for; give a plan, and at least 0 seeds"
        )
    study = plan if plan is None or isinstance(plan, Study) else read_study(plan)
    reduced, whole = (_read_to_compare(source, choice, cut) for source in (scenarios, original))
    others: list[ScenarioSet] = []
    if stability:
        distances = pairwise_distances(
            whole,
            metric,
            order=order,
            shift_cost=shift_cost,
            directions=directions,
            column_weights=column_weights,
            n_threads=n_threads,
        )
        k = min(reduced.n_scenarios, whole.n_scenarios)
        others = [reduce(whole, distances, k, n_starts=1, seed=s).scenarios for s in range(stability)]
    return evaluate_sets(
        reduced,
        whole,
        metric,
        order=order,
        shift_cost=shift_cost,
        directions=directions,
        column_weights=column_weights,
        seed=seed,
        n_threads=n_threads,
        study=study,
        others=others,
        certificate=certificate,
        tell=progress or (lambda _stage, _fraction: None),
    )


def export(
    scenarios: str | os.PathLike[str] | pd.DataFrame | ScenarioSet | Reduction,
    to: str,
    path: str | os.PathLike[str],
    *,
    period_map: str | os.PathLike[str] | pd.DataFrame | PeriodMap | None = None,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | None = None,
    step: str | pd.Timedelta | None = None,
    force: bool = False,
    **told: Any,
) -> None:
    """Write a scenario set in the format of the model that will read it.

    Parameters
    ----------
    scenarios : path, '-', pandas.DataFrame, ScenarioSet or Reduction
        A reduction brings its period map.
    to : str
        One of `FORMATS`; docs/export.md describes each.
    path : path
        A file, or a folder for a format of several files; '-' is standard output.
    period_map : path, pandas.DataFrame or PeriodMap, optional
        What `generate --map` wrote; see `read_period_map`. Formats that link days to the year need it.
    columns, wind, pv, capacity
        What to read; see `read_series`.
    step : str or pandas.Timedelta, optional
        Length of a step where neither the table nor the map tells; 1h for 24 steps.
    force : bool
        Write into a folder that holds other files too.
    **told
        `form`, `hours`, `entries`, `stage`, `date`, `year`, `value_of_lost_load`: see `ExportRequest`.

    Raises
    ------
    InputError
        When an input is refused.
    RequestError
        When the format cannot carry the set, or a library is missing.
    UsageError
        When there is no such format, or an option belongs to another.
    OutputError
        When it cannot be written.

    Examples
    --------
    >>> hours = pd.date_range("2019-01-01", periods=24 * 60, freq="h")
    >>> year = pd.DataFrame({"wind": 0.5 + 0.5 * np.sin(np.arange(24 * 60) / 3.1)}, index=hours)
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(generate(year, 2), "json", f"{folder}/set.json")
    ...     read_scenarios(f"{folder}/set.json").values.shape
    (2, 24, 1)
    """
    check_format(to)
    original, known = _set_and_map(scenarios, period_map, columns, wind, pv, capacity)
    request = request_of(original, known, step=step, **told)
    write_set(to, original, os.fspath(path), request, told=told, force=force)


def to_pypsa(
    network: Any,
    scenarios: str | os.PathLike[str] | pd.DataFrame | ScenarioSet | Reduction,
    *,
    names: Names | None = None,
    form: Form = "scenarios",
    hours: float = 8760.0,
    columns: Sequence[str] = (),
    wind: Sequence[str] = (),
    pv: Sequence[str] = (),
    capacity: float | Mapping[str, float] | None = None,
    step: str | pd.Timedelta | None = None,
) -> Any:
    """Put a scenario set into a copy of a PyPSA network, ready to be solved.

    Parameters
    ----------
    network : pypsa.Network
        PyPSA 1.0 or later. Series of its own on other snapshots are refused, since they would be lost.
    scenarios : path, '-', pandas.DataFrame, ScenarioSet or Reduction
    names : mapping of str to str or sequence of str, optional
        Which generators, or for a column of kind load which loads, get a column; those of its name unless told.
    form : {'scenarios', 'days'}
        Alternatives of one period with probabilities (`set_scenarios`), or weighted days in one sequence of
        snapshots, across which stores carry energy.
    hours : float
        [h] that the objective stands for.
    columns, wind, pv, capacity, step
        As in `export`.

    Returns
    -------
    pypsa.Network

    Raises
    ------
    InputError
        When the set is refused.
    RequestError
        When the network lacks a component, would lose series, or a column is no capacity factor.
    """
    original, _ = _set_and_map(scenarios, None, columns, wind, pv, capacity)
    request = request_of(original, None, step=step, form=form, hours=hours)
    return to_network(network, original, request, names or {})


def _set_and_map(scenarios: Any, period_map: Any, *choice: Any) -> tuple[ScenarioSet, PeriodMap | None]:
    """Read a scenario set and its period map; a reduction has both."""
    if isinstance(scenarios, Reduction):
        period_map = scenarios.to_map() if period_map is None else period_map
        scenarios = scenarios.scenarios
    known = (
        period_map if isinstance(period_map, PeriodMap) or period_map is None else read_period_map(period_map)
    )
    if isinstance(scenarios, ScenarioSet):
        if any(choice):
            raise RequestError(
                "a scenario set is already read; choose columns and capacities when it is read"
            )
        return scenarios, known
    columns, wind, pv, capacity = choice
    return read_scenarios(scenarios, columns=columns, wind=wind, pv=pv, capacity=capacity), known


def _read_to_compare(source: Any, choice: dict[str, Any], cut: dict[str, Any]) -> ScenarioSet:
    """Read one of two sets: what cuts a series does not concern a scenario table."""
    if isinstance(source, ScenarioSet):
        return source
    table = open_table(source)
    if is_scenario_table(table):
        return scenarios_of(table, ColumnChoice(**choice))
    series = series_of(table, ColumnChoice(**choice), cut["time"])
    return slice_periods(series, cut["period"] or DEFAULT_PERIOD, align=cut["align"])


def instance_check(instance: Instance, k: int, time_limit: float | None = None) -> Callable[[], Finding]:
    """Give a call that solves a p-median instance to the proven optimum, or as far as so many seconds allow."""
    if not 1 <= k <= len(instance.costs):
        raise RequestError(
            f"{instance.name}: {k} medoids are asked for; choose from 1 to {len(instance.costs)}, the number of nodes"
        )
    optimum = instance.optimum if k == instance.p else None
    return lambda: instance_truth(instance.costs, k, optimum, countdown(time_limit))


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
